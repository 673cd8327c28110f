//! Key files, as the Solana command line keeps them: a JSON array of the 64 bytes of a key pair.

use {
    crate::{
        failed::{Failed, reason},
        scenario::names::quote,
    },
    serde_json::Value,
    solana_address::Address,
    solana_keypair::{Keypair, Signer},
    std::{
        fs::{self, OpenOptions},
        io::{self, Read, Write},
        path::Path,
    },
};

/// The most bytes of a key file: far more than 64 numbers take.
const MAX_BYTES: u64 = 4_096;
/// The bytes of a key pair: its secret, and its address behind that.
const PAIR: usize = 64;
/// The bytes of an address.
const ADDRESS: usize = 32;

/// The key pair in the file at `path`, or in standard input if that is `-`.
///
/// # Errors
/// KeyFileNotFound, KeyFileUnreadable, KeyFileInvalid: what kind of file it is instead.
pub fn read(path: &str) -> Result<Keypair, Failed> {
    if let Some((source, _)) = path.split_once("://")
        && ["usb", "prompt"].contains(&source)
    {
        let message = format!("{} is no file, and this command signs with key files only", quote(path));
        return Err(Failed::unusable("KeySourceUnsupported", message, "name a key file with --keypair; `sessions keygen FILE` makes one"));
    }
    let read = if path == "-" { text(io::stdin().lock()) } else { fs::File::open(path).and_then(text) };
    let text = read.map_err(|error| unreadable(path, &error))?;
    parse(&text).map_err(|what| invalid(path, &what))
}

fn unreadable(path: &str, error: &io::Error) -> Failed {
    match error.kind() {
        io::ErrorKind::NotFound => {
            let hint = format!("make it with `sessions keygen {path}`, or name another with --keypair FILE");
            Failed::unusable("KeyFileNotFound", format!("there is no key file {path}"), hint)
        }
        io::ErrorKind::PermissionDenied => {
            let hint = "run this as the file's owner, or let this user read it with `chmod u+r`; or name another with --keypair FILE";
            Failed::unusable("KeyFileUnreadable", format!("the key file {path} cannot be read: {}", reason(error)), hint)
        }
        io::ErrorKind::InvalidData => invalid(path, "it is no text"),
        _ => invalid(path, &reason(error)),
    }
}

fn text(file: impl Read) -> io::Result<String> {
    let mut text = String::new();
    file.take(MAX_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

fn invalid(path: &str, what: &str) -> Failed {
    let hint = "a key file is what `sessions keygen` or `solana-keygen new` writes: a JSON array of 64 numbers";
    Failed::unusable("KeyFileInvalid", format!("{path} cannot be used as a key file: {what}"), hint)
}

/// The key pair that a key file's text is, or what that is instead.
fn parse(text: &str) -> Result<Keypair, String> {
    let text = text.trim();
    if text.parse::<Address>().is_ok() {
        return Err("it has an address, which cannot sign; name the file with the secret key".into());
    }
    let value: Value = serde_json::from_str(text).map_err(|_| "it is no JSON".to_owned())?;
    let Value::Array(items) = value else { return Err("it is JSON, but no array of numbers".into()) };
    let bytes = items.iter().map(|item| item.as_u64().and_then(|number| u8::try_from(number).ok())).collect::<Option<Vec<u8>>>();
    let bytes = bytes.ok_or("its array has something else than bytes from 0 to 255")?;
    match bytes.len() {
        PAIR => {
            Keypair::try_from(bytes.as_slice()).map_err(|_| "its second half is not the address of its first; the file is damaged".into())
        }
        ADDRESS => Err("it has 32 bytes, half of a key pair: an address, or a secret without its address".into()),
        other => Err(format!("its array has {other} bytes, and a key pair has 64")),
    }
}

/// Writes a key file that only its owner can read, in folders that are made for it as only its owner's; a file that is there stays.
///
/// # Errors
/// FileExists, NotWritten.
pub fn write(path: &Path, keypair: &Keypair) -> Result<(), Failed> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let mut folders = fs::DirBuilder::new();
        folders.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folders, 0o700);
        folders.create(folder).map_err(|error| unwritten(path, &error))?;
    }
    let numbers: Vec<String> = keypair.to_bytes().iter().map(u8::to_string).collect();
    write_secret(path, &format!("[{}]\n", numbers.join(",")))
}

/// Writes a secret into a new file that only its owner can read; one that is there stays.
///
/// # Errors
/// FileExists, NotWritten.
pub fn write_secret(path: &Path, text: &str) -> Result<(), Failed> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
    written.map_err(|error| unwritten(path, &error))
}

/// Refuses a file for a secret that is there already, before anything else is done.
///
/// # Errors
/// FileExists.
pub fn check_new(path: &Path) -> Result<(), Failed> {
    if path.symlink_metadata().is_ok() { Err(unwritten(path, &io::ErrorKind::AlreadyExists.into())) } else { Ok(()) }
}

fn unwritten(path: &Path, error: &io::Error) -> Failed {
    if error.kind() == io::ErrorKind::AlreadyExists {
        let message = format!("{} is there already, and may be the only copy of a key", path.display());
        return Failed::unusable("FileExists", message, "choose another name, or move the file away");
    }
    let message = format!("{} cannot be written: {}", path.display(), reason(error));
    Failed::unusable("NotWritten", message, "choose a folder that is there and that you can write to")
}

/// An address: in base58, or of the key pair in a file.
///
/// # Errors
/// InvalidAddress if it is neither; what is wrong with the key file if there is one.
pub fn address(text: &str) -> Result<Address, Failed> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    if !Path::new(text).is_file() {
        let message = format!("{} is neither an address nor a key file", quote(text));
        return Err(Failed::unusable("InvalidAddress", message, "write an address in base58, or the path of a key file that is there"));
    }
    // What cannot be read is told below.
    let content = fs::File::open(text).and_then(self::text).unwrap_or_default();
    match content.trim().trim_matches('"').parse() {
        Ok(address) => Ok(address),
        Err(_) => Ok(read(text)?.pubkey()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_of_others_is_told_to_be_no_damaged_one() {
        // Not by a file: a superuser reads them all.
        let failed = unreadable("id.json", &io::ErrorKind::PermissionDenied.into());
        assert_eq!(failed.name, "KeyFileUnreadable");
        assert!(failed.hint.contains("owner"), "{failed}");
        assert_eq!(unreadable("id.json", &io::ErrorKind::IsADirectory.into()).name, "KeyFileInvalid");
    }

    #[test]
    fn a_key_file_is_64_bytes_whose_halves_belong_together() {
        let keypair = Keypair::new_from_array([7; 32]);
        let text = format!("{:?}", keypair.to_bytes());
        assert_eq!(parse(&text).unwrap().pubkey(), keypair.pubkey());
        let told = |text: &str| parse(text).err().unwrap();
        assert!(told("hello").contains("no JSON") && told("{}").contains("no array") && told("[1,2]").contains("has 2 bytes"));
        assert!(told("[256]").contains("0 to 255") && told("[-1]").contains("0 to 255") && told("[\"a\"]").contains("0 to 255"));
        assert!(told(&format!("{:?}", [1; 32])).contains("half of a key pair"));
        assert!(told(&keypair.pubkey().to_string()).contains("cannot sign"));
        let mut swapped = keypair.to_bytes();
        swapped[63] ^= 1;
        assert!(told(&format!("{swapped:?}")).contains("damaged"));
    }
}
