//! One builder for every instruction. Accounts that follow from others are derived here; what is left to say is who signs and what for.
//!
//! Whoever acts as a member is named twice: `signer`, the member's wallet or its session key, and `wallet`, whose membership it is; where an act may write
//! the session or not, an [`Acting`] says all of it.

mod access;
mod acting;
mod consumption;
mod functions;
mod lifecycle;
mod membership;
mod messages;
mod properties;
mod vault;

pub use {
    access::*,
    acting::Acting,
    consumption::*,
    functions::*,
    lifecycle::*,
    membership::*,
    messages::*,
    properties::*,
    sessions::instructions::{
        CommitCheckpointArgs, CreateInviteTokenArgs, GrantAccessArgs, InviteMemberArgs, RequestSessionArgs as SessionArgs, SetPropertyArgs,
        SetSessionKeyArgs,
    },
    vault::*,
};

use {
    crate::address::PROGRAM,
    anchor_lang::{InstructionData, ToAccountMetas},
    solana_address::Address,
    solana_instruction::Instruction,
};

const SYSTEM_PROGRAM: Address = Address::new_from_array([0; 32]);

fn build(accounts: impl ToAccountMetas, data: impl InstructionData) -> Instruction {
    Instruction { program_id: PROGRAM, accounts: accounts.to_account_metas(None), data: data.data() }
}
