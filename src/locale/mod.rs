//! Knows how each language of a site writes numbers, dates, money, names and lists, and how it sorts.
//! It does not know the site, its messages' wording or the time: every function is a pure one of its arguments.
//!
//! The data are those of CLDR 48, compiled into ICU4X, so any language of CLDR serves. Where the house departs from
//! CLDR, or ICU4X does, a line of `corrections.txt` says so; a site adds lines of its own through [`Settings`].
//!
//! | language | matter | CLDR | here | wins, and why |
//! | --- | --- | --- | --- | --- |
//! | en | data of plain `en` | American | those of `en-IE`; the tag stays `en` | house: European usage |
//! | en | full date | `Tuesday, 15 September` (skeleton) | `Tuesday 15 September` | CLDR's full style, which ICU4X lacks |
//! | fr | day 1 beside a month in letters | `1 mai` | `1er mai` | house: an ordinal in French, in ranges too |
//! | lv | month and year | `2021. g. maijs` | the same | CLDR: ICU4X 2.4 writes `2021. gada. maijs` |
//! | lv | month in a range | `2021. gada maijs` | the same | CLDR; also beside a day or a year |
//! | lv | medium date | `2026. gada 15. sept.` | the same | CLDR: ICU4X writes `2026. g.` |
//! | lv | time | `17:00` | `17.00`, in dates `plkst. 17.00` | house: official Latvian style |
//! | lv | percent | `80%` | `80 %`, no-break space | house: official Latvian style |
//! | es | range of numbers | hyphen | hyphen | CLDR: ICU4X has no ranges of numbers; others take an en dash |
//! | da et ga mt sk | long or full date | styles | styles | CLDR: ICU4X builds them from skeletons |
//! | all | short date | year of two digits in es, lv … | four digits | house: portals span decades |
//! | all | calendar | Buddhist, Persian … by region | Gregorian | house: dates on a page match their ISO form |
//! | all | clock | by region | 24 hours | house |
//! | all | amount of money | rounded to the currency | refused if it has more decimals | house: facts are not rounded |
//! | all | cents | always | only where there are any | house; the golden vectors say so too |
//!
//! Everything else is CLDR's: es and lv group from 10 000, sv has U+2212 as minus, fr groups with U+202F, ranges of
//! dates have U+2009 around the dash except in sv.

mod collation;
mod dates;
mod lists;
pub mod messages;
mod money;
mod names;
mod numbers;
mod overrides;
mod pattern;
pub mod typography;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::error::Error;
use std::fmt;
use std::sync::{Arc, RwLock};

use rustc_hash::FxHashMap;

use icu_locale::{Locale as IcuLocale, LocaleDirectionality, locale};
use jiff::civil;

/// How texts of a language are set, and how its months are called in running text.
#[derive(Debug)]
pub struct Voice {
    /// Quotes and spaces.
    pub typography: typography::Typography,
    /// Names of the months, January first.
    pub months: [String; 12],
    /// Link texts, in lower case, that say nothing by themselves.
    pub vague_links: Vec<String>,
    /// Fingerprint of all of this.
    pub salt: u64,
}

impl Voice {
    /// How Markdown in this language is parsed; `id_prefix` goes before the ids of footnotes.
    pub fn markdown<'a>(&'a self, id_prefix: &'a str) -> crate::markdown::Options<'a> {
        let Voice { typography, months, vague_links, .. } = self;
        crate::markdown::Options { typography, vague_links, months: Some(months), id_prefix }
    }
}

pub use icu_plurals::PluralCategory;
pub use messages::{Arg, MessageError, Messages};
pub use money::{MoneyError, MoneyStyle, is_currency};
pub use names::{country_codes, endonym, is_country, protocol_rank};
pub use overrides::{CorrectionError, Corrections};

use crate::date::PartialDate;
use collation::Collation;
use dates::Dates;
use lists::Lists;
use money::Money;
use numbers::Numbers;

/// What a site may choose about its locales.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How currencies are named.
    pub money: MoneyStyle,
    /// Where the house departs from CLDR.
    pub corrections: Corrections,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { money: MoneyStyle::default(), corrections: Corrections::built_in() }
    }
}

/// Why a text names no locale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocaleError {
    /// The text is not a language tag of BCP 47.
    Malformed(String),
    /// The tag is well formed, but CLDR knows no such language.
    Unknown(String),
}

impl fmt::Display for LocaleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LocaleError::Malformed(tag) => {
                write!(f, "`{tag}` is not a language tag; write one of BCP 47, as in fr, pt-BR or sr-Latn")
            }
            LocaleError::Unknown(tag) => {
                write!(f, "`{tag}` is not a language that CLDR knows; check the code in the IANA subtag registry")
            }
        }
    }
}

