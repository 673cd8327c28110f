//! `make_move`: takes a tile, by a member with EXECUTE_FUNCTIONS, who is charged for it.

use {
    crate::{
        board::Board,
        error::ArenaError,
        membership::{Charged, bytes, refuse},
    },
    anchor_lang::prelude::*,
    sessions_core::guard,
};

/// Accounts of `make_move`.
#[derive(Accounts)]
pub struct MakeMove {
    /// The member's wallet or its session key; the session program checks it against the membership.
    pub player: Signer,
    /// The session; writable if it has shared limits.
    ///
    /// CHECK: the guard checks its owner and what it is, and the session program whether it goes on.
    pub session: UncheckedAccount,
    /// The membership.
    ///
    /// CHECK: the guard checks its owner and what it is, and the session program whether it is the player's and belongs to the session.
    #[account(mut)]
    pub member: UncheckedAccount,
    /// The session's board.
    #[account(mut)]
    pub board: Account<Board>,
    /// The session program.
    ///
    /// CHECK: its address.
    #[account(address = sessions_core::ID @ ArenaError::WrongSessionProgram)]
    pub sessions_program: UncheckedAccount,
}

impl MakeMove {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, tile: u8) -> Result<u64> {
        let MakeMove { player, session, member, board, .. } = &mut ctx.accounts;
        let charged = Charged { player: player.account(), session: session.account(), member: member.account() };
        // What is read here counts for nothing yet: it says what to charge whom for, and the session program answers whether it may be.
        let (session_id, wallet) = {
            let (session, member) = (charged.session.try_borrow()?, charged.member.try_borrow()?);
            let session = guard::session(&bytes(charged.session, &session)).map_err(refuse)?;
            let member = guard::member(&bytes(charged.member, &member)).map_err(refuse)?;
            board.check_belongs(charged.session.address(), session)?;
            (session.id, member.wallet)
        };
        let standing = charged.consume(&session_id, board.cost(&wallet, tile)?)?;
        board.claim(&wallet, tile)?;
        Ok(standing.units_left)
    }
}
