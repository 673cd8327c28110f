//! Vaults on chain: where a session's vault is, and what leaves it with the vault's signature.

use {
    crate::{ID, state::derive, tokens},
    anchor_lang::{
        pinocchio::{
            cpi::{CpiAccount, Seed, Signer as SignerSeeds, invoke_signed_unchecked},
            instruction::{InstructionAccount, InstructionView},
        },
        prelude::*,
    },
    anchor_spl::token_2022_cpi::instructions::{CloseAccount, TransferChecked},
    pinocchio_system::instructions::Transfer,
    sessions_core::{
        SessionError, SessionState, same,
        state::{Vault, session::vault::check_balance},
    },
};

/// Checks that `view` is the vault of the session at `address`. Gives where it is if the session does not know it yet: then it is derived here.
///
/// # Errors
/// WrongSession.
#[inline(never)]
pub fn settle(view: &AccountView, address: &Address, session: &SessionState) -> Result<Option<Vault>> {
    if session.vault().is_some() {
        session.check_vault(view.address())?;
        return Ok(None);
    }
    let seeds = SessionState::vault_seeds(address);
    let bump = derive(&seeds, view.address()).map_err(|_| SessionError::WrongSession)?;
    Ok(Some(Vault { address: *view.address(), bump }))
}

/// What lets a vault sign: its session's address and its bump.
#[derive(Clone, Copy)]
pub struct VaultSigner<'a> {
    /// The session's address.
    pub session: &'a Address,
    /// The vault's bump.
    pub bump: [u8; 1],
}

impl VaultSigner<'_> {
    /// Calls another program with the vault's signature.
    #[inline(always)]
    pub fn sign<R>(&self, call: impl FnOnce(&[SignerSeeds<'_, '_>]) -> R) -> R {
        let [kind, session] = SessionState::vault_seeds(self.session);
        let seeds = [Seed::from(kind), Seed::from(session), Seed::from(&self.bump)];
        call(&[SignerSeeds::from(&seeds)])
    }
}

/// The token accounts between which tokens move.
#[derive(Clone, Copy)]
pub struct TokenRoute {
    /// The mint.
    pub mint: AccountView,
    /// Where they come from.
    pub from: AccountView,
    /// Where they go.
    pub to: AccountView,
    /// The token program.
    pub program: AccountView,
}

impl TokenRoute {
    /// The route if there is a mint, which takes all of it; none where this program stands in all four places, which stands for SOL.
    ///
    /// They are no accounts that Anchor knows to be optional: of those it looks at each for itself, each time, and is slower to walk over them.
    ///
    /// # Errors
    /// InvalidTokenAccount if only a part is missing.
    #[inline(always)]
    pub fn of(mint: &UncheckedAccount, from: &UncheckedAccount, to: &UncheckedAccount, program: &UncheckedAccount) -> Result<Option<Self>> {
        if !same(mint.account().address(), &ID) {
            return Ok(Some(Self::between(mint, from, to, program)));
        }
        // One account, however often it is passed, is in one place.
        let is_left_out = |place: &UncheckedAccount| core::ptr::eq(place.account().account_ptr(), mint.account().account_ptr());
        if is_left_out(from) && is_left_out(to) && is_left_out(program) { Ok(None) } else { Err(SessionError::InvalidTokenAccount.into()) }
    }

    /// The route between accounts that are all there.
    #[inline(always)]
    pub fn between(mint: &UncheckedAccount, from: &UncheckedAccount, to: &UncheckedAccount, program: &UncheckedAccount) -> Self {
        Self { mint: *mint.account(), from: *from.account(), to: *to.account(), program: *program.account() }
    }

