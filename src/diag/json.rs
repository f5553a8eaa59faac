//! Diagnostics as one JSON document, for editors' tools.

use serde::Serialize;

use super::{Diagnostic, path_of};
use crate::source::{Sources, Span};

#[derive(Serialize)]
struct Report<'a> {
    errors: usize,
    warnings: usize,
    diagnostics: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    level: &'static str,
    code: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(flatten)]
    place: Option<Place>,
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Related<'a> {
    path: &'a str,
    #[serde(flatten)]
    place: Place,
    message: &'a str,
}

/// Lines and columns count from 1, columns in characters; `end` is exclusive.
#[derive(Serialize)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) end_line: usize,
    pub(super) end_column: usize,
}

pub(super) fn place(span: Span, sources: &Sources) -> Place {
    let start = sources.place(span.file, span.range.start);
    let end = sources.place(span.file, span.range.end);
    Place { line: start.line, column: start.column, end_line: end.line, end_column: end.column }
}

pub(super) fn render(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let errors = diagnostics.iter().filter(|d| d.level == super::Level::Error).count();
    let report = Report {
        errors,
        warnings: diagnostics.len() - errors,
        diagnostics: diagnostics.iter().map(|d| finding(d, sources)).collect(),
    };
    let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
    text.push('\n');
    text
}

fn finding<'a>(d: &'a Diagnostic, sources: &'a Sources) -> Finding<'a> {
    Finding {
        level: d.level.as_str(),
        code: d.code,
        message: &d.message,
        path: path_of(d, sources),
        place: d.span.map(|span| place(span, sources)),
        label: &d.label,
        help: d.help.as_deref(),
        related: d
            .related
            .iter()
            .map(|(span, message)| Related { path: sources.path(span.file), place: place(*span, sources), message })
            .collect(),
    }
}
