//! Phase 5, diff: which outputs the old manifest shows to be up to date, and which of its files the plan no longer has.

use std::path::Path;

use rayon::prelude::*;

use crate::manifest::{Manifest, Record};
use crate::render::Renderer;

/// What is to be done.
#[derive(Debug)]
pub struct Delta {
    /// For each output of the plan: its old record where it is up to date.
    pub kept: Vec<Option<Record>>,
    /// Files that the old manifest lists and the plan does not.
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

/// Compares the plan with what was written before.
pub fn diff(renderer: &Renderer<'_>, manifest: &Manifest, probe: Probe<'_>, among: Among) -> Delta {
    let trusted = manifest.epoch == renderer.epoch;
    let outputs = &renderer.plan().outputs;
    let (records, stale) = manifest.files.matched(outputs.iter().map(|output| output.path.as_str()));
    let kept = outputs
        .par_iter()
        .zip(records)
        .enumerate()
        .map(|(at, (output, record))| {
            let record = record.filter(|r| trusted && r.content.is_some())?;
            if let Among::Some(marked) = &among
                && !marked[at]
            {
                return Some(record);
            }
            let same = renderer.fingerprint(at) == record.view;
            (same && probe(&output.path) == Some(record.len)).then_some(record)
        })
        .collect();
    Delta { kept, stale }
}

/// The length of a file of the output folder.
pub fn length(out: &Path, path: &str) -> Option<u64> {
    std::fs::metadata(out.join(path)).ok().filter(|m| m.is_file()).map(|m| m.len())
}
