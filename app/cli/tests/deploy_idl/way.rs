//! What is written, byte for byte: as the Program Metadata program's own client writes it, and as `migrations/deploy.ts` does.

use {super::*, serde_json::Value, solana_instruction::Instruction};

/// Made by `@solana-program/program-metadata` 0.7.0 of keys that are 32 bytes of 1 and of 2; the TypeScript deployment is compared with it, too.
const VECTORS: &str = include_str!("../../../../migrations/test/help/program-metadata.json");

fn vectors() -> Value {
    serde_json::from_str(VECTORS).unwrap()
}

/// An instruction as the vectors have it: an account that is written counts 1, and one that signs 2.
fn shown(instruction: &Instruction) -> Value {
    let role = |account: &solana_instruction::AccountMeta| u8::from(account.is_writable) + 2 * u8::from(account.is_signer);
    let accounts: Vec<_> = instruction.accounts.iter().map(|account| (account.pubkey.to_string(), role(account))).collect();
    serde_json::json!({ "program": instruction.program_id.to_string(), "accounts": accounts, "data": hex::encode(&instruction.data) })
}

#[test]
fn addresses_and_instructions_are_those_of_its_own_client() {
    let (vectors, program, authority) = (vectors(), program().pubkey(), authority().pubkey());
    assert_eq!(vectors["program"], program.to_string());
    assert_eq!(vectors["programData"], deploy::data_address(&program).to_string());
    let (idl, buffer) = (metadata::address(&program, SEED), metadata::address(&program, BUFFER_SEED));
    assert_eq!(vectors["addresses"], serde_json::json!({ "idl": idl.to_string(), "idl-upload": buffer.to_string() }));
    let of = Of::new(authority, program);
    let made = serde_json::json!({
        "allocate": shown(&metadata::allocate(&of, &buffer, BUFFER_SEED)),
        "extend": shown(&metadata::extend(&of, &idl, 8_831)[0]),
        "write": shown(&metadata::write(&of, &buffer, 70_000, &[1, 2, 3, 4, 5])),
        "initialize": shown(&metadata::initialize(&of, &idl, SEED)),
        "setData": shown(&metadata::set_data(&of, &idl, &buffer)),
        "trim": shown(&metadata::trim(&of, &idl, &authority)),
        "close": shown(&metadata::close(&of, &buffer, &authority)),
    });
    assert_eq!(made, vectors["instructions"]);
}

#[test]
fn room_is_made_by_no_more_than_an_instruction_may() {
    let of = Of::new(authority().pubkey(), program().pubkey());
    let parts = |more| metadata::extend(&of, &METADATA, more).iter().map(|part| part.data.clone()).collect::<Vec<_>>();
    assert_eq!(parts(0), Vec::<Vec<u8>>::new());
    assert_eq!(parts(10_240), [[8, 0, 40]]);
    assert_eq!(parts(20_481), [[8, 0, 40], [8, 0, 40], [8, 1, 0]]);
}

#[test]
fn accounts_are_read_as_its_own_client_writes_them() {
    let vectors = vectors();
    let account = |name: &str| {
        let data = hex::decode(vectors["accounts"][name].as_str().unwrap()).unwrap();
        Account { owner: METADATA, data, ..Account::default() }
    };
    assert_eq!(metadata::read(&account("buffer")), Some(Kept::Buffer { authority: authority().pubkey(), data: &[1, 2, 3, 4, 5] }));
    let (found, immutable, gzip, url) = (account("metadata"), account("immutable"), account("gzip"), account("url"));
    let Some(Kept::Metadata { mutable: true, direct: true, compression: 2, data }) = metadata::read(&found) else {
        panic!("it is not read")
    };
    let mut text = String::new();
    ZlibDecoder::new(data).read_to_string(&mut text).unwrap();
    assert_eq!(vectors["content"], text);
    assert!(matches!(metadata::read(&immutable), Some(Kept::Metadata { mutable: false, .. })));
    assert!(matches!(metadata::read(&gzip), Some(Kept::Metadata { compression: 1, .. })));
    assert!(matches!(metadata::read(&url), Some(Kept::Metadata { direct: false, .. })));
    assert_eq!(metadata::read(&Account { owner: LOADER, ..found.clone() }), None);
    for length in 0..HEADER {
        assert_eq!(metadata::read(&Account { data: found.data[..length].to_vec(), ..found.clone() }), None, "{length}");
    }
}

/// How an IDL is written, and what takes its place: the tests of the TypeScript deployment compare with the same.
const WAY: &str = include_str!("../../../../migrations/test/help/idl-way.json");

#[test]
fn an_idl_takes_the_transactions_that_the_typescript_deployment_takes() {
    let way: Value = serde_json::from_str(WAY).unwrap();
    let (svm, keys) = (deployed(), keys(None));
    let first = look(&svm, &keys, &noise(9_000, 1)).upload().unwrap().missing[0].clone();
    assert_eq!((first.start, way["chunk"].as_u64()), (0, Some(first.end as u64)));
    for step in way["steps"].as_array().unwrap() {
        let idl = IdlFile { text: step["text"].as_str().unwrap().as_bytes().to_vec().into(), ..noise(1, 1) };
        match step["breaksAfter"].as_u64() {
            Some(after) => broken_off(&svm, &keys, &idl, after),
            None => drop(written(&svm, &keys, &idl)),
        }
    }
    let shown = |transaction: solana_transaction::versioned::VersionedTransaction| {
        let at = |index: &u8| transaction.message.static_account_keys()[usize::from(*index)].to_string();
        let call = |call: &solana_message::compiled_instruction::CompiledInstruction| {
            let accounts: Vec<String> = call.accounts.iter().map(at).collect();
            serde_json::json!({ "program": at(&call.program_id_index), "accounts": accounts, "data": hex::encode(&call.data) })
        };
        transaction.message.instructions().iter().map(call).collect::<Vec<_>>()
    };
    let taken: Vec<_> = svm.history().into_iter().map(shown).collect();
    assert_eq!(serde_json::json!(taken), way["transactions"]);
}
