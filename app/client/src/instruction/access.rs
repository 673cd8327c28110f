//! Properties across sessions.

use {
    super::{Acting, SYSTEM_PROGRAM, build},
    crate::address,
    sessions::{
        accounts as metas, instruction as data,
        instructions::{GrantAccessArgs, SetPropertyArgs},
    },
    sessions_core::AccessGrantState,
    solana_address::Address,
    solana_instruction::Instruction,
};

/// `grant_access`: lets the session at `reader` use properties of the one at `session`, by the latter's authority; `payer` pays for a grant that is
/// made.
pub fn grant_access(authority: Address, payer: Address, session: Address, reader: Address, args: GrantAccessArgs) -> Instruction {
    let accounts =
        metas::GrantAccess { authority, payer, session, reader, grant: address::grant(&session, &reader), system_program: SYSTEM_PROGRAM };
    build(accounts, data::GrantAccess { args })
}

/// `revoke_access`: takes a grant back, by the authority of the session that made it; the rent goes back to the payer that `grant` names.
pub fn revoke_access(authority: Address, session: Address, grant: &AccessGrantState) -> Instruction {
    let (account, payer) = (address::grant(&session, &grant.reader), grant.header.payer);
    build(metas::RevokeAccess { authority, session, grant: account, payer }, data::RevokeAccess {})
}

/// `read_property`: answers with the property `key` of the session at `owner`, its version first, by a member with READ_CROSS_SESSION.
pub fn read_property(acting: Acting, owner: Address, key: &[u8]) -> Instruction {
    let accounts = metas::ReadProperty {
        signer: acting.signer,
        session: acting.session,
        member: acting.member(),
        owner,
        grant: address::grant(&owner, &acting.session),
        property: address::property(&owner, key),
    };
    acting.pass(build(accounts, data::ReadProperty {}))
}

/// `write_property`: writes a property of the session at `owner`, by a member with WRITE_CROSS_SESSION; `payer` pays for a property that is made.
pub fn write_property(acting: Acting, payer: Address, owner: Address, args: SetPropertyArgs<'_>) -> Instruction {
    let accounts = metas::WriteProperty {
        signer: acting.signer,
        payer,
        session: acting.session,
        member: acting.member(),
        owner,
        grant: address::grant(&owner, &acting.session),
        property: address::property(&owner, args.key),
        system_program: SYSTEM_PROGRAM,
    };
    acting.pass(build(accounts, data::WriteProperty { args }))
}
