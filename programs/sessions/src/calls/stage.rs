//! The accounts of an execution, and which of them a call may have.

use {
    super::{Call, put},
    crate::{ID, refusal::refuse, vaults::VaultSigner},
    anchor_lang::{
        pinocchio::{
            cpi::{CpiAccount, invoke_signed_unchecked},
            instruction::{InstructionAccount, InstructionView},
        },
        prelude::*,
    },
    sessions_core::{
        error::{InvalidField, Violation},
        rules::functions::{AccountIndex, MAX_ACCOUNTS},
        same,
    },
};

/// The accounts of an execution: calls name them by their places, the vault first, then the session, the membership and the rest.
#[derive(Clone, Copy)]
pub struct Stage<'a> {
    /// The vault, which signs.
    pub vault: &'a AccountView,
    /// The session.
    pub session: &'a AccountView,
    /// The caller's membership.
    pub member: &'a AccountView,
    /// The accounts behind those.
    pub rest: &'a [AccountView],
}

/// Where the accounts of a call are written for the runtime; one call after the other, for memory is never given back.
pub struct Buffers<'a> {
    metas: Vec<InstructionAccount<'a>>,
    accounts: Vec<CpiAccount<'a>>,
}

impl<'a> Stage<'a> {
    /// Room for the accounts of any call.
    pub fn buffers(&self) -> Buffers<'a> {
        Buffers { metas: Vec::with_capacity(MAX_ACCOUNTS), accounts: Vec::with_capacity(MAX_ACCOUNTS) }
    }

    /// Calls a program, with the vault's signature and no other.
    ///
    /// # Errors
    /// InvalidConfiguration naming accounts that are too many, not there, or to be written though they were not passed so; PolicyViolation for one
    /// that is not passed on; what the program fails with.
    #[inline(always)]
    pub fn call(&self, call: &Call<'a>, signer: &VaultSigner<'_>, buffers: &mut Buffers<'a>) -> Result<()> {
        let Buffers { metas, accounts } = buffers;
        metas.clear();
        accounts.clear();
        for index in call.accounts {
            let index = AccountIndex(*index);
            let view = self.account(index)?;
            let signs = index.place() == AccountIndex::VAULT;
            put(metas, InstructionAccount::new(view.address(), index.is_writable(), signs))?;
            put(accounts, CpiAccount::from(view))?;
        }
        let instruction = InstructionView { program_id: &call.function.program, accounts: metas, data: call.data };
        // SAFETY: the call may change the accounts that are passed on as writable, and of those this program holds no reference: the session
        // and the membership are passed on for reading only, and borrowed anew behind the call; whatever else is this program's, functions among
        // it, is not passed on at all; and of the others nothing is read but between calls.
        #[allow(unsafe_code, reason = "the checked call refuses the session and the membership, which are borrowed for writing here")]
        signer.sign(|seeds| unsafe { invoke_signed_unchecked(&instruction, accounts, seeds) });
        Ok(())
    }

    /// The account that a call names.
    #[inline(always)]
    fn account(&self, index: AccountIndex) -> Result<&'a AccountView> {
        let view = match index.place() {
            AccountIndex::VAULT => self.vault,
            AccountIndex::SESSION | AccountIndex::MEMBER if index.is_writable() => {
                return Err(refuse(Violation::WritableState.into()));
            }
            AccountIndex::SESSION => return Ok(self.session),
            AccountIndex::MEMBER => return Ok(self.member),
            place => {
                let place = usize::from(place.saturating_sub(AccountIndex::REST));
                let view = self.rest.get(place).ok_or_else(|| refuse(InvalidField::Accounts.into()))?;
                if same(view.owner(), &ID) {
                    return Err(refuse(Violation::ForeignAccount.into()));
                }
                view
            }
        };
        if index.is_writable() && !view.is_writable() {
            return Err(refuse(InvalidField::Accounts.into()));
        }
        Ok(view)
    }
}
