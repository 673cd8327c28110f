//! `request_session`.

use {
    sessions_client::{
        address,
        core::{
            MemberState, SessionError, SessionState,
            rules::{
                config::{Kind, SessionConfig},
                membership::{MemberStatus, Rights, Role},
                permissions::Settings,
                quotas::{Quota, Quotas},
            },
            state::AccountHeader,
        },
        failure::Failure,
        instruction::{self, SessionArgs},
    },
    sessions_tests::{
        World,
        session::{STEP_TIMEOUT, TestSession, config},
        world::{SOL, names},
    },
    solana_account::Account,
    solana_address::Address,
    solana_instruction::error::InstructionError,
};

#[test]
fn a_request_records_what_was_asked_for() {
    let world = World::new();
    let session = TestSession::requested(&world, config(Settings::AUTO_EXPIRE));
    let state = world.session(&session.address);
    let clock = world.clock();
    assert_eq!(state.header.payer, session.payer.address());
    assert_eq!((state.header.epoch, state.header.revision, state.header.event_revision), (clock.slot, 1, 1));
    assert_eq!((state.id, state.metadata, state.config), (session.args.id, [7; 32], session.args.config));
    assert_eq!((state.creator, state.authority), (session.creator.address(), session.creator.address()));
    assert_eq!((state.host, state.pending_authority), (session.host.address(), Address::default()));
    assert_eq!((state.requested_at, state.step_deadline), (clock.unix_timestamp, clock.unix_timestamp + i64::from(STEP_TIMEOUT)));
    assert_eq!((state.members, state.children), (1, 1));
    let (_, bump) = Address::find_program_address(&SessionState::seeds(&state.creator, &state.id), &address::PROGRAM);
    assert_eq!((state.header.bump, state.vault_bump), (bump, 0));
}

#[test]
fn the_creator_is_the_first_member() {
    let world = World::new();
    let session = TestSession::requested(&world, config(Settings::NONE));
    let (state, member) = (world.session(&session.address), world.member(&session.address, &session.creator));
    let creator = session.creator.address();
    let expected = MemberState {
        header: AccountHeader { payer: session.payer.address(), bump: member.header.bump, event_revision: 0, ..state.header },
        session: session.address,
        wallet: creator,
        rights: Rights::of(Role::Owner),
        starts_at: world.now(),
        join_revision: 1,
        status: MemberStatus::Active as u8,
        ..bytemuck::Zeroable::zeroed()
    };
    assert_eq!(member, expected);
    let (_, bump) = Address::find_program_address(&MemberState::seeds(&session.address, &creator), &address::PROGRAM);
    assert_eq!(member.header.bump, bump);
}

#[test]
fn another_wallets_membership_cannot_be_founded() {
    let world = World::new();
    let session = TestSession::new(&world, "test", config(Settings::NONE));
    let mut request = instruction::request_session(session.creator.address(), session.payer.address(), session.args);
    request.accounts[3].pubkey = address::member(&session.address, &session.stranger.address());
    let receipt = world.send(&[request], &[&session.creator, &session.payer]);
    assert_eq!(receipt.failure, Some(Failure::Instruction { instruction: 0, error: InstructionError::InvalidSeeds }));
}

#[test]
fn only_the_payer_pays() {
    let world = World::new();
    let session = TestSession::new(&world, "test", config(Settings::NONE));
    let (creator, payer) = (world.balance(&session.creator.address()), world.balance(&session.payer.address()));
    session.request(&world);
    let account = world.account(&session.address).unwrap();
    assert_eq!(account.data.len(), SessionState::SIZE);
    let member = world.account(&address::member(&session.address, &session.creator.address())).unwrap();
    assert_eq!(member.data.len(), MemberState::SIZE);
    assert_eq!(world.balance(&session.creator.address()), creator);
    assert_eq!(world.balance(&session.payer.address()), payer - account.lamports - member.lamports);
}

