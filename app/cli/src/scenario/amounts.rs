//! Amounts: of SOL, and of the tokens of a scenario's mints, each written in its own unit.

use {
    super::{
        actors::{Wallet, is_name},
        names::{hint, quote},
        values::Wrong,
    },
    crate::report::format::decimal,
    sessions_client::{
        core::rules::{outflow::SOL, quotas::UNLIMITED},
        instruction::Tokens,
    },
    solana_address::Address,
};

/// SOL's decimals.
pub const SOL_DECIMALS: u8 = 9;
/// How SOL is called where a mint could be.
pub const SOL_NAME: &str = "SOL";

/// A mint that any step makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mint {
    /// Its name and its key.
    pub wallet: Wallet,
    /// Its token program.
    pub program: Address,
    /// Its decimals.
    pub decimals: u8,
}

/// What an amount is of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// SOL.
    #[default]
    Sol,
    /// The tokens of a mint.
    Of(Mint),
}

impl Unit {
    /// The unit with this name.
    pub fn named(name: &str, mints: &[Mint]) -> Option<Self> {
        if name == SOL_NAME {
            return Some(Self::Sol);
        }
        mints.iter().find(|mint| mint.wallet.name == name).cloned().map(Self::Of)
    }

    /// The mint's address; for SOL what stands for it.
    pub const fn address(&self) -> Address {
        match self {
            Self::Sol => SOL,
            Self::Of(mint) => mint.wallet.address,
        }
    }

    /// The unit's name.
    pub fn name(&self) -> &str {
        match self {
            Self::Sol => SOL_NAME,
            Self::Of(mint) => &mint.wallet.name,
        }
    }

    /// The tokens, if it is not SOL.
    pub const fn tokens(&self) -> Option<Tokens> {
        match self {
            Self::Sol => None,
            Self::Of(mint) => Some(Tokens { mint: mint.wallet.address, program: mint.program }),
        }
    }

    const fn decimals(&self) -> u8 {
        match self {
            Self::Sol => SOL_DECIMALS,
            Self::Of(mint) => mint.decimals,
        }
    }

    /// An amount of it as text, with no more decimals than needed.
    pub fn show(&self, amount: u64) -> String {
        format!("{} {}", decimal(amount, self.decimals()), self.name())
    }
}

/// An amount as it is written: the number's digits before and behind its point, and the unit's name, which can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written<'a> {
    text: &'a str,
    whole: &'a str,
    part: Option<&'a str>,
    /// The unit's name; empty if there is none.
    pub unit: &'a str,
}

impl<'a> Written<'a> {
    /// The amount in `text`; `None` if it is none.
    pub fn read(text: &'a str) -> Option<Self> {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let (whole, part) = number.split_once('.').map_or((number, None), |(whole, part)| (whole, Some(part)));
        let sound = !whole.is_empty() && part.is_none_or(|part| !part.is_empty() && !part.contains('.'));
        sound.then_some(Self { text, whole, part, unit: unit.trim_start() })
    }

    /// The number, if it is a whole one.
    fn whole(&self) -> Option<Result<u64, Wrong>> {
        self.part.is_none().then(|| self.whole.parse().map_err(|_| out_of_range(self.text, true)))
    }

    /// How many smallest parts it is of a unit with so many decimals.
    pub fn parts(&self, unit: &str, decimals: u8) -> Result<u64, Wrong> {
        let (sol, decimals, part) = (unit == SOL_NAME, usize::from(decimals), self.part.unwrap_or_default());
        if part.len() > decimals {
            let smallest = if sol { "a lamport" } else { "its smallest part" };
            return Err(format!("{} is finer than {smallest}; {unit} has {decimals} decimals", quote(self.text)));
        }
        // Whatever the decimals are, the digits without the point are the number of smallest parts.
        format!("{}{part:0<decimals$}", self.whole).parse().map_err(|_| out_of_range(self.text, sol))
    }
}

/// An amount in smallest parts, and what it is of if it says so: `0.5 SOL`, `25 USDC`, or a whole number of smallest parts.
pub fn amount(text: &str, mints: &[Mint]) -> Result<(u64, Option<Unit>), Wrong> {
    let wrong = || format!("{} is no amount; write it like 0.5 SOL, or as whole lamports like 5000", quote(text));
    if text.starts_with('-') {
        return Err(format!("{} is negative; an amount is at least 0", quote(text)));
    }
    let written = Written::read(text).ok_or_else(wrong)?;
    if written.unit.is_empty() {
        return Ok((written.whole().ok_or_else(wrong)??, None));
    }
    if !is_name(written.unit) {
        return Err(wrong());
    }
    let unit = unit_named(text, written.unit, mints)?;
    Ok((written.parts(unit.name(), unit.decimals())?, Some(unit)))
}

/// The unit in an amount that is written as `text`, by its name.
fn unit_named(text: &str, name: &str, mints: &[Mint]) -> Result<Unit, Wrong> {
    Unit::named(name, mints).ok_or_else(|| {
        let known = [SOL_NAME].into_iter().chain(mints.iter().map(|mint| mint.wallet.name.as_str()));
        format!("{} is no amount: no step makes a mint {}{}", quote(text), quote(name), hint(name, known))
    })
}

