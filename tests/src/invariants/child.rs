//! How an account that belongs to a session changes from one transaction to the next.

use {
    super::{Ledgers, Stored, check_events},
    sessions_client::core::{Address, events::AnyEvent, rules::lifecycle::Status},
};

/// What names an account, and stays.
#[derive(Debug, PartialEq)]
struct Name {
    session: Address,
    of: Vec<u8>,
    payer: Address,
    epoch: u64,
    bump: u8,
}

impl Name {
    fn of(stored: &Stored) -> Self {
        let (session, of) = match stored {
            Stored::Session(_) => unreachable!("a session is no child"),
            Stored::Member(state) => (state.session, state.wallet.to_bytes().to_vec()),
            Stored::Invitation(state) => (state.session, [state.target.to_bytes(), state.offer.inviter.to_bytes()].concat()),
            Stored::Token(state) => (state.session, [state.token.to_bytes(), state.offer.inviter.to_bytes()].concat()),
            Stored::Property(state, _) => (state.session, [&state.key[..], &state.capacity.to_le_bytes()].concat()),
            Stored::Function(state) => (state.session, [&state.program.to_bytes()[..], &state.selector().seed()].concat()),
            Stored::Allowance(state) => (state.session, [state.member.to_bytes(), state.mint.to_bytes()].concat()),
            Stored::Grant(state) => (state.session, state.reader.to_bytes().to_vec()),
        };
        let header = stored.header();
        Self { session, of, payer: header.payer, epoch: header.epoch, bump: header.bump }
    }
}

/// Checks an account from `earlier` to `later`, of which `events` tell.
#[track_caller]
pub fn check(before: &Ledgers, after: &Ledgers, earlier: Option<&Stored>, later: Option<&Stored>, events: &[&AnyEvent]) {
    // A life ends with an event that says so, or silently with its session's; behind it another can begin.
    let ended = events.iter().position(|event| {
        let accepted = matches!(event, AnyEvent::InvitationAccepted(_)) && !matches!(earlier.or(later), Some(Stored::Token(_)));
        let given_up = matches!(event, AnyEvent::InvitationDeclined(_) | AnyEvent::InvitationRevoked(_) | AnyEvent::PropertyDeleted(_));
        accepted || given_up || matches!(event, AnyEvent::FunctionUnregistered(_) | AnyEvent::AccessRevoked(_))
    });
    if let Some(later) = later {
        let session = after.session(&Name::of(later).session).expect("what belongs to a session does not outlive it");
        assert_eq!(session.header.epoch, later.header().epoch, "what belongs to a session is of its life");
    }
    match (earlier, later) {
        (Some(earlier), Some(later)) if ended.is_none() => {
            assert_eq!(Name::of(earlier), Name::of(later), "what names an account stays");
            if earlier != later {
                assert!(later.header().revision > earlier.header().revision, "every write is counted");
                let session = before.session(&Name::of(earlier).session).unwrap();
                assert_ne!(session.status(), Ok(Status::Closed), "what belongs to a closed session does not change");
                check_events(&session.id, earlier.header().event_revision, events, later.header().event_revision);
            }
        }
        (Some(earlier), None) if ended.is_none() => {
            let session = Name::of(earlier).session;
            let closed = [before.session(&session), after.session(&session)].into_iter().flatten();
            let closed = closed.map(|state| state.status()).any(|status| status == Ok(Status::Closed));
            assert!(closed, "an account does not vanish untold while its session goes on");
        }
        _ => {}
    }
}
