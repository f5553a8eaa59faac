//! Relais: a static site generator for multilingual resource portals. This file is the pipeline; everything else is a
//! phase, or a type between two phases.

pub mod cache;
pub mod catalog;
pub mod cli;
pub mod commit;
pub mod compress;
pub mod config;
pub mod date;
pub mod delta;
pub mod diag;
pub mod document;
pub mod explain;
pub mod field;
pub mod fingerprint;
mod html;
pub mod ledger;
pub mod load;
pub mod locale;
pub mod manifest;
pub mod markdown;
pub mod memo;
pub mod next_change;
pub mod picture;
pub mod plan;
pub mod pull;
pub mod raster;
pub mod render;
pub mod serve;
pub mod session;
pub mod social;
pub mod source;
pub mod suggest;
pub mod svg;
pub mod theme;
pub mod url;
pub mod view;
pub mod walk;
pub mod yaml;

use catalog::{Catalog, Now};
use commit::{Lock, Outcome, Stage, Written};
use delta::Among;
use diag::{Diagnostic, Diagnostics};
use document::Documents;
use load::Inputs;
pub use load::{Keeping, Options};
use manifest::Manifest;
use memo::Memos;
use plan::Plan;
use raster::Store;
use render::Renderer;
use source::Sources;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What a build found and did.
#[derive(Debug)]
pub struct Report {
    /// The texts that diagnostics point into.
    pub sources: Arc<Sources>,
    /// What the editor should know, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// What was done; `None` if errors stand, and then nothing of the output folder was touched.
    pub done: Option<Done>,
    /// What was built, for whoever goes on using it.
    pub model: Option<Arc<Model>>,
    /// How long each phase took, in order, as far as the build got.
    pub timings: Vec<(&'static str, Duration)>,
}

/// The site in memory.
#[derive(Debug)]
pub struct Model {
    /// What it says.
    pub catalog: Catalog,
    /// What it consists of.
    pub plan: Plan,
    /// What was looked at for each view.
    pub memos: Memos,
    /// What the output folder holds.
    pub manifest: Manifest,
}

/// What a build without errors did.
#[derive(Debug)]
pub struct Done {
    /// How many entries the site has.
    pub entries: usize,
    /// How many texts each language has, by BCP 47 tag.
    pub texts: Vec<(String, usize)>,
    /// What happened to the files.
    pub outcome: Outcome,
    /// What budgets left out.
    pub notes: Vec<String>,
}

/// A stopwatch for the phases.
struct Clock {
    last: Instant,
    phases: Vec<(&'static str, Duration)>,
}

impl Clock {
    fn start() -> Clock {
        Clock { last: Instant::now(), phases: Vec::new() }
    }

