//! What the binary offers.

mod build;
mod doctor;
mod record;
mod verify;

pub use {build::build, doctor::doctor, record::record, verify::verify};

use {
    crate::{
        cache,
        error::{Error, Result},
        manifest::Program,
        module, program,
        progress::Progress,
        toolchain::{self, Toolchain},
        workspace::{Kind, Package, Workspace},
    },
    std::{
        env, fs,
        path::{Path, PathBuf},
    },
};

/// What a command works on.
#[derive(Debug)]
pub struct Context {
    workspace: Workspace,
    package: Package,
    cache: PathBuf,
}

impl Context {
    /// The package of this name in the workspace around the current folder, and the cache that the environment names.
    pub fn new(package: &str) -> Result<Self> {
        let here = env::current_dir().map_err(Error::file("find", "the current folder"))?;
        let workspace = Workspace::around(&here)?;
        let package = workspace.member(package)?;
        Ok(Self { workspace, package, cache: cache::locate(|name| env::var_os(name))? })
    }

    fn root(&self) -> &Path {
        &self.workspace.root
    }

    fn committed(&self) -> PathBuf {
        program::committed(&self.workspace, &self.package)
    }

    /// The steps of a build by the recipe.
    fn steps(&self) -> usize {
        toolchain::steps(self.package.kind()) + 1
    }

    /// Builds by the recipe, as the first of the command's steps.
    fn by_recipe(&self, progress: &mut Progress) -> Result<(Vec<u8>, Toolchain)> {
        let kind = self.package.kind();
        let toolchain = toolchain::prepare(&self.cache, kind, progress)?;
        progress.step(format!("building {}", self.package.name));
        let bytes = match kind {
            Kind::Program => program::by_recipe(&self.workspace, &self.package, &toolchain)?,
            Kind::Module => module::by_recipe(&self.workspace, &self.package, &toolchain)?,
        };
        let built = Program::of(&bytes);
        progress.finished(format!("{} bytes, SHA-256 {}", built.bytes, built.sha256));
        Ok((bytes, toolchain))
    }

    /// The committed program, or nothing if there is none.
    fn read_committed(&self) -> Result<Option<Vec<u8>>> {
        let path = self.committed();
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::file("read", &path)(error)),
        }
    }
}
