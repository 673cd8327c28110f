//! A copy of the standard library, edited so that it builds for solana.
//!
//! Each edit has to match in exactly one place, so that a library it was not made for is never built.

use {
    crate::{
        cache::{Key, Part, Versions, Workshop},
        compiler,
        error::{Error, Result},
        recipe::edits::{EDITS, Edit},
    },
    std::{fs, path::Path},
};

/// The library's dependencies as its source package has them; cargo takes them from the registry, by the library's own lock file.
const NOT_COPIED: &str = "vendor";

/// The part: this compiler's library, with these edits.
pub fn key(rust: &Part) -> Key {
    let rust = rust.folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let edits = EDITS.iter().flat_map(|edit| [edit.file, edit.find, edit.replace]);
    Key::new("library", [rust.as_str()].into_iter().chain(edits))
}

/// Copies and edits it.
pub fn make(shop: &Workshop, rust: &Part) -> Result<Versions> {
    copy(&compiler::library(rust)?, &shop.part)?;
    EDITS.iter().try_for_each(|edit| apply(edit, &shop.part))?;
    Ok(Versions::new())
}

fn apply(edit: &Edit, library: &Path) -> Result<()> {
    let path = library.join(edit.file);
    let text = fs::read_to_string(&path).map_err(Error::file("read", &path))?;
    match text.matches(edit.find).count() {
        1 => fs::write(&path, text.replace(edit.find, edit.replace)).map_err(Error::file("write", &path)),
        count => Err(Error::Edit { name: edit.name, file: edit.file, count }),
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).map_err(Error::file("create", to))?;
    for entry in fs::read_dir(from).map_err(Error::file("read", from))? {
        let entry = entry.map_err(Error::file("read", from))?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if !source.is_dir() {
            fs::copy(&source, &target).map_err(Error::file("copy", &source))?;
        } else if entry.file_name() != NOT_COPIED {
            copy(&source, &target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDIT: Edit = Edit { name: "test", file: "file.rs", find: "one\n", replace: "two\n" };

    fn edited(text: &str) -> Result<String> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file.rs"), text).unwrap();
        apply(&EDIT, folder.path())?;
        Ok(fs::read_to_string(folder.path().join("file.rs")).unwrap())
    }

    #[test]
    fn an_edit_applies_exactly_once() {
        assert_eq!(edited("zero\none\n").unwrap(), "zero\ntwo\n");
        for (text, count) in [("zero\n", 0), ("one\none\n", 2)] {
            let error = edited(text).unwrap_err().to_string();
            assert!(error.starts_with(&format!(r#"the edit "test" matches {count} places of the standard library's file.rs"#)), "{error}");
        }
    }

    #[test]
    fn no_edit_undoes_another() {
        // An edit that inserts what it looks for beside it would match twice if the recipe ran twice on one copy; copies are made anew.
        for edit in EDITS {
            assert_ne!(edit.find, edit.replace, "{}", edit.name);
            assert!(edit.replace.contains("solana") || edit.replace.contains("bpf"), "{}", edit.name);
        }
    }
}
