//! The recipe itself, as data: what is fetched, what is edited, how it is called.
//!
//! Everything here, and nothing outside it, is meant to determine the bytes of a built program. So the text of these files is part of every
//! manifest ([`FILES`]): to change a version, an edit or a flag is to record the program anew, to change a message elsewhere is not.

pub mod edits;
pub mod flags;
pub mod module;
pub mod pins;

/// What a module is built by besides: a program's manifest does not have it.
pub const MODULE_FILE: (&str, &str) = ("tools/sbf/src/recipe/module.rs", include_str!("module.rs"));

/// The files of the recipe, by their path from the workspace root, and their text.
pub const FILES: [(&str, &str); 3] = [
    ("tools/sbf/src/recipe/edits.rs", include_str!("edits.rs")),
    ("tools/sbf/src/recipe/flags.rs", include_str!("flags.rs")),
    ("tools/sbf/src/recipe/pins.rs", include_str!("pins.rs")),
];
