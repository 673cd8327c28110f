//! `surrender`: gives a tile up, by the member who holds it. It costs nothing.

use {
    crate::{
        board::Board,
        membership::{bytes, refuse},
    },
    anchor_lang::prelude::*,
    sessions_core::{guard, rules::permissions::Permissions},
};

/// Accounts of `surrender`.
#[derive(Accounts)]
pub struct Surrender {
    /// The member's wallet or its session key; the guard checks it against the membership.
    pub player: Signer,
    /// The session.
    ///
    /// CHECK: the guard checks its owner and what it is.
    pub session: UncheckedAccount,
    /// The membership.
    ///
    /// CHECK: the guard checks its owner, what it is, and that it belongs to the session.
    pub member: UncheckedAccount,
    /// The session's board.
    #[account(mut)]
    pub board: Account<Board>,
}

impl Surrender {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>, tile: u8) -> Result<()> {
        let Surrender { player, session, member, board } = &mut ctx.accounts;
        let (session, member) = (session.account(), member.account());
        let now = Clock::get()?.unix_timestamp;
        let (session_data, member_data) = (session.try_borrow()?, member.try_borrow()?);
        let (session, member) = (bytes(session, &session_data), bytes(member, &member_data));
        let access = guard::member_may(&session, &member, player.address(), Permissions::EXECUTE_FUNCTIONS, now).map_err(refuse)?;
        board.check_belongs(session.address, access.session)?;
        Ok(board.give_up(&access.member.wallet, tile)?)
    }
}
