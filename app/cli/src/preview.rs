//! What a draft would do and cost: it is simulated, and what it makes and ends is counted.

use {
    crate::{
        context::Context,
        draft::{Answer, Draft, Made},
        failed::{Failed, no_funds},
        place::Place,
        ready::{self, Asked, Ready},
        report::{events, format, json},
        scenario::transaction::oversized,
    },
    serde_json::{Value, json},
    sessions_client::{
        Ledger, LedgerError, account,
        core::{SessionError, events::AnyEvent, rules::lifecycle::Status},
        ledger::Snapshot,
        transaction::draft::NonceAccount,
    },
    solana_address::Address,
};

/// What a draft would do and cost.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Who signs for the member, pays the fee, and pays rent.
    pub actor: Address,
    /// Who pays the fee.
    pub fee_payer: Address,
    /// Who pays the rent of what is made.
    pub payer: Address,
    /// The nonce account that is used instead of a blockhash.
    pub nonce: Option<NonceAccount>,
    /// What is sent.
    pub transactions: Vec<Ready>,
    /// What is made, with its rent in lamports.
    pub made: Vec<(Made, u64)>,
    /// What is deleted: its address, its lamports, and who gets them.
    pub ended: Vec<(Address, u64, Address)>,
    /// What wallets have before and would have after: lamports, below zero if they have too little.
    pub balances: Vec<(Address, u64, i128)>,
    /// The compute units that it takes.
    pub compute_units: u64,
    /// What would happen.
    pub events: Vec<AnyEvent>,
    /// What would be answered.
    pub returned: Vec<u8>,
}

impl Preview {
    /// Simulates a draft.
    ///
    /// # Errors
    /// The program's refusal; InsufficientFunds; what is wrong with a nonce account; the ledger's.
    pub async fn of<L: Ledger>(context: &Context<'_, L>, draft: &Draft, asked: Asked) -> Result<Self, Failed> {
        let who = context.who;
        let (actor, fee_payer, payer) = (who.actor().or_else(|_| who.fee_payer())?, who.fee_payer()?, who.payer()?);
        if asked.nonce.is_some() && draft.transactions.len() > 1 {
            let message = format!("a nonce serves one transaction, and this takes {}", draft.transactions.len());
            return Err(Failed::argument(message, "leave --nonce out: what was sent is not signed again while it can still run"));
        }
        let nonce = match asked.nonce {
            Some(address) => Some(ready::nonce(context, address).await?),
            None => None,
        };
        let mut preview = Self {
            actor,
            fee_payer,
            payer,
            nonce,
            transactions: Vec::new(),
            made: Vec::new(),
            ended: Vec::new(),
            balances: Vec::new(),
            compute_units: 0,
            events: Vec::new(),
            returned: Vec::new(),
        };
        if let Some(bytes) = draft.transactions.iter().find_map(|instructions| oversized(instructions)) {
            return Err(Failed::ledger("the transaction cannot be sent", &LedgerError::TransactionTooLarge(bytes)));
        }
        preview.count(context, draft).await?;
        preview.transactions.extend(draft.transactions.iter().map(|instructions| Ready::new(fee_payer, instructions, nonce)));
        // Who cannot even pay the fee is told so, and not what a simulation says of it.
        let least = preview.fee();
        preview.weigh(context, draft, least).await?;
        for ready in &mut preview.transactions {
            let receipt = ready.tried(context, &draft.keys, asked).await?;
            preview.compute_units = preview.compute_units.saturating_add(receipt.compute_units);
            preview.events.extend(receipt.events);
            preview.returned = receipt.returned;
        }
        let fee = preview.fee();
        preview.weigh(context, draft, fee).await?;
        Ok(preview)
    }

    /// What is made and deleted, of what is there now.
    async fn count<L: Ledger>(&mut self, context: &Context<'_, L>, draft: &Draft) -> Result<(), Failed> {
        let addresses: Vec<Address> = draft.makes.iter().map(|made| made.address).chain(draft.ends.iter().copied()).collect();
        // As many as an RPC node reads at once.
        let mut snapshots = Vec::new();
        for some in addresses.chunks(100) {
            snapshots.extend(context.ledger.read(some).await?);
        }
        let (makes, ends) = snapshots.split_at(draft.makes.len().min(snapshots.len()));
        // What has no data is no account of a program, whoever sent lamports there.
        let is_absent = |snapshot: &Snapshot| snapshot.account.as_ref().is_none_or(|account| account.data.is_empty());
        for (made, snapshot) in draft.makes.iter().zip(makes).filter(|(_, snapshot)| is_absent(snapshot)) {
            let rent = context.rent(made.bytes).await?;
            let there = snapshot.account.as_ref().map_or(0, |account| account.lamports);
            self.made.push((*made, rent.saturating_sub(there)));
        }
        for (address, snapshot) in draft.ends.iter().zip(ends) {
            if let Some((lamports, payer)) = refund(snapshot) {
                self.ended.push((*address, lamports, payer));
            }
        }
        Ok(())
    }

