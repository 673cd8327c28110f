//! Where things are: fields in accounts, events and the heads of both, and the accounts themselves.

use {
    super::idl,
    anchor_lang_idl_spec::IdlSeed,
    bytemuck::Zeroable,
    core::mem::{offset_of, size_of},
    sessions_client::{
        address,
        instruction::{self, Acting, FunctionCall, SetPropertyArgs},
    },
    sessions_core::{
        AccessGrantState, Address, AllowanceState, FunctionState, InvitationState, InviteTokenState, MemberState, PropertyState,
        SessionState,
        events::{Event, EventHeader, MessageBroadcast, MessageSent, SessionCreated},
        rules::{
            allowance::AllowanceTerms,
            config::{SessionConfig, SessionUpdate},
            functions::{MAX_SELECTOR, Selector},
            membership::{MemberUpdate, Rights, Terms},
            quotas::{Quotas, Usage},
        },
        state::{AccountHeader, DISCRIMINATOR_LEN, MAX_VALUE, Offer, Standing},
    },
    sessions_tests::idl::{
        layout::{Layout, Size},
        page::account_layout,
        tables,
    },
    solana_instruction::{AccountMeta, Instruction},
    std::collections::BTreeMap,
};

/// Compares fields of an account with those of the type that the program reads it as.
macro_rules! places {
    ($type:ty: $($($field:ident).+),+ $(,)?) => {{
        let layout = account_layout(idl(), <$type>::NAME).unwrap();
        assert_eq!(DISCRIMINATOR_LEN + layout.size.exact().unwrap(), <$type>::SIZE, "{}", <$type>::NAME);
        let zeroed: $type = Zeroable::zeroed();
        $(
            let path = stringify!($($field).+).replace(' ', "");
            let row = layout.row(&path).unwrap();
            let size = Size::fixed(size_of_val(&zeroed.$($field).+));
            let offset = DISCRIMINATOR_LEN + offset_of!($type, $($field).+);
            assert_eq!((row.offset, row.size), (Some(offset), size), "{path}");
        )+
    }};
}

#[test]
fn fields_of_accounts_are_where_the_memory_has_them() {
    places!(
        SessionState: header.payer, header.version, id, authority, config, config.quotas.units.limit, config.settings, usage.bytes.window,
        step_deadline, message_head, checkpoint_root, vault, executions, compute_units, last_active_at, children, status, close_reason, vault_bump,
        reserved,
    );
    places!(
        MemberState: header.epoch, session, wallet, rights, rights.quotas.bytes.window_seconds, rights.expires_at, rights.role,
        usage.operations.total, session_key, key_expires_at, join_revision, gone_revision, executions, compute_units, last_active_at, key_permissions,
        status, reserved,
    );
    places!(InvitationState: header.bump, session, target, offer.inviter, offer.session_revision, offer.rights.permissions, reserved);
    places!(InviteTokenState: session, token, offer.inviter_join_revision, offer.expires_at, offer.rights, uses, uses_left, reserved);
    places!(
        FunctionState: session, program, units, selector, selector_length, composable, padding, reserved,
    );
    places!(
        AllowanceState: session, member, mint, terms, terms.quota.window_seconds, terms.per_call, terms.destinations,
        terms.destination_count, used.in_window, join_revision, reserved,
    );
    places!(AccessGrantState: session, reader, reader_epoch, expires_at, rights, padding, reserved);
    places!(PropertyState: session, key, writer, version, written_at, capacity, length, key_length, reserved);
}

#[test]
fn types_have_the_size_of_the_memory() {
    let types = [
        ("AccountHeader", size_of::<AccountHeader>()),
        ("AllowanceTerms", size_of::<AllowanceTerms>()),
        ("EventHeader", size_of::<EventHeader>()),
        ("MemberUpdate", size_of::<MemberUpdate>()),
        ("Offer", size_of::<Offer>()),
        ("Quotas", size_of::<Quotas>()),
        ("Rights", size_of::<Rights>()),
        ("SessionConfig", size_of::<SessionConfig>()),
        ("SessionUpdate", size_of::<SessionUpdate>()),
        ("Standing", size_of::<Standing>()),
        ("Terms", size_of::<Terms>()),
        ("Usage", size_of::<Usage>()),
    ];
    for (name, size) in types {
        assert_eq!(Layout::of(idl(), name, 0).unwrap().size, Size::fixed(size), "{name}");
    }
}

#[test]
fn fields_of_events_are_where_the_memory_has_them() {
    let offset = |event: &str, path: &str| Layout::of(idl(), event, DISCRIMINATOR_LEN).unwrap().row(path).unwrap().offset;
    assert_eq!(offset("SessionCreated", "header.time"), Some(offset_of!(SessionCreated, header.time)));
    assert_eq!(offset("SessionCreated", "creator"), Some(offset_of!(SessionCreated, creator)));
    assert_eq!(offset("SessionCreated", "config.kind"), Some(offset_of!(SessionCreated, config.kind)));
    assert_eq!(offset("MessageBroadcast", "head"), Some(offset_of!(MessageBroadcast, head)));
    assert_eq!(offset("MessageBroadcast", "message"), Some(offset_of!(MessageBroadcast, message)));
    assert_eq!(offset("MessageSent", "recipient"), Some(offset_of!(MessageSent, recipient)));
    assert_eq!(offset("MessageSent", "message"), Some(offset_of!(MessageSent, message)));
}

