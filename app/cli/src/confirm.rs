//! Asking before something is sent, and showing that it is on its way.

use {
    indicatif::{ProgressBar, ProgressStyle},
    std::{
        io::{self, BufRead, IsTerminal, Write},
        time::Duration,
    },
};

/// Whoever sits before the command, if somebody does.
pub trait Console: Send {
    /// Whether somebody can be asked.
    fn is_there(&self) -> bool;

    /// Asks a question that is answered with yes or no.
    ///
    /// # Errors
    /// The question cannot be written, or the answer not be read.
    fn ask(&mut self, question: &str) -> io::Result<bool>;

    /// Shows what a question is about, where standard output has something else.
    ///
    /// # Errors
    /// It cannot be written.
    fn tell(&mut self, text: &str) -> io::Result<()>;

    /// Shows that something goes on until [`Self::end`].
    fn begin(&mut self, what: &str);

    /// Shows how far it is by now.
    fn progress(&mut self, what: &str);

    /// Shows no longer that something goes on.
    fn end(&mut self);
}

/// The terminal: questions and progress go to standard error, so that standard output has nothing but results.
#[derive(Debug, Default)]
pub struct Terminal {
    bar: Option<ProgressBar>,
}

impl Console for Terminal {
    fn is_there(&self) -> bool {
        io::stdin().is_terminal()
    }

    fn ask(&mut self, question: &str) -> io::Result<bool> {
        let mut shown = io::stderr();
        write!(shown, "{question} [y/N] ")?;
        shown.flush()?;
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer)?;
        Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
    }

    fn tell(&mut self, text: &str) -> io::Result<()> {
        anstream::stderr().write_all(text.as_bytes())
    }

    fn begin(&mut self, what: &str) {
        // It draws itself only where standard error is a terminal.
        let bar = ProgressBar::new_spinner().with_message(what.to_owned());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        self.bar = Some(bar);
    }

    fn progress(&mut self, what: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(what.to_owned());
        }
    }

    fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
