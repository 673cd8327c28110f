//! Deploying a program: on LiteSVM, which runs the real loader, and on a local validator over JSON-RPC.

#[path = "../common/mod.rs"]
mod common;
#[cfg(feature = "localnet")]
mod on_a_local_validator;

use {
    common::{Svm, authority, file, keys},
    sessions_cli::deploy::{self, Error, Keys, Plan, Refusal, Survey, Upload, Wanted, progress::Silent},
    solana_account::Account,
    solana_address::Address,
    solana_keypair::{Keypair, Signer},
};

const SOL: u64 = 1_000_000_000;

fn wanted<'a>(keys: &Keys, program: &Keypair, file: &'a [u8]) -> Wanted<'a> {
    Wanted {
        program: program.pubkey(),
        key: keys.program.is_some(),
        authority: keys.authority.pubkey(),
        payer: keys.payer.pubkey(),
        file,
        max_len: None,
        last: false,
    }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn survey(svm: &Svm, keys: &Keys, wanted: &Wanted<'_>) -> Survey {
    run(deploy::survey(svm, keys, wanted)).unwrap()
}

fn execute(svm: &Svm, keys: &Keys, wanted: &Wanted<'_>) -> Result<deploy::Done, Error> {
    let todo = run(deploy::find_out(svm, keys, wanted, None))?;
    run(deploy::carry_out(svm, keys, wanted, &todo, &mut Silent))
}

#[test]
fn a_program_is_deployed_once_and_costs_what_was_told() {
    let program = Keypair::new_from_array([1; 32]);
    let (keys, svm, file) = (keys(Some(&program)), Svm::new(), file("rogue"));
    svm.fund(&keys.payer.pubkey(), 10 * SOL);
    let wanted = wanted(&keys, &program, &file);
    let told = survey(&svm, &keys, &wanted);
    assert_eq!(told.plan, Plan::Deploy { max_len: file.len(), upload: Upload::New });
    let done = execute(&svm, &keys, &wanted).unwrap();
    assert_eq!(done.authority, Some(authority().pubkey()));
    assert_eq!(keys.chunk(&told.buffer), 1_012, "as docs/deployment.md says");
    assert_eq!(done.written, file.len().div_ceil(keys.chunk(&told.buffer)) as u64);
    assert_eq!(svm.sent(), told.cost.transactions);
    assert_eq!(i128::from(10 * SOL - svm.balance(&keys.payer.pubkey())), told.cost.spends);
    assert_eq!(svm.balance(&told.buffer), 0, "its rent went into the program");

    let again = survey(&svm, &keys, &wanted);
    assert_eq!((again.plan, again.cost.transactions), (Plan::Nothing, 0));
    assert_eq!(execute(&svm, &keys, &wanted).unwrap().written, 0);
    assert_eq!(svm.sent(), told.cost.transactions, "nothing was sent");
    assert!(svm.runs(&program.pubkey()), "the loader took it for a program that can be called");
}

/// A payer that is left with something must be left with a wallet's rent, which it has not when only fees are to be paid yet.
#[test]
fn what_an_upgrade_or_giving_up_the_authority_needs_is_enough() {
    let program = Keypair::new_from_array([1; 32]);
    for (first, then, last) in [(Some("arena"), "rogue", false), (None, "arena", true)] {
        let (rich, svm) = (keys(Some(&program)), Svm::new());
        svm.fund(&rich.payer.pubkey(), 20 * SOL);
        if let Some(first) = first {
            let file = file(first);
            execute(&svm, &rich, &wanted(&rich, &program, &file)).unwrap();
        }
        let (file, payer) = (file(then), Keypair::new_from_array([8; 32]));
        let exact = Keys { payer: payer.insecure_clone(), ..keys(Some(&program)) };
        let wanted = Wanted { last, ..wanted(&exact, &program, &file) };
        svm.fund(&payer.pubkey(), 20 * SOL);
        let needs = survey(&svm, &exact, &wanted).cost.needs;
        svm.take(&payer.pubkey(), 20 * SOL - needs);
        execute(&svm, &exact, &wanted).unwrap();
    }
}

