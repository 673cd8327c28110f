//! The IDL: its instructions as the Program Metadata program's own client makes them, and its upload on a ledger on which that program is played.

#[path = "../common/mod.rs"]
mod common;
mod metadata_program;
mod way;

use {
    common::{Svm, authority, file, keys},
    flate2::{
        Compression,
        read::{ZlibDecoder, ZlibEncoder},
    },
    sessions_cli::deploy::{
        self, Error, Keys, Plan, Todo, Wanted,
        idl::{self, BUFFER_SEED, IdlFile, IdlPlan, IdlSurvey, SEED},
        metadata::{self, HEADER, Kept, METADATA, Of},
        progress::Silent,
        report::{self, Found},
        state::LOADER,
    },
    solana_account::Account,
    solana_address::Address,
    solana_keypair::{Keypair, Signer},
    std::{borrow::Cow, io::Read},
};

const SOL: u64 = 1_000_000_000;

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn program() -> Keypair {
    Keypair::new_from_array([1; 32])
}

/// A ledger with the Program Metadata program.
fn ledger() -> Svm {
    let svm = Svm::playing(metadata_program::play);
    // Any program: none of its calls gets to it.
    svm.install(&METADATA, &file("arena"));
    svm.fund(&authority().pubkey(), 10 * SOL);
    svm
}

/// A ledger on which the program is there, too.
fn deployed() -> Svm {
    let (svm, at) = (ledger(), program().pubkey());
    let account = |executable, data: Vec<u8>| Account { lamports: SOL, data, owner: LOADER, executable, ..Account::default() };
    let header = [&3u32.to_le_bytes()[..], &0u64.to_le_bytes(), &[1], authority().pubkey().as_array()].concat();
    svm.put(&deploy::data_address(&at), account(false, [header, file("arena")].concat()));
    svm.put(&at, account(true, [&2u32.to_le_bytes()[..], deploy::data_address(&at).as_array()].concat()));
    svm
}

fn wanted<'a>(keys: &Keys, file: &'a [u8]) -> Wanted<'a> {
    let (authority, payer) = (keys.authority.pubkey(), keys.payer.pubkey());
    Wanted { program: program().pubkey(), key: keys.program.is_some(), authority, payer, file, max_len: None, last: false }
}

/// An IDL of so many bytes that do not compress.
fn noise(bytes: usize, seed: u32) -> IdlFile {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        33 + ((state >> 16) % 90) as u8
    };
    let text: Vec<u8> = (0..bytes).map(|_| next()).collect();
    IdlFile { name: "idl.json".to_owned(), text: text.into(), program: program().pubkey().to_string() }
}

/// What there is to do about the program, which is there, and about its IDL.
fn find_out(svm: &Svm, keys: &Keys, idl: &IdlFile) -> Todo {
    run(deploy::find_out(svm, keys, &wanted(keys, &file("arena")), Some(idl))).unwrap()
}

fn look(svm: &Svm, keys: &Keys, idl: &IdlFile) -> IdlSurvey {
    find_out(svm, keys, idl).idl.unwrap()
}

fn write(svm: &Svm, keys: &Keys, found: &IdlSurvey) -> Result<(), Error> {
    run(idl::write(svm, keys, &program().pubkey(), found, &mut Silent))
}

/// The text at an address.
fn there(svm: &Svm, address: &Address) -> Vec<u8> {
    let account = svm.account(address).unwrap();
    let Some(Kept::Metadata { mutable: true, direct: true, compression: 2, data }) = metadata::read(&account) else {
        panic!("there is none")
    };
    assert_eq!(account.data.len(), HEADER + data.len());
    let mut text = Vec::new();
    ZlibDecoder::new(data).read_to_end(&mut text).unwrap();
    text
}

/// By another compressor, as far as that shows: by another level.
fn otherwise(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    ZlibEncoder::new(text, Compression::none()).read_to_end(&mut bytes).unwrap();
    bytes
}

/// It is there, its account has its rent and no more, and no buffer is left.
fn assert_written(svm: &Svm, idl: &IdlFile) {
    let address = metadata::address(&program().pubkey(), SEED);
    assert!(there(svm, &address) == idl.text.as_ref(), "another text is there");
    let account = svm.account(&address).unwrap();
    assert_eq!(account.lamports, run(deploy::Chain::minimum_balance(svm, account.data.len())).unwrap());
    assert_eq!(svm.account(&metadata::address(&program().pubkey(), BUFFER_SEED)), None, "a buffer is left");
}

