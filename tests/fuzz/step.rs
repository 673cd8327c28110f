//! Everything that can be done with a session: as an instruction, and as the rules have it.

use {
    crate::{
        life::{Life, creation},
        powers::{By, Power},
    },
    sessions_client::{
        address,
        core::{
            Act, InvitationState, InviteTokenState, MemberState, PropertyState, Refusal, SessionError, SessionState,
            events::{AnyEvent, Event, EventSink},
            rules::{
                config::SessionChanges,
                lifecycle::{CloseReason, Transition},
                membership::{MemberChanges, Terms},
            },
            state::{At, Child, Creation, PropertyKey, PropertyWrite},
        },
        instruction::{self, CreateInviteTokenArgs, InviteMemberArgs, SetPropertyArgs, SetSessionKeyArgs},
    },
    sessions_tests::{Actor, session::TestSession},
    solana_address::Address,
    solana_instruction::Instruction,
    std::collections::BTreeMap,
};

/// The events that the rules tell of.
#[derive(Default)]
pub struct Told(pub Vec<AnyEvent>);

impl EventSink for Told {
    fn emit<E: Event>(&mut self, event: &E) {
        self.0.push((*event).into());
    }
}

/// What someone does.
#[derive(Clone, Debug)]
pub enum What {
    Take(Transition, SessionChanges),
    ReclaimChildren(Vec<(Address, Address)>),
    Invite { target: Address, terms: Terms, ttl: u32 },
    Tokenize { token: Address, terms: Terms, ttl: u32, uses: u32 },
    Revoke(Address),
    RevokeToken(Address),
    Accept { of: Address },
    JoinWithToken(Address),
    Join,
    Decline { of: Address },
    Leave,
    Remove { of: Address, as_member: bool },
    Update { of: Address, changes: MemberChanges },
    Propose(Address),
    AcceptAuthority,
    SetKey { key: Address, permissions: u32, ttl: u32 },
    ClearKey,
    SetProperty { key: Vec<u8>, value: Vec<u8>, expected: u64, capacity: u16 },
    DeleteProperty { key: Vec<u8>, expected: u64 },
    Say(Vec<u8>),
    Tell { to: Address, data: Vec<u8> },
    Checkpoint(u64),
    Use(Power),
}

/// Who does what: `wallet` is whose membership it is, `signer` that wallet or a session key.
pub struct Step<'a> {
    pub wallet: &'a Actor,
    pub signer: &'a Actor,
    pub what: What,
}

impl What {
    /// The name under which it is counted.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Take(transition, _) => transition.name(),
            Self::ReclaimChildren(_) => "reclaim_children",
            Self::Invite { .. } => "invite_member",
            Self::Tokenize { .. } => "create_invite_token",
            Self::Revoke(_) => "revoke_invitation",
            Self::RevokeToken(_) => "revoke_invitation, a token",
            Self::Accept { .. } => "accept_invitation",
            Self::JoinWithToken(_) => "join_with_token",
            Self::Join => "join_session",
            Self::Decline { .. } => "decline_invitation",
            Self::Leave => "leave_session",
            Self::Remove { .. } => "remove_member",
            Self::Update { .. } => "update_member",
            Self::Propose(_) => "propose_authority",
            Self::AcceptAuthority => "accept_authority",
            Self::SetKey { .. } => "set_session_key",
            Self::ClearKey => "clear_session_key",
            Self::SetProperty { .. } => "set_property",
            Self::DeleteProperty { .. } => "delete_property",
            Self::Say(_) => "broadcast_message",
            Self::Tell { .. } => "send_direct_message",
            Self::Checkpoint(_) => "commit_checkpoint",
            Self::Use(power) => power.name(),
        }
    }
}

/// An account that is not there: the step must fail, and the rules have nothing to say about it.
pub struct Absent;

