//! The README's lines for program authors are lines of this game.

use std::{fs, path::Path};

/// What stands between the marks of this name in a file, without the indentation that all of it has.
fn excerpt(file: &str, name: &str) -> String {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let (_, rest) = text.split_once(&format!("// README: {name}\n")).unwrap();
    let (lines, _) = rest.split_once("// README: end").unwrap();
    let lines: Vec<_> = lines.lines().filter(|line| !line.trim().is_empty()).collect();
    let indent = lines.iter().map(|line| line.len() - line.trim_start().len()).min().unwrap();
    lines.iter().map(|line| format!("{}\n", &line[indent..])).collect()
}

#[test]
fn the_readmes_lines_are_compiled() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    for (file, name) in [("../programs/arena/src/instructions/open_board.rs", "guard"), ("../programs/arena/src/membership.rs", "call")] {
        let block = format!("```rust\n{}```", excerpt(file, name));
        assert!(readme.contains(&block), "the README lacks:\n{block}");
    }
}
