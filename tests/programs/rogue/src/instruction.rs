//! The instructions. Where one takes accounts, they stand in this order; (s) signs and (w) is written.

use borsh::{BorshDeserialize, BorshSerialize};

/// Seed of the address at which [`Instruction::CreateAccountPaidByVault`] makes an account.
pub const SEED_NEW: &[u8] = b"new";
/// Seed of the address at which [`Instruction::NewTokenAccount`] makes one.
pub const SEED_TOKEN: &[u8] = b"token";

/// What an assertion fails with: `AssertNotSigner` found a signature, `AssertSigner` none.
pub const WRONG_SIGNERS: u32 = 100;
/// What [`Instruction::Consume`] fails with if nobody answered, or somebody else.
pub const NO_ANSWER: u32 = 101;

/// How somebody could take something out of a token account that becomes the vault's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Trap {
    /// Not at all.
    None,
    /// As a delegate, approved with the vault's signature.
    Delegate,
    /// By closing it, with the vault's signature.
    CloseAuthority,
    /// By closing it, arranged before the account was given to the vault, without its signature.
    CloseAuthorityBefore,
}

/// What can be asked of the program. The data of an instruction is this in Borsh.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Instruction {
    /// Does nothing. Takes any accounts.
    Nothing,
    /// Fails. Takes any accounts.
    Fail {
        /// The error's code.
        code: u32,
    },
    /// Logs a text. Takes any accounts.
    Log {
        /// The text.
        text: String,
    },
    /// Returns data. Takes any accounts.
    Answer {
        /// The data.
        data: Vec<u8>,
    },
    /// Reads all accounts.
    ReadAccounts,
    /// Fails unless the first account signs.
    AssertSigner,
    /// Fails if any account but the first signs.
    AssertNotSigner,
    /// Calls a program with all accounts behind the first, as they were passed: the program, any accounts.
    CallBack {
        /// The data of the call.
        data: Vec<u8>,
    },
    /// Pays lamports out of the vault: vault (s, w), receiver (w), system program.
    DrainLamports {
        /// How many.
        amount: u64,
    },
    /// Gives the vault to a program: vault (s, w), system program.
    AssignVault {
        /// The program.
        owner: [u8; 32],
    },
    /// Gives the vault data: vault (s, w), system program.
    AllocateVault {
        /// How many bytes.
        space: u64,
    },
    /// Makes an account that the vault pays for: vault (s, w), new account (w; the address of [`SEED_NEW`]), system program.
    CreateAccountPaidByVault {
        /// What it pays.
        lamports: u64,
        /// How many bytes.
        space: u64,
    },
    /// Transfers tokens: vault (s), its account (w), mint, receiver (w), token program.
    DrainTokens {
        /// How many.
        amount: u64,
        /// The mint's decimals.
        decimals: u8,
    },
    /// Burns tokens: vault (s), its account (w), mint (w), token program.
    Burn {
        /// How many.
        amount: u64,
    },
    /// Approves a delegate: vault (s), its account (w), delegate, token program.
    Approve {
        /// For how many tokens.
        amount: u64,
    },
    /// Sets another owner: vault (s), its account (w), token program.
    SetOwner {
        /// The owner.
        owner: [u8; 32],
    },
    /// Sets who may close: vault (s), its account (w), token program.
    SetCloseAuthority {
        /// Who.
        authority: [u8; 32],
    },
    /// Closes an account: vault (s), its account (w), receiver of its lamports (w), token program.
    CloseTokenAccount,
    /// Makes a token account of the vault's and moves tokens into it: vault (s), new account (w; the address of [`SEED_TOKEN`], funded before),
    /// mint, who profits from the trap, the vault's account that the tokens come from (w), token program, system program.
    NewTokenAccount {
        /// How somebody else could take them.
        trap: Trap,
        /// How many.
        amount: u64,
        /// The mint's decimals.
        decimals: u8,
        /// How many bytes the account has.
        space: u64,
    },
    /// Locks an account against calls: vault (s), its account (w), token program. The token program refuses it in a call.
    EnableCpiGuard,
    /// Has an account ask for memos: vault (s), its account (w), token program.
    RequireMemo,
    /// Makes room for an extension: vault (s, w), its account (w), token program, system program. The vault pays.
    Reallocate {
        /// The extension's number.
        extension: u16,
    },
    /// Asks the guard, between lines that log how many compute units are left: signer (s), session, membership.
    Guarded {
        /// For which permissions.
        permissions: u32,
    },
    /// Asks the guard for the vault, between such lines: vault (s), session, membership.
    GuardedByVault {
        /// For which permissions.
        permissions: u32,
    },
    /// Charges, between such lines: signer (s), session (w if it was passed so), membership (w), session program.
    Consume {
        /// For which permissions.
        permissions: u32,
        /// How many units.
        units: u64,
    },
    /// Asks how the member stands, between such lines: signer (s), session, membership, session program.
    Validate {
        /// For which permissions.
        permissions: u32,
        /// How many units.
        units: u64,
    },
}

impl Instruction {
    /// The instruction's data.
    pub fn data(&self) -> Vec<u8> {
        borsh::to_vec(self).unwrap_or_default()
    }
}
