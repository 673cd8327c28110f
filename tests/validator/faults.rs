//! Connections that break.

use {
    crate::support::{FEE, Proxy, SOL, Validator, balance, comes, elsewhere, funded, options, patient, paying},
    sessions_client::{
        Ledger, LedgerError, Rpc,
        ledger::Snapshot,
        transaction::{Landed, land, land::lifetime_of},
    },
    solana_signer::Signer,
    tokio::sync::watch,
};

/// A validator, a proxy before its web socket, and a handle that goes through it.
async fn followed() -> (Validator, Proxy, Rpc) {
    let validator = Validator::start().await;
    let proxy = Proxy::to(&validator.localnet.ws_url()).await;
    let ledger = patient(Rpc::connect(&validator.localnet.rpc_url(), Some(&format!("ws://{}", proxy.address))).unwrap());
    (validator, proxy, ledger)
}

async fn sees(follower: &mut watch::Receiver<Snapshot>, lamports: u64) {
    let is = |seen: &Snapshot| seen.account.as_ref().is_some_and(|account| account.lamports == lamports);
    comes("the balance", follower.wait_for(is)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_socket_that_breaks_is_renewed_and_what_happened_meanwhile_is_read() {
    let (_validator, proxy, ledger) = followed().await;
    let (key, to) = (funded(&ledger).await, elsewhere(2));
    let mut followers = Vec::new();
    for address in [key.pubkey(), to] {
        followers.push(ledger.subscribe(address).await.unwrap());
    }
    for round in 1..=3 {
        proxy.refuse(true);
        proxy.cut();
        proxy.has(0).await;
        ledger.send(paying(&ledger, &key, to, round * SOL).await).await.unwrap();
        proxy.refuse(false);
        // What happened while there was no connection, and then what happens through the new one.
        for _ in 0..2 {
            for (follower, address) in followers.iter_mut().zip([key.pubkey(), to]) {
                sees(follower, balance(&ledger, address).await).await;
            }
            proxy.has(1).await;
            ledger.send(paying(&ledger, &key, to, SOL / 10).await).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_connection_is_there_only_while_somebody_follows() {
    let (_validator, proxy, ledger) = followed().await;
    let key = funded(&ledger).await;
    let (one, two) = (ledger.subscribe(key.pubkey()).await.unwrap(), ledger.clone().subscribe(elsewhere(2)).await.unwrap());
    proxy.has(1).await;
    drop(one);
    let again = ledger.subscribe(key.pubkey()).await.unwrap();
    assert_eq!(again.borrow().account.as_ref().unwrap().lamports, 10 * SOL);
    drop((again, two));
    proxy.has(0).await;
    let mut back = ledger.subscribe(key.pubkey()).await.unwrap();
    proxy.has(1).await;
    ledger.airdrop(key.pubkey(), SOL).await.unwrap();
    sees(&mut back, 11 * SOL).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_connection_closes_with_the_last_handle() {
    let (_validator, proxy, ledger) = followed().await;
    let mut follower = ledger.subscribe(elsewhere(2)).await.unwrap();
    let clone = ledger.clone();
    drop(ledger);
    proxy.has(1).await;
    drop(clone);
    proxy.has(0).await;
    assert!(comes("the end", follower.changed()).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_runs_once_through_a_connection_that_breaks_all_the_time() {
    let validator = Validator::start().await;
    let proxy = Proxy::to(&validator.localnet.rpc_url()).await;
    let direct = validator.ledger();
    let ledger = patient(Rpc::connect(&format!("http://{}", proxy.address), Some(&validator.localnet.ws_url())).unwrap());
    let (key, to) = (funded(&direct).await, elsewhere(2));
    let transaction = paying(&direct, &key, to, SOL).await;
    let lifetime = lifetime_of(&direct, &transaction).await.unwrap();
    let cuts = async {
        for _ in 0..5 {
            // As soon as a request is on its way, it is cut off.
            let mut open = proxy.open.subscribe();
            comes("a request", open.wait_for(|open| *open > 0)).await.unwrap();
            proxy.cut();
            proxy.has(0).await;
        }
        std::future::pending().await
    };
    let options = options();
    let landing = land(&ledger, &transaction, &lifetime, false, &options, |_| ());
    let landed = tokio::select! {
        landed = landing => landed,
        () = cuts => unreachable!(),
    };
    assert!(matches!(landed, Ok(Landed::Ran(_))), "{landed:?}");
    assert_eq!((balance(&direct, to).await, balance(&direct, key.pubkey()).await), (SOL, 9 * SOL - FEE));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_socket_that_cannot_be_made_is_told_to_who_asks() {
    let (_validator, proxy, ledger) = followed().await;
    proxy.refuse(true);
    let refused = ledger.subscribe(elsewhere(2)).await.map(|_| ());
    assert!(matches!(&refused, Err(error @ LedgerError::Unreachable { .. }) if error.is_retryable()), "{refused:?}");
    proxy.refuse(false);
    ledger.subscribe(elsewhere(2)).await.unwrap();
}
