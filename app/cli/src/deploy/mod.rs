//! Deploying the program: `sessions deploy`.
//!
//! [`survey`] reads what is on the chain and [`plan`] decides, purely, what there is to do; [`bring`] does it and reads back what came of
//! it, and [`give_up`] gives up the authority; [`together`] does both, with the program's IDL between them. Interrupted anywhere and run again,
//! it goes on where it stopped: the buffer's address follows from the authority and the program, so it is found again, and only what it lacks
//! is written. Once the program is there, there is nothing more to do. The rules stand in docs/deployment.md.

pub mod chain;
pub mod command;
pub mod idl;
pub mod metadata;
pub mod packing;
pub mod plan;
pub mod progress;
pub mod report;
pub mod rpc;
pub mod state;
pub mod together;
pub mod transaction;
pub mod upload;

pub use {
    chain::{Chain, Unreachable},
    plan::{Cost, Plan, Refusal, Seen, Upload, Wanted},
    progress::Progress,
    together::{Todo, carry_out, find_out},
    transaction::Keys,
};

use {
    plan::Rent,
    solana_address::Address,
    solana_keypair::Signer,
    state::{DATA_HEADER, LOADER, PROGRAM_BYTES, State},
    upload::Filling,
};

/// Why a deployment did not come about. What was written so far stays, and the next run goes on from there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// What is on the chain does not allow it. Nothing was sent.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The ledger cannot be asked.
    #[error("the cluster cannot be reached ({0}); check --url and the network, then run this again: it goes on where it stopped")]
    Unreachable(#[from] Unreachable),
    /// A transaction failed.
    #[error("{what} failed: {why}; mend that and run this again: it goes on where it stopped")]
    Failed {
        /// Which transaction.
        what: &'static str,
        /// What the ledger says.
        why: String,
    },
    /// A transaction never landed.
    #[error("{0} did not land before its blockhash expired; run this again, it goes on where it stopped")]
    Lost(&'static str),
    /// Another run made the account anew that was to be filled.
    #[error(
        "the buffer of {0} was made anew by another run, for more bytes than there are to write; wait until that run has ended, and run this again"
    )]
    BufferChanged(&'static str),
    /// A key is missing.
    #[error("a transaction cannot be signed ({0}); name the key files with --keypair, --upgrade-authority and --program-id")]
    Unsigned(String),
    /// An address cannot be derived.
    #[error("the buffer's address cannot be derived ({0}); use another authority, by --upgrade-authority")]
    Address(String),
    /// The IDL was not written.
    #[error(transparent)]
    Idl(#[from] idl::Error),
    /// What is there afterwards is not what was written.
    #[error(
        "the program at {0} is not the file that was deployed; somebody else may have upgraded it, so compare the authority and run this again"
    )]
    Unverified(Address),
}

/// What is on the chain, and what there is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// What there is to do.
    pub plan: Plan,
    /// What it costs.
    pub cost: Cost,
    /// Where the buffer is, or would be.
    pub buffer: Address,
    /// What the buffer holds now, in lamports; `None` if there is none.
    pub left_over: Option<u64>,
    /// What the payer has, in lamports.
    pub balance: u64,
    /// Who may upgrade the program now; `None` if nobody may, or if it is not there.
    pub owner: Option<Address>,
    rent: Rent,
    buffer_lamports: u64,
    program_lamports: u64,
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// How many chunks were written.
    pub written: u64,
    /// In which slot the program was last deployed, upgraded or extended. It runs from the next on.
    pub slot: u64,
    /// Who may upgrade it now.
    pub authority: Option<Address>,
}

