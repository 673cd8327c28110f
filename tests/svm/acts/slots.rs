//! An account of another session, or of another kind, in every slot of every act; and every signature left out.

use {
    super::active,
    sessions_client::{
        address,
        core::rules::{lifecycle::Status, permissions::Settings},
        instruction,
    },
    sessions_tests::{
        Actor, World,
        session::{TestSession, config},
    },
    solana_address::Address,
    solana_instruction::{Instruction, error::InstructionError},
};

/// Everyone and everything that the acts below need, in two sessions of the same creator.
struct Table {
    world: World,
    session: TestSession,
    other: TestSession,
    ana: Actor,
    ben: Actor,
}

fn table() -> Table {
    let (world, session, ana, ben) = active();
    let other = TestSession::new(&world, "other", config(Settings::NONE));
    other.request(&world);
    other.advance(&world, Status::Active);
    for actor in [&ana, &ben] {
        world.ok(instruction::join_session(actor.address(), actor.address(), other.address), actor);
    }
    for session in [&session, &other] {
        world.ok(session.set(&ana, b"old", b"value", 0, 8), &ana);
    }
    Table { world, session, other, ana, ben }
}

impl Table {
    /// Every act with its signers, each of which would succeed.
    fn acts(&self) -> Vec<(&'static str, Instruction, Vec<&Actor>)> {
        let Self { session, ana, ben, .. } = self;
        let (at, wallet) = (session.address, ana.address());
        vec![
            ("set_property, new", session.set(ana, b"new", b"value", 0, 8), vec![ana]),
            ("set_property", session.set(ana, b"old", b"value", 1, 8), vec![ana]),
            ("delete_property", instruction::delete_property(wallet, at, wallet, b"old", wallet, 1), vec![ana]),
            ("broadcast_message", session.say(ana, b"hello"), vec![ana]),
            ("send_direct_message", instruction::send_direct_message(wallet, at, wallet, ben.address(), b"hello"), vec![ana]),
            ("commit_checkpoint", instruction::commit_checkpoint(session.host.address(), at, 1, [1; 32]), vec![&session.host]),
        ]
    }

    /// The account of the other session that stands where this one does in its own.
    fn counterpart(&self, account: &Address) -> Option<Address> {
        let of = |session: &Address| {
            let mut all = vec![*session, address::vault(session), address::property(session, b"old"), address::property(session, b"new")];
            all.extend([&self.ana, &self.ben, &self.session.creator].map(|actor| address::member(session, &actor.address())));
            all
        };
        let (here, there) = (of(&self.session.address), of(&self.other.address));
        here.iter().position(|known| known == account).map(|i| there[i])
    }

    /// Sends what must fail, whatever the reason, and changes nothing.
    #[track_caller]
    fn fails(&self, name: &str, act: Instruction, signers: &[&Actor]) {
        let before = self.world.program_accounts();
        let receipt = self.world.send(&[act], signers);
        assert!(receipt.failure.is_some(), "{name}: {:#?}", receipt.logs);
        assert_eq!(self.world.program_accounts(), before, "{name}");
    }
}

#[test]
fn each_act_succeeds_with_its_own_accounts() {
    for i in 0..table().acts().len() {
        let table = table();
        let (_, act, signers) = table.acts().swap_remove(i);
        table.world.ok_with(&[act], &signers);
    }
}

#[test]
fn an_account_of_another_session_is_refused_in_every_slot() {
    let table = table();
    let mut tried = 0;
    for (name, act, signers) in table.acts() {
        for slot in 0..act.accounts.len() {
            let Some(counterpart) = table.counterpart(&act.accounts[slot].pubkey) else { continue };
            let mut crossed = act.clone();
            crossed.accounts[slot].pubkey = counterpart;
            // A host serves both sessions here, so that a checkpoint of the other one is no mistake.
            if name != "commit_checkpoint" {
                table.fails(&format!("{name}, slot {slot}"), crossed, &signers);
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 3 + 3 + 3 + 2 + 3, "each slot of a session's account was tried");
}

#[test]
fn an_account_of_another_kind_is_refused_in_every_slot() {
    let table = table();
    let (session, ana) = (&table.session.address, table.ana.address());
    let kinds =
        [*session, address::member(session, &ana), address::property(session, b"old"), address::vault(session), ana, address::PROGRAM];
    for (name, act, signers) in table.acts() {
        for slot in 0..act.accounts.len() {
            for kind in kinds {
                let account = &act.accounts[slot];
                // The signer and the payer are wallets, and may well be the same.
                if account.pubkey != kind && !account.is_signer && !(name == "delete_property" && slot == 4) {
                    let mut crossed = act.clone();
                    crossed.accounts[slot].pubkey = kind;
                    table.fails(&format!("{name}, slot {slot}"), crossed, &signers);
                }
            }
        }
    }
}

#[test]
fn every_signature_is_needed() {
    let table = table();
    for (name, act, signers) in table.acts() {
        for slot in 0..act.accounts.len() {
            if act.accounts[slot].is_signer {
                let mut unsigned = act.clone();
                unsigned
                    .accounts
                    .iter_mut()
                    .filter(|meta| meta.pubkey == act.accounts[slot].pubkey)
                    .for_each(|meta| meta.is_signer = false);
                let receipt = table.world.send(&[unsigned], &signers);
                let failure = receipt.failure.unwrap_or_else(|| panic!("{name}, slot {slot}"));
                assert_eq!(failure.name(), format!("{:?}", InstructionError::MissingRequiredSignature), "{name}, slot {slot}");
            }
        }
    }
}

#[test]
fn what_is_written_has_to_be_writable() {
    let table = table();
    for (name, act, signers) in table.acts() {
        for slot in 0..act.accounts.len() {
            // The payer pays the fee here as well, which makes it writable all the same.
            if act.accounts[slot].is_writable && !act.accounts[slot].is_signer {
                let mut read_only = act.clone();
                read_only
                    .accounts
                    .iter_mut()
                    .filter(|meta| meta.pubkey == act.accounts[slot].pubkey)
                    .for_each(|meta| meta.is_writable = false);
                table.fails(&format!("{name}, slot {slot}"), read_only, &signers);
            }
        }
    }
}
