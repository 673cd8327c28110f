//! Messages and checkpoints.

use {
    super::build,
    crate::address,
    sessions::{accounts as metas, instruction as data, instructions::CommitCheckpointArgs},
    solana_address::Address,
    solana_instruction::Instruction,
};

/// `broadcast_message`: sends a message to everyone, by a member with SEND_MESSAGES.
pub fn broadcast_message(signer: Address, session: Address, wallet: Address, message: &[u8]) -> Instruction {
    let member = address::member(&session, &wallet);
    build(metas::BroadcastMessage { signer, session, member }, data::BroadcastMessage { data: message })
}

/// `send_direct_message`: sends a message to the member with the wallet `to`, by a member with SEND_MESSAGES. It is as public as all others.
pub fn send_direct_message(signer: Address, session: Address, wallet: Address, to: Address, message: &[u8]) -> Instruction {
    let (member, recipient) = (address::member(&session, &wallet), address::member(&session, &to));
    build(metas::SendDirectMessage { signer, session, member, recipient }, data::SendDirectMessage { data: message })
}

/// `commit_checkpoint`: records where the live state stands, by the host.
pub fn commit_checkpoint(host: Address, session: Address, sequence: u64, root: [u8; 32]) -> Instruction {
    let args = CommitCheckpointArgs { sequence, root };
    build(metas::CommitCheckpoint { host, session }, data::CommitCheckpoint { args: &args })
}
