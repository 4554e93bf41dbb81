//! What this thread logs.

use std::{cell::RefCell, io, marker::PhantomData, sync::Once};

thread_local! {
    /// The log of this thread, while a [`Log`] listens.
    static LINES: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// The log of this thread from its start to its end; a test on a current-thread runtime sees all of its server's lines.
///
/// One subscriber serves the whole process, since tracing remembers for each place whether anybody listens there, and a
/// subscriber of one thread may come too late for that.
#[derive(Debug)]
pub struct Log {
    /// Not `Send`: it listens to the thread that it was made on.
    thread: PhantomData<*const ()>,
}

struct Lines;

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.with_borrow_mut(|lines| {
            if let Some(lines) = lines {
                lines.extend_from_slice(bytes);
            }
        });
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Begins to listen.
    ///
    /// # Panics
    /// When another subscriber listens to this process.
    #[must_use]
    pub fn begin() -> Self {
        static SUBSCRIBED: Once = Once::new();
        SUBSCRIBED.call_once(|| {
            let subscriber = tracing_subscriber::fmt()
                .with_max_level(tracing::Level::TRACE)
                .with_ansi(false)
                .with_writer(|| Lines)
                .finish();
            tracing::subscriber::set_global_default(subscriber).expect("the only subscriber");
        });
        LINES.set(Some(Vec::new()));
        Self { thread: PhantomData }
    }

    /// Everything that was logged.
    #[must_use]
    pub fn text(&self) -> String {
        LINES.with_borrow(|lines| String::from_utf8_lossy(lines.as_deref().unwrap_or_default()).into_owned())
    }

    /// How many lines hold `words`.
    #[must_use]
    pub fn lines_with(&self, words: &str) -> usize {
        self.text().lines().filter(|line| line.contains(words)).count()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        LINES.set(None);
    }
}