#[test]
fn what_the_payer_needs_is_enough_to_the_lamport() {
    let program = Keypair::new_from_array([1; 32]);
    let (keys, file) = (keys(Some(&program)), file("rogue"));
    let wanted = wanted(&keys, &program, &file);
    let rich = Svm::new();
    rich.fund(&keys.payer.pubkey(), 10 * SOL);
    let needs = survey(&rich, &keys, &wanted).cost.needs;
    // An account must not be left with less than its rent, so the payer ends with nothing at all.
    let exact = Svm::new();
    exact.fund(&keys.payer.pubkey(), needs);
    execute(&exact, &keys, &wanted).unwrap();
    assert_eq!(exact.balance(&keys.payer.pubkey()), 0);
    let poor = Svm::new();
    poor.fund(&keys.payer.pubkey(), needs - 1);
    let refused = Refusal::Funds { payer: keys.payer.pubkey(), needs, has: needs - 1 };
    assert_eq!(execute(&poor, &keys, &wanted), Err(Error::Refused(refused)));
    assert_eq!(poor.sent(), 0);
}

#[test]
fn an_interrupted_upload_goes_on_with_what_is_missing() {
    let program = Keypair::new_from_array([1; 32]);
    let (keys, svm, file) = (keys(Some(&program)), Svm::new(), file("rogue"));
    svm.fund(&keys.payer.pubkey(), 10 * SOL);
    let wanted = wanted(&keys, &program, &file);
    let whole = survey(&svm, &keys, &wanted).cost.transactions;
    // The buffer, and 20 chunks.
    svm.breaks_after(21);
    assert!(matches!(execute(&svm, &keys, &wanted), Err(Error::Unreachable(_))));
    assert_eq!(svm.sent(), 21);
    svm.breaks_after(u64::MAX);
    let Plan::Deploy { upload: Upload::Resume(missing), .. } = survey(&svm, &keys, &wanted).plan else { panic!("it is not resumed") };
    assert_eq!(missing.len() as u64, whole - 2 - 20);
    let done = execute(&svm, &keys, &wanted).unwrap();
    assert_eq!((done.written, svm.sent()), (whole - 22, whole), "no chunk was written twice");
    assert_eq!(survey(&svm, &keys, &wanted).plan, Plan::Nothing);
}

#[test]
fn writes_that_never_arrive_are_made_again() {
    let program = Keypair::new_from_array([1; 32]);
    let (keys, svm, file) = (keys(Some(&program)), Svm::new(), file("rogue"));
    svm.fund(&keys.payer.pubkey(), 10 * SOL);
    svm.loses_every(3);
    let wanted = wanted(&keys, &program, &file);
    execute(&svm, &keys, &wanted).unwrap();
    assert_eq!(survey(&svm, &keys, &wanted).plan, Plan::Nothing);
}

#[test]
fn a_longer_program_takes_more_room_and_a_shorter_one_takes_what_is_there() {
    let program = Keypair::new_from_array([1; 32]);
    let (first, svm) = (keys(Some(&program)), Svm::new());
    svm.fund(&first.payer.pubkey(), 10 * SOL);
    let (short, long) = (file("arena"), file("rogue"));
    assert!(short.len() < long.len());
    execute(&svm, &first, &wanted(&first, &program, &short)).unwrap();

    let keys = keys(None);
    let upgrade = wanted(&keys, &program, &long);
    let (before, sent) = (svm.balance(&keys.payer.pubkey()), svm.sent());
    let told = survey(&svm, &keys, &upgrade);
    assert_eq!(told.plan, Plan::Upgrade { extend: Some((long.len() - short.len()) as u32), upload: Upload::New });
    execute(&svm, &keys, &upgrade).unwrap();
    assert_eq!(i128::from(before - svm.balance(&keys.payer.pubkey())), told.cost.spends);
    assert_eq!(svm.sent() - sent, told.cost.transactions);
    assert_eq!(survey(&svm, &keys, &upgrade).plan, Plan::Nothing);

    let back = wanted(&keys, &program, &short);
    assert_eq!(survey(&svm, &keys, &back).plan, Plan::Upgrade { extend: None, upload: Upload::New });
    execute(&svm, &keys, &back).unwrap();
    assert_eq!(survey(&svm, &keys, &back).plan, Plan::Nothing);
    assert!(svm.runs(&program.pubkey()));
}

