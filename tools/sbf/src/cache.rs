//! The folder that the toolchain is kept in, outside the tree.
//!
//! The toolchain is made of *parts*. A part's folder is named by a hash of what determines it, is filled under another name and then moved
//! into place, so a folder that is there is complete and never changes. One process at a time adds parts; the rest wait.

use {
    crate::error::{Error, Result},
    serde::{Deserialize, Serialize},
    sha2::{Digest, Sha256},
    std::{
        collections::BTreeMap,
        ffi::OsString,
        fs::{self, File, TryLockError},
        path::{Path, PathBuf},
    },
};

/// What a part was made of: names and versions.
pub type Versions = BTreeMap<String, String>;

const STAMP: &str = ".stamp.json";

/// The name of a part: what it is, and everything that determines it.
#[derive(Clone, Debug)]
pub struct Key {
    name: &'static str,
    inputs: String,
}

impl Key {
    /// The part `name` made from `inputs`.
    pub fn new(name: &'static str, inputs: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let inputs = inputs.into_iter().map(|input| format!("{}\n", input.as_ref())).collect();
        Self { name, inputs }
    }

    /// Its folder in the cache.
    pub fn folder(&self) -> String {
        let hash = hex::encode(Sha256::digest(&self.inputs));
        format!("{}-{}", self.name, hash.get(..12).unwrap_or(&hash))
    }
}

/// A complete part.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its folder.
    pub folder: PathBuf,
    /// What it was made of.
    pub versions: Versions,
}

#[derive(Serialize, Deserialize)]
struct Stamp {
    versions: Versions,
}

