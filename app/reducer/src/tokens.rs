//! Token accounts and mints, as far as the program checks them: what is not known is not checked, and noted.
//!
//! The layouts are `anchor-spl`'s; which extensions are harmless is a rule of `sessions-core`. What the token programs do is not foretold.

use {
    crate::{
        accounts::{Account, Accounts, Known},
        call::{Call, Step},
        slot::Slot,
    },
    anchor_lang::{
        Id,
        programs::{Token, Token2022},
    },
    anchor_spl::{associated_token::get_associated_token_address_with_program_id, mint::Mint, token::TokenAccount},
    sessions::extensions::Extensions,
    sessions_core::{Address, ID, SessionError, rules::outflow::is_harmless, same},
};

/// Where an account of Token-2022 says what it is.
const ACCOUNT_TYPE: usize = size_of::<TokenAccount>();
/// What it says of a token account.
const IS_TOKEN_ACCOUNT: u8 = 2;
/// What it says of a mint.
const IS_MINT: u8 = 1;
/// The extension of a token account that has the fees which are still to be collected.
const WITHHELD_FEES: u16 = 2;

/// The layout in `data`, if an account of Token-2022 says that it is of this kind.
fn layout<T: bytemuck::Pod>(data: &[u8], kind: u8) -> Option<T> {
    let is_one = data.get(ACCOUNT_TYPE).is_none_or(|found| *found == kind);
    data.get(..size_of::<T>()).filter(|_| is_one).map(bytemuck::pod_read_unaligned)
}

/// The token account in `data`, which a token program owns.
fn token_account(data: &[u8]) -> Option<TokenAccount> {
    layout::<TokenAccount>(data, IS_TOKEN_ACCOUNT).filter(TokenAccount::is_initialized)
}

/// Whether the owner of a token account can close it once it is empty.
fn can_be_closed(data: &[u8]) -> Option<bool> {
    let account = token_account(data)?;
    let withheld = Extensions::of(data).flatten().any(|(number, fee)| number == WITHHELD_FEES && fee.iter().any(|byte| *byte != 0));
    Some(!withheld && !account.has_close_authority())
}

/// The token accounts between which tokens move.
#[derive(Clone, Copy)]
pub(crate) struct Route<'a> {
    pub mint: Slot<'a>,
    pub from: Slot<'a>,
    pub to: Slot<'a>,
    pub program: Slot<'a>,
}

impl<'a> Route<'a> {
    /// The route if there is a mint; none where the session program stands in all four places, which stands for SOL.
    ///
    /// # Errors
    /// InvalidTokenAccount if only a part is missing.
    pub fn of(mint: Slot<'a>, from: Slot<'a>, to: Slot<'a>, program: Slot<'a>) -> Step<Option<Self>> {
        if !same(mint.address, &ID) {
            Ok(Some(Self { mint, from, to, program }))
        } else if [from, to, program].into_iter().all(|place| place.is(mint)) {
            Ok(None)
        } else {
            Err(SessionError::InvalidTokenAccount.into())
        }
    }

    /// Checks an account of the route's, if it is known.
    fn check<T, A: Accounts, E>(call: &mut Call<'_, A, E>, slot: Slot<'_>, found: impl FnOnce(&Account) -> Option<T>) -> Step<Option<T>> {
        call.claims.check_free(slot)?;
        match call.account_if_known(slot) {
            Known::Unknown => Ok(None),
            Known::Absent => Err(SessionError::InvalidTokenAccount.into()),
            Known::Present(account) => found(account).map(Some).ok_or_else(|| SessionError::InvalidTokenAccount.into()),
        }
    }

    /// How much a token account holds, which has to be `owner`'s; `None` if it is not known.
    pub fn holding<A: Accounts, E>(&self, call: &mut Call<'_, A, E>, slot: Slot<'_>, owner: &Address) -> Step<Option<u64>> {
        Self::check(call, slot, |account| {
            let holding = token_account(&account.data).filter(|_| same(&account.owner, self.program.address))?;
            (same(holding.mint(), self.mint.address) && same(holding.owner(), owner)).then(|| holding.amount())
        })
    }

    /// What there is to be taken from `owner`'s account, if `receiver`'s account can take it; `None` if it is not known.
    ///
    /// # Errors
    /// InvalidTokenAccount; AccountsMustDiffer if both are one.
    pub fn balance<A: Accounts, E>(&self, call: &mut Call<'_, A, E>, owner: &Address, receiver: &Address) -> Step<Option<u64>> {
        if self.from.is(self.to) {
            return Err(SessionError::AccountsMustDiffer.into());
        }
        self.holding(call, self.to, receiver)?;
        self.holding(call, self.from, owner)
    }

    /// Whether the account that the tokens come from can be closed; not so if that is not known.
    pub fn closes<A: Accounts, E>(&self, call: &mut Call<'_, A, E>) -> Step<bool> {
        Ok(Self::check(call, self.from, |account| can_be_closed(&account.data))?.unwrap_or_default())
    }

    /// Checks that the mint is one of the token program's, which is one of the two.
    ///
    /// # Errors
    /// InvalidTokenAccount.
    pub fn check_program<A: Accounts, E>(&self, call: &mut Call<'_, A, E>) -> Step {
        let program = self.program.address;
        if !same(program, &Token::id()) && !same(program, &Token2022::id()) {
            return Err(SessionError::InvalidTokenAccount.into());
        }
        Self::check(call, self.mint, |account| {
            layout::<Mint>(&account.data, IS_MINT).filter(|mint| same(&account.owner, program) && mint.is_initialized())
        })?;
        Ok(())
    }

    /// Refuses a mint with an extension by which value could leave the vault in another way than by a transfer.
    ///
    /// # Errors
    /// UnsupportedMint.
    pub fn check_mint<A: Accounts, E>(&self, call: &Call<'_, A, E>) -> Step {
        let Known::Present(account) = call.accounts.get(self.mint.address) else { return Ok(()) };
        let harmless = || Extensions::of(&account.data).all(|extension| extension.is_ok_and(|(number, _)| is_harmless(number)));
        if same(&account.owner, &Token::id()) || harmless() { Ok(()) } else { Err(SessionError::UnsupportedMint.into()) }
    }

    /// Checks that the account that tokens go to is the associated one of `owner`.
    ///
    /// # Errors
    /// InvalidTokenAccount.
    pub fn check_associated(&self, owner: &Address) -> Step {
        let associated = get_associated_token_address_with_program_id(owner, self.mint.address, self.program.address);
        if same(self.to.address, &associated) { Ok(()) } else { Err(SessionError::InvalidTokenAccount.into()) }
    }
}
