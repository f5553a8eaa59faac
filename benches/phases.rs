//! How long each phase and its hot parts take, in processor time, on a made-up site. It knows the phases' public
//! functions and nothing of what is inside them.
//!
//! `cargo bench --bench phases [-- FILTER]`; `ENTRIES=2000` makes a larger site than the 200 entries of the default.

mod processor;
mod site;

use std::hint::black_box;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{BatchSize, BenchmarkGroup, Criterion, Throughput};
use jiff::Timestamp;
use relais::catalog::{self, Catalog, Now};
use relais::config::Lang;
use relais::delta::{self, Among};
use relais::document::{self, Documents};
use relais::fingerprint::Fingerprint;
use relais::load::{self, Inputs};
use relais::locale::typography::{Profile, Typography};
use relais::manifest::{Manifest, Record};
use relais::memo::Memos;
use relais::plan::{self, Plan, Subject};
use relais::raster::Store;
use relais::render::{self, Content, Renderer, Sink};
use relais::{Options, Progress, markdown, view, yaml};

/// The clock of every build here.
const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Processor time of all threads.
struct Processor;

impl Measurement for Processor {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        processor::time()
    }

    fn end(&self, start: Duration) -> Duration {
        processor::time() - start
    }

    fn add(&self, a: &Duration, b: &Duration) -> Duration {
        *a + *b
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

/// Whoever watches a build sees nothing, and rendered files go nowhere.
struct Nobody;

impl Progress for Nobody {
    fn planned(&self, _: usize) {}

    fn made(&self) {}
}

impl Sink for Nobody {
    fn put(&self, _: &str, content: Content<'_>, _: Fingerprint) -> io::Result<()> {
        if let Content::Bytes(bytes) = content {
            black_box(bytes);
        }
        Ok(())
    }
}

/// A site with what a build remembers of it.
struct Site {
    folder: PathBuf,
    entries: usize,
}

impl Site {
    fn new(entries: usize) -> io::Result<Site> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("phases");
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        site::write(&folder, entries)?;
        let site = Site { folder, entries };
        let report = relais::build(&site.options(false), &Nobody);
        match report.done {
            Some(_) => Ok(site),
            None => Err(io::Error::other(format!("the site has errors: {:?}", report.diagnostics.first()))),
        }
    }

    fn options(&self, full: bool) -> Options {
        Options {
            site: self.folder.clone(),
            out: self.folder.join("public"),
            base_url: None,
            at: NOW,
            drafts: false,
            full,
            ledger: relais::load::Keeping::Read,
        }
    }

    fn load(&self, full: bool) -> Inputs {
        load::load(&self.options(full)).0
    }

    fn parse(&self, inputs: &Inputs, full: bool) -> Documents {
        document::parse(inputs, &self.options(full)).0.unwrap_or_else(|| unreachable!("the site was built before"))
    }

    fn resolve(&self, inputs: &Inputs, full: bool) -> Catalog {
        catalog::resolve(self.parse(inputs, full), inputs, &self.options(full), &Now::at(NOW)).0
    }
}

fn main() -> io::Result<()> {
    let entries = std::env::var("ENTRIES").ok().and_then(|entries| entries.parse().ok()).unwrap_or(200);
    let site = Site::new(entries)?;
    let mut criterion = Criterion::default()
        .with_measurement(Processor)
        .sample_size(20)
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    phases(&mut criterion, &site);
    parts(&mut criterion, &site);
    criterion.final_summary();
    std::fs::remove_dir_all(&site.folder)
}

