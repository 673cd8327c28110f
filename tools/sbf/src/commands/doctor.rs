//! `sbf doctor`.

use {
    super::Context,
    crate::{
        debian::sources::Archives,
        error::{Error, Result},
        manifest::{Manifest, Program},
        process, program,
        toolchain::{self, BUILDERS, FETCHERS, size},
    },
    std::path::Path,
};

/// Says what is there and what is missing. Changes nothing.
pub fn doctor(context: &Context) -> Result<()> {
    let mut missing = Vec::new();
    let mut tell = |name: &str, state: Result<String, String>| match state {
        Ok(text) => println!("ok       {name}: {text}"),
        Err(text) => {
            println!("missing  {name}: {text}");
            missing.push(name.to_owned());
        }
    };
    let found = toolchain::inventory(&context.cache, context.package.kind());
    let fetching = found.lacks_packages();

    tell("machine", toolchain::machine().map(|()| "x86_64 linux".to_owned()).map_err(|error| error.to_string()));
    for tool in BUILDERS.iter().chain(FETCHERS.iter().filter(|_| fetching)) {
        let advice = || process::source_of(tool).to_owned();
        tell(tool, process::installed(tool).then(|| "installed".to_owned()).ok_or_else(advice));
    }
    if fetching {
        let archives = Archives::of_machine();
        tell("Debian archive", archives.map(|found| found.main.uri).map_err(|error| error.to_string()));
    }
    tell("cache", writable(&context.cache));

    println!();
    for (name, part) in &found.parts {
        match part {
            Some(part) => println!("cached   {name}: {} MB {}", size(&part.folder) / 1_000_000, part.folder.display()),
            None => println!("to make  {name}"),
        }
    }
    if let Some(toolchain) = &found.toolchain {
        toolchain.versions.iter().for_each(|(name, version)| println!("version  {name}: {version}"));
        toolchain.stand_ins().iter().for_each(|line| println!("note     {line}"));
    }
    let other = if program::has_build_sbf() { "installed: `sbf build` uses it" } else { "not installed: `sbf build` uses the recipe" };
    println!("note     cargo build-sbf is {other}");
    println!("note     {}", committed(context));
    if missing.is_empty() { Ok(()) } else { Err(Error::Missing(missing.join(", "))) }
}

fn writable(cache: &Path) -> Result<String, String> {
    let there = cache.ancestors().find(|folder| folder.exists()).unwrap_or(cache);
    let mut test = process::command("sh");
    match process::answer(test.args(["-c", "[ -w \"$1\" ]", "sh"]).arg(there), "asking whether it can be written") {
        Ok(_) => Ok(cache.display().to_string()),
        Err(_) => Err(format!("{} cannot be written; name another folder in SESSIONS_SBF_CACHE", there.display())),
    }
}

/// The state of the committed program, without building.
fn committed(context: &Context) -> String {
    let (package, file) = (&context.package.name, context.package.file());
    let state = || {
        let manifest = Manifest::check(context.root(), package)?;
        match context.read_committed()? {
            None => Ok(format!("{file} is not committed")),
            Some(bytes) if Program::of(&bytes) == manifest.program => {
                Ok(format!("the committed {file} is of these sources, by its manifest"))
            }
            Some(_) => Ok(format!("the committed {file} is not the one in its manifest")),
        }
    };
    state().unwrap_or_else(|error: Error| error.to_string())
}
