//! A store whose creation was cut off counts as empty.
//!
//! A database is created by giving its store a length, writing a header without its mark, and, once that is durable, the mark. Killed in between, the database
//! would take what it finds for something else for ever after. Nothing was recorded there, so the creation is simply begun again; but only where there is nothing
//! but a header without its mark, and zeros, is a store taken for one like that. It is looked at through the database's own lock.

use {
    redb::{BackendError, StorageBackend},
    std::{
        io,
        ops::Bound,
        sync::atomic::{AtomicBool, Ordering},
    },
};

/// What a finished database begins with.
const MARK: [u8; 9] = *b"redb\x1a\n\xa9\r\n";
/// The length of the header.
const HEADER: usize = 320;
/// More than a database has when it is created: what is longer is something else.
const MAX_CREATED: u64 = 8 * 1024 * 1024;

/// A store that may be unfinished.
#[derive(Debug)]
pub(super) struct Unfinished<B> {
    store: B,
    /// Whether it is known not to be.
    finished: AtomicBool,
}

impl<B: StorageBackend> Unfinished<B> {
    pub(super) const fn new(store: B) -> Self {
        Self { store, finished: AtomicBool::new(false) }
    }

    fn is_unfinished(&self, len: u64) -> io::Result<bool> {
        let Some(len) = usize::try_from(len).ok().filter(|_| len <= MAX_CREATED) else { return Ok(false) };
        let mut mark = vec![0; len.min(MARK.len())];
        self.store.read(0, &mut mark)?;
        let written = mark.iter().zip(MARK).take_while(|(byte, expected)| *byte == expected).count();
        if written == MARK.len() || mark.iter().skip(written).any(|byte| *byte != 0) {
            return Ok(false);
        }
        let mut body = vec![0; len.saturating_sub(HEADER)];
        self.store.read(len.min(HEADER) as u64, &mut body)?;
        Ok(body.iter().all(|byte| *byte == 0))
    }
}

impl<B: StorageBackend> StorageBackend for Unfinished<B> {
    fn len(&self) -> io::Result<u64> {
        let len = self.store.len()?;
        if len > 0 && !self.finished.load(Ordering::Relaxed) {
            if self.is_unfinished(len)? {
                return Ok(0);
            }
            self.finished.store(true, Ordering::Relaxed);
        }
        Ok(len)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.store.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.store.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.store.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.store.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.store.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.store.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.store.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.store.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.store.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.store.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.store.query_lock_range(start, end)
    }
}
