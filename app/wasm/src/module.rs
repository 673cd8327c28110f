//! What the module holds: caches by their handles, buffers by their places, and the last answer.
//!
//! Memory belongs to the module all the time. A caller writes a request into a buffer that it had allocated, and reads the answer, of which there is one,
//! before it calls again. A pointer is only compared with those of the buffers, so one that is wrong is a [`Fault`] and nothing worse.

use {
    crate::{
        predict::predict,
        requests::{MOST_PENDING, answer},
        watched::Watched,
        wire::{Answer, Fault, Options, Request},
    },
    borsh::BorshDeserialize,
    sessions_cache::{Cache, Limits, OperationId},
    solana_address::Address,
    std::num::NonZeroUsize,
};

/// The most sessions, and ended operations, that a cache can be opened for: room for them is made at once.
const MOST: usize = 65_536;

/// The module's state.
///
/// Its lists are searched from the first entry on: there is a cache or two, and a buffer for each thing that is asked often.
#[derive(Default)]
pub struct Module {
    caches: Vec<(u32, Watched)>,
    /// The last handle that was given; none is given twice.
    last: u32,
    buffers: Vec<Vec<u8>>,
    answer: Vec<u8>,
}

impl Module {
    /// A module that holds nothing.
    pub const fn new() -> Self {
        Self { caches: Vec::new(), last: 0, buffers: Vec::new(), answer: Vec::new() }
    }

    /// A buffer of so many bytes, all zero; none if the memory does not have as many, or none are asked for.
    pub fn allocate(&mut self, length: usize) -> Option<*mut u8> {
        let mut buffer = Vec::new();
        buffer.try_reserve_exact(length).ok().filter(|()| length > 0)?;
        buffer.resize(length, 0);
        let pointer = buffer.as_mut_ptr();
        self.buffers.push(buffer);
        Some(pointer)
    }

    /// Gives a buffer back; whether it was one.
    pub fn release(&mut self, pointer: *const u8) -> bool {
        take(&mut self.buffers, |buffer| std::ptr::eq(buffer.as_ptr(), pointer))
    }

    /// Opens a cache by the [`Options`] in a buffer, and gives its handle; none if they are none, or ask for too much.
    pub fn open(&mut self, pointer: *const u8, length: usize) -> Option<u32> {
        let options = Options::try_from_slice(self.bytes(pointer, length)?).ok()?;
        let limits = limits(&options)?;
        let handle = self.last.checked_add(1)?;
        self.caches.push((handle, Watched::new(Cache::new(limits, OperationId(options.first)))));
        self.last = handle;
        Some(handle)
    }

    /// Closes a cache; whether there was one.
    pub fn close(&mut self, handle: u32) -> bool {
        take(&mut self.caches, |(other, _)| *other == handle)
    }

    /// Does what the [`Request`] in a buffer asks for, and keeps the [`Answer`] until the next; gives how many bytes it has.
    pub fn call(&mut self, handle: u32, pointer: *const u8, length: usize) -> usize {
        let answer = self.respond(handle, pointer, length);
        self.answer.clear();
        // A list writes whatever it is given, and no answer has more entries than a list's length can tell.
        if borsh::to_writer(&mut self.answer, &answer).is_err() {
            self.answer.clear();
        }
        self.answer.len()
    }

    fn respond(&mut self, handle: u32, pointer: *const u8, length: usize) -> Answer {
        let Some(bytes) = self.bytes(pointer, length) else { return Answer::Fault(Fault::NoBuffer) };
        match (Request::try_from_slice(bytes), self.caches.iter_mut().find(|(other, _)| *other == handle)) {
            (Err(_), _) => Answer::Fault(Fault::Malformed),
            (Ok(Request::Predict { instructions, accounts, at }), _) => predict(instructions, accounts, &at.into()),
            (Ok(_), None) => Answer::Fault(Fault::NoCache),
            (Ok(request), Some((_, cache))) => answer(cache, request),
        }
    }

    /// The last answer.
    pub fn answer(&self) -> &[u8] {
        &self.answer
    }

    /// The revision of the session whose address a buffer begins with; 0 if nothing is held of it, or the cache or buffer is none.
    pub fn revision(&self, handle: u32, pointer: *const u8) -> u64 {
        let session = self.bytes(pointer, size_of::<Address>()).and_then(|bytes| Address::try_from(bytes).ok());
        session.zip(self.cache(handle)).map_or(0, |(session, cache)| cache.revision(&session))
    }

    /// How often anything changed that a reader of this cache sees; 0 if there is no such cache.
    pub fn changes(&self, handle: u32) -> u64 {
        self.cache(handle).map_or(0, Watched::changes)
    }

    /// The first `length` bytes of the buffer at `pointer`.
    fn bytes(&self, pointer: *const u8, length: usize) -> Option<&[u8]> {
        self.buffers.iter().find(|buffer| std::ptr::eq(buffer.as_ptr(), pointer))?.get(..length)
    }

    fn cache(&self, handle: u32) -> Option<&Watched> {
        self.caches.iter().find(|(other, _)| *other == handle).map(|(_, cache)| cache)
    }
}

/// Takes the one entry that is meant out of a list; whether it was there.
fn take<T>(list: &mut Vec<T>, is_it: impl FnMut(&T) -> bool) -> bool {
    let found = list.iter().position(is_it);
    found.map(|place| list.swap_remove(place)).is_some()
}

fn limits(options: &Options) -> Option<Limits> {
    let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let bounded = |number: u32| NonZeroUsize::new(size(number)).filter(|number| number.get() <= MOST);
    Some(Limits {
        sessions: bounded(options.sessions)?,
        accounts: size(options.accounts),
        pending_in_session: size(options.pending_in_session),
        pending: Some(size(options.pending)).filter(|pending| *pending <= MOST_PENDING)?,
        ended: bounded(options.ended)?,
    })
}
