//! A draft, from its preview to its receipt: shown, asked for, sent, told.

use {
    crate::{
        commands::options::Options,
        confirm::Console,
        context::Context,
        describe::Described,
        draft::Draft,
        failed::Failed,
        keys, landing,
        preview::{Preview, answer_json, next_line, state_line},
        ready::Asked,
        report::{events, format, json},
    },
    anstyle::{AnsiColor, Style},
    serde_json::{Value, json},
    sessions_client::{Ledger, ledger::Receipt},
    std::io::Write,
};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default().bold();

/// Shows what a draft would do, asks, sends it, and tells what became of it.
///
/// # Errors
/// NeedsYes where nobody can be asked; what a simulation or the ledger refuses; Declined.
pub async fn perform<L: Ledger>(
    context: &Context<'_, L>,
    draft: Draft,
    options: &Options,
    console: &mut dyn Console,
    out: &mut dyn Write,
) -> Result<(), Failed> {
    let writing = &options.writing;
    let sends = !writing.dry_run && !draft.only_asks;
    if sends && !writing.yes && !console.is_there() {
        let message = "this sends a transaction, and there is no terminal to ask on";
        return Err(Failed::unusable("NeedsYes", message, "add --yes to send it, or --dry-run to see what it would do"));
    }
    let file = draft.secret.as_ref().and_then(|secret| secret.file.as_deref());
    if let Some(file) = file.filter(|_| sends) {
        keys::check_new(file)?;
    }
    let asked = Asked { price: writing.priority_fee, limit: writing.compute_limit, nonce: writing.nonce };
    let preview = Preview::of(context, &draft, asked).await?;
    let human = !options.output.json;
    if human {
        shown(out, &draft, &preview)?;
        if !sends {
            answer(out, &draft, &preview.returned)?;
            writeln!(out, "{DIM}nothing was sent{DIM:#}")?;
        }
        out.flush()?;
    }
    let mut sent = Sent::default();
    if sends {
        if !human && !writing.yes {
            let mut text = Vec::new();
            shown(&mut text, &draft, &preview)?;
            console.tell(&String::from_utf8_lossy(&text))?;
        }
        if !writing.yes && !console.ask("Send it?")? {
            let hint = "answer y, or add --yes, to send it";
            return Err(Failed { code: 1, ..Failed::unusable("Declined", "it was not sent; nothing was changed", hint) });
        }
        if let Some((secret, file)) = draft.secret.as_ref().zip(file) {
            // Before it is needed: a token whose secret could not be written would be nobody's.
            keys::write_secret(file, &format!("{}\n", secret.text))?;
        }
        console.begin("signing");
        sent = send(context, &preview, console).await;
        console.end();
    }
    // What landed is told before anything else can go wrong.
    if human {
        told(out, &draft, &sent)?;
        out.flush()?;
    }
    let mut failed = sent.failed.take();
    if human && (failed.is_some() || !sends) {
        return failed.map_or(Ok(()), Err);
    }
    let state = context.snapshot(draft.session.address).await;
    if human {
        match state {
            Ok(state) => {
                writeln!(out, "  {}", state_line(&draft.session.address, &state))?;
                if let Some(next) = next_line(draft.instruction, &draft.session, &state) {
                    writeln!(out, "  {next}")?;
                }
            }
            Err(failed) => writeln!(out, "  how the session is now could not be read: {}", failed.message)?,
        }
        return Ok(());
    }
    let state = state.and_then(|state| Described::read(&state).map_err(|_| Failed::unknown_version(&draft.session.address)));
    let document = document(context.cluster, &draft, &preview, &sent, state);
    match &mut failed {
        // It is part of the one document that there is.
        Some(failed) if sent.may_have_landed() => failed.done = Some(Box::new(document)),
        Some(_) => {}
        None => writeln!(out, "{document}")?,
    }
    failed.map_or(Ok(()), Err)
}

/// What became of what was sent.
#[derive(Default)]
struct Sent {
    /// What landed.
    receipts: Vec<Receipt>,
    /// Why no more was sent.
    failed: Option<Failed>,
    /// Whether what failed may have landed, or may still.
    open: bool,
}

impl Sent {
    /// Whether something landed, as far as is known.
    const fn may_have_landed(&self) -> bool {
        self.open || !self.receipts.is_empty()
    }
}

