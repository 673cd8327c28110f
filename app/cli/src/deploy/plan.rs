//! What there is to do, given what is on the chain: [`plan`] decides, and nothing else does.
//!
//! The rules stand in docs/deployment.md, in the same order; whatever else deploys this program follows them too.

use {
    super::state::{self, BUFFER_HEADER, DATA_HEADER, LOADER, MAX_PROGRAM, PROGRAM_BYTES, State},
    solana_account::Account,
    solana_address::Address,
    solana_loader_v3_interface::instruction::MINIMUM_EXTEND_PROGRAM_BYTES,
    std::ops::Range,
};

/// What one signature costs, in lamports.
pub const SIGNATURE_FEE: u64 = 5_000;

/// What is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The program's address.
    pub program: Address,
    /// Whether the program's key pair is at hand, which a first deployment takes.
    pub key: bool,
    /// Who may upgrade it.
    pub authority: Address,
    /// Who pays.
    pub payer: Address,
    /// The program.
    pub file: &'a [u8],
    /// How many bytes of code there is to be room for; left out: the file's, and what there is already.
    pub max_len: Option<usize>,
    /// Whether nobody is to be able to upgrade it afterwards.
    pub last: bool,
}

/// What is on the chain.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The account at the program's address.
    pub program: Option<Account>,
    /// The one at the address of its code.
    pub data: Option<Account>,
    /// The one at the address of the buffer that this authority uses for this program.
    pub buffer: Option<Account>,
    /// What the payer has, in lamports.
    pub balance: u64,
    /// What accounts have to hold.
    pub rent: Rent,
}

/// What an account has to hold, in lamports: so much, and so much for each byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rent {
    /// For an account without data.
    pub base: u64,
    /// For each byte of data.
    pub per_byte: u64,
}

impl Rent {
    /// What an account with `bytes` of data has to hold.
    pub const fn of(&self, bytes: usize) -> u64 {
        self.base.saturating_add(self.per_byte.saturating_mul(bytes as u64))
    }
}

/// What there is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// The program is there with these bytes and needs nothing.
    Nothing,
    /// The bytes are there; only the authority is to be given up.
    Finalize,
    /// The program is not there yet.
    Deploy {
        /// For how many bytes of code there will be room.
        max_len: usize,
        /// How the buffer gets its content.
        upload: Upload,
    },
    /// The program is there with other bytes.
    Upgrade {
        /// By how many bytes its data has to grow first.
        extend: Option<u32>,
        /// How the buffer gets its content.
        upload: Upload,
    },
    /// It cannot be done.
    Refuse(Refusal),
}

/// How the buffer gets its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upload {
    /// There is no buffer: all of it is written into a new one.
    New,
    /// There is one of the right size: what is missing or differs is written, by these ranges of the file. None: it is complete.
    Resume(Vec<Range<usize>>),
    /// There is one of another size: it is closed, and a new one is made.
    Replace,
}

/// Why it cannot be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is something else at the program's address.
    #[error("{0} is no program that can be upgraded but an account of {1}; name another address with --program-id")]
    NotAProgram(Address, Address),
    /// The program was closed.
    #[error(
        "the program at {0} was closed, and nothing can ever be deployed there again; make another key pair and name it with --program-id"
    )]
    Closed(Address),
    /// A first deployment without the program's key.
    #[error("there is no program at {0} yet, and the first deployment is signed by its key; name its key file with --program-id")]
    KeyMissing(Address),
    /// Nobody may upgrade the program.
    #[error("the program at {0} is final, and is not this file; deploy to another address with --program-id")]
    Final(Address),
    /// Somebody else may upgrade the program.
    #[error("the program at {program} belongs to {owner}, not to {given}; name the key file of {owner} with --upgrade-authority")]
    NotYours {
        /// The program.
        program: Address,
        /// Who may upgrade it.
        owner: Address,
        /// Who wanted to.
        given: Address,
    },
    /// The buffer cannot be written.
    #[error("the buffer {0} is not one that {1} may write; use another authority, which has another buffer, by --upgrade-authority")]
    BufferTaken(Address, Address),
    /// More room than an account has, or less than the file needs.
    #[error("a program can have from {least} (this file) to {MAX_PROGRAM} bytes, not {given}; change or leave out --max-len")]
    Length {
        /// The file's length.
        least: usize,
        /// What was asked for.
        given: usize,
    },
    /// The payer has too little.
    #[error("this takes {} and {payer} has {}; {}", crate::report::format::amount(*.needs), crate::report::format::amount(*.has), FUNDS)]
    Funds {
        /// Who pays.
        payer: Address,
        /// What it takes, in lamports.
        needs: u64,
        /// What there is.
        has: u64,
    },
}

