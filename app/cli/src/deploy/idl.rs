//! The program's IDL, written where explorers look for it. What is there already is compared first, and an interrupted upload goes on where it
//! stopped.

use {
    super::{
        Chain, Cost, Keys, Progress,
        metadata::{self, HEADER, Kept, METADATA, Of},
        packing,
        plan::{Rent, SIGNATURE_FEE, differing},
        upload::{self, Filling},
    },
    crate::report::format::amount,
    solana_account::Account,
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Signer,
    solana_system_interface::instruction::transfer,
    std::{borrow::Cow, ops::Range},
};

/// Where the IDL is kept.
pub const SEED: &str = "idl";
/// Where one that is to take the place of another is uploaded: an address that is found again, so that no buffer is ever left over.
pub const BUFFER_SEED: &str = "idl-upload";

/// The IDL that this command was built with.
const BUILT_IN: &[u8] = include_bytes!("../../../../idl/sessions.json");

/// An IDL's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdlFile {
    /// What it is called.
    pub name: String,
    /// Its text.
    pub text: Cow<'static, [u8]>,
    /// The program that it says that it is of.
    pub program: String,
}

impl IdlFile {
    /// The IDL that this command was built with.
    ///
    /// # Errors
    /// As of [`IdlFile::read`].
    pub fn built_in() -> Result<Self, &'static str> {
        Self::read("the built-in IDL".to_owned(), Cow::Borrowed(BUILT_IN))
    }

    /// An IDL with this text.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(name: String, text: Cow<'static, [u8]>) -> Result<Self, &'static str> {
        let value: serde_json::Value = serde_json::from_slice(&text).map_err(|_| "it is no JSON")?;
        let program = value["address"].as_str().ok_or("it does not say of which program it is")?.to_owned();
        Ok(Self { name, text, program })
    }
}

/// Why an IDL was not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The payer has too little for the program and its IDL. Nothing was sent.
    #[error(
        "with its IDL this takes {} and {payer} has {}; send it some SOL, or leave the IDL out with --no-idl",
        amount(*.needs), amount(*.has)
    )]
    Funds {
        /// Who pays.
        payer: Address,
        /// What it takes, in lamports.
        needs: u64,
        /// What there is.
        has: u64,
    },
    /// What is there afterwards is not what was written.
    #[error(
        "the IDL at {0} is not the one that was written; somebody else may have written it, so compare the authority and run this again"
    )]
    Unverified(Address),
}

/// What there is to do about the IDL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdlPlan {
    /// It is there.
    Nothing,
    /// It is left out, and why.
    Skip(String),
    /// It is not there yet.
    Create(IdlUpload),
    /// Another one is there.
    Update {
        /// How this one is uploaded.
        upload: IdlUpload,
        /// The bytes of the account that has the other.
        bytes: usize,
        /// What that account holds, in lamports.
        lamports: u64,
    },
}

/// How the buffer gets its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdlUpload {
    /// What is there is closed first.
    pub closes: bool,
    /// It is made.
    pub makes: bool,
    /// By how many bytes it grows before it is written.
    pub grows: usize,
    /// What is written.
    pub missing: Vec<Range<usize>>,
    /// What it holds now, in lamports.
    pub held: u64,
    /// What it is to hold: the IDL, compressed.
    pub packed: Vec<u8>,
}

/// What is on the chain, and what there is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdlSurvey {
    /// What there is to do.
    pub plan: IdlPlan,
    /// What it costs, beside the deployment.
    pub cost: Cost,
    /// Where the IDL is, or would be.
    pub address: Address,
    /// Where it is uploaded.
    pub buffer: Address,
    rent: Rent,
}

impl IdlSurvey {
    /// What is uploaded, if anything is.
    pub const fn upload(&self) -> Option<&IdlUpload> {
        match &self.plan {
            IdlPlan::Create(upload) | IdlPlan::Update { upload, .. } => Some(upload),
            IdlPlan::Nothing | IdlPlan::Skip(_) => None,
        }
    }
}

