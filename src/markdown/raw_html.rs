//! HTML that an editor wrote: knows the allowed elements, where each may stand, and how to read tags; writes them
//! anew, so that nothing reaches the page that it did not understand.

use std::ops::Range;

/// What may stand inside an element.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Holds {
    /// Blocks and text.
    Blocks,
    /// Text and what belongs in it.
    Text,
    /// `<dt>` and `<dd>`.
    Terms,
    Nothing,
}

/// Where an element may stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// Wherever text may.
    Text,
    /// Where blocks may.
    Blocks,
    /// Inside this element only.
    Within(&'static str),
}

/// An allowed element.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Element {
    pub name: &'static str,
    pub place: Place,
    pub holds: Holds,
    /// Attributes beside the global ones.
    attributes: &'static [&'static str],
}

const fn text(name: &'static str) -> Element {
    element(name, Place::Text, Holds::Text)
}

const fn element(name: &'static str, place: Place, holds: Holds) -> Element {
    Element { name, place, holds, attributes: &[] }
}

const fn with(attributes: &'static [&'static str], element: Element) -> Element {
    Element { attributes, ..element }
}

const GLOBAL: [&str; 3] = ["dir", "lang", "title"];

static ELEMENTS: [Element; 36] = [
    text("abbr"),
    text("b"),
    text("bdi"),
    text("bdo"),
    element("br", Place::Text, Holds::Nothing),
    text("cite"),
    element("dd", Place::Within("dl"), Holds::Blocks),
    with(&["cite", "datetime"], text("del")),
    with(&["open"], element("details", Place::Blocks, Holds::Blocks)),
    text("dfn"),
    element("div", Place::Blocks, Holds::Blocks),
    element("dl", Place::Blocks, Holds::Terms),
    element("dt", Place::Within("dl"), Holds::Text),
    text("em"),
    element("hr", Place::Blocks, Holds::Nothing),
    text("i"),
    with(&["cite", "datetime"], text("ins")),
    text("kbd"),
    text("mark"),
    element("p", Place::Blocks, Holds::Text),
    with(&["cite"], text("q")),
    element("rp", Place::Within("ruby"), Holds::Text),
    element("rt", Place::Within("ruby"), Holds::Text),
    text("ruby"),
    text("s"),
    text("samp"),
    text("small"),
    text("span"),
    text("strong"),
    text("sub"),
    element("summary", Place::Within("details"), Holds::Text),
    text("sup"),
    with(&["datetime"], text("time")),
    text("u"),
    text("var"),
    element("wbr", Place::Text, Holds::Nothing),
];

/// The deepest nesting of tags that is let through.
pub(super) const DEEPEST: usize = 32;

/// The allowed element of this name, in lower case.
pub(super) fn find(name: &str) -> Option<&'static Element> {
    ELEMENTS.iter().find(|element| element.name == name)
}

/// What to write instead of an element that is not allowed.
pub(super) fn instead(name: &str) -> &'static str {
    match name {
        "a" => "write a Markdown link: [text](address)",
        "img" | "picture" | "figure" | "svg" => "write ![text](file) or {{ figure file }}",
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => "write a Markdown heading: ## Title",
        "ul" | "ol" | "li" => "write a Markdown list: lines that begin with - or 1.",
        "table" | "thead" | "tbody" | "tr" | "td" | "th" | "caption" => "write a Markdown table: | cell | cell |",
        "blockquote" => "write a Markdown quotation: lines that begin with >",
        "pre" | "code" => "write code between ` or ```",
        "script" | "style" | "link" | "meta" | "base" => "scripts and styles belong to the theme",
        "iframe" | "object" | "embed" | "video" | "audio" | "form" | "input" | "button" => {
            "write a link to it: [text](address)"
        }
        "font" | "center" | "big" => "how a text looks belongs to the theme",
        _ => "remove it; for the character < itself write &lt;",
    }
}

/// Elements whose content is no HTML: it is dropped with them.
pub(super) fn is_opaque(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "textarea"
            | "title"
            | "xmp"
            | "iframe"
            | "noembed"
            | "noframes"
            | "noscript"
            | "plaintext"
    )
}

/// A piece of HTML as written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Token {
    Text(Range<usize>),
    Comment,
    Tag(Tag),
    /// What it is, and where.
    Malformed(&'static str, Range<usize>),
}

/// A tag as written; its name is in lower case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Tag {
    pub name: String,
    pub closing: bool,
    pub self_closing: bool,
    pub attributes: Vec<Attribute>,
    pub range: Range<usize>,
}

