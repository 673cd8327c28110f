//! Every instruction with an account that does not belong where it stands: of another session, of another wallet, of another kind, of another
//! version, not signed for, read-only, left out.

use {
    super::{Deed, Why, end_in, everyone, leave, refused_in, staged, why},
    sessions_client::{
        address,
        core::{
            SessionError,
            error::Denial,
            rules::{
                lifecycle::Status,
                membership::{Role, Terms},
            },
            state::{AccountHeader, DISCRIMINATOR_LEN},
        },
        instruction,
    },
    sessions_tests::{Actor, World, session::TestSession},
    solana_account::Account,
    solana_address::Address,
    solana_instruction::{Instruction, error::InstructionError},
};

/// What stands in a place of an instruction's list of accounts.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Slot {
    /// Who acts.
    Signer,
    /// Who holds a token's key.
    Holder,
    /// Who pays for what is made.
    Payer,
    /// The session.
    Session,
    /// The membership that allows the signer to act.
    Own,
    /// The membership of whom it is about.
    Target,
    /// The membership of who made an offer.
    Inviter,
    /// The membership that the signer comes in with.
    Seat,
    /// An invitation.
    Invitation,
    /// A token.
    Token,
    /// Either, to be taken back.
    Offer,
    /// The address of what is made.
    New,
    /// Who gets rent back.
    Rent,
    /// The system program.
    System,
}

use Slot::{Holder, Inviter, New, Offer, Own, Payer, Rent, Seat, Session, Signer, System, Target};

impl Deed {
    const fn slots(self) -> &'static [Slot] {
        match self {
            Self::InviteMember | Self::CreateInviteToken => &[Signer, Payer, Session, Own, New, System],
            Self::RevokeInvitation | Self::RevokeToken => &[Signer, Session, Offer, Rent],
            Self::AcceptInvitation => &[Signer, Payer, Session, Slot::Invitation, Rent, Inviter, Seat, System],
            Self::JoinWithToken => &[Signer, Payer, Holder, Session, Slot::Token, Inviter, Seat, System],
            Self::JoinSession => &[Signer, Payer, Session, Seat, System],
            Self::DeclineInvitation => &[Signer, Session, Slot::Invitation, Rent],
            Self::RemoveMember => &[Signer, Session, Target, Own],
            Self::UpdateMember | Self::ProposeAuthority => &[Signer, Session, Target],
            Self::LeaveSession | Self::AcceptAuthority | Self::SetSessionKey | Self::ClearSessionKey => &[Signer, Session, Own],
        }
    }

    fn has(self, slot: Slot) -> bool {
        self.slots().contains(&slot)
    }
}

/// Two sessions of one creator and of the same people, in which every deed is possible.
struct Stage {
    world: World,
    session: TestSession,
    other: TestSession,
    /// Whether those who come in were there before.
    returning: bool,
}

impl Stage {
    fn new(returning: bool) -> Self {
        let world = World::new();
        let [session, other] = ["test", "other"].map(|id| staged(&world, id, Status::Active));
        for session in [&session, &other].into_iter().filter(|_| returning) {
            for wallet in ["guest", "newcomer"].map(|name| session.joined(&world, name)) {
                leave(&world, session, &wallet);
            }
        }
        Self { world, session, other, returning }
    }

    /// Every place of every deed.
    fn places(&self) -> impl Iterator<Item = (Deed, usize, Slot, Instruction)> {
        Deed::ALL.into_iter().flat_map(|deed| {
            let instruction = deed.instruction(&self.world, &self.session);
            assert_eq!(instruction.accounts.len(), deed.slots().len(), "{deed:?}");
            deed.slots().iter().enumerate().map(move |(at, slot)| (deed, at, *slot, instruction.clone()))
        })
    }

    /// Whether a deed makes an account, whose address is derived before anything else is asked.
    fn derives(&self, deed: Deed) -> bool {
        deed.has(New) || (deed.has(Seat) && !self.returning)
    }

    #[track_caller]
    fn refuses(&self, case: impl core::fmt::Debug, instruction: &Instruction, expected: impl Into<Why>) {
        let mut signers = everyone(&self.world).into_iter().collect::<Vec<_>>();
        signers.push(self.world.actor("stranger"));
        refused_in(case, &self.world, instruction, &signers.iter().collect::<Vec<_>>(), expected);
    }

