//! Filling an account: many transactions on their way at once, but never more than [`IN_FLIGHT`].
//!
//! A write is the same however often it runs, so one that was lost is simply signed again. What counts is what the account holds in the end.

use {
    super::{
        Error, Progress,
        chain::{Chain, Submit},
        plan, state,
        transaction::Keys,
    },
    futures::future::try_join_all,
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signature::Signature,
    solana_transaction::versioned::VersionedTransaction,
    std::ops::Range,
};

/// How many transactions may be on their way at once.
pub const IN_FLIGHT: usize = 64;
/// After how many pauses a transaction that did not land is handed over again.
const AGAIN: u32 = 5;
/// How often everything may expire without a byte more in the buffer, before it is given up.
const ROUNDS: u32 = 3;

/// What fills an account with bytes, a part in each transaction.
pub struct Filling<'a> {
    /// The account.
    pub account: Address,
    /// How many bytes of it are before these.
    pub header: usize,
    /// What it is to hold.
    pub bytes: &'a [u8],
    /// How many of them fit into a transaction.
    pub chunk: usize,
    /// Writes a part.
    pub write: &'a dyn Fn(&Range<usize>) -> Instruction,
    /// What all of it is called.
    pub what: &'static str,
    /// What a part is called.
    pub part: &'static str,
}

/// Writes `ranges`, and what is missing then, until the account holds all of it, and nothing else. Answers how many writes landed. The account is read in
/// any case: somebody may have thought long about going on, and another run may have written into it meanwhile.
///
/// # Errors
/// The ledger cannot be reached, refuses a write, or takes none for as long as three blockhashes are valid; the account is another by now.
pub async fn fill(
    chain: &impl Chain,
    keys: &Keys,
    filling: &Filling<'_>,
    mut ranges: Vec<Range<usize>>,
    progress: &mut dyn Progress,
) -> Result<u64, Error> {
    let Filling { account, header, bytes, chunk, .. } = *filling;
    let total = bytes.len().div_ceil(chunk.max(1));
    let (mut landed, mut idle) = (0, 0);
    loop {
        let before = ranges.len();
        if before > 0 {
            progress.upload(total - before, total);
            landed += round(chain, keys, filling, ranges, total, progress).await?;
        }
        let there = content(chain, &account, header).await?;
        // Whatever else is in it would be deployed, too.
        if there.len() > bytes.len() {
            return Err(Error::BufferChanged(filling.what));
        }
        ranges = plan::differing(&there, bytes, chunk);
        if ranges.is_empty() {
            break;
        }
        idle = if before == 0 || ranges.len() < before { 0 } else { idle + 1 };
        if idle == ROUNDS {
            return Err(Error::Lost(filling.what));
        }
    }
    progress.upload(total, total);
    Ok(landed)
}

/// What the account at an address holds behind a header of so many bytes.
///
/// # Errors
/// The ledger cannot be asked.
pub async fn content(chain: &impl Chain, address: &Address, header: usize) -> Result<Vec<u8>, Error> {
    let accounts = chain.accounts(&[*address]).await?;
    Ok(accounts.into_iter().flatten().next().map(|account| state::content(&account, header).to_vec()).unwrap_or_default())
}

/// Writes ranges until they landed or their blockhash expired, whichever is first.
async fn round(
    chain: &impl Chain,
    keys: &Keys,
    filling: &Filling<'_>,
    ranges: Vec<Range<usize>>,
    total: usize,
    progress: &mut dyn Progress,
) -> Result<u64, Error> {
    let (blockhash, last_valid) = chain.blockhash().await?;
    let (mut left, mut landed, mut pauses) = (ranges.len(), 0, 0);
    let mut waiting = ranges.into_iter();
    let mut flying: Vec<VersionedTransaction> = Vec::new();
    loop {
        let room = IN_FLIGHT - flying.len();
        let sign = |range: Range<usize>| keys.sign(&[(filling.write)(&range)], &blockhash).map_err(Error::Unsigned);
        let more = waiting.by_ref().take(room).map(sign).collect::<Result<Vec<_>, _>>()?;
        try_join_all(more.iter().map(|transaction| hand_over(chain, transaction))).await?;
        flying.extend(more);
        if flying.is_empty() {
            return Ok(landed);
        }
        let statuses = chain.statuses(&flying.iter().map(name).collect::<Vec<_>>()).await?;
        let mut statuses = statuses.into_iter();
        let mut failed = None;
        flying.retain(|_| match statuses.next().flatten() {
            None => true,
            Some(Ok(())) => {
                (landed, left) = (landed + 1, left - 1);
                false
            }
            Some(Err(error)) => {
                failed = Some(error);
                false
            }
        });
        if let Some(error) = failed {
            return Err(Error::Failed { what: filling.part, why: error.to_string() });
        }
        progress.upload(total - left, total);
        if flying.is_empty() {
            continue;
        }
        if chain.block_height().await? > last_valid {
            return Ok(landed);
        }
        chain.pause().await;
        pauses += 1;
        if pauses % AGAIN == 0 {
            try_join_all(flying.iter().map(|transaction| hand_over(chain, transaction))).await?;
        }
    }
}

/// Sends one transaction and waits until it landed.
///
/// # Errors
/// It is refused, fails, or its blockhash expires.
pub async fn land(chain: &impl Chain, keys: &Keys, instructions: &[Instruction], what: &'static str) -> Result<(), Error> {
    let (blockhash, last_valid) = chain.blockhash().await?;
    let transaction = keys.sign(instructions, &blockhash).map_err(Error::Unsigned)?;
    chain.submit(&transaction, true).await.map_err(|error| match error {
        Submit::Refused(why) => Error::Failed { what, why },
        Submit::Unreachable(error) => Error::Unreachable(error),
    })?;
    let mut pauses = 0;
    loop {
        match chain.statuses(&[name(&transaction)]).await?.into_iter().next().flatten() {
            Some(Ok(())) => return Ok(()),
            Some(Err(error)) => return Err(Error::Failed { what, why: error.to_string() }),
            None if chain.block_height().await? > last_valid => return Err(Error::Lost(what)),
            None => chain.pause().await,
        }
        pauses += 1;
        if pauses % AGAIN == 0 {
            hand_over(chain, &transaction).await?;
        }
    }
}

/// Hands a transaction over, and does not try it out: what becomes of it is told by its status.
async fn hand_over(chain: &impl Chain, transaction: &VersionedTransaction) -> Result<(), Error> {
    chain.submit(transaction, false).await.map_err(|error| match error {
        Submit::Refused(why) => Error::Failed { what: "a transaction", why },
        Submit::Unreachable(error) => Error::Unreachable(error),
    })
}

fn name(transaction: &VersionedTransaction) -> Signature {
    transaction.signatures.first().copied().unwrap_or_default()
}
