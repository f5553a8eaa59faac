//! Ways of narrowing listings that several kinds share: by derived status, by code; not what the values mean.

use ecow::EcoString;

use super::{Facet, FacetLabel, Show, Value};
use crate::catalog::status::{self, Status};
use crate::catalog::{Catalog, Entry};

/// By where an entry stands in time, whatever dates that comes from.
pub(super) struct ByStatus;

impl Facet for ByStatus {
    fn keys(&self, _: &[Value], entry: &Entry, _: &Catalog) -> Vec<EcoString> {
        entry.status.map(|s| s.id().into()).into_iter().collect()
    }

    fn label(&self, key: &str, show: &Show<'_>) -> FacetLabel {
        let word = |status| show.catalog.status_word(show.type_index, show.lang, status);
        let text = Status::find(key).map_or_else(|| show.message("status"), word).to_owned();
        FacetLabel { rank: status::rank(key), ..FacetLabel::of(text) }
    }

    fn title(&self, show: &Show<'_>) -> FacetLabel {
        FacetLabel::of(show.message("status").to_owned())
    }
}

/// The codes among values.
pub(super) fn codes(values: &[Value]) -> Vec<EcoString> {
    values.iter().filter_map(|v| if let Value::Code(code) = v { Some(code.clone()) } else { None }).collect()
}
