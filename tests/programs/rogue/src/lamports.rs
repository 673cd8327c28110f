//! What the system program could do with a vault.

use {
    crate::{
        call::{Call, Use},
        instruction::{Instruction, SEED_NEW},
        process::first,
    },
    solana_program::{account_info::AccountInfo, entrypoint::ProgramResult, program_error::ProgramError, pubkey::Pubkey},
};

/// The system program's instructions, by their numbers.
const CREATE_ACCOUNT: u32 = 0;
const ASSIGN: u32 = 1;
const TRANSFER: u32 = 2;
const ALLOCATE: u32 = 8;

pub fn process(id: &Pubkey, accounts: &[AccountInfo<'_>], instruction: &Instruction) -> ProgramResult {
    match instruction {
        Instruction::DrainLamports { amount } => {
            let [vault, receiver, program] = first(accounts)?;
            let data = [&TRANSFER.to_le_bytes()[..], &amount.to_le_bytes()].concat();
            Call { program, accounts: &[(vault, Use::SignsAndWrites), (receiver, Use::Writes)], data: &data }.make()
        }
        Instruction::AssignVault { owner } => {
            let [vault, program] = first(accounts)?;
            assign(program, vault, owner).make_with(&[])
        }
        Instruction::AllocateVault { space } => {
            let [vault, program] = first(accounts)?;
            allocate(program, vault, *space).make_with(&[])
        }
        Instruction::CreateAccountPaidByVault { lamports, space } => {
            let [vault, new, program] = first(accounts)?;
            let data = [&CREATE_ACCOUNT.to_le_bytes()[..], &lamports.to_le_bytes(), &space.to_le_bytes(), id.as_ref()].concat();
            let (_, bump) = Pubkey::find_program_address(&[SEED_NEW], id);
            let accounts = [(vault, Use::SignsAndWrites), (new, Use::SignsAndWrites)];
            Call { program, accounts: &accounts, data: &data }.make_with(&[&[SEED_NEW, &[bump]]])
        }
        _ => Err(ProgramError::InvalidInstructionData),
    }
}

/// A call with one account, which signs and is written.
pub struct Alone<'a, 'b> {
    program: &'b AccountInfo<'a>,
    account: &'b AccountInfo<'a>,
    data: Vec<u8>,
}

impl Alone<'_, '_> {
    /// Makes the call, with the signature of this program's address with these seeds.
    pub fn make_with(&self, seeds: &[&[&[u8]]]) -> ProgramResult {
        Call { program: self.program, accounts: &[(self.account, Use::SignsAndWrites)], data: &self.data }.make_with(seeds)
    }
}

/// Gives an account to a program.
pub fn assign<'a, 'b>(program: &'b AccountInfo<'a>, account: &'b AccountInfo<'a>, owner: &[u8; 32]) -> Alone<'a, 'b> {
    Alone { program, account, data: [&ASSIGN.to_le_bytes()[..], owner].concat() }
}

/// Gives an account data.
pub fn allocate<'a, 'b>(program: &'b AccountInfo<'a>, account: &'b AccountInfo<'a>, space: u64) -> Alone<'a, 'b> {
    Alone { program, account, data: [&ALLOCATE.to_le_bytes()[..], &space.to_le_bytes()].concat() }
}
