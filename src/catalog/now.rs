//! The moment that a site is built for. Whatever depends on it asks here whether an instant has been reached, and the next such
//! instant is remembered: until then every answer is the same, and so is the whole site. Resolve and plan are given it; it is
//! no part of what they make, so that no view can ask.

use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

use jiff::Timestamp;

/// The moment that a site is built for.
#[derive(Debug)]
pub struct Now {
    at: Timestamp,
    stamp: Timestamp,
    /// The first instant after it that anybody has asked for, in seconds since 1970; the largest number for none.
    next: AtomicI64,
}

impl Now {
    /// This moment.
    pub fn at(at: Timestamp) -> Now {
        let stamp = Timestamp::from_second(at.as_second()).unwrap_or(at);
        Now { at, stamp, next: AtomicI64::new(i64::MAX) }
    }

    /// A later moment, to which what has changed since the ledger was written has changed at this one.
    pub fn later(&self, at: Timestamp) -> Now {
        Now { stamp: self.stamp, ..Now::at(at) }
    }

    /// Whether an instant is not in the future.
    pub fn has_reached(&self, instant: Timestamp) -> bool {
        let reached = instant <= self.at;
        if !reached {
            // The first whole second at which it is reached.
            let second = instant.as_second() + i64::from(instant.subsec_nanosecond() > 0);
            if second < self.next.load(Relaxed) {
                self.next.fetch_min(second, Relaxed);
            }
        }
        reached
    }

    /// The same for what only editors are told: no output waits for it.
    pub fn has_reached_unseen(&self, instant: Timestamp) -> bool {
        instant <= self.at
    }

    /// When something is seen that the ledger does not know: this moment, to the second. Not to be compared with anything.
    pub fn stamp(&self) -> Timestamp {
        self.stamp
    }

    /// The next instant at which something may be otherwise; `None` if nothing ever will.
    pub fn next(&self) -> Option<Timestamp> {
        let second = self.next.load(Relaxed);
        // The end of a period without one is the end of all time.
        Timestamp::from_second(second).ok().filter(|at| at.as_second() < Timestamp::MAX.as_second())
    }
}
