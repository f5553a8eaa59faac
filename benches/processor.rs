//! The clock for benchmarks: processor time, which other programs on the machine disturb less than wall time.

use std::time::Duration;

/// User and system time that all threads of this process have taken.
#[cfg(unix)]
pub(crate) fn time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// Wall time, where the system's processor time has no safe interface.
#[cfg(not(unix))]
pub(crate) fn time() -> Duration {
    static STARTED: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    STARTED.get_or_init(std::time::Instant::now).elapsed()
}
