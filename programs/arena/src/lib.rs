//! A small game on a board of tiles, for the members of a session: how another program uses one.
//!
//! | instruction | uses the session by |
//! |---|---|
//! | `open_board` | the guard: account bytes, no call |
//! | `make_move` | a call of `consume`, which charges the player and answers how it stands |
//! | `make_move_by_vault` | being called through the session, which has charged already: the vault's signature |
//! | `surrender` | the guard |
//! | `close_board` | the session's status alone |
//!
//! A free tile costs one unit, another's three. There is one board for each life of a session; one of a former life is refused until it is closed,
//! which anybody can do, and its rent goes back to who paid it.
//!
//! The rules of the game are in [`board`], what the game asks of a session in [`membership`].

#![deny(clippy::arithmetic_side_effects, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(missing_docs, reason = "Anchor's macros make modules, structs and fields without documentation")]

#[cfg(target_os = "solana")]
use solana_compiler_builtins as _;

pub mod board;
pub mod error;
pub mod instructions;
pub mod membership;

use {anchor_lang::prelude::*, instructions::*};

declare_id!("Aren4xDshhFcGcLEW3o2m1U2mD4ruuCxxuT9XLWhV7cd");

/// The instructions.
#[program]
pub mod arena {
    use super::*;

    /// Opens a session's board, by a member with EXECUTE_FUNCTIONS, while the session is active.
    pub fn open_board(ctx: &mut Context<OpenBoard>) -> Result<()> {
        OpenBoard::handler(ctx)
    }

    /// Takes a tile, by a member with EXECUTE_FUNCTIONS, who is charged for it. Returns how many units it has left.
    pub fn make_move(ctx: &mut Context<MakeMove>, tile: u8) -> Result<u64> {
        MakeMove::handler(ctx, tile)
    }

    /// Takes a tile for the member who calls this through its session.
    pub fn make_move_by_vault(ctx: &mut Context<MakeMoveByVault>, tile: u8) -> Result<()> {
        MakeMoveByVault::handler(ctx, tile)
    }

    /// Gives a tile up, by the member who holds it.
    pub fn surrender(ctx: &mut Context<Surrender>, tile: u8) -> Result<()> {
        Surrender::handler(ctx, tile)
    }

    /// Deletes the board of a session that is closed or gone, by anyone; its rent goes to who paid it.
    pub fn close_board(ctx: &mut Context<CloseBoard>) -> Result<()> {
        CloseBoard::handler(ctx)
    }
}
