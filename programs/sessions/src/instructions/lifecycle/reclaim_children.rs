//! `reclaim_children`: deletes accounts that belonged to a session that is closed or gone, many at once, by anyone.

use {
    crate::{
        ID,
        refusal::refuse,
        state::{Session, Stored},
    },
    anchor_lang::prelude::*,
    sessions_core::{SessionError, same, state::Child},
};

/// Accounts of `reclaim_children`. Behind them stand pairs: an account to delete, and the payer of its rent, who gets it back; both writable.
#[derive(Accounts)]
pub struct ReclaimChildren {
    /// The session, or the address where it was.
    ///
    /// CHECK: each account that is deleted records this address; what stands here decides whether it may be. An account of this program is
    /// loaded as a session; with anything else the session is gone, for only this program makes accounts at its addresses.
    #[account(mut)]
    pub session: UncheckedAccount,
}

impl ReclaimChildren {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let session = *ctx.accounts.session.account();
        let mut closed = if same(session.owner(), &ID) { Some(Stored::<Session>::open(&session)?) } else { None };
        let accounts = ctx.remaining_accounts()?;
        let (pairs, rest) = accounts.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(ErrorCode::AccountNotEnoughKeys.into());
        }
        for [account, payer] in pairs {
            let child = read(account)?;
            match &mut closed {
                Some(session) => {
                    let view = *session.account();
                    session.state.reclaim_child(view.address(), &child).map_err(|error| refuse(error.into()))?;
                }
                None if same(&child.session, session.address()) => {}
                None => return Err(SessionError::WrongSession.into()),
            }
            if !same(&child.header.payer, payer.address()) {
                return Err(SessionError::WrongRentRecipient.into());
            }
            delete(*account, *payer)?;
        }
        Ok(())
    }
}

/// The child in an account, which the program must own.
fn read(account: &AccountView) -> Result<Child> {
    let data = account.try_borrow()?;
    let child = if same(account.owner(), &ID) { Child::read(&data) } else { None };
    let child = child.ok_or(SessionError::ChildNotFound)?;
    child.header.check_version()?;
    Ok(child)
}

/// Moves an account's lamports to `payer` and deletes it.
fn delete(mut account: AccountView, mut payer: AccountView) -> Result<()> {
    if !account.is_writable() || !payer.is_writable() {
        return Err(ErrorCode::ConstraintMut.into());
    }
    payer.set_lamports(payer.lamports().checked_add(account.lamports()).ok_or(SessionError::ArithmeticOverflow)?);
    account.set_lamports(0);
    account.close()
}
