//! The command line: what was asked, how diagnostics and the summary are shown, with which status the program ends.

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use clap::{Args, Parser, Subcommand};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::diag::{self, Diagnostic, Format, Level};
use crate::explain::Explanation;
use crate::load::Keeping;
use crate::serve::{self, Console};
use crate::source::Sources;
use crate::url::{Base, Rebase};
use crate::{Done, Options, Progress, Report};

/// Turns a folder of facts and texts into a static portal in several languages.
#[derive(Debug, Parser)]
#[command(name = "relais", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the site into its output folder
    Build(Build),
    /// Say what an output depends on, and whether a build would render it
    Explain(Explain),
    /// Show the site on this computer, drafts included, and follow every change of its files
    Serve(Serve),
    /// Say when the site changes by itself, and which of its files: nothing is written
    ///
    /// Deadlines pass, calls open, events end: pages that say so are right only if the site is built again then. This
    /// prints the next instant at which any output changes, so that a scheduler can build at that instant and at no other.
    NextChange(NextChange),
    /// Fetch the partners' feeds that relais.yaml names into files of the site
    Pull(Pull),
}

#[derive(Debug, Args)]
struct Pull {
    /// The site's folder: the one that holds relais.yaml
    #[arg(default_value = ".")]
    site: PathBuf,
    /// Pull as of this instant [default: SOURCE_DATE_EPOCH, or now]
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    at: Option<Timestamp>,
    /// How diagnostics are written to stderr
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Args)]
struct Build {
    /// The site's folder: the one that holds relais.yaml
    #[arg(default_value = ".")]
    site: PathBuf,
    /// Output folder [default: public/ in the site's folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace base_url of relais.yaml
    #[arg(long, value_name = "URL", value_parser = base_url)]
    base_url: Option<Base>,
    /// Build as of this instant, such as 2023-10-01T00:00Z [default: SOURCE_DATE_EPOCH, or now]
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    at: Option<Timestamp>,
    /// Build drafts and scheduled entries too
    #[arg(long)]
    drafts: bool,
    /// Read and render everything anew, whatever earlier builds remembered
    #[arg(long)]
    full: bool,
    /// Fail if urls.lock would have to change, as on a server that builds what was committed
    #[arg(long)]
    locked: bool,
    /// Number of threads [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    jobs: Option<u16>,
    /// Say how long each phase took
    #[arg(long)]
    timings: bool,
    /// How diagnostics are written to stderr
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Args)]
struct NextChange {
    /// The site's folder: the one that holds relais.yaml
    #[arg(default_value = ".")]
    site: PathBuf,
    /// Look for changes after this instant, such as 2023-10-01T00:00Z [default: SOURCE_DATE_EPOCH, or now]
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    at: Option<Timestamp>,
    /// Look no further than this instant
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    until: Option<Timestamp>,
    /// Output folder of the builds, for what they remember [default: public/ in the site's folder]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How the answer is written to stdout, and errors of the site to stderr
    #[arg(long, value_enum, default_value_t)]
    format: Shape,
}

/// For people or for programs.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Shape {
    /// The instant on a line of its own, then why, and some of the outputs
    #[default]
    Human,
    /// One JSON document with all outputs
    Json,
}

#[derive(Debug, Args)]
struct Explain {
    /// The output: a path below the output folder, or a page's address
    path: String,
    #[command(flatten)]
    build: Build,
}

#[derive(Debug, Args)]
struct Serve {
    /// The site's folder: the one that holds relais.yaml
    #[arg(default_value = ".")]
    site: PathBuf,
    /// Port on 127.0.0.1; the next free one if it is taken, any if 0
    #[arg(long, value_name = "N", default_value_t = 4000)]
    port: u16,
    /// Build as of this instant [default: SOURCE_DATE_EPOCH, or the moment of each build]
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    at: Option<Timestamp>,
    /// Number of threads [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    jobs: Option<u16>,
}

fn base_url(text: &str) -> Result<Base, &'static str> {
    Base::parse(text)
}

/// An instant with its offset (RFC 3339, seconds optional), or a day in UTC.
fn instant(text: &str) -> Result<Timestamp, String> {
    let utc = |text: &str| text.parse::<DateTime>().ok().and_then(|dt| dt.to_zoned(jiff::tz::TimeZone::UTC).ok());
    let parsed = text.parse::<Timestamp>().ok();
    let parsed =
        parsed.or_else(|| text.parse::<jiff::civil::Date>().ok().and_then(|_| utc(text)).map(|z| z.timestamp()));
    parsed.ok_or_else(|| "write an instant with its offset, such as 2023-10-01T00:00Z or 2023-10-01T02:00+02:00".into())
}

/// Says what time it is.
pub type Clock = fn() -> Timestamp;