impl Error for LocaleError {}

/// How one language of a site writes and sorts. Made once per language; immutable and shared between threads.
#[derive(Debug)]
pub struct Locale {
    tag: String,
    data: IcuLocale,
    corrections: Corrections,
    rtl: bool,
    numbers: Arc<Numbers>,
    money: Money,
    dates: Dates,
    lists: Lists,
    collation: Collation,
    own_name: Option<String>,
    known: RwLock<KnownNames>,
}

/// Names that have been looked up, by what they name; `None` where CLDR has none.
type KnownNames = FxHashMap<(Kind, Box<str>), Option<Box<str>>>;

/// What a cached name is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Language,
    Country,
    City,
}

impl Locale {
    /// The locale of a language tag (BCP 47) in house style.
    pub fn new(tag: &str) -> Result<Locale, LocaleError> {
        Locale::with(tag, &Settings::default())
    }

    /// The locale of a language tag with the site's own settings.
    pub fn with(tag: &str, settings: &Settings) -> Result<Locale, LocaleError> {
        let asked: IcuLocale = tag.parse().map_err(|_| LocaleError::Malformed(tag.to_owned()))?;
        let unknown = || LocaleError::Unknown(tag.to_owned());
        if names::language_name(&locale!("en"), &asked.id.language.into()).is_none() || asked.id.language.is_unknown() {
            return Err(unknown());
        }
        let tag = asked.to_string();
        let corrections = &settings.corrections;
        let data = corrections.exact(&tag, "data").and_then(|data| data.parse().ok()).unwrap_or_else(|| asked.clone());
        Locale::build(tag, data, &asked, settings).ok_or_else(unknown)
    }

    fn build(tag: String, data: IcuLocale, asked: &IcuLocale, settings: &Settings) -> Option<Locale> {
        let corrections = settings.corrections.clone();
        let numbers = Numbers::new(&tag, &data, &corrections)?;
        Some(Locale {
            rtl: LocaleDirectionality::new_extended().is_right_to_left(&asked.id),
            dates: Dates::new(&tag, &data, &corrections, numbers.formatter())?,
            numbers: Arc::new(numbers),
            money: Money::new(&data, settings.money),
            lists: Lists::new(&data)?,
            collation: Collation::new(&data)?,
            own_name: names::endonym(&tag),
            known: RwLock::default(),
            tag,
            data,
            corrections,
        })
    }

    /// The tag of the language in canonical case (BCP 47).
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// Whether the language is written from right to left.
    pub fn is_rtl(&self) -> bool {
        self.rtl
    }

    /// The cardinal plural category of a number (CLDR).
    pub fn plural(&self, n: i64) -> PluralCategory {
        self.numbers.plural(n, false)
    }

    /// The ordinal plural category of a number (CLDR).
    pub fn ordinal(&self, n: i64) -> PluralCategory {
        self.numbers.plural(n, true)
    }

    /// A whole number with the grouping of the language.
    pub fn integer(&self, n: i64) -> String {
        self.numbers.integer(n)
    }

    /// A number written in content as `1234.5`; `None` if the text is no such number.
    pub fn decimal(&self, text: &str) -> Option<String> {
        self.numbers.decimal(text)
    }

    /// A percentage from its number, `80` or `12.5`; `None` if the text is no such number.
    pub fn percent(&self, text: &str) -> Option<String> {
        self.numbers.percent(text)
    }

    /// A date in long form, as precise as it is given.
    pub fn date(&self, date: PartialDate) -> String {
        self.dates.date(date)
    }

    /// A day in long form with its weekday.
    pub fn date_full(&self, day: civil::Date) -> String {
        self.dates.full(day)
    }

    /// A date with the month abbreviated; years and months as in [`Locale::date`].
    pub fn date_medium(&self, date: PartialDate) -> String {
        self.dates.medium(date)
    }

    /// A day in figures, always with the whole year.
    pub fn date_short(&self, day: civil::Date) -> String {
        self.dates.short(day)
    }

    /// The months as words that stand alone, January first.
    pub fn month_names(&self) -> [String; 12] {
        self.dates.months().clone()
    }

    /// The weekdays as words that stand alone, Monday first.
    pub fn weekday_names(&self) -> [String; 7] {
        self.dates.weekdays().clone()
    }

    /// The weekday of a day, as a word that stands alone.
    pub fn weekday(&self, day: civil::Date) -> &str {
        &self.dates.weekdays()[day.weekday().to_monday_zero_offset() as usize]
    }

    /// Two dates joined with what they share said once; each end is as precise as it is given.
    pub fn date_range(&self, from: PartialDate, to: PartialDate) -> String {
        self.dates.range(from, to)
    }

