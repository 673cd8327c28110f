//! A session with everything that a member can act with: a function, a vault and an allowance, and another session that grants it access.

use {
    crate::{
        Actor, World,
        session::{TestSession, config},
        tokens::{MEMO, Minted, allowing, memo},
        world::SOL,
    },
    sessions_client::{
        address,
        core::rules::{
            config::SessionConfig,
            functions::Selector,
            lifecycle::Status,
            membership::{NO_EXPIRY, Role, Terms},
            permissions::{Permissions, Settings},
        },
        instruction::{self, Acting, FunctionCall, GrantAccessArgs, NewFunction, SetPropertyArgs},
    },
    solana_instruction::Instruction,
};

/// Everyone and everything. The creator of both sessions is the same.
pub struct Everything {
    /// Where they are.
    pub world: World,
    /// The session that Ana acts in.
    pub session: TestSession,
    /// The session that grants it access, with the property `far` at version 1.
    pub other: TestSession,
    /// A member with every permission, an allowance of one SOL, and one of 100 parts of the mint.
    pub ana: Actor,
    /// Who is paid.
    pub shop: Actor,
    /// A mint of which the vault has 100 parts.
    pub minted: Minted,
}

/// A function of the memo program that costs so much.
pub fn memo_function(units: u64) -> NewFunction {
    NewFunction { program: MEMO, selector: Selector::default(), units, composable: true }
}

/// A call of the memo program.
pub fn memo_call(session: &TestSession, text: &str) -> FunctionCall {
    FunctionCall { selector: Selector::default(), instruction: memo(&session.address, text) }
}

impl Everything {
    /// Both sessions active, with nothing used.
    pub fn new() -> Self {
        Self::with(config(Settings::NONE))
    }

    /// The same, with this configuration of the session that Ana acts in.
    pub fn with(own: SessionConfig) -> Self {
        let world = World::new();
        let session = TestSession::requested(&world, own);
        session.advance(&world, Status::Created);
        let ana = session.invited(&world, "ana", Terms::of(Role::Owner));
        session.advance(&world, Status::Active);
        let other = TestSession::new(&world, "other", config(Settings::NONE));
        other.request(&world);
        other.advance(&world, Status::Active);
        let (creator, at) = (&session.creator, session.address);
        let by = creator.address();
        world.ok(other.set(creator, b"far", b"away", 0, 16), creator);
        world.ok(instruction::register_function(by, by, at, memo_function(1)), creator);
        world.ok(instruction::set_allowance(by, by, at, ana.address(), None, allowing(SOL, &[])), creator);
        world.ok(instruction::deposit(by, at, None, 2 * SOL), creator);
        let grant = GrantAccessArgs { rights: 3, ttl: NO_EXPIRY };
        world.ok(instruction::grant_access(by, by, other.address, at, grant), creator);
        let shop = world.actor("shop");
        let minted = world.mint("gold");
        let tokens = minted.tokens;
        world.give(&minted, &address::vault(&at), 100);
        world.give(&minted, &shop.address(), 0);
        world.ok(instruction::set_allowance(by, by, at, ana.address(), Some(tokens.mint), allowing(100, &[])), creator);
        Self { world, session, other, ana, shop, minted }
    }

    /// Every act that goes through `authorize`, as `signer` on the membership of `wallet`, and the permission that it needs. The session's
    /// property `old` is at version 1.
    pub fn acts(&self, signer: &Actor, wallet: &Actor) -> Vec<(&'static str, Instruction, Permissions)> {
        let Self { session, other, shop, minted, .. } = self;
        let acting = Acting { signer: signer.address(), session: session.address, wallet: wallet.address(), shared: false };
        let acting = acting.in_session(&self.world.session(&session.address));
        let (signer, at, wallet, payer) = (signer.address(), session.address, wallet.address(), session.payer.address());
        let args = |key, expected_version| SetPropertyArgs { expected_version, capacity: 8, key, value: b"value" };
        let call = memo_call(session, "hello");
        let compose = instruction::compose_functions(acting, &[call.clone(), call.clone()], &[]);
        vec![
            ("set_property, new", instruction::set_property(signer, payer, at, wallet, args(b"new", 0)), Permissions::WRITE_PROPERTIES),
            ("set_property", instruction::set_property(signer, payer, at, wallet, args(b"old", 1)), Permissions::WRITE_PROPERTIES),
            (
                "delete_property",
                instruction::delete_property(signer, at, wallet, b"old", session.creator.address(), 1),
                Permissions::WRITE_PROPERTIES,
            ),
            ("broadcast_message", instruction::broadcast_message(signer, at, wallet, b"hello"), Permissions::SEND_MESSAGES),
            ("execute_function", instruction::execute_function(acting, &call, &[]), Permissions::EXECUTE_FUNCTIONS),
            ("compose_functions", compose, Permissions::COMPOSE_FUNCTIONS),
            ("spend", instruction::spend(acting, shop.address(), None, SOL / 4), Permissions::SPEND),
            ("spend_tokens", instruction::spend(acting, shop.address(), Some(minted.tokens), 10), Permissions::SPEND),
            ("consume", instruction::consume(acting, 0, 1), Permissions::EXECUTE_FUNCTIONS),
            ("validate_session", instruction::validate_session(acting, 0, 1), Permissions::EXECUTE_FUNCTIONS),
            ("read_property", instruction::read_property(acting, other.address, b"far"), Permissions::READ_CROSS_SESSION),
            (
                "write_property, new",
                instruction::write_property(acting, payer, other.address, args(b"near", 0)),
                Permissions::WRITE_CROSS_SESSION,
            ),
            (
                "write_property",
                instruction::write_property(acting, payer, other.address, args(b"far", 1)),
                Permissions::WRITE_CROSS_SESSION,
            ),
        ]
    }
}

impl Default for Everything {
    fn default() -> Self {
        Self::new()
    }
}
