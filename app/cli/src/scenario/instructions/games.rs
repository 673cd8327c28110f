//! Steps of the arena, a program that uses sessions.

use {
    crate::scenario::{
        act::{Act, Caller, Origin, SessionRef},
        arena::{self, Player},
        fields::Fields,
        values,
    },
    solana_instruction::Instruction,
};

/// Who plays in a session.
const fn player(session: &SessionRef, by: Caller<'_>) -> Player {
    Player { signer: by.signer, session: session.address, wallet: by.actor.address }
}

pub(super) fn open(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let session = f.session()?;
    f.scope.makes(arena::board(&session.address), Origin { payer: by.payer, maker: by.actor.address });
    let instruction = player(&session, by).open_board(by.payer);
    Some(Act::ready(session, instruction))
}

/// A step about one tile.
pub(super) fn on_tile(f: &mut Fields<'_, '_>, by: Caller<'_>, build: fn(&Player, u8) -> Instruction) -> Option<Act> {
    let session = f.session();
    let tile = f.needed_value("tile", |text| values::number(text, u8::MAX));
    let (session, tile) = (session?, tile?);
    let instruction = build(&player(&session, by), tile);
    Some(Act::ready(session, instruction))
}

pub(super) fn close(f: &mut Fields<'_, '_>, by: Caller<'_>) -> Option<Act> {
    let session = f.session()?;
    let (at, stranger) = (session.address, by.payer);
    let needed = f.scope.needed(arena::board(&at));
    Some(Act::from_state(session, needed, move |origin| arena::close_board(at, origin.map_or(stranger, |origin| origin.payer))))
}