    /// What those who pay have before and after.
    async fn weigh<L: Ledger>(&mut self, context: &Context<'_, L>, draft: &Draft, fee: u64) -> Result<(), Failed> {
        let rent = i128::from(self.rent());
        let mut wallets = Vec::new();
        for wallet in [self.fee_payer, self.payer, self.actor] {
            if !wallets.contains(&wallet) {
                wallets.push(wallet);
            }
        }
        let snapshots = context.ledger.read(&wallets).await?;
        self.balances.clear();
        for (wallet, snapshot) in wallets.iter().zip(snapshots) {
            let before = snapshot.account.map_or(0, |account| account.lamports);
            let pays = |whether: bool, lamports: i128| if whether { lamports } else { 0 };
            let back: i128 = self.ended.iter().filter(|(.., payer)| payer == wallet).map(|(_, lamports, _)| i128::from(*lamports)).sum();
            let moved: i128 = draft.moves.iter().filter(|(who, _)| who == wallet).map(|(_, lamports)| *lamports).sum();
            let needed = pays(*wallet == self.fee_payer, fee.into()) + pays(*wallet == self.payer, rent) - moved.min(0);
            let after = i128::from(before) - needed + back + moved.max(0);
            if needed > i128::from(before) {
                return Err(insufficient(context, wallet, before, needed));
            }
            if after != i128::from(before) || *wallet == self.fee_payer {
                self.balances.push((*wallet, before, after));
            }
        }
        Ok(())
    }

    /// The rent of everything that is made, in lamports.
    pub fn rent(&self) -> u64 {
        total(self.made.iter().map(|(_, rent)| *rent))
    }

    /// The fee of everything that is sent, in lamports.
    pub fn fee(&self) -> u64 {
        total(self.transactions.iter().map(|ready| ready.signature_fee().saturating_add(ready.priority_fee())))
    }

    /// What of it is for priority.
    pub fn priority_fee(&self) -> u64 {
        total(self.transactions.iter().map(Ready::priority_fee))
    }

    /// The most compute units that it may take; `None` where that is left to the cluster.
    pub fn compute_limit(&self) -> Option<u64> {
        let limits = self.transactions.iter().map(|ready| ready.budget().map(|budget| u64::from(budget.units)));
        limits.sum()
    }

    /// What is printed of it: what is done, as whom, and at what cost.
    pub fn lines(&self, draft: &Draft) -> Vec<(&'static str, String)> {
        let mut lines = vec![("session", draft.session.address.to_string()), ("signer", self.actor.to_string())];
        if self.fee_payer != self.actor {
            lines.push(("fee payer", self.fee_payer.to_string()));
        }
        if self.payer != self.fee_payer {
            lines.push(("payer", self.payer.to_string()));
        }
        if let Some(nonce) = self.nonce {
            lines.push(("nonce", format!("{}, so that it does not expire", nonce.address)));
        }
        lines.extend(draft.notes.iter().cloned());
        if !self.made.is_empty() {
            let made = self.made.iter().map(|(made, rent)| format!("{} ({} bytes, rent {})", made.what, made.bytes, format::amount(*rent)));
            lines.push(("makes", made.collect::<Vec<_>>().join(", ")));
        }
        if !self.ended.is_empty() {
            let lamports = total(self.ended.iter().map(|(_, lamports, _)| *lamports));
            let accounts = self.ended.len();
            lines.push((
                "deletes",
                format!(
                    "{accounts} account{}, whose rent of {} goes back to its payer",
                    if accounts == 1 { "" } else { "s" },
                    format::amount(lamports)
                ),
            ));
        }
        let rent = if self.made.is_empty() {
            String::new()
        } else {
            format!(" and rent {}, which comes back in the end", format::amount(self.rent()))
        };
        let several = if self.transactions.len() > 1 { format!(" of {} transactions", self.transactions.len()) } else { String::new() };
        let priority = match self.priority_fee() {
            0 => String::new(),
            lamports => format!(" ({} of it for priority)", format::amount(lamports)),
        };
        lines.push(("costs", format!("fee {}{priority}{several}{rent}", format::amount(self.fee()))));
        let limit = self.compute_limit().map_or_else(String::new, |limit| format!(", {} at the most", format::thousands(limit)));
        lines.push(("compute", format!("{} units{limit}", format::thousands(self.compute_units))));
        for (wallet, before, after) in &self.balances {
            let after = u64::try_from(*after).map_or_else(|_| after.to_string(), format::amount);
            let whose = if self.balances.len() > 1 { format!(" of {wallet}") } else { String::new() };
            lines.push(("balance", format!("{} → {after}{whose}", format::amount(*before))));
        }
        let events: Vec<String> = self.events.iter().map(|event| events::brief(event, &draft.book)).collect();
        if !events.is_empty() {
            lines.push(("events", events.join(", ")));
        }
        lines
    }