const FUNDS: &str = "send it some SOL (on a local or test cluster `solana airdrop` does), or name another wallet with --keypair";

/// What it costs, in lamports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// What the payer has to have when it begins. The buffer's part comes back.
    pub needs: u64,
    /// What is gone in the end: the rent of what stays, and the fees, less what comes back of a buffer that is there already.
    pub spends: i128,
    /// How many transactions it takes.
    pub transactions: u64,
}

/// The seed of the buffer's address: one buffer for each authority and program, so that an upload that was interrupted is found again, from
/// anywhere, and no other is ever left over.
pub fn buffer_seed(program: &Address) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest([b"sessions deploy ".as_slice(), program.as_array()].concat());
    hex::encode(&digest[..16])
}

/// Where the buffer is.
///
/// # Errors
/// Never for addresses that are no programs of the loader's making; the reason in one line otherwise.
pub fn buffer_address(authority: &Address, program: &Address) -> Result<Address, String> {
    Address::create_with_seed(authority, &buffer_seed(program), &LOADER).map_err(|error| error.to_string())
}

/// What there is to do to have what is wanted, by chunks of at most `chunk` bytes.
pub fn plan(wanted: &Wanted<'_>, seen: &Seen, buffer: &Address, chunk: usize) -> Plan {
    match decide(wanted, seen, buffer, chunk) {
        Ok(plan) => {
            let needs = cost(&plan, wanted, seen, chunk).needs;
            if needs > seen.balance { Plan::Refuse(Refusal::Funds { payer: wanted.payer, needs, has: seen.balance }) } else { plan }
        }
        Err(refusal) => Plan::Refuse(refusal),
    }
}

fn decide(wanted: &Wanted<'_>, seen: &Seen, buffer: &Address, chunk: usize) -> Result<Plan, Refusal> {
    let Wanted { program, file, .. } = *wanted;
    let length = wanted.max_len.unwrap_or(file.len());
    if length < file.len() || length > MAX_PROGRAM {
        return Err(Refusal::Length { least: file.len(), given: length });
    }
    let Some(account) = seen.program.as_ref().filter(|account| !is_bare(account)) else {
        if !wanted.key {
            return Err(Refusal::KeyMissing(program));
        }
        return Ok(Plan::Deploy { max_len: length, upload: upload(wanted, seen, buffer, chunk)? });
    };
    if !matches!(state::read(account), Some(State::Program { .. })) {
        return Err(Refusal::NotAProgram(program, account.owner));
    }
    let data = seen.data.as_ref().ok_or(Refusal::Closed(program))?;
    let Some(State::ProgramData { authority, .. }) = state::read(data) else {
        return Err(Refusal::Closed(program));
    };
    let there = state::content(data, DATA_HEADER);
    let mine = match authority {
        Some(owner) if owner != wanted.authority => Err(Refusal::NotYours { program, owner, given: wanted.authority }),
        Some(_) => Ok(()),
        None => Err(Refusal::Final(program)),
    };
    if state::same(there, file) && there.len() >= length {
        return match authority {
            Some(_) if wanted.last => mine.map(|()| Plan::Finalize),
            _ => Ok(Plan::Nothing),
        };
    }
    mine?;
    Ok(Plan::Upgrade { extend: extension(there.len(), length), upload: upload(wanted, seen, buffer, chunk)? })
}

/// Whether somebody only sent lamports to an address, which is no reason not to use it.
fn is_bare(account: &Account) -> bool {
    account.owner == Address::default() && account.data.is_empty()
}

/// By how much code of `has` bytes grows to hold `needs`: the loader grants no less than a minimum, but where that would be too much.
fn extension(has: usize, needs: usize) -> Option<u32> {
    let more = u32::try_from(needs.checked_sub(has).filter(|more| *more > 0)?).ok()?;
    let room = u32::try_from(MAX_PROGRAM.saturating_sub(has)).unwrap_or(u32::MAX);
    Some(more.max(MINIMUM_EXTEND_PROGRAM_BYTES).min(room))
}

