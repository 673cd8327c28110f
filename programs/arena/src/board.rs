//! The board and its rules, of which the chain knows nothing.

use {
    crate::error::ArenaError,
    anchor_lang::prelude::*,
    sessions_core::{SessionState, same},
};

/// First seed of a board's address; the session's address follows.
pub const SEED_BOARD: &[u8] = b"board";
/// How many tiles a board has.
pub const TILES: usize = 64;
/// How many wallets can hold tiles at once.
pub const SEATS: usize = 16;
/// The mark of a free tile; any other is the number of a seat, from 1 on.
pub const FREE: u8 = 0;
/// What a free tile costs, in units.
pub const COST_OF_FREE: u64 = 1;
/// What another's tile costs, in units.
pub const COST_OF_ANOTHERS: u64 = 3;

/// The board of one life of a session: the PDA of [`Board::seeds`].
///
/// A tile is a byte that names a seat, and a seat is a wallet, so that sixty-four tiles need no sixty-four addresses. A seat whose wallet holds
/// nothing is free for another.
#[account]
pub struct Board {
    /// The session's address.
    pub session: Address,
    /// Who paid the rent and gets it back.
    pub payer: Address,
    /// The session's epoch: with the address it names one life of the session.
    pub epoch: u64,
    /// How many moves were made.
    pub moves: u64,
    /// Who sits where.
    pub seats: [Address; SEATS],
    /// Who holds which tile, by the number of the seat.
    pub tiles: [u8; TILES],
    /// The canonical bump of the address.
    pub bump: u8,
    /// Zero.
    pub reserved: [u8; 7],
}

impl Board {
    /// The seeds of a board's address, without the bump.
    pub const fn seeds(session: &Address) -> [&[u8]; 2] {
        [SEED_BOARD, session.as_array()]
    }

    /// Checks that the board is of this life of the session at `address`.
    ///
    /// # Errors
    /// BoardOfAnotherSession, BoardOfFormerLife.
    pub fn check_belongs(&self, address: &Address, session: &SessionState) -> core::result::Result<(), ArenaError> {
        if !same(&self.session, address) {
            Err(ArenaError::BoardOfAnotherSession)
        } else if self.epoch != session.header.epoch {
            Err(ArenaError::BoardOfFormerLife)
        } else {
            Ok(())
        }
    }

    /// Who holds a tile; `None` if it is free or not there.
    pub fn holder(&self, tile: u8) -> Option<&Address> {
        self.seats.get(usize::from(self.tiles.get(usize::from(tile))?.checked_sub(1)?))
    }

    /// What the tile costs `wallet`, in units.
    ///
    /// # Errors
    /// NoSuchTile, OwnTile.
    pub fn cost(&self, wallet: &Address, tile: u8) -> core::result::Result<u64, ArenaError> {
        if usize::from(tile) >= TILES {
            return Err(ArenaError::NoSuchTile);
        }
        match self.holder(tile) {
            None => Ok(COST_OF_FREE),
            Some(holder) if same(holder, wallet) => Err(ArenaError::OwnTile),
            Some(_) => Ok(COST_OF_ANOTHERS),
        }
    }

    /// Gives the tile to `wallet`, from whoever holds it.
    ///
    /// # Errors
    /// NoSuchTile, OwnTile, BoardFull, TooManyMoves.
    pub fn claim(&mut self, wallet: &Address, tile: u8) -> core::result::Result<(), ArenaError> {
        self.cost(wallet, tile)?;
        let moves = self.moves.checked_add(1).ok_or(ArenaError::TooManyMoves)?;
        let number = self.take_seat(wallet)?;
        *self.tiles.get_mut(usize::from(tile)).ok_or(ArenaError::NoSuchTile)? = number;
        self.moves = moves;
        Ok(())
    }

