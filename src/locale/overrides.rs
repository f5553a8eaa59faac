//! Knows how corrections to CLDR are written down and looked up.
//! It does not know what any of them says: that is in `corrections.txt` and in a site's own file of the same form.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

const BUILT_IN: &str = include_str!("corrections.txt");

const KEYS: [&str; 12] = [
    "data",
    "date-time",
    "date.full",
    "date.long",
    "date.medium",
    "date.month",
    "date.month.range",
    "date.short",
    "date.year",
    "number-range",
    "percent",
    "time",
];

/// Rules of the house that replace what CLDR says, by language tag (BCP 47) and key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Corrections {
    rules: BTreeMap<(String, String), String>,
}

/// A line of a file of corrections that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectionError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what to write.
    pub message: String,
}

impl fmt::Display for CorrectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl Error for CorrectionError {}

impl Corrections {
    /// The corrections that ship with Relais.
    pub fn built_in() -> Self {
        // A unit test parses the same text, so the fallback is never taken.
        Self::parse(BUILT_IN).unwrap_or_default()
    }

    /// Reads sections `[tag]` of lines `key = value`; `#` opens a comment line.
    pub fn parse(text: &str) -> Result<Self, CorrectionError> {
        let mut rules = BTreeMap::new();
        let mut section = None;
        for (index, line) in text.lines().enumerate() {
            let fail = |message: String| CorrectionError { line: index + 1, message };
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(tag) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = Some(tag.trim().to_owned());
                continue;
            }
            let Some(tag) = &section else {
                return Err(fail("a correction stands before any section; open one with [tag]".to_owned()));
            };
            let Some((key, value)) = line.split_once('=') else {
                return Err(fail(format!("`{line}` is not of the form key = value")));
            };
            let key = key.trim();
            if !known(key) {
                return Err(fail(format!("`{key}` is not a correction; the keys are {}", KEYS.join(", "))));
            }
            let value = unescape(value.trim())
                .ok_or_else(|| fail("\\u takes four hexadecimal digits, as in \\u00A0".to_owned()))?;
            rules.insert((tag.clone(), key.to_owned()), value);
        }
        Ok(Corrections { rules })
    }

    /// Adds other corrections, which win where both speak.
    pub fn extend(&mut self, other: Corrections) {
        self.rules.extend(other.rules);
    }

    /// The correction for exactly this tag.
    pub(super) fn exact(&self, tag: &str, key: &str) -> Option<&str> {
        self.rules.get(&(tag.to_owned(), key.to_owned())).map(String::as_str)
    }

    /// The correction for this tag or the nearest shorter one.
    pub(super) fn get(&self, tag: &str, key: &str) -> Option<&str> {
        let mut tag = tag;
        loop {
            if let Some(value) = self.exact(tag, key) {
                return Some(value);
            }
            tag = tag.rsplit_once('-')?.0;
        }
    }
}

fn known(key: &str) -> bool {
    KEYS.contains(&key)
        || key.strip_prefix("day.").is_some_and(|day| day.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day)))
        || key.starts_with("country.")
        || key.starts_with("language.")
}

fn unescape(value: &str) -> Option<String> {
    let mut pieces = value.split("\\u");
    let mut out = pieces.next()?.to_owned();
    for piece in pieces {
        let (code, rest) = piece.split_at_checked(4)?;
        out.push(char::from_u32(u32::from_str_radix(code, 16).ok()?)?);
        out.push_str(rest);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_text_parses() {
        assert_eq!(Corrections::parse(BUILT_IN), Ok(Corrections::built_in()));
        assert_eq!(Corrections::built_in().get("lv-LV", "percent"), Some("{0}\u{A0}%"));
    }

    #[test]
    fn mistakes_name_their_line() {
        let at = |text| Corrections::parse(text).map_err(|error| error.line);
        assert_eq!(at("# x\ntime = HH.mm"), Err(2));
        assert_eq!(at("[lv]\n\ntimes = HH.mm"), Err(3));
        assert_eq!(at("[lv]\ntime"), Err(2));
        assert_eq!(at("[lv]\ntime = \\u00"), Err(2));
    }

    #[test]
    fn a_site_wins_over_the_house() {
        let mut rules = Corrections::built_in();
        rules.extend(Corrections::parse("[fr]\nday.1 = 1\u{1D49}\u{2B3}").unwrap_or_default());
        assert_eq!(rules.get("fr-BE", "day.1"), Some("1\u{1D49}\u{2B3}"));
        assert_eq!(rules.exact("fr-BE", "day.1"), None);
    }
}
