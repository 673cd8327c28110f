//! A session's steps.

use {
    super::{SYSTEM_PROGRAM, build},
    crate::address,
    sessions::{
        accounts as metas, instruction as data,
        instructions::{AbortSessionArgs, CloseSessionArgs, RequestSessionArgs},
    },
    sessions_core::{SessionState, rules::config::SessionChanges},
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
};

/// `request_session`: – → Requested, by the creator.
pub fn request_session(creator: Address, payer: Address, args: RequestSessionArgs) -> Instruction {
    let session = address::session(&creator, &args.id);
    let member = address::member(&session, &creator);
    build(metas::RequestSession { creator, payer, session, member, system_program: SYSTEM_PROGRAM }, data::RequestSession { args: &args })
}

/// `open_session`: – → Active through every step, by a creator who is also the host.
pub fn open_session(creator: Address, payer: Address, args: RequestSessionArgs) -> Instruction {
    let session = address::session(&creator, &args.id);
    let member = address::member(&session, &creator);
    build(metas::OpenSession { creator, payer, session, member, system_program: SYSTEM_PROGRAM }, data::OpenSession { args: &args })
}

/// `begin_creation`: Requested → Creating, by the host.
pub fn begin_creation(host: Address, session: Address) -> Instruction {
    build(metas::BeginCreation { host, session }, data::BeginCreation {})
}

/// `complete_creation`: Creating → Created, by the host.
pub fn complete_creation(host: Address, session: Address) -> Instruction {
    build(metas::CompleteCreation { host, session }, data::CompleteCreation {})
}

/// `begin_activation`: Created → Activating, by the authority.
pub fn begin_activation(authority: Address, session: Address) -> Instruction {
    build(metas::BeginActivation { authority, session }, data::BeginActivation {})
}

/// `complete_activation`: Activating → Active, by the host.
pub fn complete_activation(host: Address, session: Address) -> Instruction {
    build(metas::CompleteActivation { host, session }, data::CompleteActivation {})
}

/// `pause_session`: Active → Paused, by the authority.
pub fn pause_session(authority: Address, session: Address) -> Instruction {
    build(metas::PauseSession { authority, session }, data::PauseSession {})
}

/// `resume_session`: Paused → Active, by the authority.
pub fn resume_session(authority: Address, session: Address) -> Instruction {
    build(metas::ResumeSession { authority, session }, data::ResumeSession {})
}

/// `update_session`: changes what may change, by the authority.
pub fn update_session(authority: Address, session: Address, changes: SessionChanges) -> Instruction {
    build(metas::UpdateSession { authority, session }, data::UpdateSession { update: &changes.into() })
}

/// `close_session`: Active or Paused → Closing, by the authority; `reason` is Completed, Cancelled or the application's own.
pub fn close_session(authority: Address, session: Address, reason: u8) -> Instruction {
    build(metas::CloseSession { authority, session }, data::CloseSession { args: CloseSessionArgs { reason } })
}

/// `complete_close`: Closing → Closed, by the host, or by anyone from the step's deadline on.
pub fn complete_close(signer: Address, session: Address) -> Instruction {
    build(metas::CompleteClose { signer, session }, data::CompleteClose {})
}

/// `abort_session`: Requested to Activating → Closed; `reason` 0 leaves the reason to who signs and when.
pub fn abort_session(signer: Address, session: Address, reason: u8) -> Instruction {
    build(metas::AbortSession { signer, session }, data::AbortSession { args: AbortSessionArgs { reason } })
}

/// `expire_session`: Active or Paused → Closed, when the session's time is over.
pub fn expire_session(signer: Address, session: Address) -> Instruction {
    build(metas::ExpireSession { signer, session }, data::ExpireSession {})
}

/// `reclaim_children`: deletes accounts that belonged to a closed session, each given with the payer that it records, who gets its rent back;
/// by anyone. About a dozen fit into a transaction, more if they share payers. Nobody has to sign it but whoever pays the fee.
pub fn reclaim_children(session: Address, children: &[(Address, Address)]) -> Instruction {
    let mut instruction = build(metas::ReclaimChildren { session }, data::ReclaimChildren {});
    let pairs = children.iter().flat_map(|(child, payer)| [AccountMeta::new(*child, false), AccountMeta::new(*payer, false)]);
    instruction.accounts.extend(pairs);
    instruction
}

/// `reclaim_session`: deletes a closed session, by anyone; its rent goes to the payer and its vault to the creator, as `state` names them.
/// Nobody has to sign it but whoever pays the fee.
pub fn reclaim_session(session: Address, state: &SessionState) -> Instruction {
    let accounts = metas::ReclaimSession {
        session,
        payer: state.header.payer,
        creator: state.creator,
        vault: address::vault(&session),
        system_program: SYSTEM_PROGRAM,
    };
    build(accounts, data::ReclaimSession {})
}
