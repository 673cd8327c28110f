//! Calls of other programs.
//!
//! The system call is made here and not by `solana_program::program::invoke_signed`, and lists have one capacity: to copy or grow a list of any length
//! takes helpers that SBPF v0 does not have as the compiler calls them, an overflow check of a product and a function of six arguments.

use solana_program::{
    account_info::AccountInfo,
    entrypoint::ProgramResult,
    instruction::{AccountMeta, Instruction},
    pubkey::Pubkey,
};

/// The most accounts of a call.
pub const MAX_ACCOUNTS: usize = 64;

/// What a call does with an account.
#[derive(Clone, Copy)]
pub enum Use {
    /// It reads it.
    Reads,
    /// It writes it.
    Writes,
    /// The account signs.
    Signs,
    /// The account signs, and is written.
    SignsAndWrites,
    /// What the program itself was allowed.
    AsPassed,
}

impl Use {
    fn meta(self, account: &AccountInfo<'_>) -> AccountMeta {
        let (is_signer, is_writable) = match self {
            Self::Reads => (false, false),
            Self::Writes => (false, true),
            Self::Signs => (true, false),
            Self::SignsAndWrites => (true, true),
            Self::AsPassed => (account.is_signer, account.is_writable),
        };
        AccountMeta { pubkey: *account.key, is_signer, is_writable }
    }
}

/// A list of at most [`MAX_ACCOUNTS`], and what is more is left out.
#[inline(always)]
#[allow(unsafe_code, reason = "a list that is pushed to could grow")]
pub fn list<T>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut list = Vec::with_capacity(MAX_ACCOUNTS);
    let mut length = 0;
    for (place, item) in list.spare_capacity_mut().iter_mut().zip(items) {
        place.write(item);
        length += 1;
    }
    // SAFETY: so many places were written, from the first on, and no more than there are.
    unsafe { list.set_len(length) };
    list
}

/// A call.
pub struct Call<'a, 'b> {
    /// The program.
    pub program: &'b AccountInfo<'a>,
    /// The accounts.
    pub accounts: &'b [(&'b AccountInfo<'a>, Use)],
    /// The data.
    pub data: &'b [u8],
}

impl Call<'_, '_> {
    /// Makes the call with the signatures that the program was called with.
    pub fn make(&self) -> ProgramResult {
        self.make_with(&[])
    }

    /// Makes the call with the signature of this program's address with these seeds, too.
    pub fn make_with(&self, seeds: &[&[&[u8]]]) -> ProgramResult {
        let metas = list(self.accounts.iter().map(|(account, how)| how.meta(account)));
        let infos = list(self.accounts.iter().map(|(account, _)| (*account).clone()).chain([self.program.clone()]));
        let program_id = Pubkey::new_from_array(self.program.key.to_bytes());
        match invoke(Instruction { program_id, accounts: metas, data: self.data.to_vec() }, &infos, seeds) {
            0 => Ok(()),
            error => Err(error.into()),
        }
    }
}

#[cfg(target_os = "solana")]
#[inline(always)]
#[allow(unsafe_code, reason = "system calls are")]
fn invoke(instruction: Instruction, infos: &[AccountInfo<'_>], seeds: &[&[&[u8]]]) -> u64 {
    let instruction = solana_program::stable_layout::stable_instruction::StableInstruction::from(instruction);
    // SAFETY: the types have the layouts that the system call reads, and nothing of an account's data is borrowed while this program calls another.
    unsafe {
        solana_program::syscalls::sol_invoke_signed_rust(
            core::ptr::from_ref(&instruction).cast(),
            infos.as_ptr().cast(),
            infos.len() as u64,
            seeds.as_ptr().cast(),
            seeds.len() as u64,
        )
    }
}

#[cfg(not(target_os = "solana"))]
fn invoke(_: Instruction, _: &[AccountInfo<'_>], _: &[&[&[u8]]]) -> u64 {
    // There is nothing to call outside a virtual machine.
    solana_program::program_error::ProgramError::Immutable.into()
}