#[test]
fn fields_of_an_answer_are_where_the_memory_has_them() {
    let layout = Layout::of(idl(), "Standing", 0).unwrap();
    macro_rules! fields {
        ($($field:ident),+) => {
            [$((stringify!($field), Some(offset_of!(Standing, $field)))),+]
        };
    }
    let memory = fields!(session_id, seconds_left, operations_left, units_left, bytes_left, permissions, reserved);
    assert_eq!(layout.rows.iter().map(|row| (row.path.as_str(), row.offset)).collect::<Vec<_>>(), memory);
}

#[test]
fn a_property_has_its_value_behind_its_layout() {
    let layout = account_layout(idl(), PropertyState::NAME).unwrap();
    let behind = DISCRIMINATOR_LEN + layout.size.least;
    assert_eq!(PropertyState::size_with(MAX_VALUE as u16, 0).unwrap(), behind + MAX_VALUE);
}

/// A list as the page has it: a count in a `u32` and as many elements.
#[test]
fn calls_have_their_count_before_them() {
    let [wallet, session, program] = [1, 2, 3].map(|byte| Address::new_from_array([byte; 32]));
    let call = Instruction { program_id: program, accounts: vec![AccountMeta::new(address::vault(&session), true)], data: vec![7, 8] };
    let call = FunctionCall { selector: Selector::new(&[7]).unwrap(), instruction: call };
    let sent = instruction::compose_functions(Acting::wallet(session, wallet), &[call], &[]);
    let named = idl().instructions.iter().find(|it| it.name == "compose_functions").unwrap();
    let element = [&[3][..], &bytes(&[128]), &bytes(&[7, 8])].concat();
    assert_eq!(sent.data, [&named.discriminator[..], &1_u32.to_le_bytes(), &element].concat());
}

/// `bytes` as the page has it: a length in a `u32` and as many bytes.
fn bytes(data: &[u8]) -> Vec<u8> {
    [&u32::try_from(data.len()).unwrap().to_le_bytes()[..], data].concat()
}

#[test]
fn bytes_have_their_length_before_them() {
    let [signer, session] = [1, 2].map(|byte| Address::new_from_array([byte; 32]));
    let discriminator = |name: &str| idl().instructions.iter().find(|it| it.name == name).unwrap().discriminator.clone();

    let sent = instruction::broadcast_message(signer, session, signer, b"hello");
    assert_eq!(sent.data, [discriminator("broadcast_message"), bytes(b"hello")].concat());

    let args = SetPropertyArgs { expected_version: 7, capacity: 9, key: b"key", value: b"value" };
    let set = instruction::set_property(signer, signer, session, signer, args);
    let fixed = [&7_u64.to_le_bytes()[..], &9_u16.to_le_bytes()].concat();
    assert_eq!(set.data, [discriminator("set_property"), fixed, bytes(b"key"), bytes(b"value")].concat());

    let mut event = MessageBroadcast::zeroed();
    event.message.put(b"hello");
    assert_eq!(event.wire()[offset_of!(MessageBroadcast, message)..], bytes(b"hello"));
}

#[test]
fn the_program_stands_for_an_account_that_is_left_out() {
    let [signer, session, wallet] = [1, 2, 3].map(|byte| Address::new_from_array([byte; 32]));
    let instruction = idl().instructions.iter().find(|it| it.name == "remove_member").unwrap();
    let optional = tables::singles(instruction).unwrap().iter().position(|account| account.optional).unwrap();
    let removal = instruction::remove_expired_member(signer, session, wallet);
    assert_eq!(removal.accounts[optional].pubkey, sessions::ID);
}

/// What the seeds of accounts in the IDL lead to, by instruction and account, when every account and argument has bytes of its own.
fn derived() -> BTreeMap<(&'static str, &'static str), Address> {
    let mut all = BTreeMap::new();
    for instruction in &idl().instructions {
        for account in tables::singles(instruction).unwrap() {
            let Some(pda) = &account.pda else { continue };
            let seed = |seed: &IdlSeed| match seed {
                IdlSeed::Const(constant) => constant.value.clone(),
                IdlSeed::Arg(of) => argument(&of.path),
                IdlSeed::Account(account) => named(&account.path).to_bytes().to_vec(),
            };
            let seeds: Vec<_> = pda.seeds.iter().map(seed).collect();
            let seeds: Vec<_> = seeds.iter().map(Vec::as_slice).collect();
            let address = Address::find_program_address(&seeds, &sessions::ID).0;
            all.insert((instruction.name.as_str(), account.name.as_str()), address);
        }
    }
    all
}

