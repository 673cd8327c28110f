//! The committed module: that it is what its manifest says, that its sources still are, and how long it is.

use {
    sessions_sbf::{
        manifest::{Manifest, Program},
        wasm,
    },
    std::{fs, path::PathBuf},
};

const PACKAGE: &str = "sessions-wasm";

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[test]
fn the_sources_are_those_that_the_module_was_built_from() {
    Manifest::check(&root(), PACKAGE).unwrap();
}

#[test]
fn the_module_is_the_one_in_its_manifest_and_needs_nothing() {
    let module = fs::read(root().join("app/wasm/artifact/sessions.wasm")).unwrap();
    assert_eq!(Program::of(&module), Manifest::load(&root(), PACKAGE).unwrap().program);
    assert_eq!(wasm::imports(&module), Some(0));
    assert_eq!(wasm::plain(&module).unwrap(), module);
}
