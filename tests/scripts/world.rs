//! A site on disk that is edited and built again and again, and beside it the same site built anew each time; it knows
//! what must be equal, not what scripts are made of.

use std::any::Any;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::RwLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use jiff::Timestamp;
use rayon::ThreadPool;
use relais::diag::{self, Format};
use relais::session::Session;
use relais::url::{Base, Rebase};
use relais::{Keeping, Options, Progress, Report};

use crate::edits::{self, Edit};
use crate::random::Random;
use crate::site::{DAYS, Files, Site};
use crate::support::{self, MANIFEST};

/// The journal's name: it is there only while a build moves files.
const JOURNAL: &str = ".relais-manifest.pending";

/// What two builds disagree about.
#[derive(Debug)]
pub(crate) struct Failure {
    /// A few words, by which the same failure is known again.
    pub(crate) kind: &'static str,
    pub(crate) text: String,
}

type Checked<T> = Result<T, Failure>;

/// What was tried, so that one can see that something was.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Stats {
    pub(crate) checks: usize,
    /// Checks of sites with errors.
    pub(crate) faulty: usize,
    pub(crate) interrupted: usize,
    /// Checks of a session that goes on.
    pub(crate) served: usize,
    /// Those of them that did not load the whole site.
    pub(crate) quick: usize,
    pub(crate) written: usize,
    pub(crate) kept: usize,
}

impl Stats {
    pub(crate) fn add(&mut self, other: Stats) {
        self.checks += other.checks;
        self.faulty += other.faulty;
        self.interrupted += other.interrupted;
        self.served += other.served;
        self.quick += other.quick;
        self.written += other.written;
        self.kept += other.kept;
    }
}

/// How changed files get onto the disk.
#[derive(Clone, Copy, Debug)]
enum Manner {
    Written,
    /// Written under another name, then renamed, as many editors do.
    Exchanged,
    /// With the time that the file had before.
    SameTime,
    /// With a time before any other, as archives and checkouts leave it.
    OldTime,
}

/// What a build said and did.
struct Said {
    /// Files written, kept and deleted; `None` where errors stand.
    done: Option<(usize, usize, usize)>,
    /// Findings, as people read them, with the summary's notes.
    text: String,
}

pub(crate) struct World<'p> {
    site: PathBuf,
    anew: PathBuf,
    many: &'p ThreadPool,
    model: Site,
    /// `urls.lock`, once the site has been published.
    ledger: Option<Vec<u8>>,
    on_disk: Files,
    anew_on_disk: Files,
    at: Timestamp,
    drafts: bool,
    base_url: Option<&'static str>,
    /// Whether builds are those of a session, as far as others let it go on.
    is_served: bool,
    session: Option<Session>,
    /// What was changed since the session's last build.
    changed: Vec<PathBuf>,
    /// The output folder as the last build left it; `None` where others have been at it since.
    last: Option<Files>,
    /// Files that others put into the output folder.
    strangers: Files,
    /// Folders that others put in the place of outputs.
    litter: BTreeSet<String>,
    /// Earlier states of the cache.
    caches: Vec<Files>,
    pub(crate) stats: Stats,
}

/// Ends a build as a crash does.
struct Killed;

/// Counts outputs, and kills the build at one of them.
struct Watch {
    kill_at: Option<usize>,
    made: AtomicUsize,
}

impl Progress for Watch {
    fn planned(&self, _: usize) {}

    fn made(&self) {
        if Some(self.made.fetch_add(1, Ordering::Relaxed)) == self.kill_at {
            resume_unwind(Box::new(Killed) as Box<dyn Any + Send>);
        }
    }
}

/// A new process holds the locks of this one until it has become another program.
static SPAWNING: RwLock<()> = RwLock::new(());

