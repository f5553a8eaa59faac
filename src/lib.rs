//! Relais: a static site generator for multilingual resource portals. This file is the pipeline; everything else is a
//! phase, or a type between two phases.

pub mod catalog;
pub mod cli;
pub mod commit;
pub mod config;
pub mod date;
pub mod delta;
pub mod diag;
pub mod document;
pub mod field;
pub mod fingerprint;
mod html;
pub mod load;
pub mod locale;
pub mod manifest;
pub mod markdown;
pub mod plan;
pub mod render;
pub mod serve;
pub mod source;
pub mod suggest;
pub mod theme;
pub mod url;
pub mod view;
pub mod yaml;

use catalog::Catalog;
use commit::{Lock, Outcome, Stage};
use diag::{Diagnostic, Diagnostics};
pub use load::Options;
use manifest::Manifest;
use render::Renderer;
use source::Sources;

/// What a build found and did.
#[derive(Debug)]
pub struct Report {
    /// The texts that diagnostics point into.
    pub sources: Sources,
    /// What the editor should know, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// What was done; `None` if errors stand, and then nothing of the output folder was touched.
    pub done: Option<Done>,
    /// What was built, for whoever goes on using it.
    pub model: Option<Model>,
}

/// The site in memory.
#[derive(Debug)]
pub struct Model {
    /// What it says.
    pub catalog: Catalog,
    /// What it consists of.
    pub plan: plan::Plan,
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
    let (mut inputs, mut found) = load::load(options);
    let (documents, problems) = document::parse(&inputs, options);
    found.extend(problems);
    let Some(documents) = documents else { return Report::stopped(inputs.sources, found) };
    let (catalog, problems) = catalog::resolve(documents, &inputs, options);
    found.extend(problems);
    let (plan, problems) = plan::plan(&catalog);
    found.extend(problems);
    if let Err(problem) = commit::refuse_foreign(&options.out, inputs.manifest.state) {
        found.push(*problem);
    }
    if found.has_errors() {
        return Report::stopped(inputs.sources, found);
    }
    progress.planned(plan.outputs.len());
    let manifest = std::mem::take(&mut inputs.manifest);
    let renderer = Renderer::new(&catalog, &plan);
    let delta = delta::diff(&renderer, &manifest, &|path| delta::length(&options.out, path));
    let written = write(options, &renderer, &delta, &manifest, progress, &mut found);
    Report::finished(inputs.sources, found, Model { catalog, plan }, written)
}

/// Render into a stage, then commit it or throw it away.
fn write(
    options: &Options,
    renderer: &Renderer<'_>,
    delta: &delta::Delta,
    manifest: &Manifest,
    progress: &dyn Progress,
    found: &mut Diagnostics,
) -> Option<Outcome> {
    let result = Stage::new(&options.out, manifest).and_then(|stage| {
        let (records, problems) = render::render(renderer, delta, &stage, &|| progress.made());
        found.extend(problems);
        if found.has_errors() {
            return stage.discard().map(|()| None);
        }
        stage.commit(renderer.plan(), delta, &records, renderer.epoch).map(Some)
    });
    result.unwrap_or_else(|error| {
        let message = format!("cannot be written: {error}");
        let help =
            "check the permissions of the output folder and of the folder that it is in, and that the disk has room";
        found.push(Diagnostic::in_file("cannot-write", options.out.display().to_string(), message).help(help));
        None
    })
}

impl Report {
    fn failed(problem: Diagnostic) -> Report {
        Report { sources: Sources::default(), diagnostics: vec![problem], done: None, model: None }
    }

    fn stopped(sources: Sources, found: Diagnostics) -> Report {
        Report { diagnostics: found.sorted(&sources), sources, done: None, model: None }
    }

    fn finished(sources: Sources, found: Diagnostics, model: Model, outcome: Option<Outcome>) -> Report {
        let catalog = &model.catalog;
        let built = || catalog.entries.iter().filter(|e| e.is_published());
        let texts = catalog
            .config
            .langs()
            .map(|lang| (catalog.config.tag(lang).to_owned(), built().filter(|e| e.has_text(lang)).count()))
            .collect();
        let (entries, notes) = (built().count(), model.plan.notes.clone());
        let done = outcome.map(|outcome| Done { entries, texts, outcome, notes });
        Report { diagnostics: found.sorted(&sources), sources, done, model: Some(model) }
    }

    /// How many of the findings are errors.
    pub fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|d| d.level == diag::Level::Error).count()
    }
}
