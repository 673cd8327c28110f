//! The transactions of a deployment.

use {
    super::{
        plan::buffer_seed,
        state::{BUFFER_HEADER, LOADER, PROGRAM_BYTES},
    },
    sessions_client::ledger::MAX_TRANSACTION_BYTES,
    solana_address::Address,
    solana_hash::Hash,
    solana_instruction::Instruction,
    solana_keypair::{Keypair, Signer},
    solana_loader_v3_interface::instruction as loader,
    solana_message::{Message, VersionedMessage},
    solana_system_interface::instruction as system,
    solana_transaction::versioned::VersionedTransaction,
    std::ops::Range,
};

/// The bytes of a signature.
const SIGNATURE_BYTES: usize = 64;

/// Who signs.
#[derive(Debug)]
pub struct Keys {
    /// Who pays the fees and the rent.
    pub payer: Keypair,
    /// Who may write the buffer, and upgrade the program.
    pub authority: Keypair,
    /// The program's own key pair.
    pub program: Option<Keypair>,
}

impl Keys {
    /// Signs what `instructions` say, by those of the keys whose signatures they take.
    ///
    /// # Errors
    /// A signature that none of the keys gives.
    pub fn sign(&self, instructions: &[Instruction], blockhash: &Hash) -> Result<VersionedTransaction, String> {
        let message = Message::new_with_blockhash(instructions, Some(&self.payer.pubkey()), blockhash);
        let wanted = message.account_keys.get(..usize::from(message.header.num_required_signatures)).unwrap_or_default();
        let all = [Some(&self.payer), Some(&self.authority), self.program.as_ref()];
        let signers: Vec<&Keypair> =
            wanted.iter().filter_map(|address| all.iter().flatten().find(|key| key.pubkey() == *address).copied()).collect();
        VersionedTransaction::try_new(VersionedMessage::Legacy(message), &signers).map_err(|error| error.to_string())
    }

    /// How many bytes of a file fit into one transaction that writes them.
    pub fn chunk(&self, buffer: &Address) -> usize {
        self.room(loader::write(buffer, &self.authority.pubkey(), 0, Vec::new()))
    }

    /// How many bytes fit into one transaction behind an instruction that has none of them yet.
    pub fn room(&self, empty: Instruction) -> usize {
        let message = Message::new(&[empty], Some(&self.payer.pubkey()));
        let signatures = usize::from(message.header.num_required_signatures);
        // The length of an instruction with a chunk takes two bytes, and that of an empty one takes one.
        MAX_TRANSACTION_BYTES.saturating_sub(1 + signatures * SIGNATURE_BYTES + message.serialize().len() + 1)
    }
}

/// Makes the buffer. Lamports that somebody sent to its address count, where `create_account` would fail by them.
pub fn create_buffer(keys: &Keys, program: &Address, buffer: &Address, length: usize, lamports: u64) -> Vec<Instruction> {
    let (payer, authority) = (keys.payer.pubkey(), keys.authority.pubkey());
    let size = (BUFFER_HEADER + length) as u64;
    let mut instructions = Vec::new();
    if lamports > 0 {
        instructions.push(system::transfer(&payer, buffer, lamports));
    }
    instructions.push(system::allocate_with_seed(buffer, &authority, &buffer_seed(program), size, &LOADER));
    instructions.extend(initialize_buffer(&payer, buffer, &authority));
    instructions
}

/// The loader's part of making a buffer; its other part creates the account, by a key that this buffer does not have.
fn initialize_buffer(payer: &Address, buffer: &Address, authority: &Address) -> Option<Instruction> {
    loader::create_buffer(payer, buffer, authority, 0, 0).ok()?.pop()
}

/// Writes a range of the file.
pub fn write(keys: &Keys, buffer: &Address, file: &[u8], range: &Range<usize>) -> Instruction {
    let bytes = file.get(range.clone()).unwrap_or_default().to_vec();
    loader::write(buffer, &keys.authority.pubkey(), u32::try_from(range.start).unwrap_or(u32::MAX), bytes)
}

/// Makes the program of the buffer.
pub fn deploy(keys: &Keys, program: &Address, buffer: &Address, lamports: u64, max_len: usize) -> Vec<Instruction> {
    let (payer, authority) = (keys.payer.pubkey(), keys.authority.pubkey());
    let mut instructions = Vec::new();
    if lamports > 0 {
        instructions.push(system::transfer(&payer, program, lamports));
    }
    instructions.push(system::allocate(program, PROGRAM_BYTES as u64));
    instructions.push(system::assign(program, &LOADER));
    // The first of the loader's two creates the account, which is done.
    let deploying = loader::deploy_with_max_program_len(&payer, program, buffer, &authority, 0, max_len);
    instructions.extend(deploying.ok().and_then(|mut both| both.pop()));
    instructions
}

/// Lets the program's code grow.
pub fn extend(keys: &Keys, program: &Address, more: u32) -> Instruction {
    loader::extend_program(program, Some(&keys.payer.pubkey()), more)
}

/// Puts the buffer into the program's place; what is over goes to the payer.
pub fn upgrade(keys: &Keys, program: &Address, buffer: &Address) -> Instruction {
    loader::upgrade(program, buffer, &keys.authority.pubkey(), &keys.payer.pubkey())
}

/// Gives up the authority.
pub fn finalize(keys: &Keys, program: &Address) -> Instruction {
    loader::set_upgrade_authority(program, &keys.authority.pubkey(), None)
}

/// Closes the buffer; its lamports go to the payer.
pub fn close_buffer(keys: &Keys, buffer: &Address) -> Instruction {
    loader::close(buffer, &keys.payer.pubkey(), &keys.authority.pubkey())
}
