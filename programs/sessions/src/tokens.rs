//! Token accounts and mints as this program reads them, of SPL Token and of Token-2022 alike.
//!
//! The layouts are `anchor-spl`'s; which extensions are harmless is a rule of `sessions-core`.

use {
    crate::extensions::Extensions,
    anchor_lang::{
        prelude::*,
        programs::{Token, Token2022},
    },
    anchor_spl::{associated_token::get_associated_token_address_with_program_id, mint::Mint, token::TokenAccount},
    sessions_core::{
        SessionError,
        rules::outflow::{TokenHolding, is_harmless, is_required},
        same,
    },
};

/// Where an account of Token-2022 says what it is, behind the longest layout that has no extensions, a token account's.
const ACCOUNT_TYPE: usize = TokenAccount::LEN;
/// What it says of a token account.
const IS_TOKEN_ACCOUNT: u8 = 2;
/// What it says of a mint.
const IS_MINT: u8 = 1;
/// The extension of a token account that has the fees which are still to be collected.
pub(crate) const WITHHELD_FEES: u16 = 2;

/// Whether an account belongs to a token program.
#[inline(always)]
fn is_of_token_program(view: &AccountView) -> bool {
    same(view.owner(), &Token::id()) || same(view.owner(), &Token2022::id())
}

/// The token account in `data`, which a token program owns; `None` if it is another kind of account or none yet.
#[inline(always)]
fn token_account_in(data: &[u8]) -> Option<&TokenAccount> {
    let account: &TokenAccount = bytemuck::from_bytes(data.get(..TokenAccount::LEN)?);
    let is_one = match data.get(ACCOUNT_TYPE) {
        None => true,
        Some(kind) => *kind == IS_TOKEN_ACCOUNT,
    };
    (is_one && account.is_initialized()).then_some(account)
}

/// How much of `mint` the token account at `view` holds, which has to be `owner`'s and `program`'s.
///
/// # Errors
/// InvalidTokenAccount.
#[inline(never)]
pub fn balance(view: &AccountView, program: &Address, mint: &Address, owner: &Address) -> Result<u64> {
    let data = view.try_borrow()?;
    match token_account_in(&data) {
        Some(account) if same(view.owner(), program) && same(account.mint(), mint) && same(account.owner(), owner) => Ok(account.amount()),
        _ => Err(SessionError::InvalidTokenAccount.into()),
    }
}

/// Checks that the token account at `view` is the associated one of `owner`, which is where a vault's tokens are.
///
/// # Errors
/// InvalidTokenAccount.
#[inline(never)]
pub fn check_associated(view: &AccountView, program: &Address, mint: &Address, owner: &Address) -> Result<()> {
    let associated = get_associated_token_address_with_program_id(owner, mint, program);
    if same(view.address(), &associated) { Ok(()) } else { Err(SessionError::InvalidTokenAccount.into()) }
}

/// The decimals of the mint at `view`, which a transfer names.
///
/// # Errors
/// InvalidTokenAccount if there is no mint, or one of another program.
#[inline(never)]
pub fn decimals(view: &AccountView, program: &Address) -> Result<u8> {
    let data = view.try_borrow()?;
    let is_token_program = same(program, &Token::id()) || same(program, &Token2022::id());
    let kind = data.get(ACCOUNT_TYPE);
    let mint = data.get(..size_of::<Mint>()).map(bytemuck::from_bytes::<Mint>);
    match mint {
        Some(mint)
            if is_token_program && same(view.owner(), program) && mint.is_initialized() && kind.is_none_or(|kind| *kind == IS_MINT) =>
        {
            Ok(mint.decimals())
        }
        _ => Err(SessionError::InvalidTokenAccount.into()),
    }
}

/// Refuses a mint with an extension by which value could leave the vault in another way than by a transfer.
///
/// # Errors
/// UnsupportedMint.
pub fn check_mint(view: &AccountView) -> Result<()> {
    if same(view.owner(), &Token::id()) {
        return Ok(());
    }
    let data = view.try_borrow()?;
    // One that nobody knows is refused like one that is known to be dangerous.
    let harmless = Extensions::of(&data).all(|extension| extension.is_ok_and(|(number, _)| is_harmless(number)));
    if harmless { Ok(()) } else { Err(SessionError::UnsupportedMint.into()) }
}

/// Whether the owner of the token account at `view` can close it once it is empty: nobody else is named for that, and it keeps nothing back, like
/// the fees of Token-2022 that are still to be collected.
pub fn can_be_closed(view: &AccountView) -> Result<bool> {
    let data = view.try_borrow()?;
    let account = token_account_in(&data).ok_or(SessionError::InvalidTokenAccount)?;
    let withheld = Extensions::of(&data).flatten().any(|(number, fee)| number == WITHHELD_FEES && fee.iter().any(|byte| *byte != 0));
    Ok(!withheld && !account.has_close_authority())
}

/// What the account at `view` holds for `vault`, if it is a token account of the vault's.
#[inline(never)]
pub fn holding(view: &AccountView, vault: &Address) -> Option<TokenHolding> {
    if !is_of_token_program(view) {
        return None;
    }
    // SAFETY: nothing else refers to the data of an account that this program does not own, and no reference outlives this function.
    #[allow(unsafe_code, reason = "a call may have changed the data since it was borrowed last, which the checked borrow does not know")]
    let data = unsafe { view.borrow_unchecked() };
    let account = token_account_in(data).filter(|account| same(account.owner(), vault))?;
    Some(TokenHolding {
        program: *view.owner(),
        mint: *account.mint(),
        amount: account.amount(),
        lamports: view.lamports(),
        length: data.len() as u64,
        is_shared: account.has_delegate() || account.has_close_authority(),
        is_extended: data.len() > TokenAccount::LEN && has_own_extension(data),
    })
}

/// Whether a token account of Token-2022 has an extension that no harmless mint asks for.
#[cold]
fn has_own_extension(data: &[u8]) -> bool {
    Extensions::of(data).any(|extension| !extension.is_ok_and(|(number, _)| is_required(number)))
}
