//! Which instruction it is.

use {
    crate::{
        call::{Call, Use, list},
        instruction::{Instruction, WRONG_SIGNERS},
        lamports, sessions, tokens,
    },
    borsh::BorshDeserialize,
    solana_program::{
        account_info::AccountInfo, entrypoint::ProgramResult, msg, program::set_return_data, program_error::ProgramError, pubkey::Pubkey,
    },
};

/// Runs an instruction.
///
/// # Errors
/// What it fails with; InvalidInstructionData for none, NotEnoughAccountKeys if accounts are missing.
#[inline(always)]
pub fn process(id: &Pubkey, accounts: &[AccountInfo<'_>], data: &[u8]) -> ProgramResult {
    let instruction = Instruction::try_from_slice(data).map_err(|_| ProgramError::InvalidInstructionData)?;
    match &instruction {
        Instruction::Nothing => Ok(()),
        Instruction::Fail { code } => Err(ProgramError::Custom(*code)),
        Instruction::Log { text } => {
            msg!(text);
            Ok(())
        }
        Instruction::Answer { data } => {
            set_return_data(data);
            Ok(())
        }
        Instruction::ReadAccounts => read(accounts),
        Instruction::AssertSigner => assert(accounts.first().is_some_and(|vault| vault.is_signer)),
        Instruction::AssertNotSigner => assert(!accounts.iter().skip(1).any(|account| account.is_signer)),
        Instruction::CallBack { data } => call_back(accounts, data),
        Instruction::DrainLamports { .. }
        | Instruction::AssignVault { .. }
        | Instruction::AllocateVault { .. }
        | Instruction::CreateAccountPaidByVault { .. } => lamports::process(id, accounts, &instruction),
        Instruction::Guarded { .. } | Instruction::GuardedByVault { .. } | Instruction::Consume { .. } | Instruction::Validate { .. } => {
            sessions::process(accounts, &instruction)
        }
        _ => tokens::process(id, accounts, &instruction),
    }
}

/// The first accounts.
pub fn first<'a, 'b, const N: usize>(accounts: &'b [AccountInfo<'a>]) -> Result<&'b [AccountInfo<'a>; N], ProgramError> {
    accounts.first_chunk().ok_or(ProgramError::NotEnoughAccountKeys)
}

fn assert(holds: bool) -> ProgramResult {
    if holds { Ok(()) } else { Err(ProgramError::Custom(WRONG_SIGNERS)) }
}

fn read(accounts: &[AccountInfo<'_>]) -> ProgramResult {
    let mut bytes: u64 = 0;
    for account in accounts {
        bytes = bytes.wrapping_add(account.try_borrow_data()?.iter().map(|byte| u64::from(*byte)).sum());
    }
    set_return_data(&bytes.to_le_bytes());
    Ok(())
}

fn call_back(accounts: &[AccountInfo<'_>], data: &[u8]) -> ProgramResult {
    let (program, accounts) = accounts.split_first().ok_or(ProgramError::NotEnoughAccountKeys)?;
    let passed = list(accounts.iter().map(|account| (account, Use::AsPassed)));
    Call { program, accounts: &passed, data }.make()
}