/// An attribute as written; its name is in lower case, its value still holds entities.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Attribute {
    pub name: String,
    pub value: Option<Range<usize>>,
    pub range: Range<usize>,
}

/// Splits HTML into tokens, one after the other.
pub(super) struct Tokens<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Tokens<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// Goes on behind the closing tag of an opaque element, or to the end.
    pub(super) fn skip_to_close(&mut self, name: &str) {
        let bytes = self.text.as_bytes();
        while let Some(step) = self.text[self.at..].find("</") {
            let start = self.at + step;
            let end = start + 2 + name.len();
            self.at = start + 2;
            if bytes.get(start + 2..end).is_some_and(|own| own.eq_ignore_ascii_case(name.as_bytes())) {
                self.at = self.text[end..].find('>').map_or(self.text.len(), |close| end + close + 1);
                return;
            }
        }
        self.at = self.text.len();
    }

    fn markup(&mut self) -> Token {
        let start = self.at;
        let rest = &self.text[start..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            // As browsers do: `<!-->` and `<!--->` are comments too.
            let close = if comment.starts_with('>') {
                Some(1)
            } else if comment.starts_with("->") {
                Some(2)
            } else {
                comment_end(comment)
            };
            return match close {
                Some(close) => {
                    self.at = start + 4 + close;
                    Token::Comment
                }
                None => {
                    self.at = self.text.len();
                    Token::Malformed("this comment does not end: write --> after it", start..start + 4)
                }
            };
        }
        if rest.starts_with("<!") || rest.starts_with("<?") {
            self.at = rest.find('>').map_or(self.text.len(), |close| start + close + 1);
            return Token::Malformed("declarations and instructions are refused", start..self.at);
        }
        let mut scan = Scan { bytes: self.text.as_bytes(), at: start + 1 };
        match scan.tag(self.text, start) {
            Ok(tag) => {
                self.at = tag.range.end;
                Token::Tag(tag)
            }
            Err(what) => {
                // Past everything that was read, so that no part of it is read again.
                let from = scan.at.min(self.text.len());
                let end = self.text.as_bytes()[from..].iter().position(|byte| matches!(byte, b'>' | b'<')).map_or(
                    self.text.len(),
                    |step| {
                        let at = from + step;
                        at + usize::from(self.text.as_bytes()[at] == b'>')
                    },
                );
                self.at = end.max(start + 1);
                Token::Malformed(what, start..self.at)
            }
        }
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let start = self.at;
        if start >= self.text.len() {
            return None;
        }
        let bytes = self.text.as_bytes();
        let mut at = start;
        while let Some(step) = bytes[at..].iter().position(|byte| *byte == b'<') {
            at += step;
            let opens =
                bytes.get(at + 1).is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?'));
            if opens {
                if at > start {
                    self.at = at;
                    return Some(Token::Text(start..at));
                }
                return Some(self.markup());
            }
            at += 1;
        }
        self.at = self.text.len();
        Some(Token::Text(start..self.at))
    }
}

/// Where a comment's closing mark ends.
fn comment_end(comment: &str) -> Option<usize> {
    let bytes = comment.as_bytes();
    let mut at = 0;
    loop {
        at += comment[at..].find("--")?;
        if bytes[at + 2..].starts_with(b">") {
            return Some(at + 3);
        }
        if bytes[at + 2..].starts_with(b"!>") {
            return Some(at + 4);
        }
        at += 1;
    }
}

struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn while_(&mut self, accept: impl Fn(u8) -> bool) -> Range<usize> {
        let start = self.at;
        while self.peek().is_some_and(&accept) {
            self.at += 1;
        }
        start..self.at
    }

    fn tag(&mut self, text: &str, start: usize) -> Result<Tag, &'static str> {
        let closing = self.eat(b'/');
        let name = self.while_(|b| b.is_ascii_alphanumeric() || b == b'-');
        if name.is_empty() {
            return Err("this tag has no name");
        }
        let mut tag = Tag {
            name: text[name].to_ascii_lowercase(),
            closing,
            self_closing: false,
            attributes: Vec::new(),
            range: start..start,
        };
        loop {
            let space = self.while_(|b| b.is_ascii_whitespace());
            if self.eat(b'>') {
                break;
            }
            if self.eat(b'/') {
                tag.self_closing = true;
                if !self.eat(b'>') {
                    return Err("this tag has a stray slash");
                }
                break;
            }
            if self.peek().is_none_or(|b| b == b'<') {
                return Err("this tag does not end: write > after it");
            }
            if space.is_empty() {
                return Err("this tag is malformed: a space goes before each attribute");
            }
            let attribute = self.attribute(text)?;
            if tag.attributes.iter().any(|own| own.name == attribute.name) {
                return Err("this tag has an attribute twice");
            }
            if tag.attributes.len() == 16 {
                return Err("this tag has too many attributes");
            }
            tag.attributes.push(attribute);
        }
        tag.range.end = self.at;
        Ok(tag)
    }

    fn attribute(&mut self, text: &str) -> Result<Attribute, &'static str> {
        let name = self.while_(|b| {
            !b.is_ascii_whitespace() && !b.is_ascii_control() && !matches!(b, b'"' | b'\'' | b'>' | b'/' | b'=' | b'<')
        });
        if name.is_empty() {
            return Err("this tag holds a character that begins no attribute");
        }
        let mut attribute = Attribute { name: text[name.clone()].to_ascii_lowercase(), value: None, range: name };
        let after_name = self.at;
        self.while_(|b| b.is_ascii_whitespace());
        if !self.eat(b'=') {
            self.at = after_name;
            return Ok(attribute);
        }
        self.while_(|b| b.is_ascii_whitespace());
        let value = match self.peek() {
            Some(quote @ (b'"' | b'\'')) => {
                self.at += 1;
                let value = self.while_(|b| b != quote);
                if !self.eat(quote) {
                    return Err("a quote is not closed in this tag");
                }
                value
            }
            _ => {
                let value =
                    self.while_(|b| !b.is_ascii_whitespace() && !matches!(b, b'"' | b'\'' | b'=' | b'<' | b'>' | b'`'));
                if value.is_empty() {
                    return Err("an attribute of this tag has no value after =");
                }
                value
            }
        };
        attribute.value = Some(value);
        attribute.range.end = self.at;
        Ok(attribute)
    }
}

/// Whether an element may carry this attribute with this value; otherwise why not.
pub(super) fn check_attribute(element: &Element, name: &str, value: &str) -> Result<(), String> {
    if !GLOBAL.contains(&name) && !element.attributes.contains(&name) {
        return Err(match name {
            "style" | "class" => format!("`{name}` is refused: how a text looks belongs to the theme"),
            "id" => "`id` is refused: only headings have ids, written {#id}".to_owned(),
            _ if name.starts_with("on") => format!("`{name}` is refused: texts hold no scripts"),
            _ => format!("`{name}` is not allowed on <{}>", element.name),
        });
    }
    let valid = match name {
        "dir" => ["ltr", "rtl", "auto"].iter().any(|own| value.eq_ignore_ascii_case(own)),
        // The shape of BCP 47; whether the language exists is nobody's business here.
        "lang" => {
            value.starts_with(|c: char| c.is_ascii_alphabetic())
                && value.len() <= 35
                && value
                    .split('-')
                    .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
        }
        "cite" => {
            let address = value.split_once("://").is_some_and(|(scheme, host)| {
                !host.is_empty() && ["http", "https"].iter().any(|own| scheme.eq_ignore_ascii_case(own))
            });
            address && !value.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\')
        }
        "datetime" => !value.is_empty() && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-+:. ".contains(&b)),
        "open" => value.is_empty() || value.eq_ignore_ascii_case("open"),
        _ => !value.chars().any(|c| c.is_control() && !c.is_ascii_whitespace()),
    };
    if valid { Ok(()) } else { Err(format!("`{}` is no value for `{name}`", value.escape_debug())) }
}

/// Whether an attribute stands without a value.
pub(super) fn is_boolean(name: &str) -> bool {
    name == "open"
}

/// The length of a well-formed character reference at the beginning of a text that begins with `&`.
pub(super) fn reference_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (from, accept): (usize, fn(&u8) -> bool) = match bytes.get(1..3)? {
        [b'#', b'x' | b'X'] => (3, u8::is_ascii_hexdigit),
        [b'#', _] => (2, u8::is_ascii_digit),
        [first, _] if first.is_ascii_alphabetic() => (1, u8::is_ascii_alphanumeric),
        _ => return None,
    };
    let length = bytes[from..].iter().take(32).take_while(|byte| accept(byte)).count();
    (length > 0 && bytes.get(from + length) == Some(&b';')).then_some(from + length + 1)
}

/// Escapes for a double-quoted attribute and for text; references that are well formed stay as they are.
pub(super) fn escape_keeping_references(out: &mut String, text: &str) {
    let mut copied = 0;
    for (at, c) in text.char_indices() {
        let escaped = match c {
            '&' if reference_length(&text[at..]).is_none() => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            _ => continue,
        };
        out.push_str(&text[copied..at]);
        out.push_str(escaped);
        copied = at + c.len_utf8();
    }
    out.push_str(&text[copied..]);
}
