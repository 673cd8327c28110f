//! Tokens that are left in the vault when its session is over, and the accounts that they are in.

use {
    super::*,
    rogue::{
        Instruction as Rogue,
        instruction::{SEED_TOKEN, Trap},
    },
    sessions_client::core::state::session::vault::EVERYTHING,
    sessions_tests::{
        programs::{ROGUE, committed},
        tokens::{DECIMALS, Minted},
    },
    solana_instruction::AccountMeta,
    spl_token_2022_interface::instruction as token,
};

/// A token account of `owner`'s that the stranger can close, made by the program of ill will.
fn trapped(all: &Funded, minted: &Minted, owner: Address) -> Address {
    all.world.deploy(ROGUE, &committed("rogue"));
    let new = Address::find_program_address(&[SEED_TOKEN], &ROGUE).0;
    all.world.ledger.fund(new, SOL).unwrap();
    let (stranger, Tokens { mint, program }) = (&all.session.stranger, minted.tokens);
    let what = Rogue::NewTokenAccount { trap: Trap::CloseAuthorityBefore, amount: 0, decimals: DECIMALS, space: 165 };
    let reads = |address| AccountMeta::new_readonly(address, false);
    let writes = |address| AccountMeta::new(address, false);
    let from = minted.tokens.of(&all.vault());
    let accounts =
        [reads(owner), writes(new), reads(mint), reads(stranger.address()), writes(from), reads(program), reads(Address::default())];
    all.world.ok(Instruction { program_id: ROGUE, accounts: accounts.into(), data: what.data() }, stranger);
    new
}

/// The withdrawal with another account in the place of this one.
fn instead(mut withdrawal: Instruction, of: Address, other: Address) -> Instruction {
    withdrawal.accounts.iter_mut().filter(|meta| meta.pubkey == of).for_each(|meta| meta.pubkey = other);
    withdrawal
}

/// A session with so many tokens in its vault, of a creator who has an account for them.
fn left(amount: u64) -> (Funded, Minted) {
    let all = funded();
    let minted = all.world.mint("usdc");
    all.world.give(&minted, &all.vault(), amount);
    all.world.give(&minted, &all.session.creator.address(), 0);
    (all, minted)
}

#[test]
fn an_empty_token_account_gives_its_rent_in_the_end() {
    let (all, minted) = left(0);
    let (creator, stranger, account) = (&all.session.creator, &all.session.stranger, minted.tokens.of(&all.vault()));
    let take = |signer: &Actor| all.withdraw(signer, creator, Some(minted.tokens), EVERYTHING);
    all.world.refused(take(creator), creator, SessionError::InsufficientVault);
    all.session.close(&all.world);
    let (before, rent) = (all.world.balance(&creator.address()), all.world.balance(&account));
    all.world.ok(take(stranger), stranger);
    assert_eq!((all.world.balance(&creator.address()), all.world.account(&account)), (before + rent, None));
}

#[test]
fn an_account_that_another_closes_is_emptied_all_the_same() {
    let (all, minted) = left(100);
    let (creator, stranger, own) = (&all.session.creator, &all.session.stranger, minted.tokens.of(&all.vault()));
    let account = trapped(&all, &minted, all.vault());
    let fill = token::mint_to(&minted.tokens.program, &minted.tokens.mint, &account, &minted.authority.address(), &[], 50).unwrap();
    all.world.ok(fill, &minted.authority);
    all.session.close(&all.world);
    let take = || instead(all.withdraw(stranger, creator, Some(minted.tokens), EVERYTHING), own, account);
    all.world.ok(take(), stranger);
    assert_eq!([account, minted.tokens.of(&creator.address())].map(|account| all.world.held(&account)), [0, 50]);
    // There is nothing more in it, and it cannot be closed.
    all.world.refused(take(), stranger, SessionError::InsufficientVault);
}

#[test]
fn a_stranger_does_not_choose_where_it_goes() {
    let (all, minted) = left(100);
    let (creator, stranger) = (&all.session.creator, &all.session.stranger);
    let (own, chosen) = (minted.tokens.of(&creator.address()), trapped(&all, &minted, creator.address()));
    all.session.close(&all.world);
    let take = |signer: &Actor| instead(all.withdraw(signer, creator, Some(minted.tokens), EVERYTHING), own, chosen);
    all.world.refused(take(stranger), stranger, SessionError::InvalidTokenAccount);
    // The creator does.
    all.world.ok(take(creator), creator);
    assert_eq!(all.world.held(&chosen), 100);
}