/// The phases, each with what the one before it gives; `commit` is what `benches/compare` and the floor are for.
fn phases(criterion: &mut Criterion<Processor>, site: &Site) {
    let mut group = criterion.benchmark_group("phase");
    group.throughput(Throughput::Elements(site.entries as u64));
    for (full, when) in [(true, "anew"), (false, "remembered")] {
        let options = site.options(full);
        group.bench_function(format!("load, {when}"), |b| b.iter_with_large_drop(|| load::load(&options)));
        let load = || site.load(full);
        group.bench_function(format!("parse, {when}"), |b| {
            b.iter_batched(load, |inputs| (document::parse(&inputs, &options), inputs), BatchSize::PerIteration);
        });
    }
    let options = site.options(false);
    group.bench_function("resolve", |b| {
        let parsed = || {
            let inputs = site.load(false);
            (site.parse(&inputs, false), inputs)
        };
        let resolve = |(documents, inputs)| (catalog::resolve(documents, &inputs, &options, &Now::at(NOW)), inputs);
        b.iter_batched(parsed, resolve, BatchSize::PerIteration);
    });
    let inputs = site.load(false);
    let catalog = site.resolve(&inputs, false);
    group.bench_function("plan", |b| b.iter_with_large_drop(|| plan::plan(&catalog, &Now::at(NOW))));
    let (plan, _) = plan::plan(&catalog, &Now::at(NOW));
    let nothing = Memos::default();
    for (memos, when) in [(&nothing, "anew"), (&inputs.memos, "remembered")] {
        group.bench_function(format!("diff, {when}"), |b| {
            b.iter_with_large_drop(|| {
                let renderer = Renderer::new(&catalog, &plan, memos);
                let delta =
                    delta::diff(&renderer, &inputs.manifest, &|path| delta::length(&options.out, path), Among::All);
                (delta, renderer)
            });
        });
    }
    let all = delta::diff(&Renderer::new(&catalog, &plan, &nothing), &Manifest::default(), &|_| None, Among::All);
    group.bench_function("render", |b| {
        let renderer = || Renderer::new(&catalog, &plan, &nothing);
        let store = Store::of(&options.site, false);
        let render = |renderer| (render::render(&renderer, &all, &store, &Nobody, &|| ()), renderer);
        b.iter_batched(renderer, render, BatchSize::PerIteration);
    });
    group.finish();
}

/// What the phases do most often, once each.
fn parts(criterion: &mut Criterion<Processor>, site: &Site) {
    let inputs = site.load(false);
    let catalog = site.resolve(&inputs, false);
    let (plan, _) = plan::plan(&catalog, &Now::at(NOW));
    let mut group = criterion.benchmark_group("part");
    let text = std::fs::read_to_string(site.folder.join("content/partners/partners-000000/index.fr.md"));
    if let Some((front, body)) = text.as_deref().ok().and_then(|text| text.strip_prefix("---\n")?.split_once("---\n")) {
        group.bench_function("front matter", |b| b.iter(|| yaml::parse(black_box(front), 0)));
        let typography = Typography::new("fr", Profile::National);
        let options = markdown::Options { typography: &typography, vague_links: &[], months: None, id_prefix: "" };
        group.bench_function("body", |b| b.iter(|| markdown::parse(black_box(body), 0, &options)));
    }
    let french = Lang(2);
    if let Some(id) = catalog.ids().next() {
        group.bench_function("view of a card", |b| b.iter(|| view::card(&catalog, id, french)));
        group.bench_function("view of an entry", |b| b.iter(|| view::entry(&catalog, id, french)));
        let view = view::entry(&catalog, id, french);
        group.bench_function("fingerprint of an entry", |b| b.iter(|| Fingerprint::of_view(&view, Fingerprint(1))));
        let (title, locale) = (catalog.title(id, french).0, catalog.locale(french));
        group.bench_function("sort key of a title", |b| b.iter(|| locale.sort_key(black_box(title))));
    }
    output(&mut group, "page of an entry", &catalog, &plan, |subject| matches!(subject, Subject::Entry(..)));
    output(&mut group, "page of a listing", &catalog, &plan, |subject| matches!(subject, Subject::Listing(..)));
    output(&mut group, "feed", &catalog, &plan, |subject| matches!(subject, Subject::Feed(..)));
    group.finish();
}

/// From the catalog to the bytes of one output, with all that it shares with others rendered already.
fn output(
    group: &mut BenchmarkGroup<'_, Processor>,
    name: &str,
    catalog: &Catalog,
    plan: &Plan,
    is_it: impl Fn(&Subject) -> bool,
) {
    let memos = Memos::default();
    let renderer = Renderer::new(catalog, plan, &memos);
    let Some(at) = plan.outputs.iter().position(|output| is_it(&output.subject)) else { return };
    let mut delta = delta::diff(&renderer, &Manifest::default(), &|_| None, Among::All);
    delta.kept = (0..=at).map(|number| (number < at).then(Record::default)).collect();
    // No picture is among what is measured.
    let store = Store::of(Path::new("nowhere"), false);
    group.bench_function(name, |b| b.iter(|| render::render(&renderer, &delta, &store, &Nobody, &|| ())));
}
