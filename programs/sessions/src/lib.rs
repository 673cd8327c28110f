//! The session program: Anchor accounts and instructions over `sessions-core`.
//!
//! This file only delegates. An instruction's arguments, accounts, checks and handler are in its own file in [`instructions`]; what a step
//! does to an account, and who may take it when, is a transition in `sessions_core::state`. A handler calls that transition, and the
//! transition logs its event.
//!
//! Invariants of every instruction: each account is checked for its owner, discriminator and version before it is read; an address is
//! derived when its account is created; nothing is written unless every check has passed; no arithmetic wraps unnoticed and nothing panics.

#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]
#![allow(missing_docs, reason = "Anchor's macros make modules, structs and fields without documentation")]

#[cfg(target_os = "solana")]
use solana_compiler_builtins as _;

pub mod calls;
pub mod events;
pub mod extensions;
pub mod instructions;
pub mod refusal;
pub mod security;
pub mod state;
pub mod tokens;
pub mod vaults;

use {
    anchor_lang::prelude::*,
    instructions::*,
    sessions_core::rules::{config::SessionUpdate, membership::MemberUpdate},
};

declare_id!("SessGKKphX3HqFASfkrnKYdSKFhjhttP5tn6SdpUei8");

/// The instructions: a session's life first, then what happens in it.
#[program]
pub mod sessions {
    use super::*;

    /// – → Requested, by the creator.
    pub fn request_session(ctx: &mut Context<RequestSession>, args: &RequestSessionArgs) -> Result<()> {
        RequestSession::handler(ctx, args)
    }

    /// – → Active through every step, by a creator who is also the host.
    pub fn open_session(ctx: &mut Context<OpenSession>, args: &RequestSessionArgs) -> Result<()> {
        OpenSession::handler(ctx, args)
    }

    /// Requested → Creating, by the host.
    pub fn begin_creation(ctx: &mut Context<BeginCreation>) -> Result<()> {
        BeginCreation::handler(ctx)
    }

    /// Creating → Created, by the host.
    pub fn complete_creation(ctx: &mut Context<CompleteCreation>) -> Result<()> {
        CompleteCreation::handler(ctx)
    }

    /// Created → Activating, by the authority.
    pub fn begin_activation(ctx: &mut Context<BeginActivation>) -> Result<()> {
        BeginActivation::handler(ctx)
    }

    /// Activating → Active, by the host.
    pub fn complete_activation(ctx: &mut Context<CompleteActivation>) -> Result<()> {
        CompleteActivation::handler(ctx)
    }

    /// Active → Paused, by the authority.
    pub fn pause_session(ctx: &mut Context<PauseSession>) -> Result<()> {
        PauseSession::handler(ctx)
    }

    /// Paused → Active, by the authority.
    pub fn resume_session(ctx: &mut Context<ResumeSession>) -> Result<()> {
        ResumeSession::handler(ctx)
    }

    /// Changes host, metadata, seats, permissions, shared quotas or expiry of a session from Created to Paused, by the authority.
    pub fn update_session(ctx: &mut Context<UpdateSession>, update: &SessionUpdate) -> Result<()> {
        UpdateSession::handler(ctx, update)
    }

    /// Active or Paused → Closing, by the authority.
    pub fn close_session(ctx: &mut Context<CloseSession>, args: CloseSessionArgs) -> Result<()> {
        CloseSession::handler(ctx, &args)
    }

    /// Closing → Closed, by the host; from the step's deadline on, by anyone.
    pub fn complete_close(ctx: &mut Context<CompleteClose>) -> Result<()> {
        CompleteClose::handler(ctx)
    }

    /// Requested to Activating → Closed, by the creator or the host; from the step's deadline on, by anyone.
    pub fn abort_session(ctx: &mut Context<AbortSession>, args: AbortSessionArgs) -> Result<()> {
        AbortSession::handler(ctx, &args)
    }

    /// Active or Paused → Closed, when the session's time is over.
    pub fn expire_session(ctx: &mut Context<ExpireSession>) -> Result<()> {
        ExpireSession::handler(ctx)
    }

    /// Deletes accounts that belonged to a session that is closed or gone, many at once, by anyone. Behind the session stand pairs: an account to
    /// delete, and the payer of its rent, who gets it back; both writable.
    pub fn reclaim_children(ctx: &mut Context<ReclaimChildren>) -> Result<()> {
        ReclaimChildren::handler(ctx)
    }

