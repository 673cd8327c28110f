//! `make_move_by_vault`, through a session and past it.

use {
    crate::support::{Game, assert_logged, board, build, by},
    anchor_lang::InstructionData,
    arena::{accounts as metas, error::ArenaError, instruction as data},
    sessions_client::{
        address,
        core::{
            SessionError,
            error::{Denial, Violation},
            rules::{
                functions::Selector,
                lifecycle::Status,
                membership::{Role, Terms},
                permissions::{Permissions, Settings},
            },
        },
        failure::Failure,
        instruction::{self, Acting, FunctionCall, NewFunction},
    },
    sessions_tests::{
        Actor,
        programs::{ROGUE, committed},
        session::{TestSession, config},
    },
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
};

fn selector() -> Selector {
    Selector::new(&data::MakeMoveByVault { tile: 0 }.data()[..8]).unwrap()
}

/// What a session's vault would sign: a move for the member with this wallet.
fn by_vault(session: &Address, wallet: &Actor, tile: u8) -> Instruction {
    let accounts = metas::MakeMoveByVault {
        vault: address::vault(session),
        session: *session,
        member: address::member(session, &wallet.address()),
        board: board(session),
    };
    build(accounts, data::MakeMoveByVault { tile })
}

fn caller(session: &TestSession, wallet: &Actor) -> Acting {
    Acting::wallet(session.address, wallet.address())
}

/// A call through the session.
fn execute(acting: Acting, selector: Selector, call: &Instruction) -> Instruction {
    instruction::execute_function(acting, &FunctionCall { selector, instruction: call.clone() }, &[])
}

/// Calls through the session, all or none of them.
fn compose(acting: Acting, calls: [(Selector, Instruction); 2]) -> Instruction {
    instruction::compose_functions(acting, &calls.map(|(selector, instruction)| FunctionCall { selector, instruction }), &[])
}

impl Game {
    /// Lets members of a session call a function of `program`, for two units.
    #[track_caller]
    fn register(&self, session: &TestSession, program: Address, selector: Selector) {
        let function = NewFunction { program, selector, units: 2, composable: true };
        let (creator, payer) = (&session.creator, &session.payer);
        let register = instruction::register_function(creator.address(), payer.address(), session.address, function);
        self.world.ok_with(&[register], &[creator, payer]);
    }

    #[track_caller]
    fn refused_by_session(&self, instruction: Instruction, signer: &Actor, error: SessionError) -> sessions_client::ledger::Receipt {
        let before = self.world.account(&self.board_address());
        let receipt = self.world.send(&[instruction], &[signer]);
        assert_eq!(receipt.failure, Some(Failure::Session { instruction: 0, error }), "{:#?}", receipt.logs);
        assert_eq!(self.world.account(&self.board_address()), before);
        receipt
    }

    /// Another session with a board, whose only other member is carl.
    #[track_caller]
    fn other(&self) -> (TestSession, Actor) {
        let other = TestSession::new(&self.world, "other", config(Settings::NONE));
        other.request(&self.world);
        other.advance(&self.world, Status::Active);
        let carl = other.joined(&self.world, "carl");
        (other, carl)
    }
}

#[test]
fn a_member_moves_through_its_session_and_the_session_charges() {
    let game = Game::new();
    game.register(&game.session, arena::ID, selector());
    let call = by_vault(&game.session.address, &game.ana, 5);
    game.world.ok(execute(caller(&game.session, &game.ana), selector(), &call), &game.ana);
    assert_eq!(game.holder(5), Some(game.ana.address()));
    let member = game.world.member(&game.session.address, &game.ana);
    assert_eq!((member.usage.units.total, member.executions), (2, 1));
}

#[test]
fn a_session_key_moves_through_the_session_for_its_wallet() {
    let game = Game::new();
    game.register(&game.session, arena::ID, selector());
    let key = game.world.actor("key");
    game.world.ok(game.session.set_key(&game.ana, &key), &game.ana);
    let call = by_vault(&game.session.address, &game.ana, 5);
    let caller = Acting { signer: key.address(), ..caller(&game.session, &game.ana) };
    game.world.ok(execute(caller, selector(), &call), &key);
    assert_eq!(game.holder(5), Some(game.ana.address()));
}

#[test]
fn moves_are_composed_all_or_none() {
    let game = Game::new();
    game.register(&game.session, arena::ID, selector());
    // One who may compose and not execute: the session asked for that already.
    let terms = Terms { permissions: Permissions::COMPOSE_FUNCTIONS.bits(), ..Terms::of(Role::Member) };
    let dora = game.session.invited(&game.world, "dora", terms);
    let moves = |tiles: [u8; 2]| tiles.map(|tile| (selector(), by_vault(&game.session.address, &dora, tile)));
    game.world.ok(compose(caller(&game.session, &dora), moves([5, 6])), &dora);
    assert_eq!((game.holder(5), game.holder(6)), (Some(dora.address()), Some(dora.address())));
    game.refused(compose(caller(&game.session, &dora), moves([7, 5])), &dora, ArenaError::OwnTile);
    assert_eq!(game.holder(7), None);
}

