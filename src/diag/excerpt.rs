//! The line that a diagnostic is about, short enough to be shown; not how it is drawn.

use crate::source::{Sources, Span};

/// How much of a line is shown: a 5 000-character title must not flood the terminal.
const EXCERPT: usize = 240;

/// The line that a span begins on, or a part of it where it is very long.
pub(crate) struct Excerpt<'a> {
    /// The file.
    pub(crate) path: &'a str,
    /// The line's number, from 1.
    pub(crate) line: usize,
    /// What is shown of the line.
    pub(crate) text: &'a str,
    /// The bytes of `text` that are meant.
    pub(crate) span: std::ops::Range<usize>,
}

impl<'a> Excerpt<'a> {
    /// The excerpt for a span.
    pub(crate) fn around(span: Span, sources: &'a Sources) -> Self {
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
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
