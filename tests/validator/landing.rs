//! Transactions that land, run on each ledger.

use {
    crate::{
        on_both,
        support::{FEE, SOL, balance, elsewhere, funded, options, signed},
    },
    sessions_client::{
        Embedded, Ledger, LedgerError,
        ledger::{Blockhash, Commitment},
        transaction::{Budget, Draft, Landed, Lifetime, Options, Price, Progress, draft::NonceAccount, land, land_resigning, nonce::Nonce},
    },
    solana_keypair::Keypair,
    solana_signer::Signer,
    solana_system_interface::instruction::{create_nonce_account, transfer},
    std::time::Duration,
};

on_both! { landing:
    a_transaction_lands_as_surely_as_wanted,
    what_expired_is_known_to_have_and_another_runs_in_its_place,
    what_ran_is_found_however_late_it_is_asked_for,
    what_is_turned_away_is_told_at_once,
    a_nonce_keeps_a_transaction_from_expiring_until_it_moves,
    a_budget_is_what_the_simulation_took_and_a_margin,
    a_payer_without_funds_is_named,
}

/// Waits until nothing that was signed with this blockhash can run.
async fn expired(ledger: &impl Ledger, blockhash: &Blockhash) {
    while ledger.block_height(Commitment::Finalized).await.unwrap() <= blockhash.last_valid_block_height {
        ledger.wait(Duration::from_secs(1)).await.unwrap();
    }
}

fn payment(key: &Keypair, lamports: u64) -> Draft {
    Draft::new(key.pubkey(), vec![transfer(&key.pubkey(), &elsewhere(2), lamports)])
}

async fn a_transaction_lands_as_surely_as_wanted(ledger: impl Ledger) {
    let key = funded(&ledger).await;
    for (n, commitment) in [(1, Commitment::Confirmed), (2, Commitment::Finalized)] {
        let draft = payment(&key, n * SOL);
        let mut steps = Vec::new();
        let options = Options { commitment, ..options() };
        let landed = land_resigning(&ledger, None, |lifetime| draft.sign(lifetime, &[&key]), &options, |step| steps.push(step)).await;
        let (signature, status) = landed.unwrap();
        assert!(status.commitment >= commitment && status.failure.is_none(), "{status:?}");
        assert!(matches!(&steps[0], Progress::Signed { signature: signed, time: 1, .. } if *signed == signature), "{steps:?}");
        assert_eq!(steps[1], Progress::Sent(signature));
        assert_eq!(steps.last(), Some(&Progress::Seen(signature, status)));
    }
    assert_eq!(balance(&ledger, elsewhere(2)).await, 3 * SOL);
}

async fn what_expired_is_known_to_have_and_another_runs_in_its_place(ledger: impl Ledger) {
    let key = funded(&ledger).await;
    let draft = payment(&key, SOL);
    let old = ledger.blockhash().await.unwrap();
    let lifetime = Lifetime::Blockhash(old);
    let late = draft.sign(&lifetime, &[&key]).unwrap();
    expired(&ledger, &old).await;
    let mut steps = Vec::new();
    assert_eq!(land(&ledger, &late, &lifetime, false, &options(), |step| steps.push(step)).await, Ok(Landed::Expired));
    assert_eq!(steps, [Progress::Expired(late.signatures[0])]);
    let (signature, _) = land_resigning(&ledger, None, |lifetime| draft.sign(lifetime, &[&key]), &options(), |_| ()).await.unwrap();
    assert_ne!(signature, late.signatures[0]);
    assert_eq!(balance(&ledger, elsewhere(2)).await, SOL);
}

