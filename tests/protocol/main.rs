//! The committed IDL and protocol page, made again and compared; and what they say, held against `sessions-core` and the program itself.

mod steps;

use {
    anchor_lang_idl_spec::{Idl, IdlSeed},
    core::mem::{offset_of, size_of},
    sessions_core::{
        Address, SessionError, SessionState,
        error::ERROR_OFFSET,
        events::{self, AnyEvent, Event, EventHeader},
        for_each_event,
        rules::{config::SessionConfig, quotas::Quotas},
        state::AccountHeader,
    },
    sessions_tests::idl::{self, IDL_FILE, PAGE_FILE, Result, facts, layout::Layout, page, tables},
    std::{fs, path::Path, sync::LazyLock},
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
fn discriminators_are_those_of_the_core() {
    let [account] = &idl().accounts[..] else { panic!("{:?}", idl().accounts) };
    assert_eq!((account.name.as_str(), &account.discriminator[..]), (SessionState::NAME, &SessionState::DISCRIMINATOR[..]));

    macro_rules! discriminators {
        ($($(#[$doc:meta])* $name:ident = $discriminator:literal { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? })+) => {
            [$((events::$name::NAME, events::$name::DISCRIMINATOR, size_of::<events::$name>())),+]
        };
    }
    let core = for_each_event!(discriminators);
    assert_eq!(core.len(), AnyEvent::NAMES.len());
    assert_eq!(core.len(), idl().events.len());
    for (name, discriminator, size) in core {
        let event = idl().events.iter().find(|event| event.name == name).unwrap_or_else(|| panic!("the IDL has no event {name}"));
        assert_eq!(event.discriminator, discriminator, "{name}");
        assert_eq!(8 + Layout::of(idl(), name, 8).unwrap().size.1, size, "{name}");
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
fn offsets_are_those_of_the_memory() {
    let session = page::session_layout(idl()).unwrap();
    assert_eq!(8 + session.size.1, SessionState::SIZE);
    let fields = [
        ("header.payer", offset_of!(SessionState, header.payer), 32),
        ("header.version", offset_of!(SessionState, header.version), 1),
        ("id", offset_of!(SessionState, id), 32),
        ("authority", offset_of!(SessionState, authority), 32),
        ("config", offset_of!(SessionState, config), size_of::<SessionConfig>()),
        ("config.quotas.units.limit", offset_of!(SessionState, config.quotas.units.limit), 8),
        ("config.settings", offset_of!(SessionState, config.settings), 2),
        ("usage.bytes.window", offset_of!(SessionState, usage.bytes.window), 8),
        ("step_deadline", offset_of!(SessionState, step_deadline), 8),
        ("checkpoint_root", offset_of!(SessionState, checkpoint_root), 32),
        ("children", offset_of!(SessionState, children), 4),
        ("status", offset_of!(SessionState, status), 1),
        ("close_reason", offset_of!(SessionState, close_reason), 1),
        ("reserved", offset_of!(SessionState, reserved), 64),
    ];
    for (path, offset, size) in fields {
        let row = session.row(path).unwrap();
        assert_eq!((row.offset, row.size), (Some(8 + offset), (size, size)), "{path}");
    }

    let types = [
        ("AccountHeader", size_of::<AccountHeader>()),
        ("EventHeader", size_of::<EventHeader>()),
        ("Quotas", size_of::<Quotas>()),
        ("SessionConfig", size_of::<SessionConfig>()),
        ("SessionState", size_of::<SessionState>()),
    ];
    for (name, size) in types {
        assert_eq!(Layout::of(idl(), name, 0).unwrap().size, (size, size), "{name}");
    }

    let created = Layout::of(idl(), "SessionCreated", 8).unwrap();
    let of = |path: &str| created.row(path).unwrap().offset;
    assert_eq!(of("header.time"), Some(offset_of!(events::SessionCreated, header.time)));
    assert_eq!(of("creator"), Some(offset_of!(events::SessionCreated, creator)));
    assert_eq!(of("config.kind"), Some(offset_of!(events::SessionCreated, config.kind)));
}

#[test]
fn seeds_lead_to_the_addresses_that_the_client_derives() {
    let (creator, id, session) = (Address::new_from_array([1; 32]), [2; 32], Address::new_from_array([3; 32]));
    let derived = |instruction: &str, account: &str| {
        let instruction = idl().instructions.iter().find(|it| it.name == instruction).unwrap();
        let account = tables::singles(instruction).unwrap().into_iter().find(|it| it.name == account).unwrap();
        let seed = |seed: &IdlSeed| match seed {
            IdlSeed::Const(constant) => constant.value.clone(),
            IdlSeed::Arg(argument) if argument.path == "args.id" => id.to_vec(),
            IdlSeed::Account(account) if account.path == "creator" => creator.to_bytes().to_vec(),
            IdlSeed::Account(account) if account.path == "session" => session.to_bytes().to_vec(),
            other => panic!("{other:?}"),
        };
        let seeds: Vec<_> = account.pda.as_ref().unwrap().seeds.iter().map(seed).collect();
        let seeds: Vec<_> = seeds.iter().map(Vec::as_slice).collect();
        Address::find_program_address(&seeds, &sessions::ID).0
    };
    for creating in ["request_session", "open_session"] {
        assert_eq!(derived(creating, "session"), sessions_client::address::session(&creator, &id));
    }
    assert_eq!(derived("reclaim_session", "vault"), sessions_client::address::vault(&session));
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
        assert!(facts::INSTRUCTIONS.iter().any(|facts| facts.events.contains(name)), "no instruction tells {name}");
    }
    for error in SessionError::ALL {
        let given = facts::INSTRUCTIONS.iter().any(|facts| facts.loading.contains(error) || facts.refusals.contains(error));
        assert_ne!(given, facts::LATER.contains(error), "{}", error.name());
    }
}
