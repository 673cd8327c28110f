//! The vault: what goes in, what members may take out, and what comes back.

mod deposit;
mod remains;
mod set_allowance;
mod spend;
mod tokens;
mod withdraw;

use {
    sessions_client::{
        address,
        core::{
            SessionError,
            rules::{
                allowance::AllowanceTerms,
                lifecycle::Status,
                membership::{Role, Terms},
                permissions::Settings,
            },
        },
        instruction::{self, Acting, Tokens},
    },
    sessions_tests::{
        Actor, World,
        session::{TestSession, config},
        tokens::allowing,
        world::SOL,
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

/// What an account without data has to hold.
fn rent(world: &World) -> u64 {
    world.ledger.with_svm(|svm| svm.minimum_balance_for_rent_exemption(0)).unwrap()
}

/// An active session with the owner Ana, and two SOL in its vault.
struct Funded {
    world: World,
    session: TestSession,
    ana: Actor,
    shop: Actor,
}

fn funded() -> Funded {
    let world = World::new();
    let session = TestSession::in_status(&world, config(Settings::NONE), Status::Active);
    let ana = session.invited(&world, "ana", Terms::of(Role::Owner));
    let donor = world.actor("donor");
    world.ok(instruction::deposit(donor.address(), session.address, None, 2 * SOL), &donor);
    let shop = world.actor("shop");
    Funded { world, session, ana, shop }
}

impl Funded {
    fn vault(&self) -> Address {
        address::vault(&self.session.address)
    }

    /// The authority sets Ana's allowance.
    fn allow(&self, tokens: Option<Tokens>, terms: AllowanceTerms) -> Instruction {
        let authority = self.session.creator.address();
        let mint = tokens.map(|tokens| tokens.mint);
        instruction::set_allowance(authority, authority, self.session.address, self.ana.address(), mint, terms)
    }

    #[track_caller]
    fn allowed(self, terms: AllowanceTerms) -> Self {
        self.world.ok(self.allow(None, terms), &self.session.creator);
        self
    }

    /// Ana pays the shop.
    fn pay(&self, tokens: Option<Tokens>, amount: u64) -> Instruction {
        instruction::spend(Acting::wallet(self.session.address, self.ana.address()), self.shop.address(), tokens, amount)
    }

    fn withdraw(&self, signer: &Actor, recipient: &Actor, tokens: Option<Tokens>, amount: u64) -> Instruction {
        let session = self.session.address;
        let withdrawal =
            instruction::Withdrawal { session, session_id: self.session.args.id, recipient: recipient.address(), tokens, amount };
        instruction::withdraw(signer.address(), withdrawal)
    }
}

/// Sends what the session's policy must refuse, for the reason that the log gives.
#[track_caller]
fn violates(world: &World, act: Instruction, signer: &Actor, reason: &str) {
    let receipt = world.refused(act, signer, SessionError::PolicyViolation);
    assert!(receipt.logs.contains(&format!("Program log: {reason}")), "{reason}: {:#?}", receipt.logs);
}

/// Sends what names an argument that is out of its range.
#[track_caller]
fn invalid(world: &World, act: Instruction, signer: &Actor, field: &str) {
    let receipt = world.refused(act, signer, SessionError::InvalidConfiguration);
    assert!(receipt.logs.contains(&format!("Program log: {field}")), "{field}: {:#?}", receipt.logs);
}
