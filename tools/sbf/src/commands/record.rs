//! `sbf record`.

use {
    super::Context,
    crate::{
        error::{Error, Result},
        manifest::{Manifest, Program},
        program,
        progress::Progress,
    },
};

/// Builds the program by the recipe and writes it, with its manifest, to be committed.
pub fn record(context: &Context) -> Result<()> {
    let package = &context.package.name;
    let inputs = Manifest::of_sources(context.root(), package)?;
    let mut progress = Progress::new(context.steps() + 1);
    let (bytes, toolchain) = context.by_recipe(&mut progress)?;
    progress.step("writing the program and its manifest");
    // Someone may have been writing while the compiler read.
    let differences = inputs.diff(&Manifest::of_sources(context.root(), package)?);
    if !differences.is_empty() {
        return Err(Error::Stale { file: context.package.file(), differences });
    }
    let manifest = Manifest { program: Program::of(&bytes), toolchain: toolchain.versions, inputs };
    let path = context.committed();
    program::write(&path, &bytes)?;
    program::write(&path.with_file_name("manifest.json"), manifest.text()?)?;
    println!("{}", path.display());
    Ok(())
}
