//! Shared values.

mod delete_property;
mod set_property;

pub use {delete_property::*, set_property::*};
