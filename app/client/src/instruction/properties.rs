//! Shared values.

use {
    super::{SYSTEM_PROGRAM, build},
    crate::address,
    sessions::{
        accounts as metas, instruction as data,
        instructions::{DeletePropertyArgs, SetPropertyArgs},
    },
    sessions_core::PropertyState,
    solana_address::Address,
    solana_instruction::Instruction,
};

/// `set_property`: writes a value, by a member with WRITE_PROPERTIES; `payer` pays for a property that is made. A key of no bytes or of more
/// than 32 has no address; the program refuses it by name.
pub fn set_property(signer: Address, payer: Address, session: Address, wallet: Address, args: SetPropertyArgs<'_>) -> Instruction {
    let accounts = metas::SetProperty {
        signer,
        payer,
        session,
        member: address::member(&session, &wallet),
        property: address::property(&session, args.key),
        system_program: SYSTEM_PROGRAM,
    };
    build(accounts, data::SetProperty { args })
}

/// `delete_property`: deletes a value, by a member with WRITE_PROPERTIES, if it is at version `expected`; its rent goes back to the payer that
/// `property` names.
pub fn delete_property(
    signer: Address,
    session: Address,
    wallet: Address,
    key: &[u8],
    payer: Address,
    expected_version: u64,
) -> Instruction {
    let (member, property) = (address::member(&session, &wallet), address::property(&session, key));
    let args = DeletePropertyArgs { expected_version };
    build(metas::DeleteProperty { signer, session, member, property, payer }, data::DeleteProperty { args })
}

/// `delete_property`, of a property as it was read.
pub fn delete_property_as_read(signer: Address, session: Address, wallet: Address, property: &PropertyState) -> Instruction {
    let key = property.key.get(..usize::from(property.key_length)).unwrap_or(&property.key);
    delete_property(signer, session, wallet, key, property.header.payer, property.version)
}
