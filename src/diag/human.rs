//! Diagnostics as a person reads them in a terminal; drawn by annotate-snippets.

use annotate_snippets::{AnnotationKind, Group, Level as Rank, Origin, Renderer, Snippet};

use super::{Diagnostic, Level};
use crate::source::{Sources, Span};

/// How much of a line is shown: a 5 000-character title must not flood the terminal.
const EXCERPT: usize = 240;

pub(super) fn render(diagnostics: &[Diagnostic], sources: &Sources, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(&renderer.render(&report(diagnostic, sources)));
        out.push_str("\n\n");
    }
    out
}

fn report<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Vec<Group<'a>> {
    let rank = match diagnostic.level {
        Level::Error => Rank::ERROR,
        Level::Warning => Rank::WARNING,
    };
    let mut group = Group::with_title(rank.primary_title(diagnostic.message.as_str()).id(diagnostic.code));
    if let Some(span) = diagnostic.span {
        let excerpt = Excerpt::around(span, sources);
        let label = (!diagnostic.label.is_empty()).then_some(diagnostic.label.as_str());
        group = group.element(excerpt.snippet(AnnotationKind::Primary, label));
    } else if let Some(path) = &diagnostic.path {
        group = group.element(Origin::path(path.as_str()));
    }
    for (span, text) in &diagnostic.related {
        group = group.element(Excerpt::around(*span, sources).snippet(AnnotationKind::Context, Some(text)));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Rank::HELP.message(help.as_str()));
    }
    vec![group]
}

/// The line that a span begins on, or a part of it where it is very long.
struct Excerpt<'a> {
    path: &'a str,
    line: usize,
    text: &'a str,
    span: std::ops::Range<usize>,
}

impl<'a> Excerpt<'a> {
    fn around(span: Span, sources: &'a Sources) -> Self {
        let text = sources.text(span.file);
        let start = floor(text, span.range.start as usize);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let line_end = if text[..line_end].ends_with('\r') { (line_end - 1).max(start) } else { line_end };
        let from = floor(text, line_start.max(start.saturating_sub(EXCERPT / 2)));
        let to = floor(text, line_end.min(from + EXCERPT));
        let end = floor(text, (span.range.end as usize).max(start)).clamp(start, to.max(start));
        Excerpt {
            path: sources.path(span.file),
            line: sources.place(span.file, span.range.start).line,
            text: &text[from..to],
            span: start - from..end - from,
        }
    }

    fn snippet(self, kind: AnnotationKind, label: Option<&'a str>) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
        let annotation = kind.span(self.span);
        Snippet::source(self.text).path(self.path).line_start(self.line).annotation(match label {
            Some(label) => annotation.label(label),
            None => annotation,
        })
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
