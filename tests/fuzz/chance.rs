//! What someone does next, at random: mostly what makes sense, so that much of it succeeds, and now and then anything.

use {
    crate::{
        life::Life,
        powers::Power,
        step::{Step, What},
    },
    fastrand::Rng,
    sessions_client::core::rules::{
        allowance::AllowanceTerms,
        config::SessionChanges,
        lifecycle::{Status, Transition, next},
        membership::{MemberChanges, NO_EXPIRY, OF_ROLE, Role, Terms},
        permissions::Permissions,
        quotas::{Quota, Quotas},
    },
    sessions_tests::{Actor, World, session::TestSession},
    solana_address::Address,
};

/// Everyone who can do something.
pub struct Cast {
    /// Wallets: creator, host and others.
    pub wallets: Vec<Actor>,
    /// One session key for each wallet.
    pub keys: Vec<Actor>,
    /// Keys of tokens.
    pub tokens: Vec<Actor>,
}

/// Draws steps.
pub struct Chance<'a> {
    pub random: &'a mut Rng,
    pub cast: &'a Cast,
}

const KEYS: [&[u8]; 3] = [b"score", b"map", b"turn"];

impl<'a> Chance<'a> {
    fn one_in(&mut self, n: u32) -> bool {
        self.random.u32(..n) == 0
    }

