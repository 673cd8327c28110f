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
//! | `functions` | what its members call |
//! | `payments` | its vault |
//! | `games` | the arena, a program that uses sessions |
//! | `access` | what other programs and other sessions may do |
//! | `tokens` | mints and tokens, for the vault: steps that are not the session program's |

mod access;
mod content;
mod functions;
mod games;
mod lifecycle;
mod membership;
pub use content::CAPACITY;
pub mod payments;
pub mod tokens;

use {
    super::{
        act::{Act, Caller, SessionRef},
        arena::Player,
        fields::Fields,
    },
    access::{charge, grant, read, revoke as revoke_access, write},
    content::{broadcast, checkpoint, delete_property, send_direct, set_property},
    functions::{compose, execute, register, unregister},
    games::{close as close_board, on_tile, open},
    lifecycle::{abort, close, new, reclaim, reclaim_children, step, update},
    membership::{
        accept, create_token, decline, invite, join, join_with_token, of_member, propose, remove, revoke, set_key, update_member,
    },
    payments::{deposit, set_allowance, spend, withdraw},
    sessions_client::{instruction as build, instruction::Acting},
    tokens::{create_mint, mint_tokens},
};

/// An instruction of the scenario language.
#[derive(Debug)]
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    /// A shorter name that it has besides.
    pub short: Option<&'static str>,
    /// What it does, for the help text.
    pub about: &'static str,
    /// Reads its arguments; `None` if one that it needs is missing or wrong.
    pub read: fn(&mut Fields<'_, '_>, Caller<'_>) -> Option<Act>,
}

macro_rules! instructions {
    (@short) => { None };
    (@short $short:literal) => { Some($short) };
    ($($name:literal $(or $short:literal)?, $about:literal: $read:expr;)+) => {
        &[$(Entry { name: $name, short: instructions!(@short $($short)?), about: $about, read: $read }),+]
    };
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

    "create_mint", "makes a mint of tokens, with the actor as its authority; the token program's": create_mint;
    "mint_tokens", "makes tokens, by the mint's authority; the token program's": mint_tokens;
    "deposit", "puts SOL or tokens into the vault, by anyone": deposit;
    "set_allowance", "lets a member take something out of the vault, by the authority": set_allowance;
    "spend", "pays out of the vault, by a member with SPEND and an allowance": spend;
    "withdraw", "takes out of the vault, by the authority; once the session is over by anyone, to its creator": withdraw;

    "register_function", "lets members call a program, by the authority": register;
    "unregister_function", "no longer lets members call it, by the authority": unregister;
    "execute_function" or "execute", "calls a function, by a member with EXECUTE_FUNCTIONS": execute;
    "compose_functions" or "compose", "calls several, all or none, by a member with COMPOSE_FUNCTIONS": compose;
    "consume", "charges a member for what it does elsewhere, by itself": |f, by| charge(f, by, build::consume);
    "validate_session", "answers how a member stands, and charges nothing": |f, by| charge(f, by, build::validate_session);

    "open_board", "opens the session's board, by a member with EXECUTE_FUNCTIONS; the arena's": open;
    "make_move", "takes a tile for units, by a member with EXECUTE_FUNCTIONS; the arena's": |f, by| on_tile(f, by, Player::make_move);
    "surrender", "gives a tile up, by the member who holds it; the arena's": |f, by| on_tile(f, by, Player::surrender);
    "close_board", "deletes the board of a session that is over, by anyone; the arena's": close_board;

    "grant_access", "lets another session use properties, by the authority": grant;
    "revoke_access", "takes that back, by the authority": revoke_access;
    "read_property", "reads another session's value, by a member with READ_CROSS_SESSION": read;
    "write_property", "writes another session's value, by a member with WRITE_CROSS_SESSION": write;

    "close_session", "Active or Paused → Closing, by the authority": close;
    "complete_close", "Closing → Closed, by the host; after its deadline by anyone": |f, by| step(f, by, build::complete_close);
    "abort_session", "ends a session before it is active: creator, host; after the deadline anyone": abort;
    "expire_session", "Active or Paused → Closed, once its time is over": |f, by| step(f, by, build::expire_session);
    "reclaim_children", "deletes accounts of a closed session; rent goes back to their payers, by anyone": reclaim_children;
    "reclaim_session", "deletes a closed session without accounts; rent goes back to its payer, by anyone": reclaim;
};

/// The instruction with this name.
pub fn find(name: &str) -> Option<&'static Entry> {
    INSTRUCTIONS.iter().find(|entry| entry.name == name || entry.short == Some(name))
}

/// Every name that `do:` can have.
pub fn names() -> impl Iterator<Item = &'static str> {
    INSTRUCTIONS.iter().flat_map(|entry| [entry.name].into_iter().chain(entry.short))
}

/// As whom a caller acts. Whether the session has shared limits is not known before it runs, so it is passed as if it had.
fn acting(session: &SessionRef, by: Caller<'_>) -> Acting {
    Acting { signer: by.signer, session: session.address, wallet: by.actor.address, shared: true }
}
