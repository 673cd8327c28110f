//! What every ledger promises, run on each.

use {
    crate::{
        on_both,
        support::{FEE, SOL, balance, comes, config, elsewhere, funded, paying, signed},
    },
    sessions_client::{
        Ledger, LedgerError, account, address,
        core::{MemberState, SessionState, rules::lifecycle::Status},
        failure::Failure,
        instruction::{self, Acting, SessionArgs, Tokens},
        ledger::{
            Commitment, Filter, MAX_READ, MAX_TRANSACTION_BYTES,
            token::{self, Holding},
        },
    },
    solana_address::Address,
    solana_instruction::error::InstructionError,
    solana_keypair::Keypair,
    solana_signature::Signature,
    solana_signer::Signer,
    solana_system_interface::instruction::{create_account, transfer},
    solana_transaction_error::TransactionError,
    spl_token_2022_interface::instruction as spl,
    std::time::Duration,
};

on_both! { promises:
    a_transaction_does_what_it_says_and_costs_its_fee,
    a_simulation_keeps_nothing_and_needs_neither_signature_nor_blockhash,
    a_transaction_that_fails_costs_its_fee,
    an_airdrop_is_there_or_refused,
    a_payer_that_does_not_exist_is_turned_away,
    a_forged_signature_is_turned_away,
    a_transaction_that_fits_no_packet_is_not_sent,
    what_is_sent_twice_runs_once,
    what_ran_has_a_status_and_a_receipt,
    a_history_is_newest_first_and_can_be_paged,
    a_follower_is_told_of_every_change,
    an_account_that_appears_and_goes_is_told_of,
    a_session_opens_with_its_events_and_is_found_with_its_children,
    token_accounts_are_found_by_whose_they_are,
    an_answer_is_the_session_programs_own,
    a_refusal_has_its_name,
    time_passes,
    more_than_can_be_read_at_once_is_refused,
    the_least_balance_grows_with_the_bytes,
}

async fn a_transaction_does_what_it_says_and_costs_its_fee(ledger: impl Ledger) {
    let (key, to) = (funded(&ledger).await, elsewhere(2));
    let receipt = ledger.send(paying(&ledger, &key, to, SOL).await).await.unwrap();
    assert_eq!((receipt.failure, receipt.fee), (None, FEE));
    assert_eq!((balance(&ledger, to).await, balance(&ledger, key.pubkey()).await), (SOL, 9 * SOL - FEE));
}

async fn a_simulation_keeps_nothing_and_needs_neither_signature_nor_blockhash(ledger: impl Ledger) {
    let (key, to) = (funded(&ledger).await, elsewhere(2));
    let mut transaction = paying(&ledger, &key, to, SOL).await;
    transaction.signatures = vec![Signature::default()];
    transaction.message.set_recent_blockhash(Default::default());
    let receipt = ledger.simulate(transaction).await.unwrap();
    assert_eq!(receipt.failure, None);
    assert!(receipt.compute_units > 0);
    assert_eq!((balance(&ledger, to).await, balance(&ledger, key.pubkey()).await), (0, 10 * SOL));
}

async fn a_transaction_that_fails_costs_its_fee(ledger: impl Ledger) {
    let (key, to) = (funded(&ledger).await, elsewhere(2));
    let receipt = ledger.send(paying(&ledger, &key, to, 20 * SOL).await).await.unwrap();
    let failure = Failure::Instruction { instruction: 0, error: InstructionError::Custom(1) };
    assert_eq!((receipt.failure, receipt.fee), (Some(failure), FEE));
    assert_eq!(balance(&ledger, key.pubkey()).await, 10 * SOL - FEE);
    assert!(receipt.logs.iter().any(|line| line.contains("insufficient lamports")), "{:?}", receipt.logs);
}

/// An embedded ledger gives whatever it is asked for; a chain's faucet nothing that would leave a wallet with less than it must hold.
async fn an_airdrop_is_there_or_refused(ledger: impl Ledger) {
    ledger.airdrop(elsewhere(2), SOL).await.unwrap();
    assert_eq!(balance(&ledger, elsewhere(2)).await, SOL);
    let given = ledger.airdrop(elsewhere(3), 1_000).await;
    assert_eq!(balance(&ledger, elsewhere(3)).await, if given.is_ok() { 1_000 } else { 0 });
    assert!(matches!(given, Ok(()) | Err(LedgerError::Refused { .. } | LedgerError::NodeFailed { .. })), "{given:?}");
}

