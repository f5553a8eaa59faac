//! Raw HTML within Markdown: knows which elements are open and where each must end, so that no body can break its
//! page; what is allowed at all is told by `raw_html`.

use std::ops;

use super::build::{Builder, Verbatim};
use super::inline::Piece;
use super::raw_html::{self, Holds, Place, Tag, Token, Tokens};
use super::source::{Gathered, Pending};
use super::{Problem, Range};

/// A raw HTML element that is open.
pub(super) struct OpenElement {
    name: &'static str,
    holds: Holds,
    /// How many Markdown elements were open around it.
    depth: u32,
    /// Whether it began within text, so that it must end there.
    inline: bool,
    range: Range,
}

impl Builder<'_> {
    pub(super) fn block_of_html(&mut self) {
        self.close_inline_elements();
        self.run.reset();
        self.words.interrupt();
        if !self.html.is_empty() && !self.html.ends_with('\n') {
            self.html.push('\n');
        }
        self.verbatim = Verbatim::Html;
    }

    /// One tag or comment within text.
    pub(super) fn inline_html(&mut self, html: &str, range: ops::Range<usize>) {
        let mut pending = Pending::default();
        pending.push(self.source, html, range.start, range.end);
        let gathered = pending.take(self.source);
        self.raw_html(&gathered, true);
    }

    pub(super) fn raw_html(&mut self, gathered: &Gathered, inline: bool) {
        let text = gathered.text();
        let mut tokens = Tokens::new(text);
        while let Some(token) = tokens.next() {
            match token {
                Token::Comment => {}
                Token::Text(range) => self.text_in_html(gathered, range),
                Token::Malformed(what, range) => {
                    let range = self.shift(gathered.range(range.start, range.end));
                    let help = "correct it, or write &lt; for the character < itself";
                    self.problems.push(Problem::error("html-malformed", range, what).help(help));
                }
                Token::Tag(tag) => {
                    if !inline && !tag.closing && raw_html::is_opaque(&tag.name) {
                        tokens.skip_to_close(&tag.name);
                    }
                    self.tag(gathered, &tag, inline);
                }
            }
        }
        if !inline {
            // Only what holds blocks may go on into the next one.
            while let Some(open) = self.elements.last()
                && open.depth == self.depth
                && open.holds == Holds::Text
            {
                self.close_unclosed();
            }
            if !self.html.is_empty() && !self.html.ends_with('\n') {
                self.html.push('\n');
            }
        }
    }

    /// Text between the tags of a block of HTML. Character references stay as they are, shortcodes work.
    fn text_in_html(&mut self, gathered: &Gathered, range: ops::Range<usize>) {
        let text = &gathered.text()[range.clone()];
        if text.trim_ascii().is_empty() && (self.html.is_empty() || self.html.ends_with('\n')) {
            // What was refused or dropped leaves no empty lines.
            return;
        }
        if self.is_among_terms() && !text.trim().is_empty() {
            let range = self.shift(gathered.range(range.start, range.end));
            self.report_terms(range);
            return;
        }
        let signs = self.words.read(text);
        if signs.digit {
            self.find_literals(gathered, range.clone());
        }
        if !(signs.brace && text.contains("{{")) {
            return self.text_with_references(text);
        }
        for piece in self.split_shortcodes(gathered, range) {
            match piece {
                Piece::Text(range) => self.text_with_references(&gathered.text()[range]),
                Piece::Hole(kind, range) => self.inline_hole(kind, range),
            }
        }
    }

    fn text_with_references(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find('&') {
            let Some(length) = raw_html::reference_length(&rest[at..]) else {
                let (head, tail) = rest.split_at(at + 1);
                self.write_text(head);
                rest = tail;
                continue;
            };
            self.write_text(&rest[..at]);
            self.html.push_str(&rest[at..at + length]);
            self.plain(" ");
            self.run.follows('x');
            rest = &rest[at + length..];
        }
        self.write_text(rest);
    }

    fn tag(&mut self, gathered: &Gathered, tag: &Tag, inline: bool) {
        let range = self.shift(gathered.range(tag.range.start, tag.range.end));
        let name = &tag.name;
        let Some(element) = raw_html::find(name) else {
            if tag.closing && self.was_reported(name) {
                return;
            }
            if !tag.closing {
                self.remember_reported(name);
            }
            self.problems.push(
                Problem::error("html-element", range, format!("<{name}> is not among the allowed HTML elements"))
                    .help(raw_html::instead(name)),
            );
            return;
        };
        if tag.closing {
            return self.close_tag(element.name, tag, range, inline);
        }
        let void = element.holds == Holds::Nothing;
        if tag.self_closing && !void {
            self.problems.push(
                Problem::error("html-malformed", range, format!("<{name}/> does not close itself in HTML"))
                    .help(format!("write <{name}></{name}>")),
            );
            return;
        }
        if let Err(message) = self.check_place(element, inline) {
            if !void {
                self.remember_reported(name);
            }
            self.problems.push(
                Problem::error("html-place", range, message)
                    .help("blocks stand on lines of their own, between empty lines, and never within text"),
            );
            return;
        }
        if self.elements.len() == raw_html::DEEPEST {
            self.remember_reported(name);
            self.problems.push(
                Problem::error("html-too-deep", range, "too many HTML elements are open here")
                    .help("close those that have ended"),
            );
            return;
        }
        if element.place != Place::Text {
            self.run.reset();
            self.words.interrupt();
        }
        self.html.push('<');
        self.html.push_str(element.name);
        for attribute in &tag.attributes {
            let value = attribute.value.clone().map_or("", |value| &gathered.text()[value]);
            match raw_html::check_attribute(element, &attribute.name, value) {
                Ok(()) => {
                    self.html.push(' ');
                    self.html.push_str(&attribute.name);
                    if !raw_html::is_boolean(&attribute.name) {
                        self.html.push_str("=\"");
                        raw_html::escape_keeping_references(&mut self.html, value);
                        self.html.push('"');
                    }
                }
                Err(message) => {
                    let range = self.shift(gathered.range(attribute.range.start, attribute.range.end));
                    self.problems.push(Problem::error("html-attribute", range, message).help(
                        "lang, dir and title are allowed everywhere; cite, datetime and open where HTML has them",
                    ));
                }
            }
        }
        self.html.push('>');
        if void {
            self.plain(" ");
            self.run.follows(' ');
        } else {
            let among_terms = self.is_among_terms();
            self.elements.push(OpenElement {
                name: element.name,
                holds: if among_terms && element.name == "div" { Holds::Terms } else { element.holds },
                depth: self.depth,
                inline,
                range,
            });
        }
    }

    fn close_tag(&mut self, name: &'static str, tag: &Tag, range: Range, inline: bool) {
        let own = |open: &OpenElement| open.depth == self.depth && open.inline == inline;
        let partner = self.elements.iter().rev().take_while(|open| own(open)).position(|open| open.name == name);
        let Some(above) = partner else {
            if !self.was_reported(name) {
                self.problems.push(
                    Problem::error("html-unbalanced", range, format!("</{name}> closes nothing that is open here"))
                        .help("an element is closed where it was opened: in the same paragraph, or between the same blocks"),
                );
            }
            return;
        };
        if !tag.attributes.is_empty() || tag.self_closing {
            self.problems.push(
                Problem::error("html-malformed", range, "a closing tag holds nothing but its name")
                    .help(format!("write </{name}>")),
            );
        }
        for _ in 0..above {
            self.close_unclosed();
        }
        self.pop_element();
    }

    /// Whether the missing or refused partner of a closing tag has been reported: once is enough.
    fn was_reported(&mut self, name: &str) -> bool {
        match self.reported.iter().rposition(|own| own == name) {
            Some(at) => {
                self.reported.remove(at);
                true
            }
            None => false,
        }
    }

    fn remember_reported(&mut self, name: &str) {
        if self.reported.len() == raw_html::DEEPEST {
            self.reported.remove(0);
        }
        self.reported.push(name.to_owned());
    }

    fn check_place(&self, element: &raw_html::Element, inline: bool) -> Result<(), String> {
        let name = element.name;
        let parent = self.elements.last().filter(|open| open.depth == self.depth);
        match element.place {
            Place::Within(outer) => {
                let terms = outer == "dl" && self.is_among_terms();
                if terms || parent.is_some_and(|open| open.name == outer) {
                    Ok(())
                } else {
                    Err(format!("<{name}> stands in <{outer}> only"))
                }
            }
            Place::Blocks if self.is_among_terms() && name != "div" => {
                Err(format!("<{name}> cannot stand in <dl>, which holds <dt> and <dd>"))
            }
            Place::Blocks if inline || parent.is_some_and(|open| open.holds == Holds::Text) => {
                Err(format!("<{name}> is a block and stands here within text"))
            }
            Place::Text if self.is_among_terms() => {
                Err(format!("<{name}> cannot stand in <dl>, which holds <dt> and <dd>"))
            }
            Place::Blocks | Place::Text => Ok(()),
        }
    }

    fn is_among_terms(&self) -> bool {
        self.elements.last().is_some_and(|open| open.depth == self.depth && open.holds == Holds::Terms)
    }

    /// A Markdown block begins: it cannot stand among the terms of a list.
    pub(super) fn check_terms(&mut self) {
        if self.is_among_terms()
            && let Some(open) = self.elements.last()
        {
            let range = open.range;
            self.report_terms(range);
        }
    }

    fn report_terms(&mut self, range: Range) {
        self.problems.push(
            Problem::error("html-place", range, "<dl> holds <dt> and <dd>, and no text of its own")
                .help("write a Markdown definition list: a term, and below it a line that begins with :"),
        );
    }

    /// Closes what was opened in text, now that a block begins.
    pub(super) fn close_inline_elements(&mut self) {
        while let Some(open) = self.elements.last()
            && open.depth == self.depth
            && open.inline
        {
            self.close_unclosed();
        }
    }

    /// Closes what was opened within the Markdown element that ends.
    pub(super) fn close_elements(&mut self, depth: u32) {
        while self.elements.last().is_some_and(|open| open.depth >= depth) {
            self.close_unclosed();
        }
    }

    fn close_unclosed(&mut self) {
        let Some(open) = self.elements.last() else {
            return;
        };
        let (name, range) = (open.name, open.range);
        self.problems.push(
            Problem::error("html-unbalanced", range, format!("<{name}> is not closed"))
                .help(format!("write </{name}> before what surrounds it ends")),
        );
        self.remember_reported(name);
        self.pop_element();
    }

    fn pop_element(&mut self) {
        if let Some(open) = self.elements.pop() {
            self.html.push_str("</");
            self.html.push_str(open.name);
            self.html.push('>');
            if open.holds != Holds::Text || !open.inline {
                self.words.interrupt();
            }
        }
    }
}
