//! Mints and their tokens: what the token programs do, so that there is something to put into a vault.
//!
//! The instructions are written by hand, byte for byte as the token programs define them; they are few.

use {
    super::payments::Paid,
    crate::scenario::{
        act::{Act, Caller},
        actors::{Wallet, is_name},
        amounts::SOL_NAME,
        document::Node,
        fields::{Fields, Scope},
        names::{hint, quote},
        programs::{TOKEN, token_program},
        values,
    },
    sessions_client::instruction::Tokens,
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
};

/// A mint's decimals when they are left out.
pub const DECIMALS: u8 = 6;
/// The bytes of a mint without extensions.
const MINT_BYTES: usize = 82;
/// The bytes before a mint's extensions: those of a token account, and one that says what it is.
const EXTENDED_BYTES: usize = 166;
/// The bytes of a multisig account, which no other account may have.
const MULTISIG_BYTES: usize = 355;
/// The type and the length before each extension.
const EXTENSION_HEADER: usize = 4;
/// The lamports that a ledger asks for each byte of an account, and for as many bytes more.
const LAMPORTS_PER_BYTE: usize = 6_960;
const ACCOUNT_OVERHEAD: usize = 128;

/// An extension of a Token-2022 mint.
struct Extension {
    /// Its length without the header.
    bytes: usize,
    /// The data of the instruction that initializes it.
    data: Vec<u8>,
}

/// An extension, by the mint's authority.
type MakeExtension = fn(&Address) -> Extension;

/// The extensions that `extensions` can name, each with the mint's authority where it has one.
const EXTENSIONS: [(&str, MakeExtension); 5] = [
    ("permanent_delegate", |authority| Extension { bytes: 32, data: [&[35], authority.as_array().as_slice()].concat() }),
    ("mint_close_authority", |authority| Extension { bytes: 32, data: [&[25, 1], authority.as_array().as_slice()].concat() }),
    ("non_transferable", |_| Extension { bytes: 0, data: vec![32] }),
    ("pausable", |authority| Extension { bytes: 33, data: [&[44, 0], authority.as_array().as_slice()].concat() }),
    ("transfer_hook", |authority| Extension { bytes: 64, data: [&[36, 0], authority.as_array().as_slice(), &[0; 32]].concat() }),
];

/// A fee on transfers: so many hundredths of a percent, `maximum` at the most.
fn transfer_fee(authority: &Address, basis_points: u16, maximum: u64) -> Extension {
    let authority = authority.as_array().as_slice();
    let data = [&[26, 0, 1], authority, &[1], authority, &basis_points.to_le_bytes(), &maximum.to_le_bytes()].concat();
    Extension { bytes: 108, data }
}

/// A mint whose name stands under `mint`; the actor is its authority.
pub(super) fn create_mint(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let mint = f.needed("mint").and_then(|node| new_mint(f.scope, node));
    let decimals = f.value("decimals", |text| values::number(text, u8::MAX)).unwrap_or(DECIMALS);
    let program = f.value("program", token_program).unwrap_or(TOKEN);
    let fee_line = f.line_of("transfer_fee").or(f.line_of("extensions"));
    let fee = f.node("transfer_fee").map_or(Some(None), |node| read_fee(f.scope, node, &by.signer).map(Some));
    let named = f.node("extensions").map_or(Some(Vec::new()), |node| read_extensions(f.scope, node, &by.signer));
    if let (Some(line), true) = (fee_line, program == TOKEN) {
        f.scope.wrong(line, "only a mint of token-2022 has fees and extensions; write program: token-2022");
    }
    let extensions: Vec<Extension> = fee?.into_iter().chain(named?).collect();
    let mint = mint?.address;
    let extended = extensions.iter().map(|extension| EXTENSION_HEADER + extension.bytes).sum::<usize>();
    let size = match EXTENDED_BYTES + extended {
        _ if extensions.is_empty() => MINT_BYTES,
        MULTISIG_BYTES => MULTISIG_BYTES + EXTENSION_HEADER / 2,
        size => size,
    };
    let mut before = vec![create_account(by.payer, mint, size, program)];
    let initialize = |data| Instruction { program_id: program, accounts: vec![AccountMeta::new(mint, false)], data };
    before.extend(extensions.into_iter().map(|extension| initialize(extension.data)));
    // InitializeMint2, without who could freeze accounts.
    let data = [&[20, decimals], by.signer.as_array().as_slice(), &[0]].concat();
    let mut instruction = initialize(data);
    // Nothing but the signature says that the actor takes the step.
    instruction.accounts.push(AccountMeta::new_readonly(by.signer, true));
    Some(Act::foreign(before, instruction))
}

