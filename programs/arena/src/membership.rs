//! What the game asks of a session.

use {
    crate::error::ArenaError,
    anchor_lang::{
        pinocchio::{
            cpi::{get_return_data, invoke},
            instruction::{InstructionAccount, InstructionView},
        },
        prelude::*,
    },
    sessions_core::{
        Refusal,
        guard::{self, AccountBytes},
        rules::permissions::Permissions,
        state::Standing,
    },
};

/// An account as the guard takes it: `data` is what was borrowed from `view`.
#[inline(always)]
pub fn bytes<'a>(view: &'a AccountView, data: &'a [u8]) -> AccountBytes<'a> {
    AccountBytes { address: view.address(), owner: view.owner(), data }
}

/// A refusal of the guard's, as an error of the transaction: the session program's own code, and the reason in the log.
#[cold]
pub fn refuse(refusal: Refusal) -> Error {
    if let Some(detail) = refusal.detail {
        msg!(refusal.error.name());
        msg!(detail.text());
    }
    refusal.error.into()
}

/// Who is charged.
#[derive(Clone, Copy)]
pub struct Charged<'a> {
    /// The member's wallet or its session key, which signed.
    pub player: &'a AccountView,
    /// The session.
    pub session: &'a AccountView,
    /// The membership.
    pub member: &'a AccountView,
}

impl Charged<'_> {
    /// Charges the member one operation and `units`, and gives how it stands. Nothing of the three accounts may be borrowed.
    ///
    /// By hand and not by the module that Anchor makes for callers: that one passes an account as writable always or never, and the session is
    /// written only where its members share limits.
    ///
    /// # Errors
    /// What the session program refuses, ends the transaction with its error; ForeignAnswer.
    #[inline(always)]
    pub fn consume(&self, session_id: &[u8; 32], units: u64) -> Result<Standing> {
        let Self { player, session, member } = *self;
        // README: call
        let data = guard::consume(Permissions::EXECUTE_FUNCTIONS, units);
        let accounts = [
            InstructionAccount::readonly_signer(player.address()),
            InstructionAccount::new(session.address(), session.is_writable(), false),
            InstructionAccount::writable(member.address()),
        ];
        let call = InstructionView { program_id: &sessions_core::ID, accounts: &accounts, data: &data };
        invoke(&call, &[player, session, member])?;
        let answer = get_return_data().ok_or(ArenaError::ForeignAnswer)?;
        let standing = guard::standing(answer.program_id(), answer.as_slice(), session_id).ok_or(ArenaError::ForeignAnswer)?;
        // README: end
        Ok(standing)
    }
}
