//! Progress bars on stderr for work that takes longer than a second.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How long work may take without a bar.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often a bar moves that has no news.
const TICK: Duration = Duration::from_millis(200);

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing: a step that reports nothing on its way, such as a commit.
    Nothing,
    /// Bytes of input.
    Bytes,
    /// Things such as segments or documents, by their name in the plural.
    Items(&'static str),
}

/// A bar that appears after [`PATIENCE`] and is wiped away when dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    unveiling: Option<Unveiling>,
}

/// The thread that makes a bar visible, unless the work is done before; it is told by hanging up.
#[derive(Debug)]
struct Unveiling {
    work_goes_on: Sender<()>,
    thread: JoinHandle<()>,
}

impl Progress {
    /// A bar; one that is not `shown` never draws.
    pub(crate) fn new(kind: Kind, total: Option<u64>, shown: bool) -> Self {
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
        bar.set_style(style(kind, total.is_some()));
        if let Kind::Items(name) = kind {
            bar.set_prefix(name);
        }
        let unveiling = shown.then(|| Unveiling::of(bar.clone()));
        Self { bar, unveiling }
    }

    /// Says what is being done.
    pub(crate) fn message(&self, message: impl Into<String>) {
        self.bar.set_message(message.into());
    }

    /// Sets how much is done.
    pub(crate) fn at(&self, position: u64) {
        self.bar.set_position(position);
    }
}

impl Unveiling {
    fn of(bar: ProgressBar) -> Self {
        let (work_goes_on, done) = mpsc::channel();
        let thread = thread::spawn(move || {
            if done.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                bar.set_draw_target(ProgressDrawTarget::stderr());
                bar.enable_steady_tick(TICK);
            }
        });
        Self {
            work_goes_on,
            thread,
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(Unveiling {
            work_goes_on,
            thread,
        }) = self.unveiling.take()
        {
            drop(work_goes_on);
            // It ends at once, and has nothing to panic about.
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}

fn style(kind: Kind, total_known: bool) -> ProgressStyle {
    let template = match (kind, total_known) {
        (Kind::Nothing, _) => "{msg} {spinner} {elapsed}",
        (Kind::Bytes, true) => "{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta} left",
        (Kind::Bytes, false) => "{msg} {spinner} {bytes} {bytes_per_sec}",
        (Kind::Items(_), true) => "{msg} {wide_bar} {pos}/{len} {prefix} {per_sec} {eta} left",
        (Kind::Items(_), false) => "{msg} {spinner} {pos} {prefix} {per_sec}",
    };
    // The templates are those above, which the test builds.
    ProgressStyle::with_template(template).expect("a valid template")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_valid_style() {
        for kind in [Kind::Nothing, Kind::Bytes, Kind::Items("segments")] {
            for total in [None, Some(7)] {
                Progress::new(kind, total, false).at(3);
            }
        }
    }
}
