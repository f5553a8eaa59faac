//! Events to HTML: knows blocks, and hands text, links and raw HTML to the files beside it; does not know what fills
//! the holes.

use std::cell::RefCell;
use std::fmt::Write;
use std::ops;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, LinkType, Options as Extensions, Parser, Tag, TagEnd};
use pulldown_cmark_escape::{escape_html, escape_html_body_text};

use super::elements::OpenElement;
use super::excerpt::{Excerpt, Words};
use super::footnotes::{self, Footnotes};
use super::links::{Links, OpenImage};
use super::source::{Pending, to_u32};
use super::{Body, Heading, Hole, HoleKind, Literal, Options, Problem, Problems, Range, headings};
use crate::locale::typography::Run;

/// The deepest nesting of blocks and inline elements. Browsers give up at 512; no reader follows a tenth of it.
const DEEPEST: u32 = 100;

const EXTENSIONS: Extensions = Extensions::ENABLE_TABLES
    .union(Extensions::ENABLE_FOOTNOTES)
    .union(Extensions::ENABLE_STRIKETHROUGH)
    .union(Extensions::ENABLE_TASKLISTS)
    .union(Extensions::ENABLE_HEADING_ATTRIBUTES)
    .union(Extensions::ENABLE_DEFINITION_LIST);

/// A body in the making.
pub(super) struct Builder<'a> {
    pub source: &'a str,
    pub base: u32,
    pub options: &'a Options<'a>,
    pub html: String,
    pub holes: Vec<Hole>,
    pub problems: Problems,
    /// How many Markdown elements are open.
    pub depth: u32,
    pub pending: Pending,
    pub run: Run,
    /// Where the open paragraph's content begins in `html`.
    pub paragraph: Option<usize>,
    pub verbatim: Verbatim,
    /// Raw HTML elements that are open, outermost first.
    pub elements: Vec<OpenElement>,
    /// Names whose missing or refused partner has been reported.
    pub reported: Vec<String>,
    /// The plain text of the open heading.
    pub heading: Option<String>,
    pub links: Links,
    pub image: Option<OpenImage>,
    pub excerpt: Excerpt,
    pub words: Words,
    pub literals: Vec<Literal>,
    pub headings: Vec<Heading>,
    footnotes: Footnotes,
    /// The definitions that are open: label, and where each began in `html` and in `holes`.
    definitions: Vec<(String, usize, usize)>,
    table: Table,
    /// The depth at which a task's label is open.
    task: Option<u32>,
}

/// Text that is no running text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verbatim {
    No,
    Code,
    Html,
}

#[derive(Default)]
struct Table {
    alignments: Vec<Alignment>,
    column: usize,
    head: bool,
    body: bool,
    /// Where the open cell's content begins in `html`.
    cell: usize,
}

pub(super) fn parse(text: &str, base: u32, options: &Options) -> (Body, Vec<Problem>) {
    // Without a way out the loop is done many bytes at a time.
    let any = text.bytes().fold(false, |any, byte| any | is_control(byte));
    if any && let Some(at) = text.bytes().position(is_control) {
        let plain = text.replace(|c: char| c.is_ascii() && is_control(c as u8), " ");
        let (body, mut problems) = parse(&plain, base, options);
        let start = to_u32(at).saturating_add(base);
        problems.push(
            Problem::error(
                "control-character",
                Range { start, end: start.saturating_add(1) },
                "this character is not printed and not allowed in HTML",
            )
            .help("remove it: it is often pasted from another program"),
        );
        return (body, problems);
    }
    let broken = RefCell::new(Vec::new());
    let parser = Parser::new_with_broken_link_callback(
        text,
        EXTENSIONS,
        Some(|link: pulldown_cmark::BrokenLink| {
            // Brackets alone are punctuation: […], [sic].
            if link.link_type != LinkType::Shortcut {
                broken.borrow_mut().push((link.span, link.reference.to_string()));
            }
            None
        }),
    );
    let mut builder = Builder::new(text, base, options);
    for (event, range) in parser.into_offset_iter() {
        if builder.depth > DEEPEST {
            return builder.too_deep(range);
        }
        builder.event(event, range);
    }
    for (span, reference) in broken.into_inner() {
        let range = builder.range(span);
        builder.problems.push(
            Problem::warning(
                "link-reference-undefined",
                range,
                format!("nothing defines the reference `{reference}`: the brackets are printed as they are"),
            )
            .help(format!("write the address in parentheses, or add a line [{reference}]: address")),
        );
    }
    builder.finish()
}

