//! `open_board`: opens a session's board, by a member with EXECUTE_FUNCTIONS.

use {
    crate::{
        ID,
        board::Board,
        error::ArenaError,
        membership::{bytes, refuse},
    },
    anchor_lang::{
        cpi::find_and_verify_program_address,
        pinocchio::cpi::{Seed, Signer as SignerSeeds},
        prelude::*,
    },
    pinocchio_system::create_account_with_minimum_balance_signed,
    sessions_core::{guard, rules::permissions::Permissions},
};

/// Accounts of `open_board`.
#[derive(Accounts)]
pub struct OpenBoard {
    /// The member's wallet or its session key; the guard checks it against the membership.
    pub player: Signer,
    /// Who pays the rent and gets it back. It has no data to alias, so it may be the player too (`unsafe(dup)`).
    #[account(mut, unsafe(dup))]
    pub payer: Signer,
    /// The session.
    ///
    /// CHECK: the guard checks its owner and what it is.
    pub session: UncheckedAccount,
    /// The membership.
    ///
    /// CHECK: the guard checks its owner, what it is, and that it belongs to the session.
    pub member: UncheckedAccount,
    /// The board; must not exist yet.
    ///
    /// CHECK: the handler derives its address and makes it.
    #[account(mut)]
    pub board: UncheckedAccount,
    /// Creates the account.
    pub system_program: Program<System>,
}

impl OpenBoard {
    #[inline(always)]
    pub(crate) fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let OpenBoard { player, payer, session, member, board, .. } = &ctx.accounts;
        let (session, member) = (session.account(), member.account());
        let epoch = {
            let now = Clock::get()?.unix_timestamp;
            // README: guard
            let (session_data, member_data) = (session.try_borrow()?, member.try_borrow()?);
            let (session, member) = (bytes(session, &session_data), bytes(member, &member_data));
            let access = guard::member_may(&session, &member, player.address(), Permissions::EXECUTE_FUNCTIONS, now).map_err(refuse)?;
            // README: end
            access.session.header.epoch
        };
        let (session, payer) = (session.address(), payer.account());
        let mut view = *board.account();
        let bump = make(&mut view, session, payer)?;
        // SAFETY: the account was made right here, so nobody else has its data borrowed.
        #[allow(unsafe_code, reason = "the method is unsafe")]
        let mut board = unsafe { Account::<Board>::load_mut_after_init(view) }?;
        board.session = *session;
        board.payer = *payer.address();
        board.epoch = epoch;
        board.bump = bump;
        Ok(())
    }
}

/// Makes the account of a board; gives the bump of its address.
///
/// Not by Anchor's `init`: its path for an account with lamports is a function of more than five arguments, which SBPF v0 does not have.
#[inline(always)]
fn make(board: &mut AccountView, session: &Address, payer: &AccountView) -> Result<u8> {
    let [kind, of] = Board::seeds(session);
    let bump = find_and_verify_program_address(&[kind, of], &ID, board.address()).map_err(|_| ArenaError::WrongBoardAddress)?;
    if board.owned_by(&ID) {
        return Err(ArenaError::BoardExists.into());
    }
    let bump_seed = [bump];
    let seeds = [Seed::from(kind), Seed::from(of), Seed::from(&bump_seed)];
    let space = <Account<Board> as Space>::INIT_SPACE;
    create_account_with_minimum_balance_signed(board, space, &ID, payer, None, &[SignerSeeds::from(&seeds)])?;
    let discriminator = Board::DISCRIMINATOR;
    board.try_borrow_mut()?.get_mut(..discriminator.len()).ok_or(ArenaError::WrongBoardAddress)?.copy_from_slice(discriminator);
    Ok(bump)
}