async fn a_payer_that_does_not_exist_is_turned_away(ledger: impl Ledger) {
    let nobody = Keypair::new_from_array([9; 32]);
    let transaction = paying(&ledger, &nobody, elsewhere(2), 1).await;
    let receipt = ledger.send(transaction.clone()).await.unwrap();
    assert_eq!((receipt.failure, receipt.fee), (Some(Failure::Transaction(TransactionError::AccountNotFound)), 0));
    assert_eq!(ledger.submit(&transaction).await, Err(LedgerError::Rejected(TransactionError::AccountNotFound)));
    assert_eq!(ledger.statuses(&transaction.signatures).await.unwrap().of, [None]);
}

async fn a_forged_signature_is_turned_away(ledger: impl Ledger) {
    let (key, to) = (funded(&ledger).await, elsewhere(2));
    let mut transaction = paying(&ledger, &key, to, SOL).await;
    transaction.signatures[0] = paying(&ledger, &key, to, SOL + 1).await.signatures[0];
    let receipt = ledger.send(transaction.clone()).await.unwrap();
    assert_eq!((receipt.failure, receipt.fee), (Some(Failure::Transaction(TransactionError::SignatureFailure)), 0));
    transaction.signatures.clear();
    assert_eq!(ledger.submit(&transaction).await, Err(LedgerError::Rejected(TransactionError::SanitizeFailure)));
    assert_eq!(balance(&ledger, to).await, 0);
}

async fn a_transaction_that_fits_no_packet_is_not_sent(ledger: impl Ledger) {
    let (key, to) = (funded(&ledger).await, elsewhere(2));
    let mut instruction = transfer(&key.pubkey(), &to, SOL);
    instruction.data.resize(1_200, 0);
    let transaction = signed(&ledger, key.pubkey(), &[&key], &[instruction]).await;
    for answer in [ledger.send(transaction.clone()).await.map(|_| ()), ledger.submit(&transaction).await] {
        assert!(matches!(answer, Err(LedgerError::TransactionTooLarge(size)) if size > MAX_TRANSACTION_BYTES), "{answer:?}");
    }
    assert_eq!(balance(&ledger, to).await, 0);
}

async fn what_is_sent_twice_runs_once(ledger: impl Ledger) {
    let (key, to) = (funded(&ledger).await, elsewhere(2));
    let transaction = paying(&ledger, &key, to, SOL).await;
    let first = ledger.send(transaction.clone()).await.unwrap();
    assert_eq!(ledger.submit(&transaction).await, Ok(()));
    ledger.next_slot().await.unwrap();
    assert_eq!(ledger.submit(&transaction).await, Ok(()));
    assert_eq!(ledger.send(transaction).await.unwrap(), first);
    assert_eq!((balance(&ledger, to).await, balance(&ledger, key.pubkey()).await), (SOL, 9 * SOL - FEE));
}

async fn what_ran_has_a_status_and_a_receipt(ledger: impl Ledger) {
    let (key, to) = (funded(&ledger).await, elsewhere(2));
    let good = ledger.send(paying(&ledger, &key, to, SOL).await).await.unwrap();
    let bad = ledger.send(paying(&ledger, &key, to, 20 * SOL).await).await.unwrap();
    let unknown = Signature::from([7; 64]);
    let statuses = ledger.statuses(&[good.signature, unknown, bad.signature]).await.unwrap();
    let [Some(of_good), None, Some(of_bad)] = &statuses.of[..] else { panic!("{statuses:?}") };
    assert_eq!((of_good.slot, &of_good.failure), (good.slot, &None));
    let failure = TransactionError::InstructionError(0, InstructionError::Custom(1));
    assert_eq!((of_bad.slot, &of_bad.failure), (bad.slot, &Some(failure)));
    assert!(of_good.commitment >= Commitment::Confirmed && statuses.slot >= bad.slot);
    assert_eq!(ledger.receipt(&good.signature).await.unwrap().as_ref(), Some(&good));
    assert_eq!(ledger.receipt(&bad.signature).await.unwrap().as_ref(), Some(&bad));
    assert_eq!(ledger.receipt(&unknown).await.unwrap(), None);
}

async fn a_history_is_newest_first_and_can_be_paged(ledger: impl Ledger) {
    let (key, to) = (funded(&ledger).await, elsewhere(2));
    let mut sent = Vec::new();
    for lamports in [SOL, 2 * SOL, 20 * SOL] {
        ledger.next_slot().await.unwrap();
        sent.push(ledger.send(paying(&ledger, &key, to, lamports).await).await.unwrap());
    }
    ledger.next_slot().await.unwrap();
    let newest_first: Vec<_> = sent.iter().rev().map(|receipt| (receipt.signature, receipt.slot, receipt.failure.is_some())).collect();
    let entries = |entries: Vec<sessions_client::ledger::Entry>| -> Vec<_> {
        entries.into_iter().map(|entry| (entry.signature, entry.slot, entry.failed)).collect()
    };
    assert_eq!(entries(ledger.history(&to, None, 10).await.unwrap()), newest_first);
    assert_eq!(entries(ledger.history(&to, None, 1).await.unwrap()), newest_first[..1]);
    assert_eq!(entries(ledger.history(&to, Some(newest_first[0].0), 10).await.unwrap()), newest_first[1..]);
    assert_eq!(entries(ledger.history(&to, Some(newest_first[2].0), 10).await.unwrap()), []);
    assert_eq!(entries(ledger.history(&elsewhere(3), None, 10).await.unwrap()), []);
}

