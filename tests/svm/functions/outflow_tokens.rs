//! What a function takes out of the vault's token accounts, and how it must leave them.

use {
    super::*,
    rogue::instruction::{SEED_TOKEN, Trap},
    sessions_tests::tokens::{DECIMALS, Extension, Minted},
};

/// A stage whose vault holds a thousand of a mint, of which Ana may take five hundred.
struct Held {
    stage: Stage,
    minted: Minted,
    from: Address,
    to: Address,
}

const CHANGED: &str =
    "a token account of the vault was closed or resized, or has another mint, owner, delegate, close authority or fewer lamports";
const UNSAFE: &str = "a new token account of the vault has a delegate, a close authority or an extension of its own";

fn held(mint: impl Fn(&World) -> Minted) -> Held {
    let stage = stage();
    let Everything { world, session, ana, shop, .. } = &stage.all;
    let minted = mint(world);
    let from = world.give(&minted, &stage.vault(), 1_000);
    let to = world.give(&minted, &shop.address(), 0);
    let by = session.creator.address();
    let allow = instruction::set_allowance(by, by, session.address, ana.address(), Some(minted.tokens.mint), allowing(500, &[]));
    world.ok(allow, &session.creator);
    Held { stage, minted, from, to }
}

fn plain(world: &World) -> Minted {
    world.mint("usdc")
}

fn later(world: &World) -> Minted {
    world.mint_2022("new", &[])
}

impl Held {
    fn allowance(&self) -> Address {
        address::allowance(&self.stage.member(), &self.minted.tokens.mint)
    }

    fn program(&self) -> AccountMeta {
        reads(self.minted.tokens.program)
    }

    fn call(&self, what: &Rogue, accounts: Vec<AccountMeta>) -> Instruction {
        self.stage.call(what, accounts, &[self.allowance(), self.stage.allowance()])
    }

    /// What stands first in most calls: the vault and its token account.
    fn own(&self, more: &[AccountMeta]) -> Vec<AccountMeta> {
        [&[AccountMeta::new_readonly(self.stage.vault(), true), writes(self.from)], more].concat()
    }

    fn drain(&self, amount: u64) -> Instruction {
        let more = [reads(self.minted.tokens.mint), writes(self.to), self.program()];
        self.call(&Rogue::DrainTokens { amount, decimals: DECIMALS }, self.own(&more))
    }

    fn used(&self) -> u64 {
        let Everything { world, session, ana, .. } = &self.stage.all;
        world.allowance(&session.address, ana, Some(self.minted.tokens.mint)).used.total
    }
}

#[test]
fn tokens_that_a_function_takes_are_charged() {
    for mint in [plain, later] {
        let held = held(mint);
        held.stage.ok(held.drain(300));
        assert_eq!((held.used(), held.stage.all.world.held(&held.to)), (300, 300));
        held.stage.refused(held.drain(201), SessionError::AllowanceExceeded);
        held.stage.ok(held.drain(200));
    }
}

#[test]
fn what_leaves_is_charged_fee_and_all() {
    let held = held(|world| world.mint_2022("fee", &[Extension::TransferFee(1_000, 100)]));
    held.stage.ok(held.drain(300));
    assert_eq!((held.used(), held.stage.all.world.held(&held.to)), (300, 270));
}

#[test]
fn tokens_that_are_burned_have_left_too() {
    let held = held(plain);
    let burn = |amount| held.call(&Rogue::Burn { amount }, held.own(&[writes(held.minted.tokens.mint), held.program()]));
    held.stage.ok(burn(500));
    assert_eq!(held.used(), 500);
    held.stage.refused(burn(1), SessionError::AllowanceExceeded);
}

#[test]
fn an_allowance_of_another_mint_pays_for_nothing() {
    let held = held(plain);
    let more = [reads(held.minted.tokens.mint), writes(held.to), held.program()];
    let what = Rogue::DrainTokens { amount: 1, decimals: DECIMALS };
    let act = held.stage.call(&what, held.own(&more), &[held.stage.allowance()]);
    held.stage.refused(act, SessionError::AllowanceNotFound);
}

