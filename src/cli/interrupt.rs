//! Ctrl-C and termination signals: stop soon, leave nothing half-written.
//!
//! Loops ask [`check`] and so unwind, which drops unfinished outputs and imports. Work that doesn't ask, such as a
//! commit or a read from a silent pipe, is cut off after [`GRACE`]: the memory needs no help, since a transaction that
//! is not committed is gone when the file is next opened.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::error::CommandError;
use super::exit;

/// How long work may take to notice.
const GRACE: Duration = Duration::from_millis(300);

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Makes signals end the program with [`exit::INTERRUPTED`].
pub(crate) fn install() {
    // It fails where a handler stands already, as in a second run in one process; that one does the same.
    let _ = ctrlc::set_handler(|| {
        INTERRUPTED.store(true, Ordering::Relaxed);
        thread::sleep(GRACE);
        std::process::exit(i32::from(exit::INTERRUPTED));
    });
}

/// An error once a signal has come; to be asked between two pieces of work.
pub(crate) fn check() -> Result<(), CommandError> {
    if INTERRUPTED.load(Ordering::Relaxed) {
        Err(CommandError::interrupted())
    } else {
        Ok(())
    }
}
