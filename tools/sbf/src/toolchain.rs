//! The whole toolchain: every part in its order, each made only if it is not in the cache.

use {
    crate::{
        cache::{self, Cache, Key, Part, Versions, Workshop},
        compiler,
        error::{Error, Result},
        library, linker, lld, process,
        progress::Progress,
        recipe::{
            module::LLD,
            pins::{LINKER, LLVM, RUST, RUST_LLVM},
        },
        target::{ModuleParts, Parts},
        workspace::Kind,
    },
    std::{
        env, fs,
        path::{Path, PathBuf},
    },
};

/// The steps that [`prepare`] reports.
pub const fn steps(kind: Kind) -> usize {
    match kind {
        Kind::Program => 6,
        Kind::Module => 4,
    }
}

/// A toolchain that is ready to build.
#[derive(Clone, Debug)]
pub struct Toolchain {
    /// The folder with the target and the wrappers; its name stands for everything that determines a program's bytes.
    pub folder: PathBuf,
    /// The folder of the edited library.
    pub library: PathBuf,
    /// What it is made of.
    pub versions: Versions,
}

/// What is in the cache, in the order it is made; a part cannot be looked for before those that it is made of.
#[derive(Debug)]
pub struct Inventory {
    /// Each part's name, and the part if it is there.
    pub parts: Vec<(&'static str, Option<Part>)>,
    /// The toolchain, if it is complete.
    pub toolchain: Option<Toolchain>,
}

impl Inventory {
    /// Whether something has to be fetched from Debian.
    pub fn lacks_packages(&self) -> bool {
        self.parts.iter().any(|(name, part)| part.is_none() && ["rust", "llvm", "lld"].contains(name))
    }
}

/// Looks at the cache folder `root` for what builds this kind. Changes nothing.
pub fn inventory(root: &Path, kind: Kind) -> Inventory {
    let look = |key: Option<Key>| key.and_then(|key| cache::look(root, &key));
    let rust = look(Some(compiler::key()));
    if kind == Kind::Module {
        let lld = look(rust.as_ref().map(lld::key));
        let parts = rust.clone().zip(lld.clone()).map(|(rust, lld)| ModuleParts { rust, lld });
        let toolchain = parts.and_then(|parts| ready_for_modules(&parts, look(Some(parts.key()))?).ok());
        return Inventory { parts: vec![("rust", rust), ("lld", lld)], toolchain };
    }
    let llvm = look(Some(linker::llvm_key()));
    let linker = look(llvm.as_ref().map(linker::key));
    let library = look(rust.as_ref().map(library::key));
    let parts = [rust.clone(), llvm.clone(), linker.clone(), library.clone()];
    let toolchain = parts_of(parts).and_then(|parts| Some(ready(&parts, look(Some(parts.key()))?)));
    let parts = vec![("rust", rust), ("llvm", llvm), ("linker", linker), ("library", library)];
    Inventory { parts, toolchain }
}

/// Makes whatever is missing in the cache folder `root`; one that is complete is not written to.
pub fn prepare(root: &Path, kind: Kind, progress: &mut Progress) -> Result<Toolchain> {
    progress.step("looking at the machine");
    machine()?;
    installed(&BUILDERS)?;
    if inventory(root, kind).lacks_packages() {
        installed(&FETCHERS)?;
    }
    let mut maker = Maker { root, progress, cache: None };
    let rust = maker.part(&format!("rust {}", RUST.version), "fetching and unpacking", &compiler::key(), compiler::make)?;
    match kind {
        Kind::Program => for_programs(&mut maker, rust),
        Kind::Module => for_modules(&mut maker, rust),
    }
}

fn for_programs(maker: &mut Maker<'_>, rust: Part) -> Result<Toolchain> {
    let llvm = maker.part(&format!("LLVM {}", LLVM.version), "fetching and unpacking", &linker::llvm_key(), linker::make_llvm)?;
    maker.tell_stand_ins(&[&rust, &llvm]);
    let linker =
        maker.part(&format!("linker {}", LINKER.1), "building, a few minutes", &linker::key(&llvm), |shop| linker::make(shop, &llvm))?;
    let library = maker.part("standard library", "editing a copy", &library::key(&rust), |shop| library::make(shop, &rust))?;
    let parts = Parts { rust, llvm, linker, library };
    let target = maker.part("target", "describing it", &parts.key(), |shop| parts.make(shop))?;
    Ok(ready(&parts, target))
}

fn for_modules(maker: &mut Maker<'_>, rust: Part) -> Result<Toolchain> {
    let lld = maker.part(&format!("linker {}", LLD.version), "fetching and unpacking", &lld::key(&rust), |shop| lld::make(shop, &rust))?;
    maker.tell_stand_ins(&[&rust, &lld]);
    let parts = ModuleParts { rust, lld };
    let target = maker.part("target", "describing it", &parts.key(), |shop| parts.make(shop))?;
    ready_for_modules(&parts, target)
}

/// Takes parts from the cache, and opens it for writing with the first that is not there.
struct Maker<'a> {
    root: &'a Path,
    progress: &'a mut Progress,
    cache: Option<Cache>,
}

