//! What an SVG file of an entry may hold: a drawing that does nothing and fetches nothing (SVG 2, 2.2: secure static mode);
//! it reports what else it finds, at its place, and changes nothing. Drawings of themes are not looked at.

use std::ops::ControlFlow;

use quick_xml::escape::{resolve_xml_entity, unescape_with};
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

use crate::source::Range;

const SVG: &str = "http://www.w3.org/2000/svg";
const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// Elements that run programs, in lower case.
const PROGRAMS: [&str; 3] = ["script", "handler", "listener"];

/// Elements that hold something else than a drawing, in lower case.
const FOREIGN: [&str; 8] = ["foreignobject", "iframe", "embed", "object", "audio", "video", "canvas", "animation"];

/// What a picture or a font within the file begins with.
const EMBEDDED_PICTURES: [&str; 5] =
    ["data:image/png", "data:image/jpeg", "data:image/jpg", "data:image/gif", "data:image/webp"];
const EMBEDDED_FONTS: [&str; 4] =
    ["data:font/", "data:application/font", "data:application/x-font", "data:application/vnd.ms-font"];

/// What is read from an SVG file.
#[derive(Debug, Default)]
pub struct Svg {
    /// Width and height in pixels: `width` and `height`, else those of the `viewBox` (SVG 2, 8.2).
    pub size: Option<(u32, u32)>,
    /// What it must not hold.
    pub faults: Vec<Fault>,
}

/// Something that an SVG file must not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The diagnostic's code.
    pub code: &'static str,
    /// Where it is.
    pub range: Range,
    /// What it is.
    pub message: String,
    /// What to do.
    pub help: &'static str,
}

/// Looks at a file, to its end or to the first place that is not XML.
pub fn read(text: &str) -> Svg {
    let mut inspector = Inspector { text, svg: Svg::default(), depth: 0, has_root: false, style: None };
    let mut reader = NsReader::from_str(text);
    reader.config_mut().check_comments = false;
    loop {
        let from = reader.buffer_position() as usize;
        let event = match reader.read_resolved_event() {
            Ok((namespace, event)) => {
                let in_svg = matches!(namespace, ResolveResult::Bound(Namespace(SVG)));
                let unknown = if let ResolveResult::Unknown(prefix) = namespace { Some(prefix) } else { None };
                (event, in_svg, unknown)
            }
            Err(error) => {
                inspector.broken(reader.error_position() as usize, error.to_string());
                break;
            }
        };
        let (event, in_svg, unknown) = event;
        if let Some(prefix) = unknown {
            inspector.undeclared(from, &prefix);
        }
        if let Event::Start(tag) | Event::Empty(tag) = &event {
            inspector.prefixes(from, tag, &reader);
        }
        if inspector.event(from, event, in_svg).is_break() {
            break;
        }
    }
    inspector.svg
}

/// Looks at a file piece by piece.
struct Inspector<'t> {
    text: &'t str,
    svg: Svg,
    /// How many elements are open.
    depth: usize,
    has_root: bool,
    /// The style sheet that is being read, and where it begins.
    style: Option<(usize, String)>,
}

