//! Who is in a session.

use {
    super::{SYSTEM_PROGRAM, build},
    crate::address,
    sessions::{
        accounts as metas, instruction as data,
        instructions::{CreateInviteTokenArgs, InviteMemberArgs, SetSessionKeyArgs},
    },
    sessions_core::{InvitationState, InviteTokenState, rules::membership::MemberChanges},
    solana_address::Address,
    solana_instruction::Instruction,
};

/// `invite_member`: invites a wallet, by a member with INVITE_MEMBERS.
pub fn invite_member(inviter: Address, payer: Address, session: Address, args: InviteMemberArgs) -> Instruction {
    let accounts = metas::InviteMember {
        inviter,
        payer,
        session,
        inviter_member: address::member(&session, &inviter),
        invitation: address::invitation(&session, &args.member),
        system_program: SYSTEM_PROGRAM,
    };
    build(accounts, data::InviteMember { args: &args })
}

/// `create_invite_token`: makes a token that admits whoever holds its key, by a member with INVITE_MEMBERS.
pub fn create_invite_token(inviter: Address, payer: Address, session: Address, args: CreateInviteTokenArgs) -> Instruction {
    let accounts = metas::CreateInviteToken {
        inviter,
        payer,
        session,
        inviter_member: address::member(&session, &inviter),
        invite_token: address::invite_token(&session, &args.token),
        system_program: SYSTEM_PROGRAM,
    };
    build(accounts, data::CreateInviteToken { args: &args })
}

/// `revoke_invitation`: takes an invitation back, by its inviter or the authority.
pub fn revoke_invitation(signer: Address, session: Address, invitation: &InvitationState) -> Instruction {
    let (account, payer) = (address::invitation(&session, &invitation.target), invitation.header.payer);
    build(metas::RevokeInvitation { signer, session, invitation: account, payer }, data::RevokeInvitation {})
}

/// `revoke_invitation`: takes a token back, by its inviter or the authority.
pub fn revoke_token(signer: Address, session: Address, token: &InviteTokenState) -> Instruction {
    let (account, payer) = (address::invite_token(&session, &token.token), token.header.payer);
    build(metas::RevokeInvitation { signer, session, invitation: account, payer }, data::RevokeInvitation {})
}

/// `accept_invitation`: joins with an invitation, by whom it is for; `payer` pays for a membership that is made.
pub fn accept_invitation(wallet: Address, payer: Address, session: Address, invitation: &InvitationState) -> Instruction {
    let accounts = metas::AcceptInvitation {
        wallet,
        payer,
        session,
        invitation: address::invitation(&session, &invitation.target),
        invitation_payer: invitation.header.payer,
        inviter_member: address::member(&session, &invitation.offer.inviter),
        member: address::member(&session, &wallet),
        system_program: SYSTEM_PROGRAM,
    };
    build(accounts, data::AcceptInvitation {})
}

/// `join_with_token`: joins with a token, whose key signs as well; `payer` pays for a membership that is made.
pub fn join_with_token(wallet: Address, payer: Address, session: Address, token: &InviteTokenState) -> Instruction {
    let accounts = metas::JoinWithToken {
        wallet,
        payer,
        token: token.token,
        session,
        invite_token: address::invite_token(&session, &token.token),
        inviter_member: address::member(&session, &token.offer.inviter),
        member: address::member(&session, &wallet),
        system_program: SYSTEM_PROGRAM,
    };
    build(accounts, data::JoinWithToken {})
}

/// `join_session`: joins without an invitation; `payer` pays for a membership that is made.
pub fn join_session(wallet: Address, payer: Address, session: Address) -> Instruction {
    let member = address::member(&session, &wallet);
    build(metas::JoinSession { wallet, payer, session, member, system_program: SYSTEM_PROGRAM }, data::JoinSession {})
}

/// `decline_invitation`: declines an invitation, by whom it is for.
pub fn decline_invitation(wallet: Address, session: Address, invitation: &InvitationState) -> Instruction {
    let (account, payer) = (address::invitation(&session, &invitation.target), invitation.header.payer);
    build(metas::DeclineInvitation { wallet, session, invitation: account, payer }, data::DeclineInvitation {})
}

/// `leave_session`: a member leaves.
pub fn leave_session(wallet: Address, session: Address) -> Instruction {
    build(metas::LeaveSession { wallet, session, member: address::member(&session, &wallet) }, data::LeaveSession {})
}

/// `remove_member`: removes the member with this wallet, by a member with REMOVE_MEMBERS.
pub fn remove_member(remover: Address, session: Address, wallet: Address) -> Instruction {
    let remover_member = Some(address::member(&session, &remover));
    build(metas::RemoveMember { remover, session, member: address::member(&session, &wallet), remover_member }, data::RemoveMember {})
}

/// `remove_member`: removes the member with this wallet, whose membership has expired, by anyone.
pub fn remove_expired_member(remover: Address, session: Address, wallet: Address) -> Instruction {
    let member = address::member(&session, &wallet);
    build(metas::RemoveMember { remover, session, member, remover_member: None }, data::RemoveMember {})
}

/// `update_member`: changes the rights of the member with this wallet, by the authority.
pub fn update_member(authority: Address, session: Address, wallet: Address, changes: MemberChanges) -> Instruction {
    let member = address::member(&session, &wallet);
    build(metas::UpdateMember { authority, session, member }, data::UpdateMember { update: &changes.into() })
}

/// `propose_authority`: proposes the member with this wallet, by the authority.
pub fn propose_authority(authority: Address, session: Address, wallet: Address) -> Instruction {
    build(metas::ProposeAuthority { authority, session, member: address::member(&session, &wallet) }, data::ProposeAuthority {})
}

/// `accept_authority`: rules the session from now on, by who was proposed.
pub fn accept_authority(wallet: Address, session: Address) -> Instruction {
    build(metas::AcceptAuthority { wallet, session, member: address::member(&session, &wallet) }, data::AcceptAuthority {})
}

/// `set_session_key`: a member gives itself a key that acts for it.
pub fn set_session_key(wallet: Address, session: Address, args: SetSessionKeyArgs) -> Instruction {
    let member = address::member(&session, &wallet);
    build(metas::SetSessionKey { wallet, session, member }, data::SetSessionKey { args: &args })
}

/// `clear_session_key`: a member takes its session key back.
pub fn clear_session_key(wallet: Address, session: Address) -> Instruction {
    build(metas::ClearSessionKey { wallet, session, member: address::member(&session, &wallet) }, data::ClearSessionKey {})
}
