//! What is recorded in a session: messages and checkpoints.

mod broadcast_message;
mod commit_checkpoint;
mod send_direct_message;

pub use {broadcast_message::*, commit_checkpoint::*, send_direct_message::*};
