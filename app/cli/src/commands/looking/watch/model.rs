//! What is shown of a session, and what a key does: no I/O, no clock.

use {
    super::{
        super::past::{Found, told},
        source::{News, Seen},
    },
    crate::{
        report::{format, naming::Naming},
        scenario::fields::FunctionRef,
    },
    sessions_client::{
        cache::core::{OperationId, Stage},
        core::rules::messages::MAX_MESSAGE,
    },
    solana_address::Address,
    std::collections::VecDeque,
};

/// The most lines of what happened that are kept.
const MOST_LINES: usize = 1_000;
/// The most messages of one's own that are kept once they are over.
const MOST_SENT: usize = 5;
/// What a signature costs, in lamports: a message takes one, and no fee for priority.
const FEE: u64 = 5_000;
/// How far a page key goes.
const PAGE: usize = 10;

/// A key, as far as it means something here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A character.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Escape,
    /// Backspace.
    Backspace,
    /// Up.
    Up,
    /// Down.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// Ctrl-C, or the end of the input.
    Interrupt,
}

/// What is to be done about a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Todo {
    /// Nothing but drawing.
    Nothing,
    /// To end.
    Quit,
    /// To read again.
    Refresh,
    /// To send a message to everyone.
    Broadcast(String),
}

/// A message of one's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its number; none until it is taken on.
    pub id: Option<OperationId>,
    /// What it is.
    pub text: String,
    /// How far it has come, or why it was not taken on.
    pub stage: Result<Option<Stage>, String>,
}

impl Sent {
    fn is_over(&self) -> bool {
        match &self.stage {
            Ok(stage) => stage.as_ref().is_some_and(Stage::is_final),
            Err(_) => true,
        }
    }
}

/// What is shown.
#[derive(Clone, Debug)]
pub struct Model {
    /// What the session is called.
    pub title: String,
    /// What the cluster is called.
    pub cluster: String,
    /// Whose wallet is at hand; none if only looking.
    pub wallet: Option<Address>,
    /// What was seen last.
    pub seen: Option<Seen>,
    /// What happened, in lines, the newest last.
    pub lines: VecDeque<String>,
    /// How many lines from the newest one the last line that is shown is.
    pub back: usize,
    /// Messages of one's own, the newest last.
    pub sent: Vec<Sent>,
    /// The message that is being written.
    pub writing: Option<String>,
    /// What went wrong last.
    pub notice: Option<String>,
}

/// Addresses in short, for a line that has to fit.
pub struct Short;

impl Naming for Short {
    fn name(&self, address: &Address) -> Option<String> {
        let text = address.to_string();
        let (first, last) = (text.get(..4)?, text.get(text.len().checked_sub(4)?..)?);
        Some(format!("{first}…{last}"))
    }

    fn moment(&self, moment: i64) -> String {
        format::calendar(moment)
    }

    fn amount(&self, amount: u64, mint: &Address) -> String {
        crate::book::Book::default().amount(amount, mint)
    }

    fn function(&self, _: &FunctionRef) -> Option<String> {
        None
    }
}

impl Model {
    /// Nothing yet.
    pub fn new(title: &str, cluster: &str, wallet: Option<Address>) -> Self {
        Self {
            title: title.to_owned(),
            cluster: cluster.to_owned(),
            wallet,
            seen: None,
            lines: VecDeque::new(),
            back: 0,
            sent: Vec::new(),
            writing: None,
            notice: None,
        }
    }

    /// Shows what was seen.
    pub fn see(&mut self, seen: Seen) {
        for found in &seen.found {
            self.lines.push_back(line(found));
            // Whoever looks back goes on looking at the same lines.
            self.back = if self.back == 0 { 0 } else { self.back.saturating_add(1) };
        }
        let many = self.lines.len().saturating_sub(MOST_LINES);
        self.lines.drain(..many);
        self.back = self.back.min(self.lines.len().saturating_sub(1));
        self.seen = Some(seen);
        self.notice = None;
    }

    /// Shows that the session could not be looked at.
    pub fn fail(&mut self, why: String) {
        self.notice = Some(why);
    }

