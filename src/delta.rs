//! Phase 5, diff: which outputs the old manifest shows to be up to date, and which of its files the plan no longer has.

use std::path::Path;

use rayon::prelude::*;

use crate::compress;
use crate::manifest::{Manifest, Record};
use crate::plan::Plan;
use crate::render::Renderer;

/// What is to be done.
#[derive(Debug)]
pub struct Delta {
    /// For each output of the plan: its old record where it is up to date.
    pub kept: Vec<Option<Record>>,
    /// Compressed copies that the old manifest lists, each with the output that it is of: whole where that is kept.
    pub copies: Vec<(usize, String)>,
    /// Other files that the old manifest lists and the plan does not.
    pub stale: Vec<String>,
}

/// Whether a file is there, and how long it is; the only thing that diff asks of the disk.
pub type Probe<'a> = &'a (dyn Fn(&str) -> Option<u64> + Sync);

/// Which outputs are looked at.
#[derive(Debug)]
pub enum Among {
    /// All.
    All,
    /// Those that are marked, in the plan's order; it is known that the others are up to date.
    Some(Vec<bool>),
}

/// Whether an output is up to date, or why it is not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It is as it would be made.
    Current(Record),
    /// No earlier build wrote it.
    New,
    /// The program, the theme, the interface strings or the compression were others.
    Epoch,
    /// A build was interrupted while it wrote it.
    Interrupted,
    /// Something that it shows is not as it was.
    View,
    /// The file is not there.
    Gone,
    /// The file has another length than this.
    Length(Record),
}

/// Looks at one output; `recorded` is what the old manifest says of it.
pub fn verdict(
    renderer: &Renderer<'_>,
    at: usize,
    recorded: Option<Record>,
    manifest: &Manifest,
    probe: Probe<'_>,
) -> Verdict {
    let Some(record) = recorded else { return Verdict::New };
    if manifest.epoch != renderer.epoch {
        return Verdict::Epoch;
    }
    if record.content.is_none() {
        return Verdict::Interrupted;
    }
    if renderer.fingerprint(at) != record.view {
        return Verdict::View;
    }
    match probe(&renderer.plan().outputs[at].path) {
        Some(len) if len == record.len => Verdict::Current(record),
        Some(_) => Verdict::Length(record),
        None => Verdict::Gone,
    }
}

/// Compares the plan with what was written before.
pub fn diff(renderer: &Renderer<'_>, manifest: &Manifest, probe: Probe<'_>, among: Among) -> Delta {
    let outputs = &renderer.plan().outputs;
    let (records, others) = manifest.files.matched(outputs.iter().map(|output| output.path.as_str()));
    let asked = |at: usize| match &among {
        Among::All => true,
        Among::Some(marked) => marked[at],
    };
    let mut kept: Vec<Option<Record>> = records
        .into_par_iter()
        .enumerate()
        .map(|(at, record)| {
            if !asked(at) {
                return record.filter(|record| record.content.is_some());
            }
            match verdict(renderer, at, record, manifest, probe) {
                Verdict::Current(record) => Some(record),
                _ => None,
            }
        })
        .collect();
    let (mut copies, mut stale) = (Vec::new(), Vec::new());
    let planned = |path: &str| outputs.binary_search_by(|o| o.path.as_str().cmp(path)).ok();
    for path in others {
        match compress::original(&path).and_then(planned) {
            Some(at) => copies.push((at, path)),
            None => stale.push(path),
        }
    }
    let broken: Vec<usize> = copies
        .par_iter()
        .filter(|(at, _)| asked(*at))
        .filter(|(at, path)| kept[*at].is_some_and(|record| !is_whole(renderer.plan(), manifest, &record, path, probe)))
        .map(|(at, _)| *at)
        .collect();
    broken.into_iter().for_each(|at| kept[at] = None);
    Delta { kept, copies, stale }
}

/// Whether a file is the compressed copy of an output that is up to date.
fn is_whole(plan: &Plan, manifest: &Manifest, of: &Record, path: &str, probe: Probe<'_>) -> bool {
    let (Some(copy), Some(content)) = (manifest.files.get(path), of.content) else { return false };
    let made = plan.copies.iter().any(|e| path.ends_with(e.coding.suffix()) && e.print(content) == copy.view);
    made && copy.content.is_some() && probe(path) == Some(copy.len)
}

/// The length of a file of the output folder.
pub fn length(out: &Path, path: &str) -> Option<u64> {
    std::fs::metadata(out.join(path)).ok().filter(|m| m.is_file()).map(|m| m.len())
}
