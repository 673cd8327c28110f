//! `Stored<T>`: an account of this program, whose absence has a name.
//!
//! Anchor's `Account<T>` checks owner, discriminator and length, and answers with the runtime's general errors. A user meets these whenever
//! an address is wrong, so this wrapper gives them the program's own, and adds the check of the layout's version that every account needs.

use {
    crate::refusal::refuse,
    anchor_lang::{
        AccountClose, AccountInitialize,
        cpi::find_and_verify_program_address,
        pinocchio::cpi::{Seed, Signer},
        prelude::*,
    },
    bytemuck::Pod,
    core::{
        marker::PhantomData,
        ops::{Deref, DerefMut},
    },
    pinocchio_system::create_account_with_minimum_balance_signed,
    sessions_core::{
        SessionError,
        error::Denial,
        state::{AccountHeader, Creation},
    },
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

/// What the absence of an account means.
pub trait Absence {
    /// The error that answers it.
    fn error<T: Layout>() -> Error;
}

/// Its own error: there is no such account.
pub struct Named;

impl Absence for Named {
    #[cold]
    fn error<T: Layout>() -> Error {
        T::NOT_FOUND.into()
    }
}

/// That the signer is not allowed to act: the account that is missing is the one that would allow it.
pub struct Denied;

impl Absence for Denied {
    #[cold]
    fn error<T: Layout>() -> Error {
        refuse(Denial::NotAMember.into())
    }
}

/// An account of this program with the layout `T`: owner, discriminator, length and version are checked. `A` says what its absence means.
pub struct Stored<T: Layout, A: Absence = Named>(Account<T>, PhantomData<A>);

impl<T: Layout, A: Absence> Stored<T, A> {
    #[inline(always)]
    fn checked(loaded: Result<Account<T>>) -> Result<Self> {
        match loaded {
            Ok(account) => {
                account.header().check_version()?;
                Ok(Self(account, PhantomData))
            }
            Err(
                ProgramError::IllegalOwner
                | ProgramError::UninitializedAccount
                | ProgramError::InvalidAccountData
                | ProgramError::AccountDataTooSmall,
            ) => Err(A::error::<T>()),
            // The account stands in another place too, where it is written.
            Err(ProgramError::AccountBorrowFailed) => Err(SessionError::AccountsMustDiffer.into()),
            Err(other) => Err(other),
        }
    }
}

impl<T: Layout> Stored<T> {
    /// Creates the account at `seeds`, also where lamports were sent ahead; its address is derived here.
    #[inline(always)]
    pub fn create<'a>(account: &AccountView, payer: &'a AccountView, seeds: [&[u8]; 3], space: usize) -> Result<(Self, Creation<'a>)> {
        let bump = find_and_verify_program_address(&seeds, &T::OWNER, account.address())?;
        let created = Self::create_derived(account, payer, space, seeds, &[bump])?;
        Ok((created, Creation { payer: payer.address(), bump }))
    }

    /// Creates the account at an address that was derived from `seeds` with `bump`.
    ///
    /// Not through Anchor's own helper: its path for an account with lamports is a function of eight arguments, and a function of more than five
    /// is not to be had on SBPF v0 with the registry build (`docs/decisions/0002-registry-build.md`).
    #[inline(always)]
    fn create_derived(account: &AccountView, payer: &AccountView, space: usize, seeds: [&[u8]; 3], bump: &[u8]) -> Result<Self> {
        if account.owned_by(&T::OWNER) {
            return Err(T::ALREADY_EXISTS.into());
        }
        let mut account = *account;
        let [kind, first, second] = seeds;
        let seeds = [Seed::from(kind), Seed::from(first), Seed::from(second), Seed::from(bump)];
        create_account_with_minimum_balance_signed(&mut account, space, &T::OWNER, payer, None, &[Signer::from(&seeds)])?;
        account.try_borrow_mut()?.get_mut(..T::DISCRIMINATOR.len()).ok_or(T::NOT_FOUND)?.copy_from_slice(T::DISCRIMINATOR);
        // SAFETY: the account was created right here, so nobody else has its data borrowed.
        #[allow(unsafe_code, reason = "the method is unsafe")]
        unsafe { Account::load_mut_after_init(account) }.map(|account| Self(account, PhantomData))
    }

    /// The account at `seeds`: loaded for writing if there is one, or else made, which is told with it. One that is there is told by what it
    /// holds, which is the caller's to check.
    #[inline(always)]
    pub fn open_or_create<'a>(account: &AccountView, payer: &'a AccountView, seeds: [&[u8]; 3]) -> Result<(Self, Option<Creation<'a>>)> {
        // What is not a wallet's is loaded, which checks whose it is.
        if account.owned_by(&System::id()) {
            let (created, made) = Self::create(account, payer, seeds, Self::INIT_SPACE)?;
            Ok((created, Some(made)))
        } else {
            Ok((Self::open(account)?, None))
        }
    }

    /// Loads the account for writing, for a handler that only knows then whether it is there.
    #[inline(always)]
    pub fn open(account: &AccountView) -> Result<Self> {
        if account.is_borrowed() {
            return Err(SessionError::AccountsMustDiffer.into());
        }
        // SAFETY: nothing has the account's data borrowed.
        #[allow(unsafe_code, reason = "the method is unsafe")]
        unsafe {
            Self::load_mut(*account)
        }
    }

    /// The layout, and the room behind it.
    #[inline(always)]
    pub fn with_room(&mut self) -> (&mut T, &mut [u8]) {
        let mut view = *self.0.account();
        // SAFETY: `self` was loaded for writing and has the data of the account to itself; the layout ends where the room begins, so the two
        // references do not overlap.
        #[allow(unsafe_code, reason = "Anchor's account does not give its bytes and its layout at once")]
        let room = unsafe { view.borrow_unchecked_mut() }.get_mut(Self::INIT_SPACE..).unwrap_or_default();
        // SAFETY: as above; the lifetimes are those of `self`, whose account outlives the instruction.
        #[allow(unsafe_code, reason = "the view is a copy of the one in `self`")]
        let room = unsafe { core::slice::from_raw_parts_mut(room.as_mut_ptr(), room.len()) };
        (&mut self.0, room)
    }
}

