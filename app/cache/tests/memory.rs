//! What a session takes in memory that is held: at most 1.5 KiB in all, with its account, its places in the lists, and what the allocator was asked for.

use {
    sessions_cache::{Base, Cache, Limits, OperationId},
    sessions_reducer::{Account, Moment},
    solana_address::Address,
    std::{
        alloc::{GlobalAlloc, Layout, System},
        num::NonZeroUsize,
        sync::atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

/// The bytes that are allocated.
static ALLOCATED: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, which counts.
struct Counting;

// SAFETY: every call is handed on to the system's allocator as it came; a counter is all that is kept.
#[allow(unsafe_code, reason = "an allocator is unsafe by its nature")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATED.fetch_add(layout.size(), SeqCst);
        // SAFETY: as the caller's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        ALLOCATED.fetch_sub(layout.size(), SeqCst);
        // SAFETY: as the caller's.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The bytes of a session's account.
const SESSION_BYTES: usize = 688;
const SESSIONS: u64 = 10_000;
const MOST: usize = 1_536;

fn address(number: u64) -> Address {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    Address::new_from_array(bytes)
}

#[test]
fn a_cached_session_takes_no_more_than_it_may() {
    let at = Moment { unix_timestamp: 0, slot: 1, lamports_per_byte: Moment::LAMPORTS_PER_BYTE };
    let before = ALLOCATED.load(SeqCst);
    let limits = Limits { sessions: NonZeroUsize::new(SESSIONS as usize).unwrap(), ..Limits::default() };
    let mut cache = Cache::new(limits, OperationId(1));
    for number in 0..SESSIONS {
        let session = address(number);
        assert!(!cache.want(&session, &[session]).unwrap());
        let account = Account { data: vec![1; SESSION_BYTES], ..Account::default() };
        cache.loaded(&session, Base { slot: 1, read_at: 0, accounts: vec![(session, Some(account))] }, &at);
        while cache.poll_effect().is_some() {}
    }
    assert_eq!(cache.sessions(), SESSIONS as usize);
    let each = (ALLOCATED.load(SeqCst) - before) / SESSIONS as usize;
    println!("{each} bytes a session, of which {SESSION_BYTES} are its account's data");
    assert!(each <= MOST, "{each} bytes a session");
}
