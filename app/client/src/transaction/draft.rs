//! What is to be sent, before it is signed: it can be simulated without its keys, and signed as often as needed.

use {
    super::{
        budget::{self, Budget, Price},
        decide::Lifetime,
        wire,
    },
    crate::ledger::{Ledger, LedgerError, Receipt},
    solana_address::Address,
    solana_hash::Hash,
    solana_instruction::Instruction,
    solana_message::{Message, VersionedMessage},
    solana_signature::Signature,
    solana_signer::signers::Signers,
    solana_system_interface::instruction::advance_nonce_account,
    solana_transaction::versioned::VersionedTransaction,
    solana_transaction_error::TransactionError,
};

use crate::failure::Failure;

/// A nonce account to use instead of a blockhash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NonceAccount {
    /// Its address.
    pub address: Address,
    /// Who may advance it, and signs for it.
    pub authority: Address,
}

/// Instructions to be sent in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Who pays the fee.
    pub payer: Address,
    /// The instructions, in order.
    pub instructions: Vec<Instruction>,
    /// The nonce account that keeps the transaction from expiring, if any.
    pub nonce: Option<NonceAccount>,
    /// What it may compute and what it pays for that; `None` leaves it to the cluster's defaults.
    pub budget: Option<Budget>,
}

impl Draft {
    /// A draft that expires with its blockhash and has the cluster's default budget.
    pub const fn new(payer: Address, instructions: Vec<Instruction>) -> Self {
        Self { payer, instructions, nonce: None, budget: None }
    }

    /// All instructions in the order in which they go into the transaction.
    fn all(&self) -> Vec<Instruction> {
        let advance = self.nonce.map(|nonce| advance_nonce_account(&nonce.address, &nonce.authority));
        let budget = self.budget.map(|budget| budget.instructions()).unwrap_or_default();
        advance.into_iter().chain(budget).chain(self.instructions.iter().cloned()).collect()
    }

    fn message(&self, hash: &Hash) -> VersionedMessage {
        VersionedMessage::Legacy(Message::new_with_blockhash(&self.all(), Some(&self.payer), hash))
    }

    /// The transaction without signatures: zeros in the place of each.
    pub fn unsigned(&self) -> VersionedTransaction {
        let message = self.message(&Hash::default());
        let signatures = vec![Signature::default(); usize::from(message.header().num_required_signatures)];
        VersionedTransaction { signatures, message }
    }

    /// The transaction, signed to live as long as `lifetime`.
    ///
    /// # Errors
    /// [`LedgerError::Unsigned`] if `keys` are not exactly those of its signers; [`LedgerError::TransactionTooLarge`].
    pub fn sign(&self, lifetime: &Lifetime, keys: &(impl Signers + ?Sized)) -> Result<VersionedTransaction, LedgerError> {
        let signed = VersionedTransaction::try_new(self.message(&lifetime.hash()), keys);
        let signed = signed.map_err(|error| LedgerError::Unsigned(error.to_string()))?;
        wire::check_size(&signed)?;
        Ok(signed)
    }

    /// Simulates it and gives it a budget by that: the limit with a margin, the price as asked for. Answers what the simulation did; if that is a
    /// failure, the draft has no budget of its own, and there is little point in sending it.
    ///
    /// # Errors
    /// [`LedgerError::TransactionTooLarge`]; [`LedgerError::NoFunds`] if the payer cannot pay the fee; what the ledger answers.
    pub async fn prepare(&mut self, ledger: &impl Ledger, price: Price) -> Result<Receipt, LedgerError> {
        self.budget = Some(Budget::SIMULATION);
        let simulated = ledger.simulate(self.unsigned()).await;
        self.budget = None;
        let simulated = simulated?;
        match &simulated.failure {
            None => {}
            Some(Failure::Transaction(
                TransactionError::AccountNotFound
                | TransactionError::InsufficientFundsForFee
                | TransactionError::InsufficientFundsForRent { account_index: 0 },
            )) => return Err(LedgerError::NoFunds { payer: self.payer }),
            Some(_) => return Ok(simulated),
        }
        let price = match price {
            Price::Exactly(price) => price,
            Price::Recent { cap } => budget::price(ledger.priority_fees(&budget::writable(&self.unsigned())).await?, cap),
        };
        self.budget = Some(Budget { units: budget::limit(simulated.compute_units), price });
        wire::check_size(&self.unsigned())?;
        Ok(simulated)
    }
}
