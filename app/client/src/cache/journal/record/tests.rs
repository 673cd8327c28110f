//! A record comes back as it was, and nothing else passes for one.

use {super::*, proptest::prelude::*};

fn address() -> impl Strategy<Value = Address> {
    any::<[u8; 32]>().prop_map(Address::new_from_array)
}

fn instruction() -> impl Strategy<Value = Instruction> {
    let meta = (address(), any::<bool>(), any::<bool>()).prop_map(|(pubkey, is_signer, is_writable)| AccountMeta {
        pubkey,
        is_signer,
        is_writable,
    });
    (address(), prop::collection::vec(meta, 0..20), prop::collection::vec(any::<u8>(), 0..800))
        .prop_map(|(program_id, accounts, data)| Instruction { program_id, accounts, data })
}

prop_compose! {
    fn signed()(
        signature in prop::collection::vec(any::<u8>(), SIGNATURE_BYTES),
        bytes in prop::collection::vec(any::<u8>(), 0..=MAX_TRANSACTION_BYTES),
        last_valid_block_height in any::<u64>(),
    ) -> Signed {
        Signed { signature: Signature::try_from(signature).unwrap(), bytes, last_valid_block_height }
    }
}

prop_compose! {
    fn record()(
        id in 0..u64::MAX,
        key in prop::option::of(prop::collection::vec(any::<u8>(), 0..=MAX_KEY_BYTES)),
        session in address(),
        instructions in prop::collection::vec(instruction(), 0..8),
        after in prop::option::of(any::<u64>()),
        signed in prop::option::of(signed()),
        attempts in any::<u32>(),
    ) -> Record {
        let operation = Operation { session, instructions, after: after.map(OperationId) };
        Record { id: OperationId(id), key, operation, signed, attempts }
    }
}

fn small(data: usize) -> Record {
    let instructions = vec![Instruction { program_id: Address::default(), accounts: vec![], data: vec![7; data] }];
    let operation = Operation { session: Address::default(), instructions, after: None };
    Record { id: OperationId(3), key: None, operation, signed: None, attempts: 0 }
}

fn largest_signed() -> Option<Signed> {
    Some(Signed { signature: Signature::default(), bytes: vec![0; MAX_TRANSACTION_BYTES], last_valid_block_height: u64::MAX })
}

proptest! {
    #[test]
    fn a_record_comes_back_as_it_was(record in record()) {
        let bytes = record.encode().unwrap();
        prop_assert!(bytes.len() <= MAX_RECORD_BYTES);
        prop_assert_eq!(Record::decode(record.id, &bytes), Ok(record));
    }

    #[test]
    fn a_record_that_is_cut_off_or_added_to_does_not_decode(record in record(), cut in any::<prop::sample::Index>(), more in any::<u8>()) {
        let mut bytes = record.encode().unwrap();
        prop_assert!(Record::decode(record.id, &bytes[..cut.index(bytes.len())]).is_err());
        bytes.push(more);
        prop_assert!(Record::decode(record.id, &bytes).is_err());
    }

    #[test]
    fn what_decodes_has_no_other_encoding(record in record(), at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let mut bytes = record.encode().unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        if let Ok(decoded) = Record::decode(record.id, &bytes) {
            prop_assert_ne!(&decoded, &record);
            prop_assert_eq!(decoded.encode(), Ok(bytes));
        }
    }

    #[test]
    fn any_bytes_are_a_record_or_an_error(mut bytes in prop::collection::vec(any::<u8>(), 0..2_000), of_this_version in any::<bool>()) {
        if of_this_version && let Some(version) = bytes.first_mut() {
            *version = VERSION;
        }
        if let Ok(decoded) = Record::decode(OperationId(0), &bytes) {
            prop_assert_eq!(decoded.encode(), Ok(bytes));
        }
    }
}

#[test]
fn a_length_that_cannot_be_is_refused_without_room_for_it() {
    // The version, no key, the session; then how many instructions.
    let bytes = [&[VERSION, 0][..], &[0; 32], &u32::MAX.to_le_bytes()].concat();
    assert!(matches!(Record::decode(OperationId(0), &bytes), Err(RecordError::Damaged { .. })));
    let too_large = vec![VERSION; MAX_RECORD_BYTES + 1];
    assert_eq!(Record::decode(OperationId(0), &too_large), Err(RecordError::TooLarge { bytes: MAX_RECORD_BYTES + 1 }));
}

#[test]
fn a_later_version_and_no_bytes_are_told_from_damage() {
    let mut bytes = small(10).encode().unwrap();
    bytes[0] = VERSION + 1;
    assert_eq!(Record::decode(OperationId(3), &bytes), Err(RecordError::UnknownVersion { version: VERSION + 1 }));
    assert!(matches!(Record::decode(OperationId(3), &[]), Err(RecordError::Damaged { .. })));
}

#[test]
fn what_fits_before_it_is_signed_fits_afterwards() {
    let overhead = small(0).encode().unwrap().len();
    let fits = MAX_RECORD_BYTES - SIGNED_BYTES - overhead;
    let largest = Record { signed: largest_signed(), ..small(fits) };
    assert!(small(fits).encode().is_ok());
    assert_eq!(largest.encode().map(|bytes| bytes.len()), Ok(MAX_RECORD_BYTES));
    assert_eq!(small(fits + 1).encode(), Err(RecordError::TooLarge { bytes: MAX_RECORD_BYTES + 1 }));
    assert_eq!(Record { signed: largest_signed(), ..small(fits + 1) }.encode(), Err(RecordError::TooLarge { bytes: MAX_RECORD_BYTES + 1 }));
}

#[test]
fn a_key_a_transaction_and_a_number_have_their_limits() {
    let with_key = |bytes| Record { key: Some(vec![0; bytes]), ..small(1) }.encode();
    assert!(with_key(MAX_KEY_BYTES).is_ok());
    assert_eq!(with_key(MAX_KEY_BYTES + 1), Err(RecordError::KeyTooLong { bytes: MAX_KEY_BYTES + 1 }));

    let with_transaction = |bytes| {
        let signed = largest_signed().map(|signed| Signed { bytes: vec![0; bytes], ..signed });
        Record { signed, ..small(1) }.encode()
    };
    assert!(with_transaction(MAX_TRANSACTION_BYTES).is_ok());
    assert_eq!(with_transaction(MAX_TRANSACTION_BYTES + 1), Err(RecordError::TransactionTooLarge { bytes: MAX_TRANSACTION_BYTES + 1 }));

    assert!(Record { id: OperationId(u64::MAX - 1), ..small(1) }.encode().is_ok());
    assert_eq!(Record { id: OperationId(u64::MAX), ..small(1) }.encode(), Err(RecordError::LastNumber));
}