    /// Shows what comes of a message.
    pub fn hear(&mut self, news: News) {
        match news {
            News::Taken(id) => {
                if let Some(sent) = self.sent.iter_mut().find(|sent| sent.id.is_none() && sent.stage.is_ok()) {
                    sent.id = Some(id);
                }
            }
            News::Staged(id, stage) => {
                if let Some(sent) = self.sent.iter_mut().find(|sent| sent.id == Some(id)) {
                    sent.stage = Ok(Some(stage));
                }
            }
            News::Refused(why) => {
                if let Some(sent) = self.sent.iter_mut().find(|sent| sent.id.is_none() && sent.stage.is_ok()) {
                    sent.stage = Err(why);
                }
            }
        }
        while self.sent.iter().filter(|sent| sent.is_over()).count() > MOST_SENT {
            let oldest = self.sent.iter().position(Sent::is_over);
            oldest.map(|at| self.sent.remove(at));
        }
    }

    /// What a key does.
    pub fn press(&mut self, key: Key) -> Todo {
        if key == Key::Interrupt {
            return Todo::Quit;
        }
        if let Some(text) = &mut self.writing {
            match key {
                Key::Char(c) => text.push(c),
                Key::Backspace => drop(text.pop()),
                Key::Escape => self.writing = None,
                // One that is too long stays, and is said to be.
                Key::Enter if (1..=MAX_MESSAGE).contains(&text.len()) => {
                    let text = self.writing.take().unwrap_or_default();
                    self.sent.push(Sent { id: None, text: format!("message {text:?}"), stage: Ok(None) });
                    return Todo::Broadcast(text);
                }
                _ => {}
            }
            return Todo::Nothing;
        }
        let most = self.lines.len().saturating_sub(1);
        match key {
            Key::Char('q') | Key::Escape => return Todo::Quit,
            Key::Char('r') => return Todo::Refresh,
            Key::Char('m') if self.wallet.is_some() => self.writing = Some(String::new()),
            Key::Char('m') => self.notice = Some("there is no key to sign with; name a key file with --keypair".into()),
            Key::Up => self.back = self.back.saturating_add(1).min(most),
            Key::PageUp => self.back = self.back.saturating_add(PAGE).min(most),
            Key::Down => self.back = self.back.saturating_sub(1),
            Key::PageDown => self.back = self.back.saturating_sub(PAGE),
            _ => {}
        }
        Todo::Nothing
    }

    /// What a paste does: it goes into what is being written, in one line; else it is no keys.
    pub fn paste(&mut self, pasted: &str) {
        if let Some(text) = &mut self.writing {
            let line = pasted.replace("\r\n", " ");
            text.extend(line.chars().map(|c| if c.is_control() { ' ' } else { c }));
        }
    }

    /// Whether what stands at the bottom is a warning.
    pub fn warns(&self) -> bool {
        self.writing.as_ref().map_or(self.notice.is_some(), |text| text.len() > MAX_MESSAGE)
    }

    /// What stands at the bottom, in so many columns: what is being written and what it costs, what went wrong, or what the keys do.
    pub fn footer(&self, columns: usize) -> String {
        match (&self.writing, &self.notice) {
            (Some(text), _) => written(text, columns),
            (None, Some(notice)) => format!("⚠ {notice}"),
            (None, None) => "m message · ↑↓ look back · r read again · q quit".into(),
        }
    }
}

/// What is being written; where there is no room for all, how long it is, and its end.
fn written(text: &str, columns: usize) -> String {
    let (bytes, cost) = (text.len(), format::amount(FEE));
    let is_too_long = bytes > MAX_MESSAGE;
    let does = if is_too_long {
        format!("⚠ {bytes} bytes, and {MAX_MESSAGE} is the most: it is not sent · Esc gives it up")
    } else {
        format!("Enter sends {bytes} of {MAX_MESSAGE} bytes for {cost} · Esc does not")
    };
    let whole = format!("to everyone, in public: {text}▏  {does}");
    if format::width(&whole) <= columns {
        return whole;
    }
    let head = if is_too_long { format!("⚠ too long, {bytes}/{MAX_MESSAGE}: …") } else { format!("{bytes}/{MAX_MESSAGE}: …") };
    let room = columns.saturating_sub(format::width(&head).saturating_add(1));
    let from =
        text.char_indices().rev().map(|(at, _)| at).take_while(|at| text.get(*at..).is_some_and(|end| format::width(end) <= room)).last();
    format!("{head}{}▏", from.and_then(|at| text.get(at..)).unwrap_or_default())
}

