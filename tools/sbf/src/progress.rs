//! One line a step, for whoever waits.

use std::time::Instant;

/// Counts the steps of a run.
#[derive(Debug)]
pub struct Progress {
    steps: usize,
    done: usize,
    begun: Instant,
}

impl Progress {
    /// A run of so many steps.
    pub fn new(steps: usize) -> Self {
        Self { steps, done: 0, begun: Instant::now() }
    }

    /// Begins the next step.
    pub fn step(&mut self, text: impl AsRef<str>) {
        self.done += 1;
        self.begun = Instant::now();
        println!("[{}/{}] {}", self.done, self.steps, text.as_ref());
    }

    /// Says something about the present step.
    pub fn note(&self, text: impl AsRef<str>) {
        println!("      {}", text.as_ref());
    }

    /// Says how the present step ended, and how long it took.
    pub fn finished(&self, text: impl AsRef<str>) {
        self.note(format!("{} in {} s", text.as_ref(), self.begun.elapsed().as_secs()));
    }
}
