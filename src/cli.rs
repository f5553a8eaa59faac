//! The command line: what was asked, how diagnostics and the summary are shown, with which status the program ends.

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

use crate::diag::{self, Format, Level};
use crate::explain::Explanation;
use crate::url::Base;
use crate::{Options, Progress, Report};

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
    base_url: Option<String>,
    /// Build as of this instant, such as 2023-10-01T00:00Z [default: SOURCE_DATE_EPOCH, or now]
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    at: Option<Timestamp>,
    /// Build drafts and scheduled entries too
    #[arg(long)]
    drafts: bool,
    /// Render every page anew, whatever earlier builds recorded
    #[arg(long)]
    full: bool,
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
struct Explain {
    /// The output: a path below the output folder, or a page's address
    path: String,
    #[command(flatten)]
    build: Build,
}

fn base_url(text: &str) -> Result<String, String> {
    Base::parse(text).map(|_| text.to_owned()).map_err(str::to_owned)
}

/// An instant with its offset (RFC 3339, seconds optional), or a day in UTC.
fn instant(text: &str) -> Result<Timestamp, String> {
    let utc = |text: &str| text.parse::<DateTime>().ok().and_then(|dt| dt.to_zoned(jiff::tz::TimeZone::UTC).ok());
    let parsed = text.parse::<Timestamp>().ok();
    let parsed =
        parsed.or_else(|| text.parse::<jiff::civil::Date>().ok().and_then(|_| utc(text)).map(|z| z.timestamp()));
    parsed.ok_or_else(|| "write an instant with its offset, such as 2023-10-01T00:00Z or 2023-10-01T02:00+02:00".into())
}

/// Runs the program: status 0 done, 1 the content has errors, 2 wrong usage.
pub fn run(args: impl IntoIterator<Item = OsString>, source_date_epoch: Option<&str>, now: Timestamp) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let (build, explained) = match cli.command {
        Command::Build(build) => (build, None),
        Command::Explain(Explain { path, build }) => (build, Some(path)),
    };
    let epoch =
        match source_date_epoch.map(|text| text.parse::<i64>().ok().and_then(|s| Timestamp::from_second(s).ok())) {
            Some(None) => {
                eprintln!("error: SOURCE_DATE_EPOCH must be a number of seconds since 1970");
                return ExitCode::from(2);
            }
            epoch => epoch.flatten(),
        };
    if let Some(jobs) = build.jobs {
        // Fails only where the pool is there already, which it is not.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs.into()).build_global();
    }
    let options = Options {
        out: build.out.unwrap_or_else(|| build.site.join("public")),
        site: build.site,
        base_url: build.base_url,
        at: build.at.or(epoch).unwrap_or(now),
        drafts: build.drafts,
        full: build.full,
    };
    if let Some(path) = explained {
        return explain(&options, &path);
    }
    let started = Instant::now();
    let bar = Bar::default();
    let report = crate::build(&options, &bar);
    bar.clear();
    show(&report, build.format, started.elapsed());
    if build.timings {
        eprint!("{}", timings(&report));
    }
    let status = if report.done.is_some() { ExitCode::SUCCESS } else { ExitCode::from(1) };
    // The system takes the memory back at once; freeing it piece by piece would only take time.
    std::mem::forget(report);
    status
}

fn explain(options: &Options, path: &str) -> ExitCode {
    if let Err(problem) = crate::load::find_site(&options.site) {
        eprint!("{}", diag::render(&[*problem], &crate::source::Sources::default(), Format::Human, false));
        return ExitCode::from(1);
    }
    match crate::explain::explain(options, path) {
        Explanation::Found(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Explanation::Unknown(text) => {
            eprintln!("error: {text}");
            ExitCode::from(1)
        }
        Explanation::Errors => {
            eprintln!("error: the site has errors; `relais build` shows them");
            ExitCode::from(1)
        }
    }
}

fn show(report: &Report, format: Format, elapsed: Duration) {
    let mut stderr = anstream::stderr();
    let colour =
        format == Format::Human && anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
    let text = diag::render(&report.diagnostics, &report.sources, format, colour);
    let _ = stderr.write_all(text.as_bytes());
    let summary = summary(report, elapsed);
    if report.done.is_some() {
        let _ = writeln!(anstream::stdout(), "{summary}");
    } else if format == Format::Human {
        let _ = writeln!(stderr, "{summary}");
    }
}

fn summary(report: &Report, elapsed: Duration) -> String {
    let errors = report.errors();
    let warnings = report.diagnostics.iter().filter(|d| d.level == Level::Warning).count();
    let count = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    let findings = format!("{}, {}", count(errors, "error"), count(warnings, "warning"));
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
