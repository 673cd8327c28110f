//! What things are called on a chain: only programs have names there, and mints have decimals.

use {
    crate::{
        report::{format, naming::Naming},
        scenario::{fields::FunctionRef, programs},
    },
    sessions_client::core::rules::outflow::SOL,
    solana_address::Address,
};

/// The mints whose decimals are known.
#[derive(Clone, Debug, Default)]
pub struct Book {
    mints: Vec<(Address, u8)>,
}

impl Book {
    /// The same with a mint.
    #[must_use]
    pub fn with(mut self, mint: Address, decimals: u8) -> Self {
        self.mints.push((mint, decimals));
        self
    }
}

impl Naming for Book {
    fn name(&self, address: &Address) -> Option<String> {
        programs::name_of(address).map(str::to_owned)
    }

    fn moment(&self, moment: i64) -> String {
        format::calendar(moment)
    }

    fn amount(&self, amount: u64, mint: &Address) -> String {
        if *mint == SOL {
            return format::amount(amount);
        }
        match self.mints.iter().find(|(known, _)| known == mint) {
            Some((_, decimals)) => format!("{} tokens of {mint}", format::decimal(amount, *decimals)),
            None => format!("{} smallest parts of {mint}", format::thousands(amount)),
        }
    }

    fn function(&self, _: &FunctionRef) -> Option<String> {
        None
    }
}