/// Only where time moves when it is told to can a signer be so slow.
#[tokio::test]
async fn a_signer_that_is_too_slow_is_asked_again_as_often_as_allowed() {
    let ledger = Embedded::new().unwrap();
    let key = funded(&ledger).await;
    let draft = payment(&key, SOL);
    for (slow, landed) in [(2, true), (3, false)] {
        ledger.next_slot().await.unwrap();
        let mut times = 0;
        let sign = |lifetime: &Lifetime| {
            times += 1;
            if times <= slow {
                pollster::block_on(ledger.wait(Duration::from_secs(61)))?;
            }
            draft.sign(lifetime, &[&key])
        };
        let options = Options { signings: 3, ..options() };
        let answer = land_resigning(&ledger, None, sign, &options, |_| ()).await;
        assert_eq!(times, 3);
        if landed {
            assert!(answer.is_ok(), "{answer:?}");
        } else {
            assert_eq!(answer, Err(LedgerError::BlockhashExpired { signed: 3 }));
        }
        assert_eq!(balance(&ledger, elsewhere(2)).await, SOL);
    }
}

async fn what_ran_is_found_however_late_it_is_asked_for(ledger: impl Ledger) {
    let key = funded(&ledger).await;
    let blockhash = ledger.blockhash().await.unwrap();
    let lifetime = Lifetime::Blockhash(blockhash);
    let transaction = payment(&key, SOL).sign(&lifetime, &[&key]).unwrap();
    ledger.submit(&transaction).await.unwrap();
    expired(&ledger, &blockhash).await;
    // As a process does that crashed after it had sent it.
    let landed = land(&ledger, &transaction, &lifetime, true, &options(), |_| ()).await.unwrap();
    assert!(matches!(landed, Landed::Ran(_)), "{landed:?}");
    assert_eq!(balance(&ledger, elsewhere(2)).await, SOL);
}

async fn what_is_turned_away_is_told_at_once(ledger: impl Ledger) {
    let key = funded(&ledger).await;
    let lifetime = Lifetime::Blockhash(ledger.blockhash().await.unwrap());
    let mut forged = payment(&key, SOL).sign(&lifetime, &[&key]).unwrap();
    forged.signatures[0] = Default::default();
    let refused = land(&ledger, &forged, &lifetime, false, &options(), |step| panic!("{step:?}")).await;
    assert!(matches!(refused, Err(LedgerError::Rejected(_))), "{refused:?}");
    let unsigned = payment(&key, SOL).sign(&lifetime, &[&Keypair::new_from_array([9; 32])]);
    assert!(matches!(unsigned, Err(LedgerError::Unsigned(_))), "{unsigned:?}");
}

async fn a_nonce_keeps_a_transaction_from_expiring_until_it_moves(ledger: impl Ledger) {
    let (key, nonce) = (funded(&ledger).await, Keypair::new_from_array([6; 32]));
    let (wallet, address) = (key.pubkey(), nonce.pubkey());
    let options = Options { commitment: Commitment::Finalized, ..options() };
    let missing = land_resigning(&ledger, Some(address), |_| panic!(), &options, |_| ()).await;
    assert!(matches!(missing, Err(LedgerError::NoNonce { account, .. }) if account == address), "{missing:?}");

    let lamports = ledger.minimum_balance(80).await.unwrap();
    let create = create_nonce_account(&wallet, &address, &wallet, lamports);
    let receipt = ledger.send(signed(&ledger, wallet, &[&key, &nonce], &create).await).await.unwrap();
    assert_eq!(receipt.failure, None);
    ledger.next_slot().await.unwrap();
    let read = async || Nonce::read(ledger.read(&[address]).await.unwrap()[0].account.as_ref().unwrap()).unwrap();
    let first = read().await;
    assert_eq!(first.authority, wallet);

    // Signed now, sent when a blockhash of now would have expired.
    let lifetime = Lifetime::Nonce { account: address, hash: first.hash };
    let with_nonce = |lamports| Draft { nonce: Some(NonceAccount { address, authority: wallet }), ..payment(&key, lamports) };
    let (kept, rival) = (with_nonce(SOL).sign(&lifetime, &[&key]).unwrap(), with_nonce(2 * SOL).sign(&lifetime, &[&key]).unwrap());
    expired(&ledger, &ledger.blockhash().await.unwrap()).await;
    let landed = land(&ledger, &kept, &lifetime, false, &options, |_| ()).await.unwrap();
    assert!(matches!(landed, Landed::Ran(ref status) if status.failure.is_none()), "{landed:?}");
    assert_ne!(read().await.hash, first.hash);

    // It used the nonce up, so what was signed with it beside cannot run any more, and what ran runs no second time.
    assert_eq!(land(&ledger, &rival, &lifetime, true, &options, |_| ()).await, Ok(Landed::Expired));
    assert!(matches!(land(&ledger, &kept, &lifetime, true, &options, |_| ()).await, Ok(Landed::Ran(_))));
    let draft = with_nonce(3 * SOL);
    land_resigning(&ledger, Some(address), |lifetime| draft.sign(lifetime, &[&key]), &options, |_| ()).await.unwrap();
    assert_eq!(balance(&ledger, elsewhere(2)).await, 4 * SOL);
}

