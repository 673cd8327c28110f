//! A manifest is valid as long as nothing has changed that a program is built from, and names what has.

mod scratch;

use {
    scratch::Scratch,
    sessions_sbf::{
        Manifest,
        manifest::{Inputs, Program},
    },
};

fn inputs(scratch: &Scratch) -> Inputs {
    Manifest::of_sources(scratch.root(), "sessions").unwrap()
}

/// What the manifest of an unchanged workspace says after `change`.
fn after(change: impl FnOnce(&Scratch)) -> Vec<String> {
    let scratch = Scratch::new();
    let before = inputs(&scratch);
    change(&scratch);
    before.diff(&inputs(&scratch))
}

#[test]
fn it_covers_sources_settings_recipe_and_crates() {
    let inputs = inputs(&Scratch::new());
    let sources: Vec<&str> = inputs.sources.keys().map(String::as_str).collect();
    let expected = [
        "Cargo.toml profile.program",
        "Cargo.toml workspace.dependencies.core-part",
        "Cargo.toml workspace.dependencies.kit",
        "Cargo.toml workspace.package",
        "programs/core-part/Cargo.toml",
        "programs/core-part/src/lib.rs",
        "programs/sessions/Cargo.toml",
        "programs/sessions/src/lib.rs",
        "tools/sbf/src/recipe/edits.rs",
        "tools/sbf/src/recipe/flags.rs",
        "tools/sbf/src/recipe/pins.rs",
    ];
    assert_eq!(sources, expected);
    let crates: Vec<(&str, &str)> = inputs.crates.iter().map(|(name, checksum)| (name.as_str(), checksum.as_str())).collect();
    assert_eq!(crates, [("deep 3.0.0", "cc"), ("kit 1.0.0", "aa")]);
}

#[test]
fn it_names_what_has_changed() {
    let source = after(|scratch| scratch.write("programs/core-part/src/lib.rs", "// another core"));
    assert_eq!(source, ["programs/core-part/src/lib.rs has changed"]);
    let new = after(|scratch| scratch.write("programs/sessions/src/state/new.rs", ""));
    assert_eq!(new, ["programs/sessions/src/state/new.rs is new"]);
    let profile = after(|scratch| scratch.change("Cargo.toml", "opt-level = 3", "opt-level = 2"));
    assert_eq!(profile, ["Cargo.toml profile.program has changed"]);
    let checksum = after(|scratch| scratch.change("Cargo.lock", "cc", "ee"));
    assert_eq!(checksum, ["crate deep 3.0.0 has changed"]);
    let version = after(|scratch| scratch.change("Cargo.lock", "3.0.0", "3.0.1"));
    assert_eq!(version, ["crate deep 3.0.0 is gone", "crate deep 3.0.1 is new"]);
}

#[test]
fn what_a_program_is_not_built_from_may_change() {
    let changed = after(|scratch| {
        scratch.change("Cargo.toml", "tester = \"1\"", "tester = \"2\"\nother = \"1\"");
        scratch.change("Cargo.toml", "opt-level = 3", "opt-level=3 # the same");
        scratch.change("Cargo.lock", "dd", "ee");
        scratch.write("tests/src/lib.rs", "");
        scratch.write("programs/sessions/artifact/sessions.so", "");
    });
    assert!(changed.is_empty(), "{changed:?}");
}

#[test]
fn a_change_fails_the_check_with_one_line() {
    let scratch = Scratch::new();
    let manifest = Manifest { program: Program::of(b"program"), toolchain: [].into(), inputs: inputs(&scratch) };
    scratch.write("programs/sessions/artifact/manifest.json", &manifest.text().unwrap());
    assert_eq!(Manifest::check(scratch.root(), "sessions").unwrap(), manifest);
    scratch.write("programs/sessions/src/lib.rs", "// another");
    let expected =
        "the committed sessions.so was not built from these sources: programs/sessions/src/lib.rs has changed; run `make artifact`";
    assert_eq!(Manifest::check(scratch.root(), "sessions").unwrap_err().to_string(), expected);
}
