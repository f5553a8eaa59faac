//! `term`: a concept of a controlled vocabulary, with its labels and its broader terms.

use std::cmp::Ordering;

use ecow::EcoString;

use super::number::cut;
use super::{Cx, Facet, FacetLabel, Item, Kind, Row, Show, Value};
use crate::catalog::{Catalog, Entry};
use crate::source::Span;
use crate::suggest;
use crate::yaml::Node;

/// The kind.
pub(super) struct Term;

impl Kind for Term {
    fn name(&self) -> &'static str {
        "term"
    }

    fn row(&self) -> Row {
        Row::Names
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        let what = cx.what();
        lookup(node, cx.field.vocabulary.as_ref(), &what, cx).map(|(v, t)| Value::Term(v, t))
    }

    fn item(&self, value: &Value, show: &Show<'_>) -> Item {
        match value {
            Value::Term(vocabulary, term) => Item::plain(show.catalog.term_label(*vocabulary, *term, show.lang)),
            _ => Item::default(),
        }
    }

    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        match (a, b) {
            (Value::Term(va, a), Value::Term(vb, b)) => (va, a).cmp(&(vb, b)),
            _ => Ordering::Equal,
        }
    }

    fn as_facet(&self) -> Option<&dyn Facet> {
        Some(self)
    }
}

/// An entry is found under its terms and under all that are broader.
impl Facet for Term {
    fn keys(&self, values: &[Value], _: &Entry, catalog: &Catalog) -> Vec<EcoString> {
        let mut keys: Vec<EcoString> = Vec::new();
        for value in values {
            let Value::Term(vocabulary, term) = value else { continue };
            let terms = &catalog.vocabularies[*vocabulary].terms;
            let mut at = Some(*term);
            while let Some(index) = at {
                if !keys.contains(&terms[index].id) {
                    keys.push(terms[index].id.clone());
                }
                at = terms[index].broader;
            }
        }
        keys
    }

    fn label(&self, key: &str, show: &Show<'_>) -> FacetLabel {
        let vocabulary = show.field.vocabulary.as_ref().and_then(|(id, _)| show.catalog.vocabulary(id));
        let term = vocabulary.and_then(|v| v.terms.iter().find(|t| t.id == key));
        match term {
            Some(term) => {
                FacetLabel::own(term.label[show.lang.index()].to_string(), term.slug[show.lang.index()].clone())
            }
            None => FacetLabel::of(key.to_owned()),
        }
    }
}

/// Finds the term that a node names, or reports it.
pub(super) fn lookup(
    node: &Node,
    vocabulary: Option<&(EcoString, Span)>,
    what: &str,
    cx: &mut Cx<'_, '_>,
) -> Option<(usize, usize)> {
    let id = cx.read.text(node, what)?;
    let (name, _) = vocabulary?;
    // A vocabulary that is missing or at fault has been reported once, where it is named.
    let index = cx.names.vocabularies.iter().position(|v| v.id == *name)?;
    let vocabulary = &cx.names.vocabularies[index];
    let found = vocabulary.term(id);
    if found.is_none() {
        let by_label = vocabulary.terms.iter().find(|t| t.label.iter().any(|l| l.to_lowercase() == id.to_lowercase()));
        let help = match by_label {
            Some(term) => format!("write the term's id: `{}`", term.id),
            None => suggest::remedy(id, vocabulary.terms.iter().map(|t| t.id.as_str()), "terms"),
        };
        cx.read.error("unknown-term", node.range, format!("`{}` is not a term of `{name}`", cut(id)), help);
    }
    Some((index, found?))
}
