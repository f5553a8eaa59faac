//! Keys that every entry has, whatever its type: language, life cycle, sources, provenance, translation.

use ecow::{EcoString, eco_format};

use super::{EntryId, Provenance, Source, Translation, Translator};
use crate::date::PartialDate;
use crate::document::read::{PerLang, Reader};
use crate::field::number::cut;
use crate::field::{Names, date, url};
use crate::source::Range;
use crate::suggest;
use crate::url::is_segment;
use crate::yaml::Node;

/// Reads one source: `{url, title, says, lang, accessed}`, or its address alone.
pub(super) fn source(node: &Node, read: &mut Reader<'_>) -> Option<Source> {
    if node.as_map().is_none() {
        let url = read.text(node, "a source")?.clone();
        let good = url::check(&url, node.range, read);
        return good.then_some(Source { url, title: None, says: None, lang: None, accessed: None, range: node.range });
    }
    read.map(node, "a source", &["url", "title", "says", "lang", "accessed"])?;
    let Some(at) = node.get("url") else {
        read.missing(node, "url", "a source has no `url`", "add `url: https://…`");
        return None;
    };
    let url = read.text(at, "`url`")?.clone();
    let good = url::check(&url, at.range, read);
    let title = node.get("title").and_then(|n| read.text(n, "`title`").cloned());
    let says = node.get("says").and_then(|n| read.text(n, "`says`").cloned());
    let lang = node.get("lang").and_then(|n| url::language(n, read));
    let accessed = node.get("accessed").and_then(|n| date::partial(n, "`accessed`", read));
    good.then_some(Source { url, title, says, lang, accessed, range: node.range })
}

/// Reads a list of sources.
pub(super) fn sources(node: &Node, read: &mut Reader<'_>) -> Vec<Source> {
    let items = read.list(node);
    items.iter().filter_map(|item| source(item, read)).collect()
}

/// Reads what `facts:` says of one field.
pub(super) fn provenance(node: &Node, read: &mut Reader<'_>) -> Option<Provenance> {
    read.map(node, "the provenance of a fact", &["checked", "disputed", "note", "sources"])?;
    let checked = node.get("checked").and_then(|n| date::partial(n, "`checked`", read));
    let disputed = node.get("disputed").and_then(|n| read.boolean(n, "`disputed`")).unwrap_or(false);
    let note: PerLang<Option<EcoString>> = node
        .get("note")
        .and_then(|n| read.some_languages(n, "the note"))
        .map(|notes| notes.into_iter().map(|note| note.map(|(text, _)| text)).collect())
        .unwrap_or_else(|| vec![None; read.languages.len()]);
    let sources = node.get("sources").map(|n| sources(n, read)).unwrap_or_default();
    Some(Provenance { checked, disputed, note, sources })
}

/// Reads `translation: { of, revision, by }`.
pub(super) fn translation(node: &Node, read: &mut Reader<'_>) -> Option<Translation> {
    read.map(node, "`translation`", &["of", "revision", "by", "on"])?;
    let Some(of) = node.get("of") else {
        read.missing(node, "of", "`translation` has no `of`", "add the language that it was made from: `of: fr`");
        return None;
    };
    let tag = read.text(of, "`of`")?.clone();
    let of = read.language(&tag, of.range)?;
    let revision = node.get("revision").and_then(|n| revision(n, read));
    let by = match node.get("by") {
        Some(by) => translator(by, read)?,
        None => Translator::Human,
    };
    let range = node.get("revision").map_or(node.range, |n| n.range);
    Some(Translation { of, revision, range, by })
}

fn translator(node: &Node, read: &mut Reader<'_>) -> Option<Translator> {
    match read.text(node, "`by`")?.as_str() {
        "human" => Some(Translator::Human),
        "machine" => Some(Translator::Machine),
        "machine-reviewed" => Some(Translator::Reviewed),
        other => {
            let help = suggest::remedy(other, ["human", "machine", "machine-reviewed"], "choices");
            read.error("unknown-choice", node.range, format!("a translation cannot be by `{}`", cut(other)), help);
            None
        }
    }
}

fn revision(node: &Node, read: &mut Reader<'_>) -> Option<EcoString> {
    let text = read.text(node, "`revision`")?.clone();
    let legal = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if !legal {
        let help = "write the eight digits that `relais translations` prints, or remove the line";
        read.error("bad-revision", node.range, format!("`{}` is not a revision", cut(&text)), help);
    }
    legal.then_some(text)
}

/// Reads former names of an entry: `type/id`; `id` alone means the entry's own type.
pub(super) fn former(node: &Node, own_type: &str, read: &mut Reader<'_>) -> Vec<(EcoString, Range)> {
    let mut names = Vec::new();
    for item in read.list(node) {
        let Some(text) = read.text(item, "a former name") else { continue };
        let (kind, id) = text.trim_start_matches('/').split_once('/').unwrap_or((own_type, text));
        if is_segment(kind) && is_segment(id) {
            names.push((eco_format!("{kind}/{id}"), item.range));
        } else {
            let help =
                "write the id that the entry had, such as `repair-2026`, or `funding/repair-2026` of another type";
            read.error("bad-id", item.range, format!("`{}` cannot have been the id of an entry", cut(text)), help);
        }
    }
    names
}

/// Reads a date of the life cycle.
pub(super) fn day(node: &Node, key: &str, read: &mut Reader<'_>) -> Option<PartialDate> {
    date::partial(node, &format!("`{key}`"), read)
}

/// Reads `type/id` of any type; `id` alone means the entry's own type.
pub(super) fn entry(
    node: &Node,
    own_type: usize,
    key: &str,
    names: &Names<'_>,
    read: &mut Reader<'_>,
) -> Option<EntryId> {
    let text = read.text(node, &format!("`{key}`"))?;
    let path = text.trim_start_matches('/');
    let (kind, id) = match path.split_once('/') {
        Some((kind, _)) if names.broken.contains(kind) => return None,
        Some((kind, id)) => (names.type_index(kind), id),
        None => (Some(own_type), path),
    };
    let found = kind.and_then(|kind| names.entries.get(&(kind, id.into())).copied());
    if found.is_none() {
        let of_type: Vec<&str> =
            names.entries.keys().filter(|(t, _)| Some(*t) == kind).map(|(_, id)| id.as_str()).collect();
        let help = match kind {
            Some(_) => suggest::remedy(id, of_type, "entries"),
            None => suggest::remedy(
                path.split('/').next().unwrap_or_default(),
                names.types.iter().map(|t| t.id.as_str()),
                "types",
            ),
        };
        read.error(
            "dangling-reference",
            node.range,
            format!("`{key}` names `{}`, which does not exist", cut(text)),
            help,
        );
    }
    found
}
