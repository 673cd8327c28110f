//! A session's steps, from its request to the last account reclaimed.

use {
    crate::scenario::{
        act::{Act, Build, Caller, Needed, Origin, SessionRef},
        config::{config, members, permissions, quotas},
        document::Node,
        fields::{Fields, FunctionRef, Scope},
        values,
    },
    bytemuck::Zeroable,
    sessions_client::{
        address,
        core::{
            SessionState,
            rules::{config::SessionChanges, lifecycle::CloseReason},
        },
        instruction as build,
        instruction::SessionArgs,
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

/// A new session: `id` is needed, everything else has a default.
pub(super) fn new(f: &mut Fields<'_, '_>, by: Caller<'_>, build: fn(Address, Address, SessionArgs) -> Instruction) -> Option<Act> {
    let id = f.needed("id").and_then(|node| f.scope.value("id", node, values::id));
    let host = f.address("host").unwrap_or(by.signer);
    let metadata = f.value("metadata", values::hash).unwrap_or_default();
    let args = SessionArgs { config: config(f), host, metadata, id: id? };
    let session = SessionRef { address: address::session(&by.signer, &args.id), creator: by.signer, payer: by.payer, id: args.id };
    f.scope.makes(address::member(&session.address, &by.signer), Origin { payer: by.payer, maker: by.signer });
    Some(Act { makes: true, ..Act::ready(session, build(by.signer, by.payer, args)) })
}

/// A step that takes nothing but its session.
pub(super) fn step(f: &mut Fields<'_, '_>, by: Caller<'_>, build: fn(Address, Address) -> Instruction) -> Option<Act> {
    let session = f.session()?;
    let instruction = build(by.signer, session.address);
    Some(Act::ready(session, instruction))
}

pub(super) fn update(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let session = f.session();
    let changes = SessionChanges {
        host: f.address("host"),
        metadata: f.value("metadata", values::hash),
        max_members: members(f),
        permissions: permissions(f),
        quotas: f.node("quotas").and_then(|node| quotas(f.scope, node)),
        expires_in: f.duration("expires_in"),
    };
    let session = session?;
    let instruction = build::update_session(by.signer, session.address, changes);
    Some(Act::ready(session, instruction))
}

pub(super) fn close(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    with_reason(f, by, CloseReason::Completed, build::close_session)
}

pub(super) fn abort(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    with_reason(f, by, CloseReason::None, build::abort_session)
}

fn with_reason(
    f: &mut Fields<'_, '_>,
    by: Caller<'_>,
    otherwise: CloseReason,
    build: fn(Address, Address, u8) -> Instruction,
) -> Option<Act> {
    let session = f.session();
    let reason = f.value("reason", values::reason).unwrap_or(otherwise as u8);
    let session = session?;
    let instruction = build(by.signer, session.address, reason);
    Some(Act::ready(session, instruction))
}

/// `children` names some; left out, it is all that the session has when the step comes to its turn.
pub(super) fn reclaim_children(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let session = f.session();
    let listed = f.node("children");
    let named = listed.map(|node| {
        let items = f.scope.list("children", node)?;
        if items.is_empty() {
            f.scope.wrong(node.line, "children is empty; name at least one, or leave the key out for all of them");
        }
        // Each is read, so that everything that is wrong is found.
        let children: Vec<_> = items.iter().map(|item| child(f.scope, item, session.as_ref())).collect();
        children.into_iter().collect::<Option<Vec<_>>>()
    });
    let named = match named {
        None => None,
        Some(named) => Some(named?),
    };
    Some(Act { session: Some(session?), makes: false, before: Vec::new(), build: Build::Reclaim(named, by.payer) })
}

/// An account of the session by what it is and whose: `member: ana`, `property: board`, `invitation: ben`, `token: link`, `function: move`,
/// `allowance: [ana, SOL]`, `grant: day`.
fn child(scope: &mut Scope, node: &Node, session: Option<&SessionRef>) -> Option<Needed> {
    const KINDS: [&str; 7] = ["member", "invitation", "token", "property", "function", "allowance", "grant"];
    let entries = scope.map("one of the children", node)?;
    let mut f = Fields::new(scope, "one of the children", node.line, entries);
    let found = KINDS.map(|kind| f.node(kind).map(|node| (kind, node)));
    f.finish();
    let (kind, node) = match found.into_iter().flatten().collect::<Vec<_>>()[..] {
        [one] if entries.len() == 1 => one,
        _ => {
            scope.wrong(
                node.line,
                "each of the children is named by one key, like member: ana, invitation: ben, token: link, property: board, function: move, \
                 allowance: [ana, SOL] or grant: day",
            );
            return None;
        }
    };
    let of: fn(&Address, &Address) -> Address = match kind {
        "member" => address::member,
        "invitation" => address::invitation,
        "token" => {
            let token = scope.token(kind, node)?;
            return Some(scope.needed(address::invite_token(&session?.address, &token.address)));
        }
        "function" => {
            let FunctionRef { program, selector } = scope.function(kind, node)?;
            return Some(scope.needed(address::function(&session?.address, &program, &selector)));
        }
        "allowance" => {
            let [wallet, of] = scope.list(kind, node)? else {
                scope.wrong(node.line, "allowance is a list of two here: whose it is and of what, like [ana, SOL]");
                return None;
            };
            let (wallet, unit) = (scope.address(kind, wallet), scope.unit(kind, of));
            let member = address::member(&session?.address, &wallet?);
            return Some(scope.needed(address::allowance(&member, &unit?.address())));
        }
        "grant" => {
            let reader = scope.session(kind, node)?.address;
            return Some(scope.needed(address::grant(&session?.address, &reader)));
        }
        _ => {
            let key = scope.value(kind, node, values::property_key)?;
            return Some(scope.needed(address::property(&session?.address, &key)));
        }
    };
    let wallet = scope.address(kind, node)?;
    Some(scope.needed(of(&session?.address, &wallet)))
}

pub(super) fn reclaim(f: &mut Fields<'_, '_>, _: Caller<'_>) -> Option<Act> {
    let session = f.session()?;
    let made = Origin { payer: session.payer, maker: session.creator };
    let address = session.address;
    Some(Act::from_state(session, f.scope.needed(address), move |origin| {
        let Origin { payer, maker } = origin.unwrap_or(made);
        let mut state = SessionState::zeroed();
        (state.header.payer, state.creator) = (payer, maker);
        build::reclaim_session(address, &state)
    }))
}
