//! The functions that the module exports.
//!
//! | function | does |
//! |---|---|
//! | `sessions_allocate(length)` | a buffer of so many bytes, at the pointer that is given; 0 if there is no room |
//! | `sessions_release(pointer)` | gives a buffer back; 1, or 0 if it was none |
//! | `sessions_open(pointer, length)` | opens a cache by the [`Options`](crate::wire::Options) in a buffer; its handle, or 0 if they are none |
//! | `sessions_close(handle)` | closes a cache; 1, or 0 if it was none |
//! | `sessions_call(handle, pointer, length)` | does the [`Request`](crate::wire::Request) in a buffer; the length of the [`Answer`](crate::wire::Answer), which is kept until the next call |
//! | `sessions_answer()` | where the answer is |
//! | `sessions_revision(handle, pointer)` | the revision of the session whose address a buffer begins with: a whole number, another whenever what a reader of it sees has changed; 0 while nothing is held of it |
//! | `sessions_changes(handle)` | how often anything changed that a reader sees: a whole number |
//!
//! The memory may grow with every call, by which views on it that were made before become empty. Numbers that count are floating-point so that JavaScript gets its own kind of number;
//! they are whole, and exact up to 2⁵³. Handles are never given twice. A trap (there is none known, but memory that is used up) leaves the module in no state to go on with.

use {
    crate::module::Module,
    std::sync::{Mutex, MutexGuard, PoisonError},
};

static MODULE: Mutex<Module> = Mutex::new(Module::new());

fn module() -> MutexGuard<'static, Module> {
    MODULE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[allow(clippy::cast_precision_loss, reason = "nothing is counted as far as a float does not count exactly")]
const fn number(count: u64) -> f64 {
    count as f64
}

/// See the table above.
// SAFETY: no other function has this name.
#[unsafe(no_mangle)]
pub extern "C" fn sessions_allocate(length: usize) -> *mut u8 {
    module().allocate(length).unwrap_or(std::ptr::null_mut())
}

/// See the table above.
// SAFETY: no other function has this name.
#[unsafe(no_mangle)]
pub extern "C" fn sessions_release(pointer: *const u8) -> u32 {
    module().release(pointer).into()
}

/// See the table above.
// SAFETY: no other function has this name.
#[unsafe(no_mangle)]
pub extern "C" fn sessions_open(pointer: *const u8, length: usize) -> u32 {
    module().open(pointer, length).unwrap_or(0)
}

/// See the table above.
// SAFETY: no other function has this name.
#[unsafe(no_mangle)]
pub extern "C" fn sessions_close(handle: u32) -> u32 {
    module().close(handle).into()
}

/// See the table above.
// SAFETY: no other function has this name.
#[unsafe(no_mangle)]
pub extern "C" fn sessions_call(handle: u32, pointer: *const u8, length: usize) -> usize {
    module().call(handle, pointer, length)
}

/// See the table above.
// SAFETY: no other function has this name.
#[unsafe(no_mangle)]
pub extern "C" fn sessions_answer() -> *const u8 {
    module().answer().as_ptr()
}

/// See the table above.
// SAFETY: no other function has this name.
#[unsafe(no_mangle)]
pub extern "C" fn sessions_revision(handle: u32, pointer: *const u8) -> f64 {
    number(module().revision(handle, pointer))
}

/// See the table above.
// SAFETY: no other function has this name.
#[unsafe(no_mangle)]
pub extern "C" fn sessions_changes(handle: u32) -> f64 {
    number(module().changes(handle))
}
