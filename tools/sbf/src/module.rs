//! Builds a WebAssembly module of the workspace.

use {
    crate::{
        edited,
        error::{Error, Result},
        process, program,
        recipe::{
            flags::{CARGO_HOME_VARIABLE, LIBRARY_VARIABLE, WORKSPACE_VARIABLE},
            module::{BUILD_ENVIRONMENT, BUILD_STD, EDITED_VARIABLE, OWN_FLAGS, PROFILE, RUSTFLAGS, TARGET},
        },
        toolchain::Toolchain,
        wasm,
        workspace::{Package, Workspace},
    },
    std::fs,
};

/// Builds `package` by the recipe and returns the module's bytes.
pub fn by_recipe(workspace: &Workspace, package: &Package, toolchain: &Toolchain) -> Result<Vec<u8>> {
    let root = &workspace.root;
    let lock = root.join("Cargo.lock");
    fs::metadata(&lock).map_err(Error::file("find", &lock))?;
    // One for each toolchain, as with programs.
    let target = root.join("target").join("sbf").join(toolchain.folder.file_name().unwrap_or_default());
    let edited = target.join("edited");
    edited::prepare(workspace, &edited)?;
    let mut cargo = process::cargo();
    cargo
        .current_dir(root)
        .args(["rustc", "--locked", "--ignore-rust-version", "--lib", "--package", &package.name, "--profile", PROFILE])
        .args(BUILD_STD)
        .args(["--target", TARGET])
        .arg("--target-dir")
        .arg(&target)
        .arg("--")
        .args(OWN_FLAGS)
        .envs(BUILD_ENVIRONMENT)
        .env("RUSTC", toolchain.folder.join("rustc"))
        .env("CARGO_ENCODED_RUSTFLAGS", RUSTFLAGS.join("\x1f"))
        .env(LIBRARY_VARIABLE, &toolchain.library)
        .env(WORKSPACE_VARIABLE, root)
        .env(CARGO_HOME_VARIABLE, program::cargo_home()?)
        .env(EDITED_VARIABLE, &edited);
    process::shown(&mut cargo, &format!("building {}", package.name))?;
    let built = program::read(&target.join(TARGET).join(PROFILE).join(format!("{}.wasm", package.library())))?;
    checked(package, &built)
}

/// The module as it is delivered, if it needs nothing of whoever loads it.
fn checked(package: &Package, built: &[u8]) -> Result<Vec<u8>> {
    match (wasm::plain(built), wasm::imports(built)) {
        (Some(plain), Some(0)) => Ok(plain),
        (Some(_), Some(imports)) => Err(Error::Imports { package: package.name.clone(), imports }),
        _ => Err(Error::workspace(&package.folder, "what was built is no module")),
    }
}
