//! The sessions that a wallet created, or is a member of.

use {
    crate::{
        book::Book,
        context::Context,
        describe::{Described, MEMBER, SESSION},
        failed::Failed,
        keys,
        report::format,
    },
    serde_json::{Value, json},
    sessions_client::{
        Ledger, account,
        core::{MemberState, SessionState, state::DISCRIMINATOR_LEN},
        ledger::{Filter, Snapshot},
    },
    solana_address::Address,
    std::{io::Write, mem::offset_of},
};

/// A session of the list.
struct Listed {
    address: Address,
    session: Described,
    membership: Option<Described>,
}

pub(super) async fn run<L: Ledger>(
    context: &Context<'_, L>,
    creator: Option<&str>,
    member: Option<&str>,
    json: bool,
    out: &mut dyn Write,
) -> Result<(), Failed> {
    let creator = match (creator, member) {
        (None, None) => Some(context.who.member()?),
        (creator, _) => creator.map(keys::address).transpose()?,
    };
    let member = member.map(keys::address).transpose()?;
    let mut listed = match member {
        Some(wallet) => of_member(context, &wallet).await?,
        None => Vec::new(),
    };
    match (creator, member) {
        (Some(creator), None) => listed = of_creator(context, &creator).await?,
        (Some(creator), Some(_)) => {
            listed.retain(|one| one.session.get("creator").is_some_and(|found| found.show(&Book::default()) == creator.to_string()))
        }
        _ => {}
    }
    if json {
        let sessions = listed.iter().map(|one| {
            let mut fields = one.session.json();
            fields.insert("address".into(), json!(one.address.to_string()));
            fields.insert("membership".into(), one.membership.as_ref().map_or(Value::Null, |membership| Value::Object(membership.json())));
            Value::Object(fields)
        });
        writeln!(out, "{}", json!({ "cluster": context.cluster, "sessions": sessions.collect::<Vec<_>>() }))?;
        return Ok(());
    }
    for one in &listed {
        let show = |described: &Described, name| described.get(name).map(|found| found.show(&Book::default())).unwrap_or_default();
        let role = one.membership.as_ref().map(|membership| format!("  {} ({})", show(membership, "role"), show(membership, "status")));
        let session = |name| show(&one.session, name);
        let members = format!("{}/{}", session("members"), session("max_members"));
        let (status, ends) = (session("status"), session("expires_at"));
        let line = format!("{:<44}  {status:<10}  {members:>7}  ends {ends}{}", one.address.to_string(), role.unwrap_or_default());
        writeln!(out, "{}", line.trim_end())?;
    }
    let count = listed.len();
    writeln!(out, "{} session{}", format::thousands(count as u64), if count == 1 { "" } else { "s" })?;
    Ok(())
}

/// The account's filter: what it is, and what stands where.
fn filters(discriminator: [u8; DISCRIMINATOR_LEN], offset: usize, address: &Address) -> [Filter; 2] {
    let at = DISCRIMINATOR_LEN.saturating_add(offset);
    [Filter { offset: 0, bytes: discriminator.to_vec() }, Filter { offset: at, bytes: address.to_bytes().to_vec() }]
}

async fn of_creator<L: Ledger>(context: &Context<'_, L>, creator: &Address) -> Result<Vec<Listed>, Failed> {
    let filters = filters(SESSION.discriminator, offset_of!(SessionState, creator), creator);
    let mut listed = Vec::new();
    for (address, account) in context.ledger.accounts(&filters).await? {
        if let Some(session) = described(address, Snapshot { slot: 0, account: Some(account) })? {
            listed.push(Listed { address, session, membership: None });
        }
    }
    Ok(listed)
}

async fn of_member<L: Ledger>(context: &Context<'_, L>, wallet: &Address) -> Result<Vec<Listed>, Failed> {
    let filters = filters(MEMBER.discriminator, offset_of!(MemberState, wallet), wallet);
    let memberships = context.ledger.accounts(&filters).await?;
    let memberships: Vec<Snapshot> = memberships.into_iter().map(|(_, account)| Snapshot { slot: 0, account: Some(account) }).collect();
    let addresses: Vec<Address> = memberships.iter().filter_map(|snapshot| Some(account::child(snapshot)?.session)).collect();
    let mut listed = Vec::new();
    // As many as an RPC node reads at once.
    for (addresses, memberships) in addresses.chunks(100).zip(memberships.chunks(100)) {
        let sessions = context.ledger.read(addresses).await?;
        for ((address, session), membership) in addresses.iter().zip(sessions).zip(memberships) {
            let same_life = match (account::session(&session), account::child(membership)) {
                (Ok(session), Some(child)) => session.header.epoch == child.header.epoch,
                _ => true,
            };
            // A membership that is left of a session that is gone, or of an earlier life of it, is none.
            if let (true, Some(session)) = (same_life, described(*address, session)?) {
                listed.push(Listed { address: *address, session, membership: described(*address, membership.clone())? });
            }
        }
    }
    Ok(listed)
}

fn described(address: Address, snapshot: Snapshot) -> Result<Option<Described>, Failed> {
    Described::read(&snapshot).map_err(|_| Failed::unknown_version(&address))
}
