//! A copy of the portal in which every word that somebody wrote carries a mark of its language: a character for private
//! use, one for each language, after the word. Addresses do not show it, sentences do. It knows the formats that editors
//! write (YAML, Markdown, Fluent), and nothing of what becomes of them.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::Path;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::{parser, serializer};
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};
use relais::yaml::{self, Node, Value};

/// The first of the characters that stand for languages.
const FIRST: u32 = 0xE000;

/// The mark of a language, by the two letters that its tag begins with.
fn mark(lang: &str) -> char {
    let [a, b, ..] = lang.as_bytes() else { panic!("{lang:?} is no language") };
    let place = |letter: &u8| u32::from(letter.to_ascii_lowercase() - b'a');
    char::from_u32(FIRST + place(a) * 26 + place(b)).expect("a character for private use")
}

/// The languages that a text has marks of.
pub(crate) fn languages(text: &str) -> BTreeSet<String> {
    let of = |c: char| {
        let place = u32::from(c).checked_sub(FIRST).filter(|place| *place < 26 * 26)?;
        let letter = |n: u32| char::from(b'a' + u8::try_from(n).expect("below 26"));
        Some([letter(place / 26), letter(place % 26)].into_iter().collect())
    };
    text.chars().filter_map(of).collect()
}

/// The text without its marks.
pub(crate) fn without(text: &str) -> String {
    text.chars().filter(|c| !(FIRST..FIRST + 26 * 26).contains(&u32::from(*c))).collect()
}

/// Marks all words of two letters or more.
pub(crate) fn words(text: &str, lang: &str) -> String {
    let mark = mark(lang);
    let mut out = String::with_capacity(text.len() + text.len() / 2);
    let mut letters = 0;
    for c in text.chars() {
        if c.is_alphabetic() {
            letters += 1;
        } else {
            if letters > 1 {
                out.push(mark);
            }
            letters = 0;
        }
        out.push(c);
    }
    if letters > 1 {
        out.push(mark);
    }
    out
}

/// Marks all texts of a site's sources, in place.
pub(crate) fn mark_site(site: &Path, languages: &[&str]) {
    for entry in walkdir::WalkDir::new(site).sort_by_file_name() {
        let entry = entry.expect("the copy can be read");
        let path = entry.path();
        let name = entry.file_name().to_string_lossy();
        let change = |marked: &dyn Fn(&str) -> String| {
            let text = fs::read_to_string(path).expect("a text");
            fs::write(path, marked(&text)).expect("the copy can be written");
        };
        if name.ends_with(".yaml") && !path.components().any(|part| part.as_os_str() == "themes") {
            change(&|text| facts(text, languages));
        } else if let Some(stem) = name.strip_suffix(".md") {
            let (stem, lang) = stem.rsplit_once('.').expect("a text's name says its language");
            assert!(stem == "index" || stem == "_index", "{}: facts and text in one file", path.display());
            change(&|text| document(text, lang));
        } else if name.ends_with(".ftl") {
            let lang = path.parent().and_then(Path::file_name).expect("a language's folder").to_string_lossy();
            change(&|text| messages(text, &lang));
        }
    }
}

/// Marks what lies in these ranges.
fn marked(text: &str, mut places: Vec<(Range<usize>, String)>) -> String {
    places.sort_by_key(|(range, _)| range.start);
    let mut out = String::new();
    let mut done = 0;
    for (range, lang) in places {
        out.push_str(&text[done..range.start]);
        out.push_str(&words(&text[range.clone()], &lang));
        done = range.end;
    }
    out + &text[done..]
}

/// Facts: maps from languages to texts, and what sources say, in the language that they name.
fn facts(text: &str, languages: &[&str]) -> String {
    let (tree, errors) = yaml::parse(text, 0);
    assert!(errors.is_empty(), "{errors:?} in {text}");
    let mut places = Vec::new();
    localized(&tree, languages, &mut places);
    marked(text, places)
}

fn localized(node: &Node, languages: &[&str], places: &mut Vec<(Range<usize>, String)>) {
    match &node.value {
        Value::Map(entries) => {
            let by_language = entries.iter().all(|entry| languages.contains(&entry.key.as_str()));
            let own = node.get("lang").and_then(Node::as_str);
            for entry in entries {
                match (entry.key.as_str(), own) {
                    // Addresses, tags and settings are no texts.
                    ("slug" | "gender" | "fallback" | "typography", _) => {}
                    (lang, _) if by_language => texts(&entry.value, lang, places),
                    ("says" | "title", Some(lang)) => texts(&entry.value, lang, places),
                    _ => localized(&entry.value, languages, places),
                }
            }
        }
        Value::Seq(items) => items.iter().for_each(|item| localized(item, languages, places)),
        Value::Scalar(_) | Value::Null => {}
    }
}

