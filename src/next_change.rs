//! When the site changes by itself, and which of its files: proved by planning it for both instants and comparing the
//! fingerprints of all outputs. It renders nothing and writes nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use ecow::EcoString;
use jiff::Timestamp;
use rayon::prelude::*;
use serde::Serialize;

use crate::catalog::{Catalog, Entry, EntryId, Now, State, status};
use crate::commit::Lock;
use crate::date::PartialDate;
use crate::diag::{Diagnostic, Diagnostics};
use crate::document;
use crate::field::{Value, Values};
use crate::fingerprint::Fingerprint;
use crate::ledger::{self, Ledger};
use crate::load::{self, Inputs, Keeping};
use crate::memo::Memos;
use crate::plan::{Plan, Subject};
use crate::render::Renderer;
use crate::source::Sources;
use crate::{Clock, Options};

/// What was found, or why nothing could be.
#[derive(Debug)]
pub struct Report {
    /// The texts that diagnostics point into.
    pub sources: Arc<Sources>,
    /// What the editor should know, sorted, if errors stand.
    pub diagnostics: Vec<Diagnostic>,
    /// The answer; `None` if errors stand.
    pub answer: Option<Answer>,
}

/// The next change of the site.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// The instant that it comes after, to the second.
    pub at: Timestamp,
    /// The first instant at which any output is another; `None` if there is none, or none so soon.
    pub next: Option<Timestamp>,
    /// What a build at that instant writes or deletes after one before it, by path. Compressed copies go with their outputs.
    pub outputs: Vec<Output>,
}

/// An output that changes.
#[derive(Debug, Serialize)]
pub struct Output {
    /// Its path below the output folder.
    pub path: EcoString,
    /// What happens to it.
    pub change: Change,
    /// Why.
    pub because: Vec<Reason>,
}

/// What happens to an output.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It is new or has other content.
    Written,
    /// It is there no more.
    Deleted,
}

/// What comes with an instant.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(untagged)]
pub enum Reason {
    /// Something is otherwise with an entry.
    Entry {
        /// The entry, `type/id`.
        entry: EcoString,
        /// Its facts that have this instant, by the names of their fields; `urls.lock` where it is the ledger that has it.
        facts: BTreeSet<EcoString>,
        /// Its status, or whether it is published, until then; absent where neither changes.
        #[serde(skip_serializing_if = "Option::is_none")]
        before: Option<&'static str>,
        /// The same from then on.
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<&'static str>,
    },
    /// A month is over in the portal's time zone, and its dates leave the first page of the calendar.
    Month {
        /// Which one.
        month: String,
    },
}

/// Finds the next change after the instant that the options name, if there is one until another. If a build would write
/// `urls.lock`, what it would write down at the first instant is known at the second; else both read it as it is.
pub fn next_change(options: &Options, until: Option<Timestamp>) -> Report {
    let lock = load::find_site(&options.site).and_then(|()| Lock::take(&options.site, &options.out));
    let _lock = match lock {
        Ok(lock) => lock,
        Err(problem) => return Report::failed(vec![*problem], Arc::default()),
    };
    let (mut inputs, mut found) = load::load(options);
    let memos = std::mem::take(&mut inputs.memos);
    let now = Now::at(options.at);
    let before = site(&inputs, options, &now, None, &mut found);
    let (catalog, plan) = match before {
        Some(before) if !found.has_errors() => before,
        _ => return Report::failed(found.sorted(&inputs.sources), inputs.sources),
    };
    let answer = |next, outputs| Answer { at: now.stamp(), next, outputs };
    let within = |instant: &Timestamp| until.is_none_or(|until| *instant <= until);
    let Some(mut candidate) = now.next().filter(within) else {
        return Report::found(answer(None, Vec::new()), inputs.sources);
    };
    let (prints, memos) = prints(&catalog, &plan, memos);
    let written = (options.ledger == Keeping::Write).then_some(plan.addresses.next.text.as_str());
    loop {
        let then = match written {
            Some(_) => Now::at(candidate),
            None => now.later(candidate),
        };
        let mut found = Diagnostics::new();
        let after = site(&inputs, options, &then, written, &mut found);
        let Some(after) = after.filter(|_| !found.has_errors()) else {
            let message = format!("from {candidate} on this site has errors, and can be built no more");
            let help = "mend what the other messages say before that instant";
            found.push(Diagnostic::in_file("errors-ahead", "relais.yaml".to_owned(), message).help(help));
            return Report::failed(found.sorted(&inputs.sources), inputs.sources);
        };
        let renderer = Renderer::new(&after.0, &after.1, &memos);
        let changed = changed((&plan, &prints), &renderer);
        if !changed.is_empty() {
            let before = Renderer::new(&catalog, &plan, &memos);
            let sides = Sides { before: (&catalog, &before), after: (&after.0, &renderer), at: candidate };
            let outputs = sides.outputs(changed);
            return Report::found(answer(Some(candidate), outputs), inputs.sources);
        }
        match then.next().filter(within) {
            Some(later) => candidate = later,
            None => return Report::found(answer(None, Vec::new()), inputs.sources),
        }
    }
}

