//! The two streams: results to standard output, everything else to standard error; and how a run ends.

use std::cell::Cell;
use std::io::{self, ErrorKind, Write};

use tiaoji_formats::messages::Language;

use crate::panic::Panic;
use crate::text::Message;

/// How a run ends. The worse, the higher; where two apply, the higher wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// All as it should be.
    Done = 0,
    /// `check` or `replay` found a violation or a difference.
    Differs = 1,
    /// Wrong usage.
    Usage = 2,
    /// The input has defects, is missing or is not of its shape.
    Input = 3,
    /// Our fault, or the output could not be written.
    Internal = 4,
}

/// Why a run could not do what was asked.
#[derive(Debug)]
pub enum Failure {
    /// What was asked makes no sense.
    Usage(Box<Message>),
    /// The output cannot be written.
    Output { path: String, error: io::Error },
}

/// A line on standard error; where nobody reads it, nothing can be done about it.
pub fn note(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Where a run speaks to, and in what language.
#[derive(Debug)]
pub struct Console {
    /// The language of everything it says.
    pub language: Language,
    closed: Cell<bool>,
}

impl Console {
    /// A console of that language.
    pub fn new(language: Language) -> Console {
        Console { language, closed: Cell::new(false) }
    }

    /// Prints to standard output. A reader that has gone away is no failure: the rest is not printed.
    pub fn print(&self, text: &str) -> Result<(), Failure> {
        self.print_bytes(text.as_bytes())
    }

    /// The same for bytes.
    pub fn print_bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        if self.closed.get() {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed.set(true);
                Ok(())
            }
            Err(error) => {
                let path = Message::StandardOutput.say(self.language);
                Err(Failure::Output { path, error })
            }
            Ok(()) => Ok(()),
        }
    }

    /// Whether nobody reads standard output any more.
    pub fn is_closed(&self) -> bool {
        self.closed.get()
    }

    /// A message on standard error.
    pub fn say(&self, message: &Message) {
        note(&message.say(self.language));
    }

    /// Says why a run could not do what was asked.
    pub fn fail(&self, failure: &Failure) -> Status {
        let (message, status) = match failure {
            Failure::Usage(message) => (message.say(self.language), Status::Usage),
            Failure::Output { path, error } => {
                let message = Message::CannotWrite { path: path.clone(), why: error.to_string() };
                (message.say(self.language), Status::Internal)
            }
        };
        self.say(&Message::Error(message));
        status
    }

    /// Says that the engine is at fault.
    pub fn confess(&self, panic: &Panic) -> Status {
        self.say(&Message::InternalError(panic.to_string()));
        Status::Internal
    }
}
