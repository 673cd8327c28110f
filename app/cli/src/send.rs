//! A draft, from its preview to its receipt: shown, asked for, sent, told.

use {
    crate::{
        commands::options::Options,
        confirm::Console,
        context::Context,
        describe::Described,
        draft::Draft,
        failed::Failed,
        keys,
        preview::{Asked, Preview, answer_json, signed, state_line},
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
    let preview = Preview::of(context, &draft, Asked { price: writing.priority_fee, limit: writing.compute_limit }).await?;
    let human = !options.output.json;
    if human {
        writeln!(out, "{BOLD}{}{BOLD:#} {}", draft.instruction.replace('_', "-"), draft.session.text)?;
        pairs(out, &preview.lines(&draft))?;
        if !sends {
            answer(out, &draft, &preview.returned)?;
            writeln!(out, "{DIM}nothing was sent{DIM:#}")?;
        }
        out.flush()?;
    }
    let mut receipts = Vec::new();
    if sends {
        if !writing.yes && !console.ask("Send it?")? {
            let hint = "answer y, or add --yes, to send it";
            return Err(Failed { code: 1, ..Failed::unusable("Declined", "it was not sent; nothing was changed", hint) });
        }
        if let Some(secret) = &draft.secret
            && let Some(file) = &secret.file
        {
            // Before it is needed: a token whose secret could not be written would be nobody's.
            keys::write_secret(file, &format!("{}\n", secret.text))?;
        }
        console.begin("sending, and waiting for it to land");
        let sent = send(context, &draft, &preview, &mut receipts).await;
        console.end();
        sent?;
    }
    let state = context.snapshot(draft.session.address).await?;
    if human {
        return if sends { told(out, &draft, &receipts, &state_line(&draft.session.address, &state)) } else { Ok(()) };
    }
    let state = Described::read(&state).map_err(|_| Failed::unknown_version(&draft.session.address))?;
    let document = document(context.cluster, &draft, &preview, &receipts, state.map(|state| Value::Object(state.json())));
    writeln!(out, "{document}")?;
    Ok(())
}

async fn send<L: Ledger>(context: &Context<'_, L>, draft: &Draft, preview: &Preview, receipts: &mut Vec<Receipt>) -> Result<(), Failed> {
    for ready in &preview.transactions {
        let transaction = signed(context, draft, &ready.instructions, &preview.fee_payer).await?;
        let receipt = context.ledger.send(transaction).await.map_err(|error| Failed::ledger("the transaction did not land", &error))?;
        if let Some(failure) = &receipt.failure {
            return Err(Failed::refused(failure, &receipt.logs));
        }
        receipts.push(receipt);
    }
    Ok(())
}

/// What became of it, for a reader.
fn told(out: &mut dyn Write, draft: &Draft, receipts: &[Receipt], state: &str) -> Result<(), Failed> {
    for receipt in receipts {
        let (units, fee) = (format::thousands(receipt.compute_units), format::amount(receipt.fee));
        writeln!(out, "{GOOD}done{GOOD:#} {} {DIM}(slot {}, {units} units, fee {fee}){DIM:#}", receipt.signature, receipt.slot)?;
        for event in &receipt.events {
            writeln!(out, "  {}", events::brief(event, &draft.book))?;
        }
        answer(out, draft, &receipt.returned)?;
    }
    writeln!(out, "  {state}")?;
    if let Some(secret) = &draft.secret {
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

fn document(cluster: &str, draft: &Draft, preview: &Preview, receipts: &[Receipt], state: Option<Value>) -> Value {
    let receipt = |receipt: &Receipt| {
        json!({
            "signature": receipt.signature.to_string(), "slot": receipt.slot, "fee": receipt.fee, "compute_units": receipt.compute_units,
            "events": receipt.events.iter().map(json::event).collect::<Vec<_>>(),
            "answer": answer_json(draft.answer, &receipt.returned),
        })
    };
    let secret = draft.secret.as_ref().filter(|_| !receipts.is_empty());
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
        "link": secret.filter(|secret| secret.file.is_none()).map(|secret| &secret.text),
        "link_file": secret.and_then(|secret| secret.file.as_ref()).map(|file| file.display().to_string()),
    })
}