    fn wallet(&mut self) -> &'a Actor {
        &self.cast.wallets[self.random.usize(..self.cast.wallets.len())]
    }

    fn of(&mut self, address: &Address) -> &'a Actor {
        let known = self.cast.wallets.iter().find(|wallet| wallet.address() == *address);
        known.unwrap_or_else(|| &self.cast.wallets[0])
    }

    /// Someone who fits, if there is anyone; now and then anyone.
    fn fitting(&mut self, life: &Life, fits: impl Fn(&sessions_client::core::MemberState) -> bool) -> &'a Actor {
        let fitting: Vec<Address> = life.members.values().filter(|member| fits(member)).map(|member| member.wallet).collect();
        match self.random.choice(&fitting) {
            Some(fitting) if self.random.u8(..10) > 0 => self.of(fitting),
            _ => self.wallet(),
        }
    }

    /// Someone who is not in the session, if there is anyone; now and then anyone.
    fn outsider(&mut self, life: &Life) -> &'a Actor {
        let inside = |wallet: &Address| life.members.get(wallet).is_some_and(|member| member.is_active());
        let outside: Vec<_> = self.cast.wallets.iter().filter(|wallet| !inside(&wallet.address())).collect();
        match self.random.choice(outside) {
            Some(outsider) if self.random.u8(..6) > 0 => outsider,
            _ => self.wallet(),
        }
    }

    fn member(&mut self, life: &Life) -> &'a Actor {
        self.fitting(life, |member| member.is_active())
    }

    fn permissions(&mut self) -> u32 {
        if self.one_in(2) { OF_ROLE } else { self.many_permissions() }
    }

    /// Three in four.
    fn many_permissions(&mut self) -> u32 {
        self.random.u32(..=Permissions::ALL.bits()) | self.random.u32(..=Permissions::ALL.bits())
    }

    fn quotas(&mut self) -> Quotas {
        let mut quota = || match self.random.u8(..8) {
            0 | 1 => Quota { limit: self.random.u64(..300), ..Quota::UNLIMITED },
            2 => Quota { limit: 5_000, window_limit: self.random.u64(..100), window_seconds: self.random.u64(..90) },
            _ => Quota::UNLIMITED,
        };
        Quotas { operations: quota(), units: quota(), bytes: quota() }
    }

    fn terms(&mut self) -> Terms {
        let role = *self.random.choice(Role::ALL).unwrap();
        let expires_in = *self.random.choice(&[0, 0, 0, 5, 60, 600, NO_EXPIRY]).unwrap();
        let quotas = if self.one_in(3) { self.quotas() } else { Quotas::UNLIMITED };
        Terms { quotas, permissions: self.permissions(), expires_in, ..Terms::of(role) }
    }

    fn ttl(&mut self) -> u32 {
        *self.random.choice(&[0, 0, 0, 3, 30, 300]).unwrap()
    }

    fn data(&mut self, longest: usize) -> Vec<u8> {
        let length = if self.one_in(12) { longest + 1 } else { self.random.usize(..=longest.min(80)) };
        vec![self.random.u8(..); length]
    }

    /// A transition that someone takes, mostly one that is possible, by who may take it; but not always to an early end.
    pub fn transition(&mut self, world: &World, life: &Life) -> Option<Step<'a>> {
        let status = life.session.status().unwrap();
        let possible: Vec<_> = Transition::ALL.iter().filter(|transition| next(status, **transition).is_some()).collect();
        let sensible = !self.one_in(6);
        let transition = if life.session.is_step_timed_out(world.now()) && sensible && possible.contains(&&Transition::Abort) {
            Transition::Abort
        } else if life.session.is_over(world.now()) && sensible && possible.contains(&&Transition::Expire) {
            Transition::Expire
        } else if sensible {
            **self.random.choice(&possible).unwrap()
        } else {
            *self.random.choice(Transition::ALL).unwrap()
        };
        let ends = match transition {
            Transition::Abort if life.session.is_step_timed_out(world.now()) => 2,
            Transition::Abort => 10,
            Transition::Close => 5,
            Transition::Pause => 2,
            _ => 1,
        };
        if self.random.u8(..ends) > 0 {
            return None;
        }
        if transition == Transition::Expire && !life.session.is_over(world.now()) {
            // Few lives reach their end by themselves, and those that do should not be short.
            if !self.one_in(8) {
                return None;
            }
            world.set_time(life.session.end(world.now()).unwrap_or_default().max(world.now()));
        }
        let party = match transition {
            Transition::BeginCreation | Transition::CompleteCreation | Transition::CompleteActivation | Transition::CompleteClose => {
                life.session.host
            }
            Transition::Abort => life.session.creator,
            _ => life.session.authority,
        };
        let signer = if self.one_in(8) { self.wallet() } else { self.of(&party) };
        let changes = SessionChanges {
            metadata: Some([self.random.u8(..); 32]),
            max_members: self.one_in(3).then(|| self.random.u32(..8)),
            permissions: self.one_in(6).then(|| self.many_permissions()),
            quotas: self.one_in(5).then(|| self.quotas()),
            expires_in: self.one_in(4).then(|| self.random.u32(..8_000)),
            host: None,
        };
        Some(Step { wallet: signer, signer, what: What::Take(transition, changes) })
    }

    /// Something that someone does with the session as it is.
    pub fn step(&mut self, session: &TestSession, life: &Life) -> Step<'a> {
        let by = |wallet: &'a Actor, what| Step { wallet, signer: wallet, what };
        let target = self.outsider(life).address();
        match self.random.u8(..42) {
            0..=2 => {
                let inviter = self.fitting(life, |member| member.rights.permissions & Permissions::INVITE_MEMBERS.bits() != 0);
                let (terms, ttl) = (self.terms(), self.ttl());
                by(inviter, What::Invite { target, terms, ttl })
            }
            3 | 4 => {
                let inviter = self.fitting(life, |member| member.rights.permissions & Permissions::INVITE_MEMBERS.bits() != 0);
                let (terms, ttl, uses) = (self.terms(), self.ttl(), *self.random.choice(&[0, 1, 1, 2]).unwrap());
                let token = self.cast.tokens[self.random.usize(..self.cast.tokens.len())].address();
                by(inviter, What::Tokenize { token, terms, ttl, uses })
            }
            5..=7 => match self.random.choice(life.invitations.keys()) {
                Some(of) => {
                    let (of, wallet) = (*of, self.of(of));
                    let wallet = if self.one_in(8) { self.wallet() } else { wallet };
                    match self.random.u8(..8) {
                        0 => by(wallet, What::Decline { of }),
                        1 => {
                            let authority = self.of(&life.session.authority);
                            by(if self.one_in(3) { self.wallet() } else { authority }, What::Revoke(of))
                        }
                        _ => by(wallet, What::Accept { of }),
                    }
                }
                None => by(self.outsider(life), What::Join),
            },
            8..=10 => match self.random.choice(life.tokens.keys()) {
                Some(token) if self.random.u8(..12) > 0 => by(self.outsider(life), What::JoinWithToken(*token)),
                Some(token) => by(self.of(&life.session.authority), What::RevokeToken(*token)),
                None => by(self.outsider(life), What::Join),
            },
            11 if self.one_in(2) => by(self.member(life), What::Leave),
            11 | 12 => {
                let remover = self.fitting(life, |member| member.rights.permissions & Permissions::REMOVE_MEMBERS.bits() != 0);
                let of = self.member(life).address();
                by(remover, What::Remove { of, as_member: self.random.u8(..4) > 0 })
            }
            13 | 14 => {
                let authority = self.of(&life.session.authority);
                let authority = if self.one_in(6) { self.wallet() } else { authority };
                let changes = MemberChanges {
                    role: self.one_in(2).then(|| *self.random.choice(Role::ALL).unwrap()),
                    permissions: self.one_in(4).then(|| self.many_permissions()),
                    expires_in: self.one_in(3).then(|| *self.random.choice(&[0, 5, 60, 900, NO_EXPIRY]).unwrap()),
                    quotas: self.one_in(3).then(|| self.quotas()),
                };
                by(authority, What::Update { of: self.member(life).address(), changes })
            }
            15 => by(self.of(&life.session.authority), What::Propose(self.member(life).address())),
            16 => {
                let pending = life.session.pending_authority;
                let wallet = if pending == Address::default() || self.one_in(5) { self.wallet() } else { self.of(&pending) };
                by(wallet, What::AcceptAuthority)
            }
            17 | 18 => {
                let member = self.member(life);
                let key = self.key_of(member).address();
                let what = if self.one_in(4) {
                    What::ClearKey
                } else {
                    What::SetKey { key, permissions: self.permissions(), ttl: *self.random.choice(&[0, 10, 600, NO_EXPIRY]).unwrap() }
                };
                by(member, what)
            }
            19 => by(self.of(&session.host.address()), What::Checkpoint(life.session.checkpoint_sequence + self.random.u64(..3))),
            20..=24 => {
                let what = self.write(life);
                self.acting(life, what)
            }
            25..=27 => {
                let data = self.data(768);
                self.acting(life, What::Say(data))
            }
            28 | 29 => {
                let (to, data) = (self.member(life).address(), self.data(768));
                self.acting(life, What::Tell { to, data })
            }
            _ => {
                let power = self.power(life);
                self.using(life, power)
            }
        }
    }

    /// Something with the vault or a function.
    fn power(&mut self, life: &Life) -> Power {
        let lamports = |random: &mut Rng| *random.choice(&[0, 1, 1_000, 1_000, 500_000, 500_000, 1_000_000, 2_000_000]).unwrap();
        match self.random.u8(..16) {
            0..=2 => Power::Deposit(lamports(self.random)),
            3..=5 => {
                let of = self.fitting(life, |member| member.rights.permissions & Permissions::SPEND.bits() != 0).address();
                Power::Allow { of, terms: self.allowance() }
            }
            6 | 7 => {
                let rest = self.one_in(4).then_some(life.vault);
                Power::Spend { to: self.wallet().address(), amount: rest.unwrap_or_else(|| lamports(self.random)) }
            }
            8 if self.one_in(2) => Power::Withdraw(if self.one_in(3) { u64::MAX } else { lamports(self.random) }),
            8 => Power::Unregister,
            9 | 10 if life.function.is_none() || self.one_in(6) => {
                Power::Register { units: self.random.u64(..4), composable: self.random.u8(..4) > 0 }
            }
            9..=12 => {
                let composed = self.random.bool();
                let takes = if self.one_in(2) { lamports(self.random) } else { 0 };
                Power::Execute { calls: if composed { self.random.u64(1..4) } else { 1 }, composed, takes }
            }
            _ => {
                let permissions = if self.one_in(3) { self.random.u32(..=Permissions::ALL.bits() + 1) } else { 0 };
                Power::Consume { permissions, units: self.random.u64(..20) }
            }
        }
    }

    fn allowance(&mut self) -> AllowanceTerms {
        let limit = *self.random.choice(&[0, 1_000_000, 5_000_000, u64::MAX, u64::MAX]).unwrap();
        let window = self.one_in(3).then(|| (self.random.u64(..3_000_000), self.random.u64(..90)));
        let (window_limit, window_seconds) = window.unwrap_or((u64::MAX, 0));
        let mut terms = AllowanceTerms {
            quota: Quota { limit, window_limit, window_seconds },
            per_call: *self.random.choice(&[0, 1_000_000, u64::MAX, u64::MAX]).unwrap(),
            ..bytemuck::Zeroable::zeroed()
        };
        if self.one_in(4) {
            (terms.destinations[0], terms.destination_count) = (self.wallet().address(), 1);
        }
        terms
    }

    /// Whoever may do it, mostly.
    fn using(&mut self, life: &Life, power: Power) -> Step<'a> {
        let what = What::Use(power.clone());
        match power {
            Power::Deposit(_) => {
                let wallet = self.wallet();
                Step { wallet, signer: wallet, what }
            }
            Power::Allow { .. } | Power::Withdraw(_) | Power::Register { .. } | Power::Unregister => {
                let authority = if self.one_in(8) { self.wallet() } else { self.of(&life.session.authority) };
                Step { wallet: authority, signer: authority, what }
            }
            Power::Spend { .. } | Power::Execute { .. } | Power::Consume { .. } => {
                let (needed, pays) = match power {
                    Power::Spend { .. } => (Permissions::SPEND, true),
                    Power::Execute { composed: true, takes, .. } => (Permissions::COMPOSE_FUNCTIONS, takes > 0),
                    Power::Execute { takes, .. } => (Permissions::EXECUTE_FUNCTIONS, takes > 0),
                    _ => (Permissions::NONE, false),
                };
                let needed = if pays { needed.or(Permissions::SPEND) } else { needed };
                let anyone = !pays || self.one_in(3);
                let wallet = self.fitting(life, |member| {
                    let can_pay = anyone || life.allowances.contains_key(&member.wallet);
                    member.is_active() && member.rights.permissions & needed.bits() == needed.bits() && can_pay
                });
                let signer = if self.one_in(4) { self.key_of(wallet) } else { wallet };
                Step { wallet, signer, what }
            }
        }
    }

    /// A write of a property, mostly under its version.
    fn write(&mut self, life: &Life) -> What {
        let key = KEYS[self.random.usize(..KEYS.len())].to_vec();
        let version = life.properties.get(&key).map_or(0, |(state, _)| state.version);
        let expected = if self.one_in(8) { self.random.u64(..10) } else { version };
        if self.one_in(5) {
            What::DeleteProperty { key, expected }
        } else {
            let capacity = if self.one_in(10) { self.random.u16(..) } else { 100 };
            What::SetProperty { key, value: self.data(100), expected, capacity }
        }
    }

    /// A member's act, with the wallet or the session key.
    fn acting(&mut self, life: &Life, what: What) -> Step<'a> {
        let needed =
            if matches!(what, What::Say(_) | What::Tell { .. }) { Permissions::SEND_MESSAGES } else { Permissions::WRITE_PROPERTIES };
        let wallet = self.fitting(life, |member| member.is_active() && member.rights.permissions & needed.bits() != 0);
        let signer = if self.one_in(3) { self.key_of(wallet) } else { wallet };
        Step { wallet, signer, what }
    }

    fn key_of(&self, wallet: &Actor) -> &'a Actor {
        let at = self.cast.wallets.iter().position(|known| known.address() == wallet.address());
        &self.cast.keys[at.unwrap_or_default()]
    }

    /// Some of what a closed session leaves, or of one that is not closed.
    pub fn reclaim(&mut self, world: &World, session: &TestSession) -> Step<'a> {
        let mut children = world.children(&session.address);
        self.random.shuffle(&mut children);
        children.truncate(self.random.usize(1..8));
        let wallet = self.wallet();
        Step { wallet, signer: wallet, what: What::ReclaimChildren(children) }
    }

    /// Whether it is time for a transition, rather than for something that leaves the status as it is.
    pub fn moves_on(&mut self, status: Status, is_over: bool) -> bool {
        self.one_in(match status {
            Status::Active | Status::Paused if is_over => 4,
            Status::Active => 40,
            Status::Created | Status::Activating | Status::Paused => 3,
            _ => 1,
        })
    }
}
