//! Debian packages, fetched and unpacked without being installed.
//!
//! The address of the archive comes from the machine's own apt sources ([`sources`]); the package lists, downloads and settings are
//! private to one run ([`archive`]). apt checks all signatures as always, against the keys that the machine's own source names.

pub mod archive;
pub mod sources;
