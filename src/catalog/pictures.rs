//! Which files of entries pages show as pictures, and to which they lead; not how either looks.

use super::{Catalog, Entry, PublishedAsset};
use crate::config::Config;
use crate::diag::{Diagnostic, Diagnostics};
use crate::field::{Value, Values, file};
use crate::markdown::{Body, HoleKind, Target};
use crate::raster::{self, MOST_PIXELS};

/// What the pages of one entry do with its files, by index into the site's assets.
struct Uses<'e> {
    entry: &'e Entry,
    config: &'e Config,
    shown: Vec<usize>,
    linked: Vec<usize>,
}

/// Marks what pages show and what they lead to.
pub(super) fn mark(entries: &[Entry], config: &Config, assets: &mut [PublishedAsset]) {
    for entry in entries.iter().filter(|entry| entry.built && !entry.files.is_empty()) {
        let mut uses = Uses { entry, config, shown: Vec::new(), linked: Vec::new() };
        entry.texts.iter().flatten().filter_map(|text| text.body.as_ref()).for_each(|body| uses.body(body));
        entry.values.iter().flatten().for_each(|values| uses.values(values));
        uses.shown.into_iter().for_each(|index| assets[index].shown = true);
        uses.linked.into_iter().for_each(|index| assets[index].linked = true);
    }
}

impl Uses<'_> {
    /// A name in a text stands for the files of all languages.
    fn named(&self, path: &str) -> impl Iterator<Item = usize> + use<> {
        file::variants(path, &self.entry.files, &self.config.languages).into_iter().map(|(_, index)| index)
    }

    fn body(&mut self, body: &Body) {
        for hole in &body.holes {
            match &hole.kind {
                HoleKind::Image { target: Target::File(path), .. } | HoleKind::Figure { path, .. } => {
                    self.shown.extend(self.named(path));
                }
                HoleKind::Href { target: Target::File(path), .. } => self.linked.extend(self.named(path)),
                _ => {}
            }
        }
    }

    fn values(&mut self, values: &Values) {
        match values {
            Values::Shared(values) => values.iter().for_each(|value| self.value(value)),
            Values::Localized(each) => each.iter().flatten().for_each(|value| self.value(value)),
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Image(image) => self.shown.extend(image.variants.iter().map(|(_, index)| *index)),
            Value::File(file) => self.linked.extend(file.variants.iter().map(|(_, index)| *index)),
            Value::Markdown(body) => self.body(body),
            Value::Group(record) => record.fields.iter().for_each(|field| self.values(&field.values)),
            _ => {}
        }
    }
}

/// Ensures that renditions can be made of every picture that pages show, as far as their files' headers tell.
pub(super) fn pictures_can_be_shown(catalog: &Catalog, diagnostics: &mut Diagnostics) {
    for asset in catalog.assets.iter().filter(|asset| asset.shown) {
        let problem = match &asset.raster {
            None if raster::is_promised(&asset.name) => broken(&asset.path, "is no JPEG, PNG or WebP picture"),
            Some(raster) if !raster.whole => broken(&asset.path, "is cut short: the end of the picture is missing"),
            Some(raster) if raster.is_too_large() => {
                let message = format!(
                    "is {} × {} pixels large; pictures may have {} million pixels",
                    raster.width,
                    raster.height,
                    MOST_PIXELS / 1_000_000
                );
                let help = "save a smaller copy: no page shows more than 1600 pixels across";
                Diagnostic::in_file("large-picture", asset.path.clone(), message).help(help)
            }
            _ => continue,
        };
        diagnostics.push(problem);
    }
}

/// A picture that cannot be decoded.
pub(crate) fn broken(path: &str, why: &str) -> Diagnostic {
    let help = "open the picture in an image editor and save it again as JPEG, PNG or WebP, or fetch the original anew";
    Diagnostic::in_file("broken-picture", path, why).help(help)
}
