//! What a command is going to do: its instructions, and what they make, end and move, so that it can be shown before it is sent.

use {
    crate::{book::Book, describe::Kind, place::Place},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    std::{path::PathBuf, sync::Arc},
};

/// An account that an instruction makes if it is not there.
#[derive(Clone, Copy, Debug)]
pub struct Made {
    /// What it is, in a word.
    pub what: &'static str,
    /// Its address.
    pub address: Address,
    /// Its size in bytes, which its rent depends on.
    pub bytes: usize,
}

/// What an instruction answers by return data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// How a member stands.
    Standing,
    /// A property: its version, and its value.
    Property,
}

/// A secret that a command makes: it is shown or written once, and nowhere else.
#[derive(Clone, Debug)]
pub struct Secret {
    /// The file to write it to, which only its owner can read; without one it is shown.
    pub file: Option<PathBuf>,
    /// The secret.
    pub text: String,
}

/// What a command is going to do.
#[derive(Debug)]
pub struct Draft {
    /// The instruction's name.
    pub instruction: &'static str,
    /// The session it is about.
    pub session: Place,
    /// The instructions, of each transaction: mostly one.
    pub transactions: Vec<Vec<Instruction>>,
    /// Who signs beside those who always do.
    pub keys: Vec<Arc<Keypair>>,
    /// The accounts that it makes if they are not there.
    pub makes: Vec<Made>,
    /// The accounts that it deletes, whose rent goes back to their payers.
    pub ends: Vec<Address>,
    /// The lamports that wallets get besides, or give if negative.
    pub moves: Vec<(Address, i128)>,
    /// What else is worth knowing before: a word, and what it is.
    pub notes: Vec<(&'static str, String)>,
    /// What it answers.
    pub answer: Option<Answer>,
    /// Whether a simulation is enough, because nothing comes of it but the answer.
    pub only_asks: bool,
    /// The secret that it makes.
    pub secret: Option<Secret>,
    /// The mints it is about.
    pub book: Book,
}

impl Draft {
    /// One instruction about a session.
    pub fn new(instruction: &'static str, session: Place, built: Instruction) -> Self {
        Self {
            instruction,
            session,
            transactions: vec![vec![built]],
            keys: Vec::new(),
            makes: Vec::new(),
            ends: Vec::new(),
            moves: Vec::new(),
            notes: Vec::new(),
            answer: None,
            only_asks: false,
            secret: None,
            book: Book::default(),
        }
    }

    /// The same, and it makes an account.
    #[must_use]
    pub fn makes(self, kind: Kind, address: Address) -> Self {
        self.makes_bytes(kind.name, address, kind.size)
    }

    /// The same, and it makes an account of so many bytes.
    #[must_use]
    pub fn makes_bytes(mut self, what: &'static str, address: Address, bytes: usize) -> Self {
        self.makes.push(Made { what, address, bytes });
        self
    }

    /// The same, and it deletes an account.
    #[must_use]
    pub fn ends(mut self, address: Address) -> Self {
        self.ends.push(address);
        self
    }

    /// The same, and something is worth knowing of it.
    #[must_use]
    pub fn notes(mut self, word: &'static str, what: impl Into<String>) -> Self {
        self.notes.push((word, what.into()));
        self
    }

    /// The same behind other instructions of its transaction.
    #[must_use]
    pub fn behind(mut self, before: impl IntoIterator<Item = Instruction>) -> Self {
        if let Some(first) = self.transactions.first_mut() {
            first.splice(0..0, before);
        }
        self
    }

    /// The same, and it answers.
    #[must_use]
    pub fn answers(self, answer: Answer) -> Self {
        Self { answer: Some(answer), ..self }
    }
}
