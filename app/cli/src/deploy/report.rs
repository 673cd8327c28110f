//! What the command says of what there is to do, and of what it did.

use {
    super::{
        Cost, Done, Plan, Todo, Upload, Wanted,
        idl::{IdlPlan, IdlSurvey},
    },
    crate::report::format::amount,
    serde_json::{Value, json},
    sessions_client::address::PROGRAM,
    sha2::{Digest, Sha256},
    solana_address::Address,
};

/// All that was found out.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// What the cluster is called.
    pub cluster: &'a str,
    /// What is wanted.
    pub wanted: &'a Wanted<'a>,
    /// What there is to do.
    pub todo: &'a Todo,
}

/// What there is to do, by a word; an upload that goes on is told apart by [`Upload::Resume`].
const fn word(plan: &Plan) -> &'static str {
    match plan {
        Plan::Nothing => "nothing",
        Plan::Finalize => "finalize",
        Plan::Deploy { .. } => "deploy",
        Plan::Upgrade { .. } => "upgrade",
        Plan::Refuse(_) => "refuse",
    }
}

fn hash(file: &[u8]) -> String {
    hex::encode(Sha256::digest(file))
}

fn uploading(upload: &Upload) -> String {
    match upload {
        Upload::New => "its file is uploaded".to_owned(),
        Upload::Replace => "a buffer of another size is closed, and the file uploaded into a new one".to_owned(),
        Upload::Resume(missing) if missing.is_empty() => "its file is uploaded already".to_owned(),
        Upload::Resume(missing) => format!("an interrupted upload goes on with the {} chunks that are missing", missing.len()),
    }
}

fn to_do(plan: &Plan) -> String {
    match plan {
        Plan::Nothing => "nothing: the program there is this file already".to_owned(),
        Plan::Finalize => "the program there is this file already; its authority is given up".to_owned(),
        Plan::Deploy { max_len, upload } => format!("deploy, with room for {max_len} bytes; {}", uploading(upload)),
        Plan::Upgrade { extend, upload } => {
            let room = extend.map_or(String::new(), |more| format!(", with room for {more} bytes more"));
            format!("upgrade{room}; {}", uploading(upload))
        }
        Plan::Refuse(refusal) => refusal.to_string(),
    }
}

fn idl_to_do(idl: &IdlSurvey) -> String {
    let address = idl.address;
    match &idl.plan {
        IdlPlan::Nothing => format!("is at {address} already"),
        IdlPlan::Skip(why) => format!("is not written: {why}"),
        IdlPlan::Create(_) => format!("is written to {address}"),
        IdlPlan::Update { .. } => format!("takes the place of the one at {address}"),
    }
}

fn price(cost: &Cost) -> String {
    let gone = match u64::try_from(cost.spends) {
        Ok(spends) => amount(spends),
        Err(_) => format!("nothing; {} come back", amount(u64::try_from(-cost.spends).unwrap_or(u64::MAX))),
    };
    format!("{gone} in {} transactions; it takes {} to begin with", cost.transactions, amount(cost.needs))
}

/// What there is to do and what it costs, a line each.
pub fn preview(found: &Found<'_>) -> String {
    let Found { cluster, wanted, todo } = *found;
    let Wanted { program, file, authority, payer, last, .. } = *wanted;
    let survey = &todo.survey;
    let mut text = String::new();
    let mut line = |word: &str, what: &str| text.push_str(&format!("  {word:<9}  {what}\n"));
    line("cluster", cluster);
    line("program", &program.to_string());
    line("file", &format!("{} bytes, sha256 {}", file.len(), hash(file)));
    line("to do", &to_do(&survey.plan));
    if let Some(idl) = &todo.idl {
        line("idl", &idl_to_do(idl));
    }
    if !todo.is_nothing() {
        let given_up = if last { ", given up at the end: nobody can ever upgrade it" } else { "" };
        line("authority", &format!("{authority}{given_up}"));
        line("payer", &payer.to_string());
    }
    if survey.plan != Plan::Nothing {
        line("costs", &price(&survey.cost));
    }
    if let Some(idl) = todo.writes_idl() {
        line("idl costs", &price(&idl.cost));
    }
    if matches!(survey.plan, Plan::Nothing | Plan::Finalize)
        && let Some(lamports) = survey.left_over
    {
        line("left over", &format!("a buffer with {}; --close-buffer takes it back", amount(lamports)));
    }
    if matches!(survey.plan, Plan::Deploy { .. }) && program == PROGRAM && !is_local(cluster) {
        line("beware", "the key of this address is public, so whoever deploys first owns it; docs/deployment.md says how to take your own");
    }
    text
}

