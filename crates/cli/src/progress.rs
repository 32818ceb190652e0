//! One line on standard error, updated while a run works: best, bound, gap, time left. Only on a terminal.

use std::io::{self, IsTerminal, Write};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use tiaoji_core::plan;
use tiaoji_core::solve::Progress;
use tiaoji_core::stop::Stop;
use tiaoji_formats::messages::Language;

use crate::text::{self, Message};

/// How often the line is drawn anew.
const TICK: Duration = Duration::from_millis(250);

/// The state of a run as far as it is known.
#[derive(Default)]
struct Board {
    last: Option<Progress>,
    finished: bool,
}

/// Runs `work`, handing it what takes its progress; on a terminal that is shown while it lasts, under `title` if any.
pub fn shown<T>(
    language: Language,
    title: Option<&str>,
    stop: &dyn Stop,
    work: impl FnOnce(Option<&(dyn Fn(Progress) + Sync)>) -> T,
) -> T {
    if !io::stderr().is_terminal() {
        return work(None);
    }
    let board = Mutex::new(Board::default());
    let finished = Condvar::new();
    std::thread::scope(|scope| {
        scope.spawn(|| draw(language, title, stop, &board, &finished));
        let _done = Done { board: &board, finished: &finished };
        work(Some(&|progress| lock(&board).last = Some(progress)))
    })
}

/// Ends the drawing however the work ends.
struct Done<'a> {
    board: &'a Mutex<Board>,
    finished: &'a Condvar,
}

impl Drop for Done<'_> {
    fn drop(&mut self) {
        lock(self.board).finished = true;
        self.finished.notify_all();
    }
}

fn lock(board: &Mutex<Board>) -> std::sync::MutexGuard<'_, Board> {
    board.lock().unwrap_or_else(PoisonError::into_inner)
}

fn draw(language: Language, title: Option<&str>, stop: &dyn Stop, board: &Mutex<Board>, finished: &Condvar) {
    let mut state = lock(board);
    let mut drawn = false;
    while !state.finished {
        state = finished.wait_timeout(state, TICK).unwrap_or_else(PoisonError::into_inner).0;
        if let (Some(progress), false) = (state.last, state.finished) {
            let line = line(language, title, progress, stop.remaining());
            let _ = write!(io::stderr(), "\r\x1b[2K{line}");
            drawn = true;
        }
    }
    if drawn {
        let _ = write!(io::stderr(), "\r\x1b[2K");
    }
}

fn line(language: Language, title: Option<&str>, now: Progress, left: Option<Duration>) -> String {
    let gap = plan::gap(now.objective, now.bound, now.baseline);
    let message = Message::Progress {
        best: text::amount(now.objective),
        bound: text::amount(now.bound),
        gap: text::gap(gap),
        left: left.map(|left| left.as_secs()),
    };
    let line = message.say(language);
    title.map_or(line.clone(), |title| format!("{title}  {line}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_fits_a_terminal() {
        let now = Progress {
            objective: 123_456_789,
            bound: 120_000_000,
            baseline: 500_000_000,
            done: 3,
            components: 9,
        };
        let left = Some(Duration::from_millis(57_900));
        let shown = line(Language::En, None, now, left);
        assert_eq!(shown, "best 1,234,567.89  bound 1,200,000.00  gap 0.91 %  57 s left");
        let shown = line(Language::Zh, Some("2/7"), now, None);
        assert_eq!(shown, "2/7  当前最优 1,234,567.89  下界 1,200,000.00  差距 0.91 %");
    }
}
