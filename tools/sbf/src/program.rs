//! Builds a program of the workspace.

use {
    crate::{
        error::{Error, Result},
        object, process,
        recipe::flags::{
            BUILD_ENVIRONMENT, BUILD_STD, CARGO_HOME_VARIABLE, LIBRARY_VARIABLE, PROFILE, RUSTFLAGS, TARGET, WORKSPACE_VARIABLE,
        },
        toolchain::Toolchain,
        workspace::{Package, Workspace},
    },
    std::{
        env, fs,
        path::{Path, PathBuf},
        process::Command,
    },
};

/// Builds `package` by the recipe and returns the program's bytes.
pub fn by_recipe(workspace: &Workspace, package: &Package, toolchain: &Toolchain) -> Result<Vec<u8>> {
    let root = &workspace.root;
    let lock = root.join("Cargo.lock");
    fs::metadata(&lock).map_err(Error::file("find", &lock))?;
    // One for each toolchain, because cargo does not see when one behind the wrappers has changed; apart from what is built for the host.
    let target = root.join("target").join("sbf").join(toolchain.folder.file_name().unwrap_or_default());
    let mut cargo = process::cargo();
    cargo
        .current_dir(root)
        .args(["rustc", "--locked", "--lib", "--package", &package.name, "--profile", PROFILE])
        .args(BUILD_STD)
        .arg("--target")
        .arg(toolchain.folder.join(format!("{TARGET}.json")))
        .arg("--target-dir")
        .arg(&target)
        .envs(BUILD_ENVIRONMENT)
        .env("RUSTC", toolchain.folder.join("rustc"))
        .env("CARGO_ENCODED_RUSTFLAGS", RUSTFLAGS.join("\x1f"))
        .env(LIBRARY_VARIABLE, &toolchain.library)
        .env(WORKSPACE_VARIABLE, root)
        .env(CARGO_HOME_VARIABLE, cargo_home()?);
    process::shown(&mut cargo, &format!("building {}", package.name))?;
    let program = read(&target.join(TARGET).join(PROFILE).join(format!("lib{}.so", package.library())))?;
    match object::stores_above_the_frame(&program) {
        Some(0) => Ok(program),
        Some(calls) => Err(Error::TooManyArguments { package: package.name.clone(), calls }),
        None => Err(Error::workspace(&target, "what was built is no program")),
    }
}

/// Whether `cargo build-sbf` is installed.
pub fn has_build_sbf() -> bool {
    process::installed("cargo-build-sbf")
}

/// Builds `package` with `cargo build-sbf` and returns the program's bytes.
pub fn by_build_sbf(workspace: &Workspace, package: &Package) -> Result<Vec<u8>> {
    let folder = workspace.root.join("target").join("sbf").join("build-sbf");
    let mut cargo: Command = process::cargo();
    cargo
        .current_dir(&workspace.root)
        .args(["build-sbf", "--manifest-path"])
        .arg(workspace.root.join(&package.folder).join("Cargo.toml"))
        .arg("--sbf-out-dir")
        .arg(&folder)
        .args(["--", "--locked"]);
    process::shown(&mut cargo, &format!("building {} with cargo build-sbf", package.name))?;
    read(&folder.join(format!("{}.so", package.library())))
}

/// Where a built program of `package` goes.
pub fn deployed(workspace: &Workspace, package: &Package) -> PathBuf {
    workspace.root.join("target").join("deploy").join(package.file())
}

/// Where the committed program of `package` is.
pub fn committed(workspace: &Workspace, package: &Package) -> PathBuf {
    package.artifact(&workspace.root).join(package.file())
}

/// Writes a file, its folder too, so that no reader sees half of it.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Error::file("create", folder))?;
    }
    let unfinished = path.with_extension("unfinished");
    fs::write(&unfinished, bytes).map_err(Error::file("write", &unfinished))?;
    fs::rename(&unfinished, path).map_err(Error::file("write", path))
}

/// Reads what was built.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(Error::file("read the built program", path))
}

/// Cargo's own folder, where the registry is.
pub fn cargo_home() -> Result<PathBuf> {
    let named = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = || env::var_os("HOME").map(|home| Path::new(&home).join(".cargo"));
    named.or_else(home).ok_or_else(|| Error::workspace("cargo's home", "neither CARGO_HOME nor HOME is set"))
}