    /// Tries an instruction with the account at `address` changed, which is then as it was.
    #[track_caller]
    fn refuses_changed(
        &self,
        case: impl core::fmt::Debug,
        instruction: &Instruction,
        address: Address,
        change: impl FnOnce(&mut Account),
        expected: Why,
    ) {
        let account = self.world.account(&address).unwrap();
        let mut changed = account.clone();
        change(&mut changed);
        self.world.put(address, changed);
        self.refuses(case, instruction, expected);
        self.world.put(address, account);
    }
}

/// What answers if no account of its kind stands in a place.
fn absent(slot: Slot) -> Option<Why> {
    Some(match slot {
        Session => SessionError::SessionNotFound.into(),
        Own => Denial::NotAMember.into(),
        Target | Inviter | Seat => SessionError::MemberNotFound.into(),
        Slot::Invitation | Slot::Token | Offer => SessionError::InvitationNotFound.into(),
        New => InstructionError::InvalidSeeds.into(),
        Signer | Holder | Payer | Rent | System => return None,
    })
}

#[test]
fn with_the_true_accounts_every_deed_succeeds() {
    for returning in [false, true] {
        let stage = Stage::new(returning);
        for session in [&stage.session, &stage.other] {
            for deed in Deed::ALL {
                let transaction = stage.world.transaction(&[deed.instruction(&stage.world, session)], &everyone(&stage.world).each_ref());
                let receipt = pollster::block_on(sessions_client::Ledger::simulate(&stage.world.ledger, transaction)).unwrap();
                assert_eq!(why(&receipt), None, "{deed:?}");
            }
        }
    }
}

#[test]
fn an_account_of_another_session_is_refused_in_every_place() {
    for returning in [false, true] {
        let stage = Stage::new(returning);
        let mut tried = 0;
        for (deed, at, slot, mut instruction) in stage.places() {
            let counterpart = deed.instruction(&stage.world, &stage.other).accounts[at].clone();
            if counterpart == instruction.accounts[at] {
                continue;
            }
            instruction.accounts[at] = counterpart;
            let derived = slot == New || (matches!(slot, Session | Seat) && stage.derives(deed));
            let expected: Why = if derived { InstructionError::InvalidSeeds.into() } else { SessionError::WrongSession.into() };
            stage.refuses((deed, slot), &instruction, expected);
            tried += 1;
        }
        assert_eq!(tried, 37, "every place but those of wallets and programs");
    }
}

#[test]
fn another_sessions_account_is_refused_also_where_none_is_needed() {
    let stage = Stage::new(false);
    let (world, session) = (&stage.world, &stage.session);
    let (member, stranger) = (world.actor("member"), world.actor("stranger"));
    world.set_time(end_in(world, session, &member, 10));
    let mut remove = instruction::remove_member(stranger.address(), session.address, member.address());
    remove.accounts[3].pubkey = address::member(&stage.other.address, &session.creator.address());
    stage.refuses("an expired member's removal", &remove, SessionError::WrongSession);
}

#[test]
fn an_account_of_another_wallet_is_refused_in_every_place() {
    for returning in [false, true] {
        let stage = Stage::new(returning);
        let (world, session, at_session) = (&stage.world, &stage.session, stage.session.address);
        let [visitor, key, stranger, heir, member] =
            ["visitor", "second token", "stranger", "heir", "member"].map(|name| world.actor(name));
        world.ok(session.invite(&session.creator, &visitor, Terms::of(Role::Member)), &session.creator);
        world.ok(session.tokenize(&session.creator, &key, 1), &session.creator);
        for (deed, at, slot, mut instruction) in stage.places() {
            let is_heirs = instruction.accounts[at].pubkey == address::member(&at_session, &heir.address());
            let other = if is_heirs { &member } else { &heir };
            let (instead, expected): (Address, Why) = match slot {
                Signer => (stranger.address(), by_a_stranger(&stage, deed)),
                Holder => (stranger.address(), SessionError::InvitationNotForSigner.into()),
                Own => (address::member(&at_session, &other.address()), Denial::NotTheWallet.into()),
                Inviter => (address::member(&at_session, &other.address()), SessionError::MemberNotFound.into()),
                Seat => (address::member(&at_session, &other.address()), Denial::NotTheWallet.into()),
                Slot::Invitation => (address::invitation(&at_session, &visitor.address()), SessionError::InvitationNotForSigner.into()),
                Slot::Token => (address::invite_token(&at_session, &key.address()), SessionError::InvitationNotForSigner.into()),
                New => (address::invitation(&at_session, &stranger.address()), InstructionError::InvalidSeeds.into()),
                Rent => (stranger.address(), SessionError::WrongRentRecipient.into()),
                // Whom it is about, what is taken back and who pays is what is asked for; there is one session and one system program.
                Target | Offer | Payer | Session | System => continue,
            };
            if slot == Slot::Invitation {
                // The rent goes to who paid for that one.
                let rent = deed.slots().iter().position(|slot| *slot == Rent).unwrap();
                instruction.accounts[rent].pubkey = session.creator.address();
            }
            instruction.accounts[at].pubkey = instead;
            stage.refuses((deed, slot), &instruction, expected);
        }
    }
}