/// That an amount that is written as `text`, with its unit under `name`, is of `unit`.
pub fn unit_is(unit: &Unit, text: &str, name: &str, mints: &[Mint]) -> Result<(), Wrong> {
    let named = unit_named(text, name, mints)?;
    if named == *unit { Ok(()) } else { Err(other_unit(unit, text, &named)) }
}

fn other_unit(unit: &Unit, text: &str, other: &Unit) -> Wrong {
    format!("{} is {}, and here it is about {}", quote(text), other.name(), unit.name())
}

fn out_of_range(text: &str, sol: bool) -> Wrong {
    format!("{} is out of range; the most is {UNLIMITED} {}", quote(text), if sol { "lamports" } else { "smallest parts" })
}

/// An amount of lamports: `0.5 SOL`, or a whole number.
pub fn lamports(text: &str) -> Result<u64, Wrong> {
    amount(text, &[]).map(|(number, _)| number)
}

/// An amount of `unit`: in this unit, or a whole number of its smallest parts.
pub fn amount_of(unit: &Unit, text: &str, mints: &[Mint]) -> Result<u64, Wrong> {
    match amount(text, mints)? {
        (_, Some(other)) if other != *unit => Err(other_unit(unit, text, &other)),
        (number, _) => Ok(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mint(name: &str, decimals: u8) -> Mint {
        Mint { wallet: Wallet::mint(name), program: Address::default(), decimals }
    }

    #[test]
    fn lamports_are_sol_or_a_whole_number() {
        assert_eq!(lamports("10 SOL"), Ok(10_000_000_000));
        assert_eq!(lamports("0.5 SOL"), Ok(500_000_000));
        assert_eq!(lamports("0.5SOL"), Ok(500_000_000));
        assert_eq!(lamports("0.000000001 SOL"), Ok(1));
        assert_eq!(lamports("5000"), Ok(5_000));
        assert_eq!(lamports("18446744073709551615"), Ok(u64::MAX));
        assert!(lamports("0.0000000001 SOL").unwrap_err().contains("finer"));
        assert!(lamports("18446744074 SOL").unwrap_err().contains("out of range"));
        assert!(lamports("18446744073709551616").unwrap_err().contains("out of range"));
        assert!(lamports("-1 SOL").unwrap_err().contains("negative"));
        for text in ["", "SOL", "1.", ".5 SOL", "1. SOL", "1 sol", "1,5 SOL", "1.5", "1.2.3 SOL", "one SOL", "+1", "1 2 SOL"] {
            assert!(lamports(text).unwrap_err().contains("is no amount"), "{text}");
        }
    }

    #[test]
    fn tokens_are_counted_by_their_mints_decimals() {
        let mints = [mint("USDC", 6), mint("whole", 0), mint("fine", 255)];
        let of = |text| amount(text, &mints).map(|(number, unit)| (number, unit.map(|unit| unit.name().to_owned())));
        assert_eq!(of("25.5 USDC"), Ok((25_500_000, Some("USDC".into()))));
        assert_eq!(of("3 whole"), Ok((3, Some("whole".into()))));
        assert_eq!((of("0 fine").unwrap().0, of("7")), (0, Ok((7, None))));
        assert_eq!(of("0.1234567 USDC").unwrap_err(), r#""0.1234567 USDC" is finer than its smallest part; USDC has 6 decimals"#);
        assert!(of("1.5 whole").unwrap_err().contains("finer") && of("1 fine").unwrap_err().contains("smallest parts"));
        assert_eq!(of("1 USDD").unwrap_err(), r#""1 USDD" is no amount: no step makes a mint "USDD"; did you mean "USDC"?"#);
    }

    #[test]
    fn an_amount_stays_in_the_unit_that_it_is_about() {
        let mints = [mint("USDC", 6)];
        let unit = Unit::Of(mints[0].clone());
        assert_eq!((amount_of(&unit, "1 USDC", &mints), amount_of(&unit, "1", &mints)), (Ok(1_000_000), Ok(1)));
        assert_eq!(amount_of(&unit, "1 SOL", &mints).unwrap_err(), r#""1 SOL" is SOL, and here it is about USDC"#);
    }

    #[test]
    fn an_amount_is_shown_as_it_can_be_written() {
        let mints = [mint("USDC", 6), mint("whole", 0), mint("fine", 20)];
        for (number, name, shown) in
            [(25_500_000, "USDC", "25.5 USDC"), (0, "USDC", "0 USDC"), (10, "whole", "10 whole"), (7, "SOL", "0.000000007 SOL")]
        {
            let unit = Unit::named(name, &mints).unwrap();
            assert_eq!(unit.show(number), shown);
            assert_eq!(amount_of(&unit, shown, &mints), Ok(number));
        }
        assert_eq!(Unit::Of(mints[2].clone()).show(5), "0.00000000000000000005 fine");
    }
}