impl Maker<'_> {
    fn part(&mut self, what: &str, how: &str, key: &Key, make: impl FnOnce(&Workshop) -> Result<Versions>) -> Result<Part> {
        if let Some(part) = cache::look(self.root, key) {
            self.progress.step(format!("{what}: in the cache"));
            return Ok(part);
        }
        self.progress.step(format!("{what}: {how} …"));
        let cache = match self.cache.take() {
            Some(cache) => cache,
            None => Cache::open(self.root, || self.progress.note("another run is at work in the cache; waiting for it"))?,
        };
        let part = self.cache.insert(cache).part(key, make)?;
        self.progress.finished(format!("{} MB", size(&part.folder) / 1_000_000));
        Ok(part)
    }

    /// Says which of these are not of the pinned versions, before anything is made of them, which may fail because of it.
    fn tell_stand_ins(&self, parts: &[&Part]) {
        for line in parts.iter().flat_map(|part| stand_ins(&part.versions)) {
            self.progress.note(format!("note: {line}, which the archive no longer serves; the program's bytes may differ"));
        }
    }
}

/// The programs that every build by the recipe runs.
pub const BUILDERS: [&str; 3] = ["cargo", "cc", "sh"];
/// Those that fetch the parts.
pub const FETCHERS: [&str; 4] = ["apt-get", "apt-cache", "apt-config", "dpkg"];

/// Whether the recipe's packages run on this machine at all.
pub fn machine() -> Result<()> {
    match (env::consts::ARCH, env::consts::OS) {
        ("x86_64", "linux") => Ok(()),
        (arch, os) => Err(Error::Machine { arch, os }),
    }
}

fn installed(tools: &[&str]) -> Result<()> {
    match tools.iter().find(|tool| !process::installed(tool)) {
        Some(tool) => Err(Error::NoTool { tool: (*tool).to_owned(), advice: process::source_of(tool) }),
        None => Ok(()),
    }
}

/// How many bytes a folder holds.
pub fn size(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let sizes = entries.flatten().map(|entry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => size(&entry.path()),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    });
    sizes.sum()
}

fn parts_of(parts: [Option<Part>; 4]) -> Option<Parts> {
    let [rust, llvm, linker, library] = parts;
    Some(Parts { rust: rust?, llvm: llvm?, linker: linker?, library: library? })
}

fn ready(parts: &Parts, target: Part) -> Toolchain {
    Toolchain { folder: target.folder, library: parts.library.folder.clone(), versions: target.versions }
}

/// A module is built with the library as it came.
fn ready_for_modules(parts: &ModuleParts, target: Part) -> Result<Toolchain> {
    Ok(Toolchain { folder: target.folder, library: compiler::library(&parts.rust)?, versions: target.versions })
}

impl Toolchain {
    /// Where its versions are not those that the recipe was tried with, because the archive no longer serves them.
    pub fn stand_ins(&self) -> Vec<String> {
        stand_ins(&self.versions)
    }
}

fn stand_ins(versions: &Versions) -> Vec<String> {
    let pins = [RUST, RUST_LLVM, LLVM, LLD].into_iter();
    let other = pins.filter_map(|pin| Some((pin, versions.get(pin.package).filter(|version| *version != pin.version)?)));
    other.map(|(pin, version)| format!("{} {version} stands in for {}", pin.package, pin.version)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_that_stands_in_is_told() {
        let versions =
            |llvm: &str| [(RUST.package, RUST.version), (LLVM.package, llvm)].map(|(name, version)| (name.into(), version.into())).into();
        let told = |llvm| Toolchain { folder: PathBuf::new(), library: PathBuf::new(), versions: versions(llvm) }.stand_ins();
        assert!(told(LLVM.version).is_empty());
        assert_eq!(told("1:23.9.9-1"), [format!("libllvm23 1:23.9.9-1 stands in for {}", LLVM.version)]);
    }
}
