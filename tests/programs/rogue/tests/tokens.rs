//! What the program does with a wallet's tokens, called directly: all of this a vault has to withstand.

use {
    super::{Scene, call, scene},
    rogue::{
        Instruction as Rogue,
        instruction::{SEED_NEW, SEED_TOKEN, Trap},
    },
    sessions_client::core::{Address, SessionError},
    sessions_tests::{Actor, programs::ROGUE},
    solana_account::Account,
    solana_instruction::AccountMeta,
};

const TOKEN: Address = Address::from_str_const("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");
const TOKEN_2022: Address = Address::from_str_const("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");
const ACCOUNT_LEN: usize = 165;
const MINT: Address = Address::new_from_array([11; 32]);
const FROM: Address = Address::new_from_array([12; 32]);
const TO: Address = Address::new_from_array([13; 32]);

/// A mint without decimals, and a hundred tokens.
fn mint() -> Vec<u8> {
    [&[0; 36][..], &100_u64.to_le_bytes(), &[0, 1], &[0; 36]].concat()
}

fn token_account(owner: &Address, amount: u64) -> Vec<u8> {
    [MINT.as_ref(), owner.as_ref(), &amount.to_le_bytes(), &[0; 36], &[1], &[0; 12], &[0; 8], &[0; 36]].concat()
}

impl Scene {
    /// Gives `owner` a hundred tokens, and ben an account for them.
    fn with_tokens(self, program: Address, owner: &Address) -> Self {
        let put = |address, data| self.world.put(address, Account { lamports: 10_000_000, data, owner: program, ..Account::default() });
        put(MINT, mint());
        put(FROM, token_account(owner, 100));
        put(TO, token_account(&self.world.actor("ben").address(), 0));
        self
    }

    fn token(&self, address: &Address) -> Vec<u8> {
        self.world.account(address).map(|account| account.data).unwrap_or_default()
    }

    fn amount(&self, address: &Address) -> u64 {
        u64::from_le_bytes(self.token(address)[64..72].try_into().unwrap())
    }
}

fn wallet(actor: &Actor) -> AccountMeta {
    AccountMeta::new(actor.address(), true)
}

fn reads(address: Address) -> AccountMeta {
    AccountMeta::new_readonly(address, false)
}

fn writes(address: Address) -> AccountMeta {
    AccountMeta::new(address, false)
}

#[test]
fn tokens_are_taken_burned_and_given_away() {
    for program in [TOKEN, TOKEN_2022] {
        let scene = scene();
        let ana = scene.ana.clone();
        let scene = scene.with_tokens(program, &ana.address());
        let ok = |instruction: Rogue, more: &[AccountMeta]| {
            scene.world.ok(call(&instruction, [&[wallet(&ana)][..], more].concat()), &ana);
        };
        ok(Rogue::DrainTokens { amount: 10, decimals: 0 }, &[writes(FROM), reads(MINT), writes(TO), reads(program)]);
        assert_eq!((scene.amount(&FROM), scene.amount(&TO)), (90, 10));
        ok(Rogue::Burn { amount: 5 }, &[writes(FROM), writes(MINT), reads(program)]);
        assert_eq!(scene.amount(&FROM), 85);
        ok(Rogue::Approve { amount: 50 }, &[writes(FROM), reads(TO), reads(program)]);
        assert_eq!(scene.token(&FROM)[72], 1, "there is a delegate");
        ok(Rogue::SetCloseAuthority { authority: [9; 32] }, &[writes(FROM), reads(program)]);
        assert_eq!(scene.token(&FROM)[129], 1, "there is a close authority");
        ok(Rogue::SetOwner { owner: [9; 32] }, &[writes(FROM), reads(program)]);
        assert_eq!(scene.token(&FROM)[32..64], [9; 32]);
    }
}

#[test]
fn an_empty_token_account_is_closed() {
    let scene = scene();
    let ana = scene.ana.clone();
    let scene = scene.with_tokens(TOKEN, &ana.address());
    scene.world.put(FROM, Account { lamports: 10_000_000, data: token_account(&ana.address(), 0), owner: TOKEN, ..Account::default() });
    scene.world.ok(call(&Rogue::CloseTokenAccount, vec![wallet(&ana), writes(FROM), writes(TO), reads(TOKEN)]), &ana);
    assert_eq!(scene.world.account(&FROM), None);
}

#[test]
fn a_new_token_account_comes_with_a_trap() {
    let (new, _) = Address::find_program_address(&[SEED_TOKEN], &ROGUE);
    for program in [TOKEN, TOKEN_2022] {
        // Where the delegate and the close authority are.
        for (trap, delegate, close) in
            [(Trap::None, 0, 0), (Trap::Delegate, 1, 0), (Trap::CloseAuthority, 0, 1), (Trap::CloseAuthorityBefore, 0, 1)]
        {
            let scene = scene();
            let ana = scene.ana.clone();
            let scene = scene.with_tokens(program, &ana.address());
            scene.world.ledger.fund(new, 10_000_000).unwrap();
            let make = Rogue::NewTokenAccount { trap, amount: 30, decimals: 0, space: ACCOUNT_LEN as u64 };
            let accounts = vec![wallet(&ana), writes(new), reads(MINT), reads(TO), writes(FROM), reads(program), reads(Address::default())];
            scene.world.ok(call(&make, accounts), &ana);
            let data = scene.token(&new);
            assert_eq!((data[32..64].to_vec(), scene.amount(&new)), (ana.address().to_bytes().to_vec(), 30), "{trap:?}");
            assert_eq!((data[72], data[129]), (delegate, close), "{trap:?}");
        }
    }
}

