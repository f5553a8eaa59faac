//! Diagnostics as a person reads them in a terminal; drawn by annotate-snippets.

use annotate_snippets::{AnnotationKind, Group, Level as Rank, Origin, Renderer, Snippet};

use super::excerpt::Excerpt;
use super::{Diagnostic, Level};
use crate::source::Sources;

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
        group = group.element(snippet(&excerpt, AnnotationKind::Primary, label));
    } else if let Some(path) = &diagnostic.path {
        group = group.element(Origin::path(path.as_str()));
    }
    for (span, text) in &diagnostic.related {
        group = group.element(snippet(&Excerpt::around(*span, sources), AnnotationKind::Context, Some(text)));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Rank::HELP.message(help.as_str()));
    }
    vec![group]
}

fn snippet<'a>(
    excerpt: &Excerpt<'a>,
    kind: AnnotationKind,
    label: Option<&'a str>,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let annotation = kind.span(excerpt.span.clone());
    Snippet::source(excerpt.text).path(excerpt.path).line_start(excerpt.line).annotation(match label {
        Some(label) => annotation.label(label),
        None => annotation,
    })
}
