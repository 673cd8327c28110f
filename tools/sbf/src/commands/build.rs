//! `sbf build`.

use {
    super::Context,
    crate::{error::Result, manifest::Program, program, progress::Progress, workspace::Kind},
};

/// Builds the program into `target/deploy`: with `cargo build-sbf` where that is installed, unless `registry` asks for the recipe. A module is built by
/// the recipe always.
pub fn build(context: &Context, registry: bool) -> Result<()> {
    let by_build_sbf = context.package.kind() == Kind::Program && !registry && program::has_build_sbf();
    let bytes = if by_build_sbf {
        let mut progress = Progress::new(1);
        progress.step(format!("building {} with cargo build-sbf", context.package.name));
        let bytes = program::by_build_sbf(&context.workspace, &context.package)?;
        let built = Program::of(&bytes);
        progress.finished(format!("{} bytes, SHA-256 {}", built.bytes, built.sha256));
        bytes
    } else {
        context.by_recipe(&mut Progress::new(context.steps()))?.0
    };
    let path = program::deployed(&context.workspace, &context.package);
    program::write(&path, &bytes)?;
    println!("{}", path.display());
    println!(
        "{}",
        match context.read_committed()? {
            None => "there is no committed program to compare it with",
            Some(committed) if committed == bytes => "equal to the committed program",
            Some(_) => "different from the committed program",
        }
    );
    Ok(())
}
