//! `close_board`: deletes the board of a session that is closed or gone.

use {
    crate::{
        board::Board,
        error::ArenaError,
        membership::{bytes, refuse},
    },
    anchor_lang::prelude::*,
    sessions_core::{guard, rules::lifecycle::Status},
};

/// Accounts of `close_board`. Nobody has to sign: the rent has one place to go.
#[derive(Accounts)]
pub struct CloseBoard {
    /// The session, or the address where it was.
    ///
    /// CHECK: its address is the one that the board records; whether there is a session, the handler asks.
    #[account(address = board.session @ ArenaError::BoardOfAnotherSession)]
    pub session: UncheckedAccount,
    /// The board, which is deleted.
    #[account(mut, close = payer)]
    pub board: Account<Board>,
    /// Who gets the rent back.
    ///
    /// CHECK: its address is the payer's that the board records.
    #[account(mut, address = board.payer @ ArenaError::WrongRentRecipient)]
    pub payer: UncheckedAccount,
}

impl CloseBoard {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let CloseBoard { session, board, .. } = &ctx.accounts;
        let session = session.account();
        // Where the session program owns nothing, the session is gone.
        if session.owned_by(&sessions_core::ID) {
            let data = session.try_borrow()?;
            let state = guard::session(&bytes(session, &data)).map_err(refuse)?;
            let goes_on = state.header.epoch == board.epoch && state.status().map_err(|error| refuse(error.into()))? != Status::Closed;
            if goes_on {
                return Err(ArenaError::SessionGoesOn.into());
            }
        }
        Ok(())
    }
}
