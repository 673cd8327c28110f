//! The terminal: its keys, and how it is entered and left.

use {
    super::{
        model::{Key, Model, Todo},
        screen,
        source::{News, Seen, Source},
    },
    crate::failed::{Failed, reason},
    crossterm::{
        event::{self, DisableBracketedPaste, EnableBracketedPaste, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers},
        execute,
    },
    ratatui::DefaultTerminal,
    sessions_client::Ledger,
    std::{future::Future, io, pin::pin, thread, time::Duration},
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
        let screen = ratatui::try_init().map(Self).map_err(|error| unusable(&error))?;
        // What is pasted is text then, and not keys one after the other. A terminal that does not know it goes without.
        let _ = execute!(io::stdout(), EnableBracketedPaste);
        Ok(screen)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = execute!(io::stdout(), DisableBracketedPaste);
        ratatui::restore();
    }
}

fn unusable(error: &io::Error) -> Failed {
    let message = format!("the terminal cannot be used: {}", reason(error));
    Failed::unusable("NoTerminal", message, "add --json, or send the output into a file, for a line for each thing that happens")
}

/// What comes from the terminal.
enum Input {
    Key(Key),
    Paste(String),
    /// Everything has to be drawn again, as in another size.
    Draw,
}

/// Watches until somebody ends it, or `ended` does.
pub(super) async fn run<L: Ledger>(mut source: Source<L>, mut model: Model, ended: impl Future<Output = ()>) -> Result<(), Failed> {
    let mut ended = pin!(ended);
    let outbox = source.sender();
    let mut terminal = Screen::open()?;
    let mut inputs = inputs();
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
            () = &mut ended => break,
            input = inputs.recv() => match input {
                Some(Input::Draw) => {}
                Some(Input::Paste(text)) => model.paste(&text),
                Some(Input::Key(key)) => match model.press(key) {
                    Todo::Nothing => {}
                    Todo::Quit => break,
                    Todo::Refresh => outbox.refresh(),
                    Todo::Broadcast(text) => outbox.broadcast(&text, report.clone()),
                },
                None => break,
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

/// What comes from the terminal, for as long as somebody wants it.
fn inputs() -> mpsc::Receiver<Input> {
    let (sender, receiver) = mpsc::channel(ROOM);
    thread::spawn(move || {
        while !sender.is_closed() {
            let event = match event::poll(TICK) {
                Ok(false) => continue,
                Ok(true) => event::read(),
                Err(error) => Err(error),
            };
            let input = match event {
                Ok(Event::Key(key)) if key.kind != KeyEventKind::Release => known(key).map(Input::Key),
                Ok(Event::Paste(text)) => Some(Input::Paste(text)),
                Ok(Event::Resize(..)) => Some(Input::Draw),
                Ok(_) => None,
                Err(_) => Some(Input::Key(Key::Interrupt)),
            };
            if input.is_some_and(|input| sender.blocking_send(input).is_err()) {
                return;
            }
        }
    });
    receiver
}

/// A key, if it means something here.
fn known(key: KeyEvent) -> Option<Key> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    Some(match key.code {
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
    })
}
