//! An instruction at work: what it loads, and what it writes when every check has passed.
//!
//! An account of the program is copied when it is loaded, and copied back when it is saved: data are bytes, aligned or not, and the caller's
//! accounts stay as they are until then. One that is only looked at can be lent instead.

use {
    crate::{
        accounts::{Account, Accounts, Known},
        funds::Plan,
        outcome::{CONSTRAINT_EXECUTABLE, CONSTRAINT_MUT, Cause, Outcome, Rejection},
        slot::{SYSTEM, Slot},
    },
    anchor_lang::{BORSH_CONFIG, BorshConfig, wincode},
    sessions::state::{Absence, Layout, Named, Session},
    sessions_core::{
        Act, Address, ID, SessionError, same,
        state::{AccountHeader, At, Creation, DISCRIMINATOR_LEN, Held},
    },
    solana_instruction::{AccountMeta, error::InstructionError},
    std::{
        borrow::Cow,
        cell::Cell,
        marker::PhantomData,
        ops::{Deref, DerefMut},
    },
};

/// What a step of the way answers.
pub(crate) type Step<T = ()> = Result<T, Rejection>;

/// An instruction at work.
pub(crate) struct Call<'a, A, E> {
    /// Its accounts.
    pub metas: &'a [AccountMeta],
    /// Its arguments.
    pub data: &'a [u8],
    /// What is known of the accounts.
    pub accounts: &'a mut A,
    /// When it runs.
    pub at: &'a crate::Moment,
    /// Where its events go.
    pub events: &'a mut E,
    /// The places of the accounts that are loaded: for writing, and for reading.
    pub claims: Claims,
    /// What is answered if it goes through.
    pub outcome: Outcome,
}

/// The places of the accounts that are loaded, a bit for each.
#[derive(Default)]
pub(crate) struct Claims {
    written: Cell<u128>,
    read: Cell<u128>,
}

/// An account of the program as it was found, where it lies.
///
/// It is copied by a call of its own: a layout is hundreds of bytes, and would be moved once more out of each `Result` it came in.
pub(crate) struct Found<'a, 's, T> {
    address: &'a Address,
    is_writable: bool,
    layout: &'s [u8],
    kind: PhantomData<T>,
}

impl<'a, 's, T: Layout> Found<'a, 's, T> {
    /// A look at it where it lies, if it lies aligned, which is for the caller's allocator to say; otherwise at a copy.
    #[inline(always)]
    pub fn lend(self) -> At<'a, Cow<'s, T>> {
        let account =
            bytemuck::try_from_bytes(self.layout).map_or_else(|_| Cow::Owned(bytemuck::pod_read_unaligned(self.layout)), Cow::Borrowed);
        At { address: self.address, state: account }
    }

    /// A copy of it, to be changed or not.
    #[inline(always)]
    pub fn copy(self) -> Stored<'a, T> {
        Stored { address: self.address, is_writable: self.is_writable, account: bytemuck::pod_read_unaligned(self.layout) }
    }
}

/// An account of the program, copied.
pub(crate) struct Stored<'a, T> {
    /// Its address.
    pub address: &'a Address,
    is_writable: bool,
    account: T,
}

impl<T> Deref for Stored<'_, T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.account
    }
}

impl<T> DerefMut for Stored<'_, T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.account
    }
}

impl<T> Stored<'_, T> {
    /// The account as it is made: of zeros.
    #[inline(always)]
    pub fn zeroed(address: &Address) -> Stored<'_, T>
    where
        T: Layout,
    {
        Stored { address, is_writable: true, account: T::zeroed() }
    }
}

impl Stored<'_, Session> {
    /// The session as a member's act holds it: for writing if it was passed so.
    #[inline(always)]
    pub fn held(&mut self) -> At<'_, Held<'_>> {
        let state = &mut self.account.state;
        At { address: self.address, state: if self.is_writable { Held::Writable(state) } else { Held::ReadOnly(state) } }
    }
}

impl Claims {
    /// Claims an account for writing or for reading.
    ///
    /// # Errors
    /// AccountsMustDiffer if it is claimed already, and written there or here.
    #[inline(always)]
    pub fn claim(&self, slot: Slot<'_>, writes: bool) -> Step {
        let bit = 1_u128.checked_shl(slot.place.into()).unwrap_or_default();
        let taken = if writes { self.written.get() | self.read.get() } else { self.written.get() };
        if taken & bit != 0 {
            return Err(SessionError::AccountsMustDiffer.into());
        }
        let claims = if writes { &self.written } else { &self.read };
        claims.set(claims.get() | bit);
        Ok(())
    }