/// Reads what is on the chain and decides what there is to do about the IDL, by what there is to do about the program.
///
/// # Errors
/// The ledger cannot be asked.
pub async fn survey(
    chain: &impl Chain,
    keys: &Keys,
    program: &Address,
    found: &super::Survey,
    idl: &IdlFile,
) -> Result<IdlSurvey, super::Error> {
    let address = metadata::address(program, SEED);
    let second = metadata::address(program, BUFFER_SEED);
    let accounts = chain.accounts(&[METADATA, address, second]).await?;
    let mut accounts = accounts.into_iter().map(|account| account.filter(|account| account.lamports > 0));
    let mut next = || accounts.next().flatten();
    let seen = Seen { keeper: next(), there: next(), second: next() };
    let plan = decide(keys, program, found, idl, &seen, &second);
    let buffer = if matches!(plan, IdlPlan::Create(_)) { address } else { second };
    let cost = cost(&plan, keys, &found.rent);
    Ok(IdlSurvey { plan, cost, address, buffer, rent: found.rent })
}

/// The accounts at the addresses of the Program Metadata program, of the IDL, and of its buffer.
struct Seen {
    keeper: Option<Account>,
    there: Option<Account>,
    second: Option<Account>,
}

fn decide(keys: &Keys, program: &Address, found: &super::Survey, idl: &IdlFile, seen: &Seen, buffer: &Address) -> IdlPlan {
    let authority = keys.authority.pubkey();
    if idl.program != program.to_string() {
        return IdlPlan::Skip(format!("{} is of {}; name another with --idl", idl.name, idl.program));
    }
    if !seen.keeper.as_ref().is_some_and(|keeper| keeper.executable) {
        return IdlPlan::Skip("the cluster has no Program Metadata program".to_owned());
    }
    let kept = seen.there.as_ref().and_then(metadata::read);
    if let Some(Kept::Metadata { direct: true, compression, data, .. }) = kept
        && packing::unpacked(compression, data).is_some_and(|text| text == idl.text)
    {
        return IdlPlan::Nothing;
    }
    if found.plan == super::Plan::Nothing && found.owner != Some(authority) {
        return IdlPlan::Skip(match found.owner {
            None => "the program is final, and so is its IDL".to_owned(),
            Some(owner) => format!("only {owner} can write it"),
        });
    }
    let chunk = chunk(keys, &Of::new(authority, *program), buffer);
    match (kept, &seen.there) {
        (Some(Kept::Metadata { mutable: false, .. }), _) => IdlPlan::Skip("the one that is there can never be changed".to_owned()),
        (Some(Kept::Metadata { .. }), Some(there)) => {
            let upload = upload_of(seen.second.as_ref(), &authority, &idl.text, chunk);
            IdlPlan::Update { upload, bytes: there.data.len(), lamports: there.lamports }
        }
        (_, there) => IdlPlan::Create(upload_of(there.as_ref(), &authority, &idl.text, chunk)),
    }
}

/// How many bytes of the IDL fit into one transaction that writes them.
fn chunk(keys: &Keys, of: &Of, buffer: &Address) -> usize {
    keys.room(metadata::write(of, buffer, 0, &[]))
}

fn upload_of(account: Option<&Account>, authority: &Address, text: &[u8], chunk: usize) -> IdlUpload {
    let held = account.map_or(0, |account| account.lamports);
    let kept = match account.and_then(metadata::read) {
        Some(Kept::Buffer { authority, data }) => Some((authority, data)),
        _ => None,
    };
    let mine = kept.filter(|(owner, _)| owner == authority).map(|(_, data)| data);
    // Another compressor makes other bytes of the same text: what it uploaded to the end is as good.
    let packed = match mine {
        Some(data) if packing::is_packed(data, text) => data.to_vec(),
        _ => packing::packed(text),
    };
    // What is too long, or another authority's, cannot be made right.
    match mine.filter(|data| data.len() <= packed.len()) {
        Some(data) => {
            let (grows, missing) = (packed.len() - data.len(), differing(data, &packed, chunk));
            IdlUpload { closes: false, makes: false, grows, missing, held, packed }
        }
        None => {
            let (grows, missing) = (packed.len(), differing(&[], &packed, chunk));
            IdlUpload { closes: kept.is_some(), makes: true, grows, missing, held, packed }
        }
    }
}

