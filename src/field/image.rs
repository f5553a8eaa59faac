//! `image`: a picture in the entry's folder, with its alternative text in every language.

use ecow::EcoString;

use super::{Cx, Item, Kind, Show, Value, file};
use crate::catalog::Catalog;
use crate::config::Lang;
use crate::document::read::PerLang;
use crate::html;
use crate::raster::Format;
use crate::url::Address;
use crate::yaml::{Node, Value as Yaml};

/// How wide a theme shows a picture, as browsers must know before they have read its style sheet: a column of text on large
/// screens, else all of the window.
const SIZES: &str = "(min-width: 52rem) 48rem, 100vw";

/// The kind.
pub struct Image;

/// A picture.
#[derive(Clone, Debug)]
pub struct ImageValue {
    /// Its path as written, by which a body may name it.
    pub path: EcoString,
    /// The files, by index into the site's assets.
    pub variants: Vec<(Option<Lang>, usize)>,
    /// What it shows (WCAG 1.1.1).
    pub alt: PerLang<EcoString>,
    /// Whose it is.
    pub credit: Option<EcoString>,
}

impl Kind for Image {
    fn name(&self) -> &'static str {
        "image"
    }

    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value> {
        let what = cx.what();
        let tags: Vec<_> = cx.read.languages.iter().map(|tag| format!("{tag}: …")).collect();
        let help = format!("write `{{ path: …, alt: {{ {} }} }}`", tags.join(", "));
        if !matches!(node.value, Yaml::Map(_)) {
            cx.read.error("missing-alt", node.range, format!("{what} has no alternative text"), help);
            return None;
        }
        cx.read.map(node, &what, &["path", "alt", "credit"])?;
        let Some(path) = node.get("path") else {
            cx.read.missing(node, "path", format!("{what} has no `path`"), help);
            return None;
        };
        let Some(alt) = node.get("alt") else {
            cx.read.error("missing-alt", node.range, format!("{what} has no alternative text"), help);
            return None;
        };
        let variants = file::find(path, &what, cx);
        let alt = cx.read.per_language(alt, "the alternative text")?;
        let credit = node.get("credit").and_then(|n| cx.read.text(n, "`credit`").cloned());
        Some(Value::Image(Box::new(ImageValue { path: path.as_str()?.into(), variants: variants?, alt, credit })))
    }

    fn item(&self, value: &Value, show: &Show<'_>) -> Item {
        let Value::Image(image) = value else { return Item::default() };
        let alt = image.alt[show.lang.index()].as_str();
        let Some((_, index)) = file::choose(&image.variants, show.lang, show.catalog) else { return Item::plain(alt) };
        let mut html = element(index, alt, None, show.catalog);
        if let Some(credit) = &image.credit {
            html.push_str(&format!("<small class=\"credit\">{}</small>", html::escape(credit)));
        }
        Item { html, text: alt.to_owned() }
    }

    fn is_block(&self) -> bool {
        true
    }
}

/// `<img>` with its size, so that the page does not jump; a `<picture>` where there are renditions to choose from.
pub fn element(asset: usize, alt: &str, title: Option<&str>, catalog: &Catalog) -> String {
    let asset = &catalog.assets[asset];
    let href = |address: &Address| html::escape(&catalog.config.base.href(address)).into_owned();
    let title = title.map(|text| format!(" title=\"{}\"", html::escape(text))).unwrap_or_default();
    let (fallback, webps) = (asset.fallback(), asset.webps());
    let (src, size) = match &fallback {
        Some(own) => (href(&asset.rendition_address(own)), Some((own.width, own.height))),
        None => (href(&asset.address), asset.size),
    };
    let dimensions = size.map(|(w, h)| format!(" width=\"{w}\" height=\"{h}\"")).unwrap_or_default();
    // A WebP picture is one of the candidates itself.
    let is_webp = asset.raster.is_some_and(|raster| raster.format == Format::WebP);
    let widest = size.filter(|_| is_webp).map(|(width, _)| (src.clone(), width));
    let img = format!("<img src=\"{src}\" alt=\"{}\"{dimensions}{title} loading=\"lazy\"", html::escape(alt));
    if fallback.is_none() && webps.is_empty() {
        return format!("{img}>");
    }
    if webps.is_empty() {
        return format!("{img} decoding=\"async\">");
    }
    let candidates = webps.iter().map(|webp| (href(&asset.rendition_address(webp)), webp.width)).chain(widest);
    let candidates: Vec<String> = candidates.map(|(address, width)| format!("{address} {width}w")).collect();
    let choice = format!("srcset=\"{}\" sizes=\"{SIZES}\"", candidates.join(", "));
    match is_webp {
        true => format!("{img} decoding=\"async\" {choice}>"),
        false => format!("<picture><source type=\"image/webp\" {choice}>{img} decoding=\"async\"></picture>"),
    }
}
