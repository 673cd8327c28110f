//! `Stored<T>`: an account of this program, whose absence has a name.
//!
//! Anchor's `Account<T>` checks owner, discriminator and length, and answers with the runtime's general errors. A user meets these whenever
//! an address is wrong, so this wrapper gives them the program's own, and adds the check of the layout's version that every account needs.
//!
//! What does not depend on the layout is in functions that are not inlined: every instruction loads accounts and many make or delete one, and
//! the program file would have all of it once for each.

use {
    crate::{ID, refusal::explain},
    anchor_lang::{
        AccountClose, AccountInitialize,
        cpi::find_and_verify_program_address,
        pinocchio::{
            account::NOT_BORROWED,
            cpi::{Seed, Signer},
        },
        prelude::*,
    },
    bytemuck::Pod,
    core::{
        marker::PhantomData,
        ops::{Deref, DerefMut},
    },
    pinocchio_system::create_account_with_minimum_balance_signed,
    sessions_core::{
        Refusal, SessionError,
        error::{Denial, Detail},
        same,
        state::{AccountHeader, Creation, DISCRIMINATOR_LEN},
    },
};

/// A layout that [`Stored`] can hold: it begins with an [`AccountHeader`].
pub trait Layout: Pod + Owner + Discriminator {
    /// The discriminator as the word that an account begins with.
    const WORD: u64;
    /// What answers if there is no such account at the address.
    const NOT_FOUND: SessionError;
    /// What answers if there is one where it was to be created.
    const ALREADY_EXISTS: SessionError;

    /// What every account begins with.
    fn header(&self) -> &AccountHeader;
}

/// What the absence of an account means.
pub trait Absence {
    /// What answers it.
    fn refusal<T: Layout>() -> Refusal;
}

/// Its own error: there is no such account.
pub struct Named;

impl Absence for Named {
    #[inline(always)]
    fn refusal<T: Layout>() -> Refusal {
        Refusal { error: T::NOT_FOUND, detail: None }
    }
}

/// That the signer is not allowed to act: the account that is missing is the one that would allow it.
pub struct Denied;

impl Absence for Denied {
    #[inline(always)]
    fn refusal<T: Layout>() -> Refusal {
        Refusal { error: SessionError::PermissionDenied, detail: Some(Detail::Denial(Denial::NotAMember)) }
    }
}

/// An account of this program with the layout `T`: owner, discriminator, length and version are checked. `A` says what its absence means.
///
/// From when it is loaded to the end of the instruction it is marked as borrowed, so that nothing else gets at its data.
pub struct Stored<T: Layout, A: Absence = Named> {
    view: AccountView,
    is_mutable: bool,
    kind: PhantomData<(T, A)>,
}

/// Anchor's ConstraintMut, by its number.
const CONSTRAINT_MUT: u64 = 2_000;

/// Checks that the account is there, with the version of its layout, and marks it as borrowed: by `word`, its discriminator, and its size. If it
/// is not, `absence` answers.
///
/// What comes back is an error's code, or 0: a whole word, for a caller would have to widen anything narrower, at each of its places.
#[inline(never)]
fn claim<const MUTABLE: bool>(view: AccountView, word: u64, size: u64, absence: Refusal) -> u64 {
    if MUTABLE && !view.is_writable() {
        return CONSTRAINT_MUT;
    }
    let account = view.account_ptr().cast_mut();
    // SAFETY: a view points to the account as the runtime passed it, and the reference to it ends with this function.
    #[allow(unsafe_code, reason = "a view has no method for the state of its borrows")]
    let account = unsafe { &mut *account };
    // None yet is the highest, 1 means that no more can be shared, and 0 that one is exclusive.
    let is_free = if MUTABLE { account.borrow_state == NOT_BORROWED } else { account.borrow_state >= 2 };
    if !is_free {
        // The account stands in another place too, and is written there or here.
        return SessionError::AccountsMustDiffer.code().into();
    }
    // SAFETY: no layout is shorter than its discriminator and its header, and the data are behind the account, with nothing borrowed that is
    // written.
    #[allow(unsafe_code, reason = "slices would be checked once more for each part")]
    let (first, header) = unsafe {
        let data = view.data_ptr();
        (data.cast::<u64>(), data.add(DISCRIMINATOR_LEN).cast::<AccountHeader>())
    };
    // SAFETY: as above; they are read only where there are as many data.
    #[allow(unsafe_code, reason = "as above")]
    if account.data_len < size || unsafe { *first } != word || !same(&account.owner, &ID) {
        return explain(absence).code().into();
    } else if let Err(error) = unsafe { &*header }.check_version() {
        return error.code().into();
    }
    account.borrow_state = if MUTABLE { 0 } else { account.borrow_state.wrapping_sub(1) };
    0
}

