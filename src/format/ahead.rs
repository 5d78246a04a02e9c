//! Reads ahead: a reader runs on a thread of its own, and prepares its records there, while they are taken on this one, in
//! their order.
//!
//! Records go over in batches of about `BATCH_BYTES`, of which `BATCHES` wait at most, so that as much memory is taken
//! as these are long, or as a few units where these are longer. Whoever takes them sees what it would see without the
//! thread: every record that comes before an error, then the error.

use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use super::{FormatError, Record, Sink};

/// A batch is handed over when its records have this many bytes of text.
const BATCH_BYTES: usize = 64 * 1024;

/// How many batches wait to be taken.
const BATCHES: usize = 16;

/// Runs `read` and hands its records, `prepare`d, to `sink`; `Break` ends it without waiting for the reader, which may be waiting for
/// its input. `None` then.
///
/// # Errors
/// Those of `read`.
pub fn read_ahead<T: Send + 'static, P: Send + 'static>(
    read: impl FnOnce(&mut Sink<'_>) -> Result<T, FormatError> + Send + 'static,
    prepare: impl Fn(Record) -> P + Send + 'static,
    sink: &mut dyn FnMut(P) -> ControlFlow<()>,
) -> Result<Option<T>, FormatError> {
    let (sender, batches) = sync_channel(BATCHES);
    let reader = thread::spawn(move || {
        let mut batch = Batch::default();
        let result = read(&mut |record| {
            let bytes = text_bytes(&record);
            batch.push(prepare(record), bytes, &sender)
        });
        // Nobody waits for it where the sink broke off.
        let _ = batch.send(&sender);
        result
    });
    for record in batches.into_iter().flatten() {
        if sink(record).is_break() {
            return Ok(None);
        }
    }
    let result = reader.join().unwrap_or_else(|panic| resume_unwind(panic));
    result.map(Some)
}

/// Prepared records on their way.
struct Batch<P> {
    records: Vec<P>,
    bytes: usize,
}

impl<P> Default for Batch<P> {
    fn default() -> Self {
        Self {
            records: Vec::new(),
            bytes: 0,
        }
    }
}

impl<P> Batch<P> {
    fn push(&mut self, record: P, bytes: usize, sender: &SyncSender<Vec<P>>) -> ControlFlow<()> {
        self.bytes += bytes;
        self.records.push(record);
        if self.bytes < BATCH_BYTES {
            return ControlFlow::Continue(());
        }
        self.send(sender)
    }

    fn send(&mut self, sender: &SyncSender<Vec<P>>) -> ControlFlow<()> {
        self.bytes = 0;
        let room = Vec::with_capacity(self.records.len());
        match sender.send(std::mem::replace(&mut self.records, room)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}

/// About how many bytes a record takes.
fn text_bytes(record: &Record) -> usize {
    let texts = match record {
        Record::Unit(unit) => {
            let codes = unit.codes.ar.iter().chain(&unit.codes.en);
            let origin = &unit.origin;
            let properties = origin.properties.iter();
            unit.text.ar.len()
                + unit.text.en.len()
                + codes.map(|code| code.raw.len()).sum::<usize>()
                + origin.notes.iter().map(String::len).sum::<usize>()
                + properties
                    .map(|(name, value)| name.len() + value.len())
                    .sum::<usize>()
        }
        Record::Rejected { raw, .. } => raw.len(),
        Record::Remark(_) => 0,
    };
    texts + size_of::<Record>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostic;

    fn remark(number: usize) -> Record {
        Record::Remark(Diagnostic {
            severity: crate::diagnostic::Severity::Warning,
            location: None,
            message: number.to_string(),
        })
    }

    fn ended() -> FormatError {
        FormatError::Truncated {
            name: "x".to_owned(),
        }
    }

    #[test]
    fn records_come_in_order_and_before_the_error() {
        let mut seen = Vec::new();
        let read = |sink: &mut Sink<'_>| -> Result<(), FormatError> {
            for i in 0..10_000 {
                assert!(sink(remark(i)).is_continue());
            }
            Err(ended())
        };
        let result = read_ahead(read, |record| record, &mut |record| {
            seen.push(record);
            ControlFlow::Continue(())
        });
        assert!(matches!(result, Err(FormatError::Truncated { .. })));
        assert_eq!(seen, (0..10_000).map(remark).collect::<Vec<_>>());
    }

    #[test]
    fn whoever_has_enough_does_not_wait_for_the_input() {
        let (_kept_open, silence) = std::sync::mpsc::channel::<()>();
        let read = move |sink: &mut Sink<'_>| {
            for i in 0..BATCH_BYTES {
                if sink(remark(i)).is_break() {
                    return Ok(());
                }
            }
            let _ = silence.recv();
            Ok(())
        };
        let mut seen = 0;
        let result = read_ahead(read, |record| record, &mut |_| {
            seen += 1;
            ControlFlow::Break(())
        });
        assert_eq!((result.unwrap(), seen), (None, 1));
    }
}
