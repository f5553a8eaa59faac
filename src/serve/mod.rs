//! `relais serve`: builds, waits for a change, builds again, and lets the browsers know; not how a build works, nor how
//! pages travel.

mod files;
mod http;
mod overlay;
mod page;
mod watch;

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::watch::Sender;

use crate::commit::Lock;
use crate::diag::Diagnostic;
use crate::session::Session;
use crate::url::Rebase;
use crate::{Options, Progress, Report};
use overlay::Problems;
use watch::Watch;

/// How many ports are tried, from the one asked for.
const PORTS: u16 = 100;

/// Who is told what happens, on a terminal for instance.
pub trait Console {
    /// Where the portal is, once the first build has ended.
    fn serving(&self, address: &str);
    /// A build has ended.
    fn built(&self, report: &Report, elapsed: Duration);
    /// Something is wrong that no build found.
    fn warn(&self, problem: &Diagnostic);
}

/// What the browsers are told of the builds.
#[derive(Clone, Debug, Default)]
struct State {
    /// How many builds have ended.
    builds: usize,
    /// The path below which the portal lies; `None` until a build has succeeded.
    base: Option<String>,
    /// Why the pages are older than the sources.
    problems: Option<Problems>,
}

/// What ends the wait for the next build.
#[derive(Debug)]
enum Signal {
    /// The watcher saw something.
    Disk(notify::Result<notify::Event>),
    /// Somebody asked to end.
    Stop,
}

/// Serves a site until it is interrupted. The site's output folder and address are replaced by those of the preview;
/// `clock` says the instant of each build, `progress` watches the first.
pub fn serve(
    mut options: Options,
    port: u16,
    clock: &dyn Fn() -> Timestamp,
    progress: &dyn Progress,
    console: &dyn Console,
) -> Result<(), Box<Diagnostic>> {
    crate::load::find_site(&options.site)?;
    // Events name real paths, whatever links lead to the site.
    options.site = fs::canonicalize(&options.site).unwrap_or(options.site);
    options.out = options.site.join(".relais").join("serve");
    let _alone = alone(&options.site)?;
    let (listener, origin) = listen(port)?;
    options.base_url = Some(Rebase::Origin(origin.as_str().into()));
    let (signals, received) = mpsc::channel();
    let mut watch = Watch::new(&options.site, signals.clone(), received)?;
    let (state, told) = tokio::sync::watch::channel(State::default());
    http::start(listener, options.out.clone(), told, signals).map_err(|error| cannot_listen(&error))?;

    let mut session = Session::new(options);
    let mut progress = progress;
    let mut changed: Option<Vec<PathBuf>> = None;
    loop {
        let started = Instant::now();
        let report = session.build(clock(), changed.as_deref(), progress);
        let first = publish(&state, &report);
        console.built(&report, started.elapsed());
        drop(report);
        if first {
            let base = state.borrow().base.clone();
            console.serving(&format!("{origin}{}", base.as_deref().unwrap_or("/")));
        }
        progress = &Quiet;
        let Some(changes) = watch.next() else { return Ok(()) };
        changes.problems.iter().for_each(|problem| console.warn(problem));
        changed = changes.paths;
    }
}

/// Tells the browsers how a build ended; says whether it was the first.
fn publish(state: &Sender<State>, report: &Report) -> bool {
    let built = report.model.as_ref().filter(|_| report.done.is_some());
    state.send_modify(|state| {
        state.builds += 1;
        if let Some(model) = built {
            state.base = Some(model.catalog.config.base.path.to_string());
        }
        state.problems = report.done.is_none().then(|| Problems::of(report));
    });
    state.borrow().builds == 1
}

/// Later builds are over before a bar could be read.
struct Quiet;

impl Progress for Quiet {
    fn planned(&self, _outputs: usize) {}

    fn made(&self) {}
}

/// Two servers would write the same folder for two addresses.
fn alone(site: &Path) -> Result<Lock, Box<Diagnostic>> {
    Lock::take(site, &site.join(".relais").join("serve.lock")).map_err(|mut problem| {
        if problem.message.starts_with("another") {
            problem.message = "another `relais serve` runs for this site".into();
            problem.help = Some("use the address that it has printed, or end it with Ctrl-C".into());
        }
        problem
    })
}

/// Listens on this computer only, at the first free port from the one asked for.
fn listen(port: u16) -> Result<(TcpListener, String), Box<Diagnostic>> {
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let mut bound = bind(port);
    for next in (1..PORTS).map_while(|n| port.checked_add(n)) {
        match &bound {
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => bound = bind(next),
            _ => break,
        }
    }
    let named = bound.and_then(|listener| Ok((listener.local_addr()?, listener)));
    let (address, listener) = named.map_err(|error| cannot_listen(&error))?;
    Ok((listener, format!("http://{address}")))
}

fn cannot_listen(error: &std::io::Error) -> Box<Diagnostic> {
    let found = Diagnostic::in_file("cannot-listen", "127.0.0.1", format!("cannot be listened on: {error}"));
    Box::new(found.help("name another port with --port"))
}
