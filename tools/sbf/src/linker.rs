//! The linker and the LLVM that generates the program's code.
//!
//! The linker is built here from crates.io. Its LLVM is Debian sid's, and comes with all that it depends on, the C library included, since
//! the host's is older.

use {
    crate::{
        cache::{Key, Part, Versions, Workshop},
        debian::{archive::Archive, sources::Archives},
        error::{Error, Result},
        process,
        recipe::pins::{LINKER, LINKER_FEATURES, LLVM, LLVM_LIBRARY, LLVM_SUITE},
    },
    std::{fs, os::unix::fs::symlink, path::Path},
};

const LIBRARIES: &str = "usr/lib/x86_64-linux-gnu";

/// LLVM as a part.
pub fn llvm_key() -> Key {
    Key::new("llvm", [LLVM_SUITE, LLVM.package, LLVM.version])
}

/// Fetches and unpacks LLVM.
pub fn make_llvm(shop: &Workshop) -> Result<Versions> {
    let archives = Archives::of_machine()?;
    let archive = Archive::fetch(&shop.folder.join("apt"), &shop.log, &[(&archives.main, LLVM_SUITE)])?;
    let version = archive.choose(&LLVM)?;
    archive.download_whole(&format!("{}={version}", LLVM.package))?;
    archive.unpack(&shop.part)?;
    let library = shop.part.join(LIBRARIES).join(LLVM_LIBRARY);
    fs::metadata(&library).map_err(Error::file("find", &library))?;
    Ok(Versions::from([(LLVM.package.to_owned(), version)]))
}

/// The linker as a part: built against this LLVM.
pub fn key(llvm: &Part) -> Key {
    Key::new("linker", [LINKER.0, LINKER.1, LINKER_FEATURES, llvm.folder.file_name().unwrap_or_default().to_string_lossy().as_ref()])
}

/// Builds the linker.
pub fn make(shop: &Workshop, llvm: &Part) -> Result<Versions> {
    // What a development package of LLVM would have: the library under the name that is linked.
    let prefix = shop.folder.join("prefix");
    let libraries = prefix.join("lib");
    fs::create_dir_all(&libraries).map_err(Error::file("create", &libraries))?;
    let link = libraries.join("libLLVM.so");
    symlink(llvm.folder.join(LIBRARIES).join(LLVM_LIBRARY), &link).map_err(Error::file("write", &link))?;
    // The host's libraries are too old for what LLVM itself needs; it finds its own when it is started.
    let flags = ["-L", &libraries.to_string_lossy(), "-C", "link-arg=-Wl,--allow-shlib-undefined"].join("\x1f");

    let mut cargo = process::cargo();
    cargo
        .args(["install", &format!("{}@{}", LINKER.0, LINKER.1), "--locked", "--no-track"])
        .args(["--no-default-features", "--features", LINKER_FEATURES])
        .arg("--root")
        .arg(&shop.part)
        .arg("--target-dir")
        .arg(shop.folder.join("target"))
        .env("LLVM_PREFIX", &prefix)
        .env("CARGO_ENCODED_RUSTFLAGS", flags)
        // Not the workspace's: its cargo settings are for its own crates.
        .current_dir(&shop.folder);
    process::logged(&mut cargo, &format!("building {} {}", LINKER.0, LINKER.1), &shop.log, None)?;
    start(&shop.part, &llvm.folder)?;
    Ok(Versions::from([(LINKER.0.to_owned(), LINKER.1.to_owned())]))
}

/// Starts the linker, to see that it and LLVM fit together.
fn start(linker: &Path, llvm: &Path) -> Result<()> {
    let mut command = process::command(&llvm.join("usr/lib64/ld-linux-x86-64.so.2").to_string_lossy());
    let libraries = [LIBRARIES, "usr/lib64"].map(|path| llvm.join(path).display().to_string()).join(":");
    command.args(["--library-path", &libraries]).arg(linker.join("bin").join(LINKER.0)).arg("--version");
    let told = process::answer(&mut command, "starting the linker")?;
    if told.contains(LINKER.1) { Ok(()) } else { Err(Error::Answer { what: LINKER.0.to_owned(), answer: told }) }
}
