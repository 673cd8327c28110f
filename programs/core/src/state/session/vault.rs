//! A session's vault: the wallet that it acts with. It is an address that signs for the session and holds nothing but lamports; its tokens
//! are in its associated token accounts.
//!
//! The session knows the vault's address from the first instruction on that needs it, so that later ones compare and do not derive.

use {
    super::{SessionState, lifecycle::only},
    crate::{
        Address, NOBODY, Result,
        error::{InvalidField, SessionError},
        events::{Deposited, EventSink, Withdrawn},
        rules::{
            lifecycle::{Status, When},
            outflow::is_rent_safe,
        },
        same,
        state::Act,
    },
};

/// Where a session's vault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vault {
    /// Its address.
    pub address: Address,
    /// The canonical bump of that.
    pub bump: u8,
}

/// What is to be withdrawn, and what there is.
#[derive(Clone, Copy, Debug)]
pub struct Withdrawal<'a> {
    /// The mint; zeros for SOL.
    pub mint: &'a Address,
    /// How much is asked for, in lamports or the mint's smallest parts; 2⁶⁴ − 1 for all of it.
    pub amount: u64,
    /// How much the vault has of it.
    pub balance: u64,
    /// The wallet that gets it.
    pub recipient: &'a Address,
    /// What has to stay, if anything does: the rent minimum for SOL, 0 for tokens.
    pub minimum: u64,
    /// Whether the account that it comes from is closed with it once the session is over, so that its lamports come out even if it is empty.
    pub closes: bool,
}

/// In the place of an amount: all there is.
pub const EVERYTHING: u64 = u64::MAX;

impl SessionState {
    /// The vault, if the session knows it.
    #[inline(always)]
    pub fn vault(&self) -> Option<Vault> {
        if same(&self.vault, &NOBODY) { None } else { Some(Vault { address: self.vault, bump: self.vault_bump }) }
    }

    /// Checks that `address` is the vault's, which the session knows.
    ///
    /// # Errors
    /// WrongSession.
    #[inline(always)]
    pub fn check_vault(&self, address: &Address) -> core::result::Result<(), SessionError> {
        if same(&self.vault, address) { Ok(()) } else { Err(SessionError::WrongSession) }
    }

    /// Notes where the vault is, in a write that is counted already.
    #[inline(always)]
    pub(in crate::state) fn settle(&mut self, vault: Option<Vault>) {
        if let Some(vault) = vault {
            self.vault = vault.address;
            self.vault_bump = vault.bump;
        }
    }

    /// Checks that something can be put into the vault: by anyone, from Created to Active.
    ///
    /// # Errors
    /// SessionNotActive, StepTimedOut, SessionExpired; InvalidConfiguration naming an amount of 0.
    #[inline(always)]
    pub fn check_deposit(&self, act: &Act<'_>, amount: u64) -> Result<()> {
        self.check_allows(When::Joining, act.now)?;
        if amount == 0 { Err(InvalidField::Amount.into()) } else { Ok(()) }
    }

    /// Records what the signer put into the vault, once it has arrived; `vault` is the session's, if it is not known yet.
    ///
    /// # Errors
    /// Those of [`SessionState::check_deposit`].
    #[inline(always)]
    pub fn deposit(
        &mut self,
        act: &Act<'_>,
        vault: Option<Vault>,
        mint: &Address,
        arrived: u64,
        events: &mut impl EventSink,
    ) -> Result<()> {
        self.check_deposit(act, arrived)?;
        self.header.count_write()?;
        self.settle(vault);
        self.tell(act, events, |_, about| Deposited::new(about, *act.signer, *mint, arrived));
        Ok(())
    }

    /// Takes something out of the vault: by the authority, to whomever it likes, in any status before Closed; of a closed session by anyone,
    /// all of it and to the creator alone. Gives how much it is; the transfer is the caller's to make.
    ///
    /// # Errors
    /// PermissionDenied; WrongRentRecipient if a closed session's is for another than its creator; those of [`Withdrawal::taken`].
    #[inline(always)]
    pub fn withdraw(&mut self, act: &Act<'_>, withdrawal: &Withdrawal<'_>, events: &mut impl EventSink) -> Result<u64> {
        let amount = if self.status()? == Status::Closed {
            if !same(withdrawal.recipient, &self.creator) {
                return Err(SessionError::WrongRentRecipient.into());
            }
            withdrawal.remainder()?
        } else {
            only(&self.authority, act)?;
            withdrawal.taken()?
        };
        self.header.count_write()?;
        self.tell(act, events, |_, about| Withdrawn::new(about, *withdrawal.recipient, *withdrawal.mint, amount));
        Ok(amount)
    }
}

impl Withdrawal<'_> {
    /// How much is taken.
    ///
    /// # Errors
    /// InvalidConfiguration naming an amount of 0; InsufficientVault; VaultBelowRent.
    #[inline(always)]
    pub fn taken(&self) -> Result<u64> {
        if self.amount == EVERYTHING {
            return self.everything();
        }
        if self.amount == 0 {
            return Err(InvalidField::Amount.into());
        }
        check_balance(self.balance, self.amount, self.minimum)?;
        Ok(self.amount)
    }

    /// What is left when the session is over: all of it.
    ///
    /// # Errors
    /// InsufficientVault if there is nothing, not even an account to be closed.
    #[inline(always)]
    pub fn remainder(&self) -> Result<u64> {
        if self.closes { Ok(self.balance) } else { self.everything() }
    }

    /// All there is.
    ///
    /// # Errors
    /// InsufficientVault if there is nothing.
    #[inline(always)]
    fn everything(&self) -> Result<u64> {
        if self.balance == 0 { Err(SessionError::InsufficientVault.into()) } else { Ok(self.balance) }
    }
}

/// Checks that a vault with so much can pay so much: it has it, and what stays is nothing or at least `minimum`, which is 0 for tokens.
///
/// # Errors
/// InsufficientVault, VaultBelowRent.
#[inline(always)]
pub const fn check_balance(balance: u64, amount: u64, minimum: u64) -> core::result::Result<(), SessionError> {
    match balance.checked_sub(amount) {
        None => Err(SessionError::InsufficientVault),
        Some(rest) if is_rent_safe(rest, minimum) => Ok(()),
        Some(_) => Err(SessionError::VaultBelowRent),
    }
}