/// Writes it, and compares what that costs with what was told.
fn written(svm: &Svm, keys: &Keys, idl: &IdlFile) -> IdlSurvey {
    let found = look(svm, keys, idl);
    let (before, sent) = (svm.balance(&keys.payer.pubkey()), svm.sent());
    write(svm, keys, &found).unwrap();
    let spent = i128::from(before) - i128::from(svm.balance(&keys.payer.pubkey()));
    assert_eq!((spent, svm.sent() - sent), (found.cost.spends, found.cost.transactions));
    assert_written(svm, idl);
    found
}

/// Begins to write it, and pulls the plug after so many transactions.
fn broken_off(svm: &Svm, keys: &Keys, idl: &IdlFile, after: u64) {
    let found = look(svm, keys, idl);
    svm.breaks_after(svm.sent() + after);
    assert!(matches!(write(svm, keys, &found), Err(Error::Unreachable(_))));
    svm.breaks_after(u64::MAX);
}

#[test]
fn an_idl_is_written_once_and_then_there_is_nothing_to_do() {
    let (svm, keys) = (deployed(), keys(None));
    let built_in = IdlFile::built_in().unwrap();
    assert_eq!(built_in.program, sessions_client::address::PROGRAM.to_string());
    let idl = IdlFile { program: program().pubkey().to_string(), ..built_in };
    assert!(matches!(written(&svm, &keys, &idl).plan, IdlPlan::Create(_)));
    let again = look(&svm, &keys, &idl);
    assert_eq!((again.plan, again.cost), (IdlPlan::Nothing, deploy::Cost::default()));
}

#[test]
fn an_idl_takes_the_place_of_another_be_it_shorter_or_longer() {
    let (svm, keys) = (deployed(), keys(None));
    written(&svm, &keys, &noise(9_000, 1));
    for (length, seed) in [(9_000, 2), (30_000, 3), (500, 4), (9_000, 5)] {
        assert!(matches!(written(&svm, &keys, &noise(length, seed)).plan, IdlPlan::Update { .. }), "{length} bytes");
    }
    assert_eq!(look(&svm, &keys, &noise(9_000, 5)).plan, IdlPlan::Nothing);
}

#[test]
fn an_upload_that_is_killed_after_every_transaction_does_nothing_twice() {
    for updates in [false, true] {
        let (svm, keys, idl) = (deployed(), keys(None), noise(25_000, 7));
        if updates {
            written(&svm, &keys, &noise(12_000, 1));
        }
        let whole = look(&svm, &keys, &idl);
        assert_eq!(matches!(whole.plan, IdlPlan::Update { .. }), updates);
        let (before, sent) = (svm.balance(&keys.payer.pubkey()), svm.sent());
        for done in 1..whole.cost.transactions {
            broken_off(&svm, &keys, &idl, 1);
            assert_eq!(look(&svm, &keys, &idl).cost.transactions, whole.cost.transactions - done);
        }
        written(&svm, &keys, &idl);
        assert_eq!(svm.sent() - sent, whole.cost.transactions);
        assert_eq!(i128::from(before) - i128::from(svm.balance(&keys.payer.pubkey())), whole.cost.spends);
    }
}

#[test]
fn writes_that_never_arrive_are_made_again() {
    let (svm, keys, idl) = (deployed(), keys(None), noise(25_000, 7));
    svm.loses_every(3);
    write(&svm, &keys, &look(&svm, &keys, &idl)).unwrap();
    assert_written(&svm, &idl);
}

#[test]
fn an_upload_that_is_given_up_for_a_shorter_or_a_longer_one_is_replaced() {
    let (svm, keys) = (deployed(), keys(None));
    for length in [30_000, 9_000, 40_000] {
        broken_off(&svm, &keys, &noise(length, length as u32), 4);
    }
    written(&svm, &keys, &noise(9_000, 1));
    broken_off(&svm, &keys, &noise(9_000, 9), 4);
    written(&svm, &keys, &noise(30_000, 1));
}

#[test]
fn an_upload_by_another_compressor_is_gone_on_with() {
    for updates in [false, true] {
        let (svm, keys, idl) = (deployed(), keys(None), noise(9_000, 3));
        if updates {
            written(&svm, &keys, &noise(500, 1));
        }
        // What it uploaded to the end is taken as it is: one transaction is left.
        broken_off(&svm, &keys, &idl, 2);
        let (at, other) = (look(&svm, &keys, &idl).buffer, otherwise(&idl.text));
        let begun = svm.account(&at).unwrap();
        assert_ne!(begun.data.len(), HEADER + other.len(), "it is another compressor");
        let holding = |content: &[u8]| {
            let data = [&begun.data[..HEADER], content].concat();
            let lamports = run(deploy::Chain::minimum_balance(&svm, data.len())).unwrap();
            svm.put(&at, Account { lamports, data, ..begun.clone() });
        };
        holding(&other);
        assert_eq!(look(&svm, &keys, &idl).cost.transactions, 1);
        // Half of it is no use but for the account, which is too long for what is uploaded now.
        let mut half = other.clone();
        half[4_000..].fill(0);
        holding(&half);
        assert!(look(&svm, &keys, &idl).upload().unwrap().closes);
        holding(&half[..5_000]);
        assert!(!look(&svm, &keys, &idl).upload().unwrap().closes);
        written(&svm, &keys, &idl);
    }
}

