//! The program's interface, made from the program: the IDL (`idl/sessions.json`) and the page for people (`docs/protocol.md`); and the example
//! program's IDL (`idl/arena.json`). `make protocol` writes them; the test `protocol` makes them again and compares.
//!
//! Anchor prints an IDL in parts, from tests that the feature `idl-build` adds to the program. They are assembled here as `anchor idl build`
//! does it; its own builder (`anchor-lang-idl`) wants a compiler by name and installs one where it does not find it.

pub mod answers;
pub mod complete;
pub mod facts;
pub mod layout;
pub mod page;
pub mod tables;
mod words;

use {
    anchor_lang_idl_spec::{Idl, IdlErrorCode, IdlEvent, IdlTypeDef},
    serde::{Deserialize, de::DeserializeOwned},
    std::{
        collections::BTreeMap,
        env,
        error::Error,
        path::{Path, PathBuf},
        process::Command,
    },
};

/// What can go wrong is for a person to read.
pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Where the IDL is committed, as seen from this package.
pub const IDL_FILE: &str = "../idl/sessions.json";
/// Where the example program's IDL is committed, as seen from this package.
pub const ARENA_FILE: &str = "../idl/arena.json";
/// Where the page is committed, as seen from this package.
pub const PAGE_FILE: &str = "../docs/protocol.md";

/// Makes the IDL from the program's sources.
pub fn generate() -> Result<Idl> {
    let mut idl = assemble(&print("sessions")?)?;
    complete::tidy(&mut idl);
    complete::complete(&mut idl)?;
    answers::add(&mut idl)?;
    verify(&idl)?;
    Ok(idl)
}

/// Makes the example program's IDL from its sources.
pub fn generate_arena() -> Result<Idl> {
    let mut idl = assemble(&print("arena")?)?;
    complete::tidy(&mut idl);
    verify(&idl)?;
    Ok(idl)
}

/// The IDL as the JSON that is committed.
pub fn to_json(idl: &Idl) -> Result<String> {
    Ok(serde_json::to_string_pretty(idl)? + "\n")
}

/// What a program's IDL tests print. The program is built for this machine in a target directory of its own (`idl` in the usual one), for the usual one
/// is locked by the cargo that runs this.
fn print(program: &str) -> Result<String> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = package.parent().ok_or("this package is in no workspace")?;
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from).join("idl");
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(["test", "--quiet", "--locked", "--ignore-rust-version", "--package", program, "--lib", "--features", "idl-build"])
        .arg("--target-dir")
        .arg(target)
        .args(["__anchor_private_print_idl", "--", "--show-output"])
        .current_dir(root)
        // As Anchor does it: what a warning means to the outer build must not stop this one.
        .env("RUSTFLAGS", "-A warnings")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("CARGO_PROFILE_DEV_DEBUG", "false");
    let output = cargo.output().map_err(|error| format!("cargo does not start: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(format!("the program does not print its IDL: {cargo:?}\n{}{}", text(&output.stdout), text(&output.stderr)).into())
    }
}

/// An event as its test prints it: with every type that it is made of.
#[derive(Deserialize)]
struct EventPart {
    event: IdlEvent,
    types: Vec<IdlTypeDef>,
}

/// Puts the printed parts together; instructions, accounts, events and types are sorted by name.
fn assemble(printed: &str) -> Result<Idl> {
    let [address] = parts(printed, "address")?[..] else { return Err("the program prints no address, or several".into()) };
    let [program] = parts(printed, "program")?[..] else { return Err("the program prints no instructions, or several times".into()) };
    let mut idl: Idl = parse("program", program)?;
    idl.address = address.trim().to_owned();
    let mut types = BTreeMap::new();
    for def in core::mem::take(&mut idl.types) {
        add(&mut types, def)?;
    }
    for part in parts(printed, "event")? {
        let part: EventPart = parse("event", part)?;
        idl.events.push(part.event);
        for def in part.types {
            add(&mut types, def)?;
        }
    }
    for part in parts(printed, "errors")? {
        idl.errors.extend(parse::<Vec<IdlErrorCode>>("errors", part)?);
    }
    idl.types = types.into_values().collect();
    idl.accounts.sort_by(|a, b| a.name.cmp(&b.name));
    idl.events.sort_by(|a, b| a.name.cmp(&b.name));
    idl.instructions.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(idl)
}

/// The texts between the marks of one kind.
fn parts<'a>(printed: &'a str, kind: &str) -> Result<Vec<&'a str>> {
    let (begin, end) = (format!("--- IDL begin {kind} ---\n"), format!("\n--- IDL end {kind} ---"));
    printed
        .split(begin.as_str())
        .skip(1)
        .map(|rest| rest.split_once(&end).map(|(part, _)| part).ok_or_else(|| format!("a part of kind {kind} has no end").into()))
        .collect()
}

fn parse<T: DeserializeOwned>(kind: &str, part: &str) -> Result<T> {
    serde_json::from_str(part).map_err(|error| format!("the part of kind {kind} is not what it should be: {error}\n{part}").into())
}

/// Adds a type. One that comes up often must be the same each time.
fn add(types: &mut BTreeMap<String, IdlTypeDef>, def: IdlTypeDef) -> Result<()> {
    match types.get(&def.name) {
        Some(known) if *known != def => Err(format!("two types are named {}", def.name).into()),
        _ => {
            types.insert(def.name.clone(), def);
            Ok(())
        }
    }
}

/// Checks what a client relies on: discriminators tell things apart, and every type that is named is there.
fn verify(idl: &Idl) -> Result<()> {
    let kinds = [
        idl.instructions.iter().map(|it| (it.name.as_str(), it.discriminator.as_slice())).collect::<Vec<_>>(),
        idl.accounts.iter().map(|it| (it.name.as_str(), it.discriminator.as_slice())).collect(),
        idl.events.iter().map(|it| (it.name.as_str(), it.discriminator.as_slice())).collect(),
    ];
    for kind in kinds {
        for (i, (name, discriminator)) in kind.iter().enumerate() {
            if discriminator.iter().all(|byte| *byte == 0) {
                return Err(format!("{name} has no discriminator").into());
            }
            if let Some((other, _)) = kind.iter().skip(i + 1).find(|(_, other)| other == discriminator) {
                return Err(format!("{name} and {other} have the same discriminator").into());
            }
        }
    }
    let roots = idl.types.iter().map(|def| def.name.as_str());
    for name in roots.chain(idl.accounts.iter().map(|it| it.name.as_str())).chain(idl.events.iter().map(|it| it.name.as_str())) {
        layout::Layout::of(idl, name, 0)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_what_stands_between_the_marks() {
        let printed =
            "running\n--- IDL begin event ---\n{1}\n--- IDL end event ---\nok\n--- IDL begin event ---\n{2}\n--- IDL end event ---";
        assert_eq!(parts(printed, "event").unwrap(), ["{1}", "{2}"]);
        assert!(parts(printed, "errors").unwrap().is_empty());
        assert!(parts("--- IDL begin event ---\n{1}", "event").is_err());
    }

    #[test]
    fn a_program_that_prints_nothing_is_an_error() {
        assert_eq!(assemble("running 0 tests").unwrap_err().to_string(), "the program prints no address, or several");
    }
}
