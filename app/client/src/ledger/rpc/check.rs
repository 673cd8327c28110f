//! Whether a cluster can be used.

use {
    super::node::Node,
    crate::{
        address::PROGRAM,
        ledger::{Commitment, LedgerError},
    },
    solana_address::Address,
};

/// The upgradeable loader, which keeps a program's file in an account beside it.
const UPGRADEABLE_LOADER: Address = Address::from_str_const("BPFLoaderUpgradeab1e11111111111111111111111");

/// See [`super::Rpc::check`].
pub async fn check(node: &Node, commitment: Commitment) -> Result<(), LedgerError> {
    // What is no node does not know its version.
    node.client.get_version().await.map_err(|error| match node.translate(&error) {
        LedgerError::Refused { url, reason } => LedgerError::NotSolana { url, reason },
        other => other,
    })?;
    let missing = || LedgerError::ProgramMissing { url: node.url.clone(), program: PROGRAM };
    let program = read(node, PROGRAM, commitment).await?.ok_or_else(missing)?;
    if !program.executable {
        return Err(LedgerError::ProgramNotExecutable { url: node.url.clone(), program: PROGRAM });
    }
    // A program that was closed stays executable, and has no file any more. Its account: a number, then the address of the file's account.
    if program.owner == UPGRADEABLE_LOADER {
        let file = program.data.get(4..36).and_then(|address| Address::try_from(address).ok()).ok_or_else(missing)?;
        read(node, file, commitment).await?.ok_or_else(missing)?;
    }
    Ok(())
}

async fn read(node: &Node, address: Address, commitment: Commitment) -> Result<Option<solana_account::Account>, LedgerError> {
    Ok(node.read(&[address], commitment).await?.into_iter().next().and_then(|snapshot| snapshot.account))
}