impl<'p> World<'p> {
    pub(crate) fn new(place: &Path, many: &'p ThreadPool, is_served: bool) -> World<'p> {
        let (site, anew) = (place.join("site"), place.join("anew"));
        for folder in [&site, &anew] {
            let _ = fs::remove_dir_all(folder);
            fs::create_dir_all(folder).unwrap();
        }
        World {
            site,
            anew,
            many,
            model: Site::default(),
            ledger: None,
            on_disk: Files::new(),
            anew_on_disk: Files::new(),
            at: instant(0, 0),
            drafts: false,
            base_url: None,
            is_served,
            session: None,
            changed: Vec::new(),
            last: None,
            strangers: Files::new(),
            litter: BTreeSet::new(),
            caches: Vec::new(),
            stats: Stats::default(),
        }
    }

    /// Lets the site grow before its first build.
    pub(crate) fn grow(&mut self, word: u64) -> String {
        edits::grow(&mut self.model, &mut Random::new(word)).told
    }

    /// Does one step and says what it was; most steps end with both builds.
    pub(crate) fn step(&mut self, word: u64, log: &mut Vec<String>) -> Checked<()> {
        let mut random = Random::new(word);
        let mut is_hidden = false;
        let told = match random.below(100) {
            0..=24 if self.session.is_some() => edits::bodies(&mut self.model, &mut random),
            0..=63 => {
                let Edit { mut told, moved } = edits::change(&mut self.model, &mut random);
                if let Some((from, to)) = moved {
                    self.rename(&from, &to);
                }
                if random.percent(15) {
                    let _ = write!(told, "; {}", edits::change(&mut self.model, &mut random).told);
                }
                told
            }
            64..=65 => self.publish(),
            66 => {
                self.ledger = None;
                "deletes urls.lock".to_owned()
            }
            67..=71 => {
                self.at = instant(random.below(DAYS.len()), random.below(6));
                format!("sets the clock to {}", self.at)
            }
            72..=73 => {
                self.drafts = !self.drafts;
                self.session = None;
                format!("sets --drafts to {}", self.drafts)
            }
            74 => {
                self.session = None;
                self.base_url = if self.base_url.is_some() { None } else { Some("https://staging.example/x/") };
                format!("sets --base-url to {:?}", self.base_url)
            }
            75..=82 => self.damage(&mut random),
            83..=91 => self.cache(&mut random),
            92..=97 => self.touch(&mut random),
            _ => {
                self.put(Manner::Written);
                std::thread::sleep(Duration::from_millis(120));
                log.push("waits until files are old".to_owned());
                self.check(&mut random, log)?;
                is_hidden = true;
                edits::same_length(&mut self.model, &mut random)
            }
        };
        let manner = match random.below(10) {
            _ if is_hidden => Manner::SameTime,
            0 => Manner::Exchanged,
            1..=2 => Manner::SameTime,
            3 => Manner::OldTime,
            _ => Manner::Written,
        };
        let changed = self.put(manner);
        let more = if changed.len() > 6 { format!(", and {} more", changed.len() - 6) } else { String::new() };
        let shown = changed.iter().take(6).cloned().collect::<Vec<_>>().join(", ");
        log.push(if changed.is_empty() { told } else { format!("{told} [{manner:?}: {shown}{more}]") });
        if is_hidden || random.percent(70) { self.check(&mut random, log) } else { Ok(()) }
    }

    /// Makes the site's files what the model says, and returns which were changed.
    fn put(&mut self, manner: Manner) -> Vec<String> {
        let mut files = self.model.files();
        files.extend(self.ledger.iter().map(|ledger| ("urls.lock".to_owned(), ledger.clone())));
        let changed = put(&self.site, &mut self.on_disk, files, manner);
        self.changed.extend(changed.iter().map(|path| self.site.join(path.trim_start_matches("- "))));
        changed
    }

    /// A build elsewhere writes down what is published.
    fn publish(&mut self) -> String {
        self.put(Manner::Written);
        put(&self.anew, &mut self.anew_on_disk, self.on_disk.clone(), Manner::Written);
        let options = Options { drafts: false, ledger: Keeping::Write, ..self.options(&self.anew, true) };
        match library(&options, None).and_then(|report| report.done) {
            Some(_) => {
                self.ledger = fs::read(self.anew.join("urls.lock")).ok();
                // It lies there now, and has to go when it goes here.
                self.anew_on_disk.extend(self.ledger.iter().map(|ledger| ("urls.lock".to_owned(), ledger.clone())));
                format!("publishes {} bytes of urls.lock", self.ledger.as_ref().map_or(0, Vec::len))
            }
            None => "cannot publish what has errors".to_owned(),
        }
    }

    fn rename(&mut self, from: &str, to: &str) {
        let (old, new) = (self.site.join(from), self.site.join(to));
        if !old.is_dir() || new.exists() {
            return;
        }
        fs::create_dir_all(new.parent().unwrap()).unwrap();
        fs::rename(&old, &new).unwrap();
        let prefix = format!("{from}/");
        let moved: Vec<String> = self.on_disk.keys().filter(|path| path.starts_with(&prefix)).cloned().collect();
        for path in moved {
            let bytes = self.on_disk.remove(&path).unwrap();
            let new = format!("{to}/{}", &path[prefix.len()..]);
            self.changed.extend([self.site.join(path), self.site.join(&new)]);
            self.on_disk.insert(new, bytes);
        }
        prune(&self.site, from);
    }

    fn out(&self) -> PathBuf {
        self.site.join("public")
    }

    /// Somebody is at the output folder.
    fn damage(&mut self, random: &mut Random) -> String {
        let out = self.out();
        let found = tree(&out);
        let ours: Vec<&String> =
            found.keys().filter(|path| !path.starts_with(MANIFEST) && !path.ends_with('/')).collect();
        let Some(path) = random.any(ours.into_iter()).cloned() else { return "finds no output".to_owned() };
        if self.strangers.contains_key(&path) || self.litter.iter().any(|l| path.starts_with(&format!("{l}/"))) {
            return "leaves a stranger's file alone".to_owned();
        }
        let file = out.join(&path);
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        (self.last, self.session) = (None, None);
        match random.below(12) {
            0..=2 => {
                fs::remove_file(file).unwrap();
                format!("deletes the output {path}")
            }
            3..=5 => {
                let bytes = &found[&path];
                fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
                format!("truncates the output {path}")
            }
            6 => {
                fs::write(file, [&found[&path][..], b"more"].concat()).unwrap();
                format!("adds to the output {path}")
            }
            7..=8 => {
                fs::remove_file(&file).unwrap();
                fs::create_dir(&file).unwrap();
                fs::write(file.join("stranger"), "strange").unwrap();
                self.litter.insert(path.clone());
                format!("puts a folder in the place of the output {path}")
            }
            9 if !folder.is_empty() => {
                fs::remove_dir_all(out.join(&folder)).unwrap();
                self.forget_strangers(&folder);
                if random.percent(50) {
                    return format!("deletes the output folder {folder}/");
                }
                fs::write(out.join(&folder), "a file").unwrap();
                self.litter.insert(folder.clone());
                format!("puts a file in the place of the output folder {folder}/")
            }
            10 => {
                fs::remove_dir_all(&out).unwrap();
                self.forget_strangers("");
                "deletes all output".to_owned()
            }
            _ => {
                let path = format!("{folder}/stranger").trim_start_matches('/').to_owned();
                fs::write(out.join(&path), "strange").unwrap();
                self.strangers.insert(path.clone(), b"strange".to_vec());
                format!("puts {path} into the output folder")
            }
        }
    }

    fn forget_strangers(&mut self, folder: &str) {
        let below = |path: &String| folder.is_empty() || path.starts_with(&format!("{folder}/"));
        self.strangers.retain(|path, _| !below(path));
        self.litter.retain(|path| !below(path));
    }

    /// Somebody is at the cache.
    fn cache(&mut self, random: &mut Random) -> String {
        let folder = self.site.join(".relais");
        let found = without_locks(tree(&folder));
        let file =
            random.any(found.keys().filter(|path| !path.ends_with('/')).collect::<Vec<_>>().into_iter()).cloned();
        let earlier = random.any(self.caches.iter()).cloned();
        match (random.below(14), file, earlier) {
            (0, ..) => {
                let _ = fs::remove_dir_all(&folder);
                "deletes the cache".to_owned()
            }
            (1..=4, Some(path), _) => {
                let mut bytes = found[&path].clone();
                for _ in 0..=random.below(3) {
                    if !bytes.is_empty() {
                        let at = random.below(bytes.len());
                        bytes[at] ^= 1 << random.below(8);
                    }
                }
                fs::write(folder.join(&path), bytes).unwrap();
                format!("corrupts .relais/{path}")
            }
            (5, Some(path), _) => {
                let bytes = &found[&path];
                fs::write(folder.join(&path), &bytes[..random.below(bytes.len() + 1)]).unwrap();
                format!("truncates .relais/{path}")
            }
            (6, Some(path), _) => {
                fs::remove_file(folder.join(&path)).unwrap();
                if random.percent(50) {
                    return format!("deletes .relais/{path}");
                }
                fs::create_dir_all(folder.join(&path).join("folder")).unwrap();
                format!("puts a folder in the place of .relais/{path}")
            }
            (7..=8, _, Some(earlier)) => {
                let _ = fs::remove_dir_all(&folder);
                write_all(&folder, &earlier);
                "brings an earlier cache back".to_owned()
            }
            (9..=10, _, Some(earlier)) => {
                let Some(path) =
                    random.any(earlier.keys().filter(|p| !p.ends_with('/')).collect::<Vec<_>>().into_iter())
                else {
                    return "finds no earlier cache".to_owned();
                };
                write_all(&folder, &Files::from([(path.clone(), earlier[path].clone())]));
                format!("brings an earlier .relais/{path} back")
            }
            (11..=12, ..) => {
                let other = without_locks(tree(&self.anew.join(".relais")));
                write_all(&folder, &other);
                "takes the cache of another machine".to_owned()
            }
            _ => {
                self.caches.truncate(2);
                self.caches.insert(0, found);
                "copies the cache".to_owned()
            }
        }
    }

    /// Times of files change, not what they hold.
    fn touch(&mut self, random: &mut Random) -> String {
        let Some(path) = random.any(self.on_disk.keys()).cloned() else { return "finds no file".to_owned() };
        let disk = self.site.join(&path);
        self.changed.push(disk.clone());
        match random.below(4) {
            0 => {
                set_time(&disk, SystemTime::now());
                format!("touches {path}")
            }
            1 => {
                set_time(&disk, old());
                format!("sets the time of {path} back")
            }
            2 => {
                fs::write(&disk, &self.on_disk[&path]).unwrap();
                format!("writes {path} as it was")
            }
            _ => {
                for path in self.on_disk.keys() {
                    set_time(&self.site.join(path), old());
                }
                "sets the time of all files back".to_owned()
            }
        }
    }

    fn options(&self, site: &Path, full: bool) -> Options {
        Options {
            site: site.to_owned(),
            out: site.join("public"),
            base_url: self.base_url.map(|url| Rebase::Address(Base::parse(url).unwrap())),
            at: self.at,
            drafts: self.drafts,
            full,
            ledger: Keeping::Read,
        }
    }

    /// Builds the site as it is, and the same site anew, and compares.
    pub(crate) fn check(&mut self, random: &mut Random, log: &mut Vec<String>) -> Checked<()> {
        let out = self.out();
        self.put(Manner::Written);
        put(&self.anew, &mut self.anew_on_disk, self.on_disk.clone(), Manner::Written);
        for folder in ["public", ".relais"] {
            let _ = fs::remove_dir_all(self.anew.join(folder));
        }
        let anew = said(&library(&self.options(&self.anew, false), None).unwrap());
        let expected = anew.done.map(|_| tree(&self.anew.join("public")));
        let how = random.below(200);
        if how < 12 {
            self.interrupted(how, random, log)?;
        }
        let before = (how >= 192 || expected.is_none()).then(|| tree(&out));
        let full = how == 12;
        let options = self.options(&self.site, full);
        let is_served = self.is_served && !full && how != 13;
        let incremental = match how {
            0 | 13 => binary(&options, random.of(&["1", "2", "8"])),
            _ if is_served => self.serve(),
            14..=40 => self.many.install(|| said(&library(&options, None).unwrap())),
            _ => said(&library(&options, None).unwrap()),
        };
        if !is_served {
            self.session = None;
        }
        self.stats.checks += 1;
        if incremental.text != anew.text {
            let text = support::diff(&anew.text, &incremental.text);
            return Err(Failure {
                kind: "findings",
                text: format!("findings of a full build (-), of this one (+):\n{text}"),
            });
        }
        let Some(expected) = expected else {
            self.stats.faulty += 1;
            return self.untouched(before.as_ref().unwrap_or(&Files::new()), &tree(&out), incremental.done);
        };
        let Some(done) = incremental.done else {
            return Err(Failure { kind: "stopped", text: "only a full build succeeds".into() });
        };
        // What others put in an output's place goes with it, and is nobody's count.
        let is_littered = !self.litter.is_empty();
        self.compare(&expected, tree(&out))?;
        self.count(&expected, done, full || is_littered)?;
        if self.site.join(".public.relais-stage").exists() {
            return Err(Failure { kind: "stage", text: "a stage is left".into() });
        }
        let found = tree(&out);
        if how >= 192
            && let Some(before) =
                before.filter(|before| self.last.is_some() && before.get(MANIFEST) != found.get(MANIFEST))
            && self.litter.is_empty()
        {
            log.push(interrupt_commit(&self.site, &before, &found, random));
            self.stats.interrupted += 1;
            (self.last, self.session) = (None, None);
            if random.percent(50) {
                return self.check(&mut Random::new(random.word() | 1), log);
            }
            return Ok(());
        }
        self.last = Some(found);
        Ok(())
    }

    /// A build of the session, which is told what was changed since its last one.
    fn serve(&mut self) -> Said {
        let changed = std::mem::take(&mut self.changed);
        let known = self.session.is_some().then_some(changed.as_slice());
        self.stats.served += usize::from(known.is_some());
        let options = self.options(&self.site, false);
        let session = self.session.get_or_insert_with(|| Session::new(options));
        let _builds = SPAWNING.read();
        let report = session.build(self.at, known, &Watch { kill_at: None, made: AtomicUsize::new(0) });
        self.stats.quick += usize::from(report.timings.iter().all(|(phase, _)| *phase != "load"));
        said(&report)
    }

    fn untouched(&self, before: &Files, after: &Files, done: Option<(usize, usize, usize)>) -> Checked<()> {
        if done.is_some() {
            return Err(Failure { kind: "no error", text: "a full build finds errors, this one succeeds".into() });
        }
        match differences(before, after) {
            text if text.is_empty() => Ok(()),
            text => Err(Failure { kind: "touched", text: format!("errors stand and the output was touched:\n{text}") }),
        }
    }

    /// Compares the output folder with that of a full build, but for what others put there.
    fn compare(&mut self, expected: &Files, mut found: Files) -> Checked<()> {
        for (path, bytes) in &self.strangers {
            if found.remove(path).as_ref() != Some(bytes) {
                return Err(Failure { kind: "stranger", text: format!("the stranger's file {path} is not as it was") });
            }
        }
        let foreign = |path: &str| {
            let in_litter =
                |litter: &String| path.strip_prefix(litter).is_some_and(|r| r.is_empty() || r.starts_with('/'));
            self.litter.iter().any(in_litter)
                || (path.ends_with('/') && self.strangers.keys().chain(&self.litter).any(|p| p.starts_with(path)))
        };
        found.retain(|path, _| expected.contains_key(path) || !foreign(path));
        self.litter.retain(|path| !expected.keys().any(|e| e == path || e.starts_with(&format!("{path}/"))));
        match differences(expected, &found) {
            text if text.is_empty() => Ok(()),
            text => {
                Err(Failure { kind: "output", text: format!("a full build (-) differs from this one (+):\n{text}") })
            }
        }
    }

    /// The summary tells what changed, and nothing is written that was there.
    fn count(&mut self, expected: &Files, done: (usize, usize, usize), full: bool) -> Checked<()> {
        self.stats.written += done.0;
        self.stats.kept += done.1;
        let Some(last) = self.last.as_ref().filter(|_| !full) else { return Ok(()) };
        let is_output = |path: &String| path != MANIFEST && !path.ends_with('/') && !self.strangers.contains_key(path);
        let written = expected.iter().filter(|(path, bytes)| is_output(path) && last.get(*path) != Some(bytes)).count();
        let deleted = last.keys().filter(|path| is_output(path) && !expected.contains_key(*path)).count();
        let kept = expected.keys().filter(|path| is_output(path)).count() - written;
        let counted = (written, kept, deleted);
        if done != counted {
            let text = format!("written, kept, deleted: {done:?} according to the summary, {counted:?} in the folder");
            return Err(Failure { kind: "count", text });
        }
        Ok(())
    }

    /// A build that ends before its end.
    fn interrupted(&mut self, how: usize, random: &mut Random, log: &mut Vec<String>) -> Checked<()> {
        self.stats.interrupted += 1;
        (self.last, self.session) = (None, None);
        let options = self.options(&self.site, false);
        if how <= 2 {
            static LONGEST: AtomicUsize = AtomicUsize::new(20_000);
            let (wait, moves) = (random.below(LONGEST.load(Ordering::Relaxed)), random.percent(60));
            let journal = self.out().join(JOURNAL);
            let started = Instant::now();
            let mut child = spawn(&options, "2");
            // Most of the time nothing is moved: the most delicate moments are those after the journal is there.
            while moves && !journal.exists() && child.try_wait().is_ok_and(|status| status.is_none()) {
                std::hint::spin_loop();
            }
            let (from, wait) = if moves { (Instant::now(), wait % 500) } else { (started, wait) };
            while from.elapsed() < Duration::from_micros(wait as u64) {
                std::hint::spin_loop();
            }
            let _ = child.kill();
            if child.wait().is_ok_and(|status| status.success()) {
                LONGEST.store(started.elapsed().as_micros() as usize + 1, Ordering::Relaxed);
            }
            let since = if moves { " of moving files" } else { "" };
            log.push(format!("kills a build after {wait} µs{since}"));
            return Ok(());
        }
        let kill_at = random.below(60);
        let result = library(&options, Some(kill_at));
        log.push(format!("kills a build at output {kill_at}: {}", if result.is_none() { "done" } else { "too late" }));
        Ok(())
    }
}

/// A build in this process; `None` where it was killed.
fn library(options: &Options, kill_at: Option<usize>) -> Option<Report> {
    let _builds = SPAWNING.read();
    let watch = Watch { kill_at, made: AtomicUsize::new(0) };
    match catch_unwind(AssertUnwindSafe(|| relais::build(options, &watch))) {
        Ok(report) => Some(report),
        Err(cause) if cause.is::<Killed>() => None,
        Err(cause) => resume_unwind(cause),
    }
}

fn said(report: &Report) -> Said {
    let mut text = diag::render(&report.diagnostics, &report.sources, Format::Human, false);
    text.push_str(&diag::render(&report.diagnostics, &report.sources, Format::Json, false));
    let done = report.done.as_ref().map(|done| {
        let _ = writeln!(text, "{} entries, {:?}, {:?}", done.entries, done.texts, done.notes);
        (done.outcome.written, done.outcome.kept, done.outcome.deleted)
    });
    Said { done, text }
}

fn spawn(options: &Options, jobs: &str) -> std::process::Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_relais"));
    command.args(["build", "--jobs", jobs, "--format", "json"]).arg("--at").arg(options.at.to_string());
    if let Some(Rebase::Address(base)) = &options.base_url {
        command.args(["--base-url", &format!("{}{}", base.origin, base.path)]);
    }
    command.args(options.drafts.then_some("--drafts")).current_dir(&options.site);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let _no_builds = SPAWNING.write();
    command.spawn().unwrap()
}

