//! The terminal: its keys, and how it is entered and left.

use {
    super::{
        model::{Key, Model, Todo},
        screen,
        source::{News, Seen, Source},
    },
    crate::failed::{Failed, reason},
    crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers},
    ratatui::DefaultTerminal,
    sessions_client::Ledger,
    std::{io, thread, time::Duration},
    tokio::sync::mpsc,
};

/// How long what is pending is waited for at the end.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it is asked whether anybody still wants keys.
const TICK: Duration = Duration::from_millis(100);
/// The most things that wait to be shown.
const ROOM: usize = 64;

/// The terminal on a screen of its own; dropped, it is as it was before.
struct Screen(DefaultTerminal);

impl Screen {
    fn open() -> Result<Self, Failed> {
        ratatui::try_init().map(Self).map_err(|error| unusable(&error))
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        ratatui::restore();
    }
}

fn unusable(error: &io::Error) -> Failed {
    let message = format!("the terminal cannot be used: {}", reason(error));
    Failed::unusable("NoTerminal", message, "add --json, or send the output into a file, for a line for each thing that happens")
}

pub(super) async fn run<L: Ledger>(mut source: Source<L>, mut model: Model) -> Result<(), Failed> {
    let outbox = source.sender();
    let mut terminal = Screen::open()?;
    let mut keys = keys();
    let (tell, mut told) = mpsc::channel::<Result<Seen, Failed>>(1);
    let (report, mut news) = mpsc::channel::<News>(ROOM);
    // Looking is not given up when a key comes in between.
    let looking = tokio::spawn(async move {
        while tell.send(source.look().await).await.is_ok() {
            source.changed().await;
        }
    });
    loop {
        terminal.0.draw(|frame| screen::draw(frame, &model)).map_err(|error| unusable(&error))?;
        tokio::select! {
            Some(seen) = told.recv() => match seen {
                Ok(seen) => model.see(seen),
                Err(failed) => model.fail(failed.message),
            },
            Some(heard) = news.recv() => model.hear(heard),
            key = keys.recv() => match key.map_or(Todo::Quit, |key| key.map_or(Todo::Nothing, |key| model.press(key))) {
                Todo::Nothing => {}
                Todo::Quit => break,
                Todo::Refresh => outbox.refresh(),
                Todo::Broadcast(text) => outbox.broadcast(&text, report.clone()),
            },
        }
    }
    drop(terminal);
    looking.abort();
    // Whoever waits for an abandoned task waits for its end.
    let _ = looking.await;
    match outbox.close(PATIENCE).await {
        0 => Ok(()),
        left => {
            let message = format!("{left} of your operations had not come to an end");
            let hint = "they may still land; `sessions history SESSION` tells";
            Err(Failed { code: 1, ..Failed::unusable("StillPending", message, hint) })
        }
    }
}

/// The keys that are pressed; none for what only has everything drawn again, as another size.
fn keys() -> mpsc::Receiver<Option<Key>> {
    let (sender, receiver) = mpsc::channel(ROOM);
    thread::spawn(move || {
        while !sender.is_closed() {
            let key = match event::poll(TICK) {
                Ok(false) => continue,
                Ok(true) => event::read(),
                Err(error) => Err(error),
            };
            let known = match key {
                Ok(Event::Key(key)) if key.kind != KeyEventKind::Release => known(key),
                Ok(Event::Resize(..)) => Some(None),
                Ok(_) => None,
                Err(_) => Some(Some(Key::Interrupt)),
            };
            if known.is_some_and(|key| sender.blocking_send(key).is_err()) {
                return;
            }
        }
    });
    receiver
}

#[expect(clippy::option_option, reason = "a key that means nothing is not sent, and one that only draws is")]
fn known(key: KeyEvent) -> Option<Option<Key>> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    Some(Some(match key.code {
        KeyCode::Char('c' | 'd') if ctrl => Key::Interrupt,
        KeyCode::Char(_) if ctrl => return None,
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Escape,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        _ => return None,
    }))
}