#[test]
fn a_final_program_is_nobodys_any_more() {
    let program = Keypair::new_from_array([1; 32]);
    let (keys, svm) = (keys(Some(&program)), Svm::new());
    svm.fund(&keys.payer.pubkey(), 10 * SOL);
    let (arena, rogue) = (file("arena"), file("rogue"));
    let last = Wanted { last: true, ..wanted(&keys, &program, &arena) };
    let told = survey(&svm, &keys, &last);
    assert_eq!(execute(&svm, &keys, &last).unwrap().authority, None);
    assert_eq!(svm.sent(), told.cost.transactions);
    assert_eq!(survey(&svm, &keys, &last).plan, Plan::Nothing);
    let refused = Refusal::Final(program.pubkey());
    assert_eq!(execute(&svm, &keys, &wanted(&keys, &program, &rogue)), Err(Error::Refused(refused)));
}

#[test]
fn a_program_that_is_not_one_stays_in_its_buffer_and_the_buffer_can_be_closed() {
    let program = Keypair::new_from_array([1; 32]);
    let (keys, svm) = (keys(Some(&program)), Svm::new());
    svm.fund(&keys.payer.pubkey(), 10 * SOL);
    let wanted = wanted(&keys, &program, &[7; 3_000]);
    let failed = execute(&svm, &keys, &wanted).unwrap_err();
    assert!(matches!(failed, Error::Failed { what: "the deployment", .. }), "{failed:?}");
    assert!(matches!(survey(&svm, &keys, &wanted).plan, Plan::Deploy { upload: Upload::Resume(missing), .. } if missing.is_empty()));

    // A file of another length takes another buffer, at the same place.
    let arena = file("arena");
    let other = Wanted { file: &arena, ..wanted };
    assert!(matches!(survey(&svm, &keys, &other).plan, Plan::Deploy { upload: Upload::Replace, .. }));
    let held = svm.balance(&survey(&svm, &keys, &wanted).buffer);
    assert_eq!(run(deploy::close_buffer(&svm, &keys, &program.pubkey())).unwrap(), Some(held));
    assert_eq!(run(deploy::close_buffer(&svm, &keys, &program.pubkey())).unwrap(), None);
    assert_eq!(survey(&svm, &keys, &other).plan, Plan::Deploy { max_len: arena.len(), upload: Upload::New });
}

#[test]
fn a_buffer_of_another_length_is_replaced() {
    let program = Keypair::new_from_array([1; 32]);
    let (keys, svm) = (keys(Some(&program)), Svm::new());
    svm.fund(&keys.payer.pubkey(), 10 * SOL);
    let (rogue, arena) = (file("rogue"), file("arena"));
    svm.breaks_after(5);
    execute(&svm, &keys, &wanted(&keys, &program, &rogue)).unwrap_err();
    svm.breaks_after(u64::MAX);
    let (before, sent) = (svm.balance(&keys.payer.pubkey()), svm.sent());
    let wanted = wanted(&keys, &program, &arena);
    let told = survey(&svm, &keys, &wanted);
    assert_eq!(told.plan, Plan::Deploy { max_len: arena.len(), upload: Upload::Replace });
    execute(&svm, &keys, &wanted).unwrap();
    assert_eq!(svm.sent() - sent, told.cost.transactions);
    assert_eq!(i128::from(before) - i128::from(svm.balance(&keys.payer.pubkey())), told.cost.spends);
}

