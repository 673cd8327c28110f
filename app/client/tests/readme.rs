//! What the README shows of the client, run: each of its lines is a line of this file.

use {
    sessions_client::{
        Embedded, Ledger, SessionCache, account, address,
        cache::{
            core::Operation,
            journal::Stored,
            options::{Keys, Options},
        },
        core::{
            SessionState,
            rules::{
                config::SessionConfig,
                lifecycle::Status,
                permissions::{Permissions, Settings},
                quotas::Quotas,
            },
        },
        instruction::{self, SessionArgs},
    },
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_message::{Message, VersionedMessage},
    solana_signer::Signer,
    solana_transaction::versioned::VersionedTransaction,
    std::error::Error,
};

const CONFIG: SessionConfig = SessionConfig {
    quotas: Quotas::UNLIMITED,
    max_duration: 3_600,
    hard_limit: 3_600,
    step_timeout: 60,
    activation_window: 0,
    invitation_ttl: 600,
    max_members: 4,
    permissions: Permissions::ALL.bits(),
    settings: Settings::NONE.bits(),
    kind: 0,
    reserved: 0,
};

#[test]
fn the_readmes_lines_open_a_session_and_read_it() -> Result<(), Box<dyn Error>> {
    pollster::block_on(async {
        let keypair = Keypair::new_from_array([7; 32]);
        let (creator, payer) = (keypair.pubkey(), keypair.pubkey());
        let args = SessionArgs { id: address::id_from_text("readme"), host: creator, metadata: [0; 32], config: CONFIG };

        let ledger = Embedded::new()?;
        ledger.fund(creator, 1_000_000_000)?;
        let blockhash = ledger.blockhash().await?.hash;
        let signed = |instruction: Instruction| {
            let message = Message::new_with_blockhash(&[instruction], Some(&payer), &blockhash);
            VersionedTransaction::try_new(VersionedMessage::Legacy(message), &[&keypair]).unwrap()
        };

        let open = instruction::open_session(creator, payer, args);
        let receipt = ledger.send(signed(open)).await?;
        assert_eq!(receipt.failure, None);
        assert_eq!(receipt.events.len(), 3);
        let snapshot = ledger.read(&[address::session(&creator, &args.id)]).await?.remove(0);
        let session = account::session(&snapshot)?;
        assert_eq!(session.members, 1);

        let account_data = snapshot.account.unwrap().data;
        let now = ledger.clock().await?.unix_timestamp;
        let session = SessionState::read(&account_data)?;
        let active = session.status()? == Status::Active && !session.is_over(now);
        assert!(active);
        Ok(())
    })
}

#[tokio::test(start_paused = true)]
async fn the_readmes_lines_submit_to_the_cache_and_read_it() -> Result<(), Box<dyn Error>> {
    let (wallet, folder) = (Keypair::new_from_array([7; 32]), tempfile::tempdir()?);
    let (creator, path) = (wallet.pubkey(), folder.path().join("journal"));
    let args = SessionArgs { id: address::id_from_text("readme"), host: creator, metadata: [0; 32], config: CONFIG };
    let session = address::session(&creator, &args.id);
    let ledger = Embedded::new()?;
    ledger.fund(creator, 1_000_000_000)?;
    let open =
        Message::new_with_blockhash(&[instruction::open_session(creator, creator, args)], Some(&creator), &ledger.blockhash().await?.hash);
    ledger.send(VersionedTransaction::try_new(VersionedMessage::Legacy(open), &[&wallet])?).await?;
    let broadcast = instruction::broadcast_message(creator, session, creator, b"hello");

    let options = Options::new(Keys::new(wallet, [])).journal(Stored::open(&path)?);
    let cache = SessionCache::open(ledger, options).await?;
    let say = Operation { session, instructions: vec![broadcast], after: None };
    let mut pending = cache.submit(say).await?;
    let reading = cache.session(&session).await?;
    assert_eq!(reading.value.message_sequence, 1);
    let stage = pending.confirmed().await;
    assert!(stage.has_landed(), "{stage}");
    Ok(())
}

#[test]
fn each_line_of_rust_in_the_readme_is_a_line_of_the_test() {
    let plain = |line: &str| line.split("//").next().unwrap_or_default().trim().to_owned();
    let here: Vec<_> = include_str!("readme.rs").lines().map(plain).collect();
    // What programs do is held against the arena by its own tests.
    let readme = include_str!("../../../README.md").split("## For program authors").next().unwrap_or_default();
    let blocks = readme.split("```rust\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    let lines: Vec<_> = blocks.flat_map(str::lines).map(plain).filter(|line| !line.is_empty() && !line.starts_with("use ")).collect();
    assert!(lines.len() > 6, "{lines:?}");
    for line in lines {
        assert!(here.contains(&line), "the README has a line that is not run: {line}");
    }
}

#[test]
fn nothing_in_the_readme_waits_to_be_filled_in() {
    assert!(!include_str!("../../../README.md").contains("@@"));
}
