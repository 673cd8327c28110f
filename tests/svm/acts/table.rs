//! Everyone and everything that an act can need, twice: two sessions that have the same, so that each account has a counterpart in the other.

use {
    sessions_client::{
        address,
        core::rules::{
            functions::Selector,
            lifecycle::Status,
            membership::{NO_EXPIRY, Role, Terms},
            outflow,
            permissions::Settings,
        },
        instruction::{self, Acting, GrantAccessArgs, Tokens, Withdrawal},
    },
    sessions_tests::{
        Actor, World,
        everything::{memo_call, memo_function},
        session::{TestSession, config},
        tokens::{MEMO, Minted, allowing},
        world::SOL,
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

/// Two sessions of the same creator that have the same, and a third with which both exchange access.
pub struct Table {
    pub world: World,
    pub session: TestSession,
    pub other: TestSession,
    pub third: TestSession,
    pub ana: Actor,
    pub ben: Actor,
    pub shop: Actor,
    pub minted: Minted,
}

impl Table {
    pub fn new() -> Self {
        let world = World::new();
        let [session, other, third] = ["test", "other", "third"].map(|id| {
            let session = TestSession::new(&world, id, config(Settings::NONE));
            session.request(&world);
            session.advance(&world, Status::Active);
            session
        });
        let (minted, creator, by) = (world.mint("coin"), &session.creator, session.creator.address());
        let [ana, ben, shop] = ["ana", "ben", "shop"].map(|name| world.actor(name));
        for wallet in [&ana, &shop, creator] {
            world.give(&minted, &wallet.address(), 1_000);
        }
        world.ok(third.set(creator, b"far", b"away", 0, 16), creator);
        let granting = GrantAccessArgs { rights: 3, ttl: NO_EXPIRY };
        for session in [&session, &other] {
            let at = session.address;
            for name in ["ana", "ben"] {
                session.invited(&world, name, Terms::of(Role::Owner));
            }
            world.ok(session.set(&ana, b"old", b"value", 0, 8), &ana);
            world.ok(instruction::register_function(by, by, at, memo_function(1)), creator);
            world.give(&minted, &address::vault(&at), 0);
            for tokens in [None, Some(minted.tokens)] {
                let mint = tokens.map(|tokens| tokens.mint);
                world.ok(instruction::set_allowance(by, by, at, ana.address(), mint, allowing(SOL, &[])), creator);
                let amount = if tokens.is_some() { 100 } else { 2 * SOL };
                world.ok(instruction::deposit(by, at, tokens, amount), creator);
            }
            world.ok(instruction::grant_access(by, by, third.address, at, granting), creator);
            world.ok(instruction::grant_access(by, by, at, third.address, granting), creator);
        }
        Self { world, session, other, third, ana, ben, shop, minted }
    }

    /// Every act with its signers, each of which would succeed.
    pub fn acts(&self) -> Vec<(&'static str, Instruction, Vec<&Actor>)> {
        let mut acts = self.acts_of_members();
        acts.extend(self.acts_of_the_authority());
        let (depositor, at) = (self.ana.address(), self.session.address);
        acts.extend([
            ("deposit", instruction::deposit(depositor, at, None, SOL), vec![&self.ana]),
            ("deposit, tokens", instruction::deposit(depositor, at, Some(self.minted.tokens), 10), vec![&self.ana]),
            ("commit_checkpoint", instruction::commit_checkpoint(self.session.host.address(), at, 1, [1; 32]), vec![&self.session.host]),
        ]);
        acts
    }

    fn acts_of_members(&self) -> Vec<(&'static str, Instruction, Vec<&Actor>)> {
        let Self { world, session, third, ana, ben, shop, minted, .. } = self;
        let (at, wallet) = (session.address, ana.address());
        let acting = Acting::wallet(at, wallet).in_session(&world.session(&at));
        let args = |key, expected_version| instruction::SetPropertyArgs { expected_version, capacity: 8, key, value: b"value" };
        let call = memo_call(session, "hello");
        [
            ("set_property, new", session.set(ana, b"new", b"value", 0, 8)),
            ("set_property", session.set(ana, b"old", b"value", 1, 8)),
            ("delete_property", instruction::delete_property(wallet, at, wallet, b"old", wallet, 1)),
            ("broadcast_message", session.say(ana, b"hello")),
            ("send_direct_message", instruction::send_direct_message(wallet, at, wallet, ben.address(), b"hello")),
            ("execute_function", instruction::execute_function(acting, &call, &[])),
            ("compose_functions", instruction::compose_functions(acting, &[call.clone(), call.clone()], &[])),
            ("spend", instruction::spend(acting, shop.address(), None, SOL / 4)),
            ("spend, tokens", instruction::spend(acting, shop.address(), Some(minted.tokens), 10)),
            ("consume", instruction::consume(acting, 0, 1)),
            ("validate_session", instruction::validate_session(acting, 0, 1)),
            ("read_property", instruction::read_property(acting, third.address, b"far")),
            ("write_property, new", instruction::write_property(acting, wallet, third.address, args(b"near", 0))),
            ("write_property", instruction::write_property(acting, wallet, third.address, args(b"far", 1))),
        ]
        .map(|(name, act)| (name, act, vec![ana]))
        .into()
    }

    fn acts_of_the_authority(&self) -> Vec<(&'static str, Instruction, Vec<&Actor>)> {
        let Self { world, session, third, ana, ben, minted, .. } = self;
        let (at, id, creator, by) = (session.address, session.args.id, &session.creator, session.creator.address());
        let mut another = memo_function(1);
        another.selector = Selector::new(b"a").unwrap();
        let function = world.function(&address::function(&at, &MEMO, &Selector::default()));
        let grant = world.grant(&at, &third.address);
        let granting = GrantAccessArgs { rights: 1, ttl: 60 };
        let allow = |wallet: &Actor, mint| instruction::set_allowance(by, by, at, wallet.address(), mint, allowing(7, &[]));
        let withdraw =
            |tokens, amount| instruction::withdraw(by, Withdrawal { session: at, session_id: id, recipient: by, tokens, amount });
        let Tokens { mint, .. } = minted.tokens;
        [
            ("register_function", instruction::register_function(by, by, at, another)),
            ("unregister_function", instruction::unregister_function(by, at, &function)),
            ("set_allowance, new", allow(ben, None)),
            ("set_allowance", allow(ana, None)),
            ("set_allowance, tokens", allow(ana, Some(mint))),
            ("withdraw", withdraw(None, SOL)),
            ("withdraw, tokens", withdraw(Some(minted.tokens), 10)),
            ("grant_access, new", instruction::grant_access(by, by, at, self.other.address, granting)),
            ("grant_access", instruction::grant_access(by, by, at, third.address, granting)),
            ("revoke_access", instruction::revoke_access(by, at, &grant)),
        ]
        .map(|(name, act)| (name, act, vec![creator]))
        .into()
    }

    /// The account of the other session that stands where this one does in its own.
    pub fn counterpart(&self, account: &Address) -> Option<Address> {
        let of = |session: &Address| {
            let (vault, third) = (address::vault(session), &self.third.address);
            let mut all = vec![
                *session,
                vault,
                self.minted.tokens.of(&vault),
                address::property(session, b"old"),
                address::property(session, b"new"),
                address::function(session, &MEMO, &Selector::default()),
                address::grant(session, third),
                address::grant(third, session),
            ];
            for wallet in [&self.ana, &self.ben, &self.session.creator] {
                let member = address::member(session, &wallet.address());
                let mint = &self.minted.tokens.mint;
                all.extend([member, address::allowance(&member, &outflow::SOL), address::allowance(&member, mint)]);
            }
            all
        };
        let (here, there) = (of(&self.session.address), of(&self.other.address));
        here.iter().position(|known| known == account).map(|i| there[i])
    }

    /// One account of each kind.
    pub fn kinds(&self) -> Vec<Address> {
        let (at, wallet) = (self.session.address, self.ana.address());
        let (member, vault) = (address::member(&at, &wallet), address::vault(&at));
        vec![
            at,
            member,
            address::property(&at, b"old"),
            address::function(&at, &MEMO, &Selector::default()),
            address::allowance(&member, &outflow::SOL),
            address::grant(&at, &self.third.address),
            vault,
            self.minted.tokens.of(&vault),
            self.minted.tokens.mint,
            wallet,
            address::PROGRAM,
        ]
    }

    /// Sends what must fail, whatever the reason, and changes nothing.
    #[track_caller]
    pub fn fails(&self, name: &str, act: Instruction, signers: &[&Actor]) {
        let before = self.world.program_accounts();
        let receipt = self.world.send(&[act], signers);
        assert!(receipt.failure.is_some(), "{name}: {:#?}", receipt.logs);
        assert_eq!(self.world.program_accounts(), before, "{name}");
    }
}
