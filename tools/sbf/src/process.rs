//! Runs other programs: apt-get, dpkg and cargo.
//!
//! A build must not depend on who starts it, so no process sees the variables that a surrounding cargo sets or that change what cargo
//! builds; those that say how to reach a registry pass.

use {
    crate::error::{Error, Result},
    std::{
        env,
        fs::{self, File},
        io::{self, Read, Seek, SeekFrom},
        path::Path,
        process::{Command, ExitStatus, Stdio},
    },
};

/// How many characters of a line an error repeats.
const SHOWN: usize = 200;

/// What to do when something could not be fetched.
pub const FETCH_ADVICE: &str = "check the network and apt's sources, then run it again";

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

/// Runs `command` and adds all that it says to `log`. If it fails, the error names the log, and says `advice` before.
pub fn logged(command: &mut Command, what: &str, log: &Path, advice: Option<&'static str>) -> Result<()> {
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder).map_err(Error::file("create", folder))?;
    }
    let mut file = File::options().create(true).read(true).append(true).open(log).map_err(Error::file("write", log))?;
    let before = file.metadata().map_err(Error::file("read", log))?.len();
    let copy = || file.try_clone().map_err(Error::file("write", log));
    // Nothing but text goes into a log.
    command.env("CARGO_TERM_COLOR", "never");
    let status = command.stdout(copy()?).stderr(copy()?).status().map_err(not_started(command))?;
    if status.success() {
        return Ok(());
    }
    let mut said = Vec::new();
    file.seek(SeekFrom::Start(before)).and_then(|_| file.read_to_end(&mut said)).map_err(Error::file("read", log))?;
    Err(failed(what, status, &String::from_utf8_lossy(&said), advice, Some(log)))
}

/// Runs `command` and returns what it says on its standard output.
pub fn answer(command: &mut Command, what: &str) -> Result<String> {
    let output = command.stderr(Stdio::piped()).output().map_err(not_started(command))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(failed(what, output.status, &String::from_utf8_lossy(&output.stderr), None, None))
    }
}

/// Runs `command` before the user's eyes.
pub fn shown(command: &mut Command, what: &str) -> Result<()> {
    let status = command.status().map_err(not_started(command))?;
    if status.success() { Ok(()) } else { Err(failed(what, status, "", Some("what it said is above"), None)) }
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
            "the recipe takes its compiler from Debian packages; run it on Debian 12 or newer, or install `cargo build-sbf`"
        }
        "cc" => "install a C compiler (on Debian: gcc and libc6-dev)",
        "sh" => "install a shell",
        _ => "install Rust",
    }
}

fn failed(what: &str, status: ExitStatus, said: &str, advice: Option<&'static str>, log: Option<&Path>) -> Error {
    let full = said.contains("No space left on device") || log.is_some_and(is_full);
    // A full disk says enough, and what is said about it is long and cut off.
    let (said, advice) = if full { (None, Some("the disk is full; make room and run it again")) } else { (telling(said), advice) };
    Error::Process { what: what.to_owned(), status: status.to_string(), said, advice, log: log.map(Path::to_owned) }
}

/// The line that tells most: the first that calls itself an error, for those after it follow from it, or else the last.
fn telling(said: &str) -> Option<String> {
    let is_error = |line: &&str| ["E: ", "error:", "error["].iter().any(|mark| line.starts_with(mark)) || line.contains(": error: ");
    let lines = || said.lines().map(str::trim).filter(|line| !line.is_empty());
    let line = lines().find(is_error).or_else(|| lines().next_back())?;
    let words = line.split(|character: char| character.is_whitespace() || character.is_control()).filter(|word| !word.is_empty());
    let words = words.collect::<Vec<_>>().join(" ");
    let short: String = words.chars().take(SHOWN).collect();
    Some(if short == words { words } else { format!("{short} …") })
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
    fn a_failure_is_one_line_with_what_was_said_what_to_do_and_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("logs/step.log");
        let fail = |script, advice| logged(command("sh").args(["-c", script]), "the step", &log, advice).unwrap_err().to_string();
        let end = format!("see the log, {}", log.display());
        let error = fail("for i in $(seq 20); do echo line $i; done; exit 3", None);
        assert_eq!(error, format!("the step failed (exit status: 3): line 20; {end}"));
        // Of what this command said, not the one before it.
        let error = fail("echo E: first; echo E: second; echo last; exit 3", Some("do this"));
        assert_eq!(error, format!("the step failed (exit status: 3): E: first; do this; {end}"));
        let error = fail("exit 3", Some("do this"));
        assert_eq!(error, format!("the step failed (exit status: 3); do this; {end}"));
        let error = fail("echo 'No space left on device' >&2; exit 3", Some("do this"));
        assert_eq!(error, format!("the step failed (exit status: 3); the disk is full; make room and run it again; {end}"));
    }

    #[test]
    fn the_line_that_tells_most_is_the_first_error_or_the_last_line() {
        let apt = "Err:1 http://mirror.example bookworm InRelease\n  Temporary failure resolving 'mirror.example'\n\
                   E: Failed to fetch http://mirror.example/InRelease  Temporary failure resolving 'mirror.example'\n\
                   E: Some index files failed to download.\n";
        let told = "E: Failed to fetch http://mirror.example/InRelease Temporary failure resolving 'mirror.example'";
        assert_eq!(telling(apt).unwrap(), told);
        let cargo =
            "   Compiling x\nerror[E0432]: unresolved import\n --> src\nerror: could not compile `x`\nTo reuse those artifacts, wait\n";
        assert_eq!(telling(cargo).unwrap(), "error[E0432]: unresolved import");
        assert_eq!(telling("dpkg-deb: error: not a package\ndpkg: other\n").unwrap(), "dpkg-deb: error: not a package");
        assert_eq!(telling("one\r\ntwo\t\u{1b} \n\n").unwrap(), "two");
        assert_eq!(telling(" \n"), None);
        let long = telling(&"é".repeat(SHOWN + 1)).unwrap();
        assert_eq!(long, format!("{} …", "é".repeat(SHOWN)));
    }

    #[test]
    fn what_was_shown_is_not_repeated() {
        let error = shown(command("sh").args(["-c", "exit 3"]), "building").unwrap_err().to_string();
        assert_eq!(error, "building failed (exit status: 3); what it said is above");
    }
}
