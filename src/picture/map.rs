//! The map of Europe: countries as shapes that lead somewhere; it knows geometry, not what is counted.

use std::fmt::Write as _;
use std::sync::LazyLock;

use crate::html;

/// Natural Earth's countries, drawn by `europe.mjs`.
const DRAWN: &str = include_str!("europe.txt");

const WIDTH: u32 = 1000;

/// Countries smaller than this, in units of the map, are hard to hit: a disc stands for them.
const SMALL: usize = 60;

/// One country of the picture.
pub struct Mark<'a> {
    /// ISO 3166-1 alpha-2.
    pub country: &'a str,
    /// What it is called and what is said of it.
    pub title: String,
    /// Where it leads.
    pub href: Option<&'a str>,
    /// How much there is of it, from 1 to 4.
    pub level: u8,
}

struct Country {
    code: &'static str,
    middle: (&'static str, &'static str),
    path: &'static str,
}

struct Europe {
    height: &'static str,
    countries: Vec<Country>,
}

static EUROPE: LazyLock<Europe> = LazyLock::new(|| {
    let mut lines = DRAWN.lines().filter(|line| !line.starts_with('#'));
    let height = lines.next().unwrap_or_default();
    let country = |line: &'static str| {
        let mut cells = line.split('\t');
        let (code, middle, path) = (cells.next()?, cells.next()?.split_once(' ')?, cells.next()?);
        Some(Country { code, middle, path })
    };
    Europe { height, countries: lines.filter_map(country).collect() }
});

/// The map with these countries marked; `None` where none of them is on it.
///
/// It is hidden from assistive technology, and its links cannot be reached by keyboard: the page has the same as a list.
pub fn europe(marks: &[Mark<'_>]) -> Option<String> {
    let Europe { height, countries } = &*EUROPE;
    let mark = |country: &Country| marks.iter().find(|mark| mark.country == country.code);
    if !countries.iter().any(|country| mark(country).is_some()) {
        return None;
    }
    let mut svg = format!(
        "<svg class=\"map-picture\" viewBox=\"0 0 {WIDTH} {height}\" aria-hidden=\"true\" focusable=\"false\">\
         <path class=\"land\" d=\""
    );
    for country in countries.iter().filter(|country| mark(country).is_none()) {
        svg.push_str(country.path);
    }
    svg.push_str("\"/>");
    for (country, mark) in countries.iter().filter_map(|country| Some((country, mark(country)?))) {
        let (x, y) = country.middle;
        let shape = match country.path.len() < SMALL {
            true => format!("<circle class=\"place level-{}\" cx=\"{x}\" cy=\"{y}\" r=\"9\"/>", mark.level),
            false => format!("<path class=\"place level-{}\" d=\"{}\"/>", mark.level, country.path),
        };
        let title = html::escape(&mark.title);
        // Writing to a string cannot fail.
        let _ = match mark.href {
            Some(href) => {
                write!(svg, "<a href=\"{}\" tabindex=\"-1\"><title>{title}</title>{shape}</a>", html::escape(href))
            }
            None => write!(svg, "<g><title>{title}</title>{shape}</g>"),
        };
    }
    svg.push_str("</svg>");
    Some(svg)
}
