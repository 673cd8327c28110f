//! Writes `idl/sessions.json`, `docs/protocol.md` and `idl/arena.json`: what `make protocol` runs.

use {
    sessions_tests::idl::{self, ARENA_FILE, IDL_FILE, PAGE_FILE, Result, page},
    std::{fs, path::Path, process::ExitCode},
};

fn write() -> Result<()> {
    let idl = idl::generate()?;
    let files =
        [(IDL_FILE, idl::to_json(&idl)?), (PAGE_FILE, page::to_markdown(&idl)?), (ARENA_FILE, idl::to_json(&idl::generate_arena()?)?)];
    for (file, text) in files {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let folder = path.parent().ok_or("the file is in no folder")?;
        fs::create_dir_all(folder).and_then(|()| fs::write(&path, text)).map_err(|error| format!("{file} cannot be written: {error}"))?;
        println!("{} written", file.trim_start_matches("../"));
    }
    Ok(())
}

fn main() -> ExitCode {
    match write() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
