//! An account of another session, or of another kind, in every slot of every act; and every signature left out.

use {
    super::table::Table,
    sessions_client::address,
    solana_instruction::{AccountMeta, error::InstructionError},
};

/// Whoever stands here is asked nothing: who pays or is paid, and what a function is given.
fn is_free(table: &Table, name: &str, meta: &AccountMeta) -> bool {
    let Table { ana, shop, session, .. } = table;
    let paid = [ana.address(), shop.address(), session.creator.address()].contains(&meta.pubkey);
    meta.is_signer || (paid && (name.starts_with("spend") || name.starts_with("withdraw")))
}

#[test]
fn each_act_succeeds_with_its_own_accounts() {
    for i in 0..Table::new().acts().len() {
        let table = Table::new();
        let (_, act, signers) = table.acts().swap_remove(i);
        table.world.ok_with(&[act], &signers);
    }
}

#[test]
fn accounts_that_nobody_asked_for_change_nothing() {
    for i in 0..Table::new().acts().len() {
        let table = Table::new();
        let (name, mut act, signers) = table.acts().swap_remove(i);
        // One that stands there already, which the walk has to find again, and one that does not.
        let (again, other) = (act.accounts[1].pubkey, address::member(&table.other.address, &table.ben.address()));
        act.accounts.extend([again, other].map(|account| AccountMeta::new_readonly(account, false)));
        let receipt = table.world.send(&[act], &signers);
        assert_eq!(receipt.failure, None, "{name}: {:#?}", receipt.logs);
    }
}

#[test]
fn an_account_of_another_session_is_refused_in_every_slot() {
    let table = Table::new();
    let mut tried = 0;
    for (name, act, signers) in table.acts() {
        for slot in 0..act.accounts.len() {
            let Some(counterpart) = table.counterpart(&act.accounts[slot].pubkey) else { continue };
            let mut crossed = act.clone();
            crossed.accounts[slot].pubkey = counterpart;
            // A host serves both sessions here, so that a checkpoint of the other one is no mistake.
            if name != "commit_checkpoint" {
                table.fails(&format!("{name}, slot {slot}"), crossed, &signers);
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 75, "each slot of a session's account was tried");
}

#[test]
fn an_account_of_another_kind_is_refused_in_every_slot() {
    let table = Table::new();
    for (name, act, signers) in table.acts() {
        for slot in 0..act.accounts.len() {
            for kind in table.kinds() {
                let account = &act.accounts[slot];
                if account.pubkey != kind && !is_free(&table, name, account) {
                    let mut crossed = act.clone();
                    crossed.accounts[slot].pubkey = kind;
                    table.fails(&format!("{name}, slot {slot}, {kind}"), crossed, &signers);
                }
            }
        }
    }
}

#[test]
fn every_signature_is_needed() {
    let table = Table::new();
    for (name, act, signers) in table.acts() {
        for slot in 0..act.accounts.len() {
            if act.accounts[slot].is_signer {
                let mut unsigned = act.clone();
                unsigned
                    .accounts
                    .iter_mut()
                    .filter(|meta| meta.pubkey == act.accounts[slot].pubkey)
                    .for_each(|meta| meta.is_signer = false);
                let receipt = table.world.send(&[unsigned], &signers);
                let failure = receipt.failure.unwrap_or_else(|| panic!("{name}, slot {slot}"));
                assert_eq!(failure.name(), format!("{:?}", InstructionError::MissingRequiredSignature), "{name}, slot {slot}");
            }
        }
    }
}

#[test]
fn what_is_written_has_to_be_writable() {
    let table = Table::new();
    for (name, act, signers) in table.acts() {
        for slot in 0..act.accounts.len() {
            // The payer pays the fee here as well, which makes it writable all the same.
            if act.accounts[slot].is_writable && !act.accounts[slot].is_signer {
                let mut read_only = act.clone();
                read_only
                    .accounts
                    .iter_mut()
                    .filter(|meta| meta.pubkey == act.accounts[slot].pubkey)
                    .for_each(|meta| meta.is_writable = false);
                table.fails(&format!("{name}, slot {slot}"), read_only, &signers);
            }
        }
    }
}
