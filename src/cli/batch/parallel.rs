//! Work on many things in threads, results in order.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use crate::cli::error::CommandError;

/// How many threads to use where nobody says.
pub(crate) fn default_jobs() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// Does `work` on each of `items`, in up to `jobs` threads, and hands the results to `take` in the order of the items.
/// Each thread has what `start` makes, such as its own handle of a memory.
///
/// Stops at the first error, of whichever function; what is being worked on is ended first.
pub(crate) fn in_order<T: Sync, S, R: Send>(
    items: &[T],
    jobs: NonZeroUsize,
    start: impl Fn() -> Result<S, CommandError> + Sync,
    work: impl Fn(&mut S, &T) -> Result<R, CommandError> + Sync,
    mut take: impl FnMut(&T, R) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let (next, stopped) = (&AtomicUsize::new(0), &AtomicBool::new(false));
    let (start, work) = (&start, &work);
    let (results, received) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..jobs.get().min(items.len()) {
            let results = results.clone();
            scope.spawn(move || {
                let mut state = None;
                while !stopped.load(Ordering::Relaxed) {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    let result = match &mut state {
                        Some(state) => work(state, item),
                        none => start().and_then(|made| work(none.insert(made), item)),
                    };
                    // Nobody listens any more where an error came first.
                    if results.send((index, result)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(results);
        let mut waiting = BTreeMap::new();
        let mut wanted = 0;
        let collect = || {
            for (index, result) in received {
                waiting.insert(index, result?);
                while let Some(result) = waiting.remove(&wanted) {
                    take(&items[wanted], result)?;
                    wanted += 1;
                }
            }
            Ok(())
        };
        let done = collect();
        stopped.store(true, Ordering::Relaxed);
        done
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn doubled(jobs: usize, bad: Option<usize>) -> (Vec<usize>, Result<(), CommandError>) {
        let items: Vec<usize> = (0..50).collect();
        let mut taken = Vec::new();
        let done = in_order(
            &items,
            NonZeroUsize::new(jobs).unwrap(),
            || Ok(()),
            |(), &item| {
                // The first take longest.
                thread::sleep(Duration::from_micros(500 / (item as u64 + 1)));
                if Some(item) == bad {
                    return Err(CommandError::user("bad"));
                }
                Ok(2 * item)
            },
            |_, result| {
                taken.push(result);
                Ok(())
            },
        );
        (taken, done)
    }

    #[test]
    fn results_come_in_order_whoever_is_done_first() {
        for jobs in [1, 2, 7, 100] {
            let (taken, done) = doubled(jobs, None);
            done.unwrap();
            assert_eq!(taken, (0..50).map(|i| 2 * i).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_error_stops_all() {
        let (taken, done) = doubled(3, Some(20));
        assert!(done.is_err());
        assert!(taken.len() <= 20);
    }

    #[test]
    fn a_thread_that_can_not_start_is_an_error() {
        let start = || Err::<(), _>(CommandError::user("no memory"));
        let jobs = NonZeroUsize::MIN;
        assert!(in_order(&[1], jobs, start, |(), _| Ok(()), |_, ()| Ok(())).is_err());
        in_order(&[0; 0], jobs, start, |(), _| Ok(()), |_, ()| Ok(())).unwrap();
    }
}
