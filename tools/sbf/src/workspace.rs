//! The workspace that holds a program: its packages, by cargo's own files.
//!
//! Only what a manifest needs is read, and without cargo, so that a plain test can do it offline.

use {
    crate::error::{Error, Result},
    std::{
        fs,
        path::{Component, Path, PathBuf},
    },
    toml::{Table, Value},
};

/// A workspace.
#[derive(Debug)]
pub struct Workspace {
    /// Its folder.
    pub root: PathBuf,
    /// Its `Cargo.toml`.
    pub manifest: Table,
}

/// What a package is built as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A program of the chain.
    Program,
    /// A WebAssembly module.
    Module,
}

/// A package in it.
#[derive(Debug)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its folder, from the root.
    pub folder: PathBuf,
    /// Its `Cargo.toml`.
    pub manifest: Table,
}

/// What a package says that it needs for its build, as opposed to its tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The package's name.
    pub package: String,
    /// Its folder, from the root, if it is local.
    pub folder: Option<PathBuf>,
    /// The entry of the root's `[workspace.dependencies]` that it comes from, if it does.
    pub inherited: Option<String>,
}

impl Workspace {
    /// The workspace around the folder `from`.
    pub fn around(from: &Path) -> Result<Self> {
        for folder in from.ancestors() {
            let path = folder.join("Cargo.toml");
            if path.is_file() && read(&path)?.contains_key("workspace") {
                return Self::open(folder);
            }
        }
        Err(Error::workspace(from, "is not inside a cargo workspace"))
    }

    /// The workspace whose folder is `root`.
    pub fn open(root: &Path) -> Result<Self> {
        Ok(Self { root: root.to_owned(), manifest: read(&root.join("Cargo.toml"))? })
    }

    /// The member called `name`.
    pub fn member(&self, name: &str) -> Result<Package> {
        let members = self.manifest.get("workspace").and_then(|workspace| workspace.get("members")).and_then(Value::as_array);
        for pattern in members.into_iter().flatten().filter_map(Value::as_str) {
            for folder in self.matching(pattern) {
                let package = self.package(&folder)?;
                if package.name == name {
                    return Ok(package);
                }
            }
        }
        Err(Error::workspace(&self.root, format!("the workspace has no member `{name}`")))
    }

    /// The package in `folder`.
    pub fn package(&self, folder: &Path) -> Result<Package> {
        let path = self.root.join(folder).join("Cargo.toml");
        let manifest = read(&path)?;
        let name = manifest.get("package").and_then(|package| package.get("name")).and_then(Value::as_str);
        let name = name.ok_or_else(|| Error::workspace(&path, "has no package name"))?.to_owned();
        Ok(Package { name, folder: folder.to_owned(), manifest })
    }

    /// What `package` needs for its build.
    pub fn dependencies(&self, package: &Package) -> Vec<Dependency> {
        let targets = package.manifest.get("target").and_then(Value::as_table);
        let tables = std::iter::once(&package.manifest).chain(targets.into_iter().flat_map(Table::values).filter_map(Value::as_table));
        let sections = tables.flat_map(|table| ["dependencies", "build-dependencies"].map(|name| table.get(name)));
        let entries = sections.flatten().filter_map(Value::as_table).flatten();
        entries.map(|(key, value)| self.dependency(package, key, value)).collect()
    }

    fn dependency(&self, package: &Package, key: &str, value: &Value) -> Dependency {
        let inherits = value.get("workspace").and_then(Value::as_bool) == Some(true);
        let shared = self.shared(key).filter(|_| inherits);
        let (value, base) = shared.map_or((value, package.folder.as_path()), |shared| (shared, Path::new("")));
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        Dependency {
            package: text("package").unwrap_or(key).to_owned(),
            folder: text("path").map(|path| plain(&base.join(path))),
            inherited: inherits.then(|| key.to_owned()),
        }
    }

