//! The time.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::unit::UnixSeconds;

/// The time by the system's clock; the epoch, where the clock stands before it.
pub(crate) fn now() -> UnixSeconds {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_secs());
    UnixSeconds(i64::try_from(seconds).unwrap_or(i64::MAX))
}
