//! Where lamports go: rent comes from its payer and returns to its payer; what a vault holds came from whom an event names and goes where an
//! event says, and what is left goes to the session's creator. Fees are paid by someone who has nothing else to do with it
//! ([`crate::World::fees`]).

use {
    super::{Ledgers, Stored, calls},
    sessions_client::{
        address,
        core::{events::AnyEvent, rules::outflow::SOL},
        ledger::Receipt,
    },
    solana_address::Address,
    std::collections::BTreeMap,
};

/// The line that says that the system program was called.
const BY_SYSTEM_PROGRAM: &str = "Program 11111111111111111111111111111111 invoke [2]";

/// Checks what every payer and creator got and gave.
#[track_caller]
pub fn check(before: &Ledgers, after: &Ledgers, receipt: &Receipt) {
    let outermost = receipt.logs.iter().filter(|line| line.starts_with("Program ") && line.ends_with(" invoke [1]")).count();
    let inner = receipt.logs.iter().filter(|line| line.ends_with(" invoke [2]") && *line != BY_SYSTEM_PROGRAM);
    if outermost != calls(receipt) || inner.count() > 0 {
        // Another program may have moved lamports as well.
        return;
    }
    let mut due: BTreeMap<Address, i128> = BTreeMap::new();
    let mut owe = |who: Address, lamports: u64, sign: i128| *due.entry(who).or_default() += sign * i128::from(lamports);
    for (ledgers, sign) in [(before, 1), (after, -1)] {
        for address in ledgers.accounts.keys() {
            let Some(stored) = ledgers.stored(address) else { continue };
            owe(stored.header().payer, ledgers.balance(address), sign);
            if let Stored::Session(state) = &stored {
                owe(state.creator, ledgers.balance(&address::vault(address)), sign);
            }
            if sign < 0 && before.stored(address).is_none() {
                // What was sent ahead is part of the rent already.
                owe(stored.header().payer, before.balance(address), 1);
                if let Stored::Session(state) = &stored {
                    owe(state.creator, before.balance(&address::vault(address)), 1);
                }
            }
        }
    }
    for event in &receipt.events {
        let (from, to, lamports) = match event {
            AnyEvent::Deposited(event) if event.mint == SOL => (Some(event.depositor), None, event.amount),
            AnyEvent::AllowanceSpent(event) if event.mint == SOL => (None, Some(event.destination), event.amount),
            AnyEvent::Withdrawn(event) if event.mint == SOL => (None, Some(event.recipient), event.amount),
            _ => continue,
        };
        // The creator is owed what the vault holds, so it gave what went in and got what went out; of a session that is gone nobody is owed.
        let session = match event {
            AnyEvent::AllowanceSpent(event) => before.stored(&event.header.address).map(|stored| allowance_of(&stored)),
            other => Some(other.header().address),
        };
        let creator = session.and_then(|session| before.session(&session).or_else(|| after.session(&session))).map(|state| state.creator);
        for (who, sign) in [(from, -1), (to, 1), (creator, if from.is_some() { 1 } else { -1 })] {
            if let Some(who) = who {
                owe(who, lamports, sign);
            }
        }
    }
    for (who, lamports) in due {
        let got = i128::from(after.balance(&who)) - i128::from(before.balance(&who));
        assert_eq!(got, lamports, "{who} gets and gives what is due");
    }
}

/// The session of an allowance.
fn allowance_of(stored: &Stored) -> Address {
    if let Stored::Allowance(state) = stored { state.session } else { unreachable!("the event is about an allowance") }
}