/// The folder to use: `$SESSIONS_SBF_CACHE`, or `sessions-sbf` in the user's cache folder.
pub fn locate(variable: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf> {
    let named = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = named("SESSIONS_SBF_CACHE")
        .or_else(|| named("XDG_CACHE_HOME").map(|folder| folder.join("sessions-sbf")))
        .or_else(|| named("HOME").map(|home| home.join(".cache").join("sessions-sbf")))
        .ok_or_else(|| Error::workspace("the cache", "HOME is not set; name a folder in SESSIONS_SBF_CACHE"))?;
    std::path::absolute(&folder).map_err(Error::file("find", &folder))
}

/// The part `key` in the cache folder `root`, if it is there. Changes nothing.
pub fn look(root: &Path, key: &Key) -> Option<Part> {
    let folder = root.join(key.folder());
    let stamp = fs::read(folder.join(STAMP)).ok()?;
    let Stamp { versions } = serde_json::from_slice(&stamp).ok()?;
    Some(Part { folder, versions })
}

/// The cache, locked for this process as long as it lives.
#[derive(Debug)]
pub struct Cache {
    root: PathBuf,
    _lock: File,
}

impl Cache {
    /// Creates the folder if need be and waits until no other process adds to it. `waiting` is called if that takes time.
    pub fn open(root: &Path, waiting: impl FnOnce()) -> Result<Self> {
        fs::create_dir_all(root).map_err(|source| Error::Cache { path: root.to_owned(), source })?;
        let path = root.join("lock");
        let lock = File::options().create(true).truncate(false).write(true).open(&path).map_err(Error::file("write", &path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                waiting();
                lock.lock().map_err(Error::file("lock", &path))?;
            }
            Err(TryLockError::Error(error)) => return Err(Error::file("lock", &path)(error)),
        }
        let cache = Self { root: root.to_owned(), _lock: lock };
        // What a process that was interrupted left half done; if one that it started is still writing there, the next run removes it.
        remove(&cache.unfinished()).unwrap_or_default();
        Ok(cache)
    }

    /// The part `key`: as it is, or else as `make` fills an empty folder.
    ///
    /// Whatever `make` leaves beside `part` in the folder it is given is removed: downloads, build folders.
    pub fn part(&self, key: &Key, make: impl FnOnce(&Workshop) -> Result<Versions>) -> Result<Part> {
        if let Some(part) = look(&self.root, key) {
            return Ok(part);
        }
        let shop = self.shop();
        let part = shop.join("part");
        fs::create_dir_all(&part).map_err(Error::file("create", &part))?;
        let log = self.root.join("logs").join(format!("{}.log", key.name));
        if log.exists() {
            fs::remove_file(&log).map_err(Error::file("remove", &log))?;
        }
        let versions = match make(&Workshop { folder: shop.clone(), part: part.clone(), log }) {
            Ok(versions) => versions,
            Err(error) => {
                // Downloads and a build folder may be what filled the disk. If they stay, the next run removes them.
                remove(&shop).unwrap_or_default();
                return Err(error);
            }
        };
        let stamp = part.join(STAMP);
        let text = serde_json::to_vec_pretty(&Stamp { versions: versions.clone() }).map_err(|error| Error::workspace(&stamp, error))?;
        fs::write(&stamp, text).map_err(Error::file("write", &stamp))?;
        let folder = self.root.join(key.folder());
        // Only a folder without a stamp can be in the way, and no run leaves one.
        remove(&folder)?;
        fs::rename(&part, &folder).map_err(Error::file("move into place", &folder))?;
        remove(&shop)?;
        Ok(Part { folder, versions })
    }

    fn unfinished(&self) -> PathBuf {
        self.root.join("unfinished")
    }

    /// A folder that nothing was ever done in.
    fn shop(&self) -> PathBuf {
        let free = |number: &u32| !self.unfinished().join(number.to_string()).exists();
        let number = (0..u32::MAX).find(free).unwrap_or_default();
        self.unfinished().join(number.to_string())
    }
}

/// Where a part is made.
#[derive(Debug)]
pub struct Workshop {
    /// A folder that is removed afterwards.
    pub folder: PathBuf,
    /// The folder in it that becomes the part.
    pub part: PathBuf,
    /// Where processes report to.
    pub log: PathBuf,
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::file("remove", folder)(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions() -> Versions {
        Versions::from([("rustc-web".to_owned(), "1".to_owned())])
    }

    #[test]
    fn the_folder_is_the_first_that_is_named() {
        let found = |list: &[(&str, &str)]| {
            locate(|name| list.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into())).map(|path| path.display().to_string())
        };
        let (own, xdg, home) = (("SESSIONS_SBF_CACHE", "/a"), ("XDG_CACHE_HOME", "/b"), ("HOME", "/c"));
        assert_eq!(found(&[own, xdg, home]).unwrap(), "/a");
        assert_eq!(found(&[("SESSIONS_SBF_CACHE", ""), xdg, home]).unwrap(), "/b/sessions-sbf");
        assert_eq!(found(&[home]).unwrap(), "/c/.cache/sessions-sbf");
        assert!(found(&[]).unwrap_err().to_string().contains("SESSIONS_SBF_CACHE"));
    }

    #[test]
    fn a_part_is_made_once_and_anew_when_its_inputs_change() {
        let root = tempfile::tempdir().unwrap();
        let cache = Cache::open(root.path(), || {}).unwrap();
        let make = |text: &'static str| {
            move |shop: &Workshop| {
                fs::write(shop.part.join("file"), text).unwrap();
                fs::write(shop.folder.join("download"), text).unwrap();
                Ok(versions())
            }
        };
        let text = |input: &str, made: &'static str| {
            let part = cache.part(&Key::new("rust", [input]), make(made)).unwrap();
            assert_eq!(part.versions, versions());
            fs::read_to_string(part.folder.join("file")).unwrap()
        };
        assert_eq!((text("1", "first"), text("1", "second"), text("2", "third")), ("first".into(), "first".into(), "third".into()));
        assert_eq!(fs::read_dir(cache.unfinished()).unwrap().count(), 0);
    }

    #[test]
    fn a_part_that_was_interrupted_is_made_again() {
        let root = tempfile::tempdir().unwrap();
        let key = Key::new("rust", ["1"]);
        let cache = Cache::open(root.path(), || {}).unwrap();
        // As a process leaves it that is killed.
        fs::create_dir_all(cache.unfinished().join("part")).unwrap();
        fs::write(cache.unfinished().join("part/half"), "").unwrap();
        drop(cache);
        assert!(look(root.path(), &key).is_none());

        let cache = Cache::open(root.path(), || {}).unwrap();
        let failed = cache.part(&key, |shop| {
            fs::write(shop.part.join("half"), "")
                .map(|()| versions())
                .and(Err(std::io::ErrorKind::Other.into()))
                .map_err(Error::file("try", "it"))
        });
        assert!(failed.is_err() && look(root.path(), &key).is_none());
        let part = cache.part(&key, |_| Ok(versions())).unwrap();
        assert!(!part.folder.join("half").exists());
    }

    #[test]
    fn a_second_process_waits() {
        let root = tempfile::tempdir().unwrap();
        let first = Cache::open(root.path(), || {}).unwrap();
        let (sender, receiver) = std::sync::mpsc::channel();
        let path = root.path().to_owned();
        let second = std::thread::spawn(move || Cache::open(&path, || sender.send(()).unwrap()).map(drop));
        receiver.recv().unwrap();
        drop(first);
        second.join().unwrap().unwrap();
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_one_line() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("file");
        fs::write(&file, "").unwrap();
        let error = Cache::open(&file.join("cache"), || {}).unwrap_err().to_string();
        assert!(error.starts_with("cannot create the cache folder ") && !error.contains('\n'), "{error}");
        let denied = Error::file("write", "x")(std::io::Error::from(std::io::ErrorKind::PermissionDenied)).to_string();
        assert!(denied.contains("SESSIONS_SBF_CACHE"), "{denied}");
    }
}
