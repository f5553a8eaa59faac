//! Footnotes: knows their numbers, their references and their texts, and writes the list that ends a body; does not
//! know Markdown.

use std::collections::HashMap;
use std::fmt::Write;

use ecow::EcoString;

use super::source::to_u32;
use super::{Hole, Problem, Problems, Range};

/// The footnotes of one body, numbered in the order of their first references.
#[derive(Default)]
pub(super) struct Footnotes {
    /// The position in `cited` of each label that has been referred to.
    numbers: HashMap<EcoString, usize>,
    cited: Vec<Cited>,
    texts: HashMap<EcoString, Text>,
    /// The labels of `texts`, in the order of the file.
    defined: Vec<EcoString>,
}

struct Cited {
    label: EcoString,
    references: u32,
}

/// A footnote's text; the positions of its holes count from its own beginning.
pub(super) struct Text {
    pub html: String,
    pub holes: Vec<Hole>,
    pub range: Range,
}

impl Footnotes {
    /// Notes a reference; returns the footnote's number and which of its references this is, both from 1.
    pub(super) fn cite(&mut self, label: &str) -> (usize, u32) {
        let label = fold(label);
        let cited = &mut self.cited;
        let index = *self.numbers.entry(label.clone()).or_insert_with(|| {
            cited.push(Cited { label, references: 0 });
            cited.len() - 1
        });
        cited[index].references += 1;
        (index + 1, cited[index].references)
    }

    /// Keeps a definition.
    pub(super) fn define(&mut self, label: &str, text: Text, problems: &mut Problems) {
        let label = fold(label);
        if self.texts.contains_key(&label) {
            problems.push(
                Problem::warning(
                    "footnote-duplicate",
                    text.range,
                    format!("the footnote `{label}` is defined twice: this text is left out"),
                )
                .help("give it a name of its own"),
            );
            return;
        }
        self.defined.push(label.clone());
        self.texts.insert(label, text);
    }

    /// Writes the list at the end of the body.
    pub(super) fn finish(mut self, prefix: &str, html: &mut String, holes: &mut Vec<Hole>, problems: &mut Problems) {
        for label in &self.defined {
            if !self.numbers.contains_key(label) {
                problems.push(
                    Problem::warning(
                        "footnote-unused",
                        self.texts[label].range,
                        format!("nothing refers to the footnote `{label}`: it is left out"),
                    )
                    .help(format!("write [^{label}] where it belongs, or remove it")),
                );
            }
        }
        if self.cited.is_empty() {
            return;
        }
        html.push_str("<section class=\"footnotes\" role=\"doc-endnotes\">\n<ol>\n");
        for (index, cited) in self.cited.iter().enumerate() {
            let number = index + 1;
            let _ = writeln!(html, "<li id=\"{prefix}fn:{number}\">");
            let mut end = "";
            if let Some(mut text) = self.texts.remove(&cited.label) {
                // The links back belong in the last paragraph.
                if text.html.ends_with("</p>\n") {
                    text.html.truncate(text.html.len() - "</p>\n".len());
                    end = "</p>";
                }
                let at = to_u32(html.len());
                html.push_str(&text.html);
                holes.extend(text.holes.into_iter().map(|hole| Hole { at: hole.at + at, ..hole }));
            }
            for reference in 1..=cited.references {
                write_back_link(html, prefix, number, reference);
            }
            html.push_str(end);
            html.push_str("\n</li>\n");
        }
        html.push_str("</ol>\n</section>\n");
    }
}

/// Writes a reference; its link is left out where a link is open already.
pub(super) fn write_reference(html: &mut String, prefix: &str, number: usize, reference: u32, in_link: bool) {
    let mut id = format!("{prefix}fnref:{number}");
    if reference > 1 {
        let _ = write!(id, "-{reference}");
    }
    let _ = if in_link {
        write!(html, "<sup class=\"footnote-ref\" id=\"{id}\">{number}</sup>")
    } else {
        write!(
            html,
            "<sup class=\"footnote-ref\"><a href=\"#{prefix}fn:{number}\" id=\"{id}\" role=\"doc-noteref\">{number}</a></sup>"
        )
    };
}

/// The role says in the reader's language that the link leads back; the name is the number, and needs no language.
fn write_back_link(html: &mut String, prefix: &str, number: usize, reference: u32) {
    let _ = if reference == 1 {
        write!(html, " <a href=\"#{prefix}fnref:{number}\" role=\"doc-backlink\" aria-label=\"{number}\">↩</a>")
    } else {
        write!(
            html,
            " <a href=\"#{prefix}fnref:{number}-{reference}\" role=\"doc-backlink\" aria-label=\"{number}-{reference}\">↩<sup>{reference}</sup></a>"
        )
    };
}

/// Labels are compared without case, as the parser does.
fn fold(label: &str) -> EcoString {
    label.to_lowercase().into()
}