#[test]
fn lamports_that_somebody_sent_to_its_address_count() {
    let (svm, keys) = (deployed(), keys(None));
    svm.fund(&metadata::address(&program().pubkey(), SEED), 1_000_000);
    written(&svm, &keys, &noise(9_000, 1));
}

#[test]
fn who_pays_and_who_may_upgrade_can_be_two() {
    let (svm, keys) = (deployed(), Keys { payer: Keypair::new_from_array([5; 32]), ..keys(None) });
    svm.fund(&keys.payer.pubkey(), 10 * SOL);
    written(&svm, &keys, &noise(9_000, 1));
    written(&svm, &keys, &noise(500, 2));
}

#[test]
fn what_cannot_be_written_is_left_out() {
    let (svm, keys) = (deployed(), keys(None));
    let skips = |keys: &Keys, idl: &IdlFile, why: &str| {
        let found = look(&svm, keys, idl);
        assert_eq!((found.plan, found.cost.transactions), (IdlPlan::Skip(why.to_owned()), 0));
    };
    skips(&keys, &IdlFile { program: "another".to_owned(), ..noise(100, 1) }, "idl.json is of another; name another with --idl");
    let address = written(&svm, &keys, &noise(100, 1)).address;
    let account = svm.account(&address).unwrap();
    let mut immutable = account.clone();
    immutable.data[65] = 0;
    svm.put(&address, immutable);
    skips(&keys, &noise(100, 2), "the one that is there can never be changed");
    svm.put(&address, account);
    let stranger = Keys { authority: Keypair::new_from_array([5; 32]), ..keys };
    skips(&stranger, &noise(100, 2), &format!("only {} can write it", authority().pubkey()));
    assert_eq!(look(&svm, &stranger, &noise(100, 1)).plan, IdlPlan::Nothing, "but it is compared");
}

#[test]
fn an_idl_that_somebody_compressed_in_another_way_or_not_at_all_is_the_same_one() {
    let (svm, keys, idl) = (deployed(), keys(None), noise(100, 1));
    let address = written(&svm, &keys, &idl).address;
    let account = svm.account(&address).unwrap();
    let holds = |compression: u8, content: &[u8]| {
        let mut data = [&account.data[..HEADER], content].concat();
        data[84] = compression;
        data[87..91].copy_from_slice(&(content.len() as u32).to_le_bytes());
        svm.put(&address, Account { data, ..account.clone() });
        look(&svm, &keys, &idl).plan
    };
    assert_eq!(holds(0, &idl.text), IdlPlan::Nothing);
    assert_eq!(holds(2, &otherwise(&idl.text)), IdlPlan::Nothing);
    assert!(matches!(holds(2, &idl.text), IdlPlan::Update { .. }), "it cannot be unpacked");
}

#[test]
fn an_idl_of_a_program_that_is_about_to_be_there_is_planned_and_none_where_nothing_keeps_it() {
    let (keys, rogue) = (keys(Some(&program())), file("rogue"));
    let planned = |svm: &Svm| run(deploy::find_out(svm, &keys, &wanted(&keys, &rogue), Some(&noise(100, 1)))).unwrap().idl.unwrap();
    assert!(matches!(planned(&ledger()).plan, IdlPlan::Create(_)));
    let without = Svm::new();
    without.fund(&keys.payer.pubkey(), 10 * SOL);
    let found = planned(&without);
    let why = "the cluster has no Program Metadata program".to_owned();
    assert_eq!((found.plan, found.cost.transactions), (IdlPlan::Skip(why), 0));
}

