//! Copies of crates, edited so that a module can be built of them.
//!
//! The compiler's wrapper takes a copy in place of the crate that cargo names. A copy's file is written only when its text changes, so cargo, which
//! watches the files that were compiled, builds anew what has changed and nothing else.

use {
    crate::{
        error::{Error, Result},
        process,
        recipe::{
            edits::Edit,
            module::{EDITS, LOOSENED, LOOSENING, TARGET},
        },
        workspace::Workspace,
    },
    serde::Deserialize,
    std::{
        fs,
        path::{Path, PathBuf},
    },
};

/// Brings the copies in `folder` up to date, each below it in a folder that is called by its package.
pub fn prepare(workspace: &Workspace, folder: &Path) -> Result<()> {
    let sources = Sources::ask(workspace)?;
    for (package, edits) in EDITS {
        let change = |file: &Path, text: String| once(package, edits, file, text);
        mirror(&sources.of(package)?, &folder.join(package), Path::new(""), &change)?;
    }
    for package in LOOSENED {
        let (find, replace) = LOOSENING;
        let change = |_: &Path, text: String| Ok(text.replace(find, replace));
        mirror(&sources.of(package)?, &folder.join(package), Path::new(""), &change)?;
    }
    Ok(())
}

/// Where cargo has the packages' sources.
#[derive(Deserialize)]
struct Sources {
    packages: Vec<Source>,
}

#[derive(Deserialize)]
struct Source {
    name: String,
    manifest_path: PathBuf,
}

impl Sources {
    fn ask(workspace: &Workspace) -> Result<Self> {
        let mut cargo = process::cargo();
        cargo.current_dir(&workspace.root).args(["metadata", "--locked", "--format-version", "1", "--filter-platform", TARGET]);
        let told = process::answer(&mut cargo, "asking cargo where the crates are")?;
        serde_json::from_str(&told).map_err(|error| Error::workspace(&workspace.root, format!("cargo's metadata: {error}")))
    }

    fn of(&self, package: &str) -> Result<PathBuf> {
        let mut found = self.packages.iter().filter(|source| source.name == package);
        match (found.next().and_then(|source| source.manifest_path.parent()), found.next()) {
            (Some(folder), None) => Ok(folder.to_owned()),
            _ => Err(Error::workspace("Cargo.lock", format!("does not list exactly one `{package}`"))),
        }
    }
}

/// Applies the edits of a package that are for this file.
fn once(package: &'static str, edits: &'static [Edit], file: &Path, text: String) -> Result<String> {
    edits.iter().filter(|edit| Path::new(edit.file) == file).try_fold(text, |text, edit| match text.matches(edit.find).count() {
        1 => Ok(text.replace(edit.find, edit.replace)),
        count => Err(Error::CrateEdit { name: edit.name, package, file: edit.file, count }),
    })
}

/// Copies a package's sources, each file as `change` gives it by its path in the package.
fn mirror(from: &Path, to: &Path, below: &Path, change: &impl Fn(&Path, String) -> Result<String>) -> Result<()> {
    let folder = from.join(below);
    for entry in fs::read_dir(&folder).map_err(Error::file("read", &folder))? {
        let entry = entry.map_err(Error::file("read", &folder))?;
        let (source, name) = (entry.path(), below.join(entry.file_name()));
        if source.is_dir() {
            mirror(from, to, &name, change)?;
            continue;
        }
        let bytes = fs::read(&source).map_err(Error::file("read", &source))?;
        let bytes = match String::from_utf8(bytes) {
            Ok(text) => change(&name, text)?.into_bytes(),
            Err(other) => other.into_bytes(),
        };
        write(&to.join(&name), &bytes)?;
    }
    Ok(())
}

/// Writes a file, unless it is there as it should be.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Error::file("create", folder))?;
    }
    fs::write(path, bytes).map_err(Error::file("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDITS_OF_ONE: &[Edit] = &[Edit { name: "test", file: "src/file.rs", find: "one\n", replace: "" }];

    #[test]
    fn a_copy_is_edited_and_written_only_when_it_changes() {
        let root = tempfile::tempdir().unwrap();
        let (from, to) = (root.path().join("from"), root.path().join("to"));
        fs::create_dir_all(from.join("src")).unwrap();
        let put = |name: &str, text: &str| fs::write(from.join(name), text).unwrap();
        put("Cargo.toml", "one\n");
        put("src/file.rs", "zero\none\n");
        let copy = || mirror(&from, &to, Path::new(""), &|file, text| once("test", EDITS_OF_ONE, file, text));
        copy().unwrap();
        let text = |name: &str| fs::read_to_string(to.join(name)).unwrap();
        assert_eq!((text("Cargo.toml"), text("src/file.rs")), ("one\n".to_owned(), "zero\n".to_owned()));

        let written = || fs::metadata(to.join("src/file.rs")).unwrap().modified().unwrap();
        let before = written();
        copy().unwrap();
        assert_eq!(written(), before);
        put("src/file.rs", "two\none\n");
        copy().unwrap();
        assert_eq!(text("src/file.rs"), "two\n");
    }

    #[test]
    fn an_edit_that_does_not_match_once_is_told() {
        for (text, count) in [("zero\n", 0), ("one\none\n", 2)] {
            let error = once("test", EDITS_OF_ONE, Path::new("src/file.rs"), text.to_owned()).unwrap_err().to_string();
            assert!(error.starts_with(&format!(r#"the edit "test" matches {count} places of test's src/file.rs"#)), "{error}");
        }
    }
}
