//! The README's transcript is what the demo prints.

use std::process::Command;

#[test]
fn the_readme_shows_what_the_demo_prints() {
    let output = Command::new(env!("CARGO_BIN_EXE_sessions")).arg("demo").env_remove("COLUMNS").output().unwrap();
    assert!(output.status.success());
    let printed = String::from_utf8(output.stdout).unwrap();
    let readme = include_str!("../../../README.md");
    assert!(readme.contains(printed.trim_matches('\n')), "put the demo's new output into README.md:\n{printed}");
}
