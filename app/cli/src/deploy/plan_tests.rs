use super::*;

const CHUNK: usize = 10;
const FILE: [u8; 25] = [9; 25];

fn address(byte: u8) -> Address {
    Address::new_from_array([byte; 32])
}

fn wanted() -> Wanted<'static> {
    Wanted { program: address(1), key: true, authority: address(2), payer: address(2), file: &FILE, max_len: None, last: false }
}

fn seen() -> Seen {
    Seen { balance: 1_000_000_000, rent: Rent { base: 100, per_byte: 10 }, ..Seen::default() }
}

fn loader(data: Vec<u8>) -> Option<Account> {
    Some(Account { lamports: 100 + 10 * data.len() as u64, data, owner: LOADER, ..Account::default() })
}

fn program() -> Option<Account> {
    loader([&2u32.to_le_bytes()[..], &[5; 32]].concat())
}

fn data(authority: Option<Address>, code: &[u8]) -> Option<Account> {
    let mut bytes = [&3u32.to_le_bytes()[..], &7u64.to_le_bytes()].concat();
    bytes.push(u8::from(authority.is_some()));
    bytes.extend(authority.unwrap_or_default().as_array());
    bytes.extend(code);
    loader(bytes)
}

fn buffer(authority: Option<Address>, content: &[u8]) -> Option<Account> {
    let mut bytes = 1u32.to_le_bytes().to_vec();
    bytes.push(u8::from(authority.is_some()));
    bytes.extend(authority.unwrap_or_default().as_array());
    bytes.extend(content);
    loader(bytes)
}

fn planned(wanted: &Wanted<'_>, seen: &Seen) -> Plan {
    plan(wanted, seen, &address(3), CHUNK)
}

#[test]
fn where_nothing_is_it_is_deployed_if_its_key_is_there() {
    assert_eq!(planned(&wanted(), &seen()), Plan::Deploy { max_len: 25, upload: Upload::New });
    let roomy = Wanted { max_len: Some(99), ..wanted() };
    assert_eq!(planned(&roomy, &seen()), Plan::Deploy { max_len: 99, upload: Upload::New });
    assert_eq!(planned(&Wanted { key: false, ..wanted() }, &seen()), Plan::Refuse(Refusal::KeyMissing(address(1))));
}

#[test]
fn lamports_that_somebody_sent_there_are_in_nobodys_way() {
    let sent = Some(Account { lamports: 1, ..Account::default() });
    let prefunded = Seen { program: sent.clone(), buffer: sent, ..seen() };
    assert_eq!(planned(&wanted(), &prefunded), Plan::Deploy { max_len: 25, upload: Upload::New });
}

#[test]
fn the_same_program_needs_nothing_whoever_it_belongs_to() {
    for authority in [None, Some(address(2)), Some(address(8))] {
        let there = Seen { program: program(), data: data(authority, &[&FILE[..], &[0; 9]].concat()), balance: 0, ..seen() };
        assert_eq!(planned(&Wanted { key: false, ..wanted() }, &there), Plan::Nothing);
    }
}

#[test]
fn the_authority_is_given_up_once_and_only_by_who_has_it() {
    let last = Wanted { last: true, ..wanted() };
    let there = |authority| Seen { program: program(), data: data(authority, &FILE), ..seen() };
    assert_eq!(planned(&last, &there(Some(address(2)))), Plan::Finalize);
    assert_eq!(planned(&last, &there(None)), Plan::Nothing);
    let refusal = Refusal::NotYours { program: address(1), owner: address(8), given: address(2) };
    assert_eq!(planned(&last, &there(Some(address(8)))), Plan::Refuse(refusal));
}

#[test]
fn another_program_there_is_upgraded_by_its_authority_without_its_key() {
    let there = |authority, code: &[u8]| Seen { program: program(), data: data(authority, code), ..seen() };
    let keyless = Wanted { key: false, ..wanted() };
    assert_eq!(planned(&keyless, &there(Some(address(2)), &[1; 25])), Plan::Upgrade { extend: None, upload: Upload::New });
    assert_eq!(planned(&keyless, &there(None, &[1; 25])), Plan::Refuse(Refusal::Final(address(1))));
    let refusal = Refusal::NotYours { program: address(1), owner: address(8), given: address(2) };
    assert_eq!(planned(&keyless, &there(Some(address(8)), &[1; 25])), Plan::Refuse(refusal));
}

