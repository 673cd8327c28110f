//! [`Chain`] over JSON-RPC.

use {
    super::chain::{Chain, Submit, Unreachable},
    crate::report::format::one_line,
    sessions_client::LedgerError,
    solana_account::Account,
    solana_address::Address,
    solana_commitment_config::CommitmentConfig,
    solana_hash::Hash,
    solana_rpc_client::nonblocking::rpc_client::RpcClient,
    solana_rpc_client_api::{
        client_error::{Error as ClientError, ErrorKind},
        config::RpcSendTransactionConfig,
        request::{RpcError, RpcResponseErrorData},
    },
    solana_signature::Signature,
    solana_transaction::versioned::VersionedTransaction,
    solana_transaction_error::TransactionError,
    std::time::Duration,
};

/// How long a request may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How long to wait before the cluster is asked again: about a slot.
const PAUSE: Duration = Duration::from_millis(400);

/// A cluster, by the URL of its JSON-RPC, read at confirmed.
pub struct Rpc {
    client: RpcClient,
    name: String,
}

impl Rpc {
    /// A handle; nothing is sent yet.
    ///
    /// # Errors
    /// [`LedgerError::WrongUrl`].
    pub fn connect(url: &str) -> Result<Self, LedgerError> {
        let ledger = sessions_client::Rpc::connect(url, None)?;
        let name = ledger.name().to_owned();
        let client = RpcClient::new_with_timeout_and_commitment(ledger.url(), TIMEOUT, CommitmentConfig::confirmed());
        Ok(Self { client, name })
    }

    /// What the cluster is called: its URL without what may be a secret.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// What a client's error says, in one line and without what was asked.
fn unreachable(error: ClientError) -> Unreachable {
    let no_node = |what: &str| Unreachable(format!("what answers there is no Solana node: {}", one_line(what)));
    match error.kind() {
        ErrorKind::Reqwest(error) => match error.status().map(|status| status.as_u16()) {
            Some(401 | 403) => return Unreachable("the node wants a key, or another one".to_owned()),
            Some(429) => return Unreachable("the node answers no more requests for now".to_owned()),
            Some(status @ ..500) => return no_node(&format!("HTTP status {status}")),
            Some(status) => return Unreachable(format!("HTTP status {status}")),
            _ if error.is_decode() => return no_node("its answer is not of JSON-RPC"),
            _ => {}
        },
        ErrorKind::SerdeJson(error) => return no_node(&error.to_string()),
        _ => {}
    }
    let mut text = error.kind().to_string();
    // The reason of a failed connection stands in its sources only.
    let mut source = std::error::Error::source(error.kind());
    while let Some(inner) = source {
        text = inner.to_string();
        source = inner.source();
    }
    Unreachable(one_line(&text))
}

/// Why a trial failed: what the program says, which stands in the log before the lines in which the runtime says how it ended; or what the node says,
/// if it was no instruction that failed. Then the log ends with what a program said that had nothing to do with it.
fn why<'a>(failed: Option<&TransactionError>, logs: &'a [String], message: &'a str) -> &'a str {
    match failed {
        Some(TransactionError::InstructionError(..)) | None => {
            logs.iter().rev().find(|line| !is_runtimes(line)).map_or(message, String::as_str)
        }
        Some(_) => message,
    }
}

/// Whether a line of a log is the runtime's: `Program ADDRESS invoke`, `consumed`, `failed` and the like.
fn is_runtimes(line: &str) -> bool {
    line.strip_prefix("Program ").and_then(|rest| rest.split_once(' ')).is_some_and(|(word, _)| word.parse::<Address>().is_ok())
}

impl Chain for Rpc {
    async fn accounts(&self, addresses: &[Address]) -> Result<Vec<Option<Account>>, Unreachable> {
        self.client.get_multiple_accounts(addresses).await.map_err(unreachable)
    }

