//! What a committed program was built from, so that a test tells whether it still is.
//!
//! The manifest names the inputs of the build, each with a hash: the sources of the program and of the local packages it is made of, what
//! the workspace's `Cargo.toml` says about its build, the recipe, and the crates in its dependency closure. A change to anything else leaves it valid.

use {
    crate::{
        cache::Versions,
        error::{Error, Result},
        lockfile,
        recipe::{self, flags, module},
        workspace::{Kind, Workspace},
    },
    serde::{Deserialize, Serialize},
    sha2::{Digest, Sha256},
    std::{
        collections::BTreeMap,
        fs,
        path::{Path, PathBuf},
    },
    toml::{Table, Value},
};

/// A committed program's manifest: `artifact/manifest.json` in its package's folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The program.
    pub program: Program,
    /// What built it.
    pub toolchain: Versions,
    /// What it was built from.
    #[serde(flatten)]
    pub inputs: Inputs,
}

/// A program file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// Its hash.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

/// All that determines a program, beside the toolchain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    /// Files by their path from the root, and parts of the root's `Cargo.toml`, with their hashes.
    pub sources: BTreeMap<String, String>,
    /// Crates with their checksums.
    pub crates: BTreeMap<String, String>,
}

impl Program {
    /// The program with these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self { sha256: hash(bytes), bytes: bytes.len().try_into().unwrap_or(u64::MAX) }
    }
}

impl Manifest {
    /// The inputs of `package` as they are now, in the workspace at `root`.
    pub fn of_sources(root: &Path, package: &str) -> Result<Inputs> {
        let workspace = Workspace::open(root)?;
        let kind = workspace.member(package)?.kind();
        let closure = lockfile::closure(&workspace, package)?;
        let mut sources: BTreeMap<String, String> = recipe::FILES.map(|(path, text)| (path.to_owned(), hash(text))).into();
        let profile = match kind {
            Kind::Program => flags::PROFILE,
            Kind::Module => {
                let (path, text) = recipe::MODULE_FILE;
                sources.insert(path.to_owned(), hash(text));
                module::PROFILE
            }
        };
        for local in &closure.local {
            let folder = root.join(&local.folder);
            let mut files = vec![folder.join("Cargo.toml")];
            files.extend([folder.join("build.rs")].into_iter().filter(|path| path.is_file()));
            walk(&folder.join("src"), &mut files)?;
            for path in files {
                let bytes = fs::read(&path).map_err(Error::file("read", &path))?;
                sources.insert(name(root, &path), hash(bytes));
            }
        }
        let inherited = closure.inherited.iter().map(String::as_str);
        sources.extend(
            settings(&workspace.manifest, profile, inherited).into_iter().map(|(name, value)| (format!("Cargo.toml {name}"), hash(value))),
        );
        Ok(Inputs { sources, crates: closure.crates })
    }

    /// The manifest that is committed beside the program of `package`.
    pub fn load(root: &Path, package: &str) -> Result<Self> {
        let path = Workspace::open(root)?.member(package)?.artifact(root).join("manifest.json");
        let text = fs::read_to_string(&path).map_err(Error::file("read", &path))?;
        serde_json::from_str(&text)
            .map_err(|error| Error::workspace(&path, format!("is not a manifest of this version: {error}; run `make artifact`")))
    }

    /// Fails, naming what differs, unless the inputs of `package` are still those of its committed manifest.
    pub fn check(root: &Path, package: &str) -> Result<Self> {
        let manifest = Self::load(root, package)?;
        let differences = manifest.inputs.diff(&Self::of_sources(root, package)?);
        if differences.is_empty() {
            return Ok(manifest);
        }
        Err(Error::Stale { file: Workspace::open(root)?.member(package)?.file(), differences })
    }

    /// Its text.
    pub fn text(&self) -> Result<String> {
        let text = serde_json::to_string_pretty(self).map_err(|error| Error::workspace("manifest.json", error))?;
        Ok(text + "\n")
    }
}

impl Inputs {
    /// What has changed from these to `now`, one line a file or crate.
    pub fn diff(&self, now: &Self) -> Vec<String> {
        let sources = changes(&self.sources, &now.sources).into_iter();
        sources.chain(changes(&self.crates, &now.crates).into_iter().map(|change| format!("crate {change}"))).collect()
    }
}

/// What has changed between two tables, by name.
fn changes(then: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> Vec<String> {
    let gone = then.keys().filter(|name| !now.contains_key(*name)).map(|name| format!("{name} is gone"));
    let other = now.iter().filter_map(|(name, value)| match then.get(name) {
        Some(old) if old == value => None,
        Some(_) => Some(format!("{name} has changed")),
        None => Some(format!("{name} is new")),
    });
    gone.chain(other).collect()
}

fn hash(bytes: impl AsRef<[u8]>) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn name(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.components().map(|component| component.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(Error::file("read", folder))? {
        let path = entry.map_err(Error::file("read", folder))?.path();
        if path.is_dir() { walk(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

/// What the root's `Cargo.toml` says about a build that uses these of its shared dependencies, each by its name in the file.
fn settings<'a>(root: &Table, profile: &str, inherited: impl Iterator<Item = &'a str>) -> BTreeMap<String, String> {
    let shared = inherited.map(|key| format!("workspace.dependencies.{key}"));
    let fixed = [&format!("profile.{profile}"), "profile.release", "patch", "workspace.package", "workspace.resolver"].map(str::to_owned);
    let value = |name: &String| name.split('.').try_fold(Value::Table(root.clone()), |value, key| value.get(key).cloned());
    fixed.into_iter().chain(shared).filter_map(|name| Some((name.clone(), canonical(&value(&name)?)))).collect()
}

/// The same text for the same value, whatever its layout in the file.
fn canonical(value: &Value) -> String {
    match value {
        Value::Table(table) => {
            let sorted: BTreeMap<_, _> = table.iter().collect();
            let entries: Vec<_> = sorted.into_iter().map(|(key, value)| format!("{key:?}:{}", canonical(value))).collect();
            format!("{{{}}}", entries.join(","))
        }
        Value::Array(values) => format!("[{}]", values.iter().map(canonical).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}
