//! A transaction with everything that it takes to be signed: its budget, as a simulation and the market say, and the keys of its signers.

use {
    crate::{context::Context, failed::Failed},
    sessions_client::{
        Ledger, LedgerError,
        ledger::Receipt,
        transaction::{
            self, Budget, Lifetime,
            budget::{self, MAX_COMPUTE_UNITS},
            draft::NonceAccount,
            nonce::Nonce,
            wire,
        },
    },
    solana_address::Address,
    solana_compute_budget_interface::ComputeBudgetInstruction,
    solana_instruction::Instruction,
    solana_keypair::{Keypair, Signer},
    solana_transaction::versioned::VersionedTransaction,
    std::sync::Arc,
};

/// What the network asks for each signature, in lamports.
const LAMPORTS_PER_SIGNATURE: u64 = 5_000;

/// The bytes that the instructions of a budget take in a transaction: their program's address, and themselves.
pub const BUDGET_BYTES: usize = 32 + 8 + 12;

/// What is asked for beside what a command does.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// Micro-lamports for each compute unit; left out, what others lately paid.
    pub price: Option<u64>,
    /// The most compute units; left out, what a simulation took, and a margin.
    pub limit: Option<u32>,
    /// The nonce account that is used instead of a blockhash.
    pub nonce: Option<Address>,
}

/// A transaction that can be signed, again and again if need be.
#[derive(Clone, Debug)]
pub struct Ready {
    draft: transaction::Draft,
    keys: Vec<Arc<Keypair>>,
}

impl Ready {
    /// A transaction that nobody tried yet.
    pub fn new(payer: Address, instructions: &[Instruction], nonce: Option<NonceAccount>) -> Self {
        Self { draft: transaction::Draft { nonce, ..transaction::Draft::new(payer, instructions.to_vec()) }, keys: Vec::new() }
    }

    /// Finds the keys of its signers, beside those of the context among `more`; simulates it; and gives it its budget by that.
    ///
    /// # Errors
    /// SignerMissing, TransactionTooLarge, the program's refusal, and the ledger's.
    pub async fn tried<L: Ledger>(&mut self, context: &Context<'_, L>, more: &[Arc<Keypair>], asked: Asked) -> Result<Receipt, Failed> {
        self.keys = self.keys_of(context, more)?;
        let price = match asked.price {
            Some(price) => price,
            None => {
                let recent = context.ledger.priority_fees(&budget::writable(&self.draft.unsigned())).await?;
                budget::price(recent, budget::DEFAULT_PRICE_CAP)
            }
        };
        // A limit that was asked for holds in the simulation too; one that follows from it cannot.
        let wanted = Budget { units: asked.limit.unwrap_or(MAX_COMPUTE_UNITS), price };
        // Only what was not asked for can be left out.
        self.draft.budget = match asked.price {
            Some(_) => Some(wanted),
            None => self.fitting(wanted).or(asked.limit.map(|_| wanted)),
        };
        let simulated = context.ledger.simulate(self.free().unsigned()).await;
        let receipt = simulated.map_err(|error| Failed::ledger("the transaction cannot be sent", &error))?;
        if let Some(failure) = &receipt.failure {
            return Err(Failed::refused(failure, &receipt.logs));
        }
        if let Some(budget) = &mut self.draft.budget {
            budget.units = asked.limit.unwrap_or_else(|| budget::limit(receipt.compute_units));
        }
        Ok(receipt)
    }

    /// The most of a budget that there is room for: without a price, if need be, or none, which leaves the limit to the cluster.
    fn fitting(&self, wanted: Budget) -> Option<Budget> {
        let fits = |budget: &Budget| {
            let draft = transaction::Draft { budget: Some(*budget), ..self.draft.clone() };
            wire::check_size(&draft.unsigned()).is_ok()
        };
        [wanted, Budget { price: 0, ..wanted }].into_iter().find(fits)
    }

    /// The same instructions at no price: what a simulation may compute at the most nobody has to be able to pay.
    fn free(&self) -> transaction::Draft {
        let mut free = self.draft.clone();
        if let Some(budget) = free.budget.as_mut().filter(|budget| budget.price > 0) {
            budget.price = 0;
            free.instructions.insert(0, ComputeBudgetInstruction::set_compute_unit_price(0));
        }
        free
    }

    fn keys_of<L: Ledger>(&self, context: &Context<'_, L>, more: &[Arc<Keypair>]) -> Result<Vec<Arc<Keypair>>, Failed> {
        let known: Vec<Arc<Keypair>> = context.who.keys().into_iter().chain(more.iter().cloned()).collect();
        let message = self.draft.unsigned().message;
        let signers = message.static_account_keys().iter().take(message.header().num_required_signatures.into());
        let find = |key: &Address| {
            known.iter().find(|known| known.pubkey() == *key).cloned().ok_or_else(|| {
                let message = format!("the signature of {key} is needed, and its key file was not named");
                Failed::unusable("SignerMissing", message, "name it with --keypair, --payer, --fee-payer or --session-key")
            })
        };
        signers.map(find).collect()
    }

    /// The transaction, signed to live as long as `lifetime`.
    ///
    /// # Errors
    /// TransactionTooLarge; Unsigned, if it was not [`tried`](Self::tried).
    pub fn sign(&self, lifetime: &Lifetime) -> Result<VersionedTransaction, LedgerError> {
        let keys: Vec<&Keypair> = self.keys.iter().map(Arc::as_ref).collect();
        self.draft.sign(lifetime, &keys)
    }

    /// What the network asks for the signatures, in lamports.
    pub fn signature_fee(&self) -> u64 {
        let signatures = self.draft.unsigned().message.header().num_required_signatures;
        u64::from(signatures).saturating_mul(LAMPORTS_PER_SIGNATURE)
    }

    /// What is paid for priority, in lamports.
    pub fn priority_fee(&self) -> u64 {
        self.draft.budget.map_or(0, |budget| budget.priority_fee())
    }

    /// Its budget; `None` if there is no room for one.
    pub const fn budget(&self) -> Option<Budget> {
        self.draft.budget
    }
}

/// The nonce account at an address, if it can be used, and by whom this command knows.
///
/// # Errors
/// NoNonce, WrongNonceAuthority, what is wrong with a key file, and the ledger's.
pub async fn nonce<L: Ledger>(context: &Context<'_, L>, address: Address) -> Result<NonceAccount, Failed> {
    let unusable = |reason| Failed::from(LedgerError::NoNonce { account: address, reason });
    let account = context.snapshot(address).await?.account.ok_or_else(|| unusable("there is no account"))?;
    let nonce = Nonce::read(&account).ok_or_else(|| unusable("the account holds no nonce"))?;
    let authority = context.who.nonce_authority()?;
    if nonce.authority == authority {
        return Ok(NonceAccount { address, authority });
    }
    let message = format!("the nonce account {address} is advanced by {}, and not by {authority}", nonce.authority);
    Err(Failed::unusable("WrongNonceAuthority", message, "name the key file of its authority with --nonce-authority"))
}