/// What a deed is refused for when a stranger signs for it with the true accounts.
fn by_a_stranger(stage: &Stage, deed: Deed) -> Why {
    match deed {
        Deed::RevokeInvitation | Deed::RevokeToken => SessionError::PermissionDenied.into(),
        Deed::UpdateMember | Deed::ProposeAuthority | Deed::AcceptAuthority => SessionError::PermissionDenied.into(),
        Deed::DeclineInvitation => SessionError::InvitationNotForSigner.into(),
        Deed::AcceptInvitation if stage.returning => SessionError::InvitationNotForSigner.into(),
        deed if deed.has(Seat) && !stage.returning => InstructionError::InvalidSeeds.into(),
        _ => Denial::NotTheWallet.into(),
    }
}

#[test]
fn an_account_of_another_kind_is_refused_in_every_place() {
    let stage = Stage::new(false);
    let (other, [member, guest, token]) = (stage.other.address, ["member", "guest", "token"].map(|name| Actor::named(name).address()));
    let kinds = [
        (Some(Session), other),
        (Some(Target), address::member(&other, &member)),
        (Some(Slot::Invitation), address::invitation(&other, &guest)),
        (Some(Slot::Token), address::invite_token(&other, &token)),
        (None, stage.session.stranger.address()),
        (None, Address::new_from_array([8; 32])),
    ];
    let is_of = |slot: Slot, kind: Slot| match slot {
        Own | Target | Inviter | Seat => kind == Target,
        Offer => matches!(kind, Slot::Invitation | Slot::Token),
        slot => slot == kind,
    };
    for (deed, at, slot, instruction) in stage.places() {
        let Some(expected) = absent(slot) else { continue };
        for (kind, address) in kinds.iter().filter(|(kind, _)| !kind.is_some_and(|kind| is_of(slot, kind))) {
            let mut instruction = instruction.clone();
            instruction.accounts[at].pubkey = *address;
            // Where there is nothing yet a membership would be made, but at its own address alone.
            let empty = slot == Seat && kind.is_none();
            let expected = if empty { InstructionError::InvalidSeeds.into() } else { expected.clone() };
            stage.refuses((deed, slot, kind), &instruction, expected);
        }
    }
}

#[test]
fn one_account_does_not_stand_in_two_places() {
    for returning in [false, true] {
        let stage = Stage::new(returning);
        for (deed, at, slot, instruction) in stage.places().filter(|(_, _, slot, _)| absent(*slot).is_some()) {
            for twin in instruction.accounts.iter().filter(|meta| meta.pubkey != instruction.accounts[at].pubkey) {
                let mut instruction = instruction.clone();
                instruction.accounts[at].pubkey = twin.pubkey;
                let receipt = stage.world.send(&[instruction], &everyone(&stage.world).each_ref());
                assert!(receipt.failure.is_some(), "{deed:?} {slot:?} {twin:?}");
            }
        }
    }
}

#[test]
fn every_signature_is_needed() {
    let stage = Stage::new(false);
    for (deed, at, slot, mut instruction) in stage.places() {
        let signs = matches!(slot, Signer | Holder | Payer);
        assert_eq!(instruction.accounts[at].is_signer, signs, "{deed:?} {slot:?}");
        if signs {
            instruction.accounts[at].is_signer = false;
            stage.refuses((deed, slot), &instruction, InstructionError::MissingRequiredSignature);
        }
    }
}