impl Step<'_> {
    /// The step as an instruction. What the accounts hold that it names is what the rules say; of one that is not there it is nothing.
    pub fn instruction(&self, session: &TestSession, life: &Life) -> Instruction {
        let (at, signer, wallet, payer) = (session.address, self.signer.address(), self.wallet.address(), session.payer.address());
        let invitation = |of: &Address| {
            let absent = InvitationState { target: *of, ..bytemuck::Zeroable::zeroed() };
            life.invitations.get(of).copied().unwrap_or(absent)
        };
        let token = |of: &Address| {
            let absent = InviteTokenState { token: *of, ..bytemuck::Zeroable::zeroed() };
            life.tokens.get(of).copied().unwrap_or(absent)
        };
        match &self.what {
            What::Take(transition, changes) => take(*transition, changes, &signer, &at, &life.session),
            What::ReclaimChildren(children) => instruction::reclaim_children(at, children),
            What::Invite { target, terms, ttl } => {
                instruction::invite_member(signer, payer, at, InviteMemberArgs { member: *target, terms: *terms, ttl: *ttl, reserved: 0 })
            }
            What::Tokenize { token, terms, ttl, uses } => {
                let args = CreateInviteTokenArgs { token: *token, terms: *terms, ttl: *ttl, uses: *uses };
                instruction::create_invite_token(signer, payer, at, args)
            }
            What::Revoke(of) => instruction::revoke_invitation(signer, at, &invitation(of)),
            What::RevokeToken(of) => instruction::revoke_token(signer, at, &token(of)),
            What::Accept { of } => instruction::accept_invitation(signer, payer, at, &invitation(of)),
            What::JoinWithToken(of) => instruction::join_with_token(signer, payer, at, &token(of)),
            What::Join => instruction::join_session(signer, payer, at),
            What::Decline { of } => instruction::decline_invitation(signer, at, &invitation(of)),
            What::Leave => instruction::leave_session(signer, at),
            What::Remove { of, as_member: true } => instruction::remove_member(signer, at, *of),
            What::Remove { of, as_member: false } => instruction::remove_expired_member(signer, at, *of),
            What::Update { of, changes } => instruction::update_member(signer, at, *of, *changes),
            What::Propose(of) => instruction::propose_authority(signer, at, *of),
            What::AcceptAuthority => instruction::accept_authority(signer, at),
            What::SetKey { key, permissions, ttl } => {
                instruction::set_session_key(signer, at, SetSessionKeyArgs { key: *key, permissions: *permissions, ttl: *ttl })
            }
            What::ClearKey => instruction::clear_session_key(signer, at),
            What::SetProperty { key, value, expected, capacity } => {
                let args = SetPropertyArgs { expected_version: *expected, capacity: *capacity, key, value };
                instruction::set_property(signer, payer, at, wallet, args)
            }
            What::DeleteProperty { key, expected } => {
                let payer = life.properties.get(key).map_or(payer, |(state, _)| state.header.payer);
                instruction::delete_property(signer, at, wallet, key, payer, *expected)
            }
            What::Say(data) => instruction::broadcast_message(signer, at, wallet, data),
            What::Tell { to, data } => instruction::send_direct_message(signer, at, wallet, *to, data),
            What::Checkpoint(sequence) => instruction::commit_checkpoint(signer, at, *sequence, [7; 32]),
            What::Use(power) => power.instruction(session, life, &By { signer: &signer, wallet: &wallet, payer: &payer }),
        }
    }

    /// The step as the rules have it.
    pub fn predict(
        &self,
        session: &TestSession,
        life: &mut Life,
        (now, rent): ((i64, u64), u64),
        told: &mut Told,
    ) -> Result<Result<(), Refusal>, Absent> {
        let (at, signer, wallet, payer) = (&session.address, &self.signer.address(), &self.wallet.address(), &session.payer.address());
        let act = |account| Act { account, signer, now: now.0, slot: now.1 };
        let here = act(at);
        if let What::Use(power) = &self.what {
            return power.predict(at, life, &By { signer, wallet, payer }, now, rent, told);
        }
        let Life { session: state, members, invitations, tokens, properties, vault, .. } = life;
        let outcome = match &self.what {
            What::Take(transition, changes) => {
                if *transition == Transition::Reclaim {
                    *vault = 0;
                }
                predict(state, *transition, &here, changes, told)
            }
            What::ReclaimChildren(children) => {
                for _ in children {
                    // Whatever it is, it begins like every child of this life.
                    let mut begun: Child = bytemuck::Zeroable::zeroed();
                    (begun.header.epoch, begun.session) = (state.header.epoch, *at);
                    if let Err(error) = state.reclaim_child(at, &begun) {
                        return Ok(Err(error.into()));
                    }
                }
                children.iter().for_each(|(child, _)| life.forget(at, child));
                return Ok(Ok(()));
            }
            What::Invite { target, terms, ttl } => {
                let inviter = *members.get(signer).ok_or(Absent)?;
                if invitations.contains_key(target) {
                    return Ok(Err(SessionError::InvitationAlreadyExists.into()));
                }
                let (place, made) = (address::invitation(at, target), creation(&InvitationState::seeds(at, target), payer));
                let mut invitation = bytemuck::Zeroable::zeroed();
                let outcome = InvitationState::invite(
                    &mut invitation,
                    &act(&place),
                    At { address: at, state },
                    &inviter,
                    target,
                    terms,
                    [*ttl, 0],
                    &made,
                    told,
                );
                invitations.insert(*target, invitation);
                outcome
            }
            What::Tokenize { token, terms, ttl, uses } => {
                let inviter = *members.get(signer).ok_or(Absent)?;
                if tokens.contains_key(token) {
                    return Ok(Err(SessionError::InvitationAlreadyExists.into()));
                }
                let (place, made) = (address::invite_token(at, token), creation(&InviteTokenState::seeds(at, token), payer));
                let mut made_token = bytemuck::Zeroable::zeroed();
                let session = At { address: at, state };
                let outcome =
                    InviteTokenState::create(&mut made_token, &act(&place), session, &inviter, token, terms, [*ttl, *uses], &made, told);
                tokens.insert(*token, made_token);
                outcome
            }
            What::Revoke(of) => {
                let outcome =
                    invitations.get_mut(of).ok_or(Absent)?.revoke(&act(&address::invitation(at, of)), At { address: at, state }, told);
                invitations.remove(of);
                outcome
            }
            What::RevokeToken(of) => {
                let place = address::invite_token(at, of);
                let outcome = tokens.get_mut(of).ok_or(Absent)?.revoke(&act(&place), At { address: at, state }, told);
                tokens.remove(of);
                outcome
            }
            What::Accept { of } => {
                let place = address::invitation(at, of);
                let invitation = invitations.get_mut(of).ok_or(Absent)?;
                let inviter = *members.get(&invitation.offer.inviter).ok_or(Absent)?;
                let (seat, made) = (address::member(at, signer), made(members, at, signer, payer));
                let invitation = At { address: &place, state: invitation };
                let member = members.entry(*signer).or_insert(bytemuck::Zeroable::zeroed());
                let outcome = member.accept_invitation(&act(&seat), At { address: at, state }, invitation, &inviter, made, told);
                invitations.remove(of);
                outcome
            }
            What::JoinWithToken(of) => {
                let place = address::invite_token(at, of);
                let token = tokens.get_mut(of).ok_or(Absent)?;
                let inviter = *members.get(&token.offer.inviter).ok_or(Absent)?;
                let (seat, made) = (address::member(at, signer), made(members, at, signer, payer));
                let token = At { address: &place, state: token };
                let member = members.entry(*signer).or_insert(bytemuck::Zeroable::zeroed());
                member.join_with_token(&act(&seat), At { address: at, state }, token, of, &inviter, made, told)
            }
            What::Join => {
                let (seat, made) = (address::member(at, signer), made(members, at, signer, payer));
                let member = members.entry(*signer).or_insert(bytemuck::Zeroable::zeroed());
                member.join(&act(&seat), At { address: at, state }, made, told)
            }
            What::Decline { of } => {
                let place = address::invitation(at, of);
                let outcome = invitations.get_mut(of).ok_or(Absent)?.decline(&act(&place), At { address: at, state }, told);
                invitations.remove(of);
                outcome
            }
            What::Leave => {
                let place = address::member(at, signer);
                members.get_mut(signer).ok_or(Absent)?.leave(&act(&place), At { address: at, state }, told)
            }
            What::Remove { of, as_member } => {
                let remover = if *as_member { Some(*members.get(signer).ok_or(Absent)?) } else { None };
                let member = members.get_mut(of).ok_or(Absent)?;
                member.remove(&act(&address::member(at, of)), At { address: at, state }, remover.as_ref(), told)
            }
            What::Update { of, changes } => {
                let place = address::member(at, of);
                members.get_mut(of).ok_or(Absent)?.update(&act(&place), At { address: at, state }, &(*changes).into(), told)
            }
            What::Propose(of) => state.propose_authority(&here, members.get(of).ok_or(Absent)?, told),
            What::AcceptAuthority => state.accept_authority(&here, members.get(signer).ok_or(Absent)?, told),
            What::SetKey { key, permissions, ttl } => {
                let place = address::member(at, signer);
                let member = members.get_mut(signer).ok_or(Absent)?;
                member.set_session_key(&act(&place), At { address: at, state }, key, *permissions, *ttl, told)
            }
            What::ClearKey => {
                let place = address::member(at, signer);
                members.get_mut(signer).ok_or(Absent)?.clear_session_key(&act(&place), At { address: at, state }, told)
            }
            What::SetProperty { key, value, expected, capacity } => {
                let place = address::property(at, key);
                let writer = members.get_mut(wallet).ok_or(Absent)?;
                let write = PropertyWrite { key: PropertyKey::new(key).unwrap(), value, expected: *expected };
                let session = At { address: at, state };
                if let Some((property, room)) = properties.get_mut(key) {
                    property.set(&act(&place), session, writer, room, &write, told)
                } else {
                    let room = match PropertyState::size_with(*capacity, value.len()) {
                        Ok(size) => vec![0; size - PropertyState::SIZE],
                        Err(refusal) => return Ok(Err(refusal)),
                    };
                    let made = creation(&PropertyState::seeds(at, key), payer);
                    let (property, room) = properties.entry(key.clone()).or_insert((bytemuck::Zeroable::zeroed(), room));
                    property.create(&act(&place), session, writer, room, &write, &made, told)
                }
            }
            What::DeleteProperty { key, expected } => {
                let place = address::property(at, key);
                let writer = members.get_mut(wallet).ok_or(Absent)?;
                let (property, _) = properties.get_mut(key).ok_or(Absent)?;
                let outcome = property.delete(&act(&place), At { address: at, state }, writer, *expected, told);
                properties.remove(key);
                outcome
            }
            What::Say(data) => state.broadcast_message(&here, members.get_mut(wallet).ok_or(Absent)?, data, told),
            What::Tell { to, data } => {
                let recipient = *members.get(to).ok_or(Absent)?;
                let sender = members.get_mut(wallet).ok_or(Absent)?;
                state.send_direct_message(&here, sender, &recipient, data, told)
            }
            What::Checkpoint(sequence) => state.commit_checkpoint(&here, *sequence, &[7; 32], told),
            What::Use(_) => unreachable!("it was predicted above"),
        };
        Ok(outcome)
    }
}

