//! Whatever is passed in, there is an answer, and the module goes on.

mod scene;

use {
    borsh::BorshDeserialize,
    proptest::prelude::*,
    scene::{Caller, OPTIONS, WIRE_AT, open, put},
    sessions_wasm::{
        module::Module,
        wire::{Answer, Fault, Options, Request},
    },
};

fn works(caller: &mut Caller) {
    assert!(matches!(caller.call(&Request::Pending), Answer::Count(_)));
}

/// Requests of which others are made by changing bytes.
fn requests() -> Vec<Vec<u8>> {
    let table = open(1);
    let (session, account) = (table.session.to_bytes(), table.accounts[2].to_bytes());
    let operation = || (&table.operation(0, b"1", None)).into();
    let requests = [
        Request::Want { session, accounts: vec![account] },
        Request::Submit { operation: operation(), at: WIRE_AT },
        Request::Restore { id: 4, operation: operation(), sent: true },
        Request::Loaded { session, base: table.wire_base(3), at: WIRE_AT },
        Request::Sent { id: 1 },
        Request::Cancel { id: 1, at: WIRE_AT },
        Request::Rooted { slot: 3 },
        Request::Read { session, account },
        Request::Predict { instructions: vec![(&table.write(0, b"1")).into()], accounts: table.wire_base(3).accounts, at: WIRE_AT },
    ];
    requests.iter().map(|request| borsh::to_vec(request).unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_have_an_answer(many in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 1..20)) {
        let mut caller = Caller::new(&OPTIONS);
        for bytes in many {
            prop_assert!(Answer::try_from_slice(&caller.bytes(&bytes)).is_ok());
        }
        works(&mut caller);
    }

    #[test]
    fn any_change_of_a_request_has_an_answer(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>(), any::<bool>()), 1..40)
    ) {
        let mut caller = Caller::new(&OPTIONS);
        let requests = requests();
        for (which, place, byte, cut) in changes {
            let mut bytes = which.get(&requests).clone();
            let place = place.index(bytes.len());
            bytes[place] = byte;
            if cut {
                bytes.truncate(place);
            }
            prop_assert!(Answer::try_from_slice(&caller.bytes(&bytes)).is_ok());
        }
        works(&mut caller);
    }

    #[test]
    fn any_options_open_a_cache_or_none(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let mut module = Module::new();
        let buffer = put(&mut module, &bytes);
        prop_assert!(module.open(buffer, bytes.len()).is_none_or(|handle| handle == 1));
    }
}

#[test]
fn handles_and_pointers_are_checked() {
    let Caller { mut module, handle } = Caller::new(&OPTIONS);
    let request = borsh::to_vec(&Request::Pending).unwrap();
    let buffer = put(&mut module, &request);
    let mut call = |handle, pointer: *const u8, length| {
        module.call(handle, pointer, length);
        Answer::try_from_slice(module.answer()).unwrap()
    };
    assert_eq!(call(handle, buffer, 1), Answer::Count(0));
    assert_eq!(call(handle + 1, buffer, 1), Answer::Fault(Fault::NoCache));
    assert_eq!(call(0, buffer, 1), Answer::Fault(Fault::NoCache));
    assert_eq!(call(handle, buffer, 2), Answer::Fault(Fault::NoBuffer));
    assert_eq!(call(handle, buffer, usize::MAX), Answer::Fault(Fault::NoBuffer));
    assert_eq!(call(handle, buffer.wrapping_add(1), 1), Answer::Fault(Fault::NoBuffer));
    assert_eq!(call(handle, std::ptr::null(), 0), Answer::Fault(Fault::NoBuffer));
    assert_eq!(call(handle, buffer, 0), Answer::Fault(Fault::Malformed));
    assert_eq!((module.revision(handle, buffer), module.revision(9, buffer), module.changes(9)), (0, 0, 0));
    assert!(module.close(handle) && !module.close(handle));
    assert!(module.release(buffer) && !module.release(buffer));
    assert!(module.allocate(0).is_none() && module.allocate(usize::MAX).is_none());
}

#[test]
fn a_handle_is_never_given_twice() {
    let Caller { mut module, handle } = Caller::new(&OPTIONS);
    assert!(module.close(handle));
    let bytes = borsh::to_vec(&OPTIONS).unwrap();
    let buffer = put(&mut module, &bytes);
    assert_eq!(module.open(buffer, bytes.len()), Some(handle + 1));
    for wrong in [Options { sessions: 0, ..OPTIONS }, Options { ended: 65_537, ..OPTIONS }, Options { pending: 4_097, ..OPTIONS }] {
        let bytes = borsh::to_vec(&wrong).unwrap();
        let buffer = put(&mut module, &bytes);
        assert_eq!(module.open(buffer, bytes.len()), None);
    }
}

#[test]
fn without_a_cache_there_are_still_predictions() {
    let mut caller = Caller::new(&OPTIONS);
    let table = open(1);
    let predict = |version| {
        let instructions = vec![(&table.write(version, b"1")).into()];
        Request::Predict { instructions, accounts: table.wire_base(3).accounts, at: WIRE_AT }
    };
    let Answer::Predicted(prediction) = caller.call(&predict(0)) else { panic!("it is refused") };
    assert!(prediction.accounts.iter().any(|(address, account)| *address == table.accounts[2].to_bytes() && account.is_some()));
    caller.handle = 0;
    let Answer::Refused { instruction: 0, rejection } = caller.call(&predict(7)) else { panic!("it is not refused") };
    assert!(format!("{rejection:?}").contains("VersionConflict"), "{rejection:?}");
}