/// The name of a mint that nothing else has.
fn new_mint(scope: &mut Scope, node: &Node) -> Option<Wallet> {
    let text = scope.text("mint", node)?;
    let taken = |wallets: &[Wallet]| wallets.iter().any(|wallet| wallet.name == text);
    let wrong = if !is_name(text) || text == SOL_NAME || text.starts_with(|c: char| c.is_ascii_digit()) {
        format!("{} cannot be a mint's name; use up to 32 letters, digits, _, - or . that begin with no digit, and not SOL", quote(text))
    } else if taken(&scope.actors) || taken(&scope.tokens) {
        format!("mint: {} is an actor's or a token's name; choose another", quote(text))
    } else if let Some(line) = scope.minted.insert(text.to_owned(), node.line) {
        format!("the mint {} is made by the step on line {line}; choose another name", quote(text))
    } else {
        return Some(Wallet::mint(text));
    };
    scope.wrong(node.line, wrong);
    None
}

fn read_fee(scope: &mut Scope, node: &Node, authority: &Address) -> Option<Extension> {
    let entries = scope.map("transfer_fee", node)?;
    let mut f = Fields::new(scope, "the transfer_fee", node.line, entries);
    let basis_points = f.needed_value("basis_points", |text| values::number(text, u16::MAX));
    let maximum = f.value("maximum", |text| values::number(text, u64::MAX)).unwrap_or(u64::MAX);
    f.finish();
    Some(transfer_fee(authority, basis_points?, maximum))
}

fn read_extensions(scope: &mut Scope, node: &Node, authority: &Address) -> Option<Vec<Extension>> {
    let mut found = Some(Vec::new());
    for item in scope.list("extensions", node)? {
        let extension = scope.value("extensions", item, |text| {
            let named = EXTENSIONS.iter().find(|(name, _)| *name == text).map(|(_, make)| make(authority));
            named.ok_or_else(|| format!("there is no extension {}{}", quote(text), hint(text, EXTENSIONS.iter().map(|(name, _)| *name))))
        });
        found = found.zip(extension).map(|(mut found, extension)| {
            found.push(extension);
            found
        });
    }
    found
}

/// The system program's own.
fn create_account(payer: Address, account: Address, size: usize, owner: Address) -> Instruction {
    let lamports = ((ACCOUNT_OVERHEAD + size) * LAMPORTS_PER_BYTE) as u64;
    let data = [&[0; 4], lamports.to_le_bytes().as_slice(), &(size as u64).to_le_bytes(), owner.as_array()].concat();
    let accounts = vec![AccountMeta::new(payer, true), AccountMeta::new(account, true)];
    Instruction { program_id: Address::default(), accounts, data }
}

/// New tokens for `to`, whose token account is made if it is not there.
pub(super) fn mint_tokens(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let to = f.needed_address("to");
    let paid = Paid::read(f);
    let (to, Paid { unit, amount }) = (to?, paid?);
    let Some(tokens @ Tokens { mint, program }) = unit.tokens() else {
        f.scope.wrong(f.line, "SOL is not minted; write the amount in a mint's unit, like 25 USDC");
        return None;
    };
    let accounts = vec![AccountMeta::new(mint, false), AccountMeta::new(tokens.of(&to), false), AccountMeta::new_readonly(by.signer, true)];
    let instruction = Instruction { program_id: program, accounts, data: [&[7], amount.to_le_bytes().as_slice()].concat() };
    Some(Act::foreign(vec![tokens.create_account(by.payer, to)], instruction))
}