#[test]
fn a_wallet_is_no_vault() {
    let game = Game::new();
    game.register(&game.session, arena::ID, selector());
    let mut direct = by_vault(&game.session.address, &game.ana, 5);
    direct.accounts[0].pubkey = game.ana.address();
    let receipt = game.refused(direct, &game.ana, SessionError::PermissionDenied);
    assert_logged(&receipt, Denial::NotTheVault.text());
    // The vault itself signs nothing outside.
    let mut unsigned = by_vault(&game.session.address, &game.ana, 5);
    unsigned.accounts[0].is_signer = false;
    let receipt = game.world.send(&[unsigned], &[]);
    assert!(receipt.failure.is_some_and(|failure| failure.name() == "MissingRequiredSignature"), "{:#?}", receipt.logs);
}

#[test]
fn a_session_without_a_vault_lets_nobody_through() {
    let game = Game::new();
    let mut direct = by_vault(&game.session.address, &game.ana, 5);
    direct.accounts[0].pubkey = game.ana.address();
    game.refused(direct, &game.ana, SessionError::PermissionDenied);
}

#[test]
fn another_sessions_vault_makes_no_move() {
    let game = Game::new();
    let (other, carl) = game.other();
    game.register(&game.session, arena::ID, selector());
    game.register(&other, arena::ID, selector());
    let through_other = caller(&other, &carl);
    // The other session and its member, and this one's board.
    let mut call = by_vault(&other.address, &carl, 5);
    call.accounts[3].pubkey = game.board_address();
    game.refused(execute(through_other, selector(), &call), &carl, ArenaError::BoardOfAnotherSession);
    // This session and its member, which the other does not pass on.
    let mut call = by_vault(&game.session.address, &game.ana, 5);
    call.accounts[0].pubkey = address::vault(&other.address);
    let receipt = game.refused_by_session(execute(through_other, selector(), &call), &carl, SessionError::PolicyViolation);
    assert_logged(&receipt, Violation::ForeignAccount.text());
}

#[test]
fn a_member_moves_for_nobody_else() {
    let game = Game::new();
    game.register(&game.session, arena::ID, selector());
    let call = by_vault(&game.session.address, &game.ben, 5);
    let execute = execute(caller(&game.session, &game.ana), selector(), &call);
    let receipt = game.refused_by_session(execute, &game.ana, SessionError::PolicyViolation);
    assert_logged(&receipt, Violation::ForeignAccount.text());
}

#[test]
fn a_move_by_a_vault_is_on_the_board_of_this_life() {
    let game = Game::new();
    game.register(&game.session, arena::ID, selector());
    game.world.forge_as(&game.board_address(), |board: &mut arena::board::Board| board.epoch -= 1);
    let call = by_vault(&game.session.address, &game.ana, 5);
    let execute = execute(caller(&game.session, &game.ana), selector(), &call);
    game.refused(execute, &game.ana, ArenaError::BoardOfFormerLife);
}

#[test]
fn only_what_is_registered_is_called() {
    let game = Game::new();
    game.register(&game.session, arena::ID, selector());
    // A move that is charged by its player has another beginning.
    let direct = game.make_move(by(&game.ana), 5);
    let receipt =
        game.refused_by_session(execute(caller(&game.session, &game.ana), selector(), &direct), &game.ana, SessionError::PolicyViolation);
    assert_logged(&receipt, Violation::SelectorMismatch.text());
}

#[test]
fn what_is_called_can_hand_the_vaults_signature_on() {
    // Why a session's authority registers only programs that it trusts: the vault signs for whatever they call, too.
    let game = Game::new();
    game.world.deploy(ROGUE, &committed("rogue"));
    let any = Selector::new(&[]).unwrap();
    game.register(&game.session, ROGUE, any);
    let call = by_vault(&game.session.address, &game.ana, 5);
    let mut accounts = vec![AccountMeta::new_readonly(arena::ID, false)];
    accounts.extend(call.accounts.iter().cloned());
    let data = rogue::Instruction::CallBack { data: call.data }.data();
    let handed_on = Instruction { program_id: ROGUE, accounts, data };
    game.world.ok(execute(caller(&game.session, &game.ana), any, &handed_on), &game.ana);
    assert_eq!(game.holder(5), Some(game.ana.address()));
}

#[test]
fn a_session_that_measures_lets_its_members_through() {
    let game = Game::with(config(Settings::MONITOR_PERFORMANCE));
    game.register(&game.session, arena::ID, selector());
    let call = by_vault(&game.session.address, &game.ana, 5);
    game.world.ok(execute(caller(&game.session, &game.ana), selector(), &call), &game.ana);
}
