//! As whom a member acts.

use {
    crate::address,
    sessions_core::SessionState,
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
};

/// As whom, and in which session, somebody acts: where an act writes the session only if that has limits which its members share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Acting {
    /// Who signs: the member's wallet or its session key.
    pub signer: Address,
    /// The session's address.
    pub session: Address,
    /// Whose membership it is.
    pub wallet: Address,
    /// Whether the session has shared limits, and is passed as writable. A session that has none is better passed for reading, so that its
    /// members act in parallel.
    pub shared: bool,
}

impl Acting {
    /// A member's wallet in a session without shared limits.
    pub const fn wallet(session: Address, wallet: Address) -> Self {
        Self { signer: wallet, session, wallet, shared: false }
    }

    /// A member's session key in a session without shared limits.
    pub const fn key(session: Address, wallet: Address, key: Address) -> Self {
        Self { signer: key, session, wallet, shared: false }
    }

    /// The same in a session as it was read.
    pub const fn in_session(self, session: &SessionState) -> Self {
        Self { shared: !session.config.quotas.are_unlimited(), ..self }
    }

    /// The same in a session with shared limits.
    pub const fn sharing(self) -> Self {
        Self { shared: true, ..self }
    }

    /// The address of the member's account.
    pub fn member(&self) -> Address {
        address::member(&self.session, &self.wallet)
    }

    /// The instruction with the session passed as it has to be.
    pub(super) fn pass(&self, mut instruction: Instruction) -> Instruction {
        for meta in instruction.accounts.iter_mut().filter(|meta| meta.pubkey == self.session) {
            meta.is_writable |= self.shared;
        }
        instruction
    }
}

/// An account that an instruction may write.
pub(super) fn writable(pubkey: Address) -> AccountMeta {
    AccountMeta::new(pubkey, false)
}
