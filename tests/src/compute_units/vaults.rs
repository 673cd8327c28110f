//! What instructions around the vault cost, and those between sessions and for other programs. Every address has the bump 255.

use {
    super::{in_status, is_at_255, members::actor, named_with, units},
    crate::{
        Actor, World,
        session::{TestSession, config},
        tokens::{MEMO, Minted, TOKEN, allowing},
        world::SOL,
    },
    sessions_client::{
        address,
        core::{
            AccessGrantState, AllowanceState, FunctionState, PropertyState,
            rules::{
                functions::Selector,
                lifecycle::Status,
                membership::{NO_EXPIRY, Role, Terms},
                permissions::Settings,
            },
        },
        instruction::{self, Acting, FunctionCall, GrantAccessArgs, NewFunction, SetPropertyArgs, Withdrawal},
    },
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
    spl_token_2022_interface::instruction as token,
};

/// The program whose addresses are the associated token accounts'.
const ASSOCIATED_TOKEN: Address = Address::from_str_const("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");

/// An active session with a member who may do everything.
struct Stage {
    world: World,
    session: TestSession,
    member: Actor,
}

impl Stage {
    fn new() -> Self {
        let (world, session) = in_status(Status::Active);
        let member = actor(&world, &session.address, "owner");
        let creator = &session.creator;
        world.ok(session.invite(creator, &member, Terms::of(Role::Owner)), creator);
        world.ok(session.accept(&world, &member), &member);
        Self { world, session, member }
    }

    fn acting(&self) -> Acting {
        Acting::wallet(self.session.address, self.member.address())
    }

    fn by_creator(&self, instruction: Instruction) -> u64 {
        units(&self.world, instruction, &[&self.session.creator])
    }

    fn by_member(&self, instruction: Instruction) -> u64 {
        units(&self.world, instruction, &[&self.member])
    }
}

/// Everything here.
pub fn measure() -> Vec<(&'static str, u64)> {
    let mut all = consumption();
    all.extend(functions());
    all.extend(sol());
    all.extend(tokens());
    all.extend(access());
    all
}

fn consumption() -> Vec<(&'static str, u64)> {
    let stage = Stage::new();
    let plain = stage.by_member(instruction::consume(stage.acting(), 0, 1));
    let validate = stage.by_member(instruction::validate_session(stage.acting(), 0, 1));
    let logging = TestSession::in_status(&stage.world, config(Settings::LOG_EXECUTION), Status::Active);
    let ana = logging.joined(&stage.world, "ana");
    let logged = instruction::consume(Acting::wallet(logging.address, ana.address()), 0, 1);
    vec![("consume", plain), ("validate_session", validate), ("consume, logged", units(&stage.world, logged, &[&ana]))]
}

/// A memo that this wallet signs.
fn memo(signer: Address, text: &[u8]) -> Instruction {
    Instruction { program_id: MEMO, accounts: vec![AccountMeta::new_readonly(signer, true)], data: text.to_vec() }
}

fn functions() -> Vec<(&'static str, u64)> {
    let stage = Stage::new();
    let (at, creator) = (stage.session.address, stage.session.creator.address());
    let text = named_with(|name| {
        let seed = Selector::new(name.as_bytes()).unwrap().seed();
        is_at_255(&FunctionState::seeds(&at, &MEMO, &seed))
    });
    let selector = Selector::new(text.as_bytes()).unwrap();
    let function = NewFunction { program: MEMO, selector, units: 1, composable: true };
    let call = FunctionCall { selector, instruction: memo(address::vault(&at), text.as_bytes()) };
    let three = [call.clone(), call.clone(), call.clone()];
    let mut all = vec![
        ("register_function", stage.by_creator(instruction::register_function(creator, creator, at, function))),
        ("execute_function, a memo", stage.by_member(instruction::execute_function(stage.acting(), &call, &[]))),
        ("compose_functions, three memos", stage.by_member(instruction::compose_functions(stage.acting(), &three, &[]))),
        ("a memo, called directly", stage.by_member(memo(stage.member.address(), text.as_bytes()))),
    ];
    let state = stage.world.function(&address::function(&at, &MEMO, &selector));
    all.push(("unregister_function", stage.by_creator(instruction::unregister_function(creator, at, &state))));
    all
}

