//! What cargo is pointed at: the target's description and the wrappers that start the compiler and the linker.
//!
//! The wrappers find the other parts beside their own folder, so a cache works wherever it is moved.

use {
    crate::{
        cache::{Key, Part, Versions, Workshop},
        compiler,
        error::{Error, Result},
        process,
        recipe::{
            flags::{ARCH, BASE_TARGET, BUILD_ENVIRONMENT, COMPILER_WRAPPER, LINKER_WRAPPER, TARGET, TARGET_CHANGES},
            module,
        },
    },
    serde_json::{Map, Value},
    std::{fs, os::unix::fs::PermissionsExt, path::Path},
};

/// The parts that a toolchain is made of.
#[derive(Debug)]
pub struct Parts {
    /// The compiler.
    pub rust: Part,
    /// The linker's LLVM.
    pub llvm: Part,
    /// The linker.
    pub linker: Part,
    /// The library.
    pub library: Part,
}

impl Parts {
    /// The part that brings them together. Everything that determines a program's bytes determines its name.
    pub fn key(&self) -> Key {
        let changes = TARGET_CHANGES.map(|(name, value)| format!("{name}={value:?}"));
        let parts = [&self.rust, &self.llvm, &self.linker, &self.library].map(folder);
        let texts = [COMPILER_WRAPPER, LINKER_WRAPPER, BASE_TARGET].map(str::to_owned);
        Key::new("toolchain", parts.into_iter().chain(texts).chain(changes))
    }

    /// Writes it.
    pub fn make(&self, shop: &Workshop) -> Result<Versions> {
        let fill = |wrapper: &str| {
            let parts = [("@RUST@", &self.rust), ("@LLVM@", &self.llvm), ("@LINKER@", &self.linker)];
            parts.iter().fold(wrapper.to_owned(), |text, (name, part)| text.replace(name, &folder(part)))
        };
        executable(&shop.part.join("rustc"), &fill(COMPILER_WRAPPER))?;
        executable(&shop.part.join("linker"), &fill(LINKER_WRAPPER))?;

        let mut rustc = compiler::command(&self.rust.folder);
        rustc.args(["-Zunstable-options", "--print=target-spec-json", "--target", BASE_TARGET]).envs(BUILD_ENVIRONMENT);
        let described = describe(&process::answer(&mut rustc, "asking rustc for its BPF target")?)?;
        let path = shop.part.join(format!("{TARGET}.json"));
        fs::write(&path, described).map_err(Error::file("write", &path))?;

        let parts = [&self.rust, &self.llvm, &self.linker, &self.library];
        let versions = parts.into_iter().flat_map(|part| part.versions.clone());
        Ok(versions.chain([("instruction set".to_owned(), ARCH.to_owned())]).collect())
    }
}

/// The parts that a toolchain for modules is made of; the compiler describes their target itself.
#[derive(Debug)]
pub struct ModuleParts {
    /// The compiler.
    pub rust: Part,
    /// The linker.
    pub lld: Part,
}

impl ModuleParts {
    /// The part that brings them together. Everything that determines a module's bytes, but for the edits of crates, determines its name.
    pub fn key(&self) -> Key {
        let parts = [&self.rust, &self.lld].map(folder);
        Key::new("module-toolchain", parts.into_iter().chain([module::COMPILER_WRAPPER, module::LINKER_WRAPPER].map(str::to_owned)))
    }

    /// Writes it.
    pub fn make(&self, shop: &Workshop) -> Result<Versions> {
        let fill = |wrapper: &str| wrapper.replace("@RUST@", &folder(&self.rust)).replace("@LLD@", &folder(&self.lld));
        executable(&shop.part.join("rustc"), &fill(module::COMPILER_WRAPPER))?;
        executable(&shop.part.join("linker"), &fill(module::LINKER_WRAPPER))?;
        Ok([&self.rust, &self.lld].into_iter().flat_map(|part| part.versions.clone()).collect())
    }
}

fn folder(part: &Part) -> String {
    part.folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn executable(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(Error::file("write", path))?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).map_err(Error::file("write", path))
}

/// Our target, from the compiler's own.
fn describe(base: &str) -> Result<String> {
    let unknown = |_| Error::Answer { what: format!("rustc's description of {BASE_TARGET}"), answer: base.to_owned() };
    let mut target: Map<String, Value> = serde_json::from_str(base).map_err(unknown)?;
    for (name, value) in TARGET_CHANGES {
        match value {
            Some(value) => drop(target.insert(name.to_owned(), serde_json::from_str(value).map_err(unknown)?)),
            None => drop(target.remove(name)),
        }
    }
    serde_json::to_string_pretty(&target).map_err(unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_is_the_compilers_with_our_changes() {
        let told = describe(r#"{"arch": "bpf", "atomic-cas": false, "min-atomic-width": 64}"#).unwrap();
        let expected = serde_json::json!({
            "arch": "bpf", "atomic-cas": true, "os": "solana", "vendor": "solana", "target-family": ["solana"]
        });
        assert_eq!(serde_json::from_str::<Value>(&told).unwrap(), expected);
        assert!(describe("no").is_err());
    }
}