#[test]
fn what_is_written_is_not_passed_read_only() {
    let stage = Stage::new(true);
    for (deed, at, slot, mut instruction) in stage.places().filter(|(_, at, _, instruction)| instruction.accounts[*at].is_writable) {
        // A transaction lets an account be written everywhere or nowhere; it is the first place that is missed.
        let address = instruction.accounts[at].pubkey;
        let first = instruction.accounts.iter().position(|meta| meta.pubkey == address).unwrap();
        instruction.accounts.iter_mut().filter(|meta| meta.pubkey == address).for_each(|meta| meta.is_writable = false);
        let expected = match deed.slots()[first] {
            // Whether one signs and is written is one question.
            Payer => InstructionError::MissingRequiredSignature,
            New => InstructionError::PrivilegeEscalation,
            // Anchor's ConstraintMut.
            _ => InstructionError::Custom(2_000),
        };
        stage.refuses((deed, slot), &instruction, expected);
    }
}

#[test]
#[expect(deprecated, reason = "it is the error that Anchor gives, by the name that the runtime knows it by")]
fn accounts_that_are_left_out_are_missed() {
    let stage = Stage::new(false);
    for deed in Deed::ALL {
        let mut instruction = deed.instruction(&stage.world, &stage.session);
        while instruction.accounts.pop().is_some() {
            stage.refuses((deed, instruction.accounts.len()), &instruction, InstructionError::NotEnoughAccountKeys);
        }
    }
}

#[test]
fn no_other_program_stands_for_the_system_program() {
    let stage = Stage::new(false);
    for (deed, at, slot, mut instruction) in stage.places().filter(|(_, _, slot, _)| *slot == System) {
        instruction.accounts[at].pubkey = address::PROGRAM;
        stage.refuses((deed, slot), &instruction, InstructionError::IncorrectProgramId);
    }
}

/// Every place in which an account of the program stands, in sessions to which everyone comes back.
fn stored(stage: &Stage) -> impl Iterator<Item = (Deed, usize, Slot, Instruction)> {
    stage.places().filter(|(_, _, slot, _)| *slot != New && absent(*slot).is_some())
}

#[test]
fn an_account_of_another_version_is_refused_in_every_place() {
    const VERSION_AT: usize = DISCRIMINATOR_LEN + core::mem::offset_of!(AccountHeader, version);
    let stage = Stage::new(true);
    for (deed, at, slot, instruction) in stored(&stage) {
        let address = instruction.accounts[at].pubkey;
        let expected = SessionError::UnsupportedVersion.into();
        stage.refuses_changed((deed, slot), &instruction, address, |account| account.data[VERSION_AT] = 2, expected);
    }
}

#[test]
fn an_account_of_another_life_of_the_session_is_refused_in_every_place() {
    const EPOCH_AT: usize = DISCRIMINATOR_LEN + core::mem::offset_of!(AccountHeader, epoch);
    let stage = Stage::new(true);
    for (deed, at, slot, instruction) in stored(&stage) {
        let address = instruction.accounts[at].pubkey;
        stage.refuses_changed(
            (deed, slot),
            &instruction,
            address,
            |account| account.data[EPOCH_AT] ^= 0x80,
            SessionError::StaleEpoch.into(),
        );
    }
}

#[test]
fn the_right_bytes_of_another_owner_are_no_account() {
    let stage = Stage::new(true);
    for (deed, at, slot, instruction) in stored(&stage) {
        let address = instruction.accounts[at].pubkey;
        let expected = absent(slot).unwrap();
        stage.refuses_changed((deed, slot), &instruction, address, |account| account.owner = Address::new_from_array([5; 32]), expected);
    }
}

#[test]
fn an_account_cut_short_is_none() {
    let stage = Stage::new(true);
    for (deed, at, slot, instruction) in stored(&stage) {
        let address = instruction.accounts[at].pubkey;
        for length in [0, DISCRIMINATOR_LEN, DISCRIMINATOR_LEN + size_of::<AccountHeader>()] {
            let expected = absent(slot).unwrap();
            stage.refuses_changed((deed, slot, length), &instruction, address, |account| account.data.truncate(length), expected);
        }
    }
}
