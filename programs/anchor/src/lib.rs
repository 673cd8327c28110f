//! Anchor as the session program uses it: everything is `anchor-lang`'s own but [`run_handler`] and [`check_program_id`].
//!
//! Anchor has the walk over an instruction's accounts inlined, so that a program file has it once for each instruction; with the session
//! program's forty-nine that is a tenth of the file, whose rent somebody pays. Here the walk is a function of its own, and a shorter one for
//! instructions that take no more accounts than they declare. Each account's load and its constraints are as Anchor's derive makes them.
//!
//! It is a crate because the code that `#[program]` makes looks for its parts in one with the name `anchor_lang`.

#![no_std]
#![deny(clippy::arithmetic_side_effects, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

pub use anchor_lang::*;

use anchor_lang::pinocchio::account::{MAX_PERMITTED_DATA_INCREASE, NOT_BORROWED, RuntimeAccount};

/// Bytes from an account's header to the next one's, besides its data: the header, the room for the data to grow, and the epoch of the rent.
const STRIDE: usize = size_of::<RuntimeAccount>().strict_add(MAX_PERMITTED_DATA_INCREASE).strict_add(size_of::<u64>());

/// Anchor's cursor over the accounts of a transaction, and where it began.
pub struct AccountCursor {
    input: *mut u8,
    lookup: *mut AccountView,
    cursor: anchor_lang::AccountCursor,
}

impl AccountCursor {
    /// A cursor at the first account.
    ///
    /// # Safety
    /// `input` is what the runtime passed, and `lookup` has room for a view of each account.
    #[allow(unsafe_code, reason = "as Anchor's")]
    #[inline(always)]
    pub unsafe fn new(input: *mut u8, lookup: *mut AccountView) -> Self {
        // SAFETY: the caller guarantees what Anchor's cursor asks for.
        Self { input, lookup, cursor: unsafe { anchor_lang::AccountCursor::new(input, lookup) } }
    }

    /// The next account: so Anchor takes the one that signs for events which are logged by a call.
    ///
    /// # Safety
    /// There is one more.
    #[allow(unsafe_code, reason = "as Anchor's")]
    #[inline(always)]
    pub unsafe fn next(&mut self) -> AccountView {
        // SAFETY: the caller guarantees what Anchor's cursor asks for.
        unsafe { self.cursor.next() }
    }
}

/// Walks the accounts that an instruction declares, of which there are `count`, and gives those of them in `mutable`, which has a bit for each, that
/// stand there twice. If there are `more`, Anchor's cursor is asked later.
///
/// # Safety
/// There are as many.
#[allow(unsafe_code, reason = "the accounts lie one behind the other, with lengths that only they know")]
#[inline(never)]
unsafe fn walk(cursor: &mut AccountCursor, count: usize, mutable: u64, more: usize) -> u64 {
    if more != 0 {
        // SAFETY: as the caller's.
        return unsafe { walk_on(cursor, count, mutable) };
    }
    let mut repeated = 0_u64;
    // SAFETY: the runtime puts the number of accounts first, and then the accounts at multiples of eight: header, data and room to grow, or the
    // place of the account before it that it is. The caller guarantees that there are as many, and `new` was told to have room for a view of each.
    unsafe {
        let mut place = cursor.input.add(size_of::<u64>());
        let mut view = cursor.lookup;
        let end = view.add(count);
        while view != end {
            let account = place.cast::<RuntimeAccount>();
            if (*account).borrow_state == NOT_BORROWED {
                let length = (*account).data_len;
                // From this the account knows how long its data were, for when they grow.
                (*account).padding = (length as u32).to_le_bytes();
                view.write(AccountView::new_unchecked(account));
                place = place.add(STRIDE).add(length as usize);
                place = place.add(place.align_offset(size_of::<u64>()));
            } else {
                repeated |= repeat(cursor.lookup, view, (*account).borrow_state);
                place = place.add(size_of::<u64>());
            }
            view = view.add(1);
        }
    }
    repeated & mutable
}

