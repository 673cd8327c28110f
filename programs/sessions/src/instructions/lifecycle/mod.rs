//! A session's steps, from its request to its deletion, and the deletion of what belonged to it.

mod abort_session;
mod begin_activation;
mod begin_creation;
mod close_session;
mod complete_activation;
mod complete_close;
mod complete_creation;
mod expire_session;
mod open_session;
mod pause_session;
mod reclaim_children;
mod reclaim_session;
mod request_session;
mod resume_session;
mod update_session;

pub use {
    abort_session::*, begin_activation::*, begin_creation::*, close_session::*, complete_activation::*, complete_close::*,
    complete_creation::*, expire_session::*, open_session::*, pause_session::*, reclaim_children::*, reclaim_session::*,
    request_session::*, resume_session::*, update_session::*,
};