impl<'a> Builder<'a> {
    fn new(source: &'a str, base: u32, options: &'a Options<'a>) -> Self {
        Self {
            source,
            base,
            options,
            html: String::with_capacity(source.len() + source.len() / 2),
            holes: Vec::new(),
            problems: Problems::default(),
            depth: 0,
            pending: Pending::default(),
            run: Run::default(),
            paragraph: None,
            verbatim: Verbatim::No,
            elements: Vec::new(),
            reported: Vec::new(),
            heading: None,
            links: Links::default(),
            image: None,
            excerpt: Excerpt::default(),
            words: Words::default(),
            literals: Vec::new(),
            headings: Vec::new(),
            footnotes: Footnotes::default(),
            definitions: Vec::new(),
            table: Table::default(),
            task: None,
        }
    }

    /// An event's range in the file, without the line break that ends a block.
    pub(super) fn range(&self, range: ops::Range<usize>) -> Range {
        let length = self.source.get(range.clone()).map_or(0, |written| written.trim_ascii_end().len());
        self.shift(Range { start: to_u32(range.start), end: to_u32(range.start + length) })
    }

    pub(super) fn shift(&self, range: Range) -> Range {
        Range { start: range.start.saturating_add(self.base), end: range.end.saturating_add(self.base) }
    }

    pub(super) fn hole(&mut self, range: Range, kind: HoleKind) {
        let at = to_u32(self.html.len());
        self.holes.push(Hole { at, range, kind, alone: false });
    }

    fn event(&mut self, event: Event<'_>, range: ops::Range<usize>) {
        if self.image.is_some() {
            return self.image_event(event, range);
        }
        match event {
            Event::Text(text) | Event::Html(text) => match self.verbatim {
                Verbatim::Code => escape_text(&mut self.html, &text),
                Verbatim::No | Verbatim::Html => self.pending.push(self.source, &text, range.start, range.end),
            },
            Event::SoftBreak => self.pending.push(self.source, "\n", range.start, range.end),
            Event::End(tag) => self.end(tag, range),
            other => {
                self.flush(false);
                match other {
                    Event::Start(tag) => self.start(tag, range),
                    Event::Code(code) => self.code(&code),
                    Event::InlineHtml(tag) => self.inline_html(&tag, range),
                    Event::HardBreak => {
                        self.html.push_str("<br>\n");
                        self.plain("\n");
                        self.run.follows('\n');
                    }
                    Event::Rule => {
                        self.block();
                        self.html.push_str("<hr>\n");
                    }
                    Event::FootnoteReference(label) => self.footnote(&label),
                    Event::TaskListMarker(done) => self.task(done),
                    // Off: no option turns mathematics on. Text and ends are treated above.
                    _ => {}
                }
            }
        }
    }