    async fn minimum_balance(&self, bytes: usize) -> Result<u64, Unreachable> {
        self.client.get_minimum_balance_for_rent_exemption(bytes).await.map_err(unreachable)
    }

    async fn blockhash(&self) -> Result<(Hash, u64), Unreachable> {
        self.client.get_latest_blockhash_with_commitment(CommitmentConfig::confirmed()).await.map_err(unreachable)
    }

    async fn block_height(&self) -> Result<u64, Unreachable> {
        self.client.get_block_height().await.map_err(unreachable)
    }

    async fn slot(&self) -> Result<u64, Unreachable> {
        self.client.get_slot().await.map_err(unreachable)
    }

    async fn submit(&self, transaction: &VersionedTransaction, tried: bool) -> Result<(), Submit> {
        let config = RpcSendTransactionConfig {
            skip_preflight: !tried,
            preflight_commitment: Some(CommitmentConfig::confirmed().commitment),
            max_retries: Some(5),
            ..RpcSendTransactionConfig::default()
        };
        match self.client.send_transaction_with_config(transaction, config).await {
            Ok(_) => Ok(()),
            Err(error) => match error.kind() {
                // Handed over again when it had landed already: some clusters call that an error.
                ErrorKind::RpcError(RpcError::RpcResponseError { message, .. }) if message.contains("already been processed") => Ok(()),
                ErrorKind::RpcError(RpcError::RpcResponseError {
                    data: RpcResponseErrorData::SendTransactionPreflightFailure(result),
                    message,
                    ..
                }) => {
                    let failed = result.err.clone().map(TransactionError::from);
                    let logs = result.logs.as_deref().unwrap_or_default();
                    Err(Submit::Refused(one_line(why(failed.as_ref(), logs, message))))
                }
                _ => Err(unreachable(error).into()),
            },
        }
    }

    async fn statuses(&self, signatures: &[Signature]) -> Result<Vec<Option<Result<(), TransactionError>>>, Unreachable> {
        let statuses = self.client.get_signature_statuses(signatures).await.map_err(unreachable)?.value;
        let confirmed = CommitmentConfig::confirmed();
        Ok(statuses
            .into_iter()
            .map(|status| status.filter(|status| status.satisfies_commitment(confirmed)).map(|status| status.status))
            .collect())
    }

    async fn pause(&self) {
        tokio::time::sleep(PAUSE).await;
    }
}

#[cfg(test)]
mod tests {
    use {super::*, solana_instruction::error::InstructionError};

    const LOGS: [&str; 4] = [
        "Program BPFLoaderUpgradeab1e11111111111111111111111 invoke [1]",
        "Deployed program 11111111111111111111111111111111",
        "Program BPFLoaderUpgradeab1e11111111111111111111111 consumed 2370 of 200000 compute units",
        "Program BPFLoaderUpgradeab1e11111111111111111111111 success",
    ];

    fn told(failed: Option<TransactionError>) -> String {
        why(failed.as_ref(), &LOGS.map(str::to_owned), "Transaction simulation failed").to_owned()
    }

    #[test]
    fn an_instruction_that_fails_is_told_in_the_words_of_its_program() {
        let failed = TransactionError::InstructionError(0, InstructionError::InvalidArgument);
        assert_eq!(told(Some(failed)), LOGS[1]);
        assert_eq!(told(None), LOGS[1]);
    }

    #[test]
    fn a_transaction_that_fails_as_a_whole_is_told_in_the_words_of_the_node() {
        let failed = TransactionError::InsufficientFundsForRent { account_index: 0 };
        assert_eq!(told(Some(failed)), "Transaction simulation failed");
    }

    #[test]
    fn a_silent_program_is_told_in_the_words_of_the_node() {
        let failed = TransactionError::InstructionError(0, InstructionError::InvalidArgument);
        assert_eq!(why(Some(&failed), &[LOGS[0].to_owned()], "Transaction simulation failed"), "Transaction simulation failed");
    }
}
