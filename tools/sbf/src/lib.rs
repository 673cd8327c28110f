//! Builds a program for Solana, or a WebAssembly module of the same sources, from crates.io and Debian packages alone, and tells whether the committed
//! one is built from its sources.
//!
//! - [`recipe`] is the recipe as data: versions, edits, flags; [`manifest`] says what a committed program was built from
//! - [`toolchain`] makes the parts, each once, in the [`cache`]: [`compiler`], [`linker`], [`library`], [`target`], for modules [`lld`]; [`debian`]
//!   fetches packages
//! - [`program`] builds with it, looks through what came out ([`object`]), of the [`workspace`] that it is run in; [`module`] does so for modules, of
//!   [`edited`] crates, and with [`wasm`]; [`commands`] are what the binary offers

pub mod cache;
pub mod commands;
pub mod compiler;
pub mod debian;
pub mod edited;
pub mod error;
pub mod library;
pub mod linker;
pub mod lld;
pub mod lockfile;
pub mod manifest;
pub mod module;
pub mod object;
pub mod process;
pub mod program;
pub mod progress;
pub mod recipe;
pub mod target;
pub mod toolchain;
pub mod wasm;
pub mod workspace;

pub use {error::Error, manifest::Manifest};
