//! Where lamports go: rent comes from its payer and returns to its payer, and what a vault held goes to the session's creator. Fees are paid
//! by someone who has nothing else to do with it ([`crate::World::fees`]).

use {
    super::{Ledgers, Stored, calls},
    sessions_client::{address, ledger::Receipt},
    solana_address::Address,
    std::collections::BTreeMap,
};

/// Checks what every payer and creator got and gave.
#[track_caller]
pub fn check(before: &Ledgers, after: &Ledgers, receipt: &Receipt) {
    let outermost = receipt.logs.iter().filter(|line| line.starts_with("Program ") && line.ends_with(" invoke [1]")).count();
    if outermost != calls(receipt) {
        // Another program's instructions may have moved lamports as well.
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
    for (who, lamports) in due {
        let got = i128::from(after.balance(&who)) - i128::from(before.balance(&who));
        assert_eq!(got, lamports, "{who} gets and gives what is due");
    }
}