/// A build by the program. What it says must be what the library says of the same site right after it, but for the
/// counts.
fn binary(options: &Options, jobs: &str) -> Said {
    let output = spawn(options, jobs).wait_with_output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = stdout.lines().find(|line| line.contains(" written, ")).unwrap_or_default();
    let counts: Vec<usize> = line.split(' ').filter_map(|word| word.parse().ok()).collect();
    let after = said(&library(options, None).unwrap());
    let stderr: String = String::from_utf8_lossy(&output.stderr)
        .lines()
        .filter(|line| !line.starts_with("ICU4X data error: "))
        .map(|line| format!("{line}\n"))
        .collect();
    let text = if after.text.contains(stderr.trim_end()) { after.text } else { stderr };
    let done = match counts[..] {
        [written, kept, deleted] if output.status.success() => Some((written, kept, deleted)),
        _ => None,
    };
    Said { done, text }
}

/// Leaves the output folder as a commit leaves it that dies between two of its steps.
fn interrupt_commit(site: &Path, before: &Files, after: &Files, random: &mut Random) -> String {
    let (out, stage) = (site.join("public"), site.join(".public.relais-stage"));
    let is_output = |path: &String| path != MANIFEST && !path.ends_with('/');
    let staged: Vec<&String> = after
        .iter()
        .filter(|(path, bytes)| is_output(path) && before.get(*path) != Some(bytes))
        .map(|(p, _)| p)
        .collect();
    let new = listed(after);
    let stale: Vec<String> = listed(before).into_iter().filter(|path| !new.contains(path)).collect();
    let _ = fs::remove_dir_all(&out);
    write_all(&out, before);
    for path in &staged {
        let bytes = &after[*path];
        let length = if random.percent(90) { bytes.len() } else { random.below(bytes.len() + 1) };
        write_all(&stage, &Files::from([((*path).clone(), bytes[..length].to_vec())]));
    }
    if !before.contains_key(MANIFEST) {
        // A first build appears at once, or not at all.
        return "a first build dies before it is in place".to_owned();
    }
    let mut journal = String::from("relais-pending 1\n");
    for path in staged.iter().map(|path| path.as_str()).chain(stale.iter().map(String::as_str)) {
        let _ = writeln!(journal, "{path}");
    }
    journal.push_str(".\n");
    let is_cut = random.percent(20);
    let length = if is_cut { random.below(journal.len()) } else { journal.len() };
    fs::write(out.join(JOURNAL), &journal[..length]).unwrap();
    let steps = stale.len() + staged.len();
    // Nothing is moved before the disk has the whole journal.
    let done = if is_cut { 0 } else { random.below(steps + 1) };
    for path in stale.iter().take(done) {
        let _ = fs::remove_file(out.join(path));
        prune(&out, path);
    }
    for path in staged.iter().take(done.saturating_sub(stale.len())) {
        write_all(&out, &Files::from([((*path).clone(), after[*path].clone())]));
    }
    let manifest = &after[MANIFEST];
    let last = if done == steps { random.below(3) } else { 0 };
    match last {
        0 => {}
        1 => fs::write(out.join(format!("{MANIFEST}.new")), &manifest[..random.below(manifest.len())]).unwrap(),
        _ => fs::write(out.join(MANIFEST), manifest).unwrap(),
    }
    let cut = if is_cut { ", its journal cut short" } else { "" };
    let manifest = ["", ", the new manifest half written", ", the manifest written"][last];
    format!("a commit dies after {done} of {} deletions and {} moves{cut}{manifest}", stale.len(), staged.len())
}