/// What was found, in a line that has to fit.
fn line(found: &Found) -> String {
    match found {
        Found::Event(_, _, event) => {
            let time = format::calendar(event.header().time);
            let hour = time.get(11..19).unwrap_or(&time).to_owned();
            format!("{hour}  {}", told(event, &Short))
        }
        other => other.line(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model() -> Model {
        let mut model = Model::new("night", "embedded", Some(Address::new_from_array([1; 32])));
        model.lines = (0..30).map(|n| format!("line {n}")).collect();
        model
    }

    fn press(model: &mut Model, text: &str) {
        for c in text.chars() {
            assert_eq!(model.press(Key::Char(c)), Todo::Nothing);
        }
    }

    #[test]
    fn a_message_is_written_and_sent_by_enter_alone() {
        let mut model = model();
        press(&mut model, "mqr");
        assert_eq!(model.writing.as_deref(), Some("qr"), "keys are letters while a message is written");
        assert_eq!(model.press(Key::Backspace), Todo::Nothing);
        assert!(model.footer(100).contains("Enter sends 1 of 768 bytes for 0.000005 SOL"), "{}", model.footer(100));
        assert_eq!(model.press(Key::Enter), Todo::Broadcast("q".into()));
        assert_eq!((model.writing, model.sent.len()), (None, 1));
    }

    #[test]
    fn a_message_is_no_longer_than_one_can_be_and_not_empty() {
        let mut model = model();
        press(&mut model, "m");
        assert_eq!(model.press(Key::Enter), Todo::Nothing);
        press(&mut model, &"x".repeat(MAX_MESSAGE));
        assert!(!model.warns());
        press(&mut model, "é");
        assert_eq!(model.press(Key::Enter), Todo::Nothing, "nothing of it is cut off and sent");
        assert_eq!((model.writing.as_ref().map(String::len), model.warns()), (Some(MAX_MESSAGE + 2), true));
        assert!(model.footer(2_000).contains("770 bytes, and 768 is the most"), "{}", model.footer(2_000));
        assert_eq!((model.press(Key::Backspace), model.warns()), (Todo::Nothing, false));
        // However narrow the line is, it tells how long the message is, and shows its end.
        press(&mut model, "é");
        assert_eq!(model.footer(30), "⚠ too long, 770/768: …xxxxxxé▏");
        assert_eq!(model.footer(1), "⚠ too long, 770/768: …▏");
        model.press(Key::Backspace);
        assert_eq!(model.footer(20), "768/768: …xxxxxxxxx▏");
        assert_eq!((model.press(Key::Escape), &model.writing), (Todo::Nothing, &None));
    }

    #[test]
    fn a_paste_is_one_line_of_a_message_and_never_keys() {
        let mut model = model();
        model.paste("q\nm\n");
        assert_eq!((&model.writing, model.sent.len()), (&None, 0));
        press(&mut model, "m");
        model.paste("one\r\ntwo\nthree\tfour");
        assert_eq!(model.writing.as_deref(), Some("one two three four"));
        assert!(model.sent.is_empty());
    }

    #[test]
    fn without_a_wallet_nothing_is_written() {
        let mut model = Model { wallet: None, ..model() };
        press(&mut model, "m");
        assert!(model.writing.is_none() && model.footer(100).contains("--keypair"));
    }

    #[test]
    fn one_looks_back_no_further_than_there_are_lines() {
        let mut model = model();
        for (key, back) in [(Key::Up, 1), (Key::PageUp, 11), (Key::PageUp, 21), (Key::PageUp, 29), (Key::Down, 28), (Key::PageDown, 18)] {
            model.press(key);
            assert_eq!(model.back, back, "{key:?}");
        }
    }

    #[test]
    fn operations_keep_their_order_and_the_old_ones_that_are_over_go() {
        let mut model = model();
        for n in 0..8 {
            press(&mut model, "mhi");
            model.press(Key::Enter);
            model.hear(News::Taken(OperationId(n)));
            model.hear(News::Staged(OperationId(n), if n == 0 { Stage::Sent } else { Stage::Finalized { slot: n } }));
        }
        let ids: Vec<u64> = model.sent.iter().filter_map(|sent| Some(sent.id?.0)).collect();
        assert_eq!(ids, [0, 3, 4, 5, 6, 7], "one that is under way stays");
        press(&mut model, "mno");
        model.press(Key::Enter);
        model.hear(News::Refused("QuotaExceeded".into()));
        assert_eq!(model.sent.last().unwrap().stage, Err("QuotaExceeded".into()));
    }

    #[test]
    fn it_ends_by_q_escape_and_an_interrupt() {
        for key in [Key::Char('q'), Key::Escape, Key::Interrupt] {
            assert_eq!(model().press(key), Todo::Quit);
        }
        let mut writing = model();
        press(&mut writing, "m");
        assert_eq!(writing.press(Key::Interrupt), Todo::Quit);
    }
}