/// Writes the view of an account that stands there for the second time, as it stands at `first`, and gives a bit for each of the two places.
///
/// # Safety
/// `view` is behind `views`, where the walk has written one for each account before.
#[allow(unsafe_code, reason = "as above")]
#[cold]
#[inline(never)]
unsafe fn repeat(views: *mut AccountView, view: *mut AccountView, first: u8) -> u64 {
    // SAFETY: the runtime names the place of an account before this one.
    let index = unsafe {
        view.write(*views.add(first.into()));
        view.offset_from_unsigned(views)
    };
    1_u64.wrapping_shl(index as u32) | 1_u64.wrapping_shl(first.into())
}

/// The same by Anchor's cursor, which then is where the accounts behind those begin, and knows which stand there twice.
///
/// # Safety
/// As of [`walk`].
#[allow(unsafe_code, reason = "as above")]
#[inline(never)]
unsafe fn walk_on(cursor: &mut AccountCursor, count: usize, mutable: u64) -> u64 {
    // SAFETY: the caller guarantees that there are as many.
    match unsafe { cursor.cursor.walk_n(count) } {
        (_, Some(duplicates)) if duplicates.intersects(&[mutable, 0, 0, 0]) => mutable,
        _ => 0,
    }
}

/// Leaves out the question whether the program runs at the address that it declares, which is one of Anchor's guardrails: a copy at another address
/// finds no account that it takes for its own (`docs/decisions/0006-no-guardrails.md`).
///
/// # Errors
/// None; the signature is Anchor's.
#[inline(always)]
pub const fn check_program_id(_program_id: &Address, _declared: &Address) -> Result<()> {
    Ok(())
}

/// Loads an instruction's accounts and runs its handler, as `anchor_lang::run_handler` does.
///
/// # Errors
/// AccountNotEnoughKeys, ConstraintDuplicateMutableAccount; those of the accounts and of the handler.
#[inline(always)]
pub fn run_handler<'a, T: TryAccounts, R>(
    program_id: &'a Address,
    cursor: &'a mut AccountCursor,
    ix_data: &'a [u8],
    num_accounts: usize,
    handler: impl FnOnce(&mut Context<'a, T>, T::IxArgs<'a>) -> Result<R>,
) -> Result<R> {
    const { assert!(T::HEADER_SIZE > 0 && T::HEADER_SIZE <= u64::BITS as usize, "one word has a bit for each account") };
    let Some(remaining) = num_accounts.checked_sub(T::HEADER_SIZE) else {
        return Err(ErrorCode::AccountNotEnoughKeys.into());
    };
    let [mutable, ..] = T::MUT_MASK;
    // Accounts that need not be there are written only sometimes, and ask Anchor's cursor themselves.
    let more = if T::HAS_DYNAMIC_MUT_MASK { 1 } else { remaining };
    // SAFETY: there are no fewer than are declared.
    #[allow(unsafe_code, reason = "the walk trusts its caller to know how many accounts there are")]
    if unsafe { walk(cursor, T::HEADER_SIZE, mutable, more) } != 0 {
        return Err(ErrorCode::ConstraintDuplicateMutableAccount.into());
    }
    // SAFETY: the walk has put a view of each there, and there they stay for the whole instruction.
    #[allow(unsafe_code, reason = "from a function that is not inlined a slice would come by way of memory")]
    let views = unsafe { core::slice::from_raw_parts(cursor.lookup, T::HEADER_SIZE) };
    let cursor = &mut cursor.cursor;
    let (accounts, bumps, args) = T::validate_accounts(program_id, views, cursor.duplicates(), 0, ix_data)?;
    let mut_mask = if remaining != 0 && T::HAS_DYNAMIC_MUT_MASK {
        MutMask::Dynamic(accounts.active_mut_mask())
    } else {
        MutMask::Static(&T::MUT_MASK)
    };
    // No transaction has more accounts than a byte can count.
    let mut ctx = Context::new(program_id, accounts, bumps, cursor, remaining as u8, mut_mask);
    let result = handler(&mut ctx, args)?;
    ctx.accounts.exit_accounts(ix_data)?;
    Ok(result)
}