    /// Deletes a closed session and pays its rent back, by anyone.
    pub fn reclaim_session(ctx: &mut Context<ReclaimSession>) -> Result<()> {
        ReclaimSession::handler(ctx)
    }

    /// Invites a wallet, by a member with INVITE_MEMBERS, from Created to Active.
    pub fn invite_member(ctx: &mut Context<InviteMember>, args: &InviteMemberArgs) -> Result<()> {
        InviteMember::handler(ctx, args)
    }

    /// Makes a token that admits whoever holds its key, by a member with INVITE_MEMBERS, from Created to Active.
    pub fn create_invite_token(ctx: &mut Context<CreateInviteToken>, args: &CreateInviteTokenArgs) -> Result<()> {
        CreateInviteToken::handler(ctx, args)
    }

    /// Takes an invitation or a token back, by its inviter or the authority.
    pub fn revoke_invitation(ctx: &mut Context<RevokeInvitation>) -> Result<()> {
        RevokeInvitation::handler(ctx)
    }

    /// Joins with the invitation that the wallet was sent, from Created to Active.
    pub fn accept_invitation(ctx: &mut Context<AcceptInvitation>) -> Result<()> {
        AcceptInvitation::handler(ctx)
    }

    /// Joins with a token, whose key signs as well, from Created to Active.
    pub fn join_with_token(ctx: &mut Context<JoinWithToken>) -> Result<()> {
        JoinWithToken::handler(ctx)
    }

    /// Joins without an invitation, from Created to Active, where the session is not INVITE_ONLY.
    pub fn join_session(ctx: &mut Context<JoinSession>) -> Result<()> {
        JoinSession::handler(ctx)
    }

    /// Declines an invitation, by whom it is for.
    pub fn decline_invitation(ctx: &mut Context<DeclineInvitation>) -> Result<()> {
        DeclineInvitation::handler(ctx)
    }

    /// Leaves the session; not the authority.
    pub fn leave_session(ctx: &mut Context<LeaveSession>) -> Result<()> {
        LeaveSession::handler(ctx)
    }

    /// Removes a member, by one with REMOVE_MEMBERS and no fewer permissions, or by anyone once the membership has expired.
    pub fn remove_member(ctx: &mut Context<RemoveMember>) -> Result<()> {
        RemoveMember::handler(ctx)
    }

    /// Changes a member's role, permissions, expiry or quotas, by the authority, from Created to Paused.
    pub fn update_member(ctx: &mut Context<UpdateMember>, update: &MemberUpdate) -> Result<()> {
        UpdateMember::handler(ctx, update)
    }

    /// Proposes another authority, by the present one, from Created to Paused.
    pub fn propose_authority(ctx: &mut Context<ProposeAuthority>) -> Result<()> {
        ProposeAuthority::handler(ctx)
    }

    /// Accepts to rule the session, by whom the authority proposed, from Created to Paused.
    pub fn accept_authority(ctx: &mut Context<AcceptAuthority>) -> Result<()> {
        AcceptAuthority::handler(ctx)
    }

    /// Gives a member a session key, by its wallet, from Created to Active.
    pub fn set_session_key(ctx: &mut Context<SetSessionKey>, args: &SetSessionKeyArgs) -> Result<()> {
        SetSessionKey::handler(ctx, args)
    }

    /// Takes a member's session key back, by its wallet.
    pub fn clear_session_key(ctx: &mut Context<ClearSessionKey>) -> Result<()> {
        ClearSessionKey::handler(ctx)
    }

    /// Writes a shared value, by a member with WRITE_PROPERTIES, while the session is active.
    pub fn set_property(ctx: &mut Context<SetProperty>, args: SetPropertyArgs<'_>) -> Result<()> {
        SetProperty::handler(ctx, &args)
    }

    /// Deletes a shared value, by a member with WRITE_PROPERTIES, while the session is active.
    pub fn delete_property(ctx: &mut Context<DeleteProperty>, args: DeletePropertyArgs) -> Result<()> {
        DeleteProperty::handler(ctx, &args)
    }

    /// Sends a message to everyone, by a member with SEND_MESSAGES, while the session is active.
    pub fn broadcast_message(ctx: &mut Context<BroadcastMessage>, data: &[u8]) -> Result<()> {
        BroadcastMessage::handler(ctx, data)
    }

