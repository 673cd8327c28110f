//! `Stored<T>`: an account of this program, whose absence has a name.
//!
//! Anchor's `Account<T>` checks owner, discriminator and length, and answers with the runtime's general errors. A user meets these whenever
//! an address is wrong, so this wrapper gives them the program's own, and adds the check of the layout's version that every account needs.

use {
    anchor_lang::{
        AccountClose, AccountInitialize,
        pinocchio::cpi::{Seed, Signer},
        prelude::*,
    },
    bytemuck::Pod,
    core::ops::{Deref, DerefMut},
    pinocchio_system::create_account_with_minimum_balance_signed,
    sessions_core::{SessionError, state::AccountHeader},
};

/// A layout that [`Stored`] can hold.
pub trait Layout: Pod + Owner + Discriminator {
    /// What answers if there is no such account at the address.
    const NOT_FOUND: SessionError;
    /// What answers if there is one where it was to be created.
    const ALREADY_EXISTS: SessionError;

    /// What every account begins with.
    fn header(&self) -> &AccountHeader;
}

/// An account of this program with the layout `T`: owner, discriminator, length and version are checked.
pub struct Stored<T: Layout>(Account<T>);

impl<T: Layout> Stored<T> {
    #[inline(always)]
    fn checked(loaded: Result<Account<T>>) -> Result<Self> {
        match loaded {
            Ok(account) => {
                account.header().check_version()?;
                Ok(Self(account))
            }
            Err(
                ProgramError::IllegalOwner
                | ProgramError::UninitializedAccount
                | ProgramError::InvalidAccountData
                | ProgramError::AccountDataTooSmall,
            ) => Err(T::NOT_FOUND.into()),
            Err(other) => Err(other),
        }
    }
}

impl<T: Layout> AnchorAccount for Stored<T> {
    type Data = T;
    const MIN_DATA_LEN: usize = <Account<T> as AnchorAccount>::MIN_DATA_LEN;
    const RELAX_READONLY_CPI_BORROW_FROM_MUT: bool = <Account<T> as AnchorAccount>::RELAX_READONLY_CPI_BORROW_FROM_MUT;

    #[inline(always)]
    fn load(view: AccountView) -> Result<Self> {
        Self::checked(Account::load(view))
    }

    #[inline(always)]
    #[allow(unsafe_code, reason = "the trait's method is unsafe")]
    unsafe fn load_mut(view: AccountView) -> Result<Self> {
        // SAFETY: the caller guarantees what `Account::load_mut` asks for: no other live `&mut` to the account's data.
        Self::checked(unsafe { Account::load_mut(view) })
    }

    #[inline(always)]
    fn account(&self) -> &AccountView {
        self.0.account()
    }
}

impl<T: Layout> AccountInitialize for Stored<T> {
    type Params<'a> = ();

    /// Creates the account, also where lamports were sent ahead.
    ///
    /// Not through Anchor's own helper: its path for such an account is a function of eight arguments, and a function of more than five is
    /// not to be had on SBPF v0 with the registry build (`docs/decisions/0002-registry-build.md`).
    #[inline(always)]
    fn create_and_initialize<'a>(
        payer: &AccountView,
        account: &AccountView,
        space: usize,
        owner: &Address,
        _params: &(),
        signer_seeds: Option<&[&[u8]]>,
        payer_signer_seeds: Option<&[&[u8]]>,
    ) -> Result<Self> {
        if account.owned_by(&T::OWNER) {
            return Err(T::ALREADY_EXISTS.into());
        }
        // Every address of this program has three seeds and its bump, and no payer is such an address.
        let (Some([kind, first, second, bump]), None) = (signer_seeds, payer_signer_seeds) else {
            return Err(ProgramError::InvalidSeeds);
        };
        let mut account = *account;
        let seeds = [Seed::from(*kind), Seed::from(*first), Seed::from(*second), Seed::from(*bump)];
        create_account_with_minimum_balance_signed(&mut account, space, owner, payer, None, &[Signer::from(&seeds)])?;
        account.try_borrow_mut()?.get_mut(..T::DISCRIMINATOR.len()).ok_or(T::NOT_FOUND)?.copy_from_slice(T::DISCRIMINATOR);
        // SAFETY: the account was created right here, so nobody else has its data borrowed.
        #[allow(unsafe_code, reason = "the method is unsafe")]
        unsafe { Account::load_mut_after_init(account) }.map(Self)
    }
}

impl<T: Layout> AccountClose for Stored<T> {
    #[inline(always)]
    fn close(&mut self, destination: AccountView) -> Result<()> {
        self.0.close(destination)
    }
}

impl<T: Layout> Space for Stored<T> {
    const INIT_SPACE: usize = <Account<T> as Space>::INIT_SPACE;
}

impl<T: Layout> Deref for Stored<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Layout> DerefMut for Stored<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

#[doc(hidden)]
impl<T: Layout + IdlAccountType> IdlAccountType for Stored<T> {
    const __IDL_ACCOUNT_ENTRY: Option<&'static str> = T::__IDL_ACCOUNT_ENTRY;

    fn __idl_type_def() -> Option<&'static str> {
        T::__idl_type_def()
    }

    fn __register_idl_deps(accounts: &mut Vec<&'static str>, types: &mut Vec<&'static str>) {
        T::__register_idl_deps(accounts, types);
    }
}