#[test]
fn a_longer_program_extends_its_data_by_no_less_than_the_loader_grants() {
    let there = |code: usize| Seen { program: program(), data: data(Some(address(2)), &vec![1; code]), ..seen() };
    assert_eq!(planned(&wanted(), &there(24)), Plan::Upgrade { extend: Some(10_240), upload: Upload::New });
    let roomy = Wanted { max_len: Some(20_000), ..wanted() };
    assert_eq!(planned(&roomy, &there(24)), Plan::Upgrade { extend: Some(19_976), upload: Upload::New });
    let full = Wanted { max_len: Some(MAX_PROGRAM), ..wanted() };
    assert_eq!(planned(&full, &there(MAX_PROGRAM - 3)), Plan::Upgrade { extend: Some(3), upload: Upload::New });
}

#[test]
fn an_upload_goes_on_where_it_stopped() {
    let there = |content: &[u8]| Seen { buffer: buffer(Some(address(2)), content), ..seen() };
    let resumed = |missing| Plan::Deploy { max_len: 25, upload: Upload::Resume(missing) };
    let mut half = FILE;
    half[12] = 0;
    assert_eq!(planned(&wanted(), &there(&half)), resumed(std::iter::once(10..20).collect()));
    half[24] = 0;
    assert_eq!(planned(&wanted(), &there(&half)), resumed(vec![10..20, 20..25]));
    assert_eq!(planned(&wanted(), &there(&FILE)), resumed(vec![]));
    assert_eq!(planned(&wanted(), &there(&FILE[..20])), Plan::Deploy { max_len: 25, upload: Upload::Replace });
}

#[test]
fn a_buffer_that_somebody_else_may_write_or_nobody_is_refused() {
    let refused = Plan::Refuse(Refusal::BufferTaken(address(3), address(2)));
    for taken in [buffer(Some(address(8)), &FILE), buffer(None, &FILE), program()] {
        assert_eq!(planned(&wanted(), &Seen { buffer: taken, ..seen() }), refused);
    }
    let uninitialized = Seen { buffer: loader(vec![0; 4]), ..seen() };
    assert_eq!(planned(&wanted(), &uninitialized), refused);
}

#[test]
fn what_is_no_program_or_was_closed_is_refused() {
    let other = Account { owner: address(6), lamports: 1, data: vec![1], ..Account::default() };
    let refused = Plan::Refuse(Refusal::NotAProgram(address(1), address(6)));
    assert_eq!(planned(&wanted(), &Seen { program: Some(other), ..seen() }), refused);
    let closed = Plan::Refuse(Refusal::Closed(address(1)));
    assert_eq!(planned(&wanted(), &Seen { program: program(), ..seen() }), closed);
    assert_eq!(planned(&wanted(), &Seen { program: program(), data: loader(vec![0; 4]), ..seen() }), closed);
}

#[test]
fn a_length_below_the_file_or_above_an_account_is_refused() {
    for given in [24, MAX_PROGRAM + 1] {
        let refused = Plan::Refuse(Refusal::Length { least: 25, given });
        assert_eq!(planned(&Wanted { max_len: Some(given), ..wanted() }, &seen()), refused);
    }
}

#[test]
fn what_it_takes_is_told_before_and_one_lamport_less_is_refused() {
    // The code's account with its header, the program's, and five transactions: the buffer, three chunks, the deployment; the program signs once.
    let takes = (100 + 10 * (45 + 25)) + (100 + 10 * 36) + 6 * SIGNATURE_FEE;
    let told = cost(&Plan::Deploy { max_len: 25, upload: Upload::New }, &wanted(), &seen(), CHUNK);
    assert_eq!(told, Cost { needs: takes, spends: i128::from(takes), transactions: 5 });
    assert!(matches!(planned(&wanted(), &Seen { balance: takes, ..seen() }), Plan::Deploy { .. }));
    let refused = Refusal::Funds { payer: address(2), needs: takes, has: takes - 1 };
    assert_eq!(planned(&wanted(), &Seen { balance: takes - 1, ..seen() }), Plan::Refuse(refused));
}

#[test]
fn an_upgrade_gets_its_buffers_rent_back() {
    let there = Seen { program: program(), data: data(Some(address(2)), &[1; 25]), ..seen() };
    let upgrade = Plan::Upgrade { extend: None, upload: Upload::New };
    let fees = 5 * SIGNATURE_FEE;
    let told = cost(&upgrade, &wanted(), &there, CHUNK);
    assert_eq!(told, Cost { needs: 100 + 10 * (37 + 25) + 100 + fees, spends: i128::from(fees), transactions: 5 });
}

#[test]
fn each_authority_has_one_buffer_for_each_program() {
    let of = |authority, program| buffer_address(&address(authority), &address(program)).unwrap();
    assert_eq!(of(1, 2), of(1, 2));
    assert!(of(1, 2) != of(1, 3) && of(1, 2) != of(2, 2));
    assert_eq!(buffer_seed(&address(1)).len(), 32);
}
