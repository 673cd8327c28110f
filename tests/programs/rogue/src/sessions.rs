//! The guard, and calls of the session program, in a program without a framework.

use {
    crate::{
        call::{Call, Use},
        instruction::{Instruction, NO_ANSWER},
        process::first,
    },
    sessions_core::{
        Refusal,
        guard::{self, AccountBytes},
        rules::permissions::Permissions,
    },
    solana_program::{
        account_info::AccountInfo, clock::Clock, entrypoint::ProgramResult, log::sol_log_compute_units, msg, program::get_return_data,
        program_error::ProgramError, sysvar::Sysvar,
    },
};

pub fn process(accounts: &[AccountInfo<'_>], instruction: &Instruction) -> ProgramResult {
    match instruction {
        Instruction::Guarded { permissions } => guarded(first(accounts)?, permission(*permissions)?),
        Instruction::GuardedByVault { permissions } => guarded_by_vault(first(accounts)?, permission(*permissions)?),
        Instruction::Consume { permissions, units } => {
            let data = guard::consume(permission(*permissions)?, *units);
            ask(first(accounts)?, Use::AsPassed, &data)
        }
        Instruction::Validate { permissions, units } => {
            let data = guard::validate_session(permission(*permissions)?, *units);
            ask(first(accounts)?, Use::Reads, &data)
        }
        _ => Err(ProgramError::InvalidInstructionData),
    }
}

fn permission(bits: u32) -> Result<Permissions, ProgramError> {
    Permissions::from_bits(bits).ok_or(ProgramError::InvalidArgument)
}

/// An account as the guard takes it.
fn bytes<'a>(account: &'a AccountInfo<'_>, data: &'a [u8]) -> AccountBytes<'a> {
    AccountBytes { address: account.key, owner: account.owner, data }
}

fn refuse(refusal: Refusal) -> ProgramError {
    if let Some(detail) = refusal.detail {
        msg!(detail.text());
    }
    ProgramError::Custom(refusal.error.code())
}

/// Does something between two lines in the log that say how many compute units are left; a third says what such a line takes.
#[inline(always)]
fn measured<T>(work: impl FnOnce() -> T) -> T {
    sol_log_compute_units();
    let done = work();
    sol_log_compute_units();
    sol_log_compute_units();
    done
}

#[inline(never)]
fn guarded([signer, session, member]: &[AccountInfo<'_>; 3], permission: Permissions) -> ProgramResult {
    if !signer.is_signer {
        return Err(ProgramError::MissingRequiredSignature);
    }
    let now = Clock::get()?.unix_timestamp;
    let (session_data, member_data) = (session.try_borrow_data()?, member.try_borrow_data()?);
    let (session, member) = (bytes(session, &session_data), bytes(member, &member_data));
    measured(|| guard::member_may(&session, &member, signer.key, permission, now)).map_err(refuse)?;
    Ok(())
}

#[inline(never)]
fn guarded_by_vault([vault, session, member]: &[AccountInfo<'_>; 3], permission: Permissions) -> ProgramResult {
    let now = Clock::get()?.unix_timestamp;
    let (session_data, member_data) = (session.try_borrow_data()?, member.try_borrow_data()?);
    let (session, member) = (bytes(session, &session_data), bytes(member, &member_data));
    measured(|| guard::authorized_by_vault(&session, &member, vault.key, vault.is_signer, permission, now)).map_err(refuse)?;
    Ok(())
}

#[inline(never)]
fn ask([signer, session, member, program]: &[AccountInfo<'_>; 4], how: Use, data: &[u8]) -> ProgramResult {
    let id = {
        let data = session.try_borrow_data()?;
        guard::session(&bytes(session, &data)).map_err(refuse)?.id
    };
    // A wrong program is called all the same; its answer is not taken.
    let accounts = [(signer, Use::Signs), (session, how), (member, how)];
    measured(|| Call { program, accounts: &accounts, data }.make())?;
    let (answering, answer) = get_return_data().ok_or(ProgramError::Custom(NO_ANSWER))?;
    let standing = guard::standing(&sessions_core::Address::new_from_array(answering.to_bytes()), &answer, &id);
    if standing.is_some() { Ok(()) } else { Err(ProgramError::Custom(NO_ANSWER)) }
}