    /// Sends a message to another member, by a member with SEND_MESSAGES, while the session is active.
    pub fn send_direct_message(ctx: &mut Context<SendDirectMessage>, data: &[u8]) -> Result<()> {
        SendDirectMessage::handler(ctx, data)
    }

    /// Records where the live state stands, by the host, while the session is active, paused or closing.
    pub fn commit_checkpoint(ctx: &mut Context<CommitCheckpoint>, args: &CommitCheckpointArgs) -> Result<()> {
        CommitCheckpoint::handler(ctx, args)
    }

    /// Lets members call a program with the vault's signature, by the authority, from Created to Active.
    pub fn register_function(ctx: &mut Context<RegisterFunction>, args: &RegisterFunctionArgs) -> Result<()> {
        RegisterFunction::handler(ctx, args)
    }

    /// No longer lets members call a program, by the authority.
    pub fn unregister_function(ctx: &mut Context<UnregisterFunction>) -> Result<()> {
        UnregisterFunction::handler(ctx)
    }

    /// Calls a registered function with the vault's signature, by a member with EXECUTE_FUNCTIONS, while the session is active.
    pub fn execute_function(ctx: &mut Context<ExecuteFunction>, args: ExecuteFunctionArgs<'_>) -> Result<()> {
        ExecuteFunction::handler(ctx, &args)
    }

    /// Calls up to eight registered functions, all or none of them, by a member with COMPOSE_FUNCTIONS, while the session is active.
    pub fn compose_functions(ctx: &mut Context<ComposeFunctions>, calls: Vec<ComposedCall<'_>>) -> Result<()> {
        ComposeFunctions::handler(ctx, &calls)
    }

    /// Puts SOL or tokens into the vault, by anyone, from Created to Active.
    pub fn deposit(ctx: &mut Context<Deposit>, args: DepositArgs) -> Result<()> {
        Deposit::handler(ctx, args)
    }

    /// Sets what a member may take out of the vault, of one mint, by the authority: from Created to Active or, to no more than before, in any status
    /// before Closed.
    pub fn set_allowance(ctx: &mut Context<SetAllowance>, args: &SetAllowanceArgs) -> Result<()> {
        SetAllowance::handler(ctx, args)
    }

    /// Pays SOL out of the vault, by a member with SPEND and an allowance, while the session is active.
    pub fn spend(ctx: &mut Context<Spend>, args: SpendArgs) -> Result<()> {
        Spend::handler(ctx, args)
    }

    /// Pays tokens out of the vault, by a member with SPEND and an allowance of their mint, while the session is active.
    pub fn spend_tokens(ctx: &mut Context<SpendTokens>, args: SpendTokensArgs) -> Result<()> {
        SpendTokens::handler(ctx, args)
    }

    /// Takes SOL or tokens out of the vault, by the authority; once the session is closed or gone by anyone, all of it and to its creator.
    pub fn withdraw(ctx: &mut Context<Withdraw>, args: &WithdrawArgs) -> Result<()> {
        Withdraw::handler(ctx, args)
    }

    /// Charges a member for what it does in another program, and answers how it stands by return data, while the session is active.
    pub fn consume(ctx: &mut Context<Consume>, args: &ConsumeArgs) -> Result<()> {
        Consume::handler(ctx, args)
    }

    /// Answers by return data how a member stands, if it could be charged so, while the session is active.
    pub fn validate_session(ctx: &mut Context<ValidateSession>, args: &ConsumeArgs) -> Result<()> {
        ValidateSession::handler(ctx, args)
    }

    /// Lets another session read or write this one's properties, by its authority, from Created to Active.
    pub fn grant_access(ctx: &mut Context<GrantAccess>, args: GrantAccessArgs) -> Result<()> {
        GrantAccess::handler(ctx, args)
    }

    /// Takes a grant back, by the authority of the session that made it.
    pub fn revoke_access(ctx: &mut Context<RevokeAccess>) -> Result<()> {
        RevokeAccess::handler(ctx)
    }

    /// Answers with another session's property by return data, its version first, by a member with READ_CROSS_SESSION and a grant.
    pub fn read_property(ctx: &mut Context<ReadProperty>) -> Result<()> {
        ReadProperty::handler(ctx)
    }

    /// Writes another session's property, by a member with WRITE_CROSS_SESSION and a grant, while both sessions are active.
    pub fn write_property(ctx: &mut Context<WriteProperty>, args: SetPropertyArgs<'_>) -> Result<()> {
        WriteProperty::handler(ctx, &args)
    }
}