impl Report {
    fn failed(diagnostics: Vec<Diagnostic>, sources: Arc<Sources>) -> Report {
        Report { sources, diagnostics, answer: None }
    }

    fn found(answer: Answer, sources: Arc<Sources>) -> Report {
        Report { sources, diagnostics: Vec::new(), answer: Some(answer) }
    }
}

/// The site at an instant, with another ledger if one is given.
fn site(
    inputs: &Inputs,
    options: &Options,
    now: &Now,
    ledger: Option<&str>,
    found: &mut Diagnostics,
) -> Option<(Catalog, Plan)> {
    let (documents, problems) = document::parse(inputs, options);
    found.extend(problems);
    let mut documents = documents?;
    if let Some(text) = ledger {
        documents.ledger = Ledger::of(text);
    }
    Some(crate::model(documents, inputs, options, now, &mut Clock::start(), found))
}

/// The fingerprint of every output, in the plan's order, and what was learned on the way.
fn prints(catalog: &Catalog, plan: &Plan, memos: Memos) -> (Vec<Fingerprint>, Memos) {
    let renderer = Renderer::new(catalog, plan, &memos);
    let prints = (0..plan.outputs.len()).into_par_iter().map(|at| renderer.fingerprint(at)).collect();
    let fresh = renderer.memos();
    (prints, memos.updated(fresh))
}

/// The number of an output before, the number of the same after; of one that differs.
type Pair = (Option<usize>, Option<usize>);

fn changed((plan, prints): (&Plan, &[Fingerprint]), after: &Renderer<'_>) -> Vec<Pair> {
    let (old, new) = (&plan.outputs, &after.plan().outputs);
    let mut pairs: Vec<Pair> = Vec::new();
    let mut at = 0;
    for (number, output) in new.iter().enumerate() {
        while at < old.len() && old[at].path < output.path {
            pairs.push((Some(at), None));
            at += 1;
        }
        let same = at < old.len() && old[at].path == output.path;
        pairs.push((same.then_some(at), Some(number)));
        at += usize::from(same);
    }
    pairs.extend((at..old.len()).map(|at| (Some(at), None)));
    let differs = |pair: &Pair| match *pair {
        (Some(before), Some(number)) => prints[before] != after.fingerprint(number),
        _ => true,
    };
    pairs.into_par_iter().filter(differs).collect()
}

/// The site before and after an instant.
struct Sides<'s> {
    before: (&'s Catalog, &'s Renderer<'s>),
    after: (&'s Catalog, &'s Renderer<'s>),
    at: Timestamp,
}

impl Sides<'_> {
    fn outputs(&self, changed: Vec<Pair>) -> Vec<Output> {
        let reasons: Vec<Option<Reason>> = self.after.0.ids().map(|id| self.reason(id)).collect();
        let month = self.month().map(|month| Reason::Month { month: month.to_string() });
        let output = |(before, after): Pair| {
            let sides = [(self.before, before), (self.after, after)];
            let sides = || sides.iter().filter_map(|((catalog, renderer), at)| at.map(|at| (*catalog, *renderer, at)));
            let subjects = || sides().map(|(_, renderer, at)| &renderer.plan().outputs[at].subject);
            let seen: BTreeSet<EntryId> = sides().flat_map(|(_, renderer, at)| looked_at(renderer, at)).collect();
            let of = |ids: &mut dyn Iterator<Item = EntryId>| -> Vec<Reason> {
                ids.filter_map(|id| reasons[id.index()].clone()).collect()
            };
            let mut because = of(&mut seen.into_iter());
            // What counts entries, or tells of all of them, looks at none.
            if because.is_empty() {
                let kind = subjects().find_map(type_of);
                let is_of = |id: &EntryId| kind.is_none_or(|kind| self.after.0.entry(*id).type_index == kind);
                because = of(&mut self.after.0.ids().filter(is_of));
            }
            if because.is_empty() || subjects().any(|subject| matches!(subject, Subject::Calendar(_, None))) {
                because.extend(month.clone());
            }
            let path = sides().map(|(_, renderer, at)| renderer.plan().outputs[at].path.as_str()).next();
            let change = if after.is_some() { Change::Written } else { Change::Deleted };
            Output { path: path.unwrap_or_default().into(), change, because }
        };
        changed.into_par_iter().map(output).collect()
    }

    /// What is otherwise with an entry.
    fn reason(&self, id: EntryId) -> Option<Reason> {
        let (old, new) = (&self.before.0.entries[id.index()], &self.after.0.entries[id.index()]);
        let mut facts = facts(self.after.0, id, self.at);
        let is_noted = || new.dated.events.iter().any(|(_, at)| *at == Some(self.at));
        if facts.is_empty() && (old.dated.seen != new.dated.seen || is_noted()) {
            facts.insert(ledger::NAME.into());
        }
        let (before, after) =
            if old.state == new.state { (status(old), status(new)) } else { (state(old), state(new)) };
        let turns = before != after;
        let is_shown = old.is_published() || new.is_published();
        (is_shown && (turns || !facts.is_empty())).then(|| Reason::Entry {
            entry: self.after.0.key(id),
            facts,
            before: before.filter(|_| turns),
            after: after.filter(|_| turns),
        })
    }

    /// The month that ends at the instant.
    fn month(&self) -> Option<PartialDate> {
        let zone = &self.after.0.config.time_zone;
        let day = self.at.to_zoned(zone.clone()).date().yesterday().ok()?;
        let month = PartialDate::Month(day.year(), day.month());
        status::ends(month, zone).filter(|over| *over == self.at).map(|_| month)
    }
}

