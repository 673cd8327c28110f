//! The committed program files: that each is what its manifest says, and that its sources still are.

use {
    sessions_client::program,
    sessions_sbf::{
        manifest::{Manifest, Program},
        object,
    },
    sessions_tests::programs::{PACKAGES, committed, root},
    std::fs,
};

#[test]
fn the_sources_are_those_that_each_program_was_built_from() {
    // The error names what differs, and says what to do.
    let stale: Vec<_> =
        PACKAGES.iter().filter_map(|package| Manifest::check(root(), package).err()).map(|stale| stale.to_string()).collect();
    assert!(stale.is_empty(), "{}", stale.join("\n"));
}

#[test]
fn each_program_is_the_one_in_its_manifest() {
    for package in PACKAGES {
        assert_eq!(Program::of(&committed(package)), Manifest::load(root(), package).unwrap().program, "{package}");
    }
    assert_eq!(program::FILE, committed("sessions"));
}

#[test]
fn no_program_passes_an_argument_on_the_stack() {
    for package in PACKAGES {
        assert_eq!(object::stores_above_the_frame(&committed(package)), Some(0), "{package}");
    }
}

#[test]
fn every_program_is_built_and_compared_by_the_commands() {
    let makefile = fs::read_to_string(root().join("Makefile")).unwrap();
    assert!(makefile.contains(&format!("\nPROGRAMS := {}\n", PACKAGES.join(" "))));
    let workspace: String = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let members = workspace.split_once("members = [").and_then(|(_, rest)| rest.split_once(']')).unwrap().0;
    let manifests = members.split('"').skip(1).step_by(2).map(|folder| fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap());
    assert_eq!(manifests.filter(|manifest| manifest.contains("\"cdylib\"")).count(), PACKAGES.len());
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
