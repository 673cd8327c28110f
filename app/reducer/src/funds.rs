//! Lamports: what an account costs that is to be made, and what moves from wallet to wallet.
//!
//! A wallet that is not known is taken to have what it pays.

use {
    crate::{
        accounts::{Account, Accounts, Known},
        call::{Call, Step},
        outcome::{ESCALATION, IN_USE, NO_FUNDS},
        slot::{SYSTEM, Slot},
    },
    sessions::state::Layout,
    sessions_core::{Address, ID, same, state::DISCRIMINATOR_LEN},
    solana_instruction::error::InstructionError,
};

/// An account that is to be made.
pub(crate) struct Plan<'a> {
    /// Who pays.
    pub payer: &'a Address,
    /// The bump of its address.
    pub bump: u8,
    /// What it will hold.
    pub lamports: u64,
    /// What of that is paid.
    pub price: u64,
}

/// The canonical bump of the address that `seeds` make, if it is this one.
pub(crate) fn derive(seeds: &[&[u8]], address: &Address) -> Option<u8> {
    let (derived, bump) = Address::try_find_program_address(seeds, &ID)?;
    same(&derived, address).then_some(bump)
}

impl<'a, A: Accounts, E> Call<'a, A, E> {
    /// Plans the account at `seeds` with `room` behind its layout; there may be lamports already, but nothing else.
    ///
    /// # Errors
    /// InvalidSeeds; the layout's error if there is one already; those of the system program.
    pub fn plan<T: Layout>(&mut self, slot: Slot<'a>, payer: &'a Address, seeds: &[&[u8]], room: usize) -> Step<Plan<'a>> {
        self.plan_behind::<T>(slot, payer, seeds, room, 0)
    }

    /// The same behind other accounts, for which the payer pays `spent` before.
    pub fn plan_behind<T: Layout>(
        &mut self,
        slot: Slot<'a>,
        payer: &'a Address,
        seeds: &[&[u8]],
        room: usize,
        spent: u64,
    ) -> Step<Plan<'a>> {
        let bump = derive(seeds, slot.address).ok_or(InstructionError::InvalidSeeds)?;
        let (held, is_free) = match self.account(slot)? {
            Some(account) if same(&account.owner, &ID) => return Err(T::ALREADY_EXISTS.into()),
            Some(account) => (account.lamports, same(&account.owner, &SYSTEM) && account.data.is_empty()),
            None => (0, true),
        };
        if !slot.is_writable {
            return Err(ESCALATION);
        }
        let size = DISCRIMINATOR_LEN.saturating_add(size_of::<T>()).saturating_add(room);
        let minimum = self.at.minimum_balance(size);
        let price = minimum.saturating_sub(held);
        if price > 0 {
            self.check_pays(payer, price.saturating_add(spent))?;
        }
        if !is_free {
            return Err(IN_USE);
        }
        self.claims.claim(slot, true)?;
        Ok(Plan { payer, bump, lamports: held.max(minimum), price })
    }

    /// Checks that a wallet can pay so much to the system program's satisfaction.
    ///
    /// # Errors
    /// Those of the system program and the runtime.
    pub fn check_pays(&self, wallet: &Address, lamports: u64) -> Step {
        let (held, is_plain, is_wallet) = match self.accounts.get(wallet) {
            Known::Unknown => return Ok(()),
            Known::Absent => (0, true, true),
            Known::Present(account) => (account.lamports, account.data.is_empty(), same(&account.owner, &SYSTEM)),
        };
        if !is_plain {
            Err(InstructionError::InvalidArgument.into())
        } else if held < lamports {
            Err(NO_FUNDS)
        } else if !is_wallet {
            Err(InstructionError::ExternalAccountLamportSpend.into())
        } else {
            Ok(())
        }
    }

    /// Gives lamports to an account, if it is known.
    pub fn credit(&mut self, address: &Address, lamports: u64) {
        if lamports > 0 && self.accounts.get(address) != Known::Unknown {
            let account = self.accounts.get_mut(address).get_or_insert_default();
            account.lamports = account.lamports.saturating_add(lamports);
        }
    }

    /// Takes lamports from an account, if it is known; a wallet without any is none.
    pub fn debit(&mut self, address: &Address, lamports: u64) {
        if lamports > 0 && self.accounts.get(address) != Known::Unknown {
            let place = self.accounts.get_mut(address);
            if let Some(account) = place {
                account.lamports = account.lamports.saturating_sub(lamports);
                if *account == Account::default() {
                    *place = None;
                }
            }
        }
    }
}