/// The entries that an output shows something of.
fn looked_at(renderer: &Renderer<'_>, at: usize) -> impl Iterator<Item = EntryId> {
    let (seen, cards) = renderer.seen(at);
    seen.into_iter().chain(cards)
}

/// The one type that an output is about.
fn type_of(subject: &Subject) -> Option<usize> {
    match subject {
        Subject::Listing(listing, _) => Some(listing.type_index),
        Subject::Directory(directory, _) => Some(directory.type_index),
        _ => None,
    }
}

fn status(entry: &Entry) -> Option<&'static str> {
    entry.status.map(status::Status::id)
}

fn state(entry: &Entry) -> Option<&'static str> {
    Some(match entry.state {
        State::Draft => "draft",
        State::Scheduled => "scheduled",
        State::Published => "published",
        State::Expired => "expired",
        State::Superseded => "superseded",
    })
}

/// The facts of an entry that have an instant: those that begin or end then, or are near from then on.
fn facts(catalog: &Catalog, id: EntryId, at: Timestamp) -> BTreeSet<EcoString> {
    let (entry, definition) = (catalog.entry(id), catalog.type_of(id));
    let zone = &catalog.config.time_zone;
    let is_then = |instant: Timestamp| Now::at(at).has_reached(instant) && at.duration_since(instant).as_secs() < 1;
    let day = |day: Option<PartialDate>, edge: fn(PartialDate, &jiff::tz::TimeZone) -> Option<Timestamp>| {
        day.and_then(|day| edge(day, zone)).is_some_and(is_then)
    };
    let mut facts = BTreeSet::new();
    if day(entry.publish_on, status::begins) {
        facts.insert("publish_on".into());
    }
    if day(entry.expires_on, status::ends) {
        facts.insert("expires_on".into());
    }
    for (field, values) in definition.fields.iter().zip(&entry.values) {
        let values = values.iter().flat_map(Values::shared);
        let instants = values.flat_map(|value| {
            let was = if let Value::Deadline(deadline) = value { &deadline.was[..] } else { &[] };
            status::edges(&definition.status, value, zone).chain(was.iter().map(|was| was.ends))
        });
        if instants.into_iter().any(is_then) {
            facts.insert(field.name.clone());
        }
    }
    facts
}

/// How many reasons and outputs people are shown.
const SHOWN: usize = 10;

impl Answer {
    /// As one JSON document, with all outputs.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// In words; the first line is the instant and nothing else, or says that there is none.
    pub fn words(&self, until: Option<Timestamp>) -> String {
        let Some(next) = self.next else {
            return match until {
                Some(until) => format!("no output changes after {} until {until}", self.at),
                None => format!("no output changes after {}", self.at),
            };
        };
        let deleted = self.outputs.iter().filter(|output| output.change == Change::Deleted).count();
        let mut lines = vec![next.to_string()];
        lines.push(format!("files written: {}, deleted: {deleted}; because", self.outputs.len() - deleted));
        let reasons: BTreeSet<&Reason> = self.outputs.iter().flat_map(|output| &output.because).collect();
        list(&mut lines, reasons.into_iter().map(Reason::words).collect());
        lines.push("outputs".to_owned());
        let output = |output: &Output| match output.change {
            Change::Written => format!("written  {}", output.path),
            Change::Deleted => format!("deleted  {}", output.path),
        };
        list(&mut lines, self.outputs.iter().map(output).collect());
        lines.join("\n")
    }
}

fn list(lines: &mut Vec<String>, mut of: Vec<String>) {
    let more = of.len().saturating_sub(SHOWN);
    of.truncate(SHOWN);
    lines.extend(of.into_iter().map(|line| format!("  {line}")));
    if more > 0 {
        lines.push(format!("  and {more} more"));
    }
}

impl Reason {
    fn words(&self) -> String {
        let (entry, facts, before, after) = match self {
            Reason::Month { month } => return format!("{month} is over"),
            Reason::Entry { entry, facts, before, after } => (entry, facts, before, after),
        };
        let facts: Vec<&str> = facts.iter().map(EcoString::as_str).collect();
        let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) };
        match (before, after) {
            (None, None) => format!("{entry}{facts}"),
            (before, after) => format!("{entry}: {} → {}{facts}", before.unwrap_or("-"), after.unwrap_or("-")),
        }
    }
}