    /// Checks that the data of an account can be looked at, without claiming it.
    ///
    /// # Errors
    /// AccountBorrowFailed if it is claimed for writing.
    pub fn check_free(&self, slot: Slot<'_>) -> Step {
        let bit = 1_u128.checked_shl(slot.place.into()).unwrap_or_default();
        if self.written.get() & bit == 0 { Ok(()) } else { Err(InstructionError::AccountBorrowFailed.into()) }
    }
}

/// The layout in an account, if it is the program's and of this kind.
#[inline(always)]
fn layout_of<T: Layout>(account: &Account) -> Option<&[u8]> {
    let (word, rest) = account.data.split_first_chunk::<DISCRIMINATOR_LEN>()?;
    if u64::from_le_bytes(*word) == T::WORD && same(&account.owner, &ID) { rest.get(..size_of::<T>()) } else { None }
}

/// As [`Call::account`].
#[inline(always)]
fn account_in<'s, A: Accounts>(accounts: &'s A, slot: Slot<'_>) -> Step<Option<&'s Account>> {
    match accounts.get(slot.address) {
        Known::Present(account) => Ok(Some(account)),
        Known::Absent => Ok(None),
        Known::Unknown => Err(Rejection::Unpredictable(Cause::Unknown(*slot.address))),
    }
}

/// As the methods of [`Call`], for an account that is still looked at while events are told.
#[inline(always)]
pub(crate) fn find<'a, 's, A: Accounts, T: Layout, B: Absence>(
    accounts: &'s A,
    claims: &Claims,
    slot: Slot<'a>,
    writes: bool,
) -> Step<Found<'a, 's, T>> {
    if writes && !slot.is_writable {
        return Err(CONSTRAINT_MUT);
    }
    claims.claim(slot, writes)?;
    let Some(layout) = account_in(accounts, slot)?.and_then(layout_of::<T>) else { return Err(B::refusal::<T>().into()) };
    if let Some(header) = layout.get(..size_of::<AccountHeader>()) {
        bytemuck::pod_read_unaligned::<AccountHeader>(header).check_version()?;
    }
    Ok(Found { address: slot.address, is_writable: writes, layout, kind: PhantomData })
}

