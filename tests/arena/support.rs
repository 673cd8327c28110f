//! A world with the game in it, a session with players, and the game's instructions.

use {
    anchor_lang::{InstructionData, ToAccountMetas},
    arena::{accounts as metas, board::Board, error::ArenaError, instruction as data},
    sessions_client::{
        address,
        core::{
            SessionError,
            rules::{config::SessionConfig, lifecycle::Status, permissions::Settings},
        },
        failure::Failure,
        ledger::Receipt,
    },
    sessions_tests::{
        Actor, World,
        programs::committed,
        session::{TestSession, config},
    },
    solana_address::Address,
    solana_instruction::{Instruction, error::InstructionError},
};

/// A session with a board, and two who play on it.
pub struct Game {
    pub world: World,
    pub session: TestSession,
    pub ana: Actor,
    pub ben: Actor,
}

/// Who plays: with which signature, and whose membership.
#[derive(Clone, Copy)]
pub struct Player<'a> {
    pub signer: &'a Actor,
    pub wallet: &'a Actor,
}

/// One who plays with the wallet.
pub fn by(wallet: &Actor) -> Player<'_> {
    Player { signer: wallet, wallet }
}

/// A world with the game in it.
pub fn world() -> World {
    let world = World::new();
    world.deploy(arena::ID, &committed("arena"));
    world
}

impl Game {
    /// A game in a session without limits.
    #[track_caller]
    pub fn new() -> Self {
        Self::with(config(Settings::NONE))
    }

    /// A game in a session with this configuration.
    #[track_caller]
    pub fn with(config: SessionConfig) -> Self {
        let world = world();
        let session = TestSession::in_status(&world, config, Status::Active);
        let [ana, ben] = ["ana", "ben"].map(|name| session.joined(&world, name));
        let game = Self { world, session, ana, ben };
        let open = game.open_board(by(&game.ana), &game.session.payer);
        game.world.ok_with(&[open], &[&game.ana, &game.session.payer]);
        game
    }

    pub fn board_address(&self) -> Address {
        board(&self.session.address)
    }

    #[track_caller]
    pub fn board(&self) -> Board {
        let account = self.world.account(&self.board_address()).unwrap();
        assert_eq!(account.owner, arena::ID);
        bytemuck::pod_read_unaligned(&account.data[8..])
    }

    #[track_caller]
    pub fn holder(&self, tile: u8) -> Option<Address> {
        self.board().holder(tile).copied()
    }

    pub fn open_board(&self, player: Player<'_>, payer: &Actor) -> Instruction {
        let session = self.session.address;
        let accounts = metas::OpenBoard {
            player: player.signer.address(),
            payer: payer.address(),
            session,
            member: address::member(&session, &player.wallet.address()),
            board: board(&session),
            system_program: Address::default(),
        };
        build(accounts, data::OpenBoard {})
    }

    pub fn make_move(&self, player: Player<'_>, tile: u8) -> Instruction {
        let session = self.session.address;
        let accounts = metas::MakeMove {
            player: player.signer.address(),
            session,
            member: address::member(&session, &player.wallet.address()),
            board: board(&session),
            sessions_program: address::PROGRAM,
        };
        build(accounts, data::MakeMove { tile })
    }

    pub fn surrender(&self, player: Player<'_>, tile: u8) -> Instruction {
        let session = self.session.address;
        let accounts = metas::Surrender {
            player: player.signer.address(),
            session,
            member: address::member(&session, &player.wallet.address()),
            board: board(&session),
        };
        build(accounts, data::Surrender { tile })
    }

    pub fn close_board(&self, payer: &Actor) -> Instruction {
        let session = self.session.address;
        build(metas::CloseBoard { session, board: board(&session), payer: payer.address() }, data::CloseBoard {})
    }

    /// Sends a move of the wallet's that must succeed.
    #[track_caller]
    pub fn moves(&self, wallet: &Actor, tile: u8) -> Receipt {
        self.world.ok(self.make_move(by(wallet), tile), wallet)
    }

    /// Sends an instruction that must fail with this error and change nothing of the board.
    #[track_caller]
    pub fn refused(&self, instruction: Instruction, signer: &Actor, error: impl Into<Code>) -> Receipt {
        let before = self.world.account(&self.board_address());
        let receipt = self.world.send(&[instruction], &[signer]);
        let Code(code) = error.into();
        let error = InstructionError::Custom(code);
        assert_eq!(receipt.failure, Some(Failure::Instruction { instruction: 0, error }), "{:#?}", receipt.logs);
        assert_eq!(self.world.account(&self.board_address()), before);
        receipt
    }
}

/// The address of a session's board.
pub fn board(session: &Address) -> Address {
    Address::find_program_address(&Board::seeds(session), &arena::ID).0
}

pub fn build(accounts: impl ToAccountMetas, data: impl InstructionData) -> Instruction {
    Instruction { program_id: arena::ID, accounts: accounts.to_account_metas(None), data: data.data() }
}

/// Whether the log gives this reason.
#[track_caller]
pub fn assert_logged(receipt: &Receipt, reason: &str) {
    assert!(receipt.logs.iter().any(|line| line.contains(reason)), "{reason}: {:#?}", receipt.logs);
}

/// The code of an error, of the game's or of the session program's.
pub struct Code(pub u32);

impl From<ArenaError> for Code {
    fn from(error: ArenaError) -> Self {
        Self(error as u32 + 7000)
    }
}

impl From<SessionError> for Code {
    fn from(error: SessionError) -> Self {
        Self(error.code())
    }
}