fn upload(wanted: &Wanted<'_>, seen: &Seen, buffer: &Address, chunk: usize) -> Result<Upload, Refusal> {
    let Some(account) = seen.buffer.as_ref().filter(|account| !is_bare(account)) else { return Ok(Upload::New) };
    match state::read(account) {
        Some(State::Buffer { authority: Some(authority) }) if authority == wanted.authority => {
            let there = state::content(account, BUFFER_HEADER);
            let fits = there.len() == wanted.file.len();
            Ok(if fits { Upload::Resume(differing(there, wanted.file, chunk)) } else { Upload::Replace })
        }
        _ => Err(Refusal::BufferTaken(*buffer, wanted.authority)),
    }
}

/// The ranges of `file`, each of at most `chunk` bytes, in which `there` differs.
pub fn differing(there: &[u8], file: &[u8], chunk: usize) -> Vec<Range<usize>> {
    let ranges = (0..file.len()).step_by(chunk.max(1)).map(|start| start..file.len().min(start + chunk.max(1)));
    ranges.filter(|range| there.get(range.clone()) != file.get(range.clone())).collect()
}

/// What a plan costs.
pub fn cost(plan: &Plan, wanted: &Wanted<'_>, seen: &Seen, chunk: usize) -> Cost {
    let length = wanted.file.len();
    let held = seen.buffer.as_ref().map_or(0, |account| account.lamports);
    let lacks = |bytes: usize, account: &Option<Account>| {
        seen.rent.of(bytes).saturating_sub(account.as_ref().map_or(0, |account| account.lamports))
    };
    let (upload, steps, stays) = match plan {
        Plan::Nothing | Plan::Refuse(_) => return Cost::default(),
        Plan::Finalize => (None, 1, 0),
        Plan::Deploy { max_len, upload } => (Some(upload), 1, lacks(PROGRAM_BYTES, &seen.program) + seen.rent.of(DATA_HEADER + max_len)),
        Plan::Upgrade { extend, upload } => {
            let has = seen.data.as_ref().map_or(0, |account| account.data.len());
            let grows = extend.map_or(0, |more| lacks(has + more as usize, &seen.data));
            (Some(upload), 1 + u64::from(extend.is_some()), grows)
        }
    };
    let steps = steps + u64::from(wanted.last && !matches!(plan, Plan::Finalize));
    // What the payer adds to the buffer, what the buffer gives back when it is closed first, and how many transactions that takes.
    let whole = length.div_ceil(chunk.max(1)) as u64;
    let (adds, writes) = match upload {
        None => (0, 0),
        Some(Upload::New) => (lacks(BUFFER_HEADER + length, &seen.buffer), 1 + whole),
        Some(Upload::Resume(missing)) => (0, missing.len() as u64),
        Some(Upload::Replace) => (seen.rent.of(BUFFER_HEADER + length).saturating_sub(held), 2 + whole),
    };
    let transactions = steps + writes;
    let keys = if wanted.payer == wanted.authority { 1 } else { 2 };
    let program = u64::from(matches!(plan, Plan::Deploy { .. }));
    let fees = (transactions * keys + program) * SIGNATURE_FEE;
    let returned = if upload.is_some() { held } else { 0 };
    // A deployment takes the buffer's lamports back once it has paid for the program's account, and before it pays for the code's; an
    // upgrade takes them back at its end.
    let needs = match plan {
        Plan::Deploy { .. } => (adds + lacks(PROGRAM_BYTES, &seen.program)).max(stays.saturating_sub(held)),
        _ => adds + stays,
    };
    // A payer must not be left with less than a wallet's rent unless that is nothing, and where it has only fees to pay at the end it is in between.
    let pays_only_fees_last = wanted.last || matches!(plan, Plan::Upgrade { .. });
    let needs = if pays_only_fees_last && !matches!(plan, Plan::Finalize) { needs + seen.rent.of(0) } else { needs };
    Cost { needs: needs + fees, spends: i128::from(stays) + i128::from(fees) - i128::from(returned), transactions }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
