//! Reads apt's sources, to find the address of a Debian archive.
//!
//! Both formats are read: one line an entry (`.list`), and stanzas (`.sources`). Other archives are ignored: a Debian entry has a suite of
//! Debian's and the component `main`, and of several the one whose address ends in a word that begins with `debian` is taken.

use {
    crate::{
        error::{Error, Result},
        process,
    },
    std::{fs, path::PathBuf},
};

/// What Debian's releases are called in a source.
const RELEASES: [&str; 12] = [
    "bullseye",
    "bookworm",
    "trixie",
    "forky",
    "duke",
    "sid",
    "oldoldstable",
    "oldstable",
    "stable",
    "testing",
    "unstable",
    "experimental",
];

/// One entry of apt's sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The address.
    pub uri: String,
    /// The releases.
    pub suites: Vec<String>,
    /// The parts of them.
    pub components: Vec<String>,
    /// The keys that it is signed by, in the words of the entry: a path, a fingerprint, or the keys themselves on lines of their own.
    pub signed_by: Option<String>,
}

/// The Debian archive, and the one with its security updates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archives {
    /// The archive.
    pub main: Entry,
    /// Security updates.
    pub security: Entry,
}

impl Archives {
    /// Those that this machine uses.
    pub fn of_machine() -> Result<Self> {
        let mut entries = Vec::new();
        let mut read = Vec::new();
        for path in files()? {
            let text = fs::read_to_string(&path).map_err(Error::file("read", &path))?;
            let lines = path.extension().is_some_and(|extension| extension == "list");
            entries.extend(if lines { one_line(&text) } else { stanzas(&text) });
            read.push(path.display().to_string());
        }
        let none = || Error::NoArchive(if read.is_empty() { "there are none".to_owned() } else { read.join(", ") });
        Self::among(entries).ok_or_else(none)
    }

    /// Those among `entries`.
    pub fn among(entries: Vec<Entry>) -> Option<Self> {
        let entries: Vec<Entry> = entries.into_iter().filter(is_debian).collect();
        let with = |security: bool| {
            let has = |entry: &&Entry| entry.suites.iter().any(|suite| is_security(suite) == security);
            // Of several, the one that calls itself Debian's: an archive beside it may use Debian's names for its suites.
            entries.iter().filter(has).min_by_key(|entry| !last_word(&entry.uri).starts_with("debian")).cloned()
        };
        let main = with(false)?;
        let security = with(true).or_else(|| derived(&main))?;
        Some(Self { main, security })
    }
}

/// The files that hold apt's sources, by apt's own settings.
fn files() -> Result<Vec<PathBuf>> {
    let arguments = ["shell", "LIST", "Dir::Etc::SourceList/f", "PARTS", "Dir::Etc::SourceParts/d"];
    let told = process::answer(process::command("apt-config").args(arguments), "asking apt for its sources")?;
    let value = |name: &str| {
        let line = told.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='))?;
        Some(PathBuf::from(line.trim_matches('\'')))
    };
    let mut parts = Vec::new();
    if let Some(folder) = value("PARTS")
        && let Ok(listing) = fs::read_dir(folder)
    {
        parts.extend(listing.flatten().map(|file| file.path()));
    }
    parts.retain(|path| path.extension().is_some_and(|extension| extension == "list" || extension == "sources"));
    parts.sort();
    let list = value("LIST").filter(|path| path.is_file());
    Ok(list.into_iter().chain(parts).filter(|path| path.is_file()).collect())
}

/// The entries of a `.list` file.
fn one_line(text: &str) -> Vec<Entry> {
    text.lines().filter_map(line_entry).collect()
}

fn line_entry(line: &str) -> Option<Entry> {
    let line = line.split('#').next()?.trim().strip_prefix("deb")?;
    if !line.starts_with([' ', '\t', '[']) {
        return None;
    }
    let (options, rest) = match line.trim_start().strip_prefix('[') {
        Some(bracketed) => bracketed.split_once(']')?,
        None => ("", line),
    };
    let signed_by = options.split_whitespace().find_map(|option| option.strip_prefix("signed-by=")).map(str::to_owned);
    let mut words = rest.split_whitespace().map(str::to_owned);
    Some(Entry { uri: words.next()?, suites: vec![words.next()?], components: words.collect(), signed_by })
}

