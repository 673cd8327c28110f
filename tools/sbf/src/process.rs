//! Runs other programs: apt-get, dpkg and cargo.
//!
//! A build must not depend on who starts it, so no process sees the variables that a surrounding cargo sets or that change what cargo
//! builds; those that say how to reach a registry pass.

use {
    crate::error::{Error, Result},
    std::{
        env,
        fs::{self, File},
        io,
        path::Path,
        process::{Command, ExitStatus, Stdio},
    },
};

/// How much of a log an error repeats.
const TAIL: usize = 12;

/// Variables, by how they begin, that are kept from processes.
const KEPT_AWAY: [&str; 10] = [
    "CARGO_BUILD_",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_INCREMENTAL",
    "CARGO_MANIFEST_",
    "CARGO_PKG_",
    "CARGO_PROFILE_",
    "CARGO_TARGET_",
    "CARGO_UNSTABLE_",
    "LD_LIBRARY_PATH",
    "RUST",
];

/// Exceptions: rustup's, without which a host's cargo may not be found.
const PASSED: [&str; 1] = ["RUSTUP_"];

/// A command with the environment that is meant for it, in the language that its answers are read in.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        let begins = |list: &[&str]| list.iter().any(|prefix| text.starts_with(prefix));
        if begins(&KEPT_AWAY) && !begins(&PASSED) {
            command.env_remove(&name);
        }
    }
    command.env("LC_ALL", "C").stdin(Stdio::null());
    command
}

/// The cargo that runs this, or the one on the path.
pub fn cargo() -> Command {
    command(&env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()))
}

/// Runs `command` and adds all that it says to `log`.
pub fn logged(command: &mut Command, what: &str, log: &Path) -> Result<()> {
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder).map_err(Error::file("create", folder))?;
    }
    let file = File::options().create(true).append(true).open(log).map_err(Error::file("write", log))?;
    let copy = file.try_clone().map_err(Error::file("write", log))?;
    let status = command.stdout(file).stderr(copy).status().map_err(not_started(command))?;
    if status.success() {
        return Ok(());
    }
    let said = fs::read(log).map_err(Error::file("read", log))?;
    Err(failed(what, status, &String::from_utf8_lossy(&said), Some(log)))
}

/// Runs `command` and returns what it says on its standard output.
pub fn answer(command: &mut Command, what: &str) -> Result<String> {
    let output = command.stderr(Stdio::piped()).output().map_err(not_started(command))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(failed(what, output.status, &String::from_utf8_lossy(&output.stderr), None))
    }
}

/// Runs `command` before the user's eyes.
pub fn shown(command: &mut Command, what: &str) -> Result<()> {
    let status = command.status().map_err(not_started(command))?;
    if status.success() { Ok(()) } else { Err(failed(what, status, "", None)) }
}

/// Whether `program` can be started at all.
pub fn installed(program: &str) -> bool {
    if program == "cargo" && env::var_os("CARGO").is_some() {
        return true;
    }
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

fn not_started(command: &Command) -> impl FnOnce(io::Error) -> Error {
    let tool = command.get_program().to_string_lossy().into_owned();
    move |source| match source.kind() {
        io::ErrorKind::NotFound => Error::NoTool { advice: source_of(&tool), tool },
        _ => Error::File { action: "start", path: tool.into(), source },
    }
}

/// Where a program that the recipe runs comes from.
pub fn source_of(tool: &str) -> &'static str {
    match tool {
        "apt-get" | "apt-cache" | "apt-config" | "dpkg" => {
            "the recipe takes its compiler from Debian packages; run it on Debian, or install `cargo build-sbf`"
        }
        "cc" => "install a C compiler (on Debian: gcc and libc6-dev)",
        "sh" => "install a shell",
        _ => "install Rust",
    }
}

fn failed(what: &str, status: ExitStatus, said: &str, log: Option<&Path>) -> Error {
    let full = said.contains("No space left on device") || log.is_some_and(is_full);
    let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    // A full disk says enough, and what is said about it is long and cut off.
    let shown = if full { 0 } else { TAIL };
    let tail = lines.iter().skip(lines.len().saturating_sub(shown)).map(|line| (*line).to_owned()).collect();
    Error::Process { what: what.to_owned(), status: status.to_string(), full, tail, log: log.map(Path::to_owned) }
}

/// Whether the disk that `log` is on takes no more; a process that filled it could then not say so in its log.
fn is_full(log: &Path) -> bool {
    let probe = log.with_extension("probe");
    let outcome = fs::write(&probe, [0; 1 << 16]);
    fs::remove_file(&probe).unwrap_or_default();
    outcome.is_err_and(|error| error.kind() == io::ErrorKind::StorageFull)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_missing_is_one_line() {
        let error = answer(&mut command("no-such-program-of-sbf"), "asking").unwrap_err().to_string();
        assert_eq!(error, "`no-such-program-of-sbf` is not on this machine: install Rust");
    }

    #[test]
    fn a_failure_names_the_log_and_repeats_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("logs/step.log");
        let fail = |script| logged(command("sh").args(["-c", script]), "the step", &log).unwrap_err().to_string();
        let error = fail("for i in $(seq 20); do echo line $i; done; exit 3");
        assert!(error.starts_with("the step failed (exit status: 3); all it said is in ") && error.contains("logs/step.log"), "{error}");
        assert!(error.contains("line 20") && !error.contains("line 2\n"), "{error}");
        let error = fail("echo 'No space left on device' >&2; exit 3");
        assert!(error.starts_with("the step failed (exit status: 3): the disk is full") && error.lines().count() == 1, "{error}");
    }
}
