//! `open_board` and `close_board`.

use {
    crate::support::{Game, Player, assert_logged, by},
    arena::error::ArenaError,
    sessions_client::{
        address,
        core::{
            SessionError,
            error::Denial,
            rules::{
                lifecycle::{Status, Transition},
                membership::{Role, Terms},
            },
        },
    },
    sessions_tests::session::TestSession,
    solana_account::Account,
    solana_address::Address,
    solana_instruction::error::InstructionError,
};

impl Game {
    /// Closes the session and reclaims it with everything in it.
    #[track_caller]
    fn session_goes(&self) {
        self.session.close(&self.world);
        self.world.reclaim_children(&self.session.address);
        self.world.ok(self.session.step(&self.world, Transition::Reclaim, &self.session.stranger), &self.session.stranger);
    }
}

#[test]
fn a_board_is_opened_once() {
    let game = Game::new();
    let board = game.board();
    assert_eq!((board.session, board.payer), (game.session.address, game.session.payer.address()));
    assert_eq!(board.epoch, game.world.session(&game.session.address).header.epoch);
    assert_eq!(board.moves, 0);
    game.refused(game.open_board(by(&game.ben), &game.ben), &game.ben, ArenaError::BoardExists);
}

#[test]
fn a_board_is_opened_by_a_member_who_may_play() {
    let game = Game::new();
    let observer = game.session.invited(&game.world, "observer", Terms::of(Role::Observer));
    let receipt = game.refused(game.open_board(by(&observer), &observer), &observer, SessionError::PermissionDenied);
    assert_logged(&receipt, Denial::NotPermitted.text());
    let stranger = &game.session.stranger;
    game.refused(game.open_board(by(stranger), stranger), stranger, SessionError::MemberNotFound);
    let player = Player { signer: stranger, wallet: &game.ana };
    game.refused(game.open_board(player, stranger), stranger, SessionError::PermissionDenied);
}

#[test]
fn a_board_is_where_its_session_says() {
    let game = Game::new();
    let mut elsewhere = game.open_board(by(&game.ana), &game.ana);
    elsewhere.accounts[4].pubkey = game.session.stranger.address();
    game.refused(elsewhere, &game.ana, ArenaError::WrongBoardAddress);
}

#[test]
fn a_board_is_made_also_where_lamports_were_sent_ahead() {
    let game = Game::new();
    game.session.close(&game.world);
    game.world.ok(game.close_board(&game.session.payer), &game.ana);
    let other = TestSession::new(&game.world, "other", game.session.args.config);
    other.request(&game.world);
    other.advance(&game.world, Status::Active);
    let carl = other.joined(&game.world, "carl");
    let game = Game { session: other, ..game };
    game.world.ledger.fund(game.board_address(), 1_000).unwrap();
    game.world.ok(game.open_board(by(&carl), &carl), &carl);
    assert_eq!(game.board().payer, carl.address());
}

#[test]
fn a_board_stays_while_its_session_goes_on() {
    let game = Game::new();
    game.refused(game.close_board(&game.session.payer), &game.ana, ArenaError::SessionGoesOn);
    game.session.advance(&game.world, Status::Closing);
    game.refused(game.close_board(&game.session.payer), &game.ana, ArenaError::SessionGoesOn);
    game.session.advance(&game.world, Status::Closed);
    game.world.ok(game.close_board(&game.session.payer), &game.ana);
}

#[test]
fn a_boards_rent_goes_back_to_who_paid_it() {
    let game = Game::new();
    let rent = game.world.balance(&game.board_address());
    game.session_goes();
    game.refused(game.close_board(&game.ana), &game.ana, ArenaError::WrongRentRecipient);
    let before = game.world.balance(&game.session.payer.address());
    game.world.ok(game.close_board(&game.session.payer), &game.ana);
    assert_eq!(game.world.balance(&game.session.payer.address()), before + rent);
    assert_eq!(game.world.account(&game.board_address()), None);
    let gone = game.close_board(&game.session.payer);
    assert!(game.world.send(&[gone], &[&game.ana]).failure.is_some());
}

#[test]
fn a_board_is_closed_for_its_own_session() {
    let game = Game::new();
    let mut instruction = game.close_board(&game.session.payer);
    // An address where nothing is would look like a session that is gone.
    instruction.accounts[0].pubkey = game.session.stranger.address();
    game.refused(instruction, &game.ana, ArenaError::BoardOfAnotherSession);
}

#[test]
fn a_board_of_a_former_life_is_closed_and_another_opened() {
    let game = Game::new();
    game.moves(&game.ana, 5);
    game.session_goes();
    game.session.request(&game.world);
    game.session.advance(&game.world, Status::Active);
    for name in ["ana", "ben"] {
        game.session.joined(&game.world, name);
    }
    game.refused(game.make_move(by(&game.ben), 6), &game.ben, ArenaError::BoardOfFormerLife);
    game.refused(game.surrender(by(&game.ana), 5), &game.ana, ArenaError::BoardOfFormerLife);
    game.refused(game.open_board(by(&game.ana), &game.ana), &game.ana, ArenaError::BoardExists);
    let close = game.close_board(&game.session.payer);
    game.world.ok_with(&[close, game.open_board(by(&game.ben), &game.ben)], &[&game.ben]);
    assert_eq!((game.holder(5), game.board().payer), (None, game.ben.address()));
    game.moves(&game.ana, 5);
}

#[test]
fn only_a_board_is_a_board() {
    let game = Game::new();
    let at = |address| {
        let mut instruction = game.make_move(by(&game.ana), 5);
        instruction.accounts[3].pubkey = address;
        instruction
    };
    game.world.fails(at(game.session.stranger.address()), &game.ana, InstructionError::AccountDataTooSmall);
    let (foreign, other) = (Address::new_from_array([8; 32]), Address::new_from_array([9; 32]));
    let account = game.world.account(&game.board_address()).unwrap();
    game.world.put(foreign, Account { owner: address::PROGRAM, ..account.clone() });
    game.world.fails(at(foreign), &game.ana, InstructionError::IllegalOwner);
    let mut account = account;
    account.data[0] ^= 1;
    game.world.put(other, account);
    game.world.fails(at(other), &game.ana, InstructionError::InvalidAccountData);
}
