//! From an instruction's discriminator to what it does.

use {
    crate::{
        Accounts, Moment, Outcome, Rejection, access,
        call::{Call, Claims, Step},
        consumption, functions, lifecycle, membership, messages, properties, vault,
    },
    anchor_lang::Discriminator,
    sessions::instruction,
    sessions_core::{ID, events::EventSink, same},
    solana_instruction::{Instruction, error::InstructionError},
};

/// The discriminator as a word.
const fn word(discriminator: &[u8]) -> u64 {
    match discriminator.first_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => 0,
    }
}

macro_rules! instructions {
    ($($name:ident => $module:ident::$step:ident,)+) => {
        /// The discriminators.
        #[allow(non_upper_case_globals, reason = "each has its instruction's name")]
        mod words {
            use super::*;

            $(pub const $name: u64 = word(<instruction::$name as Discriminator>::DISCRIMINATOR);)+
        }

        /// Runs the instruction with this discriminator.
        ///
        /// # Errors
        /// InvalidInstructionData if there is none.
        #[inline(always)]
        fn run<A: Accounts, E: EventSink>(discriminator: u64, call: &mut Call<'_, A, E>) -> Step {
            match discriminator {
                $(words::$name => $module::$step(call),)+
                _ => Err(InstructionError::InvalidInstructionData.into()),
            }
        }
    };
}

instructions! {
    RequestSession => lifecycle::request_session,
    OpenSession => lifecycle::open_session,
    BeginCreation => lifecycle::begin_creation,
    CompleteCreation => lifecycle::complete_creation,
    BeginActivation => lifecycle::begin_activation,
    CompleteActivation => lifecycle::complete_activation,
    PauseSession => lifecycle::pause_session,
    ResumeSession => lifecycle::resume_session,
    UpdateSession => lifecycle::update_session,
    CloseSession => lifecycle::close_session,
    CompleteClose => lifecycle::complete_close,
    AbortSession => lifecycle::abort_session,
    ExpireSession => lifecycle::expire_session,
    ReclaimChildren => lifecycle::reclaim_children,
    ReclaimSession => lifecycle::reclaim_session,
    InviteMember => membership::invite_member,
    CreateInviteToken => membership::create_invite_token,
    RevokeInvitation => membership::revoke_invitation,
    AcceptInvitation => membership::accept_invitation,
    JoinWithToken => membership::join_with_token,
    JoinSession => membership::join_session,
    DeclineInvitation => membership::decline_invitation,
    LeaveSession => membership::leave_session,
    RemoveMember => membership::remove_member,
    UpdateMember => membership::update_member,
    ProposeAuthority => membership::propose_authority,
    AcceptAuthority => membership::accept_authority,
    SetSessionKey => membership::set_session_key,
    ClearSessionKey => membership::clear_session_key,
    SetProperty => properties::set_property,
    DeleteProperty => properties::delete_property,
    BroadcastMessage => messages::broadcast_message,
    SendDirectMessage => messages::send_direct_message,
    CommitCheckpoint => messages::commit_checkpoint,
    RegisterFunction => functions::register_function,
    UnregisterFunction => functions::unregister_function,
    ExecuteFunction => functions::execute_function,
    ComposeFunctions => functions::compose_functions,
    Deposit => vault::deposit,
    SetAllowance => vault::set_allowance,
    Spend => vault::spend,
    SpendTokens => vault::spend_tokens,
    Withdraw => vault::withdraw,
    Consume => consumption::consume,
    ValidateSession => consumption::validate_session,
    GrantAccess => access::grant_access,
    RevokeAccess => access::revoke_access,
    ReadProperty => access::read_property,
    WriteProperty => access::write_property,
}

/// As [`crate::reduce`].
pub(crate) fn dispatch<A: Accounts, E: EventSink>(
    instruction: &Instruction,
    accounts: &mut A,
    at: &Moment,
    events: &mut E,
) -> Result<Outcome, Rejection> {
    if !same(&instruction.program_id, &ID) {
        return Err(Rejection::Foreign);
    }
    let Some((discriminator, data)) = instruction.data.split_first_chunk() else {
        return Err(InstructionError::InvalidInstructionData.into());
    };
    let outcome = Outcome { exact: true, returned: Vec::new() };
    let mut call = Call { metas: &instruction.accounts, data, accounts, at, events, claims: Claims::default(), outcome };
    run(u64::from_le_bytes(*discriminator), &mut call)?;
    Ok(call.outcome)
}
