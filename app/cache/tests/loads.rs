//! Reading sessions: what is heard meanwhile, and what fails.

use {
    sessions_cache::{Base, Cache, Effect, Limits, Operation, OperationId, Sighting, Stage},
    sessions_reducer::{Account, Moment},
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
    std::num::NonZeroUsize,
};

const SESSION: Address = Address::new_from_array([7; 32]);
const OTHER: Address = Address::new_from_array([8; 32]);
const AT: Moment = Moment { unix_timestamp: 0, slot: 1, lamports_per_byte: Moment::LAMPORTS_PER_BYTE };

/// What is heard.
type Hear = fn(&mut Cache);

/// The slots from which on the session is to be read.
fn loads(cache: &mut Cache) -> Vec<u64> {
    let effects = std::iter::from_fn(|| cache.poll_effect());
    effects.filter_map(|effect| if let Effect::Load { since, .. } = effect { Some(since) } else { None }).collect()
}

/// What the read finds may be from before the subscription began, and what happened in between is told by neither.
#[test]
fn what_is_heard_during_the_first_read_has_the_session_read_once_more() {
    let heard: [(Hear, u64); 3] = [
        (|cache| cache.refresh(&SESSION), 0),
        (|cache| cache.hint(&SESSION, 9), 9),
        (
            |cache| {
                (0..3).for_each(|_| {
                    cache.refresh(&SESSION);
                    cache.hint(&SESSION, 8)
                })
            },
            8,
        ),
    ];
    for (hear, since) in heard {
        let mut cache = Cache::new(Limits::default(), OperationId(1));
        assert!(!cache.want(&SESSION, &[SESSION]).unwrap());
        assert_eq!(loads(&mut cache), [0]);
        hear(&mut cache);
        assert!(loads(&mut cache).is_empty(), "one load at a time");
        let base = |slot| Base { slot, read_at: 0, accounts: vec![(SESSION, Some(Account::default()))] };
        cache.loaded(&SESSION, base(5), &AT);
        assert_eq!(loads(&mut cache), [since]);
        cache.loaded(&SESSION, base(9), &AT);
        assert!(loads(&mut cache).is_empty());
    }
}

#[test]
fn a_session_that_is_neither_held_nor_read_is_not_read_for_what_is_heard() {
    let mut cache = Cache::new(Limits::default(), OperationId(1));
    cache.refresh(&SESSION);
    cache.hint(&SESSION, 9);
    assert!(loads(&mut cache).is_empty());
}

/// What the cache asks to be read, and whether it says that the session is not held.
fn effects(cache: &mut Cache) -> (Vec<(Vec<Address>, u64)>, bool) {
    let (mut loads, mut evicted) = (Vec::new(), false);
    while let Some(effect) = cache.poll_effect() {
        match effect {
            Effect::Load { accounts, since, .. } => loads.push((accounts, since)),
            Effect::Evicted(session) => evicted |= session == SESSION,
            _ => {}
        }
    }
    (loads, evicted)
}

fn held(slot: u64) -> Base {
    Base { slot, read_at: 0, accounts: vec![(SESSION, Some(Account::default()))] }
}

#[test]
fn a_first_load_that_fails_leaves_nothing_behind() {
    let mut cache = Cache::new(Limits::default(), OperationId(1));
    assert!(!cache.want(&SESSION, &[SESSION]).unwrap());
    assert_eq!(effects(&mut cache), (vec![(vec![SESSION], 0)], false));
    cache.hint(&SESSION, 4);
    cache.load_failed(&SESSION);
    assert_eq!(effects(&mut cache), (vec![], true));
    assert!(!cache.want(&SESSION, &[OTHER]).unwrap());
    assert_eq!(effects(&mut cache), (vec![(vec![OTHER], 0)], false), "what was wanted then is not wanted any more");
}

