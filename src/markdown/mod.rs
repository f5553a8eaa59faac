//! Markdown to HTML with holes: knows one text and its language's typography; knows neither the site, its addresses
//! nor its facts, which a later phase writes into the holes.

mod build;
mod elements;
mod excerpt;
mod footnotes;
mod headings;
mod inline;
mod links;
mod literals;
mod raw_html;
mod shortcodes;
mod source;
mod targets;

use ecow::EcoString;
use serde::{Deserialize, Serialize};

use crate::locale::typography::Typography;

pub use crate::source::Range;
pub use literals::LiteralValue;

/// What a text is parsed with, beside itself.
pub struct Options<'a> {
    /// The rules of the text's language.
    pub typography: &'a Typography,
    /// Link texts, in lower case, that say nothing by themselves, such as "read more": twice in a text is once too often.
    pub vague_links: &'a [String],
    /// The twelve month names in the nominative, for dates in running text; without them only ISO dates are found.
    pub months: Option<&'a [String; 12]>,
    /// Put before the ids of footnotes, so that two bodies can share a page; empty for the main one.
    pub id_prefix: &'a str,
}

/// A parsed text: HTML with its holes cut out, and what the catalog wants to know of it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Body {
    /// Balanced HTML, safe to insert as it is once the holes are filled; empty where it waits on disk.
    #[serde(skip)]
    pub html: Box<str>,
    /// What is missing from `html`, in the order of `at`. Two holes may share a position: they are filled in this order.
    pub holes: Vec<Hole>,
    /// In the order of the text.
    pub headings: Vec<Heading>,
    /// The first paragraphs as plain text, at most 300 characters, cut between words with an ellipsis. A hole shows as
    /// an ellipsis too.
    pub excerpt: EcoString,
    /// How many words a reader reads, code blocks excepted.
    pub words: u32,
    /// Dates and amounts typed in running text.
    pub literals: Vec<Literal>,
}

/// A heading of a body, for tables of contents and anchors.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Heading {
    /// 2 to 6; the page's own title is level 1.
    pub level: u8,
    /// Its plain text.
    pub text: EcoString,
    /// Unique in the body.
    pub id: EcoString,
    /// Whether the editor wrote the id, as `{#id}`.
    pub explicit: bool,
    /// The whole heading.
    pub range: Range,
}

/// A place in the HTML that a later phase writes, once per language.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Hole {
    /// Byte offset in the body's HTML.
    pub at: u32,
    /// What stands there in the file.
    pub range: Range,
    /// What belongs there.
    pub kind: HoleKind,
    /// Whether it is all that its paragraph holds.
    pub alone: bool,
}

/// What belongs in a hole.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum HoleKind {
    /// The value of an `id` attribute: an index in `headings`.
    HeadingId(u32),
    /// Inside `<a` and `>`: ` href="…"`, with `hreflang`, `title` and what else is known, a space before each.
    Href {
        /// Where it leads.
        target: Target,
        /// For the `title` attribute; may be empty.
        title: EcoString,
    },
    /// The text of a link that has none: the target's title.
    LinkText {
        /// Where the link leads.
        target: Target,
    },
    /// A whole `<img>`, inline.
    Image {
        /// Where the image is.
        target: Target,
        /// The alternative text; may be empty for a file, whose facts may have one.
        alt: EcoString,
        /// For the `title` attribute; may be empty.
        title: EcoString,
    },
    /// A fact of the entry, inline: `{{ fact deadlines case=dat }}`.
    Fact {
        /// The field.
        name: EcoString,
        /// Key and value, as written.
        args: Vec<(EcoString, EcoString)>,
    },
    /// A figure, a block of its own: `{{ figure timeline.svg }}`.
    Figure {
        /// A file of the entry's folder, not checked.
        path: EcoString,
        /// Key and value, as written.
        args: Vec<(EcoString, EcoString)>,
    },
}

/// What a link or an image points at within the site. Percent-encoding is already decoded.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Target {
    /// `/consortia/buicasus#history`.
    Entry {
        /// The type's name.
        kind: EcoString,
        /// The entry's id.
        id: EcoString,
        /// The id of a heading in its text.
        anchor: Option<EcoString>,
    },
    /// Any other path from the site's root, without its outer slashes: empty for `/`, `consortia` for `/consortia/`.
    Site {
        /// Segments with slashes between them.
        path: EcoString,
    },
    /// A file of the entry's folder: `conditions.pdf`, perhaps with a fragment as in `conditions.pdf#page=3`.
    File(EcoString),
    /// A place in the same text: `#history`.
    Anchor(EcoString),
}

/// A date or an amount found in running text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Literal {
    /// Where it stands, its currency included.
    pub range: Range,
    /// What it means.
    pub value: LiteralValue,
}

/// Something to tell the editor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// A stable name in kebab-case.
    pub code: &'static str,
    /// An error stops the build; otherwise a warning.
    pub error: bool,
    /// Where.
    pub range: Range,
    /// What is wrong, as a sentence without capital or full stop.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// Parses one text. All ranges are shifted by `base`, the text's position in its file. Never fails and never panics:
/// what is refused is reported and left out of the HTML, which is always balanced.
pub fn parse(text: &str, base: u32, options: &Options) -> (Body, Vec<Problem>) {
    build::parse(text, base, options)
}

/// The problems of one text. A few hundred of a kind are enough to tell that it is no text at all.
#[derive(Default)]
struct Problems {
    list: Vec<Problem>,
    errors: usize,
    warnings: usize,
}

/// How many errors, and how many warnings, are kept.
const MOST_PROBLEMS: usize = 500;

impl Problems {
    fn push(&mut self, problem: Problem) {
        let count = if problem.error { &mut self.errors } else { &mut self.warnings };
        *count += 1;
        if *count <= MOST_PROBLEMS {
            self.list.push(problem);
        }
    }

    /// In the order of the file.
    fn finish(mut self) -> Vec<Problem> {
        self.list.sort_by_key(|problem| (problem.range.start, problem.range.end));
        self.list
    }
}

impl Problem {
    fn error(code: &'static str, range: Range, message: impl Into<String>) -> Self {
        Self { code, error: true, range, message: message.into(), help: None }
    }

    fn warning(code: &'static str, range: Range, message: impl Into<String>) -> Self {
        Self { error: false, ..Self::error(code, range, message) }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}
