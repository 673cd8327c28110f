//! The cache and the rules of sessions as a WebAssembly module, so that a client in another language has the very ones of the Rust client.
//!
//! | module | job |
//! |---|---|
//! | [`wire`] | what crosses the boundary: requests and answers as bytes |
//! | [`abi`] | the functions that are exported |
//! | [`module`] | caches by their handles, buffers, the answer |
//! | [`watched`] | a cache, and how often what its readers see has changed |
//! | `requests` | what each request does |
//! | `predict` | what instructions would do, with nothing kept of it |
//! | `inward`, `outward` | between what crosses the boundary and what the core takes and answers |
//!
//! Invariants: no bytes, pointer or handle that a caller passes can make it panic, or read what is not the caller's; it does no input or output, and knows no clock
//! and no chance, so the same calls give the same answers, but for what has no order. It adds nothing to `sessions_cache` but the revisions of [`watched`].

#![deny(clippy::arithmetic_side_effects, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[allow(unsafe_code, reason = "to give a function a name is unsafe, for another may have it")]
pub mod abi;
mod inward;
pub mod module;
mod outward;
mod predict;
mod requests;
pub mod watched;
pub mod wire;
