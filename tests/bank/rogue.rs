//! What a program of ill will tries, called by a session: the runtime and the session program stop it in the same way on both.

use {
    crate::told::passes,
    rogue::Instruction as Rogue,
    sessions_client::address::PROGRAM,
    sessions_tests::programs::{ROGUE, committed},
};

/// A session of `gm` with `ana`, who may do what there is to do, half a SOL in the vault, and the program of ill will as a function.
fn session() -> String {
    format!(
        "  - {{ as: gm, do: open_session, with: {{ id: a }}, save: s }}
  - {{ as: ana, do: join_session, with: {{ session: s }} }}
  - {{ as: gm, do: update_member, with: {{ session: s, member: ana, permissions: all }} }}
  - {{ as: gm, do: deposit, with: {{ session: s, amount: 0.5 SOL }} }}
  - {{ as: gm, do: set_allowance, with: {{ session: s, member: ana, limit: 0.3 SOL }} }}
  - {{ as: gm, do: register_function, with: {{ session: s, program: {ROGUE}, units: 1, composable: true, name: rogue }} }}\n"
    )
}

/// A call of the program of ill will, as `ana`'s step says it.
fn call(what: &Rogue, accounts: &str) -> String {
    format!("function: rogue, data: '0x{}', accounts: [{accounts}]", hex::encode(what.data()))
}

fn execute(what: &Rogue, accounts: &str, expect: &str) -> String {
    format!("  - {{ as: ana, do: execute, with: {{ session: s, {} }}{expect} }}\n", call(what, accounts))
}

#[test]
fn what_it_takes_is_charged_and_what_it_must_not_do_undoes_everything() {
    let system = "11111111111111111111111111111111";
    let drain = |amount| Rogue::DrainLamports { amount };
    let to_ben = format!("writable: vault, writable: ben, {system}");
    let vault = format!("writable: vault, {system}");
    let session_and_back = format!("{PROGRAM}, writable: vault");
    let compose = format!(
        "  - {{ as: ana, do: compose, with: {{ session: s, calls: [{{ {} }}, {{ {} }}] }}, expect: Custom(9) }}\n",
        call(&drain(1), &to_ben),
        call(&Rogue::Fail { code: 9 }, "")
    );
    let steps = [
        session(),
        execute(&Rogue::Nothing, "", ""),
        execute(&Rogue::Log { text: "hello".into() }, "", ""),
        execute(&Rogue::Answer { data: vec![1, 0] }, "", ""),
        execute(&Rogue::AssertSigner, "vault", ""),
        execute(&Rogue::AssertNotSigner, "vault, ben", ""),
        execute(&drain(100_000_000), &to_ben, ""),
        "  - check: { balance: [vault of s, 0.4 SOL], events: [AllowanceSpent], allowance: [s, ana, SOL], used: { total: 0.1 SOL } }\n"
            .into(),
        execute(&drain(300_000_000), &to_ben, ", expect: AllowanceExceeded"),
        compose,
        execute(&Rogue::AssignVault { owner: ROGUE.to_bytes() }, &vault, ", expect: PolicyViolation"),
        execute(&Rogue::AllocateVault { space: 8 }, &vault, ", expect: PolicyViolation"),
        execute(&Rogue::CallBack { data: vec![0; 8] }, &session_and_back, ", expect: ReentrancyNotAllowed"),
        execute(&Rogue::Fail { code: 6_003 }, "", ", expect: Custom(6003)"),
        "  - check: { balance: [vault of s, 0.4 SOL], allowance: [s, ana, SOL], used: { total: 0.1 SOL } }\n".into(),
    ];
    passes(&steps.concat());
}

#[test]
fn the_bank_runs_the_committed_files() {
    let embedded = sessions_client::Embedded::new().unwrap();
    crate::beside(embedded, |_, bank| async move {
        let file = bank.program_file(&PROGRAM).await;
        assert!(file == committed("sessions"), "{} bytes", file.len());
    });
}
