//! Transactions that are turned away before they run, and those that only just are not.

use {
    crate::beside,
    sessions_client::{Embedded, Ledger},
    sessions_tests::{
        agreement,
        witness::{Seen, Witness},
        world::SOL,
    },
    solana_address::Address,
    solana_hash::Hash,
    solana_instruction::{AccountMeta, Instruction},
    solana_keypair::Keypair,
    solana_message::{Message, VersionedMessage},
    solana_signer::Signer,
    solana_transaction::versioned::VersionedTransaction,
};

const FEE: u64 = 5_000;
/// What an account without data has to hold, in lamports.
const RENT: u64 = 128 * 6_960;

fn transfer(from: &Keypair, to: Address, lamports: u64) -> Instruction {
    let data = [&2_u32.to_le_bytes()[..], &lamports.to_le_bytes()].concat();
    let accounts = vec![AccountMeta::new(from.pubkey(), true), AccountMeta::new(to, false)];
    Instruction { program_id: Address::default(), accounts, data }
}

fn signed(payer: &Keypair, blockhash: &Hash, instructions: &[Instruction]) -> VersionedTransaction {
    let message = Message::new_with_blockhash(instructions, Some(&payer.pubkey()), blockhash);
    VersionedTransaction::try_new(VersionedMessage::Legacy(message), &[payer]).unwrap()
}

/// Takes the steps on one ledger and gives what was seen, and the failure of each.
async fn attempts<L: Ledger>(ledger: L) -> (Vec<Seen>, Vec<String>) {
    let ledger = Witness::new(ledger);
    let [rich, exact, all, poor, nobody] = [1, 2, 3, 4, 5].map(|byte| Keypair::new_from_array([byte; 32]));
    let to = Address::new_from_array([9; 32]);
    for (wallet, lamports) in [(&rich, 10 * SOL), (&exact, RENT + FEE), (&all, RENT + FEE), (&poor, FEE - 1)] {
        ledger.airdrop(wallet.pubkey(), lamports).await.unwrap();
    }
    let hash = ledger.blockhash().await.unwrap().hash;
    let mut forged = signed(&rich, &hash, &[transfer(&rich, to, SOL)]);
    forged.signatures[0] = Default::default();
    let mut twice = transfer(&rich, to, SOL);
    twice.accounts.push(AccountMeta::new(to, false));
    let no_program = Instruction { program_id: rich.pubkey(), accounts: Vec::new(), data: Vec::new() };
    let transactions = [
        signed(&rich, &hash, &[transfer(&rich, to, SOL)]),
        forged,
        signed(&rich, &Hash::new_from_array([7; 32]), &[transfer(&rich, to, SOL)]),
        signed(&nobody, &hash, &[transfer(&nobody, to, 1)]),
        signed(&poor, &hash, &[transfer(&poor, to, 1)]),
        signed(&rich, &hash, &[transfer(&rich, to, 20 * SOL)]),
        signed(&rich, &hash, &[twice]),
        signed(&rich, &hash, &[no_program]),
        // An account that would be left with too little, as a payer and as a receiver; and one that is left with nothing.
        signed(&exact, &hash, &[transfer(&exact, to, 1)]),
        signed(&rich, &hash, &[transfer(&rich, Address::new_from_array([10; 32]), RENT - 1)]),
        signed(&rich, &hash, &[transfer(&rich, Address::new_from_array([10; 32]), RENT)]),
        signed(&all, &hash, &[transfer(&all, to, RENT)]),
    ];
    let mut failures = Vec::new();
    for transaction in transactions {
        let receipt = ledger.send(transaction).await.unwrap();
        failures.push(receipt.failure.map_or_else(|| "none".to_owned(), |failure| failure.name()));
    }
    (ledger.seen(), failures)
}

#[test]
fn both_turn_away_the_same_transactions_for_the_same_reasons() {
    let (one, other) = beside(Embedded::new().unwrap(), |embedded, bank| async { (attempts(embedded).await, attempts(bank).await) });
    assert_eq!(one.1, other.1);
    agreement::compare(&one.0, &other.0);
    let ran = one.1.iter().filter(|failure| *failure == "none").count();
    assert_eq!(ran, 4, "{:?}", one.1);
}

/// The one difference that is left: a cluster charges for a transaction that names a program which is not there, LiteSVM does not. No node takes
/// one from a client, for it tries a transaction before it passes it on.
#[test]
fn a_program_that_is_not_there_costs_a_fee_on_the_bank_alone() {
    async fn fee<L: Ledger>(ledger: L) -> (String, u64) {
        let payer = Keypair::new_from_array([1; 32]);
        ledger.airdrop(payer.pubkey(), SOL).await.unwrap();
        let missing = Instruction { program_id: Address::new_from_array([8; 32]), accounts: Vec::new(), data: Vec::new() };
        let transaction = signed(&payer, &ledger.blockhash().await.unwrap().hash, &[missing]);
        let receipt = ledger.send(transaction).await.unwrap();
        (receipt.failure.unwrap().name(), receipt.fee)
    }
    let fees = beside(Embedded::new().unwrap(), |embedded, bank| async { (fee(embedded).await, fee(bank).await) });
    let name = || "ProgramAccountNotFound".to_owned();
    assert_eq!(fees, ((name(), 0), (name(), FEE)));
}