    /// The same for programs.
    pub fn json(&self, draft: &Draft) -> Value {
        let made = |(made, rent): &(Made, u64)| json!({ "account": made.what, "address": made.address.to_string(), "bytes": made.bytes, "rent": rent });
        let ended = |(address, lamports, payer): &(Address, u64, Address)| json!({ "address": address.to_string(), "lamports": lamports, "payer": payer.to_string() });
        let balance = |(wallet, before, after): &(Address, u64, i128)| json!({ "address": wallet.to_string(), "before": before, "after": i64::try_from(*after).unwrap_or(i64::MAX) });
        json!({
            "transactions": self.transactions.len(),
            "makes": self.made.iter().map(made).collect::<Vec<_>>(),
            "deletes": self.ended.iter().map(ended).collect::<Vec<_>>(),
            "rent": self.rent(),
            "fee": self.fee(),
            "priority_fee": self.priority_fee(),
            "compute_units": self.compute_units,
            "compute_limit": self.compute_limit(),
            "nonce": self.nonce.map(|nonce| nonce.address.to_string()),
            "balances": self.balances.iter().map(balance).collect::<Vec<_>>(),
            "events": self.events.iter().map(json::event).collect::<Vec<_>>(),
            "answer": answer_json(draft.answer, &self.returned),
        })
    }
}

/// A sum that a node cannot make overflow, whatever it says of rents.
fn total(lamports: impl Iterator<Item = u64>) -> u64 {
    lamports.fold(0, u64::saturating_add)
}

/// What comes back of an account that is deleted, and to whom.
fn refund(snapshot: &Snapshot) -> Option<(u64, Address)> {
    let lamports = snapshot.account.as_ref()?.lamports;
    let payer = account::session(snapshot).map(|session| session.header.payer).ok();
    Some((lamports, payer.or_else(|| account::child(snapshot).map(|child| child.header.payer))?))
}

/// A wallet has too little; how much it needs.
fn insufficient<L>(context: &Context<'_, L>, wallet: &Address, before: u64, needed: i128) -> Failed {
    let needed = u64::try_from(needed).unwrap_or(u64::MAX);
    let missing = needed.saturating_sub(before);
    let message = format!("{wallet} has {} and needs {}: {} more", format::amount(before), format::amount(needed), format::amount(missing));
    Failed::unusable("InsufficientFunds", message, no_funds(Some(*wallet).filter(|wallet| context.who.owner().ok() != Some(*wallet))))
}

/// What the program answered, as JSON.
pub fn answer_json(answer: Option<Answer>, returned: &[u8]) -> Value {
    match answer {
        None => Value::Null,
        Some(answer) => answer.parts(returned).iter().map(|(name, found)| ((*name).to_owned(), crate::describe::json_of(found))).collect(),
    }
}

impl Answer {
    /// The parts of an answer, by name.
    pub fn parts(self, returned: &[u8]) -> Vec<(&'static str, crate::scenario::found::Found)> {
        use crate::scenario::checks::answers::{PROPERTY, STANDING};
        let parts: &[_] = match self {
            Self::Standing => &STANDING,
            Self::Property => &PROPERTY,
        };
        parts.iter().filter_map(|(name, _, read)| Some((*name, read(returned)?))).collect()
    }
}

/// What comes next once a session is closed, if `instruction` has to do with its end.
pub fn next_line(instruction: &str, session: &Place, snapshot: &Snapshot) -> Option<String> {
    const ENDING: [&str; 5] = ["close_session", "complete_close", "abort_session", "expire_session", "reclaim_children"];
    let state = account::session(snapshot).ok().filter(|_| ENDING.contains(&instruction))?;
    let of = &session.text;
    match state.status().ok()? {
        Status::Closing => Some(format!("next: its host completes that with `sessions complete-close {of}`")),
        Status::Closed if state.children > 0 => {
            Some(format!("next: `sessions reclaim-children {of}` and then `sessions reclaim-session {of}` give its rent back"))
        }
        Status::Closed => Some(format!("next: `sessions reclaim-session {of}` gives the rest of its rent back")),
        _ => None,
    }
}

/// The session after a transaction, in one line.
pub fn state_line(address: &Address, snapshot: &Snapshot) -> String {
    match account::session(snapshot) {
        Ok(session) => {
            let status = session.status().map_or("of an unknown status", |status| status.name());
            let end = if session.expires_at > 0 { format!(", ends {}", format::calendar(session.expires_at)) } else { String::new() };
            format!("session {address} is {status}, with {} of {} members{end}", session.members, session.config.max_members)
        }
        Err(SessionError::UnsupportedVersion) => format!("session {address} has a layout that this client does not know"),
        Err(_) => format!("session {address} is gone"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_rent_makes_a_sum_overflow() {
        assert_eq!((total([u64::MAX, 1].into_iter()), total([1, 2].into_iter())), (u64::MAX, 3));
    }
}
