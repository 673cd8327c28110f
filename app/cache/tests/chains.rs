//! Operations that follow each other through many sessions: when the first is lost they all are, however many, on a small stack, and nothing of them is sent.

use {
    sessions_cache::{Base, Cache, Cause, Effect, Limits, Operation, OperationId, Stage},
    sessions_reducer::{Account, Moment},
    solana_address::Address,
    solana_instruction::Instruction,
    std::{num::NonZeroUsize, thread},
};

const SESSIONS: usize = 1_000;
const OPERATIONS: usize = 4_000;
const STACK: usize = 128 * 1_024;
const AT: Moment = Moment { unix_timestamp: 0, slot: 1, lamports_per_byte: Moment::LAMPORTS_PER_BYTE };

fn session(number: usize) -> Address {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    Address::new_from_array(bytes)
}

/// Loses the first of a chain that goes through the sessions in this order again and again.
fn lose_the_first_of_a_chain(order: impl Fn(usize) -> usize) {
    let limits =
        Limits { sessions: NonZeroUsize::new(SESSIONS).unwrap(), ended: NonZeroUsize::new(OPERATIONS).unwrap(), ..Limits::default() };
    let mut cache = Cache::new(Limits { pending: OPERATIONS, ..limits }, OperationId(1));
    for number in 0..SESSIONS {
        let address = session(number);
        cache.want(&address, &[address]).unwrap();
        cache.loaded(&address, Base { slot: 1, read_at: 0, accounts: vec![(address, Some(Account::default()))] }, &AT);
    }
    let mut all: Vec<OperationId> = Vec::new();
    for turn in 0..OPERATIONS {
        let instructions = vec![Instruction::new_with_bytes(Address::default(), &[], Vec::new())];
        let operation = Operation { session: session(order(turn % SESSIONS)), instructions, after: all.last().copied() };
        all.push(cache.submit(operation, &AT).unwrap().0);
    }
    while cache.poll_effect().is_some() {}
    assert!(cache.cancel(all[0], &AT));
    assert_eq!(cache.pending(), 0);
    for (before, id) in all.iter().zip(&all[1..]) {
        assert_eq!(cache.stage(*id), Some(Stage::RolledBack(Cause::Predecessor(*before))));
    }
    while let Some(effect) = cache.poll_effect() {
        assert!(!matches!(effect, Effect::Send(_)), "an operation was to be sent whose predecessor is lost");
    }
}

#[test]
fn a_long_chain_through_many_sessions_is_taken_back_on_a_small_stack() {
    let orders: [fn(usize) -> usize; 2] = [|turn| turn, |turn| SESSIONS - 1 - turn];
    for order in orders {
        thread::Builder::new().stack_size(STACK).spawn(move || lose_the_first_of_a_chain(order)).unwrap().join().unwrap();
    }
}
