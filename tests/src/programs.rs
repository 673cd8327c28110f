//! The programs of this workspace, by their committed files.

use {
    sessions_sbf::workspace::Workspace,
    solana_address::Address,
    std::{
        fs,
        path::{Path, PathBuf},
    },
};

/// The packages that are programs. The Makefile builds and compares the same.
pub const PACKAGES: [&str; 4] = ["sessions", "sessions-measuring", "arena", "rogue"];

/// Where a world has the program of ill will, which knows no address of its own.
pub const ROGUE: Address = Address::new_from_array(*b"a program that tries to do wrong");

/// The workspace's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Where the committed file of a package's program is.
///
/// # Panics
/// If there is no such package.
pub fn path(package: &str) -> PathBuf {
    let folder = Workspace::open(root()).unwrap().member(package).unwrap().artifact(root());
    folder.join(format!("{package}.so"))
}

/// The committed file of a package's program.
///
/// # Panics
/// If there is none.
pub fn committed(package: &str) -> Vec<u8> {
    let file = path(package);
    fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}; restore it from git, or run `make artifact`", file.display()))
}
