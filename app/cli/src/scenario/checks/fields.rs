//! The fields that can be checked: every one of every account, by the name it has there.
//!
//! To make a field checkable, add one line to its account's table: the value it answers with says how the expected one is written. What has no
//! line is the session that an account belongs to, and the member that an allowance does, which the check itself names, and padding.

use {
    crate::scenario::found::Found,
    bytemuck::Zeroable,
    sessions_client::{
        account,
        core::{
            AccessGrantState, AllowanceState, FunctionState, InvitationState, InviteTokenState, MemberState, PropertyState, SessionError,
            SessionState,
        },
        ledger::Snapshot,
    },
};

/// The fields of every kind of account.
pub const ALL_FIELDS: [&[Field]; 8] =
    [SESSION_FIELDS, MEMBER_FIELDS, INVITATION_FIELDS, TOKEN_FIELDS, PROPERTY_FIELDS, FUNCTION_FIELDS, ALLOWANCE_FIELDS, GRANT_FIELDS];

/// A field of an account.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Any value of its kind.
    pub sample: fn() -> Found,
    /// Its value in an account.
    pub read: fn(&Snapshot) -> Result<Found, SessionError>,
}

/// A table of fields: how the account is read, one that holds nothing, and what each field is of it.
macro_rules! fields {
    ($(#[$doc:meta])* $list:ident: $read:path, $empty:expr, |$state:ident| { $($name:literal: $found:expr,)+ }) => {
        $(#[$doc])*
        pub const $list: &[Field] = &[$(Field {
            name: $name,
            sample: || {
                let $state = &$empty;
                $found
            },
            read: |snapshot| {
                let $state = &$read(snapshot)?;
                Ok($found)
            },
        }),+];
    };
}

fields! {
    /// Every field of a session.
    SESSION_FIELDS: account::session, SessionState::zeroed(), |s| {
        "status": Found::Status(s.status),
        "kind": Found::Kind(s.config.kind),
        "close_reason": Found::Reason(s.close_reason),
        "members": Found::Number(s.members.into()),
        "children": Found::Number(s.children.into()),
        "id": Found::Id(s.id),
        "creator": Found::Address(s.creator),
        "authority": Found::Address(s.authority),
        "pending_authority": Found::Address(s.pending_authority),
        "host": Found::Address(s.host),
        "payer": Found::Address(s.header.payer),
        "metadata": Found::Hash(s.metadata),
        "max_members": Found::Number(s.config.max_members.into()),
        "max_duration": Found::Seconds(s.config.max_duration),
        "hard_limit": Found::Seconds(s.config.hard_limit),
        "step_timeout": Found::Seconds(s.config.step_timeout),
        "activation_window": Found::Seconds(s.config.activation_window),
        "invitation_ttl": Found::Seconds(s.config.invitation_ttl),
        "permissions": Found::Permissions(s.config.permissions),
        "settings": Found::Settings(s.config.settings),
        "quotas": Found::Quotas(s.config.quotas),
        "usage": Found::Usage(s.usage),
        "requested_at": Found::Moment(s.requested_at),
        "created_at": Found::Moment(s.created_at),
        "activated_at": Found::Moment(s.activated_at),
        "paused_at": Found::Moment(s.paused_at),
        "closed_at": Found::Moment(s.closed_at),
        "expires_at": Found::Moment(s.expires_at),
        "hard_end": Found::Moment(s.hard_end),
        "step_deadline": Found::Moment(s.step_deadline),
        "property_version": Found::Number(s.property_version),
        "message_sequence": Found::Number(s.message_sequence),
        "message_head": Found::Hash(s.message_head),
        "checkpoint_sequence": Found::Number(s.checkpoint_sequence),
        "checkpoint_root": Found::Hash(s.checkpoint_root),
        "vault": Found::Address(s.vault),
        "executions": Found::Number(s.executions),
        "compute_units": Found::Number(s.compute_units),
        "last_active_at": Found::Moment(s.last_active_at),
        "epoch": Found::Number(s.header.epoch),
        "revision": Found::Number(s.header.revision),
        "event_revision": Found::Number(s.header.event_revision),
        "version": Found::Number(s.header.version.into()),
        "bump": Found::Number(s.header.bump.into()),
        "vault_bump": Found::Number(s.vault_bump.into()),
    }
}

fields! {
    /// Every field of a membership.
    MEMBER_FIELDS: account::member, MemberState::zeroed(), |s| {
        "status": Found::MemberStatus(s.status),
        "role": Found::Role(s.rights.role),
        "permissions": Found::Permissions(s.rights.permissions),
        "expires_at": Found::Moment(s.rights.expires_at),
        "quotas": Found::Quotas(s.rights.quotas),
        "usage": Found::Usage(s.usage),
        "wallet": Found::Address(s.wallet),
        "session_key": Found::Address(s.session_key),
        "key_permissions": Found::Permissions(s.key_permissions),
        "key_expires_at": Found::Moment(s.key_expires_at),
        "starts_at": Found::Moment(s.starts_at),
        "join_revision": Found::Number(s.join_revision),
        "gone_revision": Found::Number(s.gone_revision),
        "executions": Found::Number(s.executions),
        "compute_units": Found::Number(s.compute_units),
        "last_active_at": Found::Moment(s.last_active_at),
        "payer": Found::Address(s.header.payer),
        "epoch": Found::Number(s.header.epoch),
        "revision": Found::Number(s.header.revision),
        "event_revision": Found::Number(s.header.event_revision),
        "version": Found::Number(s.header.version.into()),
        "bump": Found::Number(s.header.bump.into()),
    }
}

fields! {
    /// Every field of an invitation.
    INVITATION_FIELDS: account::invitation, InvitationState::zeroed(), |s| {
        "target": Found::Address(s.target),
        "inviter": Found::Address(s.offer.inviter),
        "inviter_join_revision": Found::Number(s.offer.inviter_join_revision),
        "session_revision": Found::Number(s.offer.session_revision),
        "expires_at": Found::Moment(s.offer.expires_at),
        "role": Found::Role(s.offer.rights.role),
        "permissions": Found::Permissions(s.offer.rights.permissions),
        "member_expires_at": Found::Moment(s.offer.rights.expires_at),
        "quotas": Found::Quotas(s.offer.rights.quotas),
        "payer": Found::Address(s.header.payer),
        "epoch": Found::Number(s.header.epoch),
        "revision": Found::Number(s.header.revision),
        "event_revision": Found::Number(s.header.event_revision),
        "version": Found::Number(s.header.version.into()),
        "bump": Found::Number(s.header.bump.into()),
    }
}

fields! {
    /// Every field of an invite token.
    TOKEN_FIELDS: account::invite_token, InviteTokenState::zeroed(), |s| {
        "token": Found::Address(s.token),
        "uses": Found::Number(s.uses.into()),
        "uses_left": Found::Number(s.uses_left.into()),
        "inviter": Found::Address(s.offer.inviter),
        "inviter_join_revision": Found::Number(s.offer.inviter_join_revision),
        "session_revision": Found::Number(s.offer.session_revision),
        "expires_at": Found::Moment(s.offer.expires_at),
        "role": Found::Role(s.offer.rights.role),
        "permissions": Found::Permissions(s.offer.rights.permissions),
        "member_expires_at": Found::Moment(s.offer.rights.expires_at),
        "quotas": Found::Quotas(s.offer.rights.quotas),
        "payer": Found::Address(s.header.payer),
        "epoch": Found::Number(s.header.epoch),
        "revision": Found::Number(s.header.revision),
        "event_revision": Found::Number(s.header.event_revision),
        "version": Found::Number(s.header.version.into()),
        "bump": Found::Number(s.header.bump.into()),
    }
}

fields! {
    /// Every field of a property. Its `version` is that of the value; the one that every account has is `layout_version` here.
    PROPERTY_FIELDS: account::property, (PropertyState::zeroed(), &[] as &[u8]), |p| {
        "value": Found::Bytes(p.1.to_vec()),
        "version": Found::Number(p.0.version),
        "writer": Found::Address(p.0.writer),
        "written_at": Found::Moment(p.0.written_at),
        "key": Found::Bytes(p.0.key.get(..p.0.key_length.into()).unwrap_or(&p.0.key).to_vec()),
        "key_length": Found::Number(p.0.key_length.into()),
        "length": Found::Number(p.0.length.into()),
        "capacity": Found::Number(p.0.capacity.into()),
        "payer": Found::Address(p.0.header.payer),
        "epoch": Found::Number(p.0.header.epoch),
        "revision": Found::Number(p.0.header.revision),
        "event_revision": Found::Number(p.0.header.event_revision),
        "layout_version": Found::Number(p.0.header.version.into()),
        "bump": Found::Number(p.0.header.bump.into()),
    }
}

fields! {
    /// Every field of a function.
    FUNCTION_FIELDS: account::function, FunctionState::zeroed(), |s| {
        "program": Found::Address(s.program),
        "selector": Found::Bytes(s.selector.get(..s.selector_length.into()).unwrap_or(&s.selector).to_vec()),
        "selector_length": Found::Number(s.selector_length.into()),
        "units": Found::Number(s.units),
        "composable": Found::Truth(s.composable),
        "payer": Found::Address(s.header.payer),
        "epoch": Found::Number(s.header.epoch),
        "revision": Found::Number(s.header.revision),
        "event_revision": Found::Number(s.header.event_revision),
        "version": Found::Number(s.header.version.into()),
        "bump": Found::Number(s.header.bump.into()),
    }
}

fields! {
    /// Every field of an allowance. Its amounts are of its mint.
    ALLOWANCE_FIELDS: account::allowance, AllowanceState::zeroed(), |s| {
        "mint": Found::Mint(s.mint),
        "per_call": Found::Amount(s.terms.per_call, s.mint),
        "limit": Found::Amount(s.terms.quota.limit, s.mint),
        "window": Found::Window(s.terms.quota.window_seconds, s.terms.quota.window_limit, s.mint),
        "destinations": Found::Addresses(s.terms.listed().to_vec()),
        "used": Found::Used(s.used, s.mint),
        "join_revision": Found::Number(s.join_revision),
        "payer": Found::Address(s.header.payer),
        "epoch": Found::Number(s.header.epoch),
        "revision": Found::Number(s.header.revision),
        "event_revision": Found::Number(s.header.event_revision),
        "version": Found::Number(s.header.version.into()),
        "bump": Found::Number(s.header.bump.into()),
    }
}

fields! {
    /// Every field of a grant.
    GRANT_FIELDS: account::grant, AccessGrantState::zeroed(), |s| {
        "reader": Found::Session(s.reader),
        "reader_epoch": Found::Number(s.reader_epoch),
        "rights": Found::Rights(s.rights),
        "expires_at": Found::Moment(s.expires_at),
        "payer": Found::Address(s.header.payer),
        "epoch": Found::Number(s.header.epoch),
        "revision": Found::Number(s.header.revision),
        "event_revision": Found::Number(s.header.event_revision),
        "version": Found::Number(s.header.version.into()),
        "bump": Found::Number(s.header.bump.into()),
    }
}

#[cfg(test)]
mod tests;
