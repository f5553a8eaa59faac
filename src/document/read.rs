//! Reading YAML nodes into plain values with diagnostics; it knows shapes and languages, not what keys mean.

use ecow::EcoString;

use crate::config::Lang;
use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{FileId, Range, Span};
use crate::suggest;
use crate::yaml::{Entry, Node, Value};

/// A value for every language of the site, indexed by [`Lang`].
pub type PerLang<T> = Vec<T>;

/// Whether a mapping has a key that is most likely meant to be this one.
pub fn misspelt(node: &Node, key: &str) -> bool {
    node.as_map().unwrap_or_default().iter().any(|e| e.key != key && suggest::nearest(&e.key, [key]).is_some())
}

/// Reads nodes of one file.
pub struct Reader<'d> {
    /// The file.
    pub file: FileId,
    /// Where findings go.
    pub diagnostics: &'d mut Diagnostics,
    /// The site's languages, in order.
    pub languages: &'d [EcoString],
}

impl Reader<'_> {
    /// The span of a range in this file.
    pub fn at(&self, range: Range) -> Span {
        self.file.at(range)
    }

    /// Reports an error here and returns it for a label or a remedy.
    pub fn error(&mut self, code: &'static str, range: Range, message: impl Into<String>, help: impl Into<String>) {
        let diagnostic = Diagnostic::error(code, self.at(range), message).help(help);
        self.diagnostics.push(diagnostic);
    }

    /// The entries of a mapping, each key known; unknown ones are reported.
    pub fn map<'n>(&mut self, node: &'n Node, what: &str, known: &[&str]) -> Option<&'n [Entry]> {
        let entries = self.any_map(node, what)?;
        for entry in entries.iter().filter(|e| !known.contains(&e.key.as_str())) {
            let help = suggest::remedy(&entry.key, known.iter().copied(), "keys");
            self.error("unknown-key", entry.key_range, format!("{what} has no key `{}`", entry.key), help);
        }
        Some(entries)
    }

    /// The entries of a mapping whose keys are the editor's own.
    pub fn any_map<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n [Entry]> {
        match &node.value {
            Value::Map(entries) => Some(entries),
            _ => self.wrong(node, what, "a mapping (`key: value` lines)"),
        }
    }

    /// A scalar's text.
    pub fn text<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n EcoString> {
        match &node.value {
            Value::Scalar(scalar) => Some(&scalar.text),
            _ => self.wrong(node, what, "a text"),
        }
    }

    /// A list; one value alone counts as a list of one.
    pub fn list<'n>(&mut self, node: &'n Node) -> &'n [Node] {
        match &node.value {
            Value::Seq(items) => items,
            Value::Null => &[],
            _ => std::slice::from_ref(node),
        }
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, node: &Node, what: &str) -> Option<bool> {
        match self.text(node, what)?.as_str() {
            "true" => Some(true),
            "false" => Some(false),
            text => {
                let yes = ["yes", "y", "on", "1", "oui", "ja", "sí", "si", "jā"];
                let no = ["no", "n", "off", "0", "non", "nej", "nē"];
                let word = text.to_lowercase();
                let help = match (yes.contains(&word.as_str()), no.contains(&word.as_str())) {
                    (true, _) => "write `true`",
                    (_, true) => "write `false`",
                    _ => "write `true` or `false`",
                };
                self.error("wrong-kind", node.range, format!("{what} must be `true` or `false`, not `{word}`"), help);
                None
            }
        }
    }

    /// A whole number that is not negative.
    pub fn count(&mut self, node: &Node, what: &str) -> Option<usize> {
        match self.text(node, what)?.parse() {
            Ok(n) => Some(n),
            Err(_) => self.wrong(node, what, "a whole number"),
        }
    }

    /// Reports that a mapping lacks a key, unless it has it misspelt, which has been reported.
    pub fn missing(&mut self, node: &Node, key: &str, message: impl Into<String>, help: impl Into<String>) {
        if !misspelt(node, key) {
            self.error("missing-key", node.range, message, help);
        }
    }

    /// Reports that the node is of another shape, and what to write instead; always `None`.
    pub fn wrong_shape<T>(&mut self, node: &Node, what: &str, expected: &str, help: impl Into<String>) -> Option<T> {
        let message = format!("{what} must be {expected}, not {}", node.kind_name());
        self.error("wrong-kind", node.range, message, help);
        None
    }

    /// Reports that the node is of another shape; always `None`.
    pub fn wrong<T>(&mut self, node: &Node, what: &str, expected: &str) -> Option<T> {
        let message = format!("{what} must be {expected}, not {}", node.kind_name());
        let span = self.at(node.range);
        self.diagnostics.push(Diagnostic::error("wrong-kind", span, message).label(format!("expected {expected}")));
        None
    }

    /// The language with this tag, or a diagnostic.
    pub fn language(&mut self, tag: &str, range: Range) -> Option<Lang> {
        let found = Lang::find(self.languages, tag);
        if found.is_none() {
            let help = match tag.contains(' ') {
                // Half of a text, such as `{ en: Before, after }`.
                true => "put a text that holds a comma in quotes: it ends there otherwise".to_owned(),
                false => suggest::remedy(tag, self.languages.iter().map(EcoString::as_str), "languages"),
            };
            self.error("unknown-language", range, format!("`{tag}` is not a language of this site"), help);
        }
        found
    }

    /// A text in every language: `{fr: …, sv: …}`; on a site with one language a plain text will do.
    pub fn per_language(&mut self, node: &Node, what: &str) -> Option<PerLang<EcoString>> {
        let some = self.some_languages(node, what)?;
        let missing: Vec<&str> =
            some.iter().zip(self.languages).filter(|(text, _)| text.is_none()).map(|(_, tag)| tag.as_str()).collect();
        if !missing.is_empty() {
            let message = format!("{what} is missing in {}", missing.join(", "));
            let help =
                format!("add {}", missing.iter().map(|tag| format!("`{tag}: …`")).collect::<Vec<_>>().join(", "));
            self.error("missing-label", node.range, message, help);
        }
        let any = some.iter().flatten().next()?.0.clone();
        Some(some.into_iter().map(|text| text.map_or_else(|| any.clone(), |(text, _)| text)).collect())
    }

    /// A text in some languages, with its place.
    pub fn some_languages(&mut self, node: &Node, what: &str) -> Option<PerLang<Option<(EcoString, Range)>>> {
        let mut texts = vec![None; self.languages.len()];
        match &node.value {
            Value::Scalar(scalar) if self.languages.len() == 1 => texts[0] = Some((scalar.text.clone(), node.range)),
            Value::Map(entries) => {
                for entry in entries {
                    if let Some(lang) = self.language(&entry.key, entry.key_range)
                        && let Some(text) = self.text(&entry.value, what)
                    {
                        texts[lang.index()] = Some((text.clone(), entry.value.range));
                    }
                }
            }
            _ => {
                if self.languages.len() == 1 {
                    return self.wrong(node, what, "a text");
                }
                let example: Vec<_> = self.languages.iter().map(|tag| format!("{tag}: …")).collect();
                let help = format!("write `{{ {} }}`", example.join(", "));
                return self.wrong_shape(node, what, "one text a language", help);
            }
        }
        Some(texts)
    }
}
