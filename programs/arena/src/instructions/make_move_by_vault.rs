//! `make_move_by_vault`: takes a tile for the member who calls this through its session.

use {
    crate::{
        board::Board,
        membership::{bytes, refuse},
    },
    anchor_lang::prelude::*,
    sessions_core::{guard, rules::permissions::Permissions},
};

/// Accounts of `make_move_by_vault`.
#[derive(Accounts)]
pub struct MakeMoveByVault {
    /// The session's vault, which signs for the session; the guard compares it.
    pub vault: Signer,
    /// The session.
    ///
    /// CHECK: the guard checks its owner and what it is.
    pub session: UncheckedAccount,
    /// The membership of who calls.
    ///
    /// CHECK: the guard checks its owner, what it is, and that it belongs to the session, which passes on no other than the caller's.
    pub member: UncheckedAccount,
    /// The session's board.
    #[account(mut)]
    pub board: Account<Board>,
}

impl MakeMoveByVault {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, tile: u8) -> Result<()> {
        let MakeMoveByVault { vault, session, member, board } = &mut ctx.accounts;
        let (session, member) = (session.account(), member.account());
        let now = Clock::get()?.unix_timestamp;
        let (session_data, member_data) = (session.try_borrow()?, member.try_borrow()?);
        let (session, member) = (bytes(session, &session_data), bytes(member, &member_data));
        // The session has charged its member and asked for the permission, which is another one for a composition.
        let access = guard::authorized_by_vault(&session, &member, vault.address(), true, Permissions::NONE, now).map_err(refuse)?;
        board.check_belongs(session.address, access.session)?;
        Ok(board.claim(&access.member.wallet, tile)?)
    }
}