impl<'a, A: Accounts, E> Call<'a, A, E> {
    /// The arguments.
    ///
    /// # Errors
    /// InvalidInstructionData.
    #[inline(always)]
    pub fn arguments<T: wincode::SchemaRead<'a, BorshConfig, Dst = T>>(&self) -> Step<T> {
        wincode::config::deserialize(self.data, BORSH_CONFIG).map_err(|_| InstructionError::InvalidInstructionData.into())
    }

    /// The act of `signer` on `account`.
    #[inline(always)]
    pub const fn act<'b>(&self, account: &'b Address, signer: &'b Address) -> Act<'b> {
        Act { account, signer, now: self.at.unix_timestamp, slot: self.at.slot }
    }

    /// The account in a slot, `None` if there is none.
    ///
    /// # Errors
    /// It cannot be told of one that is not known.
    #[inline(always)]
    pub fn account(&self, slot: Slot<'_>) -> Step<Option<&Account>> {
        account_in(self.accounts, slot)
    }

    /// The account in a slot if it is known, and if not, notes that not everything was.
    pub fn account_if_known(&mut self, slot: Slot<'_>) -> Known<'_> {
        let known = self.accounts.get(slot.address);
        self.outcome.exact &= known != Known::Unknown;
        known
    }

    /// Checks that a slot has the system program, which is known without being loaded.
    ///
    /// # Errors
    /// ConstraintExecutable for what is no program, IncorrectProgramId for another.
    #[inline(always)]
    pub fn check_system_program(&self, slot: Slot<'_>) -> Step {
        if same(slot.address, &SYSTEM) {
            Ok(())
        } else if self.account(slot)?.is_some_and(|account| account.executable) {
            Err(InstructionError::IncorrectProgramId.into())
        } else {
            Err(CONSTRAINT_EXECUTABLE)
        }
    }

    /// Whether the account in a slot is a wallet's, or none yet.
    ///
    /// # Errors
    /// It cannot be told of one that is not known.
    #[inline(always)]
    pub fn is_unowned(&self, slot: Slot<'_>) -> Step<bool> {
        Ok(self.account(slot)?.is_none_or(|account| same(&account.owner, &SYSTEM)))
    }

    /// Finds an account of the program. `B` says what its absence means.
    #[inline(always)]
    fn find<T: Layout, B: Absence>(&self, slot: Slot<'a>, writes: bool) -> Step<Found<'a, '_, T>> {
        find::<A, T, B>(self.accounts, &self.claims, slot, writes)
    }

    /// Finds an account of the program for reading.
    #[inline(always)]
    pub fn read<T: Layout>(&self, slot: Slot<'a>) -> Step<Found<'a, '_, T>> {
        self.find::<T, Named>(slot, false)
    }

    /// Finds an account of the program for reading, whose absence has a meaning of its own.
    #[inline(always)]
    pub fn read_or<T: Layout, B: Absence>(&self, slot: Slot<'a>) -> Step<Found<'a, '_, T>> {
        self.find::<T, B>(slot, false)
    }

    /// Finds an account of the program for writing.
    #[inline(always)]
    pub fn write<T: Layout>(&self, slot: Slot<'a>) -> Step<Found<'a, '_, T>> {
        self.find::<T, Named>(slot, true)
    }

    /// Finds an account of the program for writing, whose absence has a meaning of its own.
    #[inline(always)]
    pub fn write_or<T: Layout, B: Absence>(&self, slot: Slot<'a>) -> Step<Found<'a, '_, T>> {
        self.find::<T, B>(slot, true)
    }

    /// Finds the session of a member's act: for writing if it was passed so.
    #[inline(always)]
    pub fn as_passed(&self, slot: Slot<'a>) -> Step<Found<'a, '_, Session>> {
        self.find::<Session, Named>(slot, slot.is_writable)
    }

    /// The account at `seeds`: loaded for writing if there is one, or else planned, which is told with it.
    pub fn open_or_plan<T: Layout>(
        &mut self,
        slot: Slot<'a>,
        payer: &'a Address,
        seeds: &[&[u8]],
    ) -> Step<(Stored<'a, T>, Option<Plan<'a>>)> {
        if !self.is_unowned(slot)? {
            return Ok((self.write(slot)?.copy(), None));
        }
        let plan = self.plan::<T>(slot, payer, seeds, 0)?;
        Ok((Stored::zeroed(slot.address), Some(plan)))
    }

    /// Writes an account back that was loaded for writing; one that was only read stays as it is.
    #[inline(always)]
    pub fn save<T: Layout>(&mut self, stored: &Stored<'_, T>) {
        if !stored.is_writable {
            return;
        }
        let data = self.accounts.get_mut(stored.address).as_mut().and_then(|account| account.data.get_mut(DISCRIMINATOR_LEN..));
        if let Some(layout) = data.and_then(|rest| rest.get_mut(..size_of::<T>())) {
            layout.copy_from_slice(bytemuck::bytes_of(&stored.account));
        }
    }

    /// Writes an account back, or makes it if that was planned.
    pub fn save_or_make<T: Layout>(&mut self, stored: &Stored<'_, T>, plan: Option<&Plan<'_>>) {
        match plan {
            Some(plan) => self.make(plan, stored, &[]),
            None => self.save(stored),
        }
    }

    /// Deletes an account; its lamports go to `recipient`.
    pub fn close(&mut self, address: &Address, recipient: &Address) {
        let lamports = self.accounts.get_mut(address).take().map_or(0, |account| account.lamports);
        self.credit(recipient, lamports);
    }

    /// Makes the account that was planned, with `room` behind its layout.
    pub fn make<T: Layout>(&mut self, plan: &Plan<'_>, stored: &Stored<'_, T>, room: &[u8]) {
        let mut data = Vec::with_capacity(DISCRIMINATOR_LEN.saturating_add(size_of::<T>()).saturating_add(room.len()));
        data.extend_from_slice(&T::WORD.to_le_bytes());
        data.extend_from_slice(bytemuck::bytes_of(&stored.account));
        data.extend_from_slice(room);
        *self.accounts.get_mut(stored.address) = Some(Account { owner: ID, lamports: plan.lamports, executable: false, data });
        self.debit(plan.payer, plan.price);
    }
}

impl<'a> Plan<'a> {
    /// How the account comes about.
    #[inline(always)]
    pub const fn creation(&self) -> Creation<'a> {
        Creation { payer: self.payer, bump: self.bump }
    }
}
