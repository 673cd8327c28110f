//! What can go wrong, each as one line that says what to do.

use std::{
    fmt::Display,
    io,
    path::{Path, PathBuf},
};

/// The result of everything here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a command could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The recipe's packages are for another machine.
    #[error("this machine is {arch} {os}, and the packages of the recipe are for x86_64 linux; use `cargo build-sbf`, or such a machine")]
    Machine {
        /// The processor.
        arch: &'static str,
        /// The system.
        os: &'static str,
    },
    /// A program that the recipe runs is not installed.
    #[error("`{tool}` is not on this machine: {advice}")]
    NoTool {
        /// The program.
        tool: String,
        /// Where it comes from.
        advice: &'static str,
    },
    /// apt knows no Debian archive.
    #[error(
        "the recipe's packages are Debian's, and apt's sources name no Debian archive ({0}); add one, with the component `main`: only its \
         address and keys are used"
    )]
    NoArchive(String),
    /// No version of a package that the recipe can use is served.
    #[error(
        "the Debian archive serves no {package} {series}* (the recipe was tried with {version}), so the recipe cannot build here, and nothing \
         is said about the committed file; a maintainer moves the pins in tools/sbf/src/recipe/pins.rs and records anew (`make artifact`)"
    )]
    NotServed {
        /// The package.
        package: &'static str,
        /// How its version should begin.
        series: &'static str,
        /// The version that the recipe was tried with.
        version: &'static str,
    },
    /// A file could not be read or written.
    #[error("cannot {action} {path}: {source}{}", advice(.source))]
    File {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The cache's own folder could not be made.
    #[error("cannot create the cache folder {path}: {source}; name another one in SESSIONS_SBF_CACHE")]
    Cache {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A process said no.
    #[error(
        "{what} failed ({status}){}{}{}",
        joined(": ", .said.as_ref()),
        joined("; ", .advice.as_ref()),
        joined("; see the log, ", .log.as_ref().map(|log| log.display()))
    )]
    Process {
        /// What it was to do.
        what: String,
        /// How it ended.
        status: String,
        /// The line of what it said that tells most.
        said: Option<String>,
        /// What to do.
        advice: Option<&'static str>,
        /// Where all of it is.
        log: Option<PathBuf>,
    },
    /// A process said something else than expected.
    #[error("{what} answered {answer:?}, which the recipe does not know")]
    Answer {
        /// What was asked.
        what: String,
        /// What it said.
        answer: String,
    },
    /// The library is not the one that the edits were made for.
    #[error("the edit {name:?} matches {count} places of the standard library's {file}, not one; see tools/sbf/src/recipe/edits.rs")]
    Edit {
        /// The edit.
        name: &'static str,
        /// The file.
        file: &'static str,
        /// How often its text was found.
        count: usize,
    },
    /// A crate is not the one that its edits were made for.
    #[error("the edit {name:?} matches {count} places of {package}'s {file}, not one; see tools/sbf/src/recipe/module.rs")]
    CrateEdit {
        /// The edit.
        name: &'static str,
        /// The crate's package.
        package: &'static str,
        /// The file.
        file: &'static str,
        /// How often its text was found.
        count: usize,
    },
    /// The workspace is not as the tool expects it.
    #[error("{path}: {problem}")]
    Workspace {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The sources have changed since the program was recorded.
    #[error("the committed {file} was not built from these sources: {}; run `make artifact`", few(.differences))]
    Stale {
        /// The program's file.
        file: String,
        /// What differs.
        differences: Vec<String>,
    },
    /// The program file is not the one in its manifest, or not the one that its sources build.
    #[error("{0}")]
    Different(String),
    /// The program was built with other versions than the committed one, and is another.
    #[error(
        "the built {file} differs from the committed one, from byte {place} on, and so does the toolchain, because the Debian archive no \
         longer serves the recorded versions: {}; this does not mean that the committed file is wrong: a maintainer moves the pins in \
         tools/sbf/src/recipe/pins.rs and records anew (`make artifact`)",
        versions.join(", ")
    )]
    Moved {
        /// The program's file.
        file: String,
        /// The first byte that differs.
        place: usize,
        /// What was recorded and what there is now, for each version that differs.
        versions: Vec<String>,
    },
    /// A function takes more arguments than a call on SBPF v0 can pass.
    #[error(
        "{package} passes a sixth argument on the stack in {calls} places, which fails at run time on SBPF v0; inline the function that is called, \
         or give it at most five arguments (see docs/decisions/0002-registry-build.md)"
    )]
    TooManyArguments {
        /// The program's package.
        package: String,
        /// How often.
        calls: usize,
    },
    /// A module asks something of whoever loads it.
    #[error(
        "{package} imports {imports} functions or other things, and a module is to need none; something that it runs asks its host for a clock or for chance"
    )]
    Imports {
        /// The module's package.
        package: String,
        /// How many.
        imports: u32,
    },
    /// Something that is needed is missing.
    #[error("{0}: a build by the recipe cannot work here")]
    Missing(String),
}

/// The exit code of a failure.
pub const FAILED: u8 = 1;
/// The exit code of a failure that says nothing about the committed program: the Debian archive no longer serves what built it.
pub const MOVED: u8 = 3;

impl Error {
    /// The exit code that stands for it.
    pub fn code(&self) -> u8 {
        match self {
            Self::NotServed { .. } | Self::Moved { .. } => MOVED,
            _ => FAILED,
        }
    }

    /// For `map_err`: what was tried with `path`.
    pub fn file(action: &'static str, path: impl AsRef<Path>) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { action, path: path.as_ref().to_owned(), source }
    }

    /// A workspace that is not as expected.
    pub fn workspace(path: impl AsRef<Path>, problem: impl ToString) -> Self {
        Self::Workspace { path: path.as_ref().to_owned(), problem: problem.to_string() }
    }
}

fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "; make it writable, or name another cache folder in SESSIONS_SBF_CACHE"
        }
        io::ErrorKind::StorageFull => "; make room and run it again, or name another cache folder in SESSIONS_SBF_CACHE",
        _ => "",
    }
}

fn joined(before: &str, text: Option<impl Display>) -> String {
    text.map(|text| format!("{before}{text}")).unwrap_or_default()
}

fn few(differences: &[String]) -> String {
    const SHOWN: usize = 3;
    let shown = differences.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    match differences.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