    /// Takes the tile from `wallet`, which holds it.
    ///
    /// # Errors
    /// NoSuchTile, NotYourTile.
    pub fn give_up(&mut self, wallet: &Address, tile: u8) -> core::result::Result<(), ArenaError> {
        let is_held = self.holder(tile).is_some_and(|holder| same(holder, wallet));
        let place = self.tiles.get_mut(usize::from(tile)).ok_or(ArenaError::NoSuchTile)?;
        if !is_held {
            return Err(ArenaError::NotYourTile);
        }
        *place = FREE;
        Ok(())
    }

    /// The number of the wallet's seat: the one that it has, or the first whose wallet holds nothing.
    fn take_seat(&mut self, wallet: &Address) -> core::result::Result<u8, ArenaError> {
        let mut held: u32 = 0;
        for number in &self.tiles {
            held |= 1_u32.checked_shl(u32::from(*number)).unwrap_or_default();
        }
        let mut empty = None;
        for (number, seat) in (1_u8..).zip(&mut self.seats) {
            if same(seat, wallet) {
                return Ok(number);
            }
            let is_held = held & 1_u32.checked_shl(u32::from(number)).unwrap_or_default() != 0;
            if empty.is_none() && !is_held {
                empty = Some((number, seat));
            }
        }
        let (number, seat) = empty.ok_or(ArenaError::BoardFull)?;
        *seat = *wallet;
        Ok(number)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "a test fails by them")]
mod tests {
    use {super::*, bytemuck::Zeroable};

    fn wallet(n: u8) -> Address {
        Address::new_from_array([n; 32])
    }

    #[test]
    fn a_free_tile_costs_one_and_anothers_three() {
        let mut board = Board::zeroed();
        assert_eq!(board.cost(&wallet(1), 5), Ok(COST_OF_FREE));
        board.claim(&wallet(1), 5).unwrap();
        assert_eq!(board.cost(&wallet(2), 5), Ok(COST_OF_ANOTHERS));
        assert_eq!(board.cost(&wallet(1), 5), Err(ArenaError::OwnTile));
        assert_eq!(board.cost(&wallet(1), 64), Err(ArenaError::NoSuchTile));
    }

    #[test]
    fn a_tile_changes_hands_and_every_move_counts() {
        let mut board = Board::zeroed();
        board.claim(&wallet(1), 63).unwrap();
        board.claim(&wallet(2), 63).unwrap();
        assert_eq!((board.holder(63), board.moves), (Some(&wallet(2)), 2));
        assert_eq!(board.claim(&wallet(2), 63), Err(ArenaError::OwnTile));
        assert_eq!(board.claim(&wallet(2), 64), Err(ArenaError::NoSuchTile));
        board.moves = u64::MAX;
        assert_eq!(board.claim(&wallet(1), 63), Err(ArenaError::TooManyMoves));
        assert_eq!(board.holder(63), Some(&wallet(2)));
    }

    #[test]
    fn only_the_holder_gives_a_tile_up() {
        let mut board = Board::zeroed();
        board.claim(&wallet(1), 0).unwrap();
        assert_eq!(board.give_up(&wallet(2), 0), Err(ArenaError::NotYourTile));
        assert_eq!(board.give_up(&wallet(1), 1), Err(ArenaError::NotYourTile));
        assert_eq!(board.give_up(&wallet(1), 64), Err(ArenaError::NoSuchTile));
        board.give_up(&wallet(1), 0).unwrap();
        assert_eq!(board.holder(0), None);
    }

    #[test]
    fn a_seat_is_free_once_its_wallet_holds_nothing() {
        let mut board = Board::zeroed();
        for n in 1..=SEATS as u8 {
            board.claim(&wallet(n), n).unwrap();
        }
        assert_eq!(board.claim(&wallet(99), 50), Err(ArenaError::BoardFull));
        board.claim(&wallet(1), 40).unwrap();
        // The last tile of one goes to another, who takes its seat too.
        board.give_up(&wallet(7), 7).unwrap();
        board.claim(&wallet(99), 50).unwrap();
        assert_eq!((board.holder(50), board.holder(7), board.holder(40)), (Some(&wallet(99)), None, Some(&wallet(1))));
        assert_eq!(board.claim(&wallet(7), 7), Err(ArenaError::BoardFull));
    }
}
