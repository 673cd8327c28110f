//! `make_move` and `surrender`.

use {
    crate::support::{Code, Game, Player, assert_logged, by},
    arena::{board::Board, error::ArenaError},
    sessions_client::{
        address,
        core::{
            SessionError,
            error::Denial,
            rules::{
                config::SessionChanges,
                lifecycle::Status,
                membership::{MemberChanges, Role, Terms},
                permissions::Settings,
                quotas::{Quota, Quotas, Used},
            },
        },
        instruction,
    },
    sessions_tests::{
        Actor,
        programs::{ROGUE, committed},
        session::{MAX_DURATION, config},
    },
    solana_address::Address,
};

fn units(limit: u64) -> Quotas {
    Quotas { units: Quota { limit, ..Quota::UNLIMITED }, ..Quotas::UNLIMITED }
}

fn used(game: &Game, wallet: &Actor) -> u64 {
    game.world.member(&game.session.address, wallet).usage.units.total
}

#[test]
fn a_wallet_makes_a_move_and_is_charged() {
    let game = Game::new();
    game.moves(&game.ana, 0);
    game.moves(&game.ana, 63);
    assert_eq!((game.holder(0), game.holder(63)), (Some(game.ana.address()), Some(game.ana.address())));
    assert_eq!(used(&game, &game.ana), 2);
    assert_eq!(game.board().moves, 2);
}

#[test]
fn another_players_tile_costs_three() {
    let game = Game::new();
    game.moves(&game.ana, 9);
    game.moves(&game.ben, 9);
    assert_eq!(game.holder(9), Some(game.ben.address()));
    assert_eq!((used(&game, &game.ana), used(&game, &game.ben)), (1, 3));
}

#[test]
fn a_move_without_sense_is_not_charged() {
    let game = Game::new();
    game.moves(&game.ana, 9);
    game.refused(game.make_move(by(&game.ana), 9), &game.ana, ArenaError::OwnTile);
    game.refused(game.make_move(by(&game.ana), 64), &game.ana, ArenaError::NoSuchTile);
    assert_eq!(used(&game, &game.ana), 1);
}

#[test]
fn a_session_key_makes_a_move_for_its_wallet() {
    let game = Game::new();
    let key = game.world.actor("key");
    game.world.ok(game.session.set_key(&game.ana, &key), &game.ana);
    let player = Player { signer: &key, wallet: &game.ana };
    game.world.ok(game.make_move(player, 5), &key);
    assert_eq!(game.holder(5), Some(game.ana.address()));
    assert_eq!(used(&game, &game.ana), 1);
    game.world.wait(61);
    let receipt = game.refused(game.make_move(player, 6), &key, SessionError::PermissionDenied);
    assert_logged(&receipt, Denial::KeyExpired.text());
}

#[test]
fn somebody_elses_key_makes_no_move() {
    let game = Game::new();
    let key = game.world.actor("key");
    game.world.ok(game.session.set_key(&game.ben, &key), &game.ben);
    for signer in [&key, &game.ben, &game.session.stranger] {
        let player = Player { signer, wallet: &game.ana };
        let receipt = game.refused(game.make_move(player, 5), signer, SessionError::PermissionDenied);
        assert_logged(&receipt, Denial::NotThisMember.text());
        game.refused(game.surrender(player, 5), signer, SessionError::PermissionDenied);
    }
}

#[test]
fn without_a_session_there_is_no_move() {
    let game = Game::new();
    // No account; a wallet; an account of another program with the bytes of a session; another account of the session program.
    let forged = Address::new_from_array([5; 32]);
    let mut account = game.world.account(&game.session.address).unwrap();
    account.owner = ROGUE;
    game.world.put(forged, account);
    let membership = address::member(&game.session.address, &game.ben.address());
    for address in [Address::new_from_array([6; 32]), game.session.stranger.address(), forged, membership] {
        let mut instruction = game.make_move(by(&game.ana), 5);
        instruction.accounts[1].pubkey = address;
        game.refused(instruction, &game.ana, SessionError::SessionNotFound);
    }
    let forged_member = Address::new_from_array([7; 32]);
    let mut account = game.world.account(&membership).unwrap();
    account.owner = ROGUE;
    game.world.put(forged_member, account);
    for address in [Address::new_from_array([6; 32]), forged_member] {
        let mut instruction = game.make_move(by(&game.ben), 5);
        instruction.accounts[2].pubkey = address;
        game.refused(instruction, &game.ben, SessionError::MemberNotFound);
    }
}

#[test]
fn who_is_no_member_makes_no_move() {
    let game = Game::new();
    let stranger = &game.session.stranger;
    game.refused(game.make_move(by(stranger), 5), stranger, SessionError::MemberNotFound);
    game.world.ok(instruction::leave_session(game.ben.address(), game.session.address), &game.ben);
    let receipt = game.refused(game.make_move(by(&game.ben), 5), &game.ben, SessionError::PermissionDenied);
    assert_logged(&receipt, Denial::NotActive.text());
}

#[test]
fn who_only_watches_makes_no_move() {
    let game = Game::new();
    let observer = game.session.invited(&game.world, "observer", Terms::of(Role::Observer));
    let receipt = game.refused(game.make_move(by(&observer), 5), &observer, SessionError::PermissionDenied);
    assert_logged(&receipt, Denial::NotPermitted.text());
    game.refused(game.surrender(by(&observer), 5), &observer, SessionError::PermissionDenied);
}