    /// An entry of `[workspace.dependencies]`.
    pub fn shared(&self, key: &str) -> Option<&Value> {
        self.manifest.get("workspace")?.get("dependencies")?.get(key)
    }

    fn matching(&self, pattern: &str) -> Vec<PathBuf> {
        let Some(parent) = pattern.strip_suffix("/*") else { return vec![plain(Path::new(pattern))] };
        let entries = fs::read_dir(self.root.join(parent)).into_iter().flatten().flatten();
        let folders = entries.map(|entry| Path::new(parent).join(entry.file_name()));
        folders.filter(|folder| self.root.join(folder).join("Cargo.toml").is_file()).collect()
    }
}

impl Package {
    /// The name of its library, as cargo calls the file.
    pub fn library(&self) -> String {
        let named = self.manifest.get("lib").and_then(|library| library.get("name")).and_then(Value::as_str);
        named.unwrap_or(&self.name).replace('-', "_")
    }

    /// The name of the module that it is built as, if it is no program: `module` in its `[package.metadata.sbf]`.
    pub fn module(&self) -> Option<&str> {
        let metadata = self.manifest.get("package")?.get("metadata")?.get("sbf")?;
        metadata.get("module")?.as_str()
    }

    /// What it is built as.
    pub fn kind(&self) -> Kind {
        if self.module().is_some() { Kind::Module } else { Kind::Program }
    }

    /// The name of the file that it is built as.
    pub fn file(&self) -> String {
        self.module().map_or_else(|| format!("{}.so", self.name), |module| format!("{module}.wasm"))
    }

    /// Where its committed program is.
    pub fn artifact(&self, root: &Path) -> PathBuf {
        root.join(&self.folder).join("artifact")
    }
}

fn read(path: &Path) -> Result<Table> {
    let text = fs::read_to_string(path).map_err(Error::file("read", path))?;
    text.parse().map_err(|error| Error::workspace(path, first_line(error)))
}

/// An error of the TOML reader, on one line.
pub fn first_line(error: impl ToString) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_says_what_it_is_built_as() {
        let package = |text: &str| Package { name: "one-two".to_owned(), folder: PathBuf::new(), manifest: text.parse().unwrap() };
        let program = package("[package]\nname = 'one-two'");
        assert_eq!((program.kind(), program.file(), program.library()), (Kind::Program, "one-two.so".to_owned(), "one_two".to_owned()));
        let module = package("[package]\nname = 'one-two'\n[package.metadata.sbf]\nmodule = 'three'");
        assert_eq!((module.kind(), module.file(), module.library()), (Kind::Module, "three.wasm".to_owned(), "one_two".to_owned()));
    }

    #[test]
    fn dependencies_are_those_of_a_build() {
        let manifest = "[workspace.dependencies]\nshared = { path = 'programs/shared' }\nplain = '1'".parse().unwrap();
        let workspace = Workspace { root: PathBuf::new(), manifest };
        let text = "
            [package]\nname = 'one'
            [dependencies]\nshared.workspace = true\nnear = { path = '../near' }\nalias = { package = 'real', version = '1' }
            [build-dependencies]\nplain = { workspace = true }
            [dev-dependencies]\ntester = '1'
            [target.'cfg(target_os = \"solana\")'.dependencies]\nsolana = '1'";
        let package = Package { name: "one".to_owned(), folder: "programs/one".into(), manifest: text.parse().unwrap() };
        let mut found = workspace.dependencies(&package);
        found.sort_by(|a, b| a.package.cmp(&b.package));
        let expect = |package: &str, folder: Option<&str>, inherited: Option<&str>| Dependency {
            package: package.to_owned(),
            folder: folder.map(PathBuf::from),
            inherited: inherited.map(str::to_owned),
        };
        let expected = [
            expect("near", Some("programs/near"), None),
            expect("plain", None, Some("plain")),
            expect("real", None, None),
            expect("shared", Some("programs/shared"), Some("shared")),
            expect("solana", None, None),
        ];
        assert_eq!(found, expected);
    }
}