/// The paths in a folder's manifest.
fn listed(files: &Files) -> BTreeSet<String> {
    let text = files.get(MANIFEST).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
    text.lines().filter_map(|line| Some(line.rsplit_once('\t')?.1.to_owned())).collect()
}

fn instant(day: usize, hour: usize) -> Timestamp {
    let hour = ["00:00", "12:00", "15:00", "16:00", "22:30", "23:59"][hour];
    format!("{}T{hour}:00Z", DAYS[day]).parse().unwrap()
}

fn old() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)
}

fn set_time(path: &Path, time: SystemTime) {
    let _ = File::options().write(true).open(path).and_then(|file| file.set_modified(time));
}

/// Makes the files below a folder those that are wanted, and returns which changed.
fn put(root: &Path, there: &mut Files, wanted: Files, manner: Manner) -> Vec<String> {
    let mut changed = Vec::new();
    for path in there.keys().filter(|path| !wanted.contains_key(*path)) {
        fs::remove_file(root.join(path)).unwrap();
        prune(root, path);
        changed.push(format!("- {path}"));
    }
    for (path, bytes) in wanted.iter().filter(|(path, bytes)| there.get(*path) != Some(bytes)) {
        changed.push(path.clone());
        let disk = root.join(path);
        let time = fs::metadata(&disk).and_then(|metadata| metadata.modified());
        match manner {
            Manner::Exchanged if disk.exists() => {
                let new = root.join(".editor");
                fs::write(&new, bytes).unwrap();
                fs::rename(new, disk).unwrap();
            }
            _ => {
                support::write(root, path, bytes);
                match (manner, time) {
                    (Manner::SameTime, Ok(time)) => set_time(&disk, time),
                    (Manner::OldTime, _) => set_time(&disk, old()),
                    _ => {}
                }
            }
        }
    }
    *there = wanted;
    changed
}