    /// What there is to be taken from `owner`'s account, if `receiver`'s account can take it.
    ///
    /// # Errors
    /// InvalidTokenAccount; AccountsMustDiffer if both are one.
    #[inline(never)]
    pub fn balance(&self, owner: &Address, receiver: &Address) -> Result<u64> {
        let (program, mint) = (self.program.address(), self.mint.address());
        if same(self.from.address(), self.to.address()) {
            return Err(SessionError::AccountsMustDiffer.into());
        }
        tokens::balance(&self.to, program, mint, receiver)?;
        tokens::balance(&self.from, program, mint, owner)
    }

    /// Moves tokens, by the wallet that they come from.
    ///
    /// # Errors
    /// InvalidTokenAccount if there is no mint; the token program's.
    #[inline(always)]
    pub fn transfer(&self, authority: &AccountView, amount: u64, signers: &[SignerSeeds<'_, '_>]) -> Result<()> {
        let Self { mint, from, to, program } = self;
        let token_program = program.address();
        let decimals = tokens::decimals(mint, token_program)?;
        let accounts = [
            InstructionAccount::writable(from.address()),
            InstructionAccount::readonly(mint.address()),
            InstructionAccount::writable(to.address()),
            InstructionAccount::readonly_signer(authority.address()),
        ];
        let mut data = [TransferChecked::DISCRIMINATOR; 10];
        let [_, amount_bytes @ .., decimals_byte] = &mut data;
        (*amount_bytes, *decimals_byte) = (amount.to_le_bytes(), decimals);
        let instruction = InstructionView { program_id: token_program, accounts: &accounts, data: &data };
        let views = [from, mint, to, authority].map(CpiAccount::from);
        // SAFETY: they stand in the instruction's order. The token program can change what it owns and the wallet's lamports, and of neither does this
        // program hold a reference: what is borrowed here is this program's own.
        #[allow(
            unsafe_code,
            reason = "the checked call compares every address with itself, which costs as much as the token program takes"
        )]
        unsafe {
            invoke_signed_unchecked(&instruction, &views, signers);
        }
        Ok(())
    }

    /// Closes the account that the tokens came from; its lamports go to `destination`.
    #[inline(always)]
    pub fn close(&self, authority: &AccountView, destination: &AccountView, signers: &[SignerSeeds<'_, '_>]) -> Result<()> {
        CloseAccount { account: &self.from, destination, authority, token_program: self.program.address() }.invoke_signed(signers)
    }
}

/// A movement of lamports or, on a route, of tokens.
#[derive(Clone, Copy)]
pub struct Movement<'a> {
    /// The wallet that they come from, or whose account; it has signed, or is the vault.
    pub from: &'a AccountView,
    /// The wallet that they go to.
    pub to: &'a AccountView,
    /// The way of tokens.
    pub route: Option<TokenRoute>,
    /// How much.
    pub amount: u64,
}

impl Movement<'_> {
    /// Moves it; out of the vault with its seeds. Not inlined: the calls of other programs are long.
    #[inline(never)]
    pub fn make(&self, signers: &[SignerSeeds<'_, '_>]) -> Result<()> {
        let Self { from, to, route, amount } = *self;
        match route {
            None => Transfer { from, to, lamports: amount }.invoke_signed(signers),
            Some(route) => route.transfer(from, amount, signers),
        }
    }
}

/// More lamports than an account without data has to hold, by far: ten times what it is. Were it ever more, the runtime still refuses a transaction
/// that leaves an account below it.
const AMPLE: u64 = 10_000_000;

/// Checks that the vault can pay `amount` lamports.
///
/// # Errors
/// InsufficientVault, VaultBelowRent.
#[inline(always)]
pub fn check_lamports(vault: &AccountView, amount: u64) -> Result<()> {
    let balance = vault.lamports();
    // One that is emptied needs no rent and one with plenty has it, and the question costs something.
    let minimum = match balance.checked_sub(amount) {
        Some(1..AMPLE) => rent_minimum()?,
        _ => 0,
    };
    Ok(check_balance(balance, amount, minimum)?)
}

/// What an account without data has to hold.
#[inline(never)]
pub fn rent_minimum() -> Result<u64> {
    Rent::get()?.try_minimum_balance(0)
}
