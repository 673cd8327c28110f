//! What Anchor's derives leave out of the IDL or write in a way that clients misread, each with its reason.

use {
    super::Result,
    anchor_lang_idl_spec::{
        Idl, IdlDefinedFields, IdlInstructionAccount, IdlInstructionAccountItem, IdlPda, IdlSeed, IdlSeedAccount, IdlSeedArg, IdlSeedConst,
        IdlSerialization, IdlType, IdlTypeDef, IdlTypeDefTy,
    },
    sessions_core::{
        rules::{functions::MAX_CALLS, messages::MAX_MESSAGE},
        state::{
            SEED_ALLOWANCE, SEED_FUNCTION, SEED_GRANT, SEED_INVITATION, SEED_MEMBER, SEED_PROPERTY, SEED_SESSION, SEED_TOKEN, SEED_VAULT,
        },
    },
};

/// An address that follows from the accounts and arguments of these instructions.
struct Derived {
    instructions: &'static [&'static str],
    account: &'static str,
    seed: &'static [u8],
    /// The accounts and arguments whose bytes follow the first seed.
    rest: &'static [&'static str],
}

/// Begins the path of a seed that is an argument.
const ARGUMENT: &str = "args.";

/// Addresses that Anchor does not recognize: seeds that are fields of an argument or come through `Stored`, and accounts that are derived by
/// a handler or not at all, because what they hold is checked instead. Left out is what only an account's content tells, the membership of a
/// signer that may be a session key, and the allowance that `spend` pays from, whose last seed stands for SOL and is no account.
///
/// The last seed of a function's address is nine bytes, which stand here as two seeds: what is hashed is the same.
const DERIVED: &[Derived] = &[
    Derived { instructions: &["request_session", "open_session"], account: "session", seed: SEED_SESSION, rest: &["creator", "args.id"] },
    Derived { instructions: &["request_session", "open_session"], account: "member", seed: SEED_MEMBER, rest: &["session", "creator"] },
    Derived {
        instructions: &[
            "compose_functions",
            "deposit",
            "execute_function",
            "reclaim_session",
            "register_function",
            "set_allowance",
            "spend",
            "spend_tokens",
            "withdraw",
        ],
        account: "vault",
        seed: SEED_VAULT,
        rest: &["session"],
    },
    Derived {
        instructions: &[
            "accept_authority",
            "accept_invitation",
            "clear_session_key",
            "join_session",
            "join_with_token",
            "leave_session",
            "set_session_key",
        ],
        account: "member",
        seed: SEED_MEMBER,
        rest: &["session", "wallet"],
    },
    Derived {
        instructions: &["invite_member", "create_invite_token"],
        account: "inviter_member",
        seed: SEED_MEMBER,
        rest: &["session", "inviter"],
    },
    Derived { instructions: &["remove_member"], account: "remover_member", seed: SEED_MEMBER, rest: &["session", "remover"] },
    Derived { instructions: &["invite_member"], account: "invitation", seed: SEED_INVITATION, rest: &["session", "args.member"] },
    Derived {
        instructions: &["accept_invitation", "decline_invitation"],
        account: "invitation",
        seed: SEED_INVITATION,
        rest: &["session", "wallet"],
    },
    Derived { instructions: &["create_invite_token"], account: "invite_token", seed: SEED_TOKEN, rest: &["session", "args.token"] },
    Derived { instructions: &["join_with_token"], account: "invite_token", seed: SEED_TOKEN, rest: &["session", "token"] },
    Derived { instructions: &["set_property"], account: "property", seed: SEED_PROPERTY, rest: &["session", "args.key"] },
    Derived { instructions: &["write_property"], account: "property", seed: SEED_PROPERTY, rest: &["owner", "args.key"] },
    Derived {
        instructions: &["register_function"],
        account: "function",
        seed: SEED_FUNCTION,
        rest: &["session", "program", "args.selector_length", "args.selector"],
    },
    Derived { instructions: &["set_allowance"], account: "allowance", seed: SEED_ALLOWANCE, rest: &["member", "args.mint"] },
    Derived { instructions: &["spend_tokens"], account: "allowance", seed: SEED_ALLOWANCE, rest: &["member", "mint"] },
    Derived { instructions: &["grant_access"], account: "grant", seed: SEED_GRANT, rest: &["session", "reader"] },
    Derived { instructions: &["read_property", "write_property"], account: "grant", seed: SEED_GRANT, rest: &["owner", "session"] },
];

