//! A disk in memory that dies when it is told to, and keeps what a disk might keep.

use {
    fastrand::Rng,
    redb::StorageBackend,
    std::{
        io,
        sync::{Arc, Mutex, MutexGuard},
    },
};

/// What a disk sees to as a whole.
const SECTOR: usize = 512;

/// What becomes of the changes since the last sync when a disk dies.
#[derive(Clone, Copy, Debug)]
pub enum Loss {
    /// The process was killed, and the machine was not: everything is there.
    None,
    /// The machine died, and nothing had been written out.
    All,
    /// They were written out in order, up to somewhere within one of them.
    AllFromOneOn,
    /// They were written out in any order: each is there or not, or is torn.
    Any,
}

impl Loss {
    pub const EACH: [Self; 4] = [Self::None, Self::All, Self::AllFromOneOn, Self::Any];
}

/// How often a disk was asked for something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub writes: u64,
    pub syncs: u64,
    pub resizes: u64,
}

impl Counts {
    /// Everything by which a disk can die.
    pub const fn total(self) -> u64 {
        self.writes + self.syncs + self.resizes
    }
}

/// A handle to a disk; clones are the same one.
#[derive(Clone, Debug)]
pub struct Disk(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    synced: Vec<u8>,
    unsynced: Vec<Change>,
    /// As it reads: the synced bytes with the changes since.
    now: Vec<u8>,
    counts: Counts,
    dies_at: u64,
    syncs: bool,
}

#[derive(Debug)]
enum Change {
    Write { offset: usize, data: Vec<u8> },
    Resize(usize),
}

impl Disk {
    /// A disk with these bytes, which dies at the operation after `dies_at` others.
    pub fn new(bytes: Vec<u8>, dies_at: u64) -> Self {
        let state = State { now: bytes.clone(), synced: bytes, unsynced: vec![], counts: Counts::default(), dies_at, syncs: true };
        Self(Arc::new(Mutex::new(state)))
    }

    /// A disk that says it has synced, and has not.
    pub fn lying(self) -> Self {
        self.state().syncs = false;
        self
    }

    pub fn counts(&self) -> Counts {
        self.state().counts
    }

    pub fn is_dead(&self) -> bool {
        self.state().is_dead()
    }

    /// What is on it if it loses that, and how many of its changes are torn.
    pub fn survivors(&self, loss: Loss, rng: &mut Rng) -> (Vec<u8>, u64) {
        let state = self.state();
        let (mut bytes, mut torn) = (state.synced.clone(), 0);
        let cut = rng.usize(..=state.unsynced.len());
        for (place, change) in state.unsynced.iter().enumerate() {
            let kept = match loss {
                Loss::None => Kept::Whole,
                Loss::All => Kept::Nothing,
                Loss::AllFromOneOn if place < cut => Kept::Whole,
                Loss::AllFromOneOn if place == cut => Kept::Start,
                Loss::AllFromOneOn => Kept::Nothing,
                Loss::Any => *rng.choice(&[Kept::Whole, Kept::Nothing, Kept::Start, Kept::Sectors]).unwrap(),
            };
            match (change, kept) {
                (_, Kept::Nothing) | (Change::Resize(_), Kept::Start | Kept::Sectors) => {}
                (Change::Resize(len), Kept::Whole) => bytes.resize(*len, 0),
                (Change::Write { offset, data }, Kept::Whole) => put(&mut bytes, *offset, data),
                (Change::Write { offset, data }, Kept::Start) => {
                    torn += 1;
                    put(&mut bytes, *offset, &data[..rng.usize(..data.len())]);
                }
                (Change::Write { offset, data }, Kept::Sectors) => {
                    torn += 1;
                    for (place, sector) in data.chunks(SECTOR).enumerate().filter(|_| rng.bool()) {
                        put(&mut bytes, offset + place * SECTOR, sector);
                    }
                }
            }
        }
        (bytes, torn)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

#[derive(Clone, Copy)]
enum Kept {
    Whole,
    Nothing,
    Start,
    Sectors,
}

/// Writes as far as the disk goes: what lies past a length that was not kept is lost.
fn put(bytes: &mut [u8], offset: usize, data: &[u8]) {
    let end = bytes.len().min(offset + data.len());
    if offset < end {
        bytes[offset..end].copy_from_slice(&data[..end - offset]);
    }
}

fn dead() -> io::Error {
    io::Error::other("the disk is dead")
}

impl State {
    const fn is_dead(&self) -> bool {
        self.counts.total() > self.dies_at
    }

    /// The change at which the disk dies is under way: it may arrive, but nobody is told so.
    fn change(&mut self, change: Change) -> io::Result<()> {
        if self.is_dead() {
            return Err(dead());
        }
        match &change {
            Change::Write { offset, data } => {
                self.counts.writes += 1;
                let end = offset + data.len();
                self.now.get_mut(*offset..end).ok_or_else(|| io::Error::other("a write past the end"))?.copy_from_slice(data);
            }
            Change::Resize(len) => {
                self.counts.resizes += 1;
                self.now.resize(*len, 0);
            }
        }
        self.unsynced.push(change);
        if self.is_dead() { Err(dead()) } else { Ok(()) }
    }
}

fn place(offset: u64) -> usize {
    usize::try_from(offset).unwrap()
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        let state = self.state();
        if state.is_dead() { Err(dead()) } else { Ok(state.now.len() as u64) }
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let (state, offset) = (self.state(), place(offset));
        if state.is_dead() {
            return Err(dead());
        }
        out.copy_from_slice(state.now.get(offset..offset + out.len()).ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.state().change(Change::Resize(place(len)))
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.state();
        if state.is_dead() {
            return Err(dead());
        }
        state.counts.syncs += 1;
        if state.is_dead() {
            return Err(dead());
        }
        if state.syncs {
            let State { synced, unsynced, .. } = &mut *state;
            for change in unsynced.drain(..) {
                match change {
                    Change::Write { offset, data } => put(synced, offset, &data),
                    Change::Resize(len) => synced.resize(len, 0),
                }
            }
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.state().change(Change::Write { offset: place(offset), data: data.to_vec() })
    }

    fn close(&self) -> io::Result<()> {
        if self.is_dead() { Err(dead()) } else { Ok(()) }
    }
}
