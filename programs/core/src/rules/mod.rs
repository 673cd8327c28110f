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
//! | [`functions`] | which programs a session can call, and which calls a registered function allows |
//! | [`outflow`] | what a call took out of the vault, and how it must leave the vault |
//! | [`allowance`] | what a member may take out of the vault |
//! | [`access`] | what one session may do with another's properties |

pub mod access;
pub mod allowance;
pub mod config;
pub mod functions;
pub mod lifecycle;
pub mod membership;
pub mod messages;
pub mod outflow;
pub mod permissions;
pub mod quotas;
pub mod time;