#[test]
fn what_is_held_is_read_once_more_when_that_fails_as_of_the_latest_slot_that_was_heard_of() {
    let mut cache = Cache::new(Limits::default(), OperationId(1));
    assert!(!cache.want(&SESSION, &[SESSION]).unwrap());
    cache.loaded(&SESSION, held(5), &AT);
    assert_eq!(effects(&mut cache).0, [(vec![SESSION], 0)]);
    cache.hint(&SESSION, 7);
    cache.hint(&SESSION, 9);
    assert_eq!(effects(&mut cache).0, [(vec![SESSION], 7)]);
    for _ in 0..3 {
        cache.load_failed(&SESSION);
        assert_eq!(effects(&mut cache), (vec![(vec![SESSION], 9)], false));
    }
    cache.loaded(&SESSION, held(9), &AT);
    assert_eq!(effects(&mut cache), (vec![], false));
}

/// An operation of an earlier life, which was sent, on two accounts.
fn restored(limits: Limits) -> Cache {
    let mut cache = Cache::new(limits, OperationId(1));
    let accounts = vec![AccountMeta::new(SESSION, false), AccountMeta::new(OTHER, false)];
    let instruction = Instruction { program_id: sessions_core::ID, accounts, data: vec![] };
    cache.restore(OperationId(1), Operation { session: SESSION, instructions: vec![instruction], after: None }, true);
    cache
}

#[test]
fn what_restored_operations_need_is_wanted_until_it_could_be_read() {
    let mut cache = restored(Limits::default());
    let needed = vec![SESSION, OTHER];
    assert_eq!(effects(&mut cache).0, [(needed.clone(), 0)]);
    for since in [0, 10, 10] {
        cache.load_failed(&SESSION);
        assert_eq!(effects(&mut cache), (vec![(needed.clone(), since)], false));
        cache.seen(9, [(OperationId(1), Sighting::Confirmed(9))], &AT);
        assert_eq!(effects(&mut cache).0, []);
    }
}

/// Of a session that holds nothing, since its operations need more than may be held, the end of its operations is found out still.
#[test]
fn a_load_is_never_of_nothing() {
    let mut cache = restored(Limits { accounts: 1, ..Limits::default() });
    assert_eq!(effects(&mut cache).0, []);
    cache.seen(9, [(OperationId(1), Sighting::Confirmed(9))], &AT);
    assert_eq!(effects(&mut cache).0, [(vec![SESSION], 10)]);
    cache.loaded(&SESSION, held(10), &AT);
    assert_eq!(cache.pending(), 0);
    assert_eq!(cache.stage(OperationId(1)), Some(Stage::Confirmed { slot: 9 }));
}

/// A cache that holds one session and reads it again when it has to give it up for another.
fn giving_up() -> Cache {
    let mut cache = Cache::new(Limits { sessions: NonZeroUsize::MIN, ..Limits::default() }, OperationId(1));
    assert!(!cache.want(&SESSION, &[SESSION]).unwrap());
    cache.loaded(&SESSION, held(5), &AT);
    cache.refresh(&SESSION);
    assert!(!cache.want(&OTHER, &[OTHER]).unwrap());
    drop(effects(&mut cache));
    cache.loaded(&OTHER, Base { slot: 6, read_at: 0, accounts: vec![(OTHER, None)] }, &AT);
    assert_eq!(effects(&mut cache), (vec![], true));
    cache
}

/// Otherwise more sessions than can be held would take each other's place without end.
#[test]
fn a_session_that_is_given_up_while_it_is_read_does_not_come_back_by_itself() {
    let mut cache = giving_up();
    cache.hint(&SESSION, 9);
    cache.loaded(&SESSION, held(6), &AT);
    assert_eq!(effects(&mut cache), (vec![], false));
    assert_eq!((cache.base_slot(&SESSION), cache.base_slot(&OTHER)), (None, Some(6)));
}

#[test]
fn a_session_that_is_given_up_while_it_is_read_and_asked_for_again_is_followed_again() {
    let mut cache = giving_up();
    assert!(!cache.want(&SESSION, &[SESSION]).unwrap());
    assert_eq!(effects(&mut cache).0, [], "one load at a time");
    cache.loaded(&SESSION, held(6), &AT);
    assert_eq!(cache.base_slot(&SESSION), Some(6));
    assert_eq!(effects(&mut cache), (vec![(vec![SESSION], 0)], false), "with which it is followed");
    cache.loaded(&SESSION, held(7), &AT);
    assert_eq!(effects(&mut cache), (vec![], false));
}