/// An account that is to be made.
struct Plan<'a> {
    account: AccountView,
    payer: AccountView,
    space: usize,
    /// What its address is derived from: three seeds or, for a function, four.
    seeds: &'a [&'a [u8]],
    /// The bump behind them.
    bump: &'a [u8],
    /// The discriminator.
    word: u64,
    already_exists: SessionError,
}

/// The canonical bump of the address that these seeds make, if it is this one.
#[inline(never)]
pub(crate) fn derive(seeds: &[&[u8]], address: &Address) -> Result<u8> {
    find_and_verify_program_address(seeds, &ID, address)
}

/// Makes an account and marks it as borrowed.
///
/// Not through Anchor's own helper: its path for an account with lamports is a function of eight arguments, and a function of more than five
/// is not to be had on SBPF v0 with the registry build (`docs/decisions/0002-registry-build.md`).
#[inline(never)]
fn make(plan: &Plan<'_>) -> Result<()> {
    let mut account = plan.account;
    if same(account.owner(), &ID) {
        return Err(plan.already_exists.into());
    }
    let mut seeds = [(); 5].map(|()| Seed::from(plan.bump));
    let used = seeds.get_mut(..=plan.seeds.len()).ok_or(ProgramError::InvalidSeeds)?;
    for (place, seed) in used.iter_mut().zip(plan.seeds) {
        *place = Seed::from(*seed);
    }
    create_account_with_minimum_balance_signed(&mut account, plan.space, &ID, &plan.payer, None, &[Signer::from(&*used)])?;
    let mut data = account.try_borrow_mut()?;
    *data.first_chunk_mut().ok_or(ProgramError::AccountDataTooSmall)? = plan.word.to_le_bytes();
    core::mem::forget(data);
    Ok(())
}

/// Moves an account's lamports to `destination` and deletes it.
#[inline(never)]
fn delete(mut account: AccountView, mut destination: AccountView) -> Result<()> {
    destination.set_lamports(destination.lamports().checked_add(account.lamports()).ok_or(ProgramError::ArithmeticOverflow)?);
    account.set_lamports(0);
    // SAFETY: the caller has the account's data to itself.
    #[allow(unsafe_code, reason = "the account is marked as borrowed by the caller")]
    unsafe {
        // Whatever comes back here by another program's doing has no discriminator of ours.
        if let Some(first) = account.borrow_unchecked_mut().first_chunk_mut() {
            *first = [u8::MAX; DISCRIMINATOR_LEN];
        }
        account.close_unchecked();
    }
    Ok(())
}

impl<T: Layout, A: Absence> Stored<T, A> {
    const SIZE: usize = {
        assert!(align_of::<T>() <= 8, "the data of an account is aligned to eight bytes, and so is a layout behind its discriminator");
        DISCRIMINATOR_LEN.strict_add(size_of::<T>())
    };

    /// Stops a handler that writes what it did not declare as written: a mistake in the program, which the compiler sees not to be there.
    #[inline(always)]
    fn expect_mutable(&self) {
        assert!(self.is_mutable, "an account that is written is `mut`");
    }

    /// [`claim`] for this layout. Not inlined: what it is called with is longer than the call, and most layouts are loaded in many instructions.
    #[inline(never)]
    fn claim<const MUTABLE: bool>(view: AccountView) -> u64 {
        claim::<MUTABLE>(view, T::WORD, Self::SIZE as u64, A::refusal::<T>())
    }

    /// Loads the account, if nothing else that stands in the way has it borrowed.
    #[inline(always)]
    pub(super) fn load_for(view: AccountView, is_mutable: bool) -> Result<Self> {
        let code = if is_mutable { Self::claim::<true>(view) } else { Self::claim::<false>(view) };
        if code == 0 { Ok(Self { view, is_mutable, kind: PhantomData }) } else { Err(Error::Custom(code as u32)) }
    }
}