/// How the membership of `wallet` comes about, if it never had one.
fn made<'a>(members: &BTreeMap<Address, MemberState>, at: &Address, wallet: &Address, payer: &'a Address) -> Option<Creation<'a>> {
    (!members.contains_key(wallet)).then(|| creation(&MemberState::seeds(at, wallet), payer))
}

fn take(transition: Transition, changes: &SessionChanges, signer: &Address, at: &Address, state: &SessionState) -> Instruction {
    let (signer, at) = (*signer, *at);
    match transition {
        Transition::BeginCreation => instruction::begin_creation(signer, at),
        Transition::CompleteCreation => instruction::complete_creation(signer, at),
        Transition::BeginActivation => instruction::begin_activation(signer, at),
        Transition::CompleteActivation => instruction::complete_activation(signer, at),
        Transition::Pause => instruction::pause_session(signer, at),
        Transition::Resume => instruction::resume_session(signer, at),
        Transition::Update => instruction::update_session(signer, at, *changes),
        Transition::Close => instruction::close_session(signer, at, CloseReason::Completed as u8),
        Transition::CompleteClose => instruction::complete_close(signer, at),
        Transition::Abort => instruction::abort_session(signer, at, CloseReason::None as u8),
        Transition::Expire => instruction::expire_session(signer, at),
        Transition::Reclaim => instruction::reclaim_session(at, state),
    }
}

fn predict(
    state: &mut SessionState,
    transition: Transition,
    act: &Act<'_>,
    changes: &SessionChanges,
    told: &mut Told,
) -> Result<(), Refusal> {
    match transition {
        Transition::BeginCreation => state.begin_creation(act, told),
        Transition::CompleteCreation => state.complete_creation(act, told),
        Transition::BeginActivation => state.begin_activation(act, told),
        Transition::CompleteActivation => state.complete_activation(act, told),
        Transition::Pause => state.pause(act, told),
        Transition::Resume => state.resume(act, told),
        Transition::Update => state.update(act, &(*changes).into(), told),
        Transition::Close => state.close(act, CloseReason::Completed as u8, told),
        Transition::CompleteClose => state.complete_close(act, told),
        Transition::Abort => state.abort(act, CloseReason::None as u8, told),
        Transition::Expire => state.expire(act, told),
        Transition::Reclaim => state.reclaim(act, told),
    }
}