#[test]
fn a_creator_can_pay_and_serve_too() {
    let world = World::new();
    let gm = world.actor("gm");
    let args = SessionArgs { id: [1; 32], host: gm.address(), metadata: [0; 32], config: config(Settings::NONE) };
    let receipt = world.ok(instruction::request_session(gm.address(), gm.address(), args), &gm);
    assert_eq!(names(&receipt), ["SessionRequested"]);
}

#[test]
fn each_unsound_field_is_refused_and_named_in_the_log() {
    let sound = config(Settings::NONE);
    let windowless = Quota { limit: 5, window_limit: 1, window_seconds: 0 };
    let cases: [(SessionConfig, &str); 15] = [
        (SessionConfig { kind: 2, ..sound }, "kind"),
        (SessionConfig { reserved: 1, ..sound }, "reserved"),
        (SessionConfig { max_members: 0, ..sound }, "max_members"),
        (SessionConfig { kind: Kind::PointToPoint as u8, max_members: 1, ..sound }, "max_members"),
        (SessionConfig { kind: Kind::PointToPoint as u8, max_members: 3, ..sound }, "max_members"),
        (SessionConfig { max_duration: 0, ..sound }, "max_duration"),
        (SessionConfig { hard_limit: sound.max_duration - 1, ..sound }, "hard_limit"),
        (SessionConfig { step_timeout: 0, ..sound }, "step_timeout"),
        (SessionConfig { invitation_ttl: 0, ..sound }, "invitation_ttl"),
        (SessionConfig { permissions: 1 << 9, ..sound }, "permissions"),
        (SessionConfig { permissions: u32::MAX, ..sound }, "permissions"),
        (SessionConfig { settings: 1 << 5, ..sound }, "settings"),
        (SessionConfig { quotas: Quotas { operations: windowless, ..Quotas::UNLIMITED }, ..sound }, "quotas.operations"),
        (SessionConfig { quotas: Quotas { units: windowless, ..Quotas::UNLIMITED }, ..sound }, "quotas.units"),
        (SessionConfig { quotas: Quotas { bytes: windowless, ..Quotas::UNLIMITED }, ..sound }, "quotas.bytes"),
    ];
    let world = World::new();
    for (config, field) in cases {
        let session = TestSession::new(&world, "unsound", config);
        let request = instruction::request_session(session.creator.address(), session.payer.address(), session.args);
        let receipt = world.send(&[request], &[&session.creator, &session.payer]);
        let refused = Failure::Session { instruction: 0, error: SessionError::InvalidConfiguration };
        assert_eq!(receipt.failure, Some(refused), "{field}");
        assert!(receipt.logs.contains(&format!("Program log: {field}")), "{field}: {:#?}", receipt.logs);
        assert_eq!(world.account(&session.address), None);
    }
}

#[test]
fn a_host_that_is_nobody_is_refused() {
    let world = World::new();
    let session = TestSession::new(&world, "test", config(Settings::NONE));
    let args = SessionArgs { host: Address::default(), ..session.args };
    let request = instruction::request_session(session.creator.address(), session.payer.address(), args);
    let receipt = world.send(&[request], &[&session.creator, &session.payer]);
    assert_eq!(receipt.failure, Some(Failure::Session { instruction: 0, error: SessionError::InvalidConfiguration }));
    assert!(receipt.logs.contains(&"Program log: host".to_owned()));
}

#[test]
fn a_point_to_point_session_is_for_two() {
    let world = World::new();
    let config = SessionConfig { kind: Kind::PointToPoint as u8, max_members: 2, ..config(Settings::NONE) };
    TestSession::requested(&world, config);
}

#[test]
fn an_id_in_use_is_refused() {
    let world = World::new();
    let session = TestSession::requested(&world, config(Settings::NONE));
    let again = instruction::request_session(session.creator.address(), session.payer.address(), session.args);
    let receipt = world.send(&[again], &[&session.creator, &session.payer]);
    assert_eq!(receipt.failure, Some(Failure::Session { instruction: 0, error: SessionError::SessionAlreadyExists }));
}

#[test]
fn the_same_id_of_another_creator_is_another_session() {
    let world = World::new();
    let session = TestSession::requested(&world, config(Settings::NONE));
    let other = world.actor("other");
    world.ok(instruction::request_session(other.address(), other.address(), session.args), &other);
    assert_eq!(world.program_accounts().len(), 4);
}

