//! The linker of modules: Debian's `lld`, of the version of the compiler's LLVM, which it loads.

use {
    crate::{
        cache::{Key, Part, Versions, Workshop},
        debian::{archive::Archive, sources::Archives},
        error::{Error, Result},
        process,
        recipe::{
            module::{LLD, LLD_FILE},
            pins::RUST_SUITE,
        },
    },
    std::path::Path,
};

/// The linker as a part, to be used with this compiler.
pub fn key(rust: &Part) -> Key {
    Key::new("lld", [RUST_SUITE, LLD.package, LLD.version, rust.folder.file_name().unwrap_or_default().to_string_lossy().as_ref()])
}

/// Fetches and unpacks it.
pub fn make(shop: &Workshop, rust: &Part) -> Result<Versions> {
    let security = format!("{RUST_SUITE}-security");
    let archives = Archives::of_machine()?;
    let suites = [(&archives.main, RUST_SUITE), (&archives.security, security.as_str())];
    let archive = Archive::fetch(&shop.folder.join("apt"), &shop.log, &suites)?;
    let version = archive.choose(&LLD)?;
    archive.download(&[format!("{}={version}", LLD.package)])?;
    archive.unpack(&shop.part)?;
    start(&shop.part, &rust.folder)?;
    Ok(Versions::from([(LLD.package.to_owned(), version)]))
}

/// Starts the linker, to see that it and the compiler's LLVM fit together.
fn start(lld: &Path, rust: &Path) -> Result<()> {
    let mut command = process::command("/lib64/ld-linux-x86-64.so.2");
    let libraries = ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"].map(|path| rust.join(path).display().to_string()).join(":");
    command.args(["--library-path", &libraries]).arg(lld.join(LLD_FILE)).args(["-flavor", "wasm", "--version"]);
    let told = process::answer(&mut command, "starting the linker")?;
    if told.contains("LLD") { Ok(()) } else { Err(Error::Answer { what: LLD.package.to_owned(), answer: told }) }
}