    /// The phase that has just ended.
    fn end(&mut self, phase: &'static str) {
        let now = Instant::now();
        self.phases.push((phase, now - self.last));
        self.last = now;
    }
}

/// What is being written down beside the build, which ends no earlier.
struct Saving(Option<std::thread::JoinHandle<()>>);

impl Drop for Saving {
    fn drop(&mut self) {
        // What could not be written down will be found out again.
        let _ = self.0.take().map(std::thread::JoinHandle::join);
    }
}

/// Where a build has got to, for whoever watches it.
pub trait Progress: Sync {
    /// So many outputs are to be made.
    fn planned(&self, outputs: usize);
    /// One more is made.
    fn made(&self);
}

/// Builds a site: load, parse, resolve, plan, diff, render, commit, with one gate before anything is written.
pub fn build(options: &Options, progress: &dyn Progress) -> Report {
    let _lock = match load::find_site(&options.site).and_then(|()| Lock::take(&options.site, &options.out)) {
        Ok(lock) => lock,
        Err(problem) => return Report::failed(*problem),
    };
    let (mut clock, mut found) = (Clock::start(), Diagnostics::new());
    let mut saving = Saving(None);
    // Nobody waits for what the next build will know, and no phase after these needs it.
    let save = |inputs: &mut Inputs| {
        let cache = inputs.cache.take_records();
        saving.0 = Some(std::thread::spawn(move || cache.save()));
    };
    let now = Now::at(options.at);
    let (inputs, planned) = planned(options, &now, save, &mut clock, &mut found);
    let Inputs { sources, memos, manifest, .. } = inputs;
    if planned.is_some()
        && let Err(problem) = commit::refuse_foreign(&options.out, manifest.state)
    {
        found.push(*problem);
    }
    let (catalog, plan) = match planned {
        Some(planned) if !found.has_errors() => planned,
        _ => return Report::stopped(sources, found, clock),
    };
    progress.planned(plan.outputs.len());
    let renderer = Renderer::new(&catalog, &plan, &memos);
    let delta = delta::diff(&renderer, &manifest, &|path| delta::length(&options.out, path), Among::All);
    clock.end("diff");
    let remember = || {
        let fresh = renderer.memos();
        memos.write(&fresh, &cache::folder(&options.site, &options.out));
        fresh
    };
    let (written, fresh) = write(options, &renderer, &delta, &manifest, progress, remember, &mut found);
    if written.is_some() {
        Store::of(&options.site, options.full).keep(plan.renditions(&catalog));
        record(options, &plan, &mut found);
    }
    let memos = fresh.map(Memos::of).unwrap_or(memos);
    clock.end("render and commit");
    Report::finished(found, Model { catalog, plan, memos, manifest }, written, clock)
}

/// Writes down what is published now, once it is.
fn record(options: &Options, plan: &Plan, found: &mut Diagnostics) {
    let next = &plan.addresses.next;
    if options.ledger != Keeping::Write || !next.differs {
        return;
    }
    if let Err(error) = commit::write_ledger(&options.site, &next.text) {
        let message = format!("cannot be written: {error}");
        let help = "allow it, or build with --at in a folder that is not to be written to: what is published now will \
                    not be remembered, and an address that changes later will lead nowhere";
        found.push(Diagnostic::in_file("urls-not-written", ledger::NAME, message).as_warning().help(help));
    }
}

/// The phases that look at the site alone: load, parse, resolve, plan; `parsed` is called after the second. Nothing can
/// be planned without `relais.yaml`.
fn planned(
    options: &Options,
    now: &Now,
    parsed: impl FnOnce(&mut Inputs),
    clock: &mut Clock,
    found: &mut Diagnostics,
) -> (Inputs, Option<(Catalog, Plan)>) {
    let (mut inputs, problems) = load::load(options);
    found.extend(problems);
    clock.end("load");
    let (documents, problems) = document::parse(&inputs, options);
    found.extend(problems);
    parsed(&mut inputs);
    clock.end("parse");
    let Some(documents) = documents else { return (inputs, None) };
    let model = model(documents, &inputs, options, now, clock, found);
    (inputs, Some(model))
}

/// The phases between the documents and the plan.
fn model(
    documents: Documents,
    inputs: &Inputs,
    options: &Options,
    now: &Now,
    clock: &mut Clock,
    found: &mut Diagnostics,
) -> (Catalog, Plan) {
    let (catalog, problems) = catalog::resolve(documents, inputs, options, now);
    found.extend(problems);
    clock.end("resolve");
    let (plan, problems) = plan::plan(&catalog, now);
    found.extend(problems);
    let next = &plan.addresses.next;
    if options.ledger == Keeping::Locked && next.differs {
        let message = format!("urls.lock is not up to date ({})", next.changes.join("; "));
        let help = "run `relais build` without --locked, and commit urls.lock with the content";
        found.push(Diagnostic::in_file("urls-changed", ledger::NAME, message).help(help));
    }
    clock.end("plan");
    (catalog, plan)
}

/// Render into a stage, then commit it, and meanwhile remember what was found out; or throw it away.
fn write<M: Send>(
    options: &Options,
    renderer: &Renderer<'_>,
    delta: &delta::Delta,
    manifest: &Manifest,
    progress: &dyn Progress,
    remember: impl FnOnce() -> M + Send,
    found: &mut Diagnostics,
) -> (Option<Written>, Option<M>) {
    let result = Stage::new(&options.out, manifest, renderer.plan()).and_then(|stage| {
        let (records, problems) =
            render::render(renderer, delta, &Store::of(&options.site, options.full), &stage, &|| progress.made());
        found.extend(problems);
        if found.has_errors() {
            return stage.discard().map(|()| (None, None));
        }
        let (written, memos) = rayon::join(|| stage.commit(delta, &records, renderer.epoch), remember);
        Ok((Some(written?), Some(memos)))
    });
    result.unwrap_or_else(|error| {
        let message = format!("cannot be written: {error}");
        let help =
            "check the permissions of the output folder and of the folder that it is in, and that the disk has room";
        found.push(Diagnostic::in_file("cannot-write", options.out.display().to_string(), message).help(help));
        (None, None)
    })
}

impl Report {
    fn failed(problem: Diagnostic) -> Report {
        Report { sources: Arc::default(), diagnostics: vec![problem], done: None, model: None, timings: Vec::new() }
    }

    fn stopped(sources: Arc<Sources>, found: Diagnostics, clock: Clock) -> Report {
        Report { diagnostics: found.sorted(&sources), sources, done: None, model: None, timings: clock.phases }
    }

    fn finished(found: Diagnostics, mut model: Model, written: Option<Written>, clock: Clock) -> Report {
        let catalog = &model.catalog;
        let sources = Arc::clone(&catalog.sources);
        let built = || catalog.entries.iter().filter(|e| e.is_published());
        let texts = catalog
            .config
            .langs()
            .map(|lang| (catalog.config.tag(lang).to_owned(), built().filter(|e| e.has_text(lang)).count()))
            .collect();
        let (entries, notes) = (built().count(), model.plan.notes.clone());
        let done = written.map(|Written { outcome, manifest }| {
            model.manifest = manifest.unwrap_or(std::mem::take(&mut model.manifest));
            Done { entries, texts, outcome, notes }
        });
        let diagnostics = found.sorted(&sources);
        Report { diagnostics, sources, done, model: Some(Arc::new(model)), timings: clock.phases }
    }

    /// How many of the findings are errors.
    pub fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|d| d.level == diag::Level::Error).count()
    }
}
