//! Which accounts an execution passes on, and how.

use super::*;

#[test]
fn a_wallets_signature_is_left_behind() {
    let stage = stage();
    // Ana signs the transaction; the program that is called does not see it, though it is asked for.
    let accounts = vec![stage.signer(), AccountMeta::new(stage.all.ana.address(), true)];
    stage.ok(stage.call(&Rogue::AssertNotSigner, accounts, &[]));
}

#[test]
fn the_session_and_the_membership_are_passed_on_for_reading() {
    let stage = stage();
    let (session, member) = (stage.all.session.address, stage.member());
    stage.ok(stage.call(&Rogue::ReadAccounts, vec![reads(session), reads(member)], &[]));
    for accounts in [vec![writes(session)], vec![writes(member)]] {
        stage.violates(stage.call(&Rogue::Nothing, accounts, &[]), "the session and the membership are passed on for reading only");
    }
}

#[test]
fn no_other_account_of_the_program_is_passed_on() {
    let stage = stage();
    let Everything { session, other, ana, .. } = &stage.all;
    let foreign = [
        other.address,
        address::member(&session.address, &session.creator.address()),
        address::member(&other.address, &session.creator.address()),
        address::function(&session.address, &MEMO, &Selector::default()),
        stage.allowance(),
        address::grant(&other.address, &session.address),
        address::property(&other.address, b"far"),
    ];
    for account in foreign {
        for meta in [reads(account), writes(account)] {
            stage.violates(
                stage.call(&Rogue::Nothing, vec![meta], &[]),
                "of this program's accounts only the vault, the session and the caller's membership are passed on",
            );
        }
    }
    // Nor the session or the membership in another place than their own.
    for account in [session.address, address::member(&session.address, &ana.address())] {
        let mut act = stage.call(&Rogue::Nothing, vec![reads(ana.address())], &[]);
        act.accounts[5].pubkey = account;
        let receipt = stage.all.world.send(&[act], &[ana]);
        assert!(receipt.failure.is_some());
    }
}

#[test]
fn another_sessions_vault_signs_nothing() {
    let stage = stage();
    let theirs = address::vault(&stage.all.other.address);
    let mut act = stage.call(&Rogue::AssertSigner, vec![stage.signer()], &[]);
    act.accounts[3].pubkey = theirs;
    stage.refused(act, SessionError::WrongSession);
    // Passed on as any other account, it does not sign.
    let receipt = stage.all.world.send(&[stage.call(&Rogue::AssertSigner, vec![AccountMeta::new(theirs, true)], &[])], &[&stage.all.ana]);
    assert!(receipt.failure.is_some());
}

#[test]
fn an_account_may_be_named_twice() {
    let stage = stage();
    let shop = stage.all.shop.address();
    let accounts = vec![stage.signer(), writes(shop), writes(shop), stage.signer()];
    stage.ok(stage.call(&Rogue::ReadAccounts, accounts, &[]));
}

#[test]
fn an_index_without_an_account_is_refused_by_name() {
    let stage = stage();
    let accounts = vec![reads(stage.all.shop.address())];
    let act = stage.call(&Rogue::Nothing, accounts, &[]);
    // The one index, behind the discriminator and the length.
    let mut beyond = act.clone();
    beyond.data[8 + 4] = 5;
    let mut written = act.clone();
    written.data[8 + 4] |= 128;
    for act in [beyond, written] {
        let receipt = stage.refused(act, SessionError::InvalidConfiguration);
        assert!(receipt.logs.contains(&"Program log: accounts".to_owned()), "{:#?}", receipt.logs);
    }
}

#[test]
fn more_accounts_than_fit_are_refused_by_name() {
    let stage = stage();
    let shop = stage.all.shop.address();
    stage.ok(stage.call(&Rogue::ReadAccounts, vec![reads(shop); 64], &[]));
    let receipt = stage.refused(stage.call(&Rogue::ReadAccounts, vec![reads(shop); 65], &[]), SessionError::InvalidConfiguration);
    assert!(receipt.logs.contains(&"Program log: accounts".to_owned()), "{:#?}", receipt.logs);
}

#[test]
fn a_membership_of_another_is_not_acted_with() {
    let stage = stage();
    let mut act = stage.call(&Rogue::Nothing, vec![], &[]);
    act.accounts[2].pubkey = address::member(&stage.all.session.address, &stage.all.session.creator.address());
    stage.refused(act, SessionError::PermissionDenied);
}
