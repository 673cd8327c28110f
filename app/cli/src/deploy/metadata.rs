//! The Program Metadata program, which keeps a program's IDL where explorers look for it: at the address that follows from the program and the
//! seed `idl`, written by whoever may upgrade the program. Layouts and instructions as in its published IDL.

use {
    super::data_address,
    solana_account::Account,
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
};

/// The program's address.
pub const METADATA: Address = Address::from_str_const("ProgM6JCCvbYkfKqJYHePx4xxSUSqJp7rh8Lyv7nk7S");
/// The bytes before the data, in a buffer and in what it becomes.
pub const HEADER: usize = 96;
/// The most bytes by which an account grows in one instruction.
pub const MOST_GROWTH: usize = 10_240;

const SYSTEM: Address = Address::from_str_const("11111111111111111111111111111111");
const RENT: Address = Address::from_str_const("SysvarRent111111111111111111111111111111111");

/// How data is written down: as UTF-8, compressed by zlib, a text of JSON, and itself in the account.
const PACKING: [u8; 4] = [1, 2, 1, 0];

/// What there is at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept<'a> {
    /// Data that is being written.
    Buffer {
        /// Who may write it.
        authority: Address,
        /// What is written so far.
        data: &'a [u8],
    },
    /// Data that can be read.
    Metadata {
        /// Whether it can be changed.
        mutable: bool,
        /// Whether it is text of JSON in the account itself.
        direct: bool,
        /// The number of its compression: none, gzip, zlib.
        compression: u8,
        /// The data, as it was compressed.
        data: &'a [u8],
    },
}

/// What an account of the program is; `None` if it is not the program's, or nothing that it writes.
pub fn read(account: &Account) -> Option<Kept<'_>> {
    let (header, data) = account.data.split_first_chunk::<HEADER>()?;
    if account.owner != METADATA {
        return None;
    }
    match header[0] {
        1 => Some(Kept::Buffer { authority: Address::new_from_array(*header[33..].first_chunk()?), data }),
        2 => {
            let length = u32::from_le_bytes(*header[87..].first_chunk()?) as usize;
            let [encoding, compression, format, source] = *header[83..].first_chunk()?;
            Some(Kept::Metadata {
                mutable: header[65] == 1,
                direct: [encoding, format, source] == [PACKING[0], PACKING[2], PACKING[3]],
                compression,
                data: data.get(..length).unwrap_or(data),
            })
        }
        _ => None,
    }
}

/// A seed: text of at most 16 bytes, filled up with zeros.
fn seed_bytes(seed: &str) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(seed.bytes()).for_each(|(place, byte)| *place = byte);
    bytes
}

/// Where a program's metadata under a seed are, if its upgrade authority writes them.
pub fn address(program: &Address, seed: &str) -> Address {
    Address::find_program_address(&[program.as_array(), &seed_bytes(seed)], &METADATA).0
}

/// Whose metadata are written, and by whom.
#[derive(Clone, Copy, Debug)]
pub struct Of {
    authority: Address,
    program: Address,
    program_data: Address,
}

impl Of {
    /// A program's, by who may upgrade it.
    pub fn new(authority: Address, program: Address) -> Self {
        Self { authority, program, program_data: data_address(&program) }
    }

    /// The program, and where its code is: so it is seen who may upgrade it.
    fn owners(&self) -> [AccountMeta; 2] {
        [reads(self.program), reads(self.program_data)]
    }

    /// Who signs.
    fn signs(&self) -> AccountMeta {
        AccountMeta::new_readonly(self.authority, true)
    }
}

fn writes(address: Address) -> AccountMeta {
    AccountMeta::new(address, false)
}

fn reads(address: Address) -> AccountMeta {
    AccountMeta::new_readonly(address, false)
}

fn instruction(accounts: Vec<AccountMeta>, data: &[&[u8]]) -> Instruction {
    Instruction { program_id: METADATA, accounts, data: data.concat() }
}

/// Makes a buffer of what is at the address of a seed and has its rent.
pub fn allocate(of: &Of, buffer: &Address, seed: &str) -> Instruction {
    let [program, data] = of.owners();
    instruction(vec![writes(*buffer), of.signs(), program, data, reads(SYSTEM)], &[&[7], &seed_bytes(seed)])
}

/// Lets an account grow by so many bytes, in as many instructions as that takes.
pub fn extend(of: &Of, account: &Address, more: usize) -> Vec<Instruction> {
    let [program, data] = of.owners();
    let parts = (0..more).step_by(MOST_GROWTH).map(|before| MOST_GROWTH.min(more - before) as u16);
    parts.map(|part| instruction(vec![writes(*account), of.signs(), program.clone(), data.clone()], &[&[8], &part.to_le_bytes()])).collect()
}

/// Writes bytes into a buffer.
pub fn write(of: &Of, buffer: &Address, offset: usize, bytes: &[u8]) -> Instruction {
    let offset = u32::try_from(offset).unwrap_or(u32::MAX);
    instruction(vec![writes(*buffer), of.signs(), reads(METADATA)], &[&[0], &offset.to_le_bytes(), bytes])
}

/// Makes metadata of the buffer at their own address.
pub fn initialize(of: &Of, metadata: &Address, seed: &str) -> Instruction {
    let [program, data] = of.owners();
    instruction(vec![writes(*metadata), of.signs(), program, data, reads(METADATA)], &[&[1], &seed_bytes(seed), &PACKING])
}

/// Puts what a buffer holds into the place of what metadata are there.
pub fn set_data(of: &Of, metadata: &Address, buffer: &Address) -> Instruction {
    let [program, data] = of.owners();
    instruction(vec![writes(*metadata), of.signs(), writes(*buffer), program, data], &[&[3], &PACKING])
}

/// Gives back what an account holds beyond the rent of its data.
pub fn trim(of: &Of, account: &Address, destination: &Address) -> Instruction {
    let [program, data] = of.owners();
    instruction(vec![writes(*account), of.signs(), program, data, writes(*destination), reads(RENT)], &[&[5]])
}

/// Closes a buffer.
pub fn close(of: &Of, account: &Address, destination: &Address) -> Instruction {
    let [program, data] = of.owners();
    instruction(vec![writes(*account), of.signs(), program, data, writes(*destination)], &[&[6]])
}
