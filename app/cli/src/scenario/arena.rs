//! The arena: a small game on a board of tiles, as another program that uses a session. Its program file is on every scenario's ledger.
//!
//! The instructions are written by hand, so that a command needs no second program's crate: a discriminator, and at the most a tile.

use {
    sessions_client::{address, ledger::Snapshot},
    sha2::{Digest, Sha256},
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
};

/// The arena's address.
pub const ARENA: Address = Address::from_str_const("Aren4xDshhFcGcLEW3o2m1U2mD4ruuCxxuT9XLWhV7cd");
/// The program, as it is deployed. `build.rs` compares it with its manifest.
pub const FILE: &[u8] = include_bytes!(env!("ARENA_PROGRAM_FILE"));

/// The instruction that a session's vault calls.
pub const MOVE: &str = "make_move_by_vault";
/// The instructions, by which a selector can be named.
pub const INSTRUCTIONS: [&str; 5] = ["open_board", "make_move", MOVE, "surrender", "close_board"];

/// The number of its first error; the others follow.
const FIRST_ERROR: u32 = 7000;
/// Its errors by name, in the order of their numbers, with what each says.
const ERRORS: [(&str, &str); 13] = [
    ("NoSuchTile", "There is no such tile; a board has 64, from 0 on."),
    ("OwnTile", "The tile is the player's own already; take a free one or another's."),
    ("NotYourTile", "The tile is not the player's; only who holds a tile gives it up."),
    ("BoardFull", "Sixteen players hold tiles; one of them has to lose the last before another comes in."),
    ("BoardOfAnotherSession", "The board is another session's; pass the board of the session that the player is a member of."),
    ("BoardOfFormerLife", "The board is of a former life of the session; close it, which anybody can do, and open another."),
    ("BoardExists", "The session has a board already; play on that one."),
    ("WrongBoardAddress", "This is not where the session's board is; derive its address from `board` and the session's address."),
    ("SessionGoesOn", "The session goes on; a board is closed once its session is closed or gone."),
    ("WrongRentRecipient", "The rent goes back to who paid it; pass the payer that the board records."),
    ("WrongSessionProgram", "This is not the session program; pass the program that owns the session."),
    ("ForeignAnswer", "The answer is not the session program's, or about another session; the move was not charged."),
    ("TooManyMoves", "The board counts no more moves; close the session and open a board for another."),
];

/// The name of an error and what it says, by its number.
pub fn error(number: u32) -> Option<(&'static str, &'static str)> {
    ERRORS.get(usize::try_from(number.checked_sub(FIRST_ERROR)?).ok()?).copied()
}

/// The number of the error with this name.
pub fn error_number(name: &str) -> Option<u32> {
    (FIRST_ERROR..).zip(ERRORS).find(|(_, (known, _))| *known == name).map(|(number, _)| number)
}

/// First seed of a board's address; the session's address follows.
const SEED_BOARD: &[u8] = b"board";
/// Where a board names who paid for it: behind its discriminator and its session.
const PAYER: std::ops::Range<usize> = 40..72;

/// What the data of an instruction begins with.
pub fn discriminator(instruction: &str) -> [u8; 8] {
    let hash = Sha256::digest(format!("global:{instruction}"));
    hash.first_chunk().copied().unwrap_or_default()
}

/// Where a session's board is.
pub fn board(session: &Address) -> Address {
    Address::find_program_address(&[SEED_BOARD, session.as_array()], &ARENA).0
}

/// Who paid for the board in an account, if there is one.
pub fn payer_of(snapshot: &Snapshot) -> Option<Address> {
    let account = snapshot.account.as_ref().filter(|account| account.owner == ARENA)?;
    let bytes: [u8; 32] = account.data.get(PAYER)?.try_into().ok()?;
    Some(Address::new_from_array(bytes))
}

/// Who plays: who signs, in which session, and whose membership it is.
#[derive(Clone, Copy, Debug)]
pub struct Player {
    /// The wallet or its session key.
    pub signer: Address,
    /// The session.
    pub session: Address,
    /// The member's wallet.
    pub wallet: Address,
}

fn instruction(name: &str, accounts: Vec<AccountMeta>, arguments: &[u8]) -> Instruction {
    Instruction { program_id: ARENA, accounts, data: [&discriminator(name), arguments].concat() }
}

const fn read(pubkey: Address) -> AccountMeta {
    AccountMeta { pubkey, is_signer: false, is_writable: false }
}

const fn write(pubkey: Address) -> AccountMeta {
    AccountMeta { pubkey, is_signer: false, is_writable: true }
}

impl Player {
    fn member(&self) -> Address {
        address::member(&self.session, &self.wallet)
    }

    /// `open_board`: opens the session's board; `payer` pays for it.
    pub fn open_board(&self, payer: Address) -> Instruction {
        let player = AccountMeta::new_readonly(self.signer, true);
        let accounts = vec![
            player,
            AccountMeta::new(payer, true),
            read(self.session),
            read(self.member()),
            write(board(&self.session)),
            read(Address::default()),
        ];
        instruction("open_board", accounts, &[])
    }

    /// `make_move`: takes a tile, and is charged for it.
    pub fn make_move(&self, tile: u8) -> Instruction {
        let player = AccountMeta::new_readonly(self.signer, true);
        let accounts = vec![player, write(self.session), write(self.member()), write(board(&self.session)), read(address::PROGRAM)];
        instruction("make_move", accounts, &[tile])
    }

    /// `make_move_by_vault`: takes a tile through the session, which has charged for it.
    pub fn make_move_by_vault(&self, tile: u8) -> Instruction {
        let accounts = vec![read(address::vault(&self.session)), read(self.session), read(self.member()), write(board(&self.session))];
        instruction(MOVE, accounts, &[tile])
    }

    /// `surrender`: gives a tile up.
    pub fn surrender(&self, tile: u8) -> Instruction {
        let player = AccountMeta::new_readonly(self.signer, true);
        instruction("surrender", vec![player, read(self.session), read(self.member()), write(board(&self.session))], &[tile])
    }
}

/// `close_board`: deletes the board of a session that is over, whose rent goes to the payer that it records.
pub fn close_board(session: Address, payer: Address) -> Instruction {
    instruction("close_board", vec![read(session), write(board(&session)), write(payer)], &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The program is no dependency, so its source is what there is to compare with.
    #[test]
    fn the_errors_are_the_programs() {
        let source = include_str!("../../../../programs/arena/src/error.rs");
        assert!(source.contains(&format!("offset = {FIRST_ERROR})")));
        let messages = source.lines().filter_map(|line| line.trim().strip_prefix("#[msg(\"")?.strip_suffix("\")]"));
        let names = source.split("pub enum ").nth(1).unwrap().lines().filter_map(|line| line.strip_prefix("    ")?.strip_suffix(','));
        assert!(names.zip(messages).eq(ERRORS), "copy the errors of programs/arena/src/error.rs");
        assert_eq!((error(7001).map(|(name, _)| name), error_number("OwnTile")), (Some("OwnTile"), Some(7001)));
        assert_eq!((error(6999), error(7013), error_number("Own")), (None, None, None));
    }
}
