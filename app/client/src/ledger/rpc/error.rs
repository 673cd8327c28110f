//! What a node's answer, or its silence, means.

use {
    crate::ledger::LedgerError,
    solana_rpc_client_api::{
        client_error::{Error as ClientError, ErrorKind, reqwest},
        custom_error as code,
        request::{RpcError, RpcResponseErrorData},
        response::RpcSimulateTransactionResult,
    },
    solana_transaction_error::TransactionError,
    std::{error::Error, iter::successors, ops::RangeInclusive},
};

/// How much of what a node says is passed on, in bytes.
const LONGEST_REASON: usize = 160;

const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;
const METHOD_NOT_FOUND: i64 = -32601;
const INVALID_PARAMS: i64 = -32602;
/// The numbers of Solana's own errors: `solana_rpc_client_api::custom_error`.
const SOLANA: RangeInclusive<i64> = -32_099..=-32_001;
const TOO_MANY_REQUESTS: i64 = 429;

/// What an error of the client library means, asked at `url`.
pub fn translate(url: &str, error: &ClientError) -> LedgerError {
    let url = url.to_owned();
    match error.kind() {
        ErrorKind::Io(error) => LedgerError::Unreachable { url, reason: short(&error.to_string()) },
        ErrorKind::Reqwest(error) => transport(url, error),
        ErrorKind::RpcError(RpcError::RpcResponseError { code, message, data }) => response(url, *code, message, data),
        ErrorKind::RpcError(RpcError::RpcRequestError(what) | RpcError::ParseError(what) | RpcError::ForUser(what)) => {
            LedgerError::NotSolana { url, reason: short(what) }
        }
        ErrorKind::SerdeJson(error) => LedgerError::NotSolana { url, reason: short(&error.to_string()) },
        ErrorKind::TransactionError(error) => LedgerError::Rejected(error.clone()),
        ErrorKind::Middleware(error) => LedgerError::Unreachable { url, reason: short(&error.to_string()) },
        ErrorKind::SigningError(error) => LedgerError::Unsigned(error.to_string()),
        ErrorKind::Custom(what) => LedgerError::Malformed(short(what)),
    }
}

/// What went wrong on the way to the node or back.
fn transport(url: String, error: &reqwest::Error) -> LedgerError {
    // The outer error repeats the URL; the innermost one says what happened.
    let innermost = successors(Some(error as &dyn Error), |error: &&dyn Error| (*error).source()).last().map(ToString::to_string);
    let reason = short(&innermost.unwrap_or_default());
    match error.status().map(|status| status.as_u16()) {
        Some(429) => LedgerError::RateLimited { url },
        Some(401 | 403) => LedgerError::Refused { url, reason: "it wants a key, or another one".to_owned() },
        Some(500..) => LedgerError::Unreachable { url, reason },
        Some(status) => LedgerError::NotSolana { url, reason: format!("HTTP status {status}") },
        None if error.is_timeout() => LedgerError::Timeout { url },
        None if error.is_builder() => LedgerError::WrongUrl { url, reason },
        None if error.is_decode() => LedgerError::NotSolana { url, reason },
        None => LedgerError::Unreachable { url, reason },
    }
}

/// What a node's error number means.
fn response(url: String, number: i64, message: &str, data: &RpcResponseErrorData) -> LedgerError {
    if let RpcResponseErrorData::SendTransactionPreflightFailure(RpcSimulateTransactionResult { err: Some(error), .. }) = data {
        return LedgerError::Rejected(error.clone().into());
    }
    // Surfpool says this one in words alone.
    if message.contains(&TransactionError::AlreadyProcessed.to_string()) {
        return LedgerError::Rejected(TransactionError::AlreadyProcessed);
    }
    match number {
        code::JSON_RPC_SERVER_ERROR_NODE_UNHEALTHY => {
            let slots = match data {
                RpcResponseErrorData::NodeUnhealthy { num_slots_behind } => *num_slots_behind,
                _ => None,
            };
            LedgerError::NodeBehind { url, slots }
        }
        code::JSON_RPC_SERVER_ERROR_MIN_CONTEXT_SLOT_NOT_REACHED
        | code::JSON_RPC_SERVER_ERROR_BLOCK_NOT_AVAILABLE
        | code::JSON_RPC_SERVER_ERROR_BLOCK_STATUS_NOT_AVAILABLE_YET
        | code::JSON_RPC_SERVER_ERROR_NO_SNAPSHOT => LedgerError::NodeBehind { url, slots: None },
        code::JSON_RPC_SERVER_ERROR_TRANSACTION_SIGNATURE_VERIFICATION_FAILURE => LedgerError::Rejected(TransactionError::SignatureFailure),
        TOO_MANY_REQUESTS => LedgerError::RateLimited { url },
        METHOD_NOT_FOUND => LedgerError::Refused { url, reason: "it does not offer this".to_owned() },
        // What JSON-RPC and Solana's nodes have numbers for is said of the request; anything else, of the node.
        PARSE_ERROR | INVALID_REQUEST | INVALID_PARAMS => LedgerError::Refused { url, reason: short(message) },
        number if SOLANA.contains(&number) => LedgerError::Refused { url, reason: short(message) },
        _ => LedgerError::NodeFailed { url, reason: short(message) },
    }
}

/// The first line of what a node says, cut where it becomes long, with nothing in it that a terminal would obey.
pub fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default().trim();
    let bidi = |c| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let line: String = line.chars().map(|c| if c.is_control() || bidi(c) { char::REPLACEMENT_CHARACTER } else { c }).collect();
    match line.char_indices().find(|(at, _)| *at >= LONGEST_REASON) {
        Some((at, _)) => format!("{} …", line.get(..at).unwrap_or_default()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(code: i64, message: &str) -> LedgerError {
        let error = RpcError::RpcResponseError { code, message: message.to_owned(), data: RpcResponseErrorData::Empty };
        translate("http://node", &ErrorKind::from(error).into())
    }

    #[test]
    fn what_may_go_away_by_itself_is_told_from_what_will_not() {
        for code in [-32005, -32016, -32004, -32014, 429] {
            assert!(said(code, "later").is_retryable(), "{code}");
        }
        for code in [-32601, -32602, -32003, -32010, 1] {
            assert!(!said(code, "no").is_retryable(), "{code}");
        }
    }

    #[test]
    fn a_long_answer_is_cut_and_stays_one_line() {
        let LedgerError::NodeFailed { reason, .. } = said(-32000, &format!("{}\nmore", "ä".repeat(200))) else { panic!() };
        assert_eq!(reason, format!("{} …", "ä".repeat(80)));
        assert_eq!(short("\u{1b}]52;c;\u{7}\u{202e}no"), "\u{fffd}]52;c;\u{fffd}\u{fffd}no");
    }
}
