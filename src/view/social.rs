//! What social cards say, and which picture stands for which page; not how cards are painted.

use schemars::JsonSchema;
use serde::Serialize;

use super::PagePicture;
use super::card;
use crate::catalog::{Catalog, EntryId, PublishedAsset};
use crate::config::Lang;
use crate::date::PartialDate;
use crate::field::{Value, file, group};
use crate::fingerprint::Fingerprint;
use crate::raster::Format;
use crate::social::{HEIGHT, Painter, WIDTH, Words};
use crate::url::Address;

/// Files of an entry that stand for it in place of a card.
const OWN: [&str; 2] = ["card.png", "card.jpg"];

/// A social card in words.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SocialCard {
    top: String,
    kind: String,
    title: String,
    status: String,
    fact: String,
}

impl SocialCard {
    /// It as it is painted. Of what the fonts cannot say, nothing is seen but the title.
    pub fn words(&self, painter: &Painter) -> Words<'_> {
        fn seen<'t>(painter: &Painter, text: &'t str) -> &'t str {
            if painter.missing(text).next().is_some() { "" } else { text }
        }
        Words {
            top: seen(painter, &self.top),
            kind: seen(painter, &self.kind),
            title: &self.title,
            status: seen(painter, &self.status),
            fact: seen(painter, &self.fact),
        }
    }

    /// What is to be read on it, beside whose portal it is and its fact, which is on the page, too.
    fn text(&self) -> String {
        let parts = [&self.kind, &self.title, &self.status];
        parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" – ")
    }
}

/// What stands on the card of an entry, or on that of the whole portal.
pub fn social_card(catalog: &Catalog, id: Option<EntryId>, lang: Lang) -> SocialCard {
    let fact = id.map(|id| fact(catalog, id, lang)).unwrap_or_default();
    SocialCard { fact, ..plain_card(catalog, id, lang) }
}

/// The same without its fact, which takes longest to write.
fn plain_card(catalog: &Catalog, id: Option<EntryId>, lang: Lang) -> SocialCard {
    let site = catalog.config.title[lang.index()].to_string();
    let Some(id) = id else {
        let top = catalog.config.base.host().to_owned();
        return SocialCard { top, kind: String::new(), title: site, status: String::new(), fact: String::new() };
    };
    let definition = catalog.type_of(id);
    let kind = if definition.root { String::new() } else { definition.singular[lang.index()].to_string() };
    let status = card::status(catalog, id, lang).map(|status| status.label).unwrap_or_default();
    SocialCard { top: site, kind, title: catalog.title(id, lang).0.to_owned(), status, fact: String::new() }
}

/// The first date among the facts that lists show of an entry, else the first of these facts.
fn fact(catalog: &Catalog, id: EntryId, lang: Lang) -> String {
    let definition = catalog.type_of(id);
    let entry = catalog.entry(id);
    let text = |index: usize| -> Option<String> {
        let values = entry.values[index].as_ref()?;
        let (shown, at) = values.for_reader(&catalog.config.fallback[lang.index()])?;
        let show = catalog.show(id, index, lang);
        if at.is_some_and(|at| at != lang) || show.field.kind.is_block() {
            return None;
        }
        let text = match shown {
            // The day alone: the hour and its zone are more than a card has room for.
            [Value::Deadline(_), ..] => {
                let days = shown.iter().filter_map(|v| if let Value::Deadline(d) = v { Some(d.at.date) } else { None });
                let days: Vec<String> = days.map(|day| show.locale().date(PartialDate::Day(day))).collect();
                show.locale().list_and(&days)
            }
            _ => group::shown(values, &show).text,
        };
        // A country's profile is about that country.
        (!text.is_empty() && text != catalog.title(id, lang).0).then_some(text)
    };
    let is_date = |index: &usize| definition.fields[*index].kind.is_temporal();
    let dates = definition.card.iter().copied().filter(is_date);
    dates.chain(definition.card.iter().copied()).find_map(text).unwrap_or_default()
}

/// Where the card of an entry's page is, or that of the whole portal; `None` where there is none, because the fonts do not have
/// the characters of its title. The page must be a version of its own.
pub(crate) fn address(catalog: &Catalog, id: Option<EntryId>, lang: Lang) -> Option<Address> {
    let painter = catalog.theme.painter.as_ref()?;
    let has = |text: &str| painter.missing(text).next().is_none();
    let page = match id {
        None => Address::home(catalog.config.tag(lang)),
        Some(id) => {
            let definition = catalog.type_of(id);
            let kind = if definition.root { "" } else { definition.singular[lang.index()].as_str() };
            let page = catalog.entry(id).addresses[lang.index()].clone()?;
            Some(page).filter(|_| has(catalog.title(id, lang).0) && has(kind))?
        }
    };
    has(&catalog.config.title[lang.index()]).then(|| page.with_file("card.png"))
}

/// The picture that an entry has of its own, for readers of a language.
pub(crate) fn own(catalog: &Catalog, id: EntryId, lang: Lang) -> Option<&PublishedAsset> {
    let files = &catalog.entry(id).files;
    if files.is_empty() {
        return None;
    }
    let variants = |name: &&str| file::variants(name, files, &catalog.config.languages);
    let variants = OWN.iter().map(variants).find(|variants| !variants.is_empty())?;
    let (_, index) = file::choose(&variants, lang, catalog)?;
    Some(&catalog.assets[index]).filter(|asset| asset.is_published() && asset.raster.is_some())
}

/// The picture of a page of an entry, or of any other page.
pub(super) fn picture(catalog: &Catalog, id: Option<EntryId>, lang: Lang) -> Option<PagePicture> {
    let painter = catalog.theme.painter.as_ref()?;
    let version = id.map_or(lang, |id| catalog.version(id, lang));
    let other = (version != lang).then(|| catalog.config.tag(version).to_owned());
    let absolute = |address: &Address| catalog.config.base.absolute(address);
    if let Some(id) = id
        && let Some(asset) = own(catalog, id, version)
        && let Some(raster) = &asset.raster
    {
        return Some(PagePicture {
            href: absolute(&asset.address),
            mime: match raster.format {
                Format::Jpeg => "image/jpeg",
                Format::Png => "image/png",
                Format::WebP => "image/webp",
            },
            width: raster.width,
            height: raster.height,
            alt: catalog.title(id, version).0.to_owned(),
            lang: other,
        });
    }
    let Some(address) = address(catalog, id, version) else {
        return id.and_then(|_| picture(catalog, None, lang));
    };
    let card = plain_card(catalog, id, version);
    let facts = id.map_or(0, |id| catalog.entry(id).own[version.index()].base);
    let words = [&card.top, &card.kind, &card.title, &card.status].map(String::as_bytes);
    let print = Fingerprint::of_parts(words);
    let print = Fingerprint::of_numbers([print.0, painter.print().0, facts.into()]).short();
    Some(PagePicture {
        // Networks keep a picture for as long as its address is the same.
        href: format!("{}?v={print}", absolute(&address)),
        mime: "image/png",
        width: WIDTH as u32,
        height: HEIGHT as u32,
        alt: card.text(),
        lang: other,
    })
}
