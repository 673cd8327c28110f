//! What calls of one composition bring in and take out: each is looked at by itself.

use {
    super::*,
    rogue::instruction::{SEED_TOKEN, Trap},
    sessions_client::core::rules::{membership::MemberChanges, permissions::Permissions},
    sessions_tests::tokens::{DECIMALS, Minted},
};

/// A stage whose vault holds a thousand of a mint, and so does somebody who lets the vault take it; and a thief's account.
struct Market {
    stage: Stage,
    minted: Minted,
    vault: Address,
    source: Address,
    thief: Address,
}

fn market() -> Market {
    let stage = stage();
    let Everything { world, shop, .. } = &stage.all;
    let minted = world.mint("usdc");
    let vault = world.give(&minted, &stage.vault(), 1_000);
    let donor = world.actor("donor");
    let source = world.give(&minted, &donor.address(), 1_000);
    let thief = world.give(&minted, &shop.address(), 0);
    let Tokens { program, .. } = minted.tokens;
    for (owner, account) in [(&donor, source), (shop, thief)] {
        world.ok(token::approve(&program, &account, &stage.vault(), &owner.address(), &[], 10_000).unwrap(), owner);
    }
    Market { stage, minted, vault, source, thief }
}

impl Market {
    /// A call that moves so much, in the vault's name.
    fn moves(&self, from: Address, to: Address, amount: u64) -> FunctionCall {
        let Tokens { mint, program } = self.minted.tokens;
        let accounts = vec![AccountMeta::new_readonly(self.stage.vault(), true), writes(from), reads(mint), writes(to), reads(program)];
        call(&Rogue::DrainTokens { amount, decimals: DECIMALS }, accounts)
    }

    fn allowance(&self) -> Address {
        address::allowance(&self.stage.member(), &self.minted.tokens.mint)
    }

    fn compose(&self, calls: &[FunctionCall], allowances: &[Address]) -> Instruction {
        instruction::compose_functions(self.stage.acting(), calls, allowances)
    }

    fn allow(&self, limit: u64) {
        let Everything { world, session, ana, .. } = &self.stage.all;
        let (by, mint) = (session.creator.address(), Some(self.minted.tokens.mint));
        world.ok(instruction::set_allowance(by, by, session.address, ana.address(), mint, allowing(limit, &[])), &session.creator);
    }

    fn held(&self) -> [u64; 3] {
        [self.vault, self.source, self.thief].map(|account| self.stage.all.world.held(&account))
    }
}

#[test]
fn what_one_call_brings_in_does_not_pay_for_what_the_next_takes_out() {
    let market = market();
    let calls = [market.moves(market.source, market.vault, 700), market.moves(market.vault, market.thief, 700)];
    market.stage.refused(market.compose(&calls, &[]), SessionError::AllowanceNotFound);
    market.allow(699);
    let allowance = market.allowance();
    market.stage.refused(market.compose(&calls, &[allowance]), SessionError::AllowanceExceeded);
    assert_eq!(market.held(), [1_000, 1_000, 0]);
    market.allow(700);
    market.stage.ok(market.compose(&calls, &[allowance]));
    assert_eq!(market.held(), [1_000, 300, 700]);
}

#[test]
fn what_one_call_takes_is_charged_though_the_next_brings_it_back() {
    let market = market();
    let calls = [market.moves(market.vault, market.thief, 1_000), market.moves(market.thief, market.vault, 1_000)];
    market.stage.refused(market.compose(&calls, &[]), SessionError::AllowanceNotFound);
    market.allow(1_000);
    market.stage.ok(market.compose(&calls, &[market.allowance()]));
    assert_eq!(market.held(), [1_000, 1_000, 0]);
    market.stage.refused(market.compose(&calls, &[market.allowance()]), SessionError::AllowanceExceeded);
}

