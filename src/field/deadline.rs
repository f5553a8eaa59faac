//! `deadline`: an instant by which something must be done, with its earlier dates where it was extended.

use std::cmp::Ordering;

use ecow::EcoString;

use super::instant::{self, Moment};
use super::narrow::ByStatus;
use super::{Cx, Facet, Item, Kind, Show, Value};
use crate::catalog::Catalog;
use crate::config::Lang;
use crate::diag::Diagnostic;
use crate::document::read::PerLang;
use crate::html;
use crate::suggest;
use crate::yaml::Node;

/// The kind.
pub(super) struct DeadlineKind;

/// A deadline.
#[derive(Clone, Debug)]
pub struct Deadline {
    /// One of `DEADLINE_KINDS`.
    pub kind: &'static str,
    /// When.
    pub at: Moment,
    /// The dates that it replaces, earliest first.
    pub was: Vec<Moment>,
    /// What is due, per language.
    pub label: Option<PerLang<EcoString>>,
}

impl Deadline {
    /// Whether it says what is due, beyond being a deadline.
    pub fn has_words(&self) -> bool {
        self.label.is_some() || self.kind != "final"
    }

    /// What is due, in words.
    pub fn words<'a>(&'a self, catalog: &'a Catalog, lang: Lang) -> &'a str {
        match &self.label {
            Some(label) => &label[lang.index()],
            None => catalog.message(lang, message_of(self.kind)),
        }
    }
}

/// What can be due.
pub(super) const DEADLINE_KINDS: &[&str] = &["final", "stage", "cut-off", "expression-of-interest"];

impl Kind for DeadlineKind {
    fn name(&self) -> &'static str {
        "deadline"
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        let what = cx.what();
        if let Some(text) = node.as_str() {
            let help = format!("write `{{ at: {}, zone: Europe/Brussels }}`", super::number::cut(text));
            return cx.read.wrong_shape(node, &what, "a deadline", help);
        }
        cx.read.map(node, &what, &["kind", "at", "zone", "was", "label"])?;
        let kind = match node.get("kind") {
            Some(at) => deadline_kind(at, cx)?,
            None => "final",
        };
        let at = instant::moment(node, &what, None, cx)?;
        let label = node.get("label").and_then(|n| cx.read.per_language(n, "a deadline's label"));
        let mut was = Vec::new();
        for item in node.get("was").map(|n| cx.read.list(n)).unwrap_or_default() {
            was.extend(earlier(item, &at, cx));
        }
        was.sort_by_key(|m| m.ends);
        Some(Value::Deadline(Box::new(Deadline { kind, at, was, label })))
    }

    fn item(&self, value: &Value, show: &Show<'_>) -> Item {
        let Value::Deadline(deadline) = value else { return Item::default() };
        let mut item = deadline.at.item(show);
        if !deadline.was.is_empty() {
            let before: Vec<Item> = deadline.was.iter().map(|moment| moment.item(show)).collect();
            let note = show.message("deadline-extended");
            let struck: Vec<String> = before.iter().map(|i| format!("<del>{}</del>", i.html)).collect();
            let texts: Vec<&str> = before.iter().map(|i| i.text.as_str()).collect();
            let (struck, texts) = show.locale().list_and_marked(&texts, struck.iter().map(String::as_str));
            item.html.push_str(&format!(" <span class=\"was\">({} {struck})</span>", html::escape(note)));
            item.text.push_str(&format!(" ({note} {texts})"));
        }
        if deadline.has_words() {
            let label = deadline.words(show.catalog, show.lang);
            let sep = show.message("label-separator");
            item.html = format!("<span class=\"due\">{}{sep}</span>{}", html::escape(label), item.html);
            item.text = format!("{label}{sep}{}", item.text);
        }
        item
    }

    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        match (a, b) {
            (Value::Deadline(a), Value::Deadline(b)) => a.at.ends.cmp(&b.at.ends),
            _ => Ordering::Equal,
        }
    }

    fn is_temporal(&self) -> bool {
        true
    }

    fn as_facet(&self) -> Option<&dyn Facet> {
        Some(&ByStatus)
    }
}

fn message_of(kind: &'static str) -> &'static str {
    match kind {
        "stage" => "deadline-stage",
        "cut-off" => "deadline-cut-off",
        "expression-of-interest" => "deadline-expression-of-interest",
        _ => "deadline-final",
    }
}

fn deadline_kind(node: &Node, cx: &mut Cx<'_, '_>) -> Option<&'static str> {
    let text = cx.read.text(node, "a deadline's `kind`")?;
    let found = DEADLINE_KINDS.iter().copied().find(|kind| kind == text);
    if found.is_none() {
        let help = suggest::remedy(text, DEADLINE_KINDS.iter().copied(), "kinds of deadline");
        cx.read.error("unknown-choice", node.range, format!("there is no kind of deadline `{text}`"), help);
    }
    found
}

/// One item of `was`; it must lie before the deadline.
fn earlier(node: &Node, at: &Moment, cx: &mut Cx<'_, '_>) -> Option<Moment> {
    let before = instant::moment(node, "`was`", at.zone.as_ref(), cx)?;
    if before.ends >= at.ends {
        let message = "`was` must be earlier than the deadline that replaces it";
        let help = "write the dates that no longer hold under `was`, the one that holds under `at`";
        cx.read.diagnostics.push(Diagnostic::error("was-not-earlier", cx.read.file.at(node.range), message).help(help));
        return None;
    }
    Some(before)
}
