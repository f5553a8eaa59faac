//! How a theme's social cards look: what `theme.yaml` says of their fonts and colours, and the painter with these. Not what
//! stands on them.

use std::collections::BTreeMap;

use super::{Chain, style};
use crate::diag::{Diagnostic, Diagnostics};
use crate::document::read::Reader;
use crate::load::{ThemeContent, ThemeFile};
use crate::social::{Face, Painter, SIZES};
use crate::source::Span;
use crate::suggest;
use crate::yaml::Node;

/// The fonts of the built-in theme.
const FONTS: [&str; 2] = ["fonts/NotoSans-Regular.ttf", "fonts/NotoSans-Bold.ttf"];

/// The tokens that the colours are taken from, and what they are in the built-in theme.
const COLOURS: [(&str, Colour); 2] = [("accent", [0x12, 0x55, 0x7d]), ("on-accent", [0xff, 0xff, 0xff])];

/// In sRGB.
type Colour = [u8; 3];

/// What a `theme.yaml` says of cards.
#[derive(Debug, Default)]
pub(super) struct Look {
    font: Option<(String, Span)>,
    bold: Option<(String, Span)>,
    background: Option<Colour>,
    ink: Option<Colour>,
}

/// Reads `card`.
pub(super) fn read(node: &Node, read: &mut Reader<'_>) -> Look {
    let mut look = Look::default();
    for entry in read.map(node, "`card`", &["font", "bold", "background", "ink"]).unwrap_or_default() {
        let Some(text) = read.text(&entry.value, &format!("`{}`", entry.key)).cloned() else { continue };
        let colour = |read: &mut Reader<'_>| {
            let colour = colour(&text);
            if colour.is_none() {
                let message = format!("`{text}` is not a colour of cards");
                read.error("bad-card", entry.value.range, message, "write it as \"#7a1f3d\", in quotes");
            }
            colour
        };
        let span = read.at(entry.value.range);
        match entry.key.as_str() {
            "font" => look.font = Some((text.to_string(), span)),
            "bold" => look.bold = Some((text.to_string(), span)),
            "background" => look.background = colour(read),
            "ink" => look.ink = colour(read),
            _ => {}
        }
    }
    look
}

/// `#rgb` or `#rrggbb`.
fn colour(text: &str) -> Option<Colour> {
    let digits: Option<Vec<u8>> = text.strip_prefix('#')?.chars().map(|c| Some(c.to_digit(16)? as u8)).collect();
    match digits?.as_slice() {
        [r, g, b] => Some([r * 17, g * 17, b * 17]),
        [r, s, g, h, b, c] => Some([r * 16 + s, g * 16 + h, b * 16 + c]),
        _ => None,
    }
}

/// The painter of a chain of themes. A font that one of them names and that cannot be used is reported.
pub(super) fn painter(
    chain: &Chain<'_>,
    files: &BTreeMap<&str, &ThemeFile>,
    tokens: &[&style::Token],
    diagnostics: &mut Diagnostics,
) -> Option<Painter> {
    let looks = || chain.links.iter().map(|link| &link.look);
    let font = looks().find_map(|look| look.font.as_ref());
    // Whoever has one font of his own wants no other beside it.
    let bold = looks().find_map(|look| look.bold.as_ref()).or(font);
    let mut face = |named: Option<&(String, Span)>, own: &str| {
        let path = named.map_or(own, |(path, _)| path.as_str());
        let bytes = files.get(path).and_then(|file| match &file.content {
            ThemeContent::Bytes(bytes) => Some(bytes.clone()),
            ThemeContent::Text(_) => None,
        });
        let is_there = bytes.is_some();
        let face = bytes.and_then(|bytes| Face::new(bytes, &SIZES));
        if let (None, Some((path, span))) = (&face, named) {
            let (message, help) = match is_there {
                true => (
                    format!("`{path}` cannot be read as a font"),
                    "use a TrueType or OpenType font (.ttf, .otf) with outlines".to_owned(),
                ),
                false => {
                    let fonts = files.keys().copied().filter(|path| path.ends_with(".ttf") || path.ends_with(".otf"));
                    (format!("the theme has no file `{path}`"), suggest::remedy(path, fonts, "fonts"))
                }
            };
            diagnostics.push(Diagnostic::error("bad-card", *span, message).help(help));
        }
        face
    };
    let (regular, bold) = (face(font, FONTS[0]), face(bold, FONTS[1]));
    let token = |at: usize| {
        let (name, default) = COLOURS[at];
        let set = tokens.iter().rev().filter(|token| token.is_light(name)).find_map(|token| colour(token.value()));
        set.unwrap_or(default)
    };
    let background = looks().find_map(|look| look.background).unwrap_or_else(|| token(0));
    let ink = looks().find_map(|look| look.ink).unwrap_or_else(|| token(1));
    Some(Painter::new(regular?, bold?, background, ink))
}
