//! What things are called where they are shown: a scenario has names of its own, a chain has none.

use {crate::scenario::fields::FunctionRef, solana_address::Address};

/// How addresses, moments and amounts are written for a reader.
pub trait Naming {
    /// The name of an address, if it has one.
    fn name(&self, address: &Address) -> Option<String>;

    /// A moment that comes, in seconds since 1970.
    fn moment(&self, moment: i64) -> String;

    /// An amount of a mint's smallest parts, or of lamports where the mint is what stands for SOL.
    fn amount(&self, amount: u64, mint: &Address) -> String;

    /// The name of a function, if it has one.
    fn function(&self, function: &FunctionRef) -> Option<String>;

    /// An address by its name, or else in base58.
    fn who(&self, address: &Address) -> String {
        self.name(address).unwrap_or_else(|| address.to_string())
    }
}