fn cost(plan: &IdlPlan, keys: &Keys, rent: &Rent) -> Cost {
    let (IdlPlan::Create(upload) | IdlPlan::Update { upload, .. }) = plan else { return Cost::default() };
    let IdlUpload { closes, makes, grows, missing, held, packed } = upload;
    let whole = rent.of(HEADER + packed.len());
    let transactions = u64::from(*closes) + u64::from(*makes || *grows > 0) + missing.len() as u64 + 1;
    let signers = if keys.payer.pubkey() == keys.authority.pubkey() { 1 } else { 2 };
    let fees = transactions * signers * SIGNATURE_FEE;
    let adds = whole.saturating_sub(*held);
    // The payer pays for room first and for writes then, and no account may be left with less than the rent of an empty one in between.
    let stays = fees + rent.of(0);
    if let IdlPlan::Update { bytes, lamports, .. } = plan {
        let more = whole.saturating_sub(*lamports);
        let less = if *bytes > HEADER + packed.len() { lamports.saturating_sub(whole) } else { 0 };
        let spends = i128::from(more) - i128::from(less) + i128::from(fees) - i128::from(*held);
        return Cost { needs: adds + more + stays, spends, transactions };
    }
    let returned = if *closes { held.saturating_sub(whole) } else { 0 };
    Cost { needs: adds + stays, spends: i128::from(adds + fees) - i128::from(returned), transactions }
}

/// Does what the survey found, and reads back what came of it.
///
/// # Errors
/// A transaction fails or never lands, the ledger cannot be asked, or what is there afterwards is not what was written.
pub async fn write(
    chain: &impl Chain,
    keys: &Keys,
    program: &Address,
    found: &IdlSurvey,
    progress: &mut dyn Progress,
) -> Result<(), super::Error> {
    let Some(upload) = found.upload() else { return Ok(()) };
    let IdlUpload { closes, makes, grows, held, packed, .. } = upload;
    let (payer, buffer) = (keys.payer.pubkey(), &found.buffer);
    let of = Of::new(keys.authority.pubkey(), *program);
    progress.step("making room for the IDL");
    if *closes {
        upload::land(chain, keys, &[metadata::close(&of, buffer, &payer)], "closing an old upload of the IDL").await?;
    }
    if *makes || *grows > 0 {
        let there = if *closes { 0 } else { *held };
        let lacks = found.rent.of(HEADER + packed.len()).saturating_sub(there);
        let mut instructions = given(&payer, buffer, lacks);
        if *makes {
            let seed = if matches!(found.plan, IdlPlan::Create(_)) { SEED } else { BUFFER_SEED };
            instructions.push(metadata::allocate(&of, buffer, seed));
        }
        instructions.extend(metadata::extend(&of, buffer, *grows));
        upload::land(chain, keys, &instructions, "making room for the IDL").await?;
    }
    progress.step("uploading the IDL");
    let filling = Filling {
        account: *buffer,
        header: HEADER,
        bytes: packed,
        chunk: chunk(keys, &of, buffer),
        write: &|range| metadata::write(&of, buffer, range.start, packed.get(range.clone()).unwrap_or_default()),
        what: "the upload of the IDL",
        part: "a write into the upload of the IDL",
    };
    upload::fill(chain, keys, &filling, upload.missing.clone(), progress).await?;
    progress.step("writing the IDL");
    let last = match found.plan {
        IdlPlan::Update { bytes, lamports, .. } => replacing(&of, found, packed, bytes, lamports, &payer),
        _ => vec![metadata::initialize(&of, &found.address, SEED)],
    };
    upload::land(chain, keys, &last, "writing the IDL").await?;
    let there = upload::content(chain, &found.address, HEADER).await?;
    if there == *packed { Ok(()) } else { Err(Error::Unverified(found.address).into()) }
}

/// Gives an account lamports; none are given by no instruction.
fn given(payer: &Address, to: &Address, lamports: u64) -> Vec<Instruction> {
    if lamports == 0 { Vec::new() } else { vec![transfer(payer, to, lamports)] }
}

/// Puts the buffer into the place of the IDL that is there, with as much room as it takes, and takes back what is over.
fn replacing(of: &Of, found: &IdlSurvey, packed: &[u8], bytes: usize, lamports: u64, payer: &Address) -> Vec<Instruction> {
    let IdlSurvey { address, buffer, rent, .. } = found;
    let whole = HEADER + packed.len();
    let mut instructions = given(payer, address, rent.of(whole).saturating_sub(lamports));
    let grows = whole.saturating_sub(bytes);
    if grows > metadata::MOST_GROWTH {
        instructions.extend(metadata::extend(of, address, grows));
    }
    instructions.push(metadata::set_data(of, address, buffer));
    instructions.push(metadata::close(of, buffer, payer));
    if whole < bytes {
        instructions.push(metadata::trim(of, address, payer));
    }
    instructions
}
