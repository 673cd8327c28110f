//! The committed program file: that it is what its manifest says, and that the sources still are.

use {
    sessions_client::program,
    sessions_sbf::{
        manifest::{Manifest, Program},
        object,
    },
    std::path::Path,
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn manifest() -> Manifest {
    Manifest::load(root(), "sessions").unwrap()
}

#[test]
fn the_sources_are_those_that_the_program_was_built_from() {
    // The error names what differs, and says what to do.
    Manifest::check(root(), "sessions").unwrap_or_else(|stale| panic!("{stale}"));
}

#[test]
fn the_program_is_the_one_in_its_manifest() {
    assert_eq!(Program::of(program::FILE), manifest().program);
}

#[test]
fn the_program_passes_no_argument_on_the_stack() {
    assert_eq!(object::stores_above_the_frame(program::FILE), Some(0));
}

#[test]
fn the_program_says_where_to_report_a_weakness() {
    let text = String::from_utf8_lossy(program::FILE);
    let (_, rest) = text.split_once("=======BEGIN SECURITY.TXT V1=======\0").unwrap();
    let (fields, _) = rest.split_once("=======END SECURITY.TXT V1=======\0").unwrap();
    let fields: Vec<_> = fields.split('\0').collect();
    assert!(fields.windows(2).any(|pair| pair == ["name", "Sessions"]), "{fields:?}");
    assert!(fields.windows(2).any(|pair| pair[0] == "contacts" && pair[1].contains("SECURITY.md")), "{fields:?}");
}
