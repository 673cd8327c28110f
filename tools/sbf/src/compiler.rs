//! The compiler and the source of its standard library: Debian's `rustc-web`, unpacked.
//!
//! Debian serves that package with its security updates because browsers need a recent compiler; it comes with the library's source, which
//! has to be of the very version of the compiler.

use {
    crate::{
        cache::{Key, Part, Versions, Workshop},
        debian::{archive::Archive, sources::Archives},
        error::{Error, Result},
        process,
        recipe::pins::{LIBRARY_SOURCE, RUST, RUST_COMPANIONS, RUST_LIBRARIES, RUST_LLVM, RUST_SUITE},
    },
    std::{
        fs,
        path::{Path, PathBuf},
        process::Command,
    },
};

/// The part.
pub fn key() -> Key {
    let pins = [RUST, RUST_LLVM].map(|pin| format!("{}={}", pin.package, pin.version));
    Key::new("rust", [RUST_SUITE].into_iter().chain(pins.each_ref().map(String::as_str)).chain(RUST_COMPANIONS).chain(RUST_LIBRARIES))
}

/// Fetches and unpacks it.
pub fn make(shop: &Workshop) -> Result<Versions> {
    let security = format!("{RUST_SUITE}-security");
    let archives = Archives::of_machine()?;
    let suites = [(&archives.main, RUST_SUITE), (&archives.security, security.as_str())];
    let archive = Archive::fetch(&shop.folder.join("apt"), &shop.log, &suites)?;
    let (rust, llvm) = (archive.choose(&RUST)?, archive.choose(&RUST_LLVM)?);
    let mut packages = vec![format!("{}={rust}", RUST.package), format!("{}={llvm}", RUST_LLVM.package)];
    packages.extend(RUST_COMPANIONS.iter().map(|package| format!("{package}={rust}")));
    packages.extend(RUST_LIBRARIES.map(str::to_owned));
    archive.download(&packages)?;
    archive.unpack(&shop.part)?;
    prune(&shop.part)?;
    let (release, release_llvm) = ask(&shop.part)?;
    Ok(Versions::from([
        (RUST.package.to_owned(), rust),
        (RUST_LLVM.package.to_owned(), llvm),
        ("rustc".to_owned(), release),
        ("rustc's LLVM".to_owned(), release_llvm),
    ]))
}

/// The folder of the standard library's source.
pub fn library(rust: &Part) -> Result<PathBuf> {
    source(&rust.folder).map(|source| source.join(LIBRARY_SOURCE.1))
}

/// Where the source package has put its one folder, which is named by version.
fn source(folder: &Path) -> Result<PathBuf> {
    let sources = folder.join(LIBRARY_SOURCE.0);
    let entries = fs::read_dir(&sources).map_err(Error::file("read", &sources))?;
    let mut folders = entries.flatten().map(|entry| entry.path()).filter(|path| path.join(LIBRARY_SOURCE.1).is_dir());
    folders.next().ok_or_else(|| Error::workspace(&sources, "the source package has no standard library"))
}

/// Removes what a build does not need: more than a third, most of it the compiler's own source.
fn prune(folder: &Path) -> Result<()> {
    let source = source(folder)?;
    for entry in fs::read_dir(&source).map_err(Error::file("read", &source))?.flatten() {
        let path = entry.path();
        if path.is_dir() && entry.file_name() != LIBRARY_SOURCE.1 {
            fs::remove_dir_all(&path).map_err(Error::file("remove", &path))?;
        }
    }
    let documents = folder.join("usr/share");
    fs::remove_dir_all(&documents).map_err(Error::file("remove", &documents))
}

/// The unpacked compiler itself, without its wrapper.
pub fn command(folder: &Path) -> Command {
    let libraries = ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"].map(|path| folder.join(path).display().to_string()).join(":");
    let mut rustc = process::command(&folder.join("usr/bin/rustc").to_string_lossy());
    rustc.env("LD_LIBRARY_PATH", libraries);
    rustc
}

/// Starts the compiler, to see that its shared libraries are all there, and asks for its version and its LLVM's.
fn ask(folder: &Path) -> Result<(String, String)> {
    let told = process::answer(command(folder).arg("-vV"), "starting the unpacked rustc")?;
    let field = |name: &str| told.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned());
    let unknown = || Error::Answer { what: "rustc".to_owned(), answer: told.clone() };
    let release = field("rustc ").ok_or_else(unknown)?;
    Ok((release, field("LLVM version:").ok_or_else(unknown)?))
}