#[test]
fn lamports_sent_ahead_do_not_block_a_request() {
    let [rent, members] = {
        let world = World::new();
        let session = TestSession::requested(&world, config(Settings::NONE));
        [session.address, address::member(&session.address, &session.creator.address())].map(|address| world.balance(&address))
    };
    for (prefunded, paid) in [(1, rent - 1), (rent - 1, 1), (rent, 0), (rent + SOL, 0)] {
        let world = World::new();
        let session = TestSession::new(&world, "test", config(Settings::NONE));
        world.ledger.fund(session.address, prefunded).unwrap();
        let payer = world.balance(&session.payer.address());
        session.request(&world);
        assert_eq!(world.balance(&session.payer.address()), payer - paid - members, "{prefunded}");
        assert_eq!(world.session(&session.address).status, 0);
    }
}

#[test]
fn an_address_that_belongs_to_another_program_is_refused() {
    let world = World::new();
    let session = TestSession::new(&world, "test", config(Settings::NONE));
    let taken = Account { lamports: SOL, data: vec![1; 8], owner: Address::new_from_array([3; 32]), executable: false, rent_epoch: 0 };
    world.put(session.address, taken);
    let request = instruction::request_session(session.creator.address(), session.payer.address(), session.args);
    let receipt = world.send(&[request], &[&session.creator, &session.payer]);
    // The system program's "already in use".
    assert_eq!(receipt.failure, Some(Failure::Instruction { instruction: 0, error: InstructionError::Custom(0) }));
    assert_eq!(world.balance(&session.address), SOL);
}

#[test]
fn an_address_that_is_not_derived_from_creator_and_id_is_refused() {
    let world = World::new();
    let session = TestSession::new(&world, "test", config(Settings::NONE));
    let other = address::session(&session.stranger.address(), &session.args.id);
    for wrong in [other, session.stranger.address()] {
        let mut request = instruction::request_session(session.creator.address(), session.payer.address(), session.args);
        request.accounts[2].pubkey = wrong;
        let receipt = world.send(&[request], &[&session.creator, &session.payer]);
        assert_eq!(receipt.failure, Some(Failure::Instruction { instruction: 0, error: InstructionError::InvalidSeeds }));
    }
}

#[test]
fn creator_and_payer_must_sign() {
    let world = World::new();
    let session = TestSession::new(&world, "test", config(Settings::NONE));
    for (account, signer) in [(0, &session.payer), (1, &session.creator)] {
        let mut request = instruction::request_session(session.creator.address(), session.payer.address(), session.args);
        request.accounts[account].is_signer = false;
        world.fails(request, signer, InstructionError::MissingRequiredSignature);
    }
}

#[test]
fn a_payer_without_funds_is_told_so() {
    let world = World::new();
    let session = TestSession::new(&world, "test", config(Settings::NONE));
    let poor = sessions_tests::Actor::named("poor");
    world.ledger.fund(poor.address(), 1_000_000).unwrap();
    let request = instruction::request_session(session.creator.address(), poor.address(), session.args);
    let receipt = world.send(&[request], &[&session.creator, &poor]);
    assert_eq!(receipt.failure, Some(Failure::Instruction { instruction: 0, error: InstructionError::Custom(1) }));
    assert!(receipt.logs.iter().any(|line| line.contains("insufficient lamports")), "{:#?}", receipt.logs);
}

#[test]
fn arguments_cut_short_are_refused() {
    let world = World::new();
    let session = TestSession::new(&world, "test", config(Settings::NONE));
    for cut in [1, 50, 200] {
        let mut request = instruction::request_session(session.creator.address(), session.payer.address(), session.args);
        request.data.truncate(request.data.len() - cut);
        let receipt = world.send(&[request], &[&session.creator, &session.payer]);
        assert_eq!(
            receipt.failure,
            Some(Failure::Instruction { instruction: 0, error: InstructionError::InvalidInstructionData }),
            "{cut}"
        );
    }
}
