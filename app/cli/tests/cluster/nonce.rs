//! Transactions that do not expire, because a nonce takes the place of their blockhash.

use {
    super::{Answers, World, faulty::Faulty},
    sessions_client::{
        Ledger,
        ledger::BLOCKHASH_BLOCKS,
        transaction::{Draft, Lifetime, nonce::Nonce},
    },
    solana_address::Address,
    solana_keypair::{Keypair, Signer},
    solana_system_interface::instruction::create_nonce_account,
};

/// A nonce account that gm pays for and `authority` advances.
fn nonce_account(world: &World, authority: &str) -> Address {
    let (gm, account) = (Keypair::new_from_array([1; 32]), Keypair::new_from_array([200; 32]));
    let steps = create_nonce_account(&gm.pubkey(), &account.pubkey(), &World::address(authority), 10_000_000);
    let sent = pollster::block_on(async {
        let lifetime = Lifetime::Blockhash(world.ledger.blockhash().await.unwrap());
        let transaction = Draft::new(gm.pubkey(), steps).sign(&lifetime, &[&gm, &account]).unwrap();
        let sent = world.ledger.send(transaction).await.unwrap();
        world.ledger.next_slot().await.unwrap();
        sent
    });
    assert_eq!(sent.failure, None);
    account.pubkey()
}

fn held(world: &World, account: Address) -> Nonce {
    let found = pollster::block_on(world.ledger.read(&[account])).unwrap()[0].account.clone().unwrap();
    Nonce::read(&found).unwrap()
}

#[test]
fn a_nonce_takes_the_place_of_the_blockhash_and_moves_on() {
    let world = World::new();
    let account = nonce_account(&world, "gm");
    let before = held(&world, account).hash;
    let told = world.sends("gm", &format!("open-session night --nonce {account}"));
    assert_eq!(told["preview"]["nonce"], account.to_string());
    for part in ["fee", "compute_units"] {
        assert_eq!(told["preview"][part], told["receipts"][0][part], "{part}");
    }
    let next = held(&world, account).hash;
    assert_ne!(next, before);
    let shown = world.run(&format!("pause-session night --nonce {account} -k @gm.json --dry-run")).unwrap();
    assert!(shown.contains(&format!("nonce    {account}, so that it does not expire")), "{shown}");
    assert_eq!(held(&world, account).hash, next, "it was only simulated");
}

#[test]
fn what_has_a_nonce_lands_however_late() {
    let world = World::new();
    let account = nonce_account(&world, "gm");
    let ledger = Faulty::losing(&world.ledger, 2, BLOCKHASH_BLOCKS + 1);
    let line = format!("open-session night --nonce {account} -k @gm.json --yes");
    let (ran, told) = world.run_in_time_on(&ledger, &mut Answers::nobody(), &line);
    assert_eq!(ran, Ok(()), "{told}");
    let handed = ledger.handed();
    assert_eq!(handed, [handed[0]; 3]);
}

#[test]
fn another_may_advance_the_nonce_and_signs_for_it() {
    let world = World::new();
    let account = nonce_account(&world, "ana");
    let told = world.sends("gm", &format!("open-session night --nonce {account} --nonce-authority @ana.json"));
    assert_eq!((&told["preview"]["fee"], &told["receipts"][0]["fee"]), (&10_000.into(), &10_000.into()));
    for more in ["", " --nonce-authority @ben.json", " --fee-payer @ben.json"] {
        let failed = world.fails("gm", &format!("pause-session night --nonce {account}{more}"));
        assert_eq!((failed.name.as_str(), failed.code), ("WrongNonceAuthority", 2));
        assert!(failed.message.contains(&World::address("ana").to_string()) && failed.hint.contains("--nonce-authority"), "{failed}");
    }
    // Who pays the fee is who advances it, unless another is named.
    world.sends("gm", &format!("pause-session night --nonce {account} --fee-payer @ana.json"));
}

#[test]
fn what_is_no_nonce_account_is_told() {
    let world = World::new();
    for (at, why) in [(World::address("gm"), "holds no nonce"), (Address::new_from_array([9; 32]), "there is no account")] {
        let failed = world.fails("gm", &format!("open-session night --nonce {at}"));
        assert_eq!((failed.name.as_str(), failed.code), ("NoNonce", 2));
        assert!(failed.message.contains(&at.to_string()) && failed.message.contains(why), "{failed}");
        assert!(failed.hint.contains("solana create-nonce-account"), "{failed}");
    }
    assert!(world.fails("gm", "open-session night --nonce gm").message.contains("--nonce"));
    let failed = world.fails("gm", "open-session night --nonce-authority @ana.json");
    assert!(failed.name == "InvalidArgument" && failed.message.contains("--nonce <ADDRESS>"), "{failed}");
}

#[test]
fn a_nonce_serves_one_transaction() {
    let world = World::new();
    let account = nonce_account(&world, "gm");
    world.sends("gm", "open-session night");
    for key in 0..40 {
        world.sends("gm", &format!("set-property night k{key} v --capacity 1"));
    }
    world.sends("gm", "close-session night");
    world.sends("gm", "complete-close night");
    let failed = world.fails("gm", &format!("reclaim-children night --nonce {account}"));
    assert_eq!((failed.name.as_str(), failed.code), ("InvalidArgument", 2));
    assert!(failed.message.starts_with("a nonce serves one transaction, and this takes "), "{failed}");
}
