//! What instructions would do, with nothing kept of it.
//!
//! The accounts are laid over one another as in the cache, and events are told to nobody, so that the module has the rules once: a second kind of
//! accounts, or of ears, would be all of them again.

use {
    crate::{
        inward, outward,
        wire::{self, Answer},
    },
    sessions_cache::{
        Moment,
        overlay::{Overlay, Shelf},
    },
    sessions_reducer::{Rejection, Silent, reduce},
    solana_instruction::Instruction,
};

/// Runs instructions one after another on `accounts`: all of them, or none if one is refused.
pub fn predict(instructions: Vec<wire::Instruction>, accounts: wire::Shelf, at: &Moment) -> Answer {
    let accounts = inward::shelf(accounts);
    let mut overlay = Overlay { base: &accounts, predicted: &Vec::new(), written: Shelf::new() };
    let (mut exact, mut returned) = (true, Vec::new());
    for (place, instruction) in instructions.into_iter().enumerate() {
        match reduce(&Instruction::from(instruction), &mut overlay, at, &mut Silent) {
            Ok(outcome) => {
                exact &= outcome.exact;
                if !outcome.returned.is_empty() {
                    returned = outcome.returned;
                }
            }
            // Of what another program does nothing is known but that it is no program of sessions.
            Err(Rejection::Foreign) => exact = false,
            Err(rejection) => return Answer::Refused { instruction: outward::place(place), rejection: (&rejection).into() },
        }
    }
    let changed = overlay.written.into_iter().map(|(address, account)| (address.to_bytes(), account.as_ref().map(Into::into)));
    Answer::Predicted(wire::Prediction { exact, accounts: changed.collect(), returned })
}