#[test]
fn without_spend_nothing_moves_through_the_vault() {
    let market = market();
    market.allow(1_000);
    let Everything { world, session, ana, .. } = &market.stage.all;
    let permissions = Permissions::ALL.bits() & !Permissions::SPEND.bits();
    let changes = MemberChanges { permissions: Some(permissions), ..MemberChanges::default() };
    world.ok(instruction::update_member(session.creator.address(), session.address, ana.address(), changes), &session.creator);
    let calls = [market.moves(market.source, market.vault, 1), market.moves(market.vault, market.thief, 1)];
    market.stage.refused(market.compose(&calls, &[market.allowance()]), SessionError::PermissionDenied);
    assert_eq!(market.held(), [1_000, 1_000, 0]);
}

#[test]
fn lamports_that_a_call_brings_in_do_not_pay_either() {
    let stage = stage();
    let vault = stage.vault();
    let (takes, shop) = (SOL / 4, stage.all.shop.address());
    let drain = |amount| call(&Rogue::DrainLamports { amount }, vec![stage.signer(), writes(shop), reads(Address::default())]);
    let before = stage.all.world.balance(&vault);
    // Each takes a quarter, which is half in all, and the allowance is of one.
    let act = instruction::compose_functions(stage.acting(), &[drain(takes), drain(takes)], &[stage.allowance()]);
    stage.ok(act);
    assert_eq!(stage.all.world.balance(&vault), before - 2 * takes);
    let used = stage.all.world.allowance(&stage.all.session.address, &stage.all.ana, None).used.total;
    assert_eq!(used, 2 * takes);
    // Within each call's own limit, and not within the execution's.
    let act = instruction::compose_functions(stage.acting(), &[drain(takes), drain(takes), drain(takes)], &[stage.allowance()]);
    stage.refused(act, SessionError::AllowanceExceeded);
}

#[test]
fn a_token_account_that_was_trapped_before_takes_nothing_from_the_vault() {
    let market = market();
    let Everything { world, ana, shop, .. } = &market.stage.all;
    market.allow(500);
    let new = Address::find_program_address(&[SEED_TOKEN], &ROGUE).0;
    world.ledger.fund(new, SOL).unwrap();
    let what = Rogue::NewTokenAccount { trap: Trap::CloseAuthorityBefore, amount: 0, decimals: DECIMALS, space: 165 };
    let Tokens { mint, program } = market.minted.tokens;
    let (thief, system) = (shop.address(), Address::default());
    let accounts =
        [reads(market.stage.vault()), writes(new), reads(mint), reads(thief), writes(market.vault), reads(program), reads(system)];
    world.ok(Instruction { program_id: ROGUE, accounts: accounts.into(), data: what.data() }, ana);
    let act = instruction::execute_function(market.stage.acting(), &market.moves(market.vault, new, 100), &[market.allowance()]);
    market.stage.refused(act, SessionError::PolicyViolation);
}

#[test]
fn wrapped_sol_leaves_by_spend_alone() {
    let stage = stage();
    let Everything { world, session, ana, shop, .. } = &stage.all;
    let tokens = world.native_mint();
    let (from, to, by) = (tokens.of(&stage.vault()), tokens.of(&shop.address()), session.creator.address());
    world.ok_with(&[tokens.create_account(by, stage.vault()), tokens.create_account(by, shop.address())], &[&session.creator]);
    world.ledger.fund(from, SOL).unwrap();
    world.ok(token::sync_native(&TOKEN, &from).unwrap(), &session.creator);
    let mint = Some(tokens.mint);
    world.ok(instruction::set_allowance(by, by, session.address, ana.address(), mint, allowing(SOL, &[])), &session.creator);
    let allowances = [address::allowance(&stage.member(), &tokens.mint), stage.allowance()];
    let own = || vec![AccountMeta::new_readonly(stage.vault(), true), writes(from)];
    let drain = [own(), vec![reads(tokens.mint), writes(to), reads(TOKEN)]].concat();
    let act = stage.call(&Rogue::DrainTokens { amount: 1_000, decimals: 9 }, drain, &allowances);
    stage.refused(act, SessionError::PolicyViolation);
    let close = [own(), vec![writes(shop.address()), reads(TOKEN)]].concat();
    stage.refused(stage.call(&Rogue::CloseTokenAccount, close, &allowances), SessionError::PolicyViolation);
    stage.ok(instruction::spend(stage.acting(), shop.address(), Some(tokens), 1_000));
    assert_eq!(world.held(&to), 1_000);
}
