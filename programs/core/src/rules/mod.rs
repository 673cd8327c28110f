//! The rules of a session as pure functions, each in one place.
//!
//! | module | decides |
//! |---|---|
//! | [`lifecycle`] | which transition is possible in which status, and which acts are |
//! | [`time`] | when a moment has passed, and when a session ends |
//! | [`config`] | which configurations make sense |
//! | [`permissions`] | what the permission bits and the settings bits are |
//! | [`quotas`] | what a quota allows, and what is left of it |
//! | [`membership`] | what roles are, and what a giver can give |
//! | [`messages`] | how long messages are, and how they chain |

pub mod config;
pub mod lifecycle;
pub mod membership;
pub mod messages;
pub mod permissions;
pub mod quotas;
pub mod time;