#[test]
fn a_program_and_its_idl_cost_together_what_was_told_and_less_is_refused_before_anything_is_sent() {
    let (keys, arena, idl) = (keys(Some(&program())), file("arena"), noise(9_000, 1));
    let wanted = Wanted { last: true, ..wanted(&keys, &arena) };
    let execute = |svm: &Svm, idl: Option<&IdlFile>| {
        let todo = run(deploy::find_out(svm, &keys, &wanted, idl))?;
        run(deploy::carry_out(svm, &keys, &wanted, &todo, &mut Silent))
    };
    let svm = ledger();
    let todo = run(deploy::find_out(&svm, &keys, &wanted, Some(&idl))).unwrap();
    let cost = todo.idl.as_ref().unwrap().cost;
    let (spends, needs) = (todo.survey.cost.spends + cost.spends, todo.survey.cost.spends + i128::from(cost.needs));
    assert_eq!(svm.sent(), 0, "nothing is sent before it is wanted");
    assert_eq!(execute(&svm, Some(&idl)).unwrap().authority, None);
    assert_eq!(i128::from(10 * SOL - svm.balance(&keys.payer.pubkey())), spends);
    assert_eq!(svm.sent(), todo.survey.cost.transactions + cost.transactions);
    assert_written(&svm, &idl);
    let again = run(deploy::find_out(&svm, &keys, &wanted, Some(&idl))).unwrap();
    assert_eq!((again.is_nothing(), again.survey.plan, again.idl.unwrap().plan), (true, Plan::Nothing, IdlPlan::Nothing));
    let other = run(deploy::find_out(&svm, &keys, &wanted, Some(&noise(9_000, 2)))).unwrap();
    assert_eq!(other.idl.unwrap().plan, IdlPlan::Skip("the program is final, and so is its IDL".to_owned()));

    let needs = u64::try_from(needs).unwrap();
    let having = |lamports: u64| {
        let svm = ledger();
        svm.take(&keys.payer.pubkey(), 10 * SOL - lamports);
        svm
    };
    let exact = having(needs);
    execute(&exact, Some(&idl)).unwrap();
    assert_eq!(exact.balance(&keys.payer.pubkey()), run(deploy::Chain::minimum_balance(&exact, 0)).unwrap());
    let poor = having(needs - 1);
    let refused = idl::Error::Funds { payer: keys.payer.pubkey(), needs, has: needs - 1 };
    assert_eq!(execute(&poor, Some(&idl)), Err(Error::Idl(refused)));
    assert_eq!(poor.sent(), 0);
    execute(&poor, None).unwrap();
}

#[test]
fn what_is_told_of_an_idl_says_where_it_is_and_what_it_costs() {
    let (svm, keys, arena) = (deployed(), keys(None), file("arena"));
    let wanted = wanted(&keys, &arena);
    let done = || deploy::Done { written: 0, slot: 1, authority: Some(authority().pubkey()) };
    let told = |todo: &Todo| {
        let found = Found { cluster: "http://localhost:8899", wanted: &wanted, todo };
        let json: serde_json::Value = serde_json::from_str(&report::line(&found, None)).unwrap();
        (report::preview(&found), report::told(&found, done()), json["idl"].clone())
    };
    let address = metadata::address(&program().pubkey(), SEED);
    let (preview, after, json) = told(&find_out(&svm, &keys, &noise(500, 1)));
    assert!(preview.contains(&format!("  idl        is written to {address}\n  authority  ")), "{preview}");
    assert!(preview.contains("\n  idl costs  ") && preview.contains(" in 3 transactions; it takes ") && !preview.contains("\n  costs"));
    assert_eq!(after, format!("wrote the IDL to {address}\n"));
    assert_eq!((&json["plan"], &json["missing_chunks"], &json["transactions"]), (&"create".into(), &1.into(), &3.into()));
    written(&svm, &keys, &noise(500, 1));
    let (preview, after, json) = told(&find_out(&svm, &keys, &noise(500, 1)));
    assert!(preview.ends_with(&format!("  idl        is at {address} already\n")), "{preview}");
    assert_eq!((after.as_str(), &json["plan"], &json["spends_lamports"]), ("", &"nothing".into(), &0.into()));
    let (preview, _, json) = told(&find_out(&svm, &keys, &noise(600, 2)));
    assert!(preview.contains(&format!("  idl        takes the place of the one at {address}\n")), "{preview}");
    assert_eq!(json["plan"], "update");
    let (preview, _, json) = told(&find_out(&svm, &keys, &IdlFile { program: "another".to_owned(), ..noise(1, 1) }));
    assert!(preview.ends_with("  idl        is not written: idl.json is of another; name another with --idl\n"), "{preview}");
    assert_eq!((&json["plan"], json["why"].is_string()), (&"skip".into(), true));
}

#[test]
fn what_is_no_idl_says_why() {
    let read = |text: &'static str| IdlFile::read("idl.json".to_owned(), Cow::Borrowed(text.as_bytes()));
    assert_eq!(read("{").unwrap_err(), "it is no JSON");
    for none in ["{}", "null", "[]", "{\"address\":1}"] {
        assert_eq!(read(none).unwrap_err(), "it does not say of which program it is", "{none}");
    }
    assert_eq!(read("{\"address\":\"x\"}").unwrap().program, "x");
}
