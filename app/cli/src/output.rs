//! Where results go.

use std::io::{self, Write};

/// A writer that goes on in silence when nobody reads any more, as after `| head`: the scenario still runs to its end, and the exit code
/// still says whether its expectations held.
#[derive(Debug)]
pub struct Patient<W> {
    inner: Option<W>,
}

impl<W: Write> Patient<W> {
    /// Writes to `inner` for as long as it is read.
    pub const fn new(inner: W) -> Self {
        Self { inner: Some(inner) }
    }

    /// The writer itself, for whoever has to know that nobody reads any more.
    pub const fn inner(&mut self) -> Option<&mut W> {
        self.inner.as_mut()
    }

    fn attempt<T>(&mut self, otherwise: T, write: impl FnOnce(&mut W) -> io::Result<T>) -> io::Result<T> {
        let Some(inner) = &mut self.inner else { return Ok(otherwise) };
        match write(inner) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.inner = None;
                Ok(otherwise)
            }
            result => result,
        }
    }
}

impl<W: Write> Write for Patient<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.attempt(bytes.len(), |inner| inner.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.attempt((), Write::flush)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Closed(io::ErrorKind);

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    #[test]
    fn a_reader_who_left_is_no_error_and_a_full_disk_is() {
        let mut left = Patient::new(Closed(io::ErrorKind::BrokenPipe));
        assert!(writeln!(left, "line").is_ok() && writeln!(left, "line").is_ok() && left.flush().is_ok());
        let mut full = Patient::new(Closed(io::ErrorKind::StorageFull));
        assert!(writeln!(full, "line").is_err());
    }
}
