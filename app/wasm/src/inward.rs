//! From what crosses the boundary to what the core takes. Nothing here can fail: bytes that make no value are refused before.

use {
    crate::wire,
    sessions_cache::{Account, Base, Cause, LedgerFailure, Moment, Operation, OperationId, Sighting},
    sessions_core::SessionError,
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
};

/// Accounts by their addresses, as the core has them.
pub fn shelf(shelf: wire::Shelf) -> Vec<(Address, Option<Account>)> {
    shelf.into_iter().map(|(address, account)| (address.into(), account.map(Account::from))).collect()
}

/// Addresses, as the core has them.
pub fn addresses(addresses: Vec<wire::Address>) -> Vec<Address> {
    addresses.into_iter().map(Address::from).collect()
}

impl From<wire::Moment> for Moment {
    fn from(at: wire::Moment) -> Self {
        let wire::Moment { unix_timestamp, slot, lamports_per_byte } = at;
        Self { unix_timestamp, slot, lamports_per_byte }
    }
}

impl From<wire::Account> for Account {
    fn from(account: wire::Account) -> Self {
        let wire::Account { owner, lamports, executable, data } = account;
        Self { owner: owner.into(), lamports, executable, data }
    }
}

impl From<wire::Base> for Base {
    fn from(base: wire::Base) -> Self {
        Self { slot: base.slot, read_at: base.read_at, accounts: shelf(base.accounts) }
    }
}

impl From<wire::Instruction> for Instruction {
    fn from(instruction: wire::Instruction) -> Self {
        let wire::Instruction { program, accounts, data } = instruction;
        Self { program_id: program.into(), accounts: accounts.into_iter().map(AccountMeta::from).collect(), data }
    }
}

impl From<wire::Meta> for AccountMeta {
    fn from(meta: wire::Meta) -> Self {
        let wire::Meta { address, is_signer, is_writable } = meta;
        Self { pubkey: address.into(), is_signer, is_writable }
    }
}

impl From<wire::Operation> for Operation {
    fn from(operation: wire::Operation) -> Self {
        let wire::Operation { session, instructions, after } = operation;
        let instructions = instructions.into_iter().map(Instruction::from).collect();
        Self { session: session.into(), instructions, after: after.map(OperationId) }
    }
}

impl From<wire::LedgerFailure> for LedgerFailure {
    fn from(failure: wire::LedgerFailure) -> Self {
        let wire::LedgerFailure { instruction, error, text } = failure;
        Self { instruction, error: error.and_then(SessionError::from_code), text }
    }
}

impl From<wire::Sighting> for Sighting {
    fn from(sighting: wire::Sighting) -> Self {
        match sighting {
            wire::Sighting::Unseen => Self::Unseen,
            wire::Sighting::Processed(slot) => Self::Processed(slot),
            wire::Sighting::Confirmed(slot) => Self::Confirmed(slot),
            wire::Sighting::Finalized(slot) => Self::Finalized(slot),
            wire::Sighting::Failed(slot, failure) => Self::Failed(slot, failure.into()),
            wire::Sighting::Failing => Self::Failing,
        }
    }
}

impl From<wire::Reason> for Cause {
    fn from(reason: wire::Reason) -> Self {
        match reason {
            wire::Reason::Cancelled => Self::Cancelled,
            wire::Reason::WouldFail(failure) => Self::WouldFail(failure.into()),
            wire::Reason::NotSent(why) => Self::NotSent(why),
        }
    }
}
