//! Knows how one language joins items into an enumeration (CLDR list patterns), such as Spanish `e` before i-.
//! It does not know the items: they are written as given, or with their marks.

use icu_list::options::ListFormatterOptions;
use icu_list::{ListFormatter, ListFormatterPreferences};
use icu_locale::Locale as IcuLocale;
use writeable::Writeable;

/// The enumerations of one language.
#[derive(Debug)]
pub(super) struct Lists {
    and: ListFormatter,
    or: ListFormatter,
}

impl Lists {
    pub(super) fn new(data: &IcuLocale) -> Option<Self> {
        let prefs = ListFormatterPreferences::from(data);
        let options = ListFormatterOptions::default();
        Some(Lists {
            and: ListFormatter::try_new_and(prefs, options).ok()?,
            or: ListFormatter::try_new_or(prefs, options).ok()?,
        })
    }

    pub(super) fn and(&self, items: &[impl AsRef<str>]) -> String {
        self.and.format(items.iter().map(AsRef::as_ref)).write_to_string().into_owned()
    }

    /// With marks, and without them.
    pub(super) fn and_marked<'m>(&self, texts: &[&str], marked: impl Iterator<Item = &'m str>) -> (String, String) {
        let plain = self.and(texts);
        let (mut out, mut rest) = (String::with_capacity(plain.len() * 2), plain.as_str());
        for (text, marked) in texts.iter().zip(marked) {
            // Items stand in their order, and as they are.
            let (before, after) = rest.split_once(text).unwrap_or(("", rest));
            out.push_str(before);
            out.push_str(marked);
            rest = after;
        }
        out.push_str(rest);
        (out, plain)
    }

    pub(super) fn or(&self, items: &[impl AsRef<str>]) -> String {
        self.or.format(items.iter().map(AsRef::as_ref)).write_to_string().into_owned()
    }
}