impl<T: Layout, A: Absence> AnchorAccount for Stored<T, A> {
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
        if !view.is_writable() {
            return Err(ErrorCode::ConstraintMut.into());
        }
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

    #[inline(always)]
    fn create_and_initialize<'a>(
        payer: &AccountView,
        account: &AccountView,
        space: usize,
        _owner: &Address,
        _params: &(),
        signer_seeds: Option<&[&[u8]]>,
        payer_signer_seeds: Option<&[&[u8]]>,
    ) -> Result<Self> {
        // Every address of this program has three seeds and its bump, and no payer is such an address.
        let (Some([kind, first, second, bump]), None) = (signer_seeds, payer_signer_seeds) else {
            return Err(ProgramError::InvalidSeeds);
        };
        Self::create_derived(account, payer, space, [kind, first, second], bump)
    }
}

impl<T: Layout, A: Absence> AccountClose for Stored<T, A> {
    #[inline(always)]
    fn close(&mut self, destination: AccountView) -> Result<()> {
        self.0.close(destination)
    }
}

impl<T: Layout, A: Absence> Space for Stored<T, A> {
    const INIT_SPACE: usize = <Account<T> as Space>::INIT_SPACE;
}

impl<T: Layout, A: Absence> Deref for Stored<T, A> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Layout, A: Absence> DerefMut for Stored<T, A> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

#[doc(hidden)]
impl<T: Layout + IdlAccountType, A: Absence> IdlAccountType for Stored<T, A> {
    const __IDL_ACCOUNT_ENTRY: Option<&'static str> = T::__IDL_ACCOUNT_ENTRY;

    fn __idl_type_def() -> Option<&'static str> {
        T::__idl_type_def()
    }

    fn __register_idl_deps(accounts: &mut Vec<&'static str>, types: &mut Vec<&'static str>) {
        T::__register_idl_deps(accounts, types);
    }
}