impl<T: Layout> Stored<T> {
    /// Creates the account at `seeds`, also where lamports were sent ahead; its address is derived here.
    #[inline(always)]
    pub fn create<'a>(account: &AccountView, payer: &'a AccountView, seeds: &[&[u8]], space: usize) -> Result<(Self, Creation<'a>)> {
        let bump = derive(seeds, account.address())?;
        let created = Self::create_derived(account, payer, space, seeds, &[bump])?;
        Ok((created, Creation { payer: payer.address(), bump }))
    }

    /// Creates the account at an address that was derived from `seeds` with `bump`.
    #[inline(always)]
    fn create_derived(account: &AccountView, payer: &AccountView, space: usize, seeds: &[&[u8]], bump: &[u8]) -> Result<Self> {
        if space < Self::SIZE {
            return Err(ProgramError::AccountDataTooSmall);
        }
        let view = *account;
        make(&Plan { account: view, payer: *payer, space, seeds, bump, word: T::WORD, already_exists: T::ALREADY_EXISTS })?;
        Ok(Self { view, is_mutable: true, kind: PhantomData })
    }

    /// The account at `seeds`: loaded for writing if there is one, or else made, which is told with it. One that is there is told by what it
    /// holds, which is the caller's to check.
    #[inline(always)]
    pub fn open_or_create<'a>(account: &AccountView, payer: &'a AccountView, seeds: &[&[u8]]) -> Result<(Self, Option<Creation<'a>>)> {
        // What is not a wallet's is loaded, which checks whose it is.
        if same(account.owner(), &System::id()) {
            let (created, made) = Self::create(account, payer, seeds, Self::INIT_SPACE)?;
            Ok((created, Some(made)))
        } else {
            Ok((Self::open(account)?, None))
        }
    }

    /// Loads the account for writing, for a handler that only knows then whether it is there.
    #[inline(always)]
    pub fn open(account: &AccountView) -> Result<Self> {
        Self::load_for(*account, true)
    }

    /// The layout, and the room behind it.
    #[inline(always)]
    pub fn with_room(&mut self) -> (&mut T, &mut [u8]) {
        let mut view = self.view;
        // SAFETY: `self` was loaded for writing and has the data of the account to itself; the layout ends where the room begins, so the two
        // references do not overlap.
        #[allow(unsafe_code, reason = "the layout and the room are not borrowed at once")]
        let room = unsafe { view.borrow_unchecked_mut() }.get_mut(Self::INIT_SPACE..).unwrap_or_default();
        // SAFETY: as above; the lifetimes are those of `self`, whose account outlives the instruction.
        #[allow(unsafe_code, reason = "the view is a copy of the one in `self`")]
        let room = unsafe { core::slice::from_raw_parts_mut(room.as_mut_ptr(), room.len()) };
        (self, room)
    }
}

impl<T: Layout, A: Absence> AnchorAccount for Stored<T, A> {
    type Data = T;
    const MIN_DATA_LEN: usize = Self::SIZE;
    const RELAX_READONLY_CPI_BORROW_FROM_MUT: bool = true;

    #[inline(always)]
    fn load(view: AccountView) -> Result<Self> {
        Self::load_for(view, false)
    }

    #[inline(always)]
    #[allow(unsafe_code, reason = "the trait's method is unsafe")]
    unsafe fn load_mut(view: AccountView) -> Result<Self> {
        Self::load_for(view, true)
    }

    #[inline(always)]
    fn account(&self) -> &AccountView {
        &self.view
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
        // Every address of this program has seeds and a bump, and no payer is such an address.
        let (Some([seeds @ .., bump]), None) = (signer_seeds, payer_signer_seeds) else {
            return Err(ProgramError::InvalidSeeds);
        };
        Self::create_derived(account, payer, space, seeds, bump)
    }
}

impl<T: Layout, A: Absence> AccountClose for Stored<T, A> {
    #[inline(always)]
    fn close(&mut self, destination: AccountView) -> Result<()> {
        self.expect_mutable();
        self.is_mutable = false;
        delete(self.view, destination)
    }
}

impl<T: Layout, A: Absence> Space for Stored<T, A> {
    const INIT_SPACE: usize = Self::SIZE;
}

impl<T: Layout, A: Absence> Deref for Stored<T, A> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: the account was found or made long enough for the layout, which is aligned there ([`Self::SIZE`]), and it is marked as
        // borrowed, so that nobody else writes it.
        #[allow(unsafe_code, reason = "a checked cast would check each time what was checked when the account was loaded")]
        unsafe {
            &*self.view.data_ptr().add(DISCRIMINATOR_LEN).cast()
        }
    }
}

impl<T: Layout, A: Absence> DerefMut for Stored<T, A> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        self.expect_mutable();
        // SAFETY: as above; it is marked as borrowed exclusively.
        #[allow(unsafe_code, reason = "as above")]
        unsafe {
            &mut *self.view.data_mut_ptr().add(DISCRIMINATOR_LEN).cast()
        }
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
