//! The committed IDL and protocol page, made again and compared; and what they say, held against `sessions-core` and the program itself.

mod places;
mod steps;

use {
    anchor_lang_idl_spec::Idl,
    core::mem::size_of,
    sessions_core::{
        AccessGrantState, Address, AllowanceState, FunctionState, InvitationState, InviteTokenState, MemberState, PropertyState,
        SessionError, SessionState,
        error::ERROR_OFFSET,
        events::{self, AnyEvent, Event},
        for_each_event,
        rules::messages::MAX_MESSAGE,
    },
    sessions_tests::idl::{self, ARENA_FILE, IDL_FILE, PAGE_FILE, Result, facts, layout::Layout, page, tables},
    std::{collections::BTreeMap, fs, path::Path, sync::LazyLock},
};

/// The IDL, made once for all tests.
fn idl() -> &'static Idl {
    static IDL: LazyLock<std::result::Result<Idl, String>> = LazyLock::new(|| idl::generate().map_err(|error| error.to_string()));
    IDL.as_ref().unwrap_or_else(|error| panic!("{error}"))
}

/// Compares a committed file with what it should be; the difference is told by its first line.
#[track_caller]
fn is_committed(file: &str, made: Result<String>) {
    let made = made.unwrap_or_else(|error| panic!("{error}"));
    let committed = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap_or_default();
    if committed != made {
        let lines = (1..).zip(committed.lines().chain(["(end)"]).zip(made.lines().chain(["(end)"])));
        let first = lines.clone().find(|(_, (was, is))| was != is).or(lines.last());
        let (number, (was, is)) = first.unwrap();
        let name = file.trim_start_matches("../");
        panic!("{name} is not what the program says: look at the difference, then run `make protocol`\nline {number}\n- {was}\n+ {is}");
    }
}

#[test]
fn the_committed_idl_is_the_programs() {
    is_committed(IDL_FILE, idl::to_json(idl()));
}

#[test]
fn the_committed_idl_of_the_arena_is_the_arenas() {
    is_committed(ARENA_FILE, idl::generate_arena().and_then(|idl| idl::to_json(&idl)));
}

#[test]
fn the_committed_page_is_the_programs() {
    is_committed(PAGE_FILE, page::to_markdown(idl()));
}

#[test]
fn the_idl_says_which_program_it_is_of() {
    let idl = idl();
    assert_eq!(idl.address, sessions::ID.to_string());
    assert_eq!((idl.metadata.name.as_str(), idl.metadata.spec.as_str()), ("sessions", "0.1.0"));
    assert!(idl.metadata.description.as_ref().is_some_and(|text| !text.is_empty()));
}

#[test]
fn accounts_are_those_of_the_core() {
    let core = BTreeMap::from([
        (SessionState::NAME, SessionState::DISCRIMINATOR),
        (MemberState::NAME, MemberState::DISCRIMINATOR),
        (InvitationState::NAME, InvitationState::DISCRIMINATOR),
        (InviteTokenState::NAME, InviteTokenState::DISCRIMINATOR),
        (PropertyState::NAME, PropertyState::DISCRIMINATOR),
        (FunctionState::NAME, FunctionState::DISCRIMINATOR),
        (AllowanceState::NAME, AllowanceState::DISCRIMINATOR),
        (AccessGrantState::NAME, AccessGrantState::DISCRIMINATOR),
    ]);
    let idl = idl().accounts.iter().map(|account| (account.name.as_str(), account.discriminator[..].try_into().unwrap()));
    assert_eq!(idl.collect::<BTreeMap<_, _>>(), core);
}

#[test]
fn events_are_those_of_the_core() {
    macro_rules! catalogue {
        ($(
            $(#[$doc:meta])* $name:ident = $discriminator:literal $(+ $tail:ident)? {
                $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)?
            }
        )+) => {
            [$((events::$name::NAME, events::$name::DISCRIMINATOR, size_of::<events::$name>(), [$(stringify!($tail))?].as_slice())),+]
        };
    }
    let core: &[(&str, [u8; 8], usize, &[&str])] = &for_each_event!(catalogue);
    assert_eq!(core.len(), AnyEvent::NAMES.len());
    assert_eq!(core.len(), idl().events.len());
    for (name, discriminator, size, tail) in core {
        let event = idl().events.iter().find(|event| event.name == *name).unwrap_or_else(|| panic!("the IDL has no event {name}"));
        assert_eq!(event.discriminator, discriminator, "{name}");
        let layout = Layout::of(idl(), name, 8).unwrap();
        // In memory an event that ends with a message has room for the longest.
        let room = if tail.is_empty() { 0 } else { MAX_MESSAGE };
        assert_eq!(8 + layout.size.least + room, *size, "{name}");
        assert_eq!(layout.size.exact().is_none(), !tail.is_empty(), "{name}");
        assert_eq!(layout.rows.iter().filter(|row| row.ty == "bytes").map(|row| row.path.as_str()).collect::<Vec<_>>(), *tail, "{name}");
    }
}

#[test]
fn errors_are_those_of_the_core() {
    let core = SessionError::ALL.iter().map(|error| (error.code(), error.name(), Some(error.message())));
    let idl = idl().errors.iter().map(|error| (error.code, error.name.as_str(), error.msg.as_deref()));
    assert!(idl.eq(core));
    assert_eq!(SessionError::ALL[0].code(), ERROR_OFFSET);
}

#[test]
fn every_account_that_is_an_address_is_one() {
    for instruction in &idl().instructions {
        for account in tables::singles(instruction).unwrap() {
            if let Some(address) = &account.address {
                assert!(address.parse::<Address>().is_ok(), "{} of {}: {address}", account.name, instruction.name);
            }
        }
    }
}

#[test]
fn every_event_and_every_error_has_its_place() {
    for name in AnyEvent::NAMES {
        assert!(facts::all().any(|facts| facts.events.contains(name)), "no instruction tells {name}");
    }
    for error in SessionError::ALL {
        let given = facts::all().any(|facts| facts.loading().chain(facts.refusals()).any(|it| it == *error));
        assert!(given, "no instruction answers {}", error.name());
    }
}