async fn a_follower_is_told_of_every_change(ledger: impl Ledger) {
    let (key, to) = (funded(&ledger).await, elsewhere(2));
    let mut follower = ledger.subscribe(key.pubkey()).await.unwrap();
    let mut another = ledger.subscribe(key.pubkey()).await.unwrap();
    assert_eq!(follower.borrow_and_update().account.as_ref().unwrap().lamports, 10 * SOL);
    for (paid, left) in [(SOL, 9 * SOL - FEE), (2 * SOL, 7 * SOL - 2 * FEE)] {
        let before = follower.borrow().slot;
        let receipt = ledger.send(paying(&ledger, &key, to, paid).await).await.unwrap();
        assert_eq!(receipt.failure, None);
        for follower in [&mut follower, &mut another] {
            let seen = comes("the change", follower.wait_for(|seen| seen.account.as_ref().unwrap().lamports == left)).await.unwrap();
            assert!(seen.slot >= before);
        }
    }
}

async fn an_account_that_appears_and_goes_is_told_of(ledger: impl Ledger) {
    let (key, passing) = (funded(&ledger).await, Keypair::new_from_array([5; 32]));
    let mut follower = ledger.subscribe(passing.pubkey()).await.unwrap();
    assert_eq!(follower.borrow_and_update().account, None);
    ledger.send(paying(&ledger, &key, passing.pubkey(), SOL).await).await.unwrap();
    comes("the account", follower.wait_for(|seen| seen.account.is_some())).await.unwrap();
    let back = transfer(&passing.pubkey(), &key.pubkey(), SOL);
    let receipt = ledger.send(signed(&ledger, key.pubkey(), &[&key, &passing], &[back]).await).await.unwrap();
    assert_eq!(receipt.failure, None);
    comes("its end", follower.wait_for(|seen| seen.account.is_none())).await.unwrap();
}

/// Opens a session; its address.
async fn opened(ledger: &impl Ledger, key: &Keypair, name: &str) -> (Address, sessions_client::ledger::Receipt) {
    let (wallet, id) = (key.pubkey(), address::id_from_text(name));
    let open = instruction::open_session(wallet, wallet, SessionArgs { id, host: wallet, metadata: [0; 32], config: config() });
    let receipt = ledger.send(signed(ledger, wallet, &[key], &[open]).await).await.unwrap();
    (address::session(&wallet, &id), receipt)
}

async fn a_session_opens_with_its_events_and_is_found_with_its_children(ledger: impl Ledger) {
    let key = funded(&ledger).await;
    let mut sessions = Vec::new();
    for name in ["one", "two"] {
        let (session, receipt) = opened(&ledger, &key, name).await;
        assert_eq!((receipt.failure, receipt.events.len()), (None, 3));
        let state = account::session(&ledger.read(&[session]).await.unwrap()[0]).unwrap();
        assert_eq!((state.status().unwrap(), state.members), (Status::Active, 1));
        let children = ledger.children(&session).await.unwrap();
        let member = address::member(&session, &key.pubkey());
        assert_eq!(children.iter().map(|(address, _)| *address).collect::<Vec<_>>(), [member]);
        sessions.push(session);
    }
    sessions.sort();
    let all = [Filter { offset: 0, bytes: SessionState::DISCRIMINATOR.to_vec() }];
    let found = ledger.accounts(&all).await.unwrap();
    assert_eq!(found.iter().map(|(address, _)| *address).collect::<Vec<_>>(), sessions);
    assert_eq!(ledger.accounts(&[]).await.unwrap().len(), 4);
    let members = Filter { offset: 0, bytes: MemberState::DISCRIMINATOR.to_vec() };
    assert_eq!(ledger.accounts(&[members, all[0].clone()]).await.unwrap(), []);
    assert_eq!(ledger.children(&elsewhere(2)).await.unwrap(), []);
}