/// The type that an event's message has in memory, where it has room for the longest.
const MESSAGE_BYTES: &str = "MessageBytes";

/// Accounts that may be left out, with this program in their place, and whether they are written where they are not. The program takes them as
/// accounts of any kind, which is cheaper.
const LEFT_OUT: &[(&str, &[(&str, bool)])] = &[
    ("deposit", &[("mint", false), ("depositor_tokens", true), ("vault_tokens", true), ("token_program", false)]),
    ("withdraw", &[("mint", false), ("vault_tokens", true), ("recipient_tokens", true), ("token_program", false)]),
];

/// Mends what Anchor prints wrong of any program.
pub fn tidy(idl: &mut Idl) {
    // Anchor writes the same version into every IDL; a workspace has one for all of its packages.
    idl.metadata.version = env!("CARGO_PKG_VERSION").to_owned();
    for item in idl.instructions.iter_mut().flat_map(|instruction| &mut instruction.accounts) {
        if let IdlInstructionAccountItem::Single(account) = item
            && account.address.as_ref().is_some_and(|address| address.contains('.'))
        {
            // A path to a field stands where clients expect an address; the documentation says the same.
            account.address = None;
        }
    }
}

/// Completes the session program's IDL.
pub fn complete(idl: &mut Idl) -> Result<()> {
    for instruction in &mut idl.instructions {
        // An argument that is no struct's field has no place for documentation.
        for argument in instruction.args.iter_mut().filter(|argument| argument.docs.is_empty()) {
            match argument.ty {
                IdlType::Bytes => argument.docs = vec![format!("What the message says: at most {MAX_MESSAGE} bytes.")],
                IdlType::Vec(_) => argument.docs = vec![format!("The calls, in their order: 1 to {MAX_CALLS}.")],
                _ => {}
            }
        }
    }
    for derived in DERIVED {
        derived.instructions.iter().try_for_each(|instruction| put_seeds(idl, instruction, derived))?;
    }
    for (instruction, accounts) in LEFT_OUT {
        for (name, writable) in *accounts {
            let account = account(idl, instruction, name)?;
            (account.optional, account.writable) = (true, *writable);
        }
    }
    let cut = idl.types.iter_mut().map(cut_message).filter(|cut| *cut).count();
    if cut == 0 {
        return Err(format!("no event ends with {MESSAGE_BYTES}: take it out of here").into());
    }
    idl.types.retain(|def| def.name != MESSAGE_BYTES);
    Ok(())
}

fn seed(path: &str) -> IdlSeed {
    let path = path.to_owned();
    if path.starts_with(ARGUMENT) { IdlSeed::Arg(IdlSeedArg { path }) } else { IdlSeed::Account(IdlSeedAccount { path, account: None }) }
}

/// The account of an instruction with this name.
fn account<'a>(idl: &'a mut Idl, instruction: &str, name: &str) -> Result<&'a mut IdlInstructionAccount> {
    let known = idl.instructions.iter_mut().find(|it| it.name == instruction).ok_or_else(|| format!("there is no {instruction}"))?;
    let account = known.accounts.iter_mut().find_map(|item| match item {
        IdlInstructionAccountItem::Single(account) if account.name == name => Some(account),
        _ => None,
    });
    account.ok_or_else(|| format!("{instruction} has no account {name}").into())
}

fn put_seeds(idl: &mut Idl, instruction: &str, derived: &Derived) -> Result<()> {
    let name = derived.account;
    let IdlInstructionAccount { pda: pda @ None, .. } = account(idl, instruction, name)? else {
        return Err(format!("Anchor knows the seeds of {name} in {instruction} now: take them out of this list").into());
    };
    let first = IdlSeed::Const(IdlSeedConst { value: derived.seed.to_vec() });
    let seeds = [first].into_iter().chain(derived.rest.iter().map(|path| seed(path))).collect();
    *pda = Some(IdlPda { seeds, program: None });
    Ok(())
}

/// Writes an event's message as what it is in the log, a length and as many bytes, which only Borsh can say; tells whether there is one.
fn cut_message(def: &mut IdlTypeDef) -> bool {
    let IdlTypeDefTy::Struct { fields: Some(IdlDefinedFields::Named(fields)) } = &mut def.ty else { return false };
    match fields.last_mut() {
        Some(last) if matches!(&last.ty, IdlType::Defined { name, .. } if name == MESSAGE_BYTES) => {
            last.ty = IdlType::Bytes;
            (def.serialization, def.repr) = (IdlSerialization::Borsh, None);
            true
        }
        _ => false,
    }
}
