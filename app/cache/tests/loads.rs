//! What is heard of a session while it is read for the first time.

use {
    sessions_cache::{Base, Cache, Effect, Limits, OperationId},
    sessions_reducer::{Account, Moment},
    solana_address::Address,
};

const SESSION: Address = Address::new_from_array([7; 32]);
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