async fn token_accounts_are_found_by_whose_they_are(ledger: impl Ledger) {
    let (key, owner, rent) = (funded(&ledger).await, elsewhere(2), SOL / 10);
    let mut held = Vec::new();
    for (n, program) in token::PROGRAMS.into_iter().enumerate() {
        let (mint, amount) = (Keypair::new_from_array([20 + n as u8; 32]), 5 * (1 + n as u64));
        let tokens = Tokens { mint: mint.pubkey(), program };
        let account = tokens.of(&owner);
        let steps = [
            create_account(&key.pubkey(), &tokens.mint, rent, 82, &program),
            spl::initialize_mint2(&program, &tokens.mint, &key.pubkey(), None, 2).unwrap(),
            tokens.create_account(key.pubkey(), owner),
            // Another's, which is not to be found.
            tokens.create_account(key.pubkey(), key.pubkey()),
            spl::mint_to(&program, &tokens.mint, &account, &key.pubkey(), &[], amount).unwrap(),
        ];
        let receipt = ledger.send(signed(&ledger, key.pubkey(), &[&key, &mint], &steps).await).await.unwrap();
        assert_eq!(receipt.failure, None);
        assert_eq!(token::decimals(ledger.read(&[tokens.mint]).await.unwrap()[0].account.as_ref().unwrap()), Some(2));
        held.push((account, Some(Holding { mint: tokens.mint, owner, amount })));
    }
    held.sort_by_key(|(account, _)| *account);
    ledger.next_slot().await.unwrap();
    let found = ledger.token_accounts(&owner).await.unwrap();
    assert_eq!(found.iter().map(|(address, account)| (*address, Holding::read(account))).collect::<Vec<_>>(), held);
    assert_eq!(ledger.token_accounts(&elsewhere(3)).await.unwrap(), []);
}

async fn an_answer_is_the_session_programs_own(ledger: impl Ledger) {
    let key = funded(&ledger).await;
    let (session, _) = opened(&ledger, &key, "one").await;
    ledger.next_slot().await.unwrap();
    let consume = instruction::consume(Acting::wallet(session, key.pubkey()), 0, 1);
    let transaction = signed(&ledger, key.pubkey(), &[&key], &[consume]).await;
    let id = address::id_from_text("one");
    assert_eq!(ledger.simulate(transaction.clone()).await.unwrap().returned[..32], id);
    assert_eq!(ledger.send(transaction).await.unwrap().returned[..32], id);
    assert!(ledger.send(paying(&ledger, &key, elsewhere(2), SOL).await).await.unwrap().returned.is_empty());
}

async fn a_refusal_has_its_name(ledger: impl Ledger) {
    let key = funded(&ledger).await;
    let (session, _) = opened(&ledger, &key, "one").await;
    let resume = instruction::resume_session(key.pubkey(), session);
    let transaction = signed(&ledger, key.pubkey(), &[&key], &[resume]).await;
    let simulated = ledger.simulate(transaction.clone()).await.unwrap();
    let sent = ledger.send(transaction).await.unwrap();
    assert_eq!(sent.failure.as_ref().map(Failure::name).as_deref(), Some("InvalidTransition"));
    assert_eq!((simulated.failure, simulated.compute_units), (sent.failure, sent.compute_units));
    assert_eq!((sent.fee, sent.events), (FEE, vec![]));
}

async fn time_passes(ledger: impl Ledger) {
    let clock = ledger.clock().await.unwrap();
    let height = ledger.block_height(Commitment::Processed).await.unwrap();
    ledger.next_slot().await.unwrap();
    assert!(ledger.with_commitment(Commitment::Processed).clock().await.unwrap().slot > clock.slot);
    ledger.wait(Duration::from_secs(2)).await.unwrap();
    assert!(ledger.clock().await.unwrap().unix_timestamp >= clock.unix_timestamp + 2);
    assert!(ledger.block_height(Commitment::Processed).await.unwrap() > height);
    let [processed, finalized] = [Commitment::Processed, Commitment::Finalized].map(|commitment| ledger.block_height(commitment));
    assert!(finalized.await.unwrap() <= processed.await.unwrap());
}

async fn more_than_can_be_read_at_once_is_refused(ledger: impl Ledger) {
    let addresses = vec![elsewhere(2); MAX_READ + 1];
    assert_eq!(ledger.read(&addresses[1..]).await.unwrap().len(), MAX_READ);
    assert!(matches!(ledger.read(&addresses).await, Err(LedgerError::TooMany { .. })));
    assert_eq!(ledger.read(&[]).await.unwrap(), []);
}

async fn the_least_balance_grows_with_the_bytes(ledger: impl Ledger) {
    // An account counts as 128 bytes more than its data.
    let [empty, session] = [0, SessionState::SIZE].map(|bytes| ledger.minimum_balance(bytes));
    let (empty, session) = (empty.await.unwrap(), session.await.unwrap());
    assert!(empty > 0);
    assert_eq!(session, empty / 128 * (128 + SessionState::SIZE as u64));
}