#[test]
fn a_token_account_of_the_vault_keeps_its_owner_its_delegate_and_its_closer() {
    for mint in [plain, later] {
        let held = held(mint);
        let shop = held.stage.all.shop.address();
        let cases = [
            (Rogue::Approve { amount: 1 }, held.own(&[reads(shop), held.program()])),
            (Rogue::SetCloseAuthority { authority: shop.to_bytes() }, held.own(&[held.program()])),
        ];
        for (what, accounts) in cases {
            held.stage.violates(held.call(&what, accounts), CHANGED);
        }
        // An associated account of Token-2022 has an owner that nobody can change.
        let give = held.call(&Rogue::SetOwner { owner: shop.to_bytes() }, held.own(&[held.program()]));
        if held.minted.tokens.program == sessions_tests::tokens::TOKEN {
            held.stage.violates(give, CHANGED);
        } else {
            assert!(held.stage.all.world.send(&[give], &[&held.stage.all.ana]).failure.is_some());
        }
    }
}

#[test]
fn an_empty_token_account_of_the_vault_is_not_closed() {
    let stage = stage();
    let minted = stage.all.world.mint("usdc");
    let from = stage.all.world.give(&minted, &stage.vault(), 0);
    let accounts =
        vec![AccountMeta::new_readonly(stage.vault(), true), writes(from), writes(stage.all.shop.address()), reads(minted.tokens.program)];
    stage.violates(stage.call(&Rogue::CloseTokenAccount, accounts, &[stage.allowance()]), CHANGED);
}

#[test]
fn a_token_account_of_the_vault_does_not_grow() {
    let held = held(later);
    // Room for the required memo, which would lock others out: the vault pays for it.
    let accounts = vec![held.stage.signer(), writes(held.from), held.program(), reads(Address::default())];
    held.stage.violates(held.call(&Rogue::Reallocate { extension: 8 }, accounts), CHANGED);
}

/// A new token account that the vault is given with so much moved into it.
fn new_account(held: &Held, trap: Trap, amount: u64) -> Instruction {
    let new = Address::find_program_address(&[SEED_TOKEN], &ROGUE).0;
    held.stage.all.world.ledger.fund(new, SOL).unwrap();
    let what = Rogue::NewTokenAccount { trap, amount, decimals: DECIMALS, space: 165 };
    let accounts = vec![
        AccountMeta::new_readonly(held.stage.vault(), true),
        writes(new),
        reads(held.minted.tokens.mint),
        reads(held.stage.all.shop.address()),
        writes(held.from),
        held.program(),
        reads(Address::default()),
    ];
    held.call(&what, accounts)
}

#[test]
fn tokens_moved_into_another_account_of_the_vault_are_charged_all_the_same() {
    let held = held(plain);
    held.stage.ok(new_account(&held, Trap::None, 100));
    assert_eq!(held.used(), 100);
    held.stage.refused(held.drain(401), SessionError::AllowanceExceeded);
}

#[test]
fn a_new_token_account_of_the_vault_has_no_trap() {
    for trap in [Trap::Delegate, Trap::CloseAuthority] {
        let held = held(plain);
        held.stage.violates(new_account(&held, trap, 100), UNSAFE);
    }
    let held = held(plain);
    let before = new_account(&held, Trap::CloseAuthorityBefore, 100);
    held.stage.violates(before, UNSAFE);
}

#[test]
fn a_token_account_that_stands_there_twice_counts_once() {
    let held = held(plain);
    let mut act = held.drain(300);
    act.accounts.push(writes(held.from));
    held.stage.ok(act);
    assert_eq!(held.used(), 300);
}

#[test]
fn losses_of_several_accounts_of_one_mint_are_one_sum() {
    let held = held(plain);
    held.stage.ok(new_account(&held, Trap::None, 200));
    let new = Address::find_program_address(&[SEED_TOKEN], &ROGUE).0;
    let drain = |from, amount| {
        let accounts = vec![
            AccountMeta::new_readonly(held.stage.vault(), true),
            writes(from),
            reads(held.minted.tokens.mint),
            writes(held.to),
            held.program(),
        ];
        call(&Rogue::DrainTokens { amount, decimals: DECIMALS }, accounts)
    };
    let both = |a, b| instruction::compose_functions(held.stage.acting(), &[drain(held.from, a), drain(new, b)], &[held.allowance()]);
    held.stage.refused(both(200, 101), SessionError::AllowanceExceeded);
    held.stage.ok(both(200, 100));
    assert_eq!(held.used(), 500);
}
