//! Plain text out of what a stranger's feed calls a text: no markup, nothing invisible, not too much of it; it knows HTML
//! well enough to be rid of it, and nothing of feeds.

use quick_xml::escape::resolve_html5_entity;

/// Elements of which nothing is text for a reader.
const UNSEEN: [&str; 12] = [
    "script", "style", "template", "noscript", "iframe", "object", "svg", "math", "textarea", "select", "audio",
    "video",
];

/// Elements within a line; any other ends a word.
const INLINE: [&str; 27] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q", "s",
    "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
];

/// The longest name of a character reference.
const LONGEST_NAME: usize = 32;

/// The text of HTML: tags are left out, character references decoded once.
pub(super) fn of_html(html: &str) -> String {
    // What was escaped twice would be a tag now.
    strip(&decode(&strip(html)))
}

/// The text of what is said to be text already; a tag in it is one that somebody forgot.
pub(super) fn of_plain(text: &str) -> String {
    strip(text)
}

/// One line without anything invisible: no control characters, none that turn the direction of what follows.
pub(super) fn line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            if !line.ends_with(' ') && !line.is_empty() {
                line.push(' ');
            }
        } else if !is_invisible(c) {
            line.push(c);
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// So many characters at most, cut between two words where that is possible.
pub(super) fn cut(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let last = text[..end].char_indices().next_back().map_or(0, |(at, _)| at);
    let kept = &text[..last];
    let kept = kept.rfind(' ').filter(|at| at * 2 > last).map_or(kept, |at| &kept[..at]);
    format!("{}…", kept.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '.' | '–' | '-')))
}

/// Characters that nobody sees and that can make a text look like another: marks of direction, zero-width spaces, tags.
/// Joiners stay, since words and emoji need them.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFC}' | '\u{E0000}'..='\u{E0FFF}'
        | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// The text without its tags, comments and declarations; one that never ends takes the rest with it.
fn strip(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let from = &rest[at..];
        if !from[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            out.push('<');
            rest = &from[1..];
            continue;
        }
        let (name, end) = tag(from);
        if !INLINE.contains(&name.trim_start_matches('/')) {
            out.push(' ');
        }
        rest = &from[end..];
        if UNSEEN.contains(&name.as_str()) && !from[..end].ends_with("/>") {
            rest = past(rest, &name);
        }
    }
    out.push_str(rest);
    out
}

/// The name of the tag at the beginning of a text, in lower case, and where the tag ends.
fn tag(text: &str) -> (String, usize) {
    if let Some(comment) = text.strip_prefix("<!--") {
        return ("!--".into(), comment.find("-->").map_or(text.len(), |end| end + 7));
    }
    let name = text[1..].split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or_default();
    let name = name.strip_suffix('/').unwrap_or(name).to_ascii_lowercase();
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return (name, at + 1),
            (None, '"' | '\'') if text[..at].trim_end().ends_with('=') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    (name, text.len())
}

/// What follows the end of an element.
fn past<'t>(text: &'t str, name: &str) -> &'t str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        if rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return rest.find('>').map_or("", |end| &rest[end + 1..]);
        }
    }
    ""
}

/// The text with its character references decoded, once; what is none stays as it is.
pub(super) fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let name = rest.bytes().take(LONGEST_NAME).position(|b| b == b';').map(|end| &rest[..end]);
        match name.and_then(|name| Some((name, reference(name)?))) {
            Some((name, decoded)) => {
                out.push_str(&decoded);
                rest = &rest[name.len() + 1..];
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    out
}

/// What a character reference stands for, such as `eacute` or `#233`.
pub(super) fn reference(name: &str) -> Option<String> {
    let Some(number) = name.strip_prefix('#') else { return resolve_html5_entity(name).map(str::to_owned) };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    code.ok().and_then(char::from_u32).map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_markup_is_left() {
        let cases = [
            ("<p>One</p><p>two</p>", "One two"),
            ("<b>bo</b>ld", "bold"),
            ("a<script>alert(1)</script>b", "a b"),
            ("a<SCRIPT src='>'>x</scRIPT >b", "a b"),
            ("a<script>never closed", "a"),
            ("<img src=x onerror=alert(1)>a", "a"),
            ("&lt;b&gt;bold&lt;/b&gt;", "bold"),
            ("AT&amp;T", "AT&T"),
            ("&amp;eacute;", "&eacute;"),
            ("Tom &amp Jerry &unknown; &#233;&#xe9;&eacute;", "Tom &amp Jerry &unknown; ééé"),
            ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
            ("a<!-- <b>hidden</b> -->b", "a b"),
            ("it's <i title='a>b'>so</i>", "it's so"),
            ("<a href=x", ""),
            ("&#0;&#x202e;a\u{202e}b", "ab"),
        ];
        for (html, text) in cases {
            assert_eq!(line(&of_html(html)), text, "{html}");
        }
    }

    #[test]
    fn long_texts_are_cut_between_words() {
        assert_eq!(cut("one two three", 13), "one two three");
        assert_eq!(cut("one two three", 12), "one two…");
        assert_eq!(cut("āāāāāāāāāā", 5), "āāāā…");
    }
}
