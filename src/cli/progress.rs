//! Progress bars on stderr for work that takes longer than a second.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How long work may take without a bar.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often a bar moves that has no news.
const TICK: Duration = Duration::from_millis(200);

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Bytes of input.
    Bytes,
    /// Things such as segments or documents, by their name in the plural.
    Items(&'static str),
}

/// A bar that appears after [`PATIENCE`] and is wiped away when dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    started: Instant,
    shown: bool,
    drawn: bool,
}

impl Progress {
    /// A bar; one that is not `shown` never draws.
    pub(crate) fn new(kind: Kind, total: Option<u64>, shown: bool) -> Self {
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
        bar.set_style(style(kind, total.is_some()));
        if let Kind::Items(name) = kind {
            bar.set_prefix(name);
        }
        Self {
            bar,
            started: Instant::now(),
            shown,
            drawn: false,
        }
    }

    /// Says what is being done.
    pub(crate) fn message(&self, message: impl Into<String>) {
        self.bar.set_message(message.into());
    }

    /// Sets how much is done.
    pub(crate) fn at(&mut self, position: u64) {
        if self.shown {
            self.bar.set_position(position);
            self.draw_when_due();
        }
    }

    /// Shows that a step of unknown length has begun that reports nothing on its way, such as a commit.
    pub(crate) fn waiting(&mut self, message: &'static str) {
        if self.shown {
            self.bar.set_message(message);
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.bar.enable_steady_tick(TICK);
            self.drawn = true;
        }
    }

    fn draw_when_due(&mut self) {
        if self.shown && !self.drawn && self.started.elapsed() >= PATIENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.drawn = true;
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn style(kind: Kind, total_known: bool) -> ProgressStyle {
    let template = match (kind, total_known) {
        (Kind::Bytes, true) => "{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta} left",
        (Kind::Bytes, false) => "{msg} {spinner} {bytes} {bytes_per_sec}",
        (Kind::Items(_), true) => "{msg} {wide_bar} {pos}/{len} {prefix} {per_sec} {eta} left",
        (Kind::Items(_), false) => "{msg} {spinner} {pos} {prefix} {per_sec}",
    };
    // The templates are the four above, which the test builds.
    ProgressStyle::with_template(template).expect("a valid template")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_valid_style() {
        for kind in [Kind::Bytes, Kind::Items("segments")] {
            for total in [None, Some(7)] {
                Progress::new(kind, total, false).at(3);
            }
        }
    }
}