/// Runs the program: status 0 done, 1 the content has errors, 2 wrong usage.
pub fn run(args: impl IntoIterator<Item = OsString>, source_date_epoch: Option<&str>, clock: Clock) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let epoch =
        match source_date_epoch.map(|text| text.parse::<i64>().ok().and_then(|s| Timestamp::from_second(s).ok())) {
            Some(None) => {
                eprintln!("error: SOURCE_DATE_EPOCH must be a number of seconds since 1970");
                return ExitCode::from(2);
            }
            epoch => epoch.flatten(),
        };
    let jobs = match &cli.command {
        Command::Build(Build { jobs, .. })
        | Command::Explain(Explain { build: Build { jobs, .. }, .. })
        | Command::Serve(Serve { jobs, .. }) => *jobs,
        Command::NextChange(_) | Command::Pull(_) => None,
    };
    if let Some(jobs) = jobs {
        // Fails only where the pool is there already, which it is not.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs.into()).build_global();
    }
    match cli.command {
        Command::Build(build) => self::build(build, epoch, clock),
        Command::Explain(Explain { path, build }) => self::explain(&options(build, epoch, clock), &path),
        Command::Serve(serve) => self::serve(serve, epoch, clock),
        Command::NextChange(asked) => self::next_change(asked, epoch, clock),
        Command::Pull(pull) => self::pull(&pull, epoch, clock),
    }
}

fn options(build: Build, epoch: Option<Timestamp>, clock: Clock) -> Options {
    Options {
        out: build.out.unwrap_or_else(|| build.site.join("public")),
        site: build.site,
        base_url: build.base_url.map(Rebase::Address),
        at: build.at.or(epoch).unwrap_or_else(clock),
        drafts: build.drafts,
        full: build.full,
        ledger: match (build.locked, build.at.is_some() || build.drafts) {
            (true, _) => Keeping::Locked,
            (false, true) => Keeping::Read,
            (false, false) => Keeping::Write,
        },
    }
}

fn build(build: Build, epoch: Option<Timestamp>, clock: Clock) -> ExitCode {
    let (format, with_timings) = (build.format, build.timings);
    let options = options(build, epoch, clock);
    let started = Instant::now();
    let bar = Bar::default();
    let report = crate::build(&options, &bar);
    bar.clear();
    show(&report, format, started.elapsed());
    if with_timings {
        eprint!("{}", timings(&report));
    }
    let status = if report.done.is_some() { ExitCode::SUCCESS } else { ExitCode::from(1) };
    // The system takes the memory back at once; freeing it piece by piece would only take time.
    std::mem::forget(report);
    status
}

fn explain(options: &Options, path: &str) -> ExitCode {
    let found = match crate::load::find_site(&options.site) {
        Ok(()) => crate::explain::explain(options, path),
        Err(problem) => Explanation::Unknown(human(&[*problem], &Sources::default())),
    };
    match found {
        Explanation::Found(text) => {
            print!("{text}");
            return ExitCode::SUCCESS;
        }
        Explanation::Unknown(text) => eprintln!("{text}"),
        Explanation::Errors => eprintln!("error: the site has errors; `relais build` shows them"),
    }
    ExitCode::from(1)
}

fn next_change(asked: NextChange, epoch: Option<Timestamp>, clock: Clock) -> ExitCode {
    let options = Options {
        out: asked.out.unwrap_or_else(|| asked.site.join("public")),
        site: asked.site,
        base_url: None,
        at: asked.at.or(epoch).unwrap_or_else(clock),
        drafts: false,
        full: false,
        ledger: if asked.at.is_some() { Keeping::Read } else { Keeping::Write },
    };
    if asked.until.is_some_and(|until| until <= options.at) {
        eprintln!("error: --until must be later than {}", options.at);
        return ExitCode::from(2);
    }
    let report = crate::next_change::next_change(&options, asked.until);
    let text = match asked.format {
        Shape::Human => human(&report.diagnostics, &report.sources),
        Shape::Json if report.answer.is_some() => String::new(),
        Shape::Json => diag::render(&report.diagnostics, &report.sources, Format::Json, false),
    };
    let _ = anstream::stderr().write_all(text.as_bytes());
    let Some(answer) = &report.answer else { return ExitCode::from(1) };
    let text = match asked.format {
        Shape::Human => answer.words(asked.until),
        Shape::Json => answer.json(),
    };
    let _ = writeln!(anstream::stdout(), "{text}");
    ExitCode::SUCCESS
}

fn pull(pull: &Pull, epoch: Option<Timestamp>, clock: Clock) -> ExitCode {
    let report = crate::pull::pull(&pull.site, pull.at.or(epoch).unwrap_or_else(clock));
    let text = match pull.format {
        Format::Human => human(&report.diagnostics, &report.sources),
        format => diag::render(&report.diagnostics, &report.sources, format, false),
    };
    let _ = anstream::stderr().write_all(text.as_bytes());
    for outcome in &report.outcomes {
        let _ = writeln!(anstream::stdout(), "{outcome}");
    }
    if report.complete { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

fn serve(serve: Serve, epoch: Option<Timestamp>, clock: Clock) -> ExitCode {
    let at = serve.at.or(epoch);
    let now = move || at.unwrap_or_else(clock);
    let options = Options {
        out: serve.site.clone(),
        site: serve.site,
        base_url: None,
        at: now(),
        drafts: true,
        full: false,
        ledger: Keeping::Read,
    };
    let terminal = Terminal::default();
    match serve::serve(options, serve.port, &now, &terminal.bar, &terminal) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            terminal.warn(&problem);
            ExitCode::from(1)
        }
    }
}

