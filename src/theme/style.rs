//! Style sheets: puts those together that import one another, and sets a theme's tokens; it does not read CSS otherwise.

use std::collections::{BTreeMap, BTreeSet};

use ecow::EcoString;

use crate::diag::{Diagnostic, Diagnostics};
use crate::document::read::Reader;
use crate::load::Inputs;
use crate::source::{FileId, Range, Span};
use crate::suggest;
use crate::yaml::Node;

/// The style sheet in which a theme names its tokens.
const TOKENS: &str = "tokens.css";

/// What begins the tokens of dark pages in that sheet.
const DARK: &str = "prefers-color-scheme: dark";

/// A token that `theme.yaml` sets: a custom property of the style sheet ([CSS Custom Properties][w3c]).
///
/// [w3c]: https://www.w3.org/TR/css-variables-1/
#[derive(Debug)]
pub(super) struct Token {
    name: EcoString,
    value: EcoString,
    dark: bool,
    span: Span,
}

impl Token {
    /// Whether it is the token of this name on light pages.
    pub(super) fn is_light(&self, name: &str) -> bool {
        !self.dark && self.name == name
    }

    /// A CSS value.
    pub(super) fn value(&self) -> &str {
        &self.value
    }
}

/// Reads `tokens` or `dark_tokens`.
pub(super) fn read(node: &Node, key: &str, read: &mut Reader<'_>) -> Vec<Token> {
    let what = format!("`{key}`");
    let mut tokens = Vec::new();
    for entry in read.any_map(node, &what).unwrap_or_default() {
        let Some(value) = read.text(&entry.value, &format!("the token `{}`", entry.key)).cloned() else { continue };
        if value.contains([';', '{', '}', '<']) || value.trim().is_empty() {
            let message = format!("`{value}` is not the value of a token");
            let help = "write one CSS value, such as \"#7a1f3d\" or \"0.5rem\"; a colour needs its quotes";
            read.error("bad-token", entry.value.range, message, help);
            continue;
        }
        let name = entry.key.trim_start_matches('-').into();
        tokens.push(Token { name, value, dark: key == "dark_tokens", span: read.at(entry.key_range) });
    }
    tokens
}

/// The style sheets of a site's themes, to be put together.
pub(super) struct Styles<'a> {
    inputs: &'a Inputs,
    /// By the names by which they import one another.
    sheets: &'a BTreeMap<EcoString, FileId>,
    tokens: Vec<&'a Token>,
    /// The sheet that is being put together, and those that import it.
    open: Vec<FileId>,
    /// Those that others import.
    pub(super) imported: BTreeSet<FileId>,
}

impl<'a> Styles<'a> {
    /// With the tokens that themes set, those that count most last.
    pub(super) fn new(
        inputs: &'a Inputs,
        sheets: &'a BTreeMap<EcoString, FileId>,
        tokens: Vec<&'a Token>,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let own = sheets.get(TOKENS).map_or("", |id| inputs.sources.text(*id));
        check(own, &tokens, diagnostics);
        Styles { inputs, sheets, tokens, open: Vec::new(), imported: BTreeSet::new() }
    }

    /// A style sheet with those that it imports.
    pub(super) fn text(&mut self, id: FileId, diagnostics: &mut Diagnostics) -> String {
        let text = self.inputs.sources.text(id);
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        self.open.push(id);
        for line in text.split_inclusive('\n') {
            match import(line) {
                None => out.push_str(line),
                Some(wanted) => {
                    let start = at + line.find(wanted).unwrap_or_default();
                    let span = id.at(Range::of(start, start + wanted.len()));
                    self.import(wanted, span, &mut out, diagnostics);
                }
            }
            at += line.len();
        }
        self.open.pop();
        if self.sheets.get(TOKENS) == Some(&id) {
            out.push_str(&overrides(text, &self.tokens));
        }
        out
    }

    fn import(&mut self, wanted: &str, span: Span, out: &mut String, diagnostics: &mut Diagnostics) {
        let Some(id) = self.sheets.get(wanted).copied() else {
            let help = suggest::remedy(wanted, self.sheets.keys().map(EcoString::as_str), "style sheets");
            let message = format!("there is no style sheet {wanted} in the theme's assets/");
            return diagnostics.push(Diagnostic::error("missing-style-sheet", span, message).help(help));
        };
        if self.open.contains(&id) {
            let message = format!("{wanted} is imported by a style sheet that it imports");
            return diagnostics
                .push(Diagnostic::error("missing-style-sheet", span, message).help("remove one of the two `@import`"));
        }
        self.imported.insert(id);
        out.push_str(&self.text(id, diagnostics));
    }
}

/// What a line imports from the theme itself: `@import "name.css";`.
fn import(line: &str) -> Option<&str> {
    let quoted = line.trim().strip_prefix("@import")?.trim().strip_suffix(';')?.trim();
    let name = quoted.strip_prefix('"')?.strip_suffix('"')?;
    (!name.contains(':') && !name.starts_with('/')).then_some(name)
}

/// The names of the tokens that a sheet sets.
fn names(sheet: &str) -> impl Iterator<Item = &str> + Clone {
    sheet.lines().filter_map(|line| Some(line.trim().strip_prefix("--")?.split_once(':')?.0.trim()))
}

/// Reports tokens that no style sheet knows.
fn check(sheet: &str, tokens: &[&Token], diagnostics: &mut Diagnostics) {
    for token in tokens.iter().filter(|token| !names(sheet).any(|name| name == token.name)) {
        let help = suggest::remedy(&token.name, names(sheet), "tokens");
        let message = format!("the theme has no token `{}`", token.name);
        diagnostics.push(Diagnostic::error("unknown-token", token.span, message).help(help));
    }
}

/// The rules that set tokens anew. One that dark pages have of their own is set for each kind of page alone.
fn overrides(sheet: &str, tokens: &[&Token]) -> String {
    let dark_names: Vec<&str> = sheet.split_once(DARK).map(|(_, dark)| names(dark).collect()).unwrap_or_default();
    let in_dark = |token: &&&Token| dark_names.contains(&token.name.as_str());
    let rule = |tokens: Vec<&&Token>, before: &str, after: &str| match tokens.is_empty() {
        true => String::new(),
        false => {
            let set: String = tokens.iter().map(|token| format!("  --{}: {};\n", token.name, token.value)).collect();
            format!("\n{before}:root {{\n{set}}}\n{after}")
        }
    };
    let light = |scheme: &str| format!("@media screen and (prefers-color-scheme: {scheme}) {{\n");
    let plain = tokens.iter().filter(|token| !token.dark);
    [
        rule(plain.clone().filter(|token| !in_dark(token)).collect(), "", ""),
        rule(plain.filter(in_dark).collect(), &light("light"), "}\n"),
        rule(tokens.iter().filter(|token| token.dark).collect(), &light("dark"), "}\n"),
    ]
    .concat()
}
