//! Finds the committed file of the arena and compares it with its manifest, so that a missing or damaged one is one clear line.

use {
    sha2::{Digest, Sha256},
    std::{env, fs, path::Path},
};

fn main() {
    if let Err(problem) = program_file() {
        println!("cargo::error={problem}");
    }
}

fn program_file() -> Result<(), String> {
    let here = env::var("CARGO_MANIFEST_DIR").map_err(|error| error.to_string())?;
    let folder = Path::new(&here).join("../../programs/arena/artifact");
    let (file, manifest) = (folder.join("arena.so"), folder.join("manifest.json"));
    println!("cargo::rerun-if-changed={}", file.display());
    println!("cargo::rerun-if-changed={}", manifest.display());
    println!("cargo::rustc-env=ARENA_PROGRAM_FILE={}", file.display());
    let read =
        |path: &Path| fs::read(path).map_err(|error| format!("{}: {error}; restore it from git, or run `make artifact`", path.display()));
    let hash = hex::encode(Sha256::digest(read(&file)?));
    let described =
        serde_json::from_slice::<serde_json::Value>(&read(&manifest)?).map_err(|error| format!("{}: {error}", manifest.display()))?;
    if described["program"]["sha256"] == hash {
        Ok(())
    } else {
        Err(format!("{} is not the file that its manifest describes; restore it from git, or run `make artifact`", file.display()))
    }
}
