//! Headings and their ids: knows slugs and which are taken; does not know the page that they stand on.

use std::collections::HashMap;
use std::fmt::Write;
use std::ops;

use ecow::{EcoString, eco_format};

use super::build::Builder;
use super::source::to_u32;
use super::{Heading, HoleKind, Problem, Problems};

impl Builder<'_> {
    pub(super) fn open_heading(&mut self, level: u8, id: Option<&str>, unused: bool, range: ops::Range<usize>) {
        let range = self.range(range);
        let previous = self.headings.last().map_or(1, |heading| heading.level);
        if level == 1 {
            self.problems.push(
                Problem::warning(
                    "heading-level-one",
                    range,
                    "the page's title is its only heading of level 1: this one becomes level 2",
                )
                .help("write ## and shift the headings below it"),
            );
        }
        let level = level.max(2);
        if level > previous + 1 {
            let marks = "#".repeat(usize::from(previous) + 1);
            self.problems.push(
                Problem::warning(
                    "heading-jump",
                    range,
                    format!("this heading of level {level} follows one of level {previous}"),
                )
                .help(format!("write {marks}: readers who go by headings take a gap for a missing part")),
            );
        }
        if unused {
            self.problems.push(
                Problem::warning("heading-attributes", range, "a heading takes an id and nothing else")
                    .help("write {#id}: classes and other attributes belong to the theme"),
            );
        }
        let valid = id.filter(|id| is_id(id));
        if let Some(id) = id.filter(|_| valid.is_none()) {
            self.problems.push(
                Problem::error("heading-id", range, format!("`{}` cannot be an id", id.escape_debug()))
                    .help("an id holds letters, digits, hyphens, underscores and full stops"),
            );
        }
        let _ = write!(self.html, "<h{level} id=\"");
        self.hole(range, HoleKind::HeadingId(to_u32(self.headings.len())));
        self.html.push_str("\">");
        self.headings.push(Heading {
            level,
            text: EcoString::new(),
            id: valid.unwrap_or_default().into(),
            explicit: valid.is_some(),
            range,
        });
        self.heading = Some(String::new());
    }

    pub(super) fn close_heading(&mut self) {
        let text = self.heading.take().unwrap_or_default();
        let Some(heading) = self.headings.last_mut() else {
            return;
        };
        heading.text = text.split_ascii_whitespace().collect::<Vec<_>>().join(" ").into();
        if heading.text.is_empty() && !self.holes.last().is_some_and(|hole| is_visible(&hole.kind)) {
            let problem = Problem::warning("heading-empty", heading.range, "this heading has no text");
            self.problems.push(problem.help("remove it, or say what follows"));
        }
        let _ = writeln!(self.html, "</h{}>", heading.level);
    }
}

/// Whether readers see what fills the hole.
fn is_visible(kind: &HoleKind) -> bool {
    !matches!(kind, HoleKind::HeadingId(_) | HoleKind::Href { .. })
}

/// Gives every heading an id of its own: first those that the editor wrote, then those made from the text.
pub(super) fn assign_ids(headings: &mut [Heading], problems: &mut Problems) {
    let mut taken = HashMap::with_capacity(headings.len());
    for heading in headings.iter_mut().filter(|heading| heading.explicit) {
        let id = free(&mut taken, &heading.id);
        if id != heading.id {
            problems.push(
                Problem::error(
                    "heading-id-duplicate",
                    heading.range,
                    format!("two headings have the id `{}`", heading.id),
                )
                .help("give each its own, so that a link reaches one place"),
            );
            heading.id = id;
        }
    }
    for heading in headings.iter_mut().filter(|heading| !heading.explicit) {
        heading.id = free(&mut taken, &slug(&heading.text));
    }
}

/// The id itself, or the first of `id-2`, `id-3` … that nobody has. The map's values are the last suffix tried, so
/// that a thousand equal headings cost no more than a thousand different ones.
fn free(taken: &mut HashMap<EcoString, u32>, id: &EcoString) -> EcoString {
    let Some(mut suffix) = taken.get(id).copied() else {
        taken.insert(id.clone(), 1);
        return id.clone();
    };
    loop {
        suffix += 1;
        let candidate = eco_format!("{id}-{suffix}");
        if !taken.contains_key(&candidate) {
            taken.insert(id.clone(), suffix);
            taken.insert(candidate.clone(), 1);
            return candidate;
        }
    }
}

/// An id from a heading's text, by the rule of address segments.
fn slug(text: &str) -> EcoString {
    let slug = crate::url::slug(text);
    if slug.is_empty() { "section".into() } else { slug }
}

/// Whether an editor's id can stand in an address as it is. The colon is kept for footnotes.
fn is_id(id: &str) -> bool {
    id.starts_with(char::is_alphanumeric) && id.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}