/// Whether a cluster is on this machine, where a public key does no harm.
fn is_local(cluster: &str) -> bool {
    let host = cluster.split_once("://").map_or(cluster, |(_, rest)| rest);
    ["localhost", "127.", "[::1]"].iter().any(|local| host.starts_with(local))
}

/// What was done, a line each.
pub fn told(found: &Found<'_>, done: Done) -> String {
    let program = found.wanted.program;
    let who = done.authority.map_or("it is final".to_owned(), |authority| format!("{authority} may upgrade it"));
    let compared = format!("{program} in slot {}, compared byte for byte; {who}\n", done.slot);
    let written = found.todo.writes_idl().map_or(String::new(), |idl| format!("wrote the IDL to {}\n", idl.address));
    match found.todo.survey.plan {
        Plan::Nothing | Plan::Refuse(_) => written,
        Plan::Finalize => format!("{written}{program} is final\n"),
        Plan::Upgrade { .. } => format!("upgraded {compared}{written}"),
        Plan::Deploy { .. } => format!("deployed {compared}{written}"),
    }
}

/// The result as JSON; what was not done is null.
pub fn line(found: &Found<'_>, done: Option<Done>) -> String {
    let (wanted, survey) = (found.wanted, &found.todo.survey);
    let resumed = match &survey.plan {
        Plan::Deploy { upload: Upload::Resume(missing), .. } | Plan::Upgrade { upload: Upload::Resume(missing), .. } => Some(missing.len()),
        _ => None,
    };
    let result = json!({
        "type": "deploy",
        "plan": word(&survey.plan),
        "missing_chunks": resumed,
        "program": wanted.program.to_string(),
        "sha256": hash(wanted.file),
        "bytes": wanted.file.len(),
        "buffer": survey.buffer.to_string(),
        "left_over_lamports": survey.left_over,
        "needs_lamports": survey.cost.needs,
        "spends_lamports": spends(&survey.cost),
        "transactions": survey.cost.transactions,
        "idl": found.todo.idl.as_ref().map(idl_json),
        "done": done.map(|done| json!({
            "written_chunks": done.written, "slot": done.slot, "authority": done.authority.map(|authority| authority.to_string()),
        })),
    });
    format!("{result}\n")
}

fn idl_json(idl: &IdlSurvey) -> Value {
    let (plan, why) = match &idl.plan {
        IdlPlan::Nothing => ("nothing", None),
        IdlPlan::Skip(why) => ("skip", Some(why)),
        IdlPlan::Create(_) => ("create", None),
        IdlPlan::Update { .. } => ("update", None),
    };
    json!({
        "plan": plan,
        "why": why,
        "address": idl.address.to_string(),
        "missing_chunks": idl.upload().map(|upload| upload.missing.len()),
        "needs_lamports": idl.cost.needs,
        "spends_lamports": spends(&idl.cost),
        "transactions": idl.cost.transactions,
    })
}

fn spends(cost: &Cost) -> i64 {
    i64::try_from(cost.spends).unwrap_or(i64::MAX)
}

/// What came of closing the buffer: `closed` came back, in lamports; `None` if there was none.
pub fn closed(json: bool, program: &Address, closed: Option<u64>) -> String {
    if json {
        return format!("{}\n", json!({ "type": "close_buffer", "program": program.to_string(), "lamports": closed }));
    }
    match closed {
        Some(lamports) => format!("closed the buffer of an upload for {program}; {} came back\n", amount(lamports)),
        None => format!("there is no buffer of an upload for {program}\n"),
    }
}
