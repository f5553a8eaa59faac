//! Social cards: which pages have one of their own, and what the editor is told where one cannot be painted.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::{Output, Subject};
use crate::catalog::{Catalog, EntryId};
use crate::config::Lang;
use crate::diag::{Diagnostic, Diagnostics};
use crate::raster::Format;
use crate::source::Span;
use crate::view::{card_address, own_card};

/// Pixels across that networks ask for before they show a picture large.
const LEAST: u32 = 600;

/// How many characters a message names.
const NAMED: usize = 12;

/// The cards of the portal and of its entries.
pub(super) fn all(catalog: &Catalog, found: &mut Diagnostics) -> Vec<Output> {
    if catalog.theme.painter.is_none() {
        return Vec::new();
    }
    let card = |id: Option<EntryId>, lang: Lang| {
        let path = card_address(catalog, id, lang)?.file();
        Some(Output { path, subject: Subject::SocialCard(id, lang) })
    };
    let langs: Vec<Lang> = catalog.config.langs().collect();
    let mut cards = Vec::new();
    for lang in langs {
        let site = card(None, lang);
        let is_found = |id: &EntryId| {
            let entry = &catalog.entries[id.index()];
            entry.addresses[lang.index()].is_some() && entry.is_found() && catalog.version(*id, lang) == lang
        };
        let ids = (0..catalog.entries.len() as u32).into_par_iter().map(EntryId);
        let own = ids.filter(|id| is_found(id) && own_card(catalog, *id, lang).is_none());
        let own: Vec<(EntryId, Option<Output>)> = own.map(|id| (id, card(Some(id), lang))).collect();
        let without: Vec<EntryId> = own.iter().filter(|(_, card)| card.is_none()).map(|(id, _)| *id).collect();
        if site.is_none() || !without.is_empty() {
            found.push(unpaintable(catalog, lang, site.is_none(), &without));
        }
        cards.extend(site.into_iter().chain(own.into_iter().filter_map(|(_, card)| card)));
    }
    check_own(catalog, found);
    cards
}

/// What the fonts of cards do not have, in the titles of a language: once, however many there are.
fn unpaintable(catalog: &Catalog, lang: Lang, site: bool, without: &[EntryId]) -> Diagnostic {
    let tag = catalog.config.tag(lang);
    let missing = |text: &str| -> Vec<char> {
        catalog.theme.painter.as_ref().map(|painter| painter.missing(text).collect()).unwrap_or_default()
    };
    let texts = |id: &EntryId| {
        let definition = &catalog.types[catalog.entries[id.index()].type_index];
        [catalog.title(*id, lang).0, definition.singular[lang.index()].as_str()]
    };
    let characters: BTreeSet<char> = match site {
        true => missing(&catalog.config.title[lang.index()]).into_iter().collect(),
        false => without.iter().flat_map(texts).flat_map(missing).collect(),
    };
    let named: Vec<String> = characters.iter().take(NAMED).map(|c| format!("{c} (U+{:04X})", *c as u32)).collect();
    let more = if characters.len() > NAMED { format!(" and {} more", characters.len() - NAMED) } else { String::new() };
    let named = format!("{}{more}", named.join(", "));
    let (span, message) = match (site, without) {
        (false, [first, ..]) => {
            let entry = &catalog.entries[first.index()];
            let text = entry.texts[lang.index()].as_ref();
            let span = text.map(|text| text.file).or(entry.file).map(|file| file.start());
            let pages = if without.len() == 1 { "1 page".into() } else { format!("{} pages", without.len()) };
            let message = format!(
                "networks show {pages} in `{tag}` with the portal's picture: the fonts of social cards lack {named}"
            );
            (span, message)
        }
        _ => (None, format!("there are no social cards in `{tag}`: their fonts lack {named} of the portal's title")),
    };
    let span: Span = span.unwrap_or(catalog.config.file.start());
    let help = "give the theme a font that has them: `card: { font: fonts/… }` in theme.yaml; or write `cards: false` in \
                relais.yaml";
    Diagnostic::warning("card-characters", span, message).help(help)
}

/// Pictures that editors put in the place of cards, and that networks do not show.
fn check_own(catalog: &Catalog, found: &mut Diagnostics) {
    let all = catalog.ids().flat_map(|id| catalog.config.langs().map(move |lang| (id, lang)));
    let own: BTreeSet<(&str, u32, bool)> = all
        .filter_map(|(id, lang)| own_card(catalog, id, lang))
        .filter_map(|asset| {
            let raster = asset.raster.as_ref()?;
            Some((asset.path.as_str(), raster.width, raster.format == Format::WebP))
        })
        .collect();
    for (path, width, is_webp) in own {
        let (message, help) = match (is_webp, width < LEAST) {
            (true, _) => ("this is a WebP picture, which not every network shows".to_owned(), "save it as PNG or JPEG"),
            (_, true) => (
                format!("networks show pictures from {LEAST} pixels across; this one has {width}"),
                "make it 1200 × 630 pixels, or remove it: a card is painted then",
            ),
            _ => continue,
        };
        found.push(Diagnostic::in_file("unfit-card", path, message).as_warning().help(help));
    }
}
