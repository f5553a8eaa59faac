//! Incremental equals full: random scripts of edits, accidents and interrupted builds on random small sites, each built
//! again over what was there and anew, and compared byte for byte. `RELAIS_SCRIPTS=100000` plays more of them,
//! `RELAIS_SEED=n` begins at another seed.

mod edits;
mod random;
mod site;
#[path = "../support/mod.rs"]
mod support;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use rayon::{ThreadPool, ThreadPoolBuilder};

use random::Random;
use world::{Failure, Stats, World};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many scripts are played where nobody says.
const SCRIPTS: u64 = 1200;

/// Each word decides one step, by itself, so that a script without one of its steps is a script.
#[derive(Clone)]
struct Script {
    /// What the site is like at first.
    growth: Vec<u64>,
    steps: Vec<u64>,
    is_served: bool,
}

impl Script {
    fn of(seed: u64) -> Script {
        let mut random = Random::new(seed.wrapping_mul(0xD6E8_FEB8_6659_FD93) ^ 0x5EED);
        let (growth, steps) = (2 + random.below(14), 2 + random.below(9));
        let mut words = |n| (0..n).map(|_| random.word()).collect();
        Script { growth: words(growth), steps: words(steps), is_served: seed % 5 < 2 }
    }

    /// Plays it; returns what was tried, or what went wrong and the steps until then.
    fn play(&self, place: &Path, many: &ThreadPool) -> Result<Stats, (Failure, Vec<String>)> {
        let mut log = Vec::new();
        let played = catch_unwind(AssertUnwindSafe(|| {
            let mut world = World::new(place, many, self.is_served);
            for word in &self.growth {
                log.push(format!("at first {}", world.grow(*word)));
            }
            world.check(&mut Random::new(self.first()), &mut log)?;
            for word in &self.steps {
                world.step(*word, &mut log)?;
            }
            world.check(&mut Random::new(self.first()), &mut log)?;
            Ok(world.stats)
        }));
        let panicked = |cause: Box<dyn std::any::Any + Send>| {
            let text = cause.downcast_ref::<String>().cloned();
            let text = text.or_else(|| cause.downcast_ref::<&str>().map(ToString::to_string));
            Err(Failure { kind: "panic", text: text.unwrap_or_default() })
        };
        played.unwrap_or_else(panicked).map_err(|failure| (failure, log))
    }

    fn first(&self) -> u64 {
        self.steps.len() as u64
    }

    /// The same failure with fewer steps.
    fn shrunk(&self, kind: &str, place: &Path, many: &ThreadPool) -> Script {
        let mut best = self.clone();
        let fails = |script: &Script| matches!(script.play(place, many), Err((failure, _)) if failure.kind == kind);
        let mut size = best.growth.len().max(best.steps.len());
        while size > 0 {
            let mut shorter = false;
            for growth in [false, true] {
                let mut at = 0;
                loop {
                    let mut next = best.clone();
                    let list = if growth { &mut next.growth } else { &mut next.steps };
                    if at >= list.len() {
                        break;
                    }
                    let end = (at + size).min(list.len());
                    list.drain(at..end);
                    if fails(&next) {
                        (best, shorter) = (next, true);
                    } else {
                        at += size;
                    }
                }
            }
            if !shorter || size > 1 {
                size /= 2;
            }
        }
        best
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// A folder in memory where there is one: scripts write much and keep nothing.
fn place() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let name = format!("relais-scripts-{}", std::process::id());
    if memory.is_dir() { memory.join(name) } else { std::env::temp_dir().join(name) }
}

#[test]
fn incremental_equals_full() {
    let scripts = number("RELAIS_SCRIPTS").unwrap_or(SCRIPTS);
    let seed = number("RELAIS_SEED").unwrap_or(0);
    let place = place();
    let started = Instant::now();
    let next = AtomicU64::new(0);
    let total = Mutex::new(Stats::default());
    let failures = Mutex::new(Vec::new());
    let work = |place: &Path| {
        let many = ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= scripts || failures.lock().unwrap().len() >= 3 {
                break;
            }
            let script = Script::of(seed + at);
            match script.play(place, &many) {
                Ok(stats) => total.lock().unwrap().add(stats),
                Err(failure) => {
                    let told = tell(seed + at, &script, failure, place, &many);
                    eprintln!("{told}");
                    failures.lock().unwrap().push(told);
                }
            }
            if (at + 1).is_multiple_of(1000) {
                let seconds = started.elapsed().as_secs_f64();
                eprintln!("{} scripts in {seconds:.0} s: {:?}", at + 1, total.lock().unwrap());
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (work, place) = (&work, place.join(thread.to_string()));
            // In a pool of one thread, a build is done where it was asked for.
            scope.spawn(move || ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(|| work(&place)));
        }
    });
    let _ = std::fs::remove_dir_all(place);
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "incremental builds differ from full ones: {}", failures.join("\n\n"));
    let stats = total.into_inner().unwrap();
    let told = format!("{scripts} scripts in {:.0} s: {stats:?}", started.elapsed().as_secs_f64());
    eprintln!("{told}");
    let sound = stats.faulty * 3 < stats.checks && stats.kept > stats.written && stats.interrupted > 0;
    assert!(scripts < 100 || sound, "these scripts try too little: {told}");
}

/// The failing script, made as short as it gets.
fn tell(seed: u64, script: &Script, first: (Failure, Vec<String>), place: &Path, many: &ThreadPool) -> String {
    let small = script.shrunk(first.0.kind, place, many);
    let (failure, log, note) = match small.play(place, many) {
        Err((failure, log)) => (failure, log, "shrunk"),
        Ok(_) => (first.0, first.1, "it does not fail every time"),
    };
    let steps: Vec<String> = log.iter().enumerate().map(|(at, step)| format!("{:3}. {step}", at + 1)).collect();
    format!("seed {seed} ({note}): {}\n{}\n{}", failure.kind, steps.join("\n"), failure.text)
}