/// Reads what is on the chain and decides what there is to do.
///
/// # Errors
/// The ledger cannot be asked. What cannot be done is no error but [`Plan::Refuse`].
pub async fn survey(chain: &impl Chain, keys: &Keys, wanted: &Wanted<'_>) -> Result<Survey, Error> {
    let buffer = plan::buffer_address(&wanted.authority, &wanted.program).map_err(Error::Address)?;
    let accounts = chain.accounts(&[wanted.program, data_address(&wanted.program), buffer, wanted.payer]).await?;
    let mut accounts = accounts.into_iter().map(|account| account.filter(|account| account.lamports > 0));
    let mut next = || accounts.next().flatten();
    let (program, data, buffer_account, payer) = (next(), next(), next(), next());
    let base = chain.minimum_balance(0).await?;
    let rent = Rent { base, per_byte: chain.minimum_balance(1).await?.saturating_sub(base) };
    let left_over = buffer_account.as_ref().filter(|account| account.owner == LOADER).map(|account| account.lamports);
    let seen = Seen { program, data, buffer: buffer_account, balance: payer.map_or(0, |account| account.lamports), rent };
    let chunk = keys.chunk(&buffer);
    let plan = plan::plan(wanted, &seen, &buffer, chunk);
    let cost = plan::cost(&plan, wanted, &seen, chunk);
    let lamports = |account: &Option<solana_account::Account>| account.as_ref().map_or(0, |account| account.lamports);
    let (buffer_lamports, program_lamports) = (lamports(&seen.buffer), lamports(&seen.program));
    let owner = match seen.data.as_ref().and_then(state::read) {
        Some(State::ProgramData { authority, .. }) => authority,
        _ => None,
    };
    let balance = seen.balance;
    Ok(Survey { plan, cost, buffer, left_over, balance, owner, rent, buffer_lamports, program_lamports })
}

/// Where a program's code is.
pub fn data_address(program: &Address) -> Address {
    solana_loader_v3_interface::get_program_data_address(program)
}

/// Does what [`survey`] found, up to giving up the authority, and reads back what came of it.
///
/// # Errors
/// [`Error::Refused`] if the plan is to refuse; a transaction that fails or never lands; a program that is not the file afterwards.
pub async fn bring(
    chain: &impl Chain,
    keys: &Keys,
    wanted: &Wanted<'_>,
    survey: &Survey,
    progress: &mut dyn Progress,
) -> Result<Done, Error> {
    let Wanted { program, file, .. } = *wanted;
    let buffer = &survey.buffer;
    let written = match &survey.plan {
        Plan::Refuse(refusal) => return Err(refusal.clone().into()),
        Plan::Nothing | Plan::Finalize => 0,
        Plan::Deploy { max_len, upload } => {
            let written = fill(chain, keys, wanted, survey, upload, progress).await?;
            progress.step("deploying the program");
            let lamports = survey.rent.of(PROGRAM_BYTES).saturating_sub(survey.program_lamports);
            upload::land(chain, keys, &transaction::deploy(keys, &program, buffer, lamports, *max_len), "the deployment").await?;
            written
        }
        Plan::Upgrade { extend, upload } => {
            let written = fill(chain, keys, wanted, survey, upload, progress).await?;
            if let Some(more) = extend {
                progress.step("making room for the program");
                wait_past_change(chain, &program).await?;
                upload::land(chain, keys, &[transaction::extend(keys, &program, *more)], "making room for the program").await?;
            }
            progress.step("upgrading the program");
            wait_past_change(chain, &program).await?;
            upload::land(chain, keys, &[transaction::upgrade(keys, &program, buffer)], "the upgrade").await?;
            written
        }
    };
    progress.step("comparing what is on the chain");
    let (slot, authority) = verify(chain, &program, file).await?;
    Ok(Done { written, slot, authority })
}

/// Gives up the authority, after all else.
///
/// # Errors
/// As of [`bring`].
pub async fn give_up(chain: &impl Chain, keys: &Keys, wanted: &Wanted<'_>, done: Done, progress: &mut dyn Progress) -> Result<Done, Error> {
    let Wanted { program, file, .. } = *wanted;
    progress.step("giving up the authority");
    upload::land(chain, keys, &[transaction::finalize(keys, &program)], "giving up the authority").await?;
    let (slot, authority) = verify(chain, &program, file).await?;
    Ok(Done { slot, authority, ..done })
}

