//! Tokens in the vault: amounts in their own unit, and token accounts made where they are needed.

use {
    super::World,
    sessions_cli::scenario::programs::TOKEN,
    sessions_client::{Ledger, address},
    solana_account::Account,
    solana_address::Address,
};

const MINT: Address = Address::new_from_array([77; 32]);

/// A mint with two decimals, and 100 of its tokens for `gm`: accounts as the token program keeps them.
fn tokens() -> World {
    let world = World::new();
    let put = |at: Address, data: Vec<u8>| {
        world.ledger.put(at, Account { lamports: 10_000_000, data, owner: TOKEN, ..Account::default() }).unwrap()
    };
    let mut mint = vec![0; 82];
    mint[36..44].copy_from_slice(&10_000_u64.to_le_bytes());
    (mint[44], mint[45]) = (2, 1);
    put(MINT, mint);
    let gm = World::address("gm");
    let mut held = vec![0; 165];
    held[..32].copy_from_slice(MINT.as_ref());
    held[32..64].copy_from_slice(gm.as_ref());
    held[64..72].copy_from_slice(&10_000_u64.to_le_bytes());
    held[108] = 1;
    put(address::associated_token(&gm, &MINT, &TOKEN), held);
    world
}

fn held(world: &World, owner: &Address) -> u64 {
    let at = address::associated_token(owner, &MINT, &TOKEN);
    let account = pollster::block_on(world.ledger.read(&[at])).unwrap().remove(0).account.unwrap();
    u64::from_le_bytes(account.data[64..72].try_into().unwrap())
}

#[test]
fn tokens_go_in_and_out_in_their_own_unit() {
    let world = tokens();
    world.sends("gm", "open-session night");
    let vault = address::vault(&address::session(&World::address("gm"), &address::id_from_text("night")));
    let told = world.sends("gm", &format!("deposit night 25.5tokens --mint {MINT}"));
    assert_eq!((held(&world, &vault), told["preview"]["makes"][0]["account"].as_str()), (2_550, Some("token account")));
    let told = world.run(&format!("deposit night 50parts --mint {MINT} -k @gm.json --yes")).unwrap();
    assert!(
        told.contains(&format!("amount   0.5 tokens of {MINT}")) && told.contains(&format!("Deposited (0.5 tokens of {MINT})")),
        "{told}"
    );

    let shown = world.run("show night -k @gm.json").unwrap();
    assert!(shown.contains(&format!("{vault}, with 0 SOL, 26 tokens of {MINT}\n")), "{shown}");
    assert_eq!(world.json("gm", "show night")["vault"]["tokens"][0]["amount"], 2_600);

    world.sends("gm", &format!("set-allowance night @gm.json --mint {MINT} --limit 10tokens --destination @ben.json"));
    let told = world.sends("gm", &format!("spend night @ben.json 2.25tokens --mint {MINT}"));
    assert_eq!(told["instruction"], "spend_tokens");
    assert_eq!(held(&world, &World::address("ben")), 225);
    assert_eq!(world.fails("gm", &format!("spend night @ben.json 8tokens --mint {MINT}")).name, "AllowanceExceeded");
    world.sends("gm", &format!("withdraw night all --mint {MINT}"));
    assert_eq!((held(&world, &vault), held(&world, &World::address("gm"))), (0, 10_000 - 225));
    let shown = world.run("show night -k @gm.json").unwrap();
    assert!(shown.contains("limit 10") && shown.contains("with 0 SOL\n"), "{shown}");
    let shown = world.json("gm", "show night");
    assert_eq!((&shown["allowances"][0]["mint"], &shown["allowances"][0]["limit"]), (&MINT.to_string().into(), &1_000.into()));
}