fn sol() -> Vec<(&'static str, u64)> {
    let stage = Stage::new();
    let (at, creator, wallet) = (stage.session.address, stage.session.creator.address(), stage.member.address());
    let shop = stage.world.actor("shop").address();
    let allow = |limit| instruction::set_allowance(creator, creator, at, wallet, None, allowing(limit, &[]));
    let withdrawal = Withdrawal { session: at, session_id: stage.session.args.id, recipient: creator, tokens: None, amount: SOL / 4 };
    vec![
        ("set_allowance, made", stage.by_creator(allow(SOL))),
        ("set_allowance, updated", stage.by_creator(allow(2 * SOL))),
        ("deposit, SOL", stage.by_creator(instruction::deposit(creator, at, None, 2 * SOL))),
        ("spend, SOL", stage.by_member(instruction::spend(stage.acting(), shop, None, SOL / 4))),
        ("withdraw, SOL", stage.by_creator(instruction::withdraw(creator, withdrawal))),
    ]
}

/// A mint whose allowance and whose account of the vault have the bump 255.
fn minted(stage: &Stage) -> Minted {
    let (vault, member) = (address::vault(&stage.session.address), stage.acting().member());
    let name = named_with(|name| {
        let mint = Actor::named(&format!("mint {name}")).address();
        let associated = [vault.as_array().as_slice(), TOKEN.as_array(), mint.as_array()];
        is_at_255(&AllowanceState::seeds(&member, &mint)) && Address::find_program_address(&associated, &ASSOCIATED_TOKEN).1 == 255
    });
    stage.world.mint(&name)
}

fn tokens() -> Vec<(&'static str, u64)> {
    let stage = Stage::new();
    let (at, creator, wallet) = (stage.session.address, stage.session.creator.address(), stage.member.address());
    let minted = minted(&stage);
    let (tokens, vault, shop) = (minted.tokens, address::vault(&at), stage.world.actor("shop").address());
    let own = stage.world.give(&minted, &creator, 100);
    stage.world.give(&minted, &vault, 0);
    let shops = stage.world.give(&minted, &shop, 0);
    stage.by_creator(instruction::set_allowance(creator, creator, at, wallet, Some(tokens.mint), allowing(100, &[])));
    let direct = token::transfer_checked(&tokens.program, &own, &tokens.mint, &shops, &creator, &[], 10, crate::tokens::DECIMALS).unwrap();
    let withdrawal = Withdrawal { session: at, session_id: stage.session.args.id, recipient: creator, tokens: Some(tokens), amount: 10 };
    vec![
        ("deposit, SPL Token", stage.by_creator(instruction::deposit(creator, at, Some(tokens), 50))),
        ("spend, SPL Token", stage.by_member(instruction::spend(stage.acting(), shop, Some(tokens), 10))),
        ("withdraw, SPL Token", stage.by_creator(instruction::withdraw(creator, withdrawal))),
        ("transfer_checked, called directly", stage.by_creator(direct)),
    ]
}

fn access() -> Vec<(&'static str, u64)> {
    let stage = Stage::new();
    let (at, creator) = (stage.session.address, stage.session.creator.address());
    let id = named_with(|id| {
        let owner = address::session(&creator, &address::id_from_text(id));
        is_at_255(&AccessGrantState::seeds(&owner, &at))
    });
    let other = TestSession::new(&stage.world, &id, config(Settings::NONE));
    other.request(&stage.world);
    other.advance(&stage.world, Status::Active);
    let key = named_with(|key| is_at_255(&PropertyState::seeds(&other.address, key.as_bytes())));
    let write = |expected_version| {
        let args = SetPropertyArgs { expected_version, capacity: 64, key: key.as_bytes(), value: &[7; 64] };
        instruction::write_property(stage.acting(), stage.member.address(), other.address, args)
    };
    let grant = GrantAccessArgs { rights: 3, ttl: NO_EXPIRY };
    let mut all = vec![
        ("grant_access", stage.by_creator(instruction::grant_access(creator, creator, other.address, at, grant))),
        ("write_property, 64 bytes, made", stage.by_member(write(0))),
        ("write_property, 64 bytes, updated", stage.by_member(write(1))),
        ("read_property, 64 bytes", stage.by_member(instruction::read_property(stage.acting(), other.address, key.as_bytes()))),
    ];
    let grant = stage.world.grant(&other.address, &at);
    all.push(("revoke_access", stage.by_creator(instruction::revoke_access(creator, other.address, &grant))));
    all
}
