//! Links and images: knows their texts and destinations and which are ambiguous; what a local destination becomes is
//! left to a hole.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops;

use ecow::EcoString;
use pulldown_cmark::{Event, LinkType};
use pulldown_cmark_escape::escape_href;

use super::build::{Builder, escape_attribute};
use super::targets::{self, Destination};
use super::{HoleKind, Problem, Range, Target};

/// The links of a body.
#[derive(Default)]
pub(super) struct Links {
    open: Vec<OpenLink>,
    /// Where each link text first led, in lower case.
    texts: HashMap<String, EcoString>,
}

struct OpenLink {
    written: Written,
    destination: EcoString,
    text: String,
    /// Whether it holds an image or a fact.
    filled: bool,
    /// Whether the text is the address itself.
    automatic: bool,
    range: Range,
}

/// What was written of a link.
enum Written {
    Outside,
    Local(Target),
    /// No tag at all: the link was refused, or stands in another.
    Nothing,
}

/// An image whose alternative text is being read.
pub(super) struct OpenImage {
    target: Option<Target>,
    alt: String,
    title: EcoString,
    range: Range,
    depth: u32,
}

impl Links {
    pub(super) fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    pub(super) fn is_automatic(&self) -> bool {
        self.open.last().is_some_and(|link| link.automatic)
    }

    pub(super) fn text(&mut self, text: &str) {
        for link in &mut self.open {
            link.text.push_str(text);
        }
    }

    pub(super) fn fill(&mut self) {
        for link in &mut self.open {
            link.filled = true;
        }
    }
}

impl Builder<'_> {
    pub(super) fn open_link(&mut self, kind: LinkType, destination: &str, title: &str, range: ops::Range<usize>) {
        let range = self.range(range);
        let mail;
        let destination = if kind == LinkType::Email {
            mail = format!("mailto:{destination}");
            &mail
        } else {
            destination
        };
        let written = if self.links.is_open() {
            self.problems.push(
                Problem::warning("link-nested", range, "a link within a link is printed as text")
                    .help("end the outer link before it"),
            );
            Written::Nothing
        } else {
            self.write_link(destination, title, range)
        };
        self.links.open.push(OpenLink {
            written,
            destination: destination.into(),
            text: String::new(),
            filled: false,
            automatic: matches!(kind, LinkType::Autolink | LinkType::Email),
            range,
        });
    }

    fn write_link(&mut self, destination: &str, title: &str, range: Range) -> Written {
        let rel = match targets::link(destination) {
            Ok(Destination::Local(target)) => {
                self.html.push_str("<a");
                let hole = HoleKind::Href { target: target.clone(), title: title.into() };
                self.hole(range, hole);
                self.html.push('>');
                return Written::Local(target);
            }
            Ok(Destination::Web) => "\" rel=\"external",
            Ok(Destination::Contact) => "",
            Err(refusal) => {
                self.refuse(refusal, range);
                return Written::Nothing;
            }
        };
        self.html.push_str("<a href=\"");
        let _ = escape_href(&mut self.html, destination);
        self.html.push_str(rel);
        if !title.is_empty() {
            self.html.push_str("\" title=\"");
            escape_attribute(&mut self.html, title);
        }
        self.html.push_str("\">");
        Written::Outside
    }

    pub(super) fn close_link(&mut self) {
        let Some(link) = self.links.open.pop() else {
            return;
        };
        let text = link.text.trim();
        let empty = text.is_empty() && !link.filled;
        match link.written {
            Written::Nothing => return,
            Written::Local(target) if empty => {
                self.hole(link.range, HoleKind::LinkText { target });
                self.plain("…");
                self.words.one();
                self.run.follows('x');
            }
            Written::Outside if empty => self.problems.push(
                Problem::error("link-text-empty", link.range, "this link has no text")
                    .help("say between the brackets where it leads"),
            ),
            _ => {}
        }
        self.html.push_str("</a>");
        if text.is_empty() || link.automatic {
            return;
        }
        let text_lower = text.to_lowercase();
        if !self.options.vague_links.contains(&text_lower) {
            return;
        }
        match self.links.texts.entry(text_lower) {
            Entry::Vacant(first) => {
                first.insert(link.destination);
            }
            Entry::Occupied(first) => {
                let same = first.get().trim_end_matches('/') == link.destination.trim_end_matches('/');
                if !same {
                    let problem = Problem::warning(
                        "ambiguous-link-text",
                        link.range,
                        format!("`{text}` leads here to `{}` and before to `{}`", link.destination, first.get()),
                    );
                    self.problems.push(problem.help(
                        "let each text say where it leads: a list of links is read without the words around them",
                    ));
                }
            }
        }
    }

    pub(super) fn open_image(&mut self, destination: &str, title: &str, range: ops::Range<usize>) {
        let range = self.range(range);
        let target = match targets::image(destination) {
            Ok(target) => Some(target),
            Err(refusal) => {
                self.refuse(refusal, range);
                None
            }
        };
        self.image = Some(OpenImage { target, alt: String::new(), title: title.into(), range, depth: 0 });
    }

    /// What stands between an image's brackets is plain text.
    pub(super) fn image_event(&mut self, event: Event<'_>, range: ops::Range<usize>) {
        let Some(image) = &mut self.image else {
            return;
        };
        match event {
            Event::Start(_) => image.depth += 1,
            Event::End(_) if image.depth == 0 => self.close_image(),
            Event::End(_) => image.depth -= 1,
            Event::Text(text) | Event::Code(text) => image.alt.push_str(&text),
            Event::SoftBreak | Event::HardBreak => image.alt.push(' '),
            Event::InlineHtml(_) => {
                let range = self.range(range);
                self.problems.push(
                    Problem::error("html-in-alternative", range, "an alternative text holds no HTML")
                        .help("write plain text"),
                );
            }
            _ => {}
        }
    }

    fn close_image(&mut self) {
        let Some(image) = self.image.take() else {
            return;
        };
        let Some(target) = image.target else {
            return;
        };
        let alt = image.alt.trim();
        if alt.contains("{{") {
            self.problems.push(
                Problem::error("shortcode-in-alternative", image.range, "an alternative text holds no {{ … }}")
                    .help("write plain text"),
            );
        }
        // The alternative text of a file may be among the entry's facts.
        if alt.is_empty() && !matches!(target, Target::File(_)) {
            self.problems.push(
                Problem::error("image-alternative", image.range, "this image has no alternative text")
                    .help("say between the brackets what it shows"),
            );
        }
        let hole = HoleKind::Image { target, alt: alt.into(), title: image.title };
        self.hole(image.range, hole);
        self.links.fill();
        self.run.follows('x');
    }

    fn refuse(&mut self, refusal: targets::Refusal, range: Range) {
        self.problems.push(Problem {
            code: refusal.code,
            error: true,
            range,
            message: refusal.message,
            help: refusal.help,
        });
    }
}