/// The bytes that an argument has in [`derived`]: as many as it has.
fn argument(path: &str) -> Vec<u8> {
    let length = match path {
        "args.selector_length" => 1,
        "args.selector" => MAX_SELECTOR,
        _ => 32,
    };
    named(path).to_bytes()[..length].to_vec()
}

/// The address that an account or argument has in [`derived`].
fn named(path: &str) -> Address {
    let mut bytes = [0; 32];
    bytes.iter_mut().zip(path.bytes()).for_each(|(to, from)| *to = from);
    Address::new_from_array(bytes)
}

#[test]
fn seeds_lead_to_the_addresses_that_the_client_derives() {
    let session = named("session");
    let member = |wallet: &str| address::member(&session, &named(wallet));
    let invitation = |wallet: &str| address::invitation(&session, &named(wallet));
    let begun = address::session(&named("creator"), &named("args.id").to_bytes());
    let selector = Selector { bytes: argument("args.selector").try_into().unwrap(), length: argument("args.selector_length")[0] };
    let vaults = [
        "compose_functions",
        "deposit",
        "execute_function",
        "reclaim_session",
        "register_function",
        "set_allowance",
        "spend",
        "spend_tokens",
        "withdraw",
    ];
    let mut expected = BTreeMap::from([
        (("accept_authority", "member"), member("wallet")),
        (("accept_invitation", "invitation"), invitation("wallet")),
        (("accept_invitation", "member"), member("wallet")),
        (("clear_session_key", "member"), member("wallet")),
        (("create_invite_token", "invite_token"), address::invite_token(&session, &named("args.token"))),
        (("create_invite_token", "inviter_member"), member("inviter")),
        (("decline_invitation", "invitation"), invitation("wallet")),
        (("grant_access", "grant"), address::grant(&session, &named("reader"))),
        (("invite_member", "invitation"), invitation("args.member")),
        (("invite_member", "inviter_member"), member("inviter")),
        (("join_session", "member"), member("wallet")),
        (("join_with_token", "invite_token"), address::invite_token(&session, &named("token"))),
        (("join_with_token", "member"), member("wallet")),
        (("leave_session", "member"), member("wallet")),
        (("open_session", "member"), member("creator")),
        (("open_session", "session"), begun),
        (("read_property", "grant"), address::grant(&named("owner"), &session)),
        (("register_function", "function"), address::function(&session, &named("program"), &selector)),
        (("remove_member", "remover_member"), member("remover")),
        (("request_session", "member"), member("creator")),
        (("request_session", "session"), begun),
        (("set_allowance", "allowance"), address::allowance(&named("member"), &named("args.mint"))),
        (("set_property", "property"), address::property(&session, &named("args.key").to_bytes())),
        (("set_session_key", "member"), member("wallet")),
        (("spend_tokens", "allowance"), address::allowance(&named("member"), &named("mint"))),
        (("write_property", "grant"), address::grant(&named("owner"), &session)),
        (("write_property", "property"), address::property(&named("owner"), &named("args.key").to_bytes())),
    ]);
    expected.extend(vaults.map(|instruction| ((instruction, "vault"), address::vault(&session))));
    assert_eq!(derived(), expected);
}

#[test]
fn every_account_that_is_always_the_same_wallets_or_keys_has_seeds() {
    // A membership, invitation or property whose address needs more than the accounts and arguments of its instruction.
    let told_by_content = [
        ("accept_invitation", "inviter_member"),
        ("broadcast_message", "member"),
        ("compose_functions", "member"),
        ("consume", "member"),
        ("delete_property", "member"),
        ("delete_property", "property"),
        ("execute_function", "member"),
        ("execute_function", "function"),
        ("join_with_token", "inviter_member"),
        ("propose_authority", "member"),
        ("read_property", "member"),
        ("read_property", "property"),
        ("remove_member", "member"),
        ("revoke_access", "grant"),
        ("revoke_invitation", "invitation"),
        ("send_direct_message", "member"),
        ("send_direct_message", "recipient"),
        ("set_allowance", "member"),
        ("set_property", "member"),
        ("spend", "member"),
        ("spend", "allowance"),
        ("spend_tokens", "member"),
        ("unregister_function", "function"),
        ("update_member", "member"),
        ("validate_session", "member"),
        ("write_property", "member"),
    ];
    let children = [
        "allowance",
        "function",
        "grant",
        "inviter_member",
        "invitation",
        "invite_token",
        "member",
        "property",
        "recipient",
        "remover_member",
        "vault",
    ];
    let mut without = Vec::new();
    for instruction in &idl().instructions {
        for account in tables::singles(instruction).unwrap() {
            // Who gets something out of the vault is a wallet.
            let is_child = children.contains(&account.name.as_str())
                && (instruction.name.as_str(), account.name.as_str()) != ("withdraw", "recipient");
            if is_child && account.pda.is_none() {
                without.push((instruction.name.as_str(), account.name.as_str()));
            }
        }
    }
    assert_eq!(without, told_by_content);
}
