//! `Cargo.lock`: the packages that a program is built with.
//!
//! Only those that the program's package needs are followed, so an unrelated change to the lock file changes nothing. The file does not tell a
//! local package's dependencies for its tests from the rest; the package's own manifest does.

use {
    crate::{
        error::{Error, Result},
        workspace::{Dependency, Package, Workspace, first_line},
    },
    serde::Deserialize,
    std::{
        collections::{BTreeMap, BTreeSet},
        fs,
    },
};

/// The dependency closure of a package.
#[derive(Debug, Default)]
pub struct Closure {
    /// The local packages, the program's own among them.
    pub local: Vec<Package>,
    /// The others: name and version, and checksum.
    pub crates: BTreeMap<String, String>,
    /// The entries of `[workspace.dependencies]` that the local ones use.
    pub inherited: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
    #[serde(default)]
    dependencies: Vec<String>,
}

/// All that `package` is built with.
pub fn closure(workspace: &Workspace, package: &str) -> Result<Closure> {
    let path = workspace.root.join("Cargo.lock");
    let text = fs::read_to_string(&path).map_err(Error::file("read", &path))?;
    let lock: Lock = toml::from_str(&text).map_err(|error| Error::workspace(&path, first_line(error)))?;

    let mut closure = Closure::default();
    let mut seen = BTreeSet::new();
    let first = lock.locate(package, true);
    let mut waiting = vec![(first.ok_or_else(|| Error::workspace(&path, format!("does not list `{package}`")))?, None)];
    while let Some((locked, dependency)) = waiting.pop() {
        if !seen.insert((&locked.name, &locked.version, &locked.source)) {
            continue;
        }
        let mut wanted = None;
        if locked.source.is_none() {
            let local = match dependency {
                Some(Dependency { folder: Some(folder), .. }) => workspace.package(&folder)?,
                _ => workspace.member(&locked.name)?,
            };
            let dependencies = workspace.dependencies(&local);
            closure.inherited.extend(dependencies.iter().filter_map(|dependency| dependency.inherited.clone()));
            closure.local.push(local);
            wanted = Some(dependencies);
        } else {
            let checksum = locked.checksum.clone().or_else(|| locked.source.clone()).unwrap_or_default();
            closure.crates.insert(format!("{} {}", locked.name, locked.version), checksum);
        }
        for entry in &locked.dependencies {
            let name = entry.split(' ').next().unwrap_or(entry);
            let dependency = wanted.as_ref().map(|wanted| wanted.iter().find(|dependency| dependency.package == name).cloned());
            // One that the local package has for its tests only.
            if dependency == Some(None) {
                continue;
            }
            let next = lock.locate(entry, false).ok_or_else(|| Error::workspace(&path, format!("does not list `{entry}`")))?;
            waiting.push((next, dependency.flatten()));
        }
    }
    closure.local.sort_by(|one, other| one.folder.cmp(&other.folder));
    Ok(closure)
}

impl Lock {
    /// The package that `entry` means: a name, with a version where the name alone is ambiguous.
    fn locate(&self, entry: &str, local: bool) -> Option<&Locked> {
        let mut words = entry.split(' ');
        let (name, version) = (words.next()?, words.next());
        let named = |locked: &&Locked| locked.name == name && version.is_none_or(|version| locked.version == version);
        self.package.iter().find(|locked| named(locked) && !(local && locked.source.is_some()))
    }
}
