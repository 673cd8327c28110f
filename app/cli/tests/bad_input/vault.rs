//! Mistakes about the vault, functions, and what goes across sessions.

use crate::problems_of;
use sessions_cli::scenario::Plan;

/// A scenario about the vault, functions, and what goes across sessions.
pub const VAULT: &str = "\
scenario: vault
actors: { gm: 1 SOL, ana: 1 SOL }
steps:
  - { as: gm, do: open_session, with: { id: a }, save: night }
  - { as: gm, do: open_session, with: { id: b }, save: day }
  - { as: gm, do: create_mint, with: { mint: USDC, decimals: 2 } }
  - { as: gm, do: create_mint, with: { mint: FEE, program: token-2022, transfer_fee: { basis_points: 9 }, extensions: [pausable] } }
  - { as: gm, do: mint_tokens, with: { to: gm, amount: 5.25 USDC } }
  - { as: gm, do: deposit, with: { session: night, amount: 1 FEE } }
  - { as: gm, do: set_allowance, with: { session: night, member: ana, limit: 9 SOL, window: { seconds: 1d, limit: 1 SOL }, destinations: [gm] } }
  - { as: ana, do: spend, with: { session: night, to: gm, amount: 3 } }
  - { as: gm, do: withdraw, with: { session: night, amount: all USDC } }
  - { as: gm, do: register_function, with: { session: night, program: memo, selector: hi, composable: true, name: note } }
  - { as: gm, do: register_function, with: { session: night, program: arena, selector: make_move_by_vault, name: move } }
  - { as: ana, do: execute, with: { session: night, function: note, data: hi, accounts: [vault, writable: ana, tokens: [vault, USDC]] } }
  - { as: ana, do: compose, with: { session: night, calls: [{ function: note, data: hi }, { function: move, tile: 5 }], allowances: [SOL] } }
  - { as: gm, do: grant_access, with: { session: night, reader: day, rights: [READ] } }
  - { as: gm, do: read_property, with: { session: day, owner: night, key: k } }
  - { as: gm, do: reclaim_children, with: { session: night, children: [function: note, allowance: [ana, SOL], grant: day] } }
  - check: { allowance: [night, ana, SOL], limit: 9 SOL, balance: [vault of night, 1 USDC] }
  - check: { function: [night, note], composable: true, returned: { version: 1 } }
  - check: { grant: [night, day], rights: [READ], standing: { units_left: unlimited } }
";

