//! The table of instructions: what `do:` can name, which arguments each takes, and how it is built.
//!
//! To add an instruction, add one entry to [`INSTRUCTIONS`]. Its `read` asks [`Fields`] for the arguments, which declares them (whatever it
//! does not ask for is refused with the nearest name), and returns an [`Act`]. `payer` is common to all and read before.
//!
//! | module | instructions |
//! |---|---|
//! | `lifecycle` | a session's steps, from its request to the last account reclaimed |
//! | `membership` | who is in it |
//! | `content` | what is shared and recorded in it |

mod content;
mod lifecycle;
mod membership;

use {
    super::{
        act::{Act, Caller},
        fields::Fields,
    },
    content::{broadcast, checkpoint, delete_property, send_direct, set_property},
    lifecycle::{abort, close, new, reclaim, reclaim_children, step, update},
    membership::{
        accept, create_token, decline, invite, join, join_with_token, of_member, propose, remove, revoke, set_key, update_member,
    },
    sessions_client::instruction as build,
};

/// An instruction of the scenario language.
#[derive(Debug)]
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    /// What it does, for the help text.
    pub about: &'static str,
    /// Reads its arguments; `None` if one that it needs is missing or wrong.
    pub read: fn(&mut Fields<'_, '_>, Caller<'_>) -> Option<Act>,
}

macro_rules! instructions {
    ($($name:literal, $about:literal: $read:expr;)+) => { &[$(Entry { name: $name, about: $about, read: $read }),+] };
}

/// Every instruction, in the order of a session's life.
pub const INSTRUCTIONS: &[Entry] = instructions! {
    "request_session", "– → Requested, by the creator": |f, by| new(f, by, build::request_session);
    "open_session", "– → Active in one step, by a creator who is the host": |f, by| new(f, by, build::open_session);
    "begin_creation", "Requested → Creating, by the host": |f, by| step(f, by, build::begin_creation);
    "complete_creation", "Creating → Created, by the host": |f, by| step(f, by, build::complete_creation);
    "begin_activation", "Created → Activating, by the authority": |f, by| step(f, by, build::begin_activation);
    "complete_activation", "Activating → Active, by the host": |f, by| step(f, by, build::complete_activation);
    "pause_session", "Active → Paused, by the authority": |f, by| step(f, by, build::pause_session);
    "resume_session", "Paused → Active, by the authority": |f, by| step(f, by, build::resume_session);
    "update_session", "changes what may change, by the authority": update;

    "invite_member", "invites a wallet, by a member with INVITE_MEMBERS": invite;
    "create_invite_token", "makes a token that admits who holds its key, by a member with INVITE_MEMBERS": create_token;
    "revoke_invitation", "takes an invitation or a token back, by its inviter or the authority": revoke;
    "accept_invitation", "joins with an invitation, by whom it is for": accept;
    "join_with_token", "joins with a token, whose key signs as well": join_with_token;
    "join_session", "joins without an invitation": join;
    "decline_invitation", "declines an invitation, by whom it is for": decline;
    "leave_session", "leaves, by a member": |f, by| of_member(f, by, build::leave_session);
    "remove_member", "removes a member, by one with REMOVE_MEMBERS; once it has expired by anyone": remove;
    "update_member", "changes a member's rights, by the authority": update_member;
    "propose_authority", "proposes a member as the authority, by the present one": propose;
    "accept_authority", "rules the session from now on, by who was proposed": |f, by| of_member(f, by, build::accept_authority);
    "set_session_key", "gives a member a key that acts for it, by itself": set_key;
    "clear_session_key", "takes the session key back, by its member": |f, by| of_member(f, by, build::clear_session_key);

    "set_property", "writes a shared value, by a member with WRITE_PROPERTIES": set_property;
    "delete_property", "deletes a shared value, by a member with WRITE_PROPERTIES": delete_property;
    "broadcast_message", "sends a message to everyone, by a member with SEND_MESSAGES": broadcast;
    "send_direct_message", "sends a message to a member, by a member with SEND_MESSAGES": send_direct;
    "commit_checkpoint", "records where the live state stands, by the host": checkpoint;

    "close_session", "Active or Paused → Closing, by the authority": close;
    "complete_close", "Closing → Closed, by the host; after its deadline by anyone": |f, by| step(f, by, build::complete_close);
    "abort_session", "ends a session before it is active: creator, host; after the deadline anyone": abort;
    "expire_session", "Active or Paused → Closed, once its time is over": |f, by| step(f, by, build::expire_session);
    "reclaim_children", "deletes accounts of a closed session; rent goes back to their payers, by anyone": reclaim_children;
    "reclaim_session", "deletes a closed session without accounts; rent goes back to its payer, by anyone": reclaim;
};

/// The instruction with this name.
pub fn find(name: &str) -> Option<&'static Entry> {
    INSTRUCTIONS.iter().find(|entry| entry.name == name)
}