    /// A time of day on the 24-hour clock.
    pub fn time(&self, h: i8, m: i8) -> String {
        self.dates.time(h, m)
    }

    /// A day in long form with a time, without the zone, whose wording is left to messages.
    pub fn date_time(&self, moment: civil::DateTime) -> String {
        self.dates.date_time(moment)
    }

    /// An amount of money: digits with at most one point, and a currency of ISO 4217.
    pub fn money(&self, amount: &str, currency: &str) -> Result<String, MoneyError> {
        self.money.format(amount, currency)
    }

    /// Two amounts of one currency, which is said once where the language can.
    pub fn money_range(&self, min: &str, max: &str, currency: &str) -> Result<String, MoneyError> {
        self.money.range(min, max, currency, &self.numbers)
    }

    /// `A, B and C`.
    pub fn list_and(&self, items: &[impl AsRef<str>]) -> String {
        self.lists.and(items)
    }

    /// The same of texts with their marks, and without: a language may look at the words.
    pub fn list_and_marked<'m>(&self, texts: &[&str], marked: impl Iterator<Item = &'m str>) -> (String, String) {
        self.lists.and_marked(texts, marked)
    }

    /// A label as it stands inside a phrase: without its capital letter, unless it is an abbreviation or the language writes
    /// all nouns with one.
    pub fn inside<'l>(&self, label: &'l str) -> Cow<'l, str> {
        let mut chars = label.chars();
        let first = chars.next().filter(|_| !["de", "lb"].contains(&self.data.id.language.as_str()));
        match (first, chars.next()) {
            (Some(first), second)
                if first.is_uppercase() && !second.is_some_and(|c| c.is_uppercase() || c.is_numeric()) =>
            {
                let rest = &label[first.len_utf8()..];
                first.to_lowercase().chain(rest.chars()).collect::<String>().into()
            }
            _ => label.into(),
        }
    }

    /// `A, B or C`.
    pub fn list_or(&self, items: &[impl AsRef<str>]) -> String {
        self.lists.or(items)
    }

    /// The name of a language, by its tag (BCP 47), in this one.
    pub fn language_name(&self, tag: &str) -> Option<String> {
        self.cached(Kind::Language, tag, || {
            self.corrected("language", tag).or_else(|| names::language_name(&self.data, &tag.parse().ok()?))
        })
    }

    /// The name of a country (ISO 3166-1 alpha-2, or `EU`) in this language.
    pub fn country_name(&self, iso2: &str) -> Option<String> {
        self.cached(Kind::Country, iso2, || {
            self.corrected("country", iso2).or_else(|| names::country_name(&self.data, iso2))
        })
    }

    /// The language's own name for itself: `français`, `latviešu`; its tag where CLDR has none.
    pub fn own_name(&self) -> &str {
        self.own_name.as_deref().unwrap_or(&self.tag)
    }

    /// Names are asked for again and again, and each costs ICU4X a walk through its data.
    fn cached(&self, kind: Kind, code: &str, name: impl FnOnce() -> Option<String>) -> Option<String> {
        let key = (kind, Box::from(code));
        if let Ok(known) = self.known.read()
            && let Some(name) = known.get(&key)
        {
            return name.as_deref().map(str::to_owned);
        }
        let name = name();
        if let Ok(mut known) = self.known.write() {
            known.insert(key, name.as_deref().map(Box::from));
        }
        name
    }

    fn corrected(&self, kind: &str, code: &str) -> Option<String> {
        self.corrections.get(&self.tag, &format!("{kind}.{code}")).map(str::to_owned)
    }

    /// The order of two texts in this language (CLDR collation).
    pub fn compare(&self, a: &str, b: &str) -> Ordering {
        self.collation.compare(a, b)
    }

    /// Bytes whose plain order is that of [`Locale::compare`].
    pub fn sort_key(&self, text: &str) -> Vec<u8> {
        self.collation.sort_key(text)
    }

    /// The letter under which an index of this language files a text, or `#`.
    pub fn index_letter(&self, text: &str) -> String {
        self.collation.heading(text).to_owned()
    }

    /// The same for texts in the order of this language, at the cost of few comparisons.
    pub fn index_letters_of<'l>(&'l self, texts: &[&str]) -> Vec<&'l str> {
        self.collation.headings_of(texts)
    }

    /// Every letter that [`Locale::index_letter`] may give, in order, without `#`.
    pub fn index_letters(&self) -> &[String] {
        self.collation.headings()
    }

    /// The city that names a zone of the IANA time-zone database: `Europe/Brussels` is Bruxelles, Bryssel, Brisele.
    pub fn zone_exemplar(&self, iana: &str) -> Option<String> {
        self.cached(Kind::City, iana, || names::zone_city(&self.data, iana))
    }
}
