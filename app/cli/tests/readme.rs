//! The README's transcript is what the demo prints, and the scenario in the language reference holds.

use std::process::Command;

#[test]
fn the_readme_shows_what_the_demo_prints() {
    let output = Command::new(env!("CARGO_BIN_EXE_sessions")).arg("demo").env_remove("COLUMNS").output().unwrap();
    assert!(output.status.success());
    let printed = String::from_utf8(output.stdout).unwrap();
    let readme = include_str!("../../../README.md");
    assert!(readme.contains(printed.trim_matches('\n')), "put the demo's new output into README.md:\n{printed}");
}

#[test]
fn the_scenario_in_the_language_reference_holds() {
    let reference = include_str!("../README.md");
    let scenario = reference.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("reference.yaml");
    std::fs::write(&path, scenario).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_sessions")).arg("run").arg(path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
