//! Builds a program for Solana from crates.io and Debian packages alone, and tells whether the committed one is built from its sources.
//!
//! - [`recipe`] is the recipe as data: versions, edits, flags; [`manifest`] says what a committed program was built from
//! - [`toolchain`] makes the parts, each once, in the [`cache`]: [`compiler`], [`linker`], [`library`], [`target`]; [`debian`] fetches packages
//! - [`program`] builds with it, looks through what came out ([`object`]), of the [`workspace`] that it is run in; [`commands`] are what the binary offers

pub mod cache;
pub mod commands;
pub mod compiler;
pub mod debian;
pub mod error;
pub mod library;
pub mod linker;
pub mod lockfile;
pub mod manifest;
pub mod object;
pub mod process;
pub mod program;
pub mod progress;
pub mod recipe;
pub mod target;
pub mod toolchain;
pub mod workspace;

pub use {error::Error, manifest::Manifest};