/// The entries of a `.sources` file: one for each address.
fn stanzas(text: &str) -> Vec<Entry> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    lines.split(|line| line.trim().is_empty()).flat_map(stanza).collect()
}

fn stanza(lines: &[&str]) -> Vec<Entry> {
    let field = |name: &str| {
        let start = lines.iter().position(|line| line.split_once(':').is_some_and(|(key, _)| key.eq_ignore_ascii_case(name)))?;
        let (_, first) = lines.get(start)?.split_once(':')?;
        let more = lines.iter().skip(start + 1).take_while(|line| line.starts_with([' ', '\t']));
        Some(more.fold(first.trim().to_owned(), |value, line| format!("{value}\n{line}")))
    };
    let words = |name: &str| field(name).unwrap_or_default().split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let off = field("Enabled").is_some_and(|value| ["no", "false", "0"].contains(&value.to_ascii_lowercase().as_str()));
    if off || !words("Types").iter().any(|kind| kind == "deb") {
        return Vec::new();
    }
    let entry = |uri| Entry { uri, suites: words("Suites"), components: words("Components"), signed_by: field("Signed-By") };
    words("URIs").into_iter().map(entry).collect()
}

fn is_debian(entry: &Entry) -> bool {
    let release = |suite: &String| RELEASES.contains(&suite.split(['-', '/']).next().unwrap_or(suite));
    // A suite such as `bookworm-pgdg` belongs to someone else.
    let ending = |suite: &String| match suite.split_once(['-', '/']) {
        Some((_, ending)) => ["updates", "security", "backports", "proposed-updates"].contains(&ending),
        None => true,
    };
    let fetched = !entry.uri.starts_with("cdrom:") && !entry.uri.starts_with("file:");
    fetched
        && entry.components.iter().any(|component| component == "main")
        && entry.suites.iter().any(|suite| release(suite) && ending(suite))
}

fn is_security(suite: &str) -> bool {
    suite.ends_with("-security") || suite.ends_with("/updates")
}

fn last_word(uri: &str) -> &str {
    uri.trim_end_matches('/').rsplit('/').next().unwrap_or(uri)
}

/// Where mirrors keep the security updates, if the machine does not use them.
fn derived(main: &Entry) -> Option<Entry> {
    let uri = main.uri.trim_end_matches('/').strip_suffix("/debian")?;
    Some(Entry { uri: format!("{uri}/debian-security"), ..main.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STANZAS: &str = "\
# a comment
Types: deb deb-src
# another
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /keys/debian.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQIN

Types: deb
Enabled: no
URIs: http://off.example/debian
Suites: sid
Components: main

Types: deb
URIs: https://deb.nodesource.example/node_20.x
Suites: nodistro
Components: main
";

    #[test]
    fn stanzas_are_read() {
        let archives = Archives::among(stanzas(STANZAS)).unwrap();
        assert_eq!(archives.main.uri, "http://mirror.example/debian");
        assert_eq!(archives.main.signed_by.as_deref(), Some("/keys/debian.gpg"));
        assert_eq!(archives.security.uri, "http://mirror.example/debian-security");
        assert_eq!(archives.security.signed_by.as_deref(), Some("\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQIN"));
    }

    #[test]
    fn lines_are_read_and_other_archives_ignored() {
        let text = "\
deb https://packages.example/apt cloud-sdk-bookworm main
deb https://deb.nodesource.example/node_18.x bookworm main
deb [arch=amd64] https://docker.example/linux/debian bookworm stable
deb https://postgres.example/pub bookworm-pgdg main
# deb http://commented.example/debian bookworm main
deb-src http://source.example/debian bookworm main
deb cdrom:[Debian]/ bookworm main
deb [arch=amd64 signed-by=/keys/debian.gpg] http://mirror.example/debian/ trixie main # ours
";
        let archives = Archives::among(one_line(text)).unwrap();
        assert_eq!(archives.main.uri, "http://mirror.example/debian/");
        assert_eq!(archives.main.signed_by.as_deref(), Some("/keys/debian.gpg"));
        assert_eq!(archives.security.uri, "http://mirror.example/debian-security");
    }

    #[test]
    fn a_machine_of_another_kind_has_none() {
        assert_eq!(Archives::among(one_line("deb http://archive.example/ubuntu noble main")), None);
        assert_eq!(Archives::among(Vec::new()), None);
    }
}
