//! Random comings and goings: whatever happens in whatever order, the session's count is the number of its active members, and nobody is
//! where they should not be.

use {
    super::{Told, seed},
    proptest::{
        prelude::*,
        test_runner::{Config, RngSeed},
    },
    sessions_core::{
        Act, Address, InvitationState, MemberState, Refusal, SessionError, SessionState,
        rules::{
            config::SessionChanges,
            membership::{MemberChanges, MemberStatus, Role, Terms},
            permissions::Settings,
        },
        state::{At, Creation, Request},
    },
    sessions_tests::session::config,
    std::collections::{BTreeMap, BTreeSet},
};

const SESSION: Address = Address::new_from_array([200; 32]);
const PAYER: Address = Address::new_from_array([201; 32]);
const MADE: Creation<'static> = Creation { payer: &PAYER, bump: 255 };
const WALLETS: u8 = 6;

/// Someone, by number; the creator is 0.
fn wallet(number: u8) -> Address {
    Address::new_from_array([number + 1; 32])
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Join(u8),
    Leave(u8),
    Remove(u8, u8),
    Promote(u8, Role),
    Limit(u8, u32),
    Invite(u8, u8),
    Accept(u8),
    Seats(u32),
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let who = || 0..WALLETS;
    prop_oneof![
        4 => who().prop_map(Step::Join),
        2 => who().prop_map(Step::Leave),
        2 => (who(), who()).prop_map(|(by, of)| Step::Remove(by, of)),
        2 => (who(), prop::sample::select(Role::ALL)).prop_map(|(of, role)| Step::Promote(of, role)),
        1 => (who(), 1_u32..50).prop_map(|(of, seconds)| Step::Limit(of, seconds)),
        3 => (who(), who()).prop_map(|(by, of)| Step::Invite(by, of)),
        3 => who().prop_map(Step::Accept),
        1 => (1_u32..6).prop_map(Step::Seats),
        1 => (0_i64..30).prop_map(Step::Wait),
    ]
}

/// A session and who has to do with it.
struct Room {
    session: SessionState,
    members: BTreeMap<Address, MemberState>,
    invitations: BTreeMap<Address, InvitationState>,
    now: i64,
}

impl Room {
    fn open() -> Self {
        let (mut session, mut creator): (SessionState, MemberState) = (bytemuck::Zeroable::zeroed(), bytemuck::Zeroable::zeroed());
        let (gm, config) = (wallet(0), config(Settings::NONE));
        let request = Request { id: &[5; 32], host: &gm, metadata: &[0; 32], config: &config, payer: &PAYER, bump: 255 };
        let act = Act { account: &SESSION, signer: &gm, now: 1_000, slot: 10 };
        session.open(&act, &request, &mut Told::default()).unwrap();
        creator.found(&act, &At { address: &SESSION, state: &session }, &MADE);
        Self { session, members: BTreeMap::from([(gm, creator)]), invitations: BTreeMap::new(), now: 1_000 }
    }

    /// Takes a step; `None` if there is nothing to take it with.
    fn take(&mut self, step: Step) -> Option<Result<(), Refusal>> {
        let Self { session, members, invitations, now } = self;
        let told = &mut Told::default();
        let gm = wallet(0);
        let act = |signer| Act { account: &PAYER, signer, now: *now, slot: 11 };
        let taken = match step {
            Step::Join(who) => {
                let who = wallet(who);
                let made = (!members.contains_key(&who)).then_some(MADE);
                let mut member = members.get(&who).copied().unwrap_or(bytemuck::Zeroable::zeroed());
                let joined = member.join(&act(&who), At { address: &SESSION, state: session }, made, told);
                if joined.is_ok() {
                    members.insert(who, member);
                }
                joined
            }
            Step::Leave(who) => {
                let who = wallet(who);
                members.get_mut(&who)?.leave(&act(&who), At { address: &SESSION, state: session }, told)
            }
            Step::Remove(by, of) => {
                let (by, of) = (wallet(by), wallet(of));
                let remover = members.get(&by).copied();
                members.get_mut(&of)?.remove(&act(&by), At { address: &SESSION, state: session }, remover.as_ref(), told)
            }
            Step::Promote(of, role) => {
                let update = MemberChanges { role: Some(role), ..MemberChanges::default() }.into();
                members.get_mut(&wallet(of))?.update(&act(&gm), At { address: &SESSION, state: session }, &update, told)
            }
            Step::Limit(of, seconds) => {
                let update = MemberChanges { expires_in: Some(seconds), ..MemberChanges::default() }.into();
                members.get_mut(&wallet(of))?.update(&act(&gm), At { address: &SESSION, state: session }, &update, told)
            }
            Step::Invite(by, of) => {
                let (by, of) = (wallet(by), wallet(of));
                if invitations.contains_key(&of) {
                    return None;
                }
                let (inviter, mut invitation) = (*members.get(&by)?, bytemuck::Zeroable::zeroed());
                let (session, terms) = (At { address: &SESSION, state: session }, Terms::of(Role::Moderator));
                let invited = InvitationState::invite(&mut invitation, &act(&by), session, &inviter, &of, &terms, [0, 0], &MADE, told);
                if invited.is_ok() {
                    invitations.insert(of, invitation);
                }
                invited
            }
            Step::Accept(who) => {
                let who = wallet(who);
                let invitation = invitations.get_mut(&who)?;
                let inviter = *members.get(&invitation.offer.inviter)?;
                let made = (!members.contains_key(&who)).then_some(MADE);
                let mut member = members.get(&who).copied().unwrap_or(bytemuck::Zeroable::zeroed());
                let (session, invitation) = (At { address: &SESSION, state: session }, At { address: &PAYER, state: invitation });
                let accepted = member.accept_invitation(&act(&who), session, invitation, &inviter, made, told);
                if accepted.is_ok() {
                    invitations.remove(&who);
                    members.insert(who, member);
                }
                accepted
            }
            Step::Seats(seats) => {
                let update = SessionChanges { max_members: Some(seats), ..SessionChanges::default() }.into();
                session.update(&act(&gm), &update, told)
            }
            Step::Wait(seconds) => {
                *now += seconds;
                Ok(())
            }
        };
        Some(taken)
    }

