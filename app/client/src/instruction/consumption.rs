//! What other programs ask of a membership by calling this one. Called directly they do the same, and simulating `validate_session` answers how a
//! member stands.

use {
    super::{Acting, build},
    sessions::{accounts as metas, instruction as data, instructions::ConsumeArgs},
    solana_instruction::Instruction,
};

/// `consume`: charges the member for one operation and `units`, if it has all of `permissions` (0: EXECUTE_FUNCTIONS), and answers how it stands.
pub fn consume(acting: Acting, permissions: u32, units: u64) -> Instruction {
    let accounts = metas::Consume { signer: acting.signer, session: acting.session, member: acting.member() };
    acting.pass(build(accounts, data::Consume { args: &ConsumeArgs { units, permissions, reserved: 0 } }))
}

/// `validate_session`: answers how the member stands, if it could be charged so.
pub fn validate_session(acting: Acting, permissions: u32, units: u64) -> Instruction {
    let accounts = metas::ValidateSession { signer: acting.signer, session: acting.session, member: acting.member() };
    build(accounts, data::ValidateSession { args: &ConsumeArgs { units, permissions, reserved: 0 } })
}