    /// A block begins: whatever inline was open around it ends, and its tag begins a line.
    fn block(&mut self) {
        self.close_inline_elements();
        if self.task == Some(self.depth) {
            self.close_task();
        }
        self.check_terms();
        self.run.reset();
        self.words.interrupt();
        if !self.html.is_empty() && !self.html.ends_with('\n') {
            self.html.push('\n');
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: ops::Range<usize>) {
        match tag {
            Tag::Image { dest_url, title, .. } => return self.open_image(&dest_url, &title, range),
            Tag::HtmlBlock => {
                self.block_of_html();
                return;
            }
            Tag::Link { link_type, dest_url, title, .. } => self.open_link(link_type, &dest_url, &title, range),
            Tag::Emphasis => self.html.push_str("<em>"),
            Tag::Strong => self.html.push_str("<strong>"),
            Tag::Strikethrough => self.html.push_str("<del>"),
            Tag::TableHead => {
                self.table.column = 0;
                self.table.head = true;
                self.html.push_str("<thead>\n<tr>");
            }
            Tag::TableRow => {
                self.table.column = 0;
                if !self.table.body {
                    self.table.body = true;
                    self.html.push_str("<tbody>\n");
                }
                self.html.push_str("<tr>");
            }
            Tag::TableCell => self.open_cell(),
            block => self.start_block(block, range),
        }
        self.depth += 1;
    }

    fn start_block(&mut self, tag: Tag<'_>, range: ops::Range<usize>) {
        self.block();
        match tag {
            Tag::Paragraph => {
                self.html.push_str("<p>");
                self.paragraph = Some(self.html.len());
                if self.definitions.is_empty() {
                    self.excerpt.open();
                }
            }
            Tag::Heading { level, id, classes, attrs } => {
                let unused = !classes.is_empty() || !attrs.is_empty();
                self.open_heading(level as u8, id.as_deref(), unused, range);
            }
            Tag::BlockQuote(_) => self.html.push_str("<blockquote>\n"),
            Tag::CodeBlock(kind) => self.open_code(&kind),
            Tag::List(None) => self.html.push_str("<ul>\n"),
            Tag::List(Some(1)) => self.html.push_str("<ol>\n"),
            Tag::List(Some(first)) => {
                if first >= 1000 {
                    let start = range.start;
                    let range = self.range(start..start + first.to_string().len() + 1);
                    self.problems.push(
                        Problem::warning("list-number", range, format!("this begins a list, numbered from {first}"))
                            .help(format!("if it is a year, write {first}\\. with a backslash before the full stop")),
                    );
                }
                let _ = writeln!(self.html, "<ol start=\"{first}\">");
            }
            Tag::Item => self.html.push_str("<li>"),
            Tag::FootnoteDefinition(label) => {
                self.definitions.push((label.to_string(), self.html.len(), self.holes.len()));
            }
            Tag::DefinitionList => self.html.push_str("<dl>\n"),
            Tag::DefinitionListTitle => self.html.push_str("<dt>"),
            Tag::DefinitionListDefinition => self.html.push_str("<dd>"),
            Tag::Table(alignments) => {
                self.table = Table { alignments, ..Table::default() };
                // A wide table scrolls in its box, which the keyboard must reach.
                self.html.push_str("<div class=\"table\" tabindex=\"0\">\n<table>\n");
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: ops::Range<usize>) {
        self.flush(tag == TagEnd::Paragraph);
        if tag == TagEnd::HtmlBlock {
            self.verbatim = Verbatim::No;
            return;
        }
        self.close_elements(self.depth);
        if self.task == Some(self.depth) {
            self.close_task();
        }
        self.depth -= 1;
        let html = &mut self.html;
        match tag {
            TagEnd::Paragraph => {
                // A paragraph of figures has lost its tag.
                if self.paragraph.take().is_some() {
                    html.push_str("</p>\n");
                }
                self.excerpt.close();
            }
            TagEnd::Heading(_) => self.close_heading(),
            TagEnd::BlockQuote(_) => html.push_str("</blockquote>\n"),
            TagEnd::CodeBlock => {
                self.verbatim = Verbatim::No;
                html.push_str("</code></pre>\n");
            }
            TagEnd::List(ordered) => html.push_str(if ordered { "</ol>\n" } else { "</ul>\n" }),
            TagEnd::Item => html.push_str("</li>\n"),
            TagEnd::FootnoteDefinition => self.close_definition(range),
            TagEnd::DefinitionList => html.push_str("</dl>\n"),
            TagEnd::DefinitionListTitle => html.push_str("</dt>\n"),
            TagEnd::DefinitionListDefinition => html.push_str("</dd>\n"),
            TagEnd::Table => {
                html.push_str(if self.table.body { "</tbody>\n" } else { "" });
                html.push_str("</table>\n</div>\n");
            }
            TagEnd::TableHead => {
                self.table.head = false;
                html.push_str("</tr>\n</thead>\n");
            }
            TagEnd::TableRow => html.push_str("</tr>\n"),
            TagEnd::TableCell => self.close_cell(),
            TagEnd::Emphasis => html.push_str("</em>"),
            TagEnd::Strong => html.push_str("</strong>"),
            TagEnd::Strikethrough => html.push_str("</del>"),
            TagEnd::Link => self.close_link(),
            _ => {}
        }
    }

    fn open_code(&mut self, kind: &CodeBlockKind<'_>) {
        self.verbatim = Verbatim::Code;
        // Long lines scroll, which the keyboard must reach.
        self.html.push_str("<pre tabindex=\"0\"><code");
        if let CodeBlockKind::Fenced(info) = kind
            && let Some(language) = info.split_ascii_whitespace().next()
        {
            self.html.push_str(" class=\"language-");
            escape_attribute(&mut self.html, language);
            self.html.push('"');
        }
        self.html.push('>');
    }

    fn open_cell(&mut self) {
        self.run.reset();
        self.words.interrupt();
        let tag = if self.table.head { "<th scope=\"col\"" } else { "<td" };
        self.html.push_str(tag);
        self.html.push_str(match self.table.alignments.get(self.table.column) {
            Some(Alignment::Left) => " class=\"left\">",
            Some(Alignment::Center) => " class=\"center\">",
            Some(Alignment::Right) => " class=\"right\">",
            _ => ">",
        });
        self.table.cell = self.html.len();
    }

    fn close_cell(&mut self) {
        self.table.column += 1;
        if !self.table.head {
            self.html.push_str("</td>");
        } else if self.html.len() > self.table.cell {
            self.html.push_str("</th>");
        } else if let Some(tag) = self.html.rfind("<th") {
            // A corner without text heads no column.
            self.html.truncate(tag);
            self.html.push_str("<td></td>");
        }
    }

    fn close_definition(&mut self, range: ops::Range<usize>) {
        let Some((label, from, first)) = self.definitions.pop() else {
            return;
        };
        let html = self.html.split_off(from);
        let at = to_u32(from);
        let holes = self.holes.drain(first..).map(|hole| Hole { at: hole.at - at, ..hole }).collect();
        let range = self.range(range);
        self.footnotes.define(&label, footnotes::Text { html, holes, range }, &mut self.problems);
    }

    fn footnote(&mut self, label: &str) {
        let (number, reference) = self.footnotes.cite(label);
        let in_link = self.links.is_open();
        footnotes::write_reference(&mut self.html, self.options.id_prefix, number, reference, in_link);
        self.run.follows('1');
    }

    fn task(&mut self, done: bool) {
        // The label is the task itself: it gives the box its accessible name in any language.
        let checked = if done { " checked" } else { "" };
        let _ = write!(self.html, "<label><input type=\"checkbox\" disabled{checked}> ");
        self.task = Some(self.depth);
    }

    fn close_task(&mut self) {
        self.task = None;
        self.html.push_str("</label>");
    }

    fn code(&mut self, code: &str) {
        self.html.push_str("<code>");
        escape_text(&mut self.html, code);
        self.html.push_str("</code>");
        self.plain(code);
        self.words.one();
        self.run.follows('x');
    }

    /// Text for those who want it without markup: the open heading, link and excerpt.
    pub(super) fn plain(&mut self, text: &str) {
        if let Some(heading) = &mut self.heading {
            heading.push_str(text);
        }
        self.links.text(text);
        self.excerpt.push(text);
    }

    fn too_deep(self, range: ops::Range<usize>) -> (Body, Vec<Problem>) {
        let range = self.range(range);
        let mut problems = self.problems;
        problems.push(
            Problem::error(
                "nesting-too-deep",
                range,
                format!("more than {DEEPEST} elements are open here, one inside the other"),
            )
            .help("look for a run of >, *, - or [ that was not meant"),
        );
        (Body::default(), problems.finish())
    }

    fn finish(mut self) -> (Body, Vec<Problem>) {
        self.close_elements(0);
        headings::assign_ids(&mut self.headings, &mut self.problems);
        self.footnotes.finish(self.options.id_prefix, &mut self.html, &mut self.holes, &mut self.problems);
        self.literals.sort_by_key(|literal| literal.range.start);
        for hole in &mut self.holes {
            let at = hole.at as usize;
            hole.alone = self.html[..at].ends_with("<p>") && self.html[at..].starts_with("</p>");
        }
        let body = Body {
            html: self.html.into_boxed_str(),
            holes: self.holes,
            headings: self.headings,
            excerpt: self.excerpt.finish(),
            words: self.words.count,
            literals: self.literals,
        };
        (body, self.problems.finish())
    }
}

/// Control characters other than white space.
fn is_control(byte: u8) -> bool {
    matches!(byte, 0..=8 | 11..=12 | 14..=31 | 127)
}

pub(super) fn escape_text(html: &mut String, text: &str) {
    // Writing to a string does not fail.
    let _ = escape_html_body_text(html, text);
}

pub(super) fn escape_attribute(html: &mut String, text: &str) {
    let _ = escape_html(html, text);
}
