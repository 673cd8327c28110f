//! What Anchor's derives leave out of the IDL or write in a way that clients misread, each with its reason.

use {
    super::Result,
    anchor_lang_idl_spec::{
        Idl, IdlInstructionAccount, IdlInstructionAccountItem, IdlPda, IdlSeed, IdlSeedAccount, IdlSeedArg, IdlSeedConst,
    },
    sessions_core::state::{SEED_SESSION, SEED_VAULT},
};

/// Completes an IDL as Anchor prints it.
pub fn complete(idl: &mut Idl) -> Result<()> {
    // Anchor writes the same version into every IDL; a workspace has one for all of its packages.
    idl.metadata.version = env!("CARGO_PKG_VERSION").to_owned();

    for instruction in &mut idl.instructions {
        for item in &mut instruction.accounts {
            if let IdlInstructionAccountItem::Single(account) = item
                && account.address.as_ref().is_some_and(|address| address.contains('.'))
            {
                // A path to a field stands where clients expect an address; the documentation says the same.
                account.address = None;
            }
        }
    }

    // Seeds that are fields of an argument or come through `Stored` are not recognized.
    for instruction in ["request_session", "open_session"] {
        let seeds = vec![constant(SEED_SESSION), account("creator"), IdlSeed::Arg(IdlSeedArg { path: "args.id".to_owned() })];
        put_seeds(idl, instruction, "session", seeds)?;
    }
    put_seeds(idl, "reclaim_session", "vault", vec![constant(SEED_VAULT), account("session")])
}

fn constant(value: &[u8]) -> IdlSeed {
    IdlSeed::Const(IdlSeedConst { value: value.to_vec() })
}

fn account(path: &str) -> IdlSeed {
    IdlSeed::Account(IdlSeedAccount { path: path.to_owned(), account: None })
}

fn put_seeds(idl: &mut Idl, instruction: &str, name: &str, seeds: Vec<IdlSeed>) -> Result<()> {
    let known = idl.instructions.iter_mut().find(|it| it.name == instruction).ok_or_else(|| format!("there is no {instruction}"))?;
    let account = known.accounts.iter_mut().find_map(|item| match item {
        IdlInstructionAccountItem::Single(account) if account.name == name => Some(account),
        _ => None,
    });
    match account {
        Some(IdlInstructionAccount { pda: pda @ None, .. }) => {
            *pda = Some(IdlPda { seeds, program: None });
            Ok(())
        }
        Some(_) => Err(format!("Anchor knows the seeds of {name} in {instruction} now: take them out of this list").into()),
        None => Err(format!("{instruction} has no account {name}").into()),
    }
}