#[test]
fn an_account_of_the_later_token_program_grows() {
    /// The extension that asks for memos.
    const MEMO_TRANSFER: u16 = 8;
    let scene = scene();
    let ana = scene.ana.clone();
    let scene = scene.with_tokens(TOKEN_2022, &ana.address());
    let accounts = vec![wallet(&ana), writes(FROM), reads(TOKEN_2022), reads(Address::default())];
    scene.world.ok(call(&Rogue::Reallocate { extension: MEMO_TRANSFER }, accounts), &ana);
    assert!(scene.token(&FROM).len() > ACCOUNT_LEN);
    let accounts = vec![wallet(&ana), writes(FROM), reads(TOKEN_2022)];
    scene.world.ok(call(&Rogue::RequireMemo, accounts.clone()), &ana);
    // The guard against calls cannot be had in a call.
    assert!(scene.world.send(&[call(&Rogue::EnableCpiGuard, accounts)], &[&ana]).failure.is_some());
}

#[test]
fn a_token_account_of_the_vaults_is_passed_on_for_writing() {
    let scene = scene();
    let vault = scene.vault().pubkey;
    let scene = scene.with_tokens(TOKEN, &vault);
    let receipt = scene.through(&Rogue::Nothing, vec![scene.vault(), writes(FROM)], &[&scene.ana]);
    assert_eq!(receipt.failure, None, "{:#?}", receipt.logs);
}

#[test]
fn whatever_is_tried_with_the_vault_is_charged_or_refused() {
    use SessionError::{AllowanceNotFound, PolicyViolation};
    let (token, new) = (Address::find_program_address(&[SEED_TOKEN], &ROGUE).0, Address::find_program_address(&[SEED_NEW], &ROGUE).0);
    let made = |trap, amount| Rogue::NewTokenAccount { trap, amount, decimals: 0, space: ACCOUNT_LEN as u64 };
    let system = reads(Address::default());
    let of_new = [writes(token), reads(MINT), reads(TO), writes(FROM), reads(TOKEN), system.clone()];
    let of_own = [writes(FROM), reads(TOKEN)];
    let tries: [(Rogue, &[AccountMeta], Option<SessionError>); 15] = [
        (Rogue::DrainTokens { amount: 9, decimals: 0 }, &[writes(FROM), reads(MINT), writes(TO), reads(TOKEN)], Some(AllowanceNotFound)),
        (Rogue::Burn { amount: 9 }, &[writes(FROM), writes(MINT), reads(TOKEN)], Some(AllowanceNotFound)),
        (Rogue::Approve { amount: 9 }, &[writes(FROM), reads(TO), reads(TOKEN)], Some(PolicyViolation)),
        (Rogue::SetCloseAuthority { authority: [9; 32] }, &of_own, Some(PolicyViolation)),
        (Rogue::SetOwner { owner: [9; 32] }, &of_own, Some(PolicyViolation)),
        (made(Trap::None, 0), &of_new, None),
        (made(Trap::None, 9), &of_new, Some(AllowanceNotFound)),
        (made(Trap::Delegate, 0), &of_new, Some(PolicyViolation)),
        (made(Trap::CloseAuthority, 0), &of_new, Some(PolicyViolation)),
        (made(Trap::CloseAuthorityBefore, 0), &of_new, Some(PolicyViolation)),
        (Rogue::DrainLamports { amount: 9 }, &[writes(TO), system.clone()], Some(AllowanceNotFound)),
        (Rogue::AssignVault { owner: [9; 32] }, std::slice::from_ref(&system), Some(PolicyViolation)),
        (Rogue::AllocateVault { space: 9 }, std::slice::from_ref(&system), Some(PolicyViolation)),
        (Rogue::CreateAccountPaidByVault { lamports: 2_000_000, space: 9 }, &[writes(new), system.clone()], Some(AllowanceNotFound)),
        (Rogue::Nothing, &of_own, None),
    ];
    for (instruction, accounts, error) in tries {
        let scene = scene();
        let vault = scene.vault();
        let scene = scene.with_tokens(TOKEN, &vault.pubkey);
        for address in [token, vault.pubkey] {
            scene.world.ledger.fund(address, 10_000_000).unwrap();
        }
        let receipt = scene.through(&instruction, [&[vault][..], accounts].concat(), &[&scene.ana]);
        let refused =
            receipt.failure.map(|failure| failure.session_error().unwrap_or_else(|| panic!("{instruction:?}: {:#?}", receipt.logs)));
        assert_eq!(refused, error, "{instruction:?}");
    }
}
