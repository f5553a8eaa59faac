//! Which files of a site have changed since the last build; not what they mean. One change is acted on at once, many that
//! come together are one change, and what comes during a build waits for the next.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use notify::event::{CreateKind, EventKind, ModifyKind, RemoveKind};
use notify::{Config, Event, EventKindMask, RecommendedWatcher, RecursiveMode, Watcher};

use super::Signal;
use crate::diag::Diagnostic;
use crate::walk::is_visible;

/// The folders of a site that a build reads.
const FOLDERS: [&str; 4] = ["content", "themes", "i18n", "network"];

/// Nothing for so long means that a save is over: editors write, rename and delete within a millisecond.
const QUIET: Duration = Duration::from_millis(5);

/// A burst of saves waits no longer than this for its first build.
const PATIENCE: Duration = Duration::from_millis(60);

/// What happened since the last build.
#[derive(Debug)]
pub(super) struct Changes {
    /// Files and folders made, changed, moved or deleted, below the site's folder; `None` where events were lost.
    pub(super) paths: Option<Vec<PathBuf>>,
    /// What the system said against being watched.
    pub(super) problems: Vec<Diagnostic>,
}

/// Watches a site.
pub(super) struct Watch {
    site: PathBuf,
    watcher: RecommendedWatcher,
    signals: Receiver<Signal>,
}

/// Changes as they come in.
#[derive(Default)]
struct Batch {
    paths: BTreeSet<PathBuf>,
    lost: bool,
    /// Whether a folder came, went or moved.
    folders: bool,
    problems: Vec<Diagnostic>,
    stop: bool,
}

impl Watch {
    /// Begins to watch: the folder itself for what comes and goes in it, and everything in the folders that a build reads.
    pub(super) fn new(site: &Path, to: Sender<Signal>, signals: Receiver<Signal>) -> Result<Watch, Box<Diagnostic>> {
        let handler = move |event| drop(to.send(Signal::Disk(event)));
        // Builds read; were that reported, every build would be followed by as many events as the site has files.
        let config = Config::default().with_event_kinds(EventKindMask::CORE);
        let watcher = RecommendedWatcher::new(handler, config).map_err(|error| Box::new(problem(&error)))?;
        let mut watch = Watch { site: site.to_owned(), watcher, signals };
        let root = watch.watcher.watch(site, RecursiveMode::NonRecursive);
        root.and_then(|()| watch.watch_folders()).map_err(|error| Box::new(problem(&error)))?;
        Ok(watch)
    }

    /// Waits for changes; `None` if it is time to end.
    pub(super) fn next(&mut self) -> Option<Changes> {
        let mut batch = Batch::default();
        while batch.is_empty() {
            match self.signals.recv() {
                Ok(signal) => batch.take(signal, &self.site),
                Err(_) => return None,
            }
        }
        let latest = Instant::now() + PATIENCE;
        while !batch.stop {
            let wait = QUIET.min(latest.saturating_duration_since(Instant::now()));
            match self.signals.recv_timeout(wait) {
                Ok(signal) => batch.take(signal, &self.site),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => batch.stop = true,
            }
        }
        if batch.folders && !batch.stop {
            self.settle(&mut batch);
        }
        (!batch.stop).then(|| Changes {
            paths: (!batch.lost).then(|| batch.paths.into_iter().collect()),
            problems: batch.problems,
        })
    }

    /// A file that is written into a new folder before that is watched is never reported. So nothing is read before the
    /// watcher has dealt with every folder that it has reported, which it has when it answers.
    fn settle(&mut self, batch: &mut Batch) {
        let again = self.watch_folders().and_then(|()| self.watcher.configure(Config::default()).map(drop));
        if let Err(error) = again {
            batch.take(Signal::Disk(Err(error)), &self.site);
        }
        while let Ok(signal) = self.signals.try_recv() {
            batch.take(signal, &self.site);
        }
    }

    /// Watches the folders that are there; one that is watched already costs nothing, unless another took its place.
    fn watch_folders(&mut self) -> notify::Result<()> {
        for folder in FOLDERS {
            let path = self.site.join(folder);
            if path.is_dir() {
                self.watcher.watch(&path, RecursiveMode::Recursive)?;
            } else {
                // Not watched any more, or never was.
                let _ = self.watcher.unwatch(&path);
            }
        }
        Ok(())
    }
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.paths.is_empty() && !self.lost && !self.stop
    }

    fn take(&mut self, signal: Signal, site: &Path) {
        let event = match signal {
            Signal::Stop => return self.stop = true,
            Signal::Disk(Ok(event)) => event,
            Signal::Disk(Err(error)) => {
                self.lost = true;
                return self.problems.push(problem(&error));
            }
        };
        self.lost |= event.need_rescan();
        for path in &event.paths {
            match path.strip_prefix(site) {
                Ok(path) if is_read(path) => {
                    self.folders |= may_be_folder(&event);
                    self.paths.insert(path.to_owned());
                }
                Ok(_) => {}
                // Some systems report a file by another name than that by which it is watched.
                Err(_) => self.lost = true,
            }
        }
    }
}

fn may_be_folder(event: &Event) -> bool {
    match event.kind {
        EventKind::Create(kind) => kind != CreateKind::File,
        EventKind::Remove(kind) => kind != RemoveKind::File,
        EventKind::Modify(ModifyKind::Name(_)) => true,
        _ => false,
    }
}

/// Whether a build reads what is at this path below the site, or in the folder that is there.
fn is_read(path: &Path) -> bool {
    match path.iter().next().and_then(|first| first.to_str()) {
        Some("relais.yaml") => true,
        Some(first) => FOLDERS.contains(&first) && path.iter().all(is_visible),
        None => false,
    }
}

fn problem(error: &notify::Error) -> Diagnostic {
    let path = error.paths.first().map_or_else(|| "the site".into(), |path| path.display().to_string());
    let (cause, help) = match error.kind {
        notify::ErrorKind::MaxFilesWatch => {
            let help = "raise the limit, as root: sysctl fs.inotify.max_user_watches=1048576";
            ("there are more folders than the system may watch".to_owned(), help)
        }
        _ => (error.to_string(), "check that you may read the folder; until then, start again to see its changes"),
    };
    Diagnostic::in_file("cannot-watch", path, format!("cannot be watched: {cause}")).help(help)
}