/// Closes the buffer, if there is one, and answers what came back, in lamports. The upload in it is given up.
///
/// # Errors
/// It is not this authority's, or the transaction does not land.
pub async fn close_buffer(chain: &impl Chain, keys: &Keys, program: &Address) -> Result<Option<u64>, Error> {
    let authority = keys.authority.pubkey();
    let buffer = plan::buffer_address(&authority, program).map_err(Error::Address)?;
    let account = chain.accounts(&[buffer]).await?.into_iter().flatten().next();
    let Some(account) = account.filter(|account| account.lamports > 0 && account.owner == LOADER) else { return Ok(None) };
    match state::read(&account) {
        Some(State::Buffer { authority: Some(owner) }) if owner == authority => {}
        _ => return Err(Refusal::BufferTaken(buffer, authority).into()),
    }
    upload::land(chain, keys, &[transaction::close_buffer(keys, &buffer)], "closing the buffer").await?;
    Ok(Some(account.lamports))
}

/// Brings the buffer to hold the file.
async fn fill(
    chain: &impl Chain,
    keys: &Keys,
    wanted: &Wanted<'_>,
    survey: &Survey,
    upload: &Upload,
    progress: &mut dyn Progress,
) -> Result<u64, Error> {
    let Wanted { program, file, .. } = *wanted;
    let buffer = &survey.buffer;
    let mut lamports = survey.buffer_lamports;
    let missing = match upload {
        Upload::Resume(missing) => missing.clone(),
        Upload::New | Upload::Replace => {
            if *upload == Upload::Replace {
                progress.step("closing a buffer of another size");
                upload::land(chain, keys, &[transaction::close_buffer(keys, buffer)], "closing the buffer").await?;
                lamports = 0;
            }
            progress.step("making the buffer");
            let lacks = survey.rent.of(state::BUFFER_HEADER + file.len()).saturating_sub(lamports);
            let instructions = transaction::create_buffer(keys, &program, buffer, file.len(), lacks);
            upload::land(chain, keys, &instructions, "making the buffer").await?;
            plan::differing(&[], file, keys.chunk(buffer))
        }
    };
    let filling = Filling {
        account: *buffer,
        header: state::BUFFER_HEADER,
        bytes: file,
        chunk: keys.chunk(buffer),
        write: &|range| transaction::write(keys, buffer, file, range),
        what: "the upload",
        part: "a write into the buffer",
    };
    upload::fill(chain, keys, &filling, missing, progress).await
}

/// Waits until a slot later than the program's last change, since the loader allows one in a slot.
async fn wait_past_change(chain: &impl Chain, program: &Address) -> Result<(), Error> {
    let changed = changed(chain, program).await?.map_or(0, |(slot, _, _)| slot);
    while chain.slot().await? <= changed {
        chain.pause().await;
    }
    Ok(())
}

/// When a program was last changed, who may upgrade it, and its code.
async fn changed(chain: &impl Chain, program: &Address) -> Result<Option<(u64, Option<Address>, Vec<u8>)>, Error> {
    let account = chain.accounts(&[data_address(program)]).await?.into_iter().flatten().next();
    Ok(account.and_then(|account| match state::read(&account)? {
        State::ProgramData { slot, authority } => Some((slot, authority, state::content(&account, DATA_HEADER).to_vec())),
        _ => None,
    }))
}

async fn verify(chain: &impl Chain, program: &Address, file: &[u8]) -> Result<(u64, Option<Address>), Error> {
    match changed(chain, program).await? {
        Some((slot, authority, there)) if state::same(&there, file) => Ok((slot, authority)),
        _ => Err(Error::Unverified(*program)),
    }
}