#[test]
fn a_paused_session_makes_no_move() {
    let game = Game::new();
    game.session.advance(&game.world, Status::Paused);
    game.refused(game.make_move(by(&game.ana), 5), &game.ana, SessionError::SessionNotActive);
    game.refused(game.surrender(by(&game.ana), 5), &game.ana, SessionError::SessionNotActive);
}

#[test]
fn a_closed_session_makes_no_move() {
    let game = Game::new();
    game.session.close(&game.world);
    game.refused(game.make_move(by(&game.ana), 5), &game.ana, SessionError::SessionNotActive);
    game.refused(game.surrender(by(&game.ana), 5), &game.ana, SessionError::SessionNotActive);
}

#[test]
fn an_expired_session_makes_no_move() {
    let game = Game::new();
    game.world.wait(MAX_DURATION);
    game.refused(game.make_move(by(&game.ana), 5), &game.ana, SessionError::SessionExpired);
}

#[test]
fn a_member_makes_moves_as_long_as_its_units_last() {
    let game = Game::new();
    let changes = MemberChanges { quotas: Some(units(4)), ..MemberChanges::default() };
    let limit = instruction::update_member(game.session.creator.address(), game.session.address, game.ana.address(), changes);
    game.world.ok(limit, &game.session.creator);
    game.moves(&game.ben, 1);
    game.moves(&game.ana, 0);
    game.moves(&game.ana, 2);
    // Two are left, and another's tile costs three.
    game.refused(game.make_move(by(&game.ana), 1), &game.ana, SessionError::QuotaExceeded);
    game.moves(&game.ana, 3);
    game.moves(&game.ana, 4);
    game.refused(game.make_move(by(&game.ana), 5), &game.ana, SessionError::QuotaExceeded);
    assert_eq!(used(&game, &game.ana), 4);
    game.world.ok(game.surrender(by(&game.ana), 4), &game.ana);
}

#[test]
fn limits_that_members_share_ask_for_a_writable_session() {
    let game = Game::new();
    let changes = SessionChanges { quotas: Some(units(2)), ..SessionChanges::default() };
    game.world.ok(instruction::update_session(game.session.creator.address(), game.session.address, changes), &game.session.creator);
    game.refused(game.make_move(by(&game.ana), 0), &game.ana, SessionError::SessionReadOnly);
    let shared = |wallet: &Actor, tile| {
        let mut instruction = game.make_move(by(wallet), tile);
        instruction.accounts[1].is_writable = true;
        instruction
    };
    game.world.ok(shared(&game.ana, 0), &game.ana);
    game.world.ok(shared(&game.ben, 1), &game.ben);
    game.refused(shared(&game.ana, 2), &game.ana, SessionError::QuotaExceeded);
    assert_eq!(game.world.session(&game.session.address).usage.units, Used { total: 2, in_window: 0, window: 0 });
}

#[test]
fn another_program_does_not_answer_for_the_session() {
    let game = Game::new();
    game.world.deploy(ROGUE, &committed("rogue"));
    let mut instruction = game.make_move(by(&game.ana), 5);
    instruction.accounts[4].pubkey = ROGUE;
    game.refused(instruction, &game.ana, ArenaError::WrongSessionProgram);
}

#[test]
fn a_move_is_on_the_board_of_its_session() {
    let game = Game::new();
    // Another session's board, forged from this one's.
    let other = Address::new_from_array([9; 32]);
    let account = game.world.account(&game.board_address()).unwrap();
    game.world.put(other, account);
    game.world.forge_as(&other, |board: &mut Board| board.session = game.session.stranger.address());
    for mut instruction in [game.make_move(by(&game.ana), 5), game.surrender(by(&game.ana), 5)] {
        instruction.accounts[3].pubkey = other;
        game.refused(instruction, &game.ana, ArenaError::BoardOfAnotherSession);
    }
}

#[test]
fn only_who_holds_a_tile_gives_it_up() {
    let game = Game::new();
    game.moves(&game.ana, 5);
    game.refused(game.surrender(by(&game.ben), 5), &game.ben, ArenaError::NotYourTile);
    game.refused(game.surrender(by(&game.ana), 6), &game.ana, ArenaError::NotYourTile);
    game.refused(game.surrender(by(&game.ana), 64), &game.ana, ArenaError::NoSuchTile);
    game.world.ok(game.surrender(by(&game.ana), 5), &game.ana);
    assert_eq!(game.holder(5), None);
    assert_eq!(used(&game, &game.ana), 1, "giving up costs nothing");
}

#[test]
fn who_plays_has_to_sign() {
    let game = Game::new();
    for mut instruction in [game.make_move(by(&game.ana), 5), game.surrender(by(&game.ana), 5)] {
        instruction.accounts[0].is_signer = false;
        let receipt = game.world.send(&[instruction], &[]);
        assert!(receipt.failure.is_some_and(|failure| failure.name() == "MissingRequiredSignature"), "{:#?}", receipt.logs);
    }
}

#[test]
fn the_games_errors_are_none_of_the_session_programs() {
    let Code(first) = ArenaError::NoSuchTile.into();
    assert!(SessionError::ALL.iter().all(|error| error.code() < first));
}

#[test]
fn every_execution_is_told_where_the_session_logs_it() {
    let game = Game::with(config(Settings::LOG_EXECUTION));
    let receipt = game.moves(&game.ana, 5);
    assert_eq!(sessions_tests::world::names(&receipt), ["UsageRecorded"]);
}
