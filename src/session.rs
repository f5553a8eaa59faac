//! Building the same site again and again: what one build knows is kept for the next, which leaves out what an edit cannot
//! have changed; it does not watch for edits.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use rustc_hash::FxHashSet;

use crate::catalog::{Catalog, EntryId};
use crate::config::Lang;
use crate::delta::{self, Among};
use crate::diag::Diagnostics;
use crate::render::Renderer;
use crate::{Clock, Lock, Model, Options, Progress, Report, document, source::FileId, walk};

/// Edits of bodies may be shown as of the clock of the last whole build for this long, in seconds.
const SAME_TIME: i64 = 60;

/// A site that is built again and again.
#[derive(Debug)]
pub struct Session {
    options: Options,
    kept: Option<Kept>,
}

/// What the last build knew, if it ended well.
#[derive(Debug)]
struct Kept {
    model: Arc<Model>,
    at: Timestamp,
}

/// A text whose body alone was edited.
struct Edit {
    entry: EntryId,
    text: document::TextDoc,
}

impl Session {
    /// Nothing is built yet.
    pub fn new(options: Options) -> Session {
        Session { options, kept: None }
    }

    /// Builds the site as of an instant. `changed` are the paths that may have changed since the last time; `None` if
    /// nobody knows.
    pub fn build(&mut self, at: Timestamp, changed: Option<&[PathBuf]>, progress: &dyn Progress) -> Report {
        self.options.at = at;
        let kept = self.kept.take();
        if let Some((kept, changed)) = kept.zip(changed)
            && (at.as_second() - kept.at.as_second()).abs() < SAME_TIME
            && let Some(model) = Arc::into_inner(kept.model)
        {
            match edits(&model.catalog, &self.options.site, changed) {
                Some(edits) => {
                    let report = self.rebuild(model, edits, progress);
                    return self.keep(report, kept.at);
                }
                // Freeing it would make the editor wait.
                None => drop(std::thread::spawn(move || drop(model))),
            }
        }
        let report = crate::build(&self.options, progress);
        self.keep(report, at)
    }

    fn keep(&mut self, report: Report, at: Timestamp) -> Report {
        let good = report.model.as_ref().filter(|_| report.done.is_some() && report.diagnostics.is_empty());
        self.kept = good.map(|model| Kept { model: Arc::clone(model), at });
        report
    }

    /// The phases from diff on, for texts whose bodies were edited: nothing else of the catalog or the plan can differ.
    fn rebuild(&self, mut model: Model, edits: Vec<Edit>, progress: &dyn Progress) -> Report {
        let options = &self.options;
        let _lock = match Lock::take(&options.site, &options.out) {
            Ok(lock) => lock,
            Err(problem) => return Report::failed(*problem),
        };
        let mut clock = Clock::start();
        let mut edited: FxHashSet<EntryId> = FxHashSet::default();
        for Edit { entry, text } in edits {
            model.catalog.replace_body(entry, text);
            edited.insert(entry);
        }
        clock.end("parse");
        let Model { catalog, plan, memos, manifest } = model;
        let mut found = Diagnostics::new();
        let renderer = Renderer::new(&catalog, &plan, &memos);
        let among = Among::Some(renderer.showing(&edited));
        let delta = delta::diff(&renderer, &manifest, &|path| delta::length(&options.out, path), among);
        clock.end("diff");
        progress.planned(plan.outputs.len());
        let remember = || renderer.memos();
        let (written, fresh) = crate::write(options, &renderer, &delta, &manifest, progress, remember, &mut found);
        clock.end("render and commit");
        let memos = memos.updated(fresh.unwrap_or_default());
        Report::finished(found, Model { catalog, plan, memos, manifest }, written, clock)
    }
}

/// The edits that these paths are, if they are edits of bodies and of nothing else.
fn edits(catalog: &Catalog, site: &Path, changed: &[PathBuf]) -> Option<Vec<Edit>> {
    let absolute = std::path::absolute(site).ok()?;
    let mut edits = Vec::new();
    for path in changed {
        let inside = path.strip_prefix(&absolute).or_else(|_| path.strip_prefix(site)).unwrap_or(path);
        let parts: Option<Vec<&str>> = inside.iter().map(|part| part.to_str()).collect();
        let parts = parts?;
        if !inside.iter().all(walk::is_visible) {
            continue;
        }
        let name = parts.join("/");
        let Some(file) = catalog.sources.find(&name) else {
            // What has come and gone meanwhile, such as the file of a safe save, leaves nothing to see.
            if catalog.is_unknown(&name) && !absolute.join(inside).exists() {
                continue;
            }
            return None;
        };
        let (entry, lang) = text_of(catalog, file)?;
        let text = document::edited(lang, file, &catalog.sources, &catalog.voices, &catalog.bodies)?;
        if !catalog.differs_in_body_alone(entry, &text) {
            return None;
        }
        edits.push(Edit { entry, text });
    }
    Some(edits)
}

/// The entry and language whose text a file is.
fn text_of(catalog: &Catalog, file: FileId) -> Option<(EntryId, Lang)> {
    let has =
        |id: &EntryId, lang: Lang| catalog.entry(*id).texts[lang.index()].as_ref().is_some_and(|t| t.file == file);
    catalog.ids().find_map(|id| catalog.config.langs().find(|lang| has(&id, *lang)).map(|lang| (id, lang)))
}
