//! What can be wrong with a move.

use anchor_lang::prelude::*;

/// The game's own errors. What the session refuses comes up as the session program's error, whose codes are below these.
#[error_code(offset = 7000)]
#[derive(Debug, PartialEq, Eq)]
pub enum ArenaError {
    #[msg("There is no such tile; a board has 64, from 0 on.")]
    NoSuchTile,
    #[msg("The tile is the player's own already; take a free one or another's.")]
    OwnTile,
    #[msg("The tile is not the player's; only who holds a tile gives it up.")]
    NotYourTile,
    #[msg("Sixteen players hold tiles; one of them has to lose the last before another comes in.")]
    BoardFull,
    #[msg("The board is another session's; pass the board of the session that the player is a member of.")]
    BoardOfAnotherSession,
    #[msg("The board is of a former life of the session; close it, which anybody can do, and open another.")]
    BoardOfFormerLife,
    #[msg("The session has a board already; play on that one.")]
    BoardExists,
    #[msg("This is not where the session's board is; derive its address from `board` and the session's address.")]
    WrongBoardAddress,
    #[msg("The session goes on; a board is closed once its session is closed or gone.")]
    SessionGoesOn,
    #[msg("The rent goes back to who paid it; pass the payer that the board records.")]
    WrongRentRecipient,
    #[msg("This is not the session program; pass the program that owns the session.")]
    WrongSessionProgram,
    #[msg("The answer is not the session program's, or about another session; the move was not charged.")]
    ForeignAnswer,
    #[msg("The board counts no more moves; close the session and open a board for another.")]
    TooManyMoves,
}