impl<'t> Inspector<'t> {
    fn event(&mut self, from: usize, event: Event<'t>, in_svg: bool) -> ControlFlow<()> {
        match event {
            Event::Start(tag) => {
                self.element(from, &tag, in_svg);
                self.depth += 1;
                if tag.local_name().as_ref() == "style" {
                    self.style = Some((from, String::new()));
                }
            }
            Event::Empty(tag) => self.element(from, &tag, in_svg),
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                if let Some((start, css)) = self.style.take() {
                    self.css(&css, Range::of(start, from));
                }
            }
            Event::Text(text) => self.characters(from, &text.into_inner()),
            Event::CData(text) => self.characters(from, &text.into_inner()),
            Event::GeneralRef(reference) => match unescape_with(&format!("&{};", &*reference), resolve_xml_entity) {
                Ok(text) => self.characters(from, &text),
                Err(_) => self.broken(from, format!("there is no `&{};`", &*reference)),
            },
            Event::PI(instruction) if instruction.target() == "xml-stylesheet" => {
                let range = Range::of(from, from + 2 + instruction.target().len());
                self.unsafe_at(
                    range,
                    "a style sheet that is fetched".into(),
                    "put the styles into the file, or remove the line",
                );
            }
            Event::DocType(declaration) if declaration.contains('[') => {
                let help = "export the drawing anew as plain SVG, or write out what the entities stand for";
                self.unsafe_at(Range::of(from, from + "<!DOCTYPE".len()), "entities of its own".into(), help);
            }
            Event::Eof => {
                if !self.has_root {
                    self.broken(0, "it has no element `<svg>`".into());
                } else if self.depth > 0 {
                    self.broken(self.text.len(), "it is cut short: elements are not closed".into());
                }
                return ControlFlow::Break(());
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn characters(&mut self, from: usize, text: &str) {
        if let Some((_, css)) = &mut self.style {
            css.push_str(text);
        } else if self.depth == 0 && !text.trim_matches('\u{FEFF}').trim().is_empty() {
            self.broken(from, "there is text outside of its elements".into());
        }
    }

    fn element(&mut self, from: usize, tag: &BytesStart<'_>, in_svg: bool) {
        let name = tag.local_name().as_ref().to_ascii_lowercase();
        let range = Range::of(from, from + 1 + tag.name().as_ref().len());
        if self.depth == 0 {
            if self.has_root {
                self.broken(from, "it has more than one outermost element".into());
            } else if name != "svg" || !in_svg {
                self.broken(from, format!("its outermost element is not `<svg xmlns=\"{SVG}\">`"));
            }
            self.svg.size = size(tag);
            self.has_root = true;
        }
        if PROGRAMS.contains(&name.as_str()) {
            self.unsafe_at(
                range,
                format!("a program, `<{}>`", tag.name().as_ref()),
                "remove the element with all that is in it",
            );
        }
        if FOREIGN.contains(&name.as_str()) {
            let help = "export texts as text or as paths, and draw or embed the rest as a picture";
            self.unsafe_at(range, format!("`<{}>`, which is no part of a drawing", tag.name().as_ref()), help);
        }
        for attribute in tag.attributes() {
            match attribute {
                Ok(attribute) => self.attribute(&name, &attribute),
                Err(error) => self.broken(from, error.to_string()),
            }
        }
    }

    fn attribute(&mut self, element: &str, attribute: &Attribute<'_>) {
        let key = attribute.key.as_ref();
        let range = self.range(key);
        let Ok(value) = unescape_with(&attribute.value, resolve_xml_entity) else {
            return self.broken(range.start as usize, format!("`{key}` has an `&` that stands for nothing"));
        };
        let name = attribute.key.local_name().as_ref().to_ascii_lowercase();
        let has_prefix = key.contains(':');
        let is_handler = |name: &str| name.len() > 2 && name.get(..2).is_some_and(|on| on.eq_ignore_ascii_case("on"));
        if key == "xmlns" || key.starts_with("xmlns:") {
            if value.trim() == XHTML {
                self.unsafe_at(range, "HTML".into(), "export the drawing without HTML: texts as text or as paths");
            }
        } else if !has_prefix && is_handler(key) {
            self.unsafe_at(range, format!("a program, `{key}`"), "remove the attribute");
        } else if name == "href" || name == "src" {
            self.address(element, key, &value, range);
        } else if key == "xml:base" {
            self.unsafe_at(range, "`xml:base`, which moves addresses elsewhere".into(), "remove the attribute");
        } else if name == "attributename" && (is_handler(value.trim()) || value.trim().ends_with("href")) {
            let help = "remove the animation; addresses and programs must not change";
            self.unsafe_at(range, format!("an animation of `{}`", value.trim()), help);
        } else if !has_prefix {
            self.css(&value, range);
        }
    }

    /// Ensures that an address stays within the file; links may lead to where links in texts may.
    fn address(&mut self, element: &str, key: &str, value: &str, range: Range) {
        let plain = plain(value);
        let begins = |with: &[&str]| with.iter().any(|start| plain.starts_with(start));
        let inside = plain.is_empty() || plain.starts_with('#') || begins(&EMBEDDED_PICTURES);
        if inside || element == "a" && begins(&["https://", "http://", "mailto:", "tel:"]) {
            return;
        }
        let shown: String = value.trim().chars().take(60).collect();
        let help = match element {
            "a" => "links in drawings begin with https://, http://, mailto:, tel: or #",
            _ => "embed the picture in the drawing (as a PNG or JPEG), or refer to an element of the drawing by #",
        };
        self.unsafe_at(range, format!("an address outside of the file, `{key}=\"{shown}\"`"), help);
    }

    /// Ensures that styles fetch nothing.
    fn css(&mut self, css: &str, range: Range) {
        let css = decoded(css).to_ascii_lowercase();
        let help = "put the styles, fonts and pictures into the file, or do without them";
        if css.contains("@import") {
            return self.unsafe_at(range, "styles that are fetched, `@import`".into(), help);
        }
        for (function, argument) in functions(&css) {
            let begins = |with: &[&str]| with.iter().any(|start| argument.starts_with(start));
            if function != "url"
                || !(argument.starts_with('#') || begins(&EMBEDDED_PICTURES) || begins(&EMBEDDED_FONTS))
            {
                let shown: String = argument.chars().take_while(|c| !matches!(c, ')' | '"' | '\'')).take(60).collect();
                return self.unsafe_at(range, format!("styles that fetch something, `{function}({shown})`"), help);
            }
        }
    }

    /// Reports attributes whose prefix is not declared: browsers draw nothing then.
    fn prefixes(&mut self, from: usize, tag: &BytesStart<'_>, reader: &NsReader<&[u8]>) {
        for attribute in tag.attributes().flatten() {
            if let (ResolveResult::Unknown(prefix), _) = reader.resolver().resolve_attribute(attribute.key) {
                self.undeclared(from, &prefix);
            }
        }
    }

    fn undeclared(&mut self, from: usize, prefix: &str) {
        self.broken(from, format!("the prefix `{prefix}:` is not declared (`xmlns:{prefix}=\"…\"`)"));
    }

    fn unsafe_at(&mut self, range: Range, what: String, help: &'static str) {
        self.svg.faults.push(Fault { code: "unsafe-svg", range, message: format!("the drawing holds {what}"), help });
    }

    /// One thing that is not XML leads to others; the first is told.
    fn broken(&mut self, at: usize, why: String) {
        if self.svg.faults.iter().any(|fault| fault.code == "broken-svg") {
            return;
        }
        let at = at.min(self.text.len());
        let message = format!("the drawing is broken here: {why}");
        let help = "export the drawing anew as plain SVG; browsers show nothing of it";
        self.svg.faults.push(Fault { code: "broken-svg", range: Range::of(at, at), message, help });
    }

    /// Where a part of the text stands in it.
    fn range(&self, part: &str) -> Range {
        let at = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len());
        Range::of(at, (at + part.len()).min(self.text.len()))
    }
}

/// An address as browsers read it: without white space and control characters (WHATWG URL, 4.4), in lower case.
fn plain(address: &str) -> String {
    address.chars().filter(|c| *c > ' ').map(|c| c.to_ascii_lowercase()).collect()
}

/// Functions of CSS that fetch something, with the beginnings of their arguments.
fn functions(css: &str) -> impl Iterator<Item = (&'static str, String)> + '_ {
    ["url", "src", "image", "image-set"].into_iter().flat_map(move |name| {
        css.match_indices(name).filter_map(move |(at, _)| {
            let before = css[..at].chars().next_back();
            let is_name =
                before.is_none_or(|c| !c.is_alphanumeric() && c != '-' && c != '_' || c == '-' && name == "image-set");
            let argument = css[at + name.len()..].strip_prefix('(').filter(|_| is_name)?;
            Some((name, plain(argument.trim_start().trim_start_matches(['"', '\'']))))
        })
    })
}

/// CSS with its escape sequences resolved (CSS Syntax 3, 4.3.7).
fn decoded(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let digits = after.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        rest = after;
        if digits > 0 {
            let code = u32::from_str_radix(&after[..digits], 16).ok().and_then(char::from_u32);
            out.push(code.unwrap_or('\u{FFFD}'));
            rest = &after[digits..];
            rest = rest.strip_prefix([' ', '\n', '\t']).unwrap_or(rest);
        }
    }
    out + rest
}

fn size(root: &BytesStart<'_>) -> Option<(u32, u32)> {
    let attribute = |name: &str| Some(root.try_get_attribute(name).ok()??.value.into_owned());
    let pixels = |text: String| text.trim_end_matches("px").trim().parse::<f64>().ok().filter(|n| *n >= 1.0);
    let given = || Some((pixels(attribute("width")?)?, pixels(attribute("height")?)?));
    let boxed = || {
        let numbers = attribute("viewBox")?;
        let numbers: Vec<f64> = numbers.split([' ', ',']).filter_map(|n| n.parse().ok()).collect();
        numbers.get(2).copied().zip(numbers.get(3).copied()).filter(|(w, h)| *w >= 1.0 && *h >= 1.0)
    };
    given().or_else(boxed).map(|(w, h)| (w.round() as u32, h.round() as u32))
}
