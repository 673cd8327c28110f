//! Showing how far a deployment is.

use {
    indicatif::{ProgressBar, ProgressStyle},
    std::io::{self, IsTerminal, Write},
};

/// Who is told how far a deployment is.
pub trait Progress {
    /// Something begins.
    fn step(&mut self, what: &str);

    /// So many chunks of the file are in the buffer.
    fn upload(&mut self, chunks: usize, of: usize);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn step(&mut self, _what: &str) {}
    fn upload(&mut self, _chunks: usize, _of: usize) {}
}

/// What [`Shown`] tells of an upload where there is no terminal: at the most this many lines.
const LINES: usize = 10;

/// On standard error: a bar on a terminal, and lines elsewhere.
#[derive(Debug)]
pub struct Shown {
    bar: Option<ProgressBar>,
    told: usize,
}

impl Shown {
    /// Nothing is shown yet.
    pub fn new() -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0);
            if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} chunks {elapsed}") {
                bar.set_style(style);
            }
            bar
        });
        Self { bar, told: 0 }
    }
}

/// A standard error that nobody reads is no reason to stop.
fn line(text: &str) {
    let _ = io::stderr().write_all(format!("{text}\n").as_bytes());
}

impl Default for Shown {
    fn default() -> Self {
        Self::new()
    }
}

impl Progress for Shown {
    fn step(&mut self, what: &str) {
        self.told = 0;
        match &self.bar {
            Some(bar) => bar.set_message(what.to_owned()),
            None => line(what),
        }
    }

    fn upload(&mut self, chunks: usize, of: usize) {
        if let Some(bar) = &self.bar {
            bar.set_message("uploading");
            bar.set_length(of as u64);
            bar.set_position(chunks as u64);
        } else {
            let tenths = chunks * LINES / of.max(1);
            if tenths > self.told {
                self.told = tenths;
                line(&format!("uploaded {chunks} of {of} chunks"));
            }
        }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
