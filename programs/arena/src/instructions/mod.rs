//! The instructions, one a file: accounts, handler.

mod close_board;
mod make_move;
mod make_move_by_vault;
mod open_board;
mod surrender;

pub use {close_board::*, make_move::*, make_move_by_vault::*, open_board::*, surrender::*};
