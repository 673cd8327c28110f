//! A workspace with a program, in a folder of its own.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The folder, removed afterwards.
pub struct Scratch(tempfile::TempDir);

const FILES: [(&str, &str); 7] = [
    (
        "Cargo.toml",
        r#"
        [workspace]
        members = ["programs/*", "tests"]
        [workspace.package]
        version = "0.1.0"
        [workspace.dependencies]
        kit = "1"
        tester = "1"
        core-part = { path = "programs/core-part" }
        [profile.program]
        opt-level = 3
        "#,
    ),
    (
        "programs/sessions/Cargo.toml",
        r#"
        [package]
        name = "sessions"
        [dependencies]
        core-part.workspace = true
        [dev-dependencies]
        tester.workspace = true
        "#,
    ),
    ("programs/sessions/src/lib.rs", "// the program"),
    ("programs/core-part/Cargo.toml", "[package]\nname = \"core-part\"\n[dependencies]\nkit = { workspace = true }"),
    ("programs/core-part/src/lib.rs", "// the core"),
    ("tests/Cargo.toml", "[package]\nname = \"tests\"\n[dependencies]\nsessions = { path = \"../programs/sessions\" }"),
    (
        "Cargo.lock",
        r#"
        version = 4
        [[package]]
        name = "core-part"
        version = "0.1.0"
        dependencies = ["kit 1.0.0"]
        [[package]]
        name = "kit"
        version = "1.0.0"
        source = "registry"
        checksum = "aa"
        dependencies = ["deep"]
        [[package]]
        name = "kit"
        version = "2.0.0"
        source = "registry"
        checksum = "bb"
        [[package]]
        name = "deep"
        version = "3.0.0"
        source = "registry"
        checksum = "cc"
        [[package]]
        name = "tester"
        version = "1.0.0"
        source = "registry"
        checksum = "dd"
        dependencies = ["kit 2.0.0"]
        [[package]]
        name = "sessions"
        version = "0.1.0"
        dependencies = ["core-part", "tester"]
        "#,
    ),
];

#[allow(dead_code, reason = "each test file uses its part of this")]
impl Scratch {
    pub fn new() -> Self {
        let scratch = Self(tempfile::tempdir().unwrap());
        FILES.iter().for_each(|(path, text)| scratch.write(path, text));
        scratch
    }

    pub fn root(&self) -> &Path {
        self.0.path()
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    /// Changes a file: the one place where it says `from`.
    pub fn change(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(path)).unwrap();
        assert_eq!(text.matches(from).count(), 1, "{path}");
        self.write(path, &text.replace(from, to));
    }

    /// Puts a shell script on the path of [`Scratch::sbf`], which has nothing else.
    pub fn tool(&self, name: &str, script: &str) {
        let path = format!("bin/{name}");
        self.write(&path, &format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(self.path(&path), fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Runs the binary with a cache in the folder.
    pub fn sbf(&self, arguments: &[&str]) -> Output {
        let mut sbf = Command::new(env!("CARGO_BIN_EXE_sbf"));
        sbf.args(arguments).current_dir(self.root()).env_clear();
        sbf.env("PATH", self.path("bin")).env("HOME", self.root()).env("SESSIONS_SBF_CACHE", self.path("cache"));
        sbf.output().unwrap()
    }

    /// Runs the binary, which fails, and returns what it says about it.
    pub fn failure(&self, arguments: &[&str]) -> String {
        self.failure_with(1, arguments)
    }

    /// Runs the binary, which fails with this code, and returns the one line that it says about it.
    pub fn failure_with(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.sbf(arguments);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{told}");
        assert!(told.starts_with("sbf: ") && told.lines().count() == 1, "{told}");
        told
    }
}
