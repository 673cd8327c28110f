//! apt with lists, settings and downloads of its own, for one suite.
//!
//! Nothing of the machine's apt is changed, nor any of its hooks run, and no root is needed; its settings for reaching the network hold.

use {
    super::sources::Entry,
    crate::{
        error::{Error, Result},
        process::{self, FETCH_ADVICE},
        recipe::pins::Pin,
    },
    std::{
        fs,
        path::{Path, PathBuf},
        process::Command,
    },
};

/// A suite of the Debian archive, as this run sees it.
#[derive(Debug)]
pub struct Archive {
    folder: PathBuf,
    log: PathBuf,
}

impl Archive {
    /// Fetches the package lists of `suites` into `folder`, which nothing else uses.
    pub fn fetch(folder: &Path, log: &Path, suites: &[(&Entry, &str)]) -> Result<Self> {
        let archive = Self { folder: folder.to_owned(), log: log.to_owned() };
        for name in ["lists/partial", "archives/partial", "empty"] {
            let path = folder.join(name);
            fs::create_dir_all(&path).map_err(Error::file("create", &path))?;
        }
        archive.write("archive.sources", &suites.iter().map(|(entry, suite)| stanza(entry, suite)).collect::<String>())?;
        archive.write("apt.conf", &settings(folder))?;
        // Nothing is installed, as far as this apt knows; beside this file it puts its locks.
        archive.write("status", "")?;
        process::logged(archive.apt("apt-get").args(["--quiet", "update"]), "fetching Debian's package lists", log, Some(FETCH_ADVICE))?;
        Ok(archive)
    }

    /// The version of the pinned package to take: the one that the recipe was tried with, or else the newest of its series.
    pub fn choose(&self, pin: &Pin) -> Result<String> {
        let what = format!("asking for the versions of {}", pin.package);
        let told = process::answer(self.apt("apt-cache").args(["madison", pin.package]), &what)?;
        choose(pin, told.lines().filter_map(|line| line.split('|').nth(1)).map(str::trim))
    }

    /// Downloads `packages`, each a name or `name=version`, without what else they depend on.
    pub fn download(&self, packages: &[String]) -> Result<()> {
        let first = packages.first().map_or("nothing", String::as_str);
        let mut apt = self.apt("apt-get");
        apt.args(["--quiet", "download"]).args(packages).current_dir(self.downloads());
        process::logged(&mut apt, &format!("downloading {first} and its libraries"), &self.log, Some(FETCH_ADVICE))
    }

    /// Downloads `package` and all that it depends on.
    pub fn download_whole(&self, package: &str) -> Result<()> {
        let mut apt = self.apt("apt-get");
        apt.args(["--quiet", "--yes", "--no-install-recommends", "--download-only", "install", package]);
        process::logged(&mut apt, &format!("downloading {package}"), &self.log, Some(FETCH_ADVICE))
    }

    /// Unpacks all that was downloaded into `folder`.
    pub fn unpack(&self, folder: &Path) -> Result<()> {
        let downloads = self.downloads();
        for file in fs::read_dir(&downloads).map_err(Error::file("read", &downloads))? {
            let path = file.map_err(Error::file("read", &downloads))?.path();
            if path.extension().is_some_and(|extension| extension == "deb") {
                let what = format!("unpacking {}", path.file_name().unwrap_or_default().to_string_lossy());
                process::logged(process::command("dpkg").arg("-x").arg(&path).arg(folder), &what, &self.log, None)?;
            }
        }
        Ok(())
    }

    fn downloads(&self) -> PathBuf {
        self.folder.join("archives")
    }

    fn write(&self, name: &str, text: &str) -> Result<()> {
        let path = self.folder.join(name);
        fs::write(&path, text).map_err(Error::file("write", &path))
    }

    fn apt(&self, tool: &str) -> Command {
        let mut command = process::command(tool);
        // Read after the machine's own settings, which it therefore overrides.
        command.arg("--config-file").arg(self.folder.join("apt.conf"));
        command
    }
}

fn stanza(entry: &Entry, suite: &str) -> String {
    let keys = entry.signed_by.as_ref().map(|keys| format!("Signed-By: {keys}\n")).unwrap_or_default();
    format!("Types: deb\nURIs: {}\nSuites: {suite}\nComponents: main\nArchitectures: amd64\n{keys}\n", entry.uri)
}

fn settings(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        r#"#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear APT::Architectures;
APT::Architecture "amd64";
APT::Architectures {{ "amd64"; }};
APT::Update::Error-Mode "any";
APT::Get::AllowUnauthenticated "false";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowWeakRepositories "false";
Acquire::AllowDowngradeToInsecureRepositories "false";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::Retries "3";
// The folders belong to whoever runs this, and apt's own user could not write to them.
APT::Sandbox::User "";
Dir::Etc::SourceList "{folder}/archive.sources";
Dir::Etc::SourceParts "{folder}/empty";
Dir::Etc::Preferences "{folder}/empty/none";
Dir::Etc::PreferencesParts "{folder}/empty";
Dir::State "{folder}";
Dir::State::Lists "{folder}/lists";
Dir::State::Status "{folder}/status";
Dir::Cache "{folder}";
Dir::Cache::Archives "{folder}/archives";
Dir::Log "{folder}";
"#
    )
}

fn choose<'a>(pin: &Pin, served: impl Iterator<Item = &'a str>) -> Result<String> {
    // apt lists the newest first.
    let series: Vec<&str> = served.filter(|version| version.starts_with(pin.series)).collect();
    let chosen = series.iter().find(|version| **version == pin.version).or(series.first());
    let Pin { package, version, series } = *pin;
    chosen.map(|version| (*version).to_owned()).ok_or(Error::NotServed { package, version, series })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIN: Pin = Pin { package: "libllvm23", version: "1:23.1.4-2", series: "1:23." };

    #[test]
    fn the_version_is_the_pinned_one_or_the_newest_of_its_series() {
        let chosen = |served: &[&str]| choose(&PIN, served.iter().copied());
        assert_eq!(chosen(&["1:23.1.5-1", "1:23.1.4-2"]).unwrap(), "1:23.1.4-2");
        assert_eq!(chosen(&["1:24.0.0-1", "1:23.1.6-1", "1:23.1.5-1"]).unwrap(), "1:23.1.6-1");
        assert!(chosen(&["1:24.0.0-1"]).unwrap_err().to_string().starts_with("the Debian archive serves no libllvm23 1:23.*"));
    }

    #[test]
    fn the_keys_of_the_machines_own_source_are_used() {
        let entry =
            Entry { uri: "http://mirror.example/debian".to_owned(), signed_by: Some("/keys/debian.gpg".to_owned()), ..Entry::default() };
        let text = stanza(&entry, "sid");
        assert!(text.contains("Suites: sid\n") && text.contains("Signed-By: /keys/debian.gpg\n"), "{text}");
        assert!(!text.to_lowercase().contains("trusted"), "{text}");
    }
}
