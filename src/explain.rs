//! Why an output is or is not rendered, and what it depends on: asks the same functions as a build, and leaves the
//! output folder as it is.

use std::fmt::Write;
use std::path::Path;

use crate::catalog::{Catalog, EntryId, Now};
use crate::commit::Lock;
use crate::delta::{self, Verdict};
use crate::diag::Diagnostics;
use crate::load::Inputs;
use crate::manifest::Record;
use crate::plan::Plan;
use crate::render::Renderer;
use crate::suggest;
use crate::{Clock, Options};

/// What `relais explain` found out.
#[derive(Debug)]
pub enum Explanation {
    /// In words.
    Found(String),
    /// There is no such output; the text says which there are.
    Unknown(String),
    /// The site has errors, and then it is not known which outputs it has.
    Errors,
}

/// Explains the output at a path below the output folder, or at an address of the site.
pub fn explain(options: &Options, wanted: &str) -> Explanation {
    let _lock = match Lock::take(&options.site, &options.out) {
        Ok(lock) => lock,
        Err(problem) => return Explanation::Unknown(format!("error: {}", problem.message)),
    };
    let mut found = Diagnostics::new();
    let (mut inputs, planned) = crate::planned(options, &Now::at(options.at), |_| (), &mut Clock::start(), &mut found);
    let (catalog, plan) = match planned {
        Some(planned) if !found.has_errors() => planned,
        _ => return Explanation::Errors,
    };
    let memos = std::mem::take(&mut inputs.memos);
    let renderer = Renderer::new(&catalog, &plan, &memos);
    let inside = Path::new(wanted).strip_prefix(&options.out).ok().and_then(Path::to_str).unwrap_or(wanted);
    let Some(at) = find(&plan, &catalog, inside) else {
        let paths = plan.outputs.iter().map(|output| output.path.as_str());
        let help = suggest::nearest(wanted, paths).map_or_else(String::new, |near| format!("; did you mean {near}?"));
        return Explanation::Unknown(format!("error: the site has no output `{wanted}`{help}"));
    };
    Explanation::Found(
        Explained { options, inputs: &inputs, catalog: &catalog, plan: &plan, renderer: &renderer }.of(at),
    )
}

/// The output at a path, or at the address of a page.
fn find(plan: &Plan, catalog: &Catalog, wanted: &str) -> Option<usize> {
    let base = &catalog.config.base;
    let wanted = wanted.strip_prefix(&*base.origin).unwrap_or(wanted);
    let below = wanted.strip_prefix(&*base.path).unwrap_or(wanted).trim_start_matches("./").trim_start_matches('/');
    let index = |path: &str| plan.outputs.binary_search_by(|output| output.path.as_str().cmp(path)).ok();
    let page = format!("{}/index.html", below.trim_end_matches('/'));
    index(below).or_else(|| index(page.trim_start_matches('/')))
}

struct Explained<'a> {
    options: &'a Options,
    inputs: &'a Inputs,
    catalog: &'a Catalog,
    plan: &'a Plan,
    renderer: &'a Renderer<'a>,
}

impl Explained<'_> {
    fn of(&self, at: usize) -> String {
        let output = &self.plan.outputs[at];
        let record = self.inputs.manifest.files.get(&output.path);
        let now = self.renderer.fingerprint(at);
        let mut out = format!("{}\n  is {}\n", output.path, output.subject.owner(self.catalog));
        if let Some(template) = self.renderer.template_of(&output.subject) {
            let _ = writeln!(out, "  made with the template {template}");
        }
        let _ = writeln!(out, "  {}", self.verdict(at, record));
        let _ = writeln!(out, "  fingerprint now       {now}");
        if let Some(record) = record {
            let _ = writeln!(out, "  fingerprint recorded  {}", record.view);
        }
        let (seen, cards) = self.renderer.seen(at);
        self.list(&mut out, "what its view looked at", &seen);
        self.list(&mut out, "whose cards it shows", &cards);
        let _ = writeln!(
            out,
            "  and on relais.yaml, types, vocabularies and texts above listings ({}),\n  the program, the theme and the interface strings ({})",
            self.catalog.declared, self.renderer.epoch
        );
        out
    }

    fn verdict(&self, at: usize, record: Option<Record>) -> String {
        let probe = |path: &str| delta::length(&self.options.out, path);
        let why = match delta::verdict(self.renderer, at, record, &self.inputs.manifest, &probe) {
            Verdict::Current(_) => return "is up to date: all that it shows is as it was".into(),
            Verdict::New => "no earlier build wrote it",
            Verdict::Epoch => "the program, the theme, the interface strings or the compression were others",
            Verdict::Interrupted => "a build was interrupted while it wrote this file",
            Verdict::View => "something that it shows is not as it was",
            Verdict::Gone => "the file is not there",
            Verdict::Length(record) => return format!("would be rendered: the file has not its {} bytes", record.len),
        };
        format!("would be rendered: {why}")
    }

    /// Entries, with those of their files that are not as the last build found them.
    fn list(&self, out: &mut String, title: &str, entries: &[EntryId]) {
        if entries.is_empty() {
            return;
        }
        let _ = writeln!(out, "  {title}:");
        for id in entries {
            let files = self.catalog.entry(*id).content.iter().map(|read| read.file);
            let mut changed: Vec<&str> = files
                .filter(|file| self.inputs.cache.is_new(self.inputs.cached(*file)))
                .map(|file| self.inputs.sources.path(file))
                .collect();
            changed.dedup();
            let changed =
                if changed.is_empty() { String::new() } else { format!(" (changed: {})", changed.join(", ")) };
            let _ = writeln!(out, "    {}{changed}", self.catalog.key(*id));
        }
    }
}
