//! The rules of a session as pure functions, each in one place.
//!
//! | module | decides |
//! |---|---|
//! | [`lifecycle`] | which transition is possible in which status |
//! | [`time`] | when a moment has passed, and when a session ends |
//! | [`config`] | which configurations make sense |
//! | [`permissions`] | what the permission bits and the settings bits are |
//! | [`quotas`] | what a quota allows |

pub mod config;
pub mod lifecycle;
pub mod permissions;
pub mod quotas;
pub mod time;