#[test]
fn lamports_sent_to_the_addresses_before_are_in_nobodys_way() {
    let program = Keypair::new_from_array([1; 32]);
    let (keys, svm, file) = (keys(Some(&program)), Svm::new(), file("arena"));
    svm.fund(&keys.payer.pubkey(), 10 * SOL);
    let wanted = wanted(&keys, &program, &file);
    let buffer = survey(&svm, &keys, &wanted).buffer;
    svm.fund(&buffer, 1_000_000);
    svm.fund(&program.pubkey(), 1_000_000);
    let told = survey(&svm, &keys, &wanted);
    execute(&svm, &keys, &wanted).unwrap();
    assert_eq!(i128::from(10 * SOL) - i128::from(svm.balance(&keys.payer.pubkey())), told.cost.spends);
}

#[test]
fn who_pays_and_who_may_upgrade_can_be_two() {
    let program = Keypair::new_from_array([1; 32]);
    let svm = Svm::new();
    let keys = Keys { payer: Keypair::new_from_array([5; 32]), ..keys(Some(&program)) };
    svm.fund(&keys.payer.pubkey(), 10 * SOL);
    let file = file("arena");
    let wanted = wanted(&keys, &program, &file);
    let told = survey(&svm, &keys, &wanted);
    assert_eq!(execute(&svm, &keys, &wanted).unwrap().authority, Some(authority().pubkey()));
    assert_eq!(i128::from(10 * SOL - svm.balance(&keys.payer.pubkey())), told.cost.spends);
}

/// An upload that is complete and not deployed, what was found then, and the buffer's account.
fn complete(svm: &Svm, keys: &Keys, wanted: &Wanted<'_>) -> (deploy::Todo, Address, Account) {
    svm.breaks_after(survey(svm, keys, wanted).cost.transactions - 1);
    assert!(matches!(execute(svm, keys, wanted), Err(Error::Unreachable(_))));
    svm.breaks_after(u64::MAX);
    let found = survey(svm, keys, wanted);
    assert!(matches!(&found.plan, Plan::Deploy { upload: Upload::Resume(missing), .. } if missing.is_empty()));
    let account = svm.account(&found.buffer).unwrap();
    (run(deploy::find_out(svm, keys, wanted, None)).unwrap(), found.buffer, account)
}

#[test]
fn a_complete_upload_is_read_once_more_before_it_is_deployed_and_mended() {
    let program = Keypair::new_from_array([1; 32]);
    let (keys, svm, file) = (keys(Some(&program)), Svm::new(), file("rogue"));
    svm.fund(&keys.payer.pubkey(), 10 * SOL);
    let wanted = wanted(&keys, &program, &file);
    let (todo, buffer, mut account) = complete(&svm, &keys, &wanted);
    // While somebody thinks about going on, another run writes something else that would run as well.
    *account.data.last_mut().unwrap() ^= 1;
    svm.put(&buffer, account);
    assert_eq!(run(deploy::carry_out(&svm, &keys, &wanted, &todo, &mut Silent)).unwrap().written, 1);
    assert_eq!(survey(&svm, &keys, &wanted).plan, Plan::Nothing);
    assert!(svm.runs(&program.pubkey()));
}

#[test]
fn a_buffer_that_another_run_made_anew_for_more_bytes_is_not_deployed() {
    let program = Keypair::new_from_array([1; 32]);
    let (keys, svm, file) = (keys(Some(&program)), Svm::new(), file("rogue"));
    svm.fund(&keys.payer.pubkey(), 10 * SOL);
    let wanted = wanted(&keys, &program, &file);
    let (todo, buffer, mut account) = complete(&svm, &keys, &wanted);
    account.data.extend([0, 7]);
    svm.put(&buffer, account);
    let sent = svm.sent();
    let failed = run(deploy::carry_out(&svm, &keys, &wanted, &todo, &mut Silent)).unwrap_err();
    assert_eq!((failed, svm.sent()), (Error::BufferChanged("the upload"), sent));
}
