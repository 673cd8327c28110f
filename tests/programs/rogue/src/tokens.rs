//! What a token program could do with a vault's accounts. The instructions are the same in both token programs, as far as both have them.

use {
    crate::{
        call::{Call, Use},
        instruction::{Instruction, SEED_TOKEN, Trap},
        lamports::{allocate, assign},
        process::first,
    },
    solana_program::{account_info::AccountInfo, entrypoint::ProgramResult, program_error::ProgramError, pubkey::Pubkey},
};

/// The token programs' instructions, by their numbers.
const APPROVE: u8 = 4;
const SET_AUTHORITY: u8 = 6;
const BURN: u8 = 8;
const CLOSE_ACCOUNT: u8 = 9;
const TRANSFER_CHECKED: u8 = 12;
const INITIALIZE_ACCOUNT_3: u8 = 18;
const REALLOCATE: u8 = 29;
const MEMO_TRANSFER_EXTENSION: u8 = 30;
const CPI_GUARD_EXTENSION: u8 = 34;
/// In the instructions of both extensions.
const ENABLE: u8 = 0;
/// What [`SET_AUTHORITY`] sets.
const ACCOUNT_OWNER: u8 = 2;
const CLOSE_AUTHORITY: u8 = 3;

pub fn process(id: &Pubkey, accounts: &[AccountInfo<'_>], instruction: &Instruction) -> ProgramResult {
    match instruction {
        Instruction::DrainTokens { amount, decimals } => {
            let [vault, account, mint, receiver, program] = first(accounts)?;
            transfer(program, [account, mint, receiver, vault], *amount, *decimals)
        }
        Instruction::Burn { amount } => {
            let [vault, account, mint, program] = first(accounts)?;
            let accounts = [(account, Use::Writes), (mint, Use::Writes), (vault, Use::Signs)];
            Call { program, accounts: &accounts, data: &with_amount(BURN, *amount) }.make()
        }
        Instruction::Approve { amount } => {
            let [vault, account, delegate, program] = first(accounts)?;
            approve(program, [account, delegate, vault], *amount)
        }
        Instruction::SetOwner { owner } => {
            let [vault, account, program] = first(accounts)?;
            set_authority(program, [account, vault], ACCOUNT_OWNER, owner).make_with(&[])
        }
        Instruction::SetCloseAuthority { authority } => {
            let [vault, account, program] = first(accounts)?;
            set_authority(program, [account, vault], CLOSE_AUTHORITY, authority).make_with(&[])
        }
        Instruction::CloseTokenAccount => {
            let [vault, account, receiver, program] = first(accounts)?;
            let accounts = [(account, Use::Writes), (receiver, Use::Writes), (vault, Use::Signs)];
            Call { program, accounts: &accounts, data: &[CLOSE_ACCOUNT] }.make()
        }
        Instruction::NewTokenAccount { trap, amount, decimals, space } => {
            let [vault, new, mint, profiteer, from, program, system] = first(accounts)?;
            make_account(id, NewAccount { vault, new, mint, profiteer, program, system, space: *space }, *trap)?;
            if *amount > 0 { transfer(program, [from, mint, new, vault], *amount, *decimals) } else { Ok(()) }
        }
        Instruction::EnableCpiGuard => enable(accounts, CPI_GUARD_EXTENSION),
        Instruction::RequireMemo => enable(accounts, MEMO_TRANSFER_EXTENSION),
        Instruction::Reallocate { extension } => {
            let [vault, account, program, system] = first(accounts)?;
            let [low, high] = extension.to_le_bytes();
            let accounts = [(account, Use::Writes), (vault, Use::SignsAndWrites), (system, Use::Reads), (vault, Use::Signs)];
            Call { program, accounts: &accounts, data: &[REALLOCATE, low, high] }.make()
        }
        _ => Err(ProgramError::InvalidInstructionData),
    }
}

fn with_amount(instruction: u8, amount: u64) -> Vec<u8> {
    [&[instruction][..], &amount.to_le_bytes()].concat()
}

/// Transfers: the account, its mint, the receiver, the authority.
fn transfer<'a>(program: &AccountInfo<'a>, [from, mint, to, authority]: [&AccountInfo<'a>; 4], amount: u64, decimals: u8) -> ProgramResult {
    let accounts = [(from, Use::Writes), (mint, Use::Reads), (to, Use::Writes), (authority, Use::Signs)];
    let data = [with_amount(TRANSFER_CHECKED, amount), vec![decimals]].concat();
    Call { program, accounts: &accounts, data: &data }.make()
}

/// Approves: the account, the delegate, the authority.
fn approve<'a>(program: &AccountInfo<'a>, [account, delegate, authority]: [&AccountInfo<'a>; 3], amount: u64) -> ProgramResult {
    let accounts = [(account, Use::Writes), (delegate, Use::Reads), (authority, Use::Signs)];
    Call { program, accounts: &accounts, data: &with_amount(APPROVE, amount) }.make()
}

/// Sets an authority: the account, who signs.
fn set_authority<'a, 'b>(
    program: &'b AccountInfo<'a>,
    [account, authority]: [&'b AccountInfo<'a>; 2],
    kind: u8,
    to: &[u8; 32],
) -> SetAuthority<'a, 'b> {
    SetAuthority { program, account, authority, data: [&[SET_AUTHORITY, kind, 1][..], to].concat() }
}

struct SetAuthority<'a, 'b> {
    program: &'b AccountInfo<'a>,
    account: &'b AccountInfo<'a>,
    authority: &'b AccountInfo<'a>,
    data: Vec<u8>,
}

impl SetAuthority<'_, '_> {
    fn make_with(&self, seeds: &[&[&[u8]]]) -> ProgramResult {
        let Self { program, account, authority, data } = self;
        // An account can rule itself, and then stands there once as what is written.
        Call { program, accounts: &[(account, Use::Writes), (authority, Use::Signs)], data }.make_with(seeds)
    }
}

fn enable(accounts: &[AccountInfo<'_>], extension: u8) -> ProgramResult {
    let [vault, account, program] = first(accounts)?;
    Call { program, accounts: &[(account, Use::Writes), (vault, Use::Signs)], data: &[extension, ENABLE] }.make()
}

struct NewAccount<'a, 'b> {
    vault: &'b AccountInfo<'a>,
    new: &'b AccountInfo<'a>,
    mint: &'b AccountInfo<'a>,
    profiteer: &'b AccountInfo<'a>,
    program: &'b AccountInfo<'a>,
    system: &'b AccountInfo<'a>,
    space: u64,
}

/// Makes a token account of the vault's, with a trap.
fn make_account(id: &Pubkey, make: NewAccount<'_, '_>, trap: Trap) -> ProgramResult {
    let NewAccount { vault, new, mint, profiteer, program, system, space } = make;
    let (_, bump) = Pubkey::find_program_address(&[SEED_TOKEN], id);
    let seeds: &[&[&[u8]]] = &[&[SEED_TOKEN, &[bump]]];
    allocate(system, new, space).make_with(seeds)?;
    assign(system, new, &program.key.to_bytes()).make_with(seeds)?;
    let is_before = trap == Trap::CloseAuthorityBefore;
    let owner = if is_before { new } else { vault };
    let initialize = [&[INITIALIZE_ACCOUNT_3][..], owner.key.as_ref()].concat();
    Call { program, accounts: &[(new, Use::Writes), (mint, Use::Reads)], data: &initialize }.make()?;
    let profiteer_key = profiteer.key.to_bytes();
    match trap {
        Trap::None => Ok(()),
        Trap::Delegate => approve(program, [new, profiteer, vault], u64::MAX),
        Trap::CloseAuthority => set_authority(program, [new, vault], CLOSE_AUTHORITY, &profiteer_key).make_with(&[]),
        Trap::CloseAuthorityBefore => {
            set_authority(program, [new, new], CLOSE_AUTHORITY, &profiteer_key).make_with(seeds)?;
            set_authority(program, [new, new], ACCOUNT_OWNER, &vault.key.to_bytes()).make_with(seeds)
        }
    }
}
