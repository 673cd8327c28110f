//! The programs that scenarios name, besides by their addresses.

use {
    super::{
        arena::ARENA,
        names::{hint, quote},
        values::Wrong,
    },
    sessions_client::address::PROGRAM,
    solana_address::Address,
};

/// SPL Token.
pub const TOKEN: Address = Address::from_str_const("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
/// Token-2022.
pub const TOKEN_2022: Address = Address::from_str_const("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");
/// SPL Memo, which takes any text, and wants the signature of every account that it is called with.
pub const MEMO: Address = Address::from_str_const("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr");

/// The programs by their names.
pub const PROGRAMS: [(&str, Address); 6] = [
    ("arena", ARENA),
    ("memo", MEMO),
    ("sessions", PROGRAM),
    ("system", Address::new_from_array([0; 32])),
    ("token", TOKEN),
    ("token-2022", TOKEN_2022),
];

/// The program with this name.
pub fn named(name: &str) -> Option<Address> {
    PROGRAMS.iter().find(|(known, _)| *known == name).map(|(_, address)| *address)
}

/// The name of a program.
pub fn name_of(address: &Address) -> Option<&'static str> {
    PROGRAMS.iter().find(|(_, known)| known == address).map(|(name, _)| *name)
}

/// One of the two token programs.
pub fn token_program(name: &str) -> Result<Address, Wrong> {
    let names = ["token", "token-2022"];
    let known = names.contains(&name).then(|| named(name)).flatten();
    known.ok_or_else(|| format!("there is no token program {}{}", quote(name), hint(name, names)))
}
