//! What the rules say that a session and everything that belongs to it hold.

use {
    sessions_client::{
        address,
        core::{
            AllowanceState, FunctionState, InvitationState, InviteTokenState, MemberState, PropertyState, SessionState,
            rules::outflow::SOL, state::Creation,
        },
    },
    sessions_tests::World,
    solana_address::Address,
    std::collections::BTreeMap,
};

/// One life of a session.
#[derive(Clone, Debug, PartialEq)]
pub struct Life {
    /// The session.
    pub session: SessionState,
    /// Memberships, by wallet.
    pub members: BTreeMap<Address, MemberState>,
    /// Invitations, by the invited wallet.
    pub invitations: BTreeMap<Address, InvitationState>,
    /// Tokens, by their key.
    pub tokens: BTreeMap<Address, InviteTokenState>,
    /// Properties, by their key, with their room.
    pub properties: BTreeMap<Vec<u8>, (PropertyState, Vec<u8>)>,
    /// Allowances of SOL, by the member's wallet.
    pub allowances: BTreeMap<Address, AllowanceState>,
    /// The one function that is called here, if it is registered.
    pub function: Option<FunctionState>,
    /// What the vault holds.
    pub vault: u64,
}

impl Life {
    /// A life that begins now.
    pub fn new(session: SessionState, creator: MemberState) -> Self {
        let members = BTreeMap::from([(creator.wallet, creator)]);
        Self {
            session,
            members,
            invitations: BTreeMap::new(),
            tokens: BTreeMap::new(),
            properties: BTreeMap::new(),
            allowances: BTreeMap::new(),
            function: None,
            vault: 0,
        }
    }

    /// Every account of this life at its address, as the bytes that the program would have written.
    pub fn accounts(&self, at: &Address) -> BTreeMap<Address, Vec<u8>> {
        fn data(discriminator: [u8; 8], state: &[u8], rest: &[u8]) -> Vec<u8> {
            [&discriminator, state, rest].concat()
        }
        let mut all = BTreeMap::from([(*at, data(SessionState::DISCRIMINATOR, bytemuck::bytes_of(&self.session), &[]))]);
        for (wallet, state) in &self.members {
            all.insert(address::member(at, wallet), data(MemberState::DISCRIMINATOR, bytemuck::bytes_of(state), &[]));
        }
        for (target, state) in &self.invitations {
            all.insert(address::invitation(at, target), data(InvitationState::DISCRIMINATOR, bytemuck::bytes_of(state), &[]));
        }
        for (token, state) in &self.tokens {
            all.insert(address::invite_token(at, token), data(InviteTokenState::DISCRIMINATOR, bytemuck::bytes_of(state), &[]));
        }
        for (key, (state, room)) in &self.properties {
            all.insert(address::property(at, key), data(PropertyState::DISCRIMINATOR, bytemuck::bytes_of(state), room));
        }
        for (wallet, state) in &self.allowances {
            let account = address::allowance(&address::member(at, wallet), &SOL);
            all.insert(account, data(AllowanceState::DISCRIMINATOR, bytemuck::bytes_of(state), &[]));
        }
        if let Some(state) = &self.function {
            let account = address::function(at, &state.program, &state.selector());
            all.insert(account, data(FunctionState::DISCRIMINATOR, bytemuck::bytes_of(state), &[]));
        }
        all
    }

    /// Forgets what has this address.
    pub fn forget(&mut self, at: &Address, child: &Address) {
        self.members.retain(|wallet, _| address::member(at, wallet) != *child);
        self.invitations.retain(|target, _| address::invitation(at, target) != *child);
        self.tokens.retain(|token, _| address::invite_token(at, token) != *child);
        self.properties.retain(|key, _| address::property(at, key) != *child);
        self.allowances.retain(|wallet, _| address::allowance(&address::member(at, wallet), &SOL) != *child);
        self.function = self.function.filter(|state| address::function(at, &state.program, &state.selector()) != *child);
    }
}

/// The accounts of the program on the ledger, with their bytes.
pub fn on_ledger(world: &World) -> BTreeMap<Address, Vec<u8>> {
    world.program_accounts().into_iter().map(|(address, account)| (address, account.data)).collect()
}

/// How an account at these seeds comes about when `payer` pays for it.
pub fn creation<'a>(seeds: &[&[u8]], payer: &'a Address) -> Creation<'a> {
    Creation { payer, bump: Address::find_program_address(seeds, &address::PROGRAM).1 }
}