async fn send<L: Ledger>(context: &Context<'_, L>, preview: &Preview, console: &mut dyn Console) -> Sent {
    let mut sent = Sent::default();
    let all = preview.transactions.len();
    for (i, ready) in preview.transactions.iter().enumerate() {
        let part = if all > 1 { format!("{} of {all}: ", i + 1) } else { String::new() };
        let nonce = preview.nonce.map(|nonce| nonce.address);
        let landed = landing::land(context, ready, nonce, &part, console).await.map_err(|not| {
            sent.open = not.open;
            not.failed
        });
        let succeeded = |receipt: Receipt| match &receipt.failure {
            Some(failure) => Err(Failed::refused(failure, &receipt.logs)),
            None => Ok(receipt),
        };
        match landed.and_then(succeeded) {
            Ok(receipt) => sent.receipts.push(receipt),
            Err(failed) => {
                let landed = sent.receipts.len();
                let hint = format!("{landed} of {all} transactions landed before, and stay; the same command goes on with the rest");
                sent.failed = Some(if landed > 0 { Failed { hint, ..failed } } else { failed });
                break;
            }
        }
    }
    sent
}

/// What is going to be done, for a reader.
fn shown(out: &mut dyn Write, draft: &Draft, preview: &Preview) -> Result<(), Failed> {
    writeln!(out, "{BOLD}{}{BOLD:#} {}", draft.instruction.replace('_', "-"), draft.session.text)?;
    pairs(out, &preview.lines(draft))
}

/// What became of it, for a reader.
fn told(out: &mut dyn Write, draft: &Draft, sent: &Sent) -> Result<(), Failed> {
    for receipt in &sent.receipts {
        let (units, fee) = (format::thousands(receipt.compute_units), format::amount(receipt.fee));
        writeln!(out, "{GOOD}done{GOOD:#} {} {DIM}(slot {}, {units} units, fee {fee}){DIM:#}", receipt.signature, receipt.slot)?;
        for event in &receipt.events {
            writeln!(out, "  {}", events::brief(event, &draft.book))?;
        }
        answer(out, draft, &receipt.returned)?;
    }
    if let Some(secret) = draft.secret.as_ref().filter(|_| sent.may_have_landed()) {
        match &secret.file {
            Some(file) => writeln!(out, "The link is in {}: whoever has it can join.", file.display())?,
            None => writeln!(out, "The link, which is shown this once; whoever has it can join:\n{}", secret.text)?,
        }
    }
    Ok(())
}

fn answer(out: &mut dyn Write, draft: &Draft, returned: &[u8]) -> Result<(), Failed> {
    let parts = draft.answer.map(|answer| answer.parts(returned)).unwrap_or_default();
    for (name, found) in parts {
        writeln!(out, "  {name} {}", found.show(&draft.book))?;
    }
    Ok(())
}

/// Words, and what stands behind each.
///
/// # Errors
/// The writer's.
pub fn pairs(out: &mut dyn Write, lines: &[(&str, String)]) -> Result<(), Failed> {
    let width = lines.iter().map(|(word, _)| word.len()).max().unwrap_or(0);
    for (word, what) in lines {
        writeln!(out, "  {DIM}{word:<width$}{DIM:#}  {what}")?;
    }
    Ok(())
}

fn document(cluster: &str, draft: &Draft, preview: &Preview, sent: &Sent, state: Result<Option<Described>, Failed>) -> Value {
    let receipts = &sent.receipts;
    let receipt = |receipt: &Receipt| {
        json!({
            "signature": receipt.signature.to_string(), "slot": receipt.slot, "fee": receipt.fee, "compute_units": receipt.compute_units,
            "events": receipt.events.iter().map(json::event).collect::<Vec<_>>(),
            "answer": answer_json(draft.answer, &receipt.returned),
        })
    };
    let secret = draft.secret.as_ref().filter(|_| sent.may_have_landed());
    let (state, unread) = match state {
        Ok(state) => (state.map(|state| Value::Object(state.json())), None),
        Err(failed) => (None, Some(failed.json())),
    };
    json!({
        "cluster": cluster,
        "instruction": draft.instruction,
        "session": draft.session.address.to_string(),
        "signer": preview.actor.to_string(),
        "fee_payer": preview.fee_payer.to_string(),
        "payer": preview.payer.to_string(),
        "preview": preview.json(draft),
        "sent": !receipts.is_empty(),
        "receipts": receipts.iter().map(receipt).collect::<Vec<_>>(),
        "state": state,
        "state_unread": unread.map(|unread| unread["error"].clone()),
        "link": secret.filter(|secret| secret.file.is_none()).map(|secret| &secret.text),
        "link_file": secret.and_then(|secret| secret.file.as_ref()).map(|file| file.display().to_string()),
    })
}