/// As on a cluster; the local validator lets a nonce stay where it was when its transaction fails.
#[tokio::test]
async fn a_transaction_that_fails_uses_its_nonce_up() {
    let ledger = Embedded::new().unwrap();
    let (key, nonce) = (funded(&ledger).await, Keypair::new_from_array([6; 32]));
    let (wallet, address) = (key.pubkey(), nonce.pubkey());
    let create = create_nonce_account(&wallet, &address, &wallet, ledger.minimum_balance(80).await.unwrap());
    ledger.send(signed(&ledger, wallet, &[&key, &nonce], &create).await).await.unwrap();
    ledger.next_slot().await.unwrap();
    let read = async || Nonce::read(ledger.read(&[address]).await.unwrap()[0].account.as_ref().unwrap()).unwrap();
    let before = read().await;
    let failing = Draft { nonce: Some(NonceAccount { address, authority: wallet }), ..payment(&key, 20 * SOL) };
    let (_, status) = land_resigning(&ledger, Some(address), |lifetime| failing.sign(lifetime, &[&key]), &options(), |_| ()).await.unwrap();
    assert!(status.failure.is_some());
    assert_eq!(read().await.authority, before.authority);
    assert_ne!(read().await.hash, before.hash);
}

async fn a_budget_is_what_the_simulation_took_and_a_margin(ledger: impl Ledger) {
    let key = funded(&ledger).await;
    let mut draft = payment(&key, SOL);
    let simulated = draft.prepare(&ledger, Price::Exactly(1_000_000)).await.unwrap();
    let budget = draft.budget.unwrap();
    assert!(u64::from(budget.units) > simulated.compute_units && budget.units < 10_000, "{budget:?}");
    let transaction = draft.sign(&Lifetime::Blockhash(ledger.blockhash().await.unwrap()), &[&key]).unwrap();
    let receipt = ledger.send(transaction).await.unwrap();
    assert_eq!((receipt.failure, receipt.fee), (None, FEE + budget.priority_fee()));

    let mut by_market = payment(&key, SOL);
    by_market.prepare(&ledger, Price::Recent { cap: 7 }).await.unwrap();
    assert!(by_market.budget.unwrap().price <= 7);

    let mut failing = payment(&key, 20 * SOL);
    assert!(failing.prepare(&ledger, Price::default()).await.unwrap().failure.is_some());
    assert_eq!(failing.budget, None);
    assert_eq!(Budget::SIMULATION.priority_fee(), 0);
}

async fn a_payer_without_funds_is_named(ledger: impl Ledger) {
    let poor = Keypair::new_from_array([9; 32]);
    let refused = payment(&poor, SOL).prepare(&ledger, Price::default()).await;
    assert_eq!(refused, Err(LedgerError::NoFunds { payer: poor.pubkey() }));
}
