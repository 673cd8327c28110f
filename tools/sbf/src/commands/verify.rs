//! `sbf verify`.

use {
    super::Context,
    crate::{
        cache::Versions,
        error::{Error, Result},
        manifest::{Manifest, Program},
        progress::Progress,
        toolchain::Toolchain,
    },
    std::collections::BTreeSet,
};

/// Checks that the committed program is what its sources build, byte for byte.
pub fn verify(context: &Context) -> Result<()> {
    let (package, file) = (&context.package.name, context.package.file());
    let mut progress = Progress::new(context.steps() + 2);
    progress.step("comparing sources and manifest");
    let manifest = Manifest::check(context.root(), package)?;
    let committed = context.read_committed()?;
    let committed = committed.ok_or_else(|| Error::Different(format!("{file} is not committed; run `make artifact`")))?;
    if Program::of(&committed) != manifest.program {
        return Err(Error::Different(format!("the committed {file} is not the one in its manifest; restore it, or run `make artifact`")));
    }
    let (bytes, toolchain) = context.by_recipe(&mut progress)?;
    progress.step("comparing the built program with the committed one");
    if bytes == committed {
        progress.note("they are equal");
        return Ok(());
    }
    Err(different(&file, &committed, &bytes, &manifest.toolchain, &toolchain))
}

/// Why the built program is another: what was recorded is wrong, or the toolchain is no longer to be had.
fn different(file: &str, committed: &[u8], built: &[u8], then: &Versions, now: &Toolchain) -> Error {
    let place = committed.iter().zip(built).position(|(one, other)| one != other);
    let place = place.unwrap_or(committed.len().min(built.len()));
    let versions = other_versions(then, &now.versions);
    let what = format!("the built {file} differs from the committed one, from byte {place} on");
    if versions.is_empty() {
        return Error::Different(format!(
            "{what}, with the same toolchain versions: the committed file is not what these sources build; restore it, or run `make artifact`"
        ));
    }
    // A manifest could claim any version. Only a version that stands in here shows that the archive has moved.
    if now.stand_ins().is_empty() {
        return Error::Different(format!(
            "{what}, and its manifest records other versions than the pinned ones, which are served: {}; run `make artifact`",
            versions.join(", ")
        ));
    }
    Error::Moved { file: file.to_owned(), place, versions }
}

/// The versions that differ, by name.
fn other_versions(then: &Versions, now: &Versions) -> Vec<String> {
    let names: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
    let version = |versions: &Versions, name| versions.get(name).map_or_else(|| "nothing".to_owned(), String::clone);
    let other = names.into_iter().filter(|name| then.get(*name) != now.get(*name));
    other.map(|name| format!("{name} was {} and is {}", version(then, name), version(now, name))).collect()
}

#[cfg(test)]
mod tests {
    use {super::*, crate::recipe::pins::LLVM, std::path::PathBuf};

    fn versions(list: &[(&str, &str)]) -> Versions {
        list.iter().map(|(name, version)| ((*name).to_owned(), (*version).to_owned())).collect()
    }

    #[test]
    fn versions_are_compared_by_name() {
        // Names that begin with one another.
        let then = versions(&[("rustc", "1.96.0"), ("rustc's LLVM", "22.1.8"), ("rustc-web", "1")]);
        let after = |name: &str, version: &str| {
            let mut now = then.clone();
            now.insert(name.to_owned(), version.to_owned());
            other_versions(&then, &now)
        };
        assert!(other_versions(&then, &then).is_empty());
        assert_eq!(after("rustc-web", "2"), ["rustc-web was 1 and is 2"]);
        assert_eq!(after("rustc's LLVM", "22.1.9"), ["rustc's LLVM was 22.1.8 and is 22.1.9"]);
        assert_eq!(after("rustc", "1.96.1"), ["rustc was 1.96.0 and is 1.96.1"]);
        assert_eq!(after("rustc-other", "3"), ["rustc-other was nothing and is 3"]);
        assert_eq!(other_versions(&versions(&[("rustc", "1")]), &versions(&[])), ["rustc was 1 and is nothing"]);
    }

    #[test]
    fn another_toolchain_is_another_error_than_another_file() {
        let llvm = |version| versions(&[(LLVM.package, version)]);
        let told = |then, now| {
            let now = Toolchain { folder: PathBuf::new(), library: PathBuf::new(), versions: llvm(now) };
            let error = different("sessions.so", b"abc", b"abd", &llvm(then), &now);
            (error.code(), error.to_string())
        };
        let (code, text) = told(LLVM.version, LLVM.version);
        assert_eq!(code, 1);
        assert!(text.contains("from byte 2 on, with the same toolchain versions: the committed file is not what"), "{text}");
        let (code, text) = told("1:23.0.1-1", LLVM.version);
        assert_eq!(code, 1);
        assert!(
            text.contains("its manifest records other versions than the pinned ones, which are served: libllvm23 was 1:23.0.1-1"),
            "{text}"
        );
        let (code, text) = told(LLVM.version, "1:23.9.9-1");
        assert_eq!(code, 3);
        let expected = format!(
            "the built sessions.so differs from the committed one, from byte 2 on, and so does the toolchain, because the Debian archive no \
             longer serves the recorded versions: libllvm23 was {} and is 1:23.9.9-1; this does not mean that the committed file is wrong: a \
             maintainer moves the pins in tools/sbf/src/recipe/pins.rs and records anew (`make artifact`)",
            LLVM.version
        );
        assert_eq!(text, expected);
        // Recorded with what stands in here too: the archive is no excuse.
        assert_eq!(told("1:23.9.9-1", "1:23.9.9-1").0, 1);
    }
}
