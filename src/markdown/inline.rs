//! Running text: knows the order in which shortcodes, literals, typography and escapes apply; does not know blocks.

use std::ops;

use super::build::{Builder, Verbatim, escape_text};
use super::source::Gathered;
use super::{HoleKind, Literal, Problem, Range, literals, shortcodes};

impl Builder<'_> {
    /// Writes the text gathered so far. `last` says that a paragraph ends here.
    pub(super) fn flush(&mut self, last: bool) {
        if self.pending.is_empty() {
            return;
        }
        let gathered = self.pending.take(self.source);
        match self.verbatim {
            Verbatim::Html => self.raw_html(&gathered, false),
            _ => self.running_text(&gathered, last),
        }
        self.pending.reuse(gathered);
    }

    fn running_text(&mut self, gathered: &Gathered, last: bool) {
        let text = gathered.text();
        if self.links.is_automatic() {
            // The text is an address.
            self.words.one();
            self.plain(text);
            escape_text(&mut self.html, text);
            return self.run.follows('x');
        }
        let signs = self.words.read(text);
        if signs.caret {
            self.check_footnotes(gathered);
        }
        if signs.digit {
            self.find_literals(gathered, 0..text.len());
        }
        if signs.brace && text.contains("{{") {
            self.text_with_shortcodes(gathered, last);
        } else {
            self.write_text(text);
        }
    }

    pub(super) fn write_text(&mut self, text: &str) {
        if !text.is_empty() {
            let set = self.options.typography.run(text, &mut self.run);
            escape_text(&mut self.html, &set);
            self.plain(&set);
        }
    }

    pub(super) fn find_literals(&mut self, gathered: &Gathered, within: ops::Range<usize>) {
        let (base, literals) = (self.base, &mut self.literals);
        let from = within.start;
        literals::find(&gathered.text()[within], self.options.months, |range, value| {
            let range = gathered.range(from + range.start, from + range.end);
            let range = Range { start: range.start.saturating_add(base), end: range.end.saturating_add(base) };
            literals.push(Literal { range, value });
        });
    }

    /// A reference that has a definition is no text any more: what is left of this shape has none.
    fn check_footnotes(&mut self, gathered: &Gathered) {
        let text = gathered.text();
        let mut at = 0;
        while let Some(step) = text[at..].find("[^") {
            let start = at + step;
            at = start + 2;
            let Some(length) = text[at..].find(|c: char| matches!(c, ']' | '[') || c.is_whitespace()) else {
                return;
            };
            let end = at + length;
            if length > 0 && text.as_bytes()[end] == b']' && !gathered.is_escaped(start) {
                let label = &text[at..end];
                let range = self.shift(gathered.range(start, end + 1));
                self.problems.push(
                    Problem::warning(
                        "footnote-undefined",
                        range,
                        format!("nothing defines the footnote `{label}`: it is printed as it is"),
                    )
                    .help(format!("add a paragraph that begins with [^{label}]: and a space")),
                );
            }
            at = end;
        }
    }

    fn text_with_shortcodes(&mut self, gathered: &Gathered, last: bool) {
        let text = gathered.text();
        let pieces = self.split_shortcodes(gathered, 0..text.len());
        let only_figures = last
            && self.paragraph == Some(self.html.len())
            && pieces.iter().all(|piece| match piece {
                Piece::Text(range) => text[range.clone()].trim().is_empty(),
                Piece::Hole(HoleKind::Figure { .. }, _) => true,
                Piece::Hole(..) => false,
            })
            && pieces.iter().any(|piece| matches!(piece, Piece::Hole(..)));
        if only_figures {
            self.html.truncate(self.html.len() - "<p>".len());
            self.paragraph = None;
        }
        for piece in pieces {
            match piece {
                Piece::Text(_) if only_figures => {}
                Piece::Text(range) => self.write_text(&text[range]),
                Piece::Hole(figure @ HoleKind::Figure { .. }, range) if only_figures => {
                    self.hole(range, figure);
                    self.html.push('\n');
                }
                Piece::Hole(kind, range) => self.inline_hole(kind, range),
            }
        }
    }

    pub(super) fn inline_hole(&mut self, kind: HoleKind, range: Range) {
        if matches!(kind, HoleKind::Figure { .. }) {
            self.problems.push(
                Problem::error("figure-in-text", range, "a figure is a block of its own")
                    .help("put it on a line of its own, with an empty line before and after"),
            );
            return;
        }
        self.hole(range, kind);
        self.links.fill();
        self.excerpt.push("…");
        self.run.follows('0');
    }

    pub(super) fn split_shortcodes(&mut self, gathered: &Gathered, within: ops::Range<usize>) -> Vec<Piece> {
        let text = &gathered.text()[..within.end];
        let mut pieces = Vec::new();
        let mut copied = within.start;
        let mut at = within.start;
        while let Some(step) = text[at..].find("{{") {
            let start = at + step;
            if gathered.is_escaped(start) || gathered.is_escaped(start + 1) {
                at = start + 1;
                continue;
            }
            let inside = start + 2;
            // The next opening braces end the search: those before them were not closed.
            let rest = &text[inside..];
            let next = rest.find("{{");
            let Some(close) = rest[..next.unwrap_or(rest.len())].find("}}") else {
                let range = self.shift(gathered.range(start, inside));
                self.problems.push(
                    Problem::error("shortcode-unclosed", range, "these braces are not closed in this paragraph")
                        .help("write }} after the arguments, without * or ` between, or \\{{ to print the braces"),
                );
                let Some(next) = next else {
                    break;
                };
                at = inside + next;
                continue;
            };
            let end = inside + close + 2;
            pieces.push(Piece::Text(copied..start));
            copied = end;
            at = end;
            let range = self.shift(gathered.range(start, end));
            match shortcodes::read(&text[inside..inside + close]) {
                Ok(kind) => pieces.push(Piece::Hole(kind, range)),
                Err(refusal) => {
                    self.problems.push(Problem::error(refusal.code, range, refusal.message).help(refusal.help))
                }
            }
        }
        pieces.push(Piece::Text(copied..text.len()));
        pieces
    }
}

/// What running text is made of.
pub(super) enum Piece {
    Text(ops::Range<usize>),
    Hole(HoleKind, Range),
}
