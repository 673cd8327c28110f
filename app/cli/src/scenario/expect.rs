//! The errors that `expect:` can name, and whether one came.
//!
//! The session program's own errors come first: a name that both it and the runtime use (UnsupportedVersion) means the program's. Of the
//! runtime's errors the name is enough, whatever details they carry; `Custom(7)` asks for another program's error number, `Custom` for any.

use {
    super::{
        arena,
        names::{hint, quote},
    },
    sessions_client::{core::SessionError, failure::Failure},
    solana_instruction::error::InstructionError,
    solana_transaction_error::TransactionError,
};

/// An error that must come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The session program's.
    Session(SessionError),
    /// The runtime's, by its name.
    Runtime(String),
}

impl Expected {
    /// The error with this name.
    ///
    /// # Errors
    /// What is wrong with the name, and the nearest.
    pub fn from_name(name: &str) -> Result<Self, String> {
        if let Some(error) = SessionError::from_name(name) {
            return Ok(Self::Session(error));
        }
        let number = name.strip_prefix("Custom(").and_then(|rest| rest.strip_suffix(')'));
        if runtime_names().any(|known| known == name) || number.is_some_and(|number| number.parse::<u32>().is_ok()) {
            return Ok(Self::Runtime(name.to_owned()));
        }
        if let Some(number) = arena::error_number(name) {
            return Err(format!("there is no error {} of the session program; the arena's is Custom({number})", quote(name)));
        }
        let own = SessionError::ALL.iter().map(|error| error.name());
        Err(format!("there is no error {}{}", quote(name), hint(name, own.chain(runtime_names()))))
    }

    /// The error's name.
    pub fn name(&self) -> &str {
        match self {
            Self::Session(error) => error.name(),
            Self::Runtime(name) => name,
        }
    }

    /// Whether `failure` is this error.
    pub fn is(&self, failure: &Failure) -> bool {
        match self {
            Self::Session(error) => failure.session_error() == Some(*error),
            Self::Runtime(name) => failure.session_error().is_none() && (*name == failure.name() || name == head(&failure.name())),
        }
    }
}

/// A runtime error's name without the details it carries.
fn head(name: &str) -> &str {
    name.split([' ', '(', '{']).next().unwrap_or(name)
}

/// The names of all errors of the runtime.
fn runtime_names() -> impl Iterator<Item = &'static str> + Clone {
    INSTRUCTION_ERRORS.iter().chain(TRANSACTION_ERRORS).copied()
}

/// Lists the names of an enum's variants, and has the compiler prove that none is missing and none is invented.
macro_rules! names {
    ($list:ident: $enum:ident { $($name:ident),+ $(,)? } $(besides $other:ident)?) => {
        const $list: &[&str] = &[$(stringify!($name)),+];
        #[allow(deprecated, reason = "the runtime still knows them")]
        const _: fn(&$enum) = |error| match error {
            $($enum::$other { .. } => {})?
            $($enum::$name { .. })|+ => {}
        };
    };
}

names! {
    INSTRUCTION_ERRORS: InstructionError {
        GenericError, InvalidArgument, InvalidInstructionData, InvalidAccountData, AccountDataTooSmall, InsufficientFunds,
        IncorrectProgramId, MissingRequiredSignature, AccountAlreadyInitialized, UninitializedAccount, UnbalancedInstruction,
        ModifiedProgramId, ExternalAccountLamportSpend, ExternalAccountDataModified, ReadonlyLamportChange, ReadonlyDataModified,
        DuplicateAccountIndex, ExecutableModified, RentEpochModified, NotEnoughAccountKeys, AccountDataSizeChanged, AccountNotExecutable,
        AccountBorrowFailed, AccountBorrowOutstanding, DuplicateAccountOutOfSync, Custom, InvalidError, ExecutableDataModified,
        ExecutableLamportChange, ExecutableAccountNotRentExempt, UnsupportedProgramId, CallDepth, MissingAccount, ReentrancyNotAllowed,
        MaxSeedLengthExceeded, InvalidSeeds, InvalidRealloc, ComputationalBudgetExceeded, PrivilegeEscalation,
        ProgramEnvironmentSetupFailure, ProgramFailedToComplete, ProgramFailedToCompile, Immutable, IncorrectAuthority, BorshIoError,
        AccountNotRentExempt, InvalidAccountOwner, ArithmeticOverflow, UnsupportedSysvar, IllegalOwner,
        MaxAccountsDataAllocationsExceeded, MaxAccountsExceeded, MaxInstructionTraceLengthExceeded,
        BuiltinProgramsMustConsumeComputeUnits,
    }
}

names! {
    TRANSACTION_ERRORS: TransactionError {
        AccountInUse, AccountLoadedTwice, AccountNotFound, ProgramAccountNotFound, InsufficientFundsForFee, InvalidAccountForFee,
        AlreadyProcessed, BlockhashNotFound, CallChainTooDeep, MissingSignatureForFee, InvalidAccountIndex, SignatureFailure,
        InvalidProgramForExecution, SanitizeFailure, ClusterMaintenance, AccountBorrowOutstanding, WouldExceedMaxBlockCostLimit,
        UnsupportedVersion, InvalidWritableAccount, WouldExceedMaxAccountCostLimit, WouldExceedAccountDataBlockLimit, TooManyAccountLocks,
        AddressLookupTableNotFound, InvalidAddressLookupTableOwner, InvalidAddressLookupTableData, InvalidAddressLookupTableIndex,
        InvalidRentPayingAccount, WouldExceedMaxVoteCostLimit, WouldExceedAccountDataTotalLimit, DuplicateInstruction,
        InsufficientFundsForRent, MaxLoadedAccountsDataSizeExceeded, InvalidLoadedAccountsDataSizeLimit, ResanitizationNeeded,
        ProgramExecutionTemporarilyRestricted, UnbalancedTransaction, ProgramCacheHitMaxLimit, CommitCancelled,
    } besides InstructionError
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_means_its_error_and_no_other() {
        let refused = Failure::Session { instruction: 0, error: SessionError::InvalidTransition };
        assert!(Expected::from_name("InvalidTransition").unwrap().is(&refused));
        assert!(!Expected::from_name("PermissionDenied").unwrap().is(&refused));
        let rent = Failure::Transaction(TransactionError::InsufficientFundsForRent { account_index: 1 });
        assert!(Expected::from_name("InsufficientFundsForRent").unwrap().is(&rent));
        let custom = Failure::Instruction { instruction: 0, error: InstructionError::Custom(7) };
        assert!(Expected::from_name("Custom").unwrap().is(&custom));
        assert!(Expected::from_name("Custom(7)").unwrap().is(&custom));
        assert!(!Expected::from_name("Custom(8)").unwrap().is(&custom));
    }

    #[test]
    fn a_name_of_both_is_the_programs() {
        let runtime = Failure::Transaction(TransactionError::UnsupportedVersion);
        let own = Failure::Session { instruction: 0, error: SessionError::UnsupportedVersion };
        let expected = Expected::from_name("UnsupportedVersion").unwrap();
        assert!(expected.is(&own) && !expected.is(&runtime));
    }

    #[test]
    fn an_unknown_name_gets_the_nearest() {
        assert!(Expected::from_name("InvalidTranstion").unwrap_err().ends_with(r#"did you mean "InvalidTransition"?"#));
        assert!(Expected::from_name("MissingRequiredSignatur").unwrap_err().ends_with(r#"did you mean "MissingRequiredSignature"?"#));
        assert!(Expected::from_name("Custom(x)").is_err());
    }
}