    fn check(&self) -> Result<(), TestCaseError> {
        let active = self.members.values().filter(|member| member.is_active()).count();
        prop_assert_eq!(self.session.members as usize, active, "the session counts its active members");
        prop_assert_eq!(self.session.children as usize, self.members.len() + self.invitations.len(), "and its accounts");
        prop_assert!(self.session.members <= self.session.config.max_members, "each has a seat");
        prop_assert_eq!(self.session.invariant(), Ok(()));
        let ruler = self.members.get(&self.session.authority);
        prop_assert!(ruler.is_some_and(MemberState::is_active), "the authority is in the session");
        for member in self.members.values() {
            prop_assert_eq!(member.invariant(), Ok(()));
        }
        for invitation in self.invitations.values() {
            prop_assert_eq!(invitation.invariant(), Ok(()));
        }
        Ok(())
    }
}

/// Takes `step`, and checks that what is refused changes nothing.
fn take(room: &mut Room, step: Step) -> Result<Option<Result<(), Refusal>>, TestCaseError> {
    let before = (room.session, room.members.clone(), room.invitations.clone());
    let taken = room.take(step);
    if !matches!(taken, Some(Ok(()))) {
        prop_assert_eq!(
            &before,
            &(room.session, room.members.clone(), room.invitations.clone()),
            "{:?} was refused and changed something",
            step
        );
    }
    room.check()?;
    Ok(taken)
}

proptest! {
    #![proptest_config(Config { cases: 2_000, rng_seed: RngSeed::Fixed(seed()), failure_persistence: None, ..Config::default() })]

    #[test]
    fn comings_and_goings_keep_the_count(steps in prop::collection::vec(step(), 1..80)) {
        let mut room = Room::open();
        for step in steps {
            take(&mut room, step)?;
        }
    }

    #[test]
    fn one_who_was_removed_comes_back_by_a_later_invitation_only(steps in prop::collection::vec(step(), 1..80)) {
        let mut room = Room::open();
        let mut invited_since = BTreeSet::new();
        for step in steps {
            let status = |room: &Room, who: &Address| room.members.get(who).map(|member| member.status);
            let before: BTreeMap<_, _> = room.members.keys().map(|who| (*who, status(&room, who))).collect();
            let taken = take(&mut room, step)?;
            if let (Step::Invite(_, of), Some(Ok(()))) = (step, taken) {
                invited_since.insert(wallet(of));
            }
            for (who, was) in before {
                let (removed, active) = (Some(MemberStatus::Removed as u8), Some(MemberStatus::Active as u8));
                let is = status(&room, &who);
                if was == removed && is == active {
                    prop_assert!(invited_since.contains(&who), "{:?} came back uninvited", who);
                }
                if was != removed && is == removed {
                    invited_since.remove(&who);
                }
            }
        }
    }
}

#[test]
fn random_comings_and_goings_meet_every_refusal() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::new(Config { rng_seed: RngSeed::Fixed(seed()), ..Config::default() });
    let (mut taken, mut refused) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..400 {
        let mut room = Room::open();
        for step in prop::collection::vec(step(), 1..80).new_tree(&mut runner).unwrap().current() {
            let name = format!("{step:?}").split('(').next().unwrap().to_owned();
            match take(&mut room, step).unwrap() {
                Some(Ok(())) => _ = taken.insert(name),
                Some(Err(refusal)) => _ = refused.insert(refusal.error.name()),
                None => {}
            }
        }
    }
    assert_eq!(taken.len(), 9, "random steps must not be so dull that they prove nothing: {taken:?}");
    let wanted = [
        SessionError::PermissionDenied,
        SessionError::AlreadyMember,
        SessionError::SessionFull,
        SessionError::InvitationRequired,
        SessionError::InvitationRevoked,
        SessionError::MemberNotActive,
        SessionError::InvalidConfiguration,
    ];
    for error in wanted {
        assert!(refused.contains(error.name()), "nothing was refused with {}: {refused:?}", error.name());
    }
}