/// Deletes the folders of a path that hold nothing any more.
fn prune(root: &Path, path: &str) {
    let mut folder = path;
    while let Some((parent, _)) = folder.rsplit_once('/') {
        if fs::remove_dir(root.join(parent)).is_err() {
            break;
        }
        folder = parent;
    }
}

/// Files below a folder by path, and folders, whose paths end with a slash.
fn tree(root: &Path) -> Files {
    fn walk(folder: &Path, prefix: &str, out: &mut Files) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for entry in entries.filter_map(Result::ok) {
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                let prefix = format!("{path}/");
                walk(&entry.path(), &prefix, out);
                out.insert(prefix, Vec::new());
            } else {
                out.insert(path, fs::read(entry.path()).unwrap_or_default());
            }
        }
    }
    let mut out = Files::new();
    walk(root, "", &mut out);
    out
}

fn write_all(root: &Path, files: &Files) {
    for (path, bytes) in files.iter().filter(|(path, _)| !path.ends_with('/')) {
        // Where somebody has put a folder in the way, it stays.
        if !root.join(path).is_dir() {
            support::write(root, path, bytes);
        }
    }
}

fn without_locks(mut files: Files) -> Files {
    files.retain(|path, _| !path.starts_with("lock-"));
    files
}

fn differences(expected: &Files, found: &Files) -> String {
    let mut text = String::new();
    for change in support::changes(expected, found) {
        let path = &change[2..];
        let _ = writeln!(text, "{change}");
        if let (Some(a), Some(b)) = (expected.get(path), found.get(path)) {
            let (a, b) = (String::from_utf8_lossy(a), String::from_utf8_lossy(b));
            text.extend(support::diff(&a, &b).split_inclusive('\n').take(12));
        }
    }
    text
}