/// What `serve` says while it runs.
#[derive(Default)]
struct Terminal {
    bar: Bar,
    /// What the last build found; the same warnings at every save would hide the new ones.
    found: RefCell<String>,
}

impl Console for Terminal {
    fn serving(&self, address: &str) {
        let _ = writeln!(anstream::stdout(), "{address} (Ctrl-C ends it)");
    }

    fn built(&self, report: &Report, elapsed: Duration) {
        self.bar.clear();
        let found = human(&report.diagnostics, &report.sources);
        let mut stderr = anstream::stderr();
        if *self.found.borrow() != found {
            let _ = stderr.write_all(found.as_bytes());
        }
        self.found.replace(found);
        let milliseconds = elapsed.as_millis();
        let _ = match &report.done {
            Some(Done { outcome, .. }) => writeln!(
                anstream::stdout(),
                "{} written, {} deleted; {}; {milliseconds} ms",
                count(outcome.written, "file"),
                outcome.deleted,
                findings(report)
            ),
            None => writeln!(stderr, "{}: the pages stay as they were; {milliseconds} ms", findings(report)),
        };
    }

    fn warn(&self, problem: &Diagnostic) {
        let text = human(std::slice::from_ref(problem), &Sources::default());
        let _ = anstream::stderr().write_all(text.as_bytes());
    }
}

/// Diagnostics for the terminal, if it is one.
fn human(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let colour = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
    diag::render(diagnostics, sources, Format::Human, colour)
}

fn show(report: &Report, format: Format, elapsed: Duration) {
    let mut stderr = anstream::stderr();
    let text = match format {
        Format::Human => human(&report.diagnostics, &report.sources),
        _ => diag::render(&report.diagnostics, &report.sources, format, false),
    };
    let _ = stderr.write_all(text.as_bytes());
    let summary = summary(report, elapsed);
    if report.done.is_some() {
        let _ = writeln!(anstream::stdout(), "{summary}");
    } else if format == Format::Human {
        let _ = writeln!(stderr, "{summary}");
    }
}

fn summary(report: &Report, elapsed: Duration) -> String {
    let findings = findings(report);
    let Some(done) = &report.done else {
        return format!("{findings}: nothing was written");
    };
    let texts: Vec<String> = done.texts.iter().map(|(tag, n)| format!("{tag} {n}")).collect();
    let total: usize = done.texts.iter().map(|(_, n)| n).sum();
    let outcome = done.outcome;
    let mut lines = vec![
        format!("{} entries, {total} texts ({})", done.entries, texts.join(", ")),
        format!("{} written, {} kept, {} deleted", count(outcome.written, "file"), outcome.kept, outcome.deleted),
    ];
    lines.extend(done.notes.iter().cloned());
    let memory = peak_memory().map(|bytes| format!(", {} MB of memory at most", bytes / 1_000_000));
    lines.push(format!("{findings}; {:.2} s{}", elapsed.as_secs_f64(), memory.unwrap_or_default()));
    lines.join("\n")
}

fn findings(report: &Report) -> String {
    let warnings = report.diagnostics.iter().filter(|d| d.level == Level::Warning).count();
    format!("{}, {}", count(report.errors(), "error"), count(warnings, "warning"))
}

fn count(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

/// Where the time went: each phase with its milliseconds and its share.
fn timings(report: &Report) -> String {
    let total: Duration = report.timings.iter().map(|(_, spent)| *spent).sum();
    let line = |(phase, spent): &(&str, Duration)| {
        let share = 100.0 * spent.as_secs_f64() / total.as_secs_f64().max(f64::MIN_POSITIVE);
        format!("{phase:<18}{:>10.1} ms{share:>7.1} %\n", spent.as_secs_f64() * 1000.0)
    };
    report.timings.iter().map(line).collect()
}

/// The most memory that this process has held, in bytes, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// A progress bar on a terminal, for builds that take long enough to be watched.
#[derive(Default)]
struct Bar {
    bar: OnceLock<ProgressBar>,
}

impl Bar {
    fn clear(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Bar {
    fn planned(&self, outputs: usize) {
        let terminal = std::io::stderr().is_terminal();
        let target = if terminal { ProgressDrawTarget::stderr_with_hz(10) } else { ProgressDrawTarget::hidden() };
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} files {elapsed}");
        let bar = ProgressBar::with_draw_target(Some(outputs as u64), target);
        let _ = self.bar.set(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())));
    }

    fn made(&self) {
        if let Some(bar) = self.bar.get() {
            bar.inc(1);
        }
    }
}