#[test]
fn mistakes_about_the_vault_functions_and_grants_are_told_the_same_way() {
    let cases = [
        (
            "mint: USDC, dec",
            "mint: SOL, dec",
            r#"6: "SOL" cannot be a mint's name; use up to 32 letters, digits, _, - or . that begin with no digit, and not SOL"#,
        ),
        ("mint: USDC, dec", "mint: ana, dec", r#"6: mint: "ana" is an actor's or a token's name; choose another"#),
        ("mint: FEE, pro", "mint: USDC, pro", r#"7: the mint "USDC" is made by the step on line 6; choose another name"#),
        ("decimals: 2", "decimals: 256", r#"6: decimals: "256" is out of range; the most is 255"#),
        ("program: token-2022", "program: token-2023", r#"7: program: there is no token program "token-2023"; did you mean "token-2022"?"#),
        ("program: token-2022, ", "", "7: only a mint of token-2022 has fees and extensions; write program: token-2022"),
        ("basis_points", "basis_point", r#"7: unknown key "basis_point" in the transfer_fee; did you mean "basis_points"?"#),
        ("pausable", "pausible", r#"7: extensions: there is no extension "pausible"; did you mean "pausable"?"#),
        ("5.25 USDC", "5.25 USDD", r#"8: amount: "5.25 USDD" is no amount: no step makes a mint "USDD"; did you mean "USDC"?"#),
        ("5.25 USDC", "5.255 USDC", r#"8: amount: "5.255 USDC" is finer than its smallest part; USDC has 2 decimals"#),
        ("5.25 USDC", "5 SOL", "8: SOL is not minted; write the amount in a mint's unit, like 25 USDC"),
        ("amount: 1 FEE", "amount: 1 FEE, mint: USDC", r#"9: amount: "1 FEE" is FEE, and here it is about USDC"#),
        ("limit: 1 SOL", "limit: 1 USDC", r#"10: limit: "1 USDC" is USDC, and here it is about SOL"#),
        ("seconds: 1d", "second: 1d", r#"10: unknown key "second" in the window; did you mean "seconds"?"#),
        ("seconds: 1d", "seconds: day", r#"10: seconds: "day" is no whole number from 0 to 18446744073709551615"#),
        ("[gm] } }", "[gm, gm, gm, gm, ana] } }", "10: destinations has 5 wallets; the most is 4"),
        (
            "to: gm, amount: 3",
            "to: gm, amount: all",
            r#"11: amount: "all" is no amount; write it like 0.5 SOL, or as whole lamports like 5000"#,
        ),
        (
            "limit: 9 SOL, w",
            "per_call: none, w",
            "10: per_call: \"none\" is no amount; write it like 0.5 SOL, or as whole lamports like 5000, or unlimited",
        ),
        (
            "{ seconds: 1d, limit: 1 SOL }",
            "1d",
            "10: window must be a mapping like { seconds: 1d, limit: 0.5 SOL }, but here it is a single value",
        ),
        ("[gm] } }", "[] } }", "10: destinations is empty; list up to 4 addresses, or write any"),
        ("all USDC", "all USDD", r#"12: amount: "all USDD" is no amount: no step makes a mint "USDD"; did you mean "USDC"?"#),
        ("all USDC", "all FEE, mint: USDC", r#"12: amount: "all FEE" is FEE, and here it is about USDC"#),
        (
            "all USDC",
            "everything",
            r#"12: amount: "everything" is no amount; write it like 0.5 SOL, or as whole lamports like 5000, or all"#,
        ),
        ("amount: all USDC", "", "12: withdraw needs the key amount"),
        ("program: memo", "program: mem0", r#"13: program: "mem0" is neither a program nor an address; did you mean "memo"?"#),
        ("selector: hi", "selector: hi there you", r#"13: selector: "hi there you" has 12 bytes; a selector has up to 8"#),
        (
            "selector: make_move_by_vault",
            "selector: make_move_by_valt",
            r#"14: selector: "make_move_by_valt" has 17 bytes; a selector has up to 8; did you mean "make_move_by_vault"?"#,
        ),
        ("composable: true, name: note", "composable: true", "13: register_function needs the key name"),
        ("name: move", "name: note", r#"14: the name "note" is another function's, of the step on line 13; choose another"#),
        (
            "function: note, data: hi, acc",
            "function: moe, data: hi, acc",
            r#"15: function: no step registers a function "moe"; did you mean "move"?"#,
        ),
        ("do: execute", "do: exeute", r#"15: there is no instruction "exeute"; did you mean "execute"?"#),
        (
            "writable: ana",
            "writeable: ana",
            "15: each of the accounts is an address, tokens: [owner, mint], or either of them as writable: …",
        ),
        ("writable: ana", "writable: anna", r#"15: accounts: "anna" is neither an actor nor an address; did you mean "ana"?"#),
        ("[vault, USDC]", "[vault]", "15: tokens is a list of two: the owner and the mint, like [vault, USDC]"),
        ("[vault, USDC]", "[vault, SOL]", "15: tokens: SOL is no mint, and has no token accounts"),
        (
            "function: note, data: hi }",
            "function: note, tile: 1 }",
            "16: tile is all that a move in the arena takes, and nothing else takes one",
        ),
        ("tile: 5", "tiles: 5", r#"16: unknown key "tiles" in one of the calls; did you mean "tile"?"#),
        ("allowances: [SOL]", "allowances: [USD]", r#"16: allowances: no step makes a mint "USD"; did you mean "USDC"?"#),
        ("reader: day, ", "reader: dy, ", r#"17: reader: no step saved a session as "dy"; did you mean "day"?"#),
        ("rights: [READ] } }", "rights: [REED] } }", r#"17: there is no right "REED"; did you mean "READ"?"#),
        ("owner: night, ", "", "18: read_property needs the key owner"),
        ("allowance: [ana, SOL]", "allowance: ana", "19: allowance must be a list, but here it is a single value"),
        ("grant: day]", "grant: dy]", r#"19: grant: no step saved a session as "dy"; did you mean "day"?"#),
        (
            "[night, ana, SOL]",
            "[night, ana]",
            "20: allowance is a list of three: the session, whose it is and of what, like [night, ana, SOL]",
        ),
        ("limit: 9 SOL, bal", "limit: 9 USDC, bal", r#"20: limit: "9 USDC" is USDC, and here it is about SOL"#),
        ("vault of night", "vault of nigt", r#"20: balance: no step saved a session as "nigt"; did you mean "night"?"#),
        ("1 USDC] }", "1 USD] }", r#"20: balance: "1 USD" is no amount: no step makes a mint "USD"; did you mean "USDC"?"#),
        ("[night, note]", "[night, nota]", r#"21: function: no step registers a function "nota"; did you mean "note"?"#),
        ("composable: true, ret", "composable: yes, ret", r#"21: composable: "yes" is neither true nor false"#),
        ("{ version: 1 }", "{ versio: 1 }", r#"21: unknown key "versio" in returned; did you mean "version"?"#),
        ("{ version: 1 }", "{}", "21: this checks nothing of returned; name parts of it"),
        ("[night, day]", "[night, dya]", r#"22: grant: no step saved a session as "dya"; did you mean "day"?"#),
        ("units_left", "unit_left", r#"22: unknown key "unit_left" in standing; did you mean "units_left"?"#),
    ];
    for (from, to, expected) in cases {
        let problems = problems_of(VAULT, from, to);
        assert!(problems.iter().any(|line| line.starts_with(&format!("x.yaml:{expected}"))), "{to}: {problems:#?} has no\n{expected}");
    }
}

#[test]
fn a_misspelt_key_is_not_told_once_more_as_missing() {
    for (from, to, expected) in [
        ("owner: night, key: k", "ownr: night, key: k", r#"18: unknown key "ownr" in read_property; did you mean "owner"?"#),
        ("seconds: 1d", "second: 1d", r#"10: unknown key "second" in the window; did you mean "seconds"?"#),
    ] {
        assert_eq!(problems_of(VAULT, from, to), [format!("x.yaml:{expected}")]);
    }
    // What is missing and what is not known have nothing to do with each other here.
    assert_eq!(problems_of(VAULT, "owner: night, key: k", "data: x, key: k").len(), 2);
}

#[test]
fn an_error_of_the_arena_is_expected_by_its_number() {
    let problems = problems_of(VAULT, "key: k } }", "key: k }, expect: OwnTile }");
    assert_eq!(problems, [r#"x.yaml:18: expect: there is no error "OwnTile" of the session program; the arena's is Custom(7001)"#]);
}

#[test]
fn a_function_that_is_registered_later_is_not_misspelt() {
    let text = VAULT.replace(
        "  - { as: gm, do: deposit",
        "  - { as: ana, do: execute, with: { session: night, function: note } }\n  - { as: gm, do: deposit",
    );
    let problems = Plan::read("x.yaml", &text).unwrap_err().to_string();
    assert_eq!(problems, r#"x.yaml:9: function: "note" is not registered yet; the step on line 14 does it"#);
}