/// A text or a list of texts.
fn texts(node: &Node, lang: &str, places: &mut Vec<(Range<usize>, String)>) {
    match &node.value {
        Value::Scalar(scalar) if !scalar.text.starts_with("http") => {
            places.push((node.range.start as usize..node.range.end as usize, lang.to_owned()));
        }
        Value::Seq(items) => items.iter().for_each(|item| texts(item, lang, places)),
        _ => {}
    }
}

/// A text's front matter and body.
fn document(text: &str, lang: &str) -> String {
    let Some((head, body)) = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")) else {
        return markdown(text, lang);
    };
    let (tree, errors) = yaml::parse(head, 0);
    assert!(errors.is_empty(), "{errors:?} in {head}");
    let mut places = Vec::new();
    if let Value::Map(entries) = &tree.value {
        for entry in entries.iter().filter(|entry| !["slug", "translation", "draft"].contains(&entry.key.as_str())) {
            texts(&entry.value, lang, &mut places);
        }
    }
    format!("---\n{}\n---\n{}", marked(head, places), markdown(body, lang))
}

/// Words of a body: no addresses, no code, no facts between braces; a passage in `<span lang>` has a language of its own.
fn markdown(text: &str, lang: &str) -> String {
    let extensions = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST;
    let mut places = Vec::new();
    let mut around = vec![lang.to_owned()];
    let mut verbatim = false;
    for (event, range) in Parser::new_ext(text, extensions).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => verbatim = true,
            Event::End(TagEnd::CodeBlock) => verbatim = false,
            // An address between < and > is shown as it is.
            Event::Start(Tag::Link { link_type, .. }) => verbatim = link_type == LinkType::Autolink,
            Event::End(TagEnd::Link) => verbatim = false,
            Event::Text(_) if !verbatim => {
                let lang = around.last().expect("the text's own language");
                places.extend(outside_braces(text, range).into_iter().map(|range| (range, lang.clone())));
            }
            Event::InlineHtml(html) if html.starts_with("</") => {
                around.pop();
                assert!(!around.is_empty(), "{html} closes nothing in {text}");
            }
            Event::InlineHtml(html) if !html.ends_with("/>") && !html.starts_with("<br") && !html.starts_with("<!") => {
                let lang = html.split_once("lang=\"").and_then(|(_, rest)| rest.split_once('"'));
                let lang = lang.map_or_else(|| around.last().cloned(), |(lang, _)| Some(lang.to_owned()));
                around.push(lang.expect("the text's own language"));
            }
            _ => {}
        }
    }
    marked(text, places)
}

/// The parts of a range that no `{{ … }}` covers.
fn outside_braces(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut from = range.start;
    let mut at = 0;
    while let Some(open) = text[at..].find("{{").map(|found| at + found) {
        let close = text[open..].find("}}").map_or(text.len(), |found| open + found + 2);
        if open >= range.end {
            break;
        }
        if close > range.start {
            if open > from {
                parts.push(from..open);
            }
            from = close.clamp(from, range.end);
        }
        at = close;
    }
    if from < range.end {
        parts.push(from..range.end);
    }
    parts
}

/// Interface strings, but for those that are parts of addresses.
fn messages(text: &str, lang: &str) -> String {
    let mut resource = parser::parse(text.to_owned()).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
    for entry in &mut resource.body {
        if let Entry::Message(message) = entry
            && !message.id.name.ends_with("-slug")
            && message.id.name != "vague-link-texts"
            && let Some(value) = &mut message.value
        {
            pattern(value, lang);
        }
    }
    serializer::serialize(&resource)
}

fn pattern(pattern: &mut Pattern<String>, lang: &str) {
    for element in &mut pattern.elements {
        match element {
            PatternElement::TextElement { value } => *value = words(value, lang),
            PatternElement::Placeable { expression } => expression_of(expression, lang),
        }
    }
}

fn expression_of(expression: &mut Expression<String>, lang: &str) {
    match expression {
        Expression::Select { variants, .. } => {
            variants.iter_mut().for_each(|variant| pattern(&mut variant.value, lang));
        }
        Expression::Inline(InlineExpression::Placeable { expression }) => expression_of(expression, lang),
        Expression::Inline(_) => {}
    }
}
