//! Runs every golden vector (CLDR 48 by ICU 78) through the public interface of `relais::locale`.
//! Where the house departs from CLDR the expected text stands in `HOUSE_STYLE` with the reason.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::civil::{date, datetime};
use relais::date::PartialDate;
use relais::locale::{Locale, MoneyError, MoneyStyle, PluralCategory, Settings, endonym};
use serde_json::Value;

const LANGUAGES: [&str; 5] = ["fr", "sv", "es", "lv", "en"];

/// Language, vector, what the house writes instead, and why.
const HOUSE_STYLE: [(&str, &str, &str, &str); 12] = [
    ("fr", "date.long_first_of_month", "1er mai 2023", "French writes the first of a month as an ordinal"),
    ("fr", "date.range_years", "1er mai 2021\u{2009}–\u{2009}30 avril 2023", "likewise inside a range"),
    ("es", "date.short", "15/9/2026", "a year of two digits is ambiguous on a portal that spans decades"),
    ("lv", "date.short", "15.09.2026.", "likewise; the last stop is that of the ordinal year"),
    ("lv", "date.date_time_brussels", "2026. gada 15. septembris plkst. 17.00", "official Latvian style for times"),
    ("lv", "number.80%", "80\u{A0}%", "official Latvian style spaces the sign"),
    ("lv", "number.12.5%", "12,5\u{A0}%", "likewise"),
    ("fr", "eur.compact_197M", "", "compact amounts round, so the interface offers none"),
    ("sv", "eur.compact_197M", "", "likewise"),
    ("es", "eur.compact_197M", "", "likewise"),
    ("lv", "eur.compact_197M", "", "likewise"),
    ("en", "eur.compact_197M", "", "likewise"),
];

static VECTORS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("data/locale-vectors.json")).expect("the vectors are JSON"));

fn locale(tag: &str) -> Locale {
    Locale::new(tag).expect("the tests ask for languages of CLDR")
}

fn partial(text: &str) -> PartialDate {
    text.parse().expect("the tests write well-formed dates")
}

fn category(category: PluralCategory) -> &'static str {
    match category {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    }
}

/// What our interface says for one vector; `None` if it has no function for it.
fn ours(locale: &Locale, section: &str, key: &str) -> Option<String> {
    let day = date(2026, 9, 15);
    Some(match (section, key) {
        ("plural", number) => category(locale.plural(number.parse().ok()?)).to_owned(),
        ("date", "full") => locale.date_full(day),
        ("date", "long") => locale.date(day.into()),
        ("date", "long_first_of_month") => locale.date(partial("2023-05-01")),
        ("date", "medium") => locale.date_medium(day.into()),
        ("date", "short") => locale.date_short(day),
        ("date", "year_month") => locale.date(partial("2021-05")),
        ("date", "range_days") => locale.date_range(partial("2023-02-16"), partial("2023-02-17")),
        ("date", "range_years") => locale.date_range(partial("2021-05-01"), partial("2023-04-30")),
        ("date", "range_months") => locale.date_range(partial("2021-05"), partial("2023-05")),
        ("date", "date_time_brussels") => locale.date_time(datetime(2026, 9, 15, 17, 0, 0, 0)),
        ("number", percent) if percent.ends_with('%') => locale.percent(percent.trim_end_matches('%'))?,
        ("number", number) => {
            let decimal = locale.decimal(number)?;
            if let Ok(integer) = number.parse() {
                assert_eq!(locale.integer(integer), decimal);
            }
            decimal
        }
        ("eur", "compact_197M") => return None,
        ("eur", amount) => locale.money(amount, "EUR").ok()?,
        ("list", "and2") => locale.list_and(&["A", "B"]),
        ("list", "and3") => locale.list_and(&["A", "B", "C"]),
        ("list", "or3") => locale.list_or(&["A", "B", "C"]),
        ("language_names", tag) => locale.language_name(tag)?,
        ("country_names", code) => locale.country_name(code)?,
        _ => return None,
    })
}

#[test]
fn golden_vectors() {
    let mut wrong = Vec::new();
    let mut excused = BTreeSet::new();
    let mut met = 0;
    for tag in LANGUAGES {
        let locale = locale(tag);
        let vectors = &VECTORS["locales"][tag];
        for section in ["plural", "date", "number", "eur", "list", "language_names", "country_names"] {
            for (key, expected) in vectors[section].as_object().expect("a section is an object") {
                let Some(expected) = expected.as_str() else { continue };
                let got = ours(&locale, section, key).unwrap_or_default();
                let name = format!("{section}.{key}");
                let house = HOUSE_STYLE.iter().find(|rule| rule.0 == tag && rule.1 == name);
                if house.is_some() {
                    excused.insert((tag, name.clone()));
                }
                let expected = house.map_or(expected, |rule| rule.2);
                met += 1;
                if got != expected {
                    wrong.push(format!("{tag} {name}: {got:?}, not {expected:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(excused.len(), HOUSE_STYLE.len(), "every exception names a vector");
    assert_eq!(met, 430, "every vector was compared");
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|item| Some(item.as_str()?.to_owned())).collect()
}

#[test]
fn golden_names_of_months_and_weekdays() {
    for tag in LANGUAGES {
        let date = &VECTORS["locales"][tag]["date"];
        assert_eq!(locale(tag).month_names().to_vec(), strings(&date["month_names"]));
        assert_eq!(locale(tag).weekday_names().to_vec(), strings(&date["weekday_names"]));
    }
}

#[test]
fn golden_plural_categories() {
    for tag in LANGUAGES {
        let listed: BTreeSet<String> = strings(&VECTORS["locales"][tag]["plural_categories"]).into_iter().collect();
        let locale = locale(tag);
        let found = (0..=200).chain([1_000_000]).map(|n| category(locale.plural(n)).to_owned()).collect();
        assert_eq!(listed, found, "{tag}");
    }
}

#[test]
fn golden_collation() {
    for tag in LANGUAGES {
        let locale = locale(tag);
        let words = &VECTORS["locales"][tag]["collation_words"];
        let mut by_compare = strings(&words["input"]);
        let mut by_key = by_compare.clone();
        by_compare.sort_by(|a, b| locale.compare(a, b));
        by_key.sort_by_cached_key(|word| locale.sort_key(word));
        assert_eq!(by_compare, strings(&words["sorted"]), "{tag}");
        assert_eq!(by_key, by_compare, "{tag}");

        let names = &VECTORS["locales"][tag]["country_names"];
        let mut countries: Vec<String> =
            names.as_object().into_iter().flatten().filter_map(|(code, _)| locale.country_name(code)).collect();
        countries.sort_by_cached_key(|name| locale.sort_key(name));
        assert_eq!(countries, strings(&VECTORS["locales"][tag]["countries_sorted"]), "{tag}");
    }
}

#[test]
fn dates_at_each_precision() {
    let show = |tag: &str, text: &str| locale(tag).date(partial(text));
    assert_eq!(show("lv", "2021"), "2021. g.");
    assert_eq!(show("lv", "2021-05"), "2021. g. maijs");
    assert_eq!(show("fr", "2021"), "2021");
    assert_eq!(show("fr", "2021-08-01"), "1er août 2021");
    assert_eq!(locale("fr").date_full(date(2021, 8, 1)), "dimanche 1er août 2021");
    assert_eq!(locale("fr").date_short(date(2021, 8, 1)), "01/08/2021");
    assert_eq!(locale("fr-BE").date(partial("2021-08-01")), "1er août 2021");
}

#[test]
fn ranges_of_dates() {
    let show = |tag: &str, from: &str, to: &str| locale(tag).date_range(partial(from), partial(to));
    assert_eq!(show("fr", "2021", "2023"), "2021–2023");
    assert_eq!(show("fr", "2021", "2021"), "2021");
    assert_eq!(show("sv", "2021", "2023"), "2021–2023");
    assert_eq!(show("fr", "2021-05-01", "2021-05-03"), "1er–3 mai 2021");
    assert_eq!(show("fr", "2021-05-01", "2021-08-03"), "1er mai\u{2009}–\u{2009}3 août 2021");
    assert_eq!(show("fr", "2021-05", "2021-08"), "mai\u{2009}–\u{2009}août 2021");
    assert_eq!(show("es", "2021-05-01", "2021-08-03"), "1 de mayo\u{2009}–\u{2009}3 de agosto de 2021");
    // Ends of different precision are each written as they are.
    assert_eq!(show("fr", "2021-05", "2023-04-30"), "mai 2021\u{2009}–\u{2009}30 avril 2023");
    assert_eq!(show("sv", "2021", "2023-04"), "2021–april 2023");
    assert_eq!(show("lv", "2021-05", "2023-04-30"), "2021. gada maijs\u{2009}–\u{2009}2023. gada 30. aprīlis");
    // ICU gives these for languages that the vectors do not hold.
    assert_eq!(show("it", "2021-05-01", "2021-08-03"), "1 maggio\u{2009}–\u{2009}3 agosto 2021");
    assert_eq!(show("pl", "2021-05-01", "2021-08-03"), "1 maja\u{2009}–\u{2009}3 sierpnia 2021");
    assert_eq!(show("hu", "2021-05-01", "2021-08-03"), "2021. május 1.\u{2009}–\u{2009}augusztus 3.");
    assert_eq!(show("bg", "2021", "2023"), "2021 – 2023\u{202F}г.");
}

#[test]
fn times() {
    let show = |tag: &str| (locale(tag).time(9, 5), locale(tag).date_time(datetime(2026, 5, 1, 9, 5, 0, 0)));
    let expected = [
        ("fr", "09:05", "1er mai 2026 à 09:05"),
        ("sv", "09:05", "1 maj 2026 kl. 09:05"),
        ("es", "09:05", "1 de mayo de 2026 a las 09:05"),
        ("lv", "09.05", "2026. gada 1. maijs plkst. 09.05"),
        ("en", "09:05", "1 May 2026 at 09:05"),
        ("fi", "9.05", "1. toukokuuta 2026 klo 9.05"),
    ];
    for (tag, time, date_time) in expected {
        assert_eq!(show(tag), (time.to_owned(), date_time.to_owned()), "{tag}");
    }
}

#[test]
fn money() {
    let range = |tag: &str| locale(tag).money_range("851530", "1064413", "EUR").expect("a range");
    assert_eq!(range("fr"), "851\u{202F}530–1\u{202F}064\u{202F}413\u{A0}€");
    assert_eq!(range("sv"), "851\u{A0}530–1\u{A0}064\u{A0}413\u{A0}€");
    assert_eq!(range("es"), "851.530-1.064.413\u{A0}€");
    assert_eq!(range("lv"), "851\u{A0}530–1\u{A0}064\u{A0}413\u{A0}€");
    assert_eq!(range("en"), "€851,530 – €1,064,413");

    let codes = Settings { money: MoneyStyle::Code, ..Settings::default() };
    let code = |tag: &str| Locale::with(tag, &codes).expect("a locale");
    assert_eq!(code("en").money("12500", "EUR").as_deref(), Ok("EUR\u{A0}12,500"));
    assert_eq!(code("en").money_range("1", "2", "EUR").as_deref(), Ok("EUR\u{A0}1–2"));
    assert_eq!(code("lv").money("12500", "EUR").as_deref(), Ok("12\u{A0}500\u{A0}EUR"));
    assert_eq!(code("fr").money("12500", "EUR").as_deref(), Ok("12\u{202F}500\u{A0}EUR"));

    let fr = locale("fr");
    let euros = |amount: &str| fr.money(amount, "EUR");
    assert_eq!(euros("12.5").as_deref(), Ok("12,50\u{A0}€"));
    assert_eq!(euros("12.00").as_deref(), Ok("12\u{A0}€"));
    assert_eq!(euros("0").as_deref(), Ok("0\u{A0}€"));
    assert_eq!(euros("0.5").as_deref(), Ok("0,50\u{A0}€"));
    assert_eq!(euros("-12500").as_deref(), Ok("-12\u{202F}500\u{A0}€"));
    assert_eq!(fr.money("1000", "JPY").as_deref(), Ok("1\u{202F}000\u{A0}JP¥"));
    assert_eq!(locale("sv").money("1234567.5", "SEK").as_deref(), Ok("1\u{A0}234\u{A0}567,50\u{A0}kr"));
    assert_eq!(euros("12,50"), Err(MoneyError::Amount("12,50".to_owned())));
    assert_eq!(fr.money("12", "ERU"), Err(MoneyError::Currency("ERU".to_owned())));
    assert_eq!(fr.money("12", "eur"), Err(MoneyError::Currency("eur".to_owned())));
    let precise = MoneyError::Decimals { amount: "0.125".to_owned(), currency: "EUR".to_owned(), allowed: 2 };
    assert_eq!(euros("0.125"), Err(precise));
}

#[test]
fn lists_and_names() {
    assert_eq!(locale("es").list_and(&["Suecia", "Irlanda"]), "Suecia e Irlanda");
    assert_eq!(locale("es").list_or(&["uno", "ocho"]), "uno u ocho");
    assert_eq!(locale("fr").list_and(&[] as &[&str]), "");
    assert_eq!(locale("fr").list_and(&["A"]), "A");

    let endonyms = ["fr", "sv", "es", "lv", "en"].map(|tag| endonym(tag).expect("a name"));
    assert_eq!(endonyms, ["français", "svenska", "español", "latviešu", "English"]);
    assert_eq!(endonym("not a tag"), None);
    assert_eq!(endonym("zz"), None);
    let fr = locale("fr");
    assert_eq!(fr.language_name("pt-BR").as_deref(), Some("portugais brésilien"));
    assert_eq!(fr.language_name("zz"), None);
    assert_eq!(fr.country_name("EU").as_deref(), Some("Union européenne"));
    assert_eq!(fr.country_name("XX"), None);
    for tag in LANGUAGES {
        let locale = locale(tag);
        for code in relais::locale::country_codes() {
            assert!(locale.country_name(code).is_some(), "{tag} {code}");
        }
    }

    let cities = LANGUAGES.map(|tag| locale(tag).zone_exemplar("Europe/Brussels").expect("a city"));
    assert_eq!(cities, ["Bruxelles", "Bryssel", "Bruselas", "Brisele", "Brussels"]);
    assert_eq!(fr.zone_exemplar("Europe/Nowhere"), None);
}

#[test]
fn index_letters() {
    let cases = [
        ("fr", "éclair", "E"),
        ("fr", "Œuvre", "O"),
        ("fr", "« Été »", "E"),
        ("fr", "2021", "#"),
        ("fr", "…", "#"),
        ("fr", "", "#"),
        ("fr", "Ωmega", "#"),
        ("fr", "Жuk", "#"),
        ("sv", "Österrike", "Ö"),
        ("sv", "ärlig", "Ä"),
        ("sv", "åka", "Å"),
        ("sv", "æble", "Ä"),
        ("sv", "Überlingen", "Y"),
        ("sv", "wok", "W"),
        ("sv", "Ωmega", "#"),
        ("es", "ñandú", "Ñ"),
        ("es", "Ávila", "A"),
        ("lv", "āda", "Ā"),
        ("lv", "Čehija", "Č"),
        ("lv", "Īrija", "Ī"),
        ("lv", "Itālija", "I"),
        ("lv", "Žagata", "Ž"),
        ("lv", "ödla", "O"),
        ("en", "Åland", "A"),
        ("el", "Έλληνας", "Ε"),
        ("bg", "Ямбол", "Я"),
        ("cs", "Chorvatsko", "CH"),
    ];
    for (tag, text, letter) in cases {
        assert_eq!(locale(tag).index_letter(text), letter, "{tag} {text}");
    }
    let letters = |tag: &str| locale(tag).index_letters().join(" ");
    assert_eq!(letters("lv"), "A Ā B C Č D E Ē F G Ģ H I Y Ī J K Ķ L Ļ M N Ņ O P Q R S Š T U Ū V W X Z Ž");
    assert_eq!(letters("sv"), "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z Å Ä Ö");
    assert_eq!(letters("es"), "A B C D E F G H I J K L M N Ñ O P Q R S T U V W X Y Z");
}

#[test]
fn tags() {
    assert_eq!(locale("pt-br").tag(), "pt-BR");
    assert_eq!(locale("en").tag(), "en");
    assert_eq!(locale("en-US").date(partial("2026-09-15")), "September 15, 2026");
    assert!(locale("ar").is_rtl() && locale("he").is_rtl() && !locale("fr").is_rtl());
    for wrong in ["", "fr_", "français", "x", "und", "zz", "-", "fr-fr-fr-fr", "e\u{301}"] {
        assert!(Locale::new(wrong).is_err(), "{wrong}");
    }
}

/// Any language of CLDR serves, and no argument makes a locale panic.
#[test]
fn many_languages_and_odd_arguments() {
    fn shared<T: Send + Sync>(_: &T) {}
    let tags = "bg cs da de el en-GB et fi ga hr hu it lt mt nl pl pt ro sk sl ar fa he hi ja ko zh zh-Hant th uk ru tr \
                eu ca gl cy is nb nn se sma sr-Latn am ckb yi";
    for tag in tags.split_whitespace() {
        let locale = locale(tag);
        shared(&locale);
        for text in ["2021", "2021-05", "2021-05-01", "0001-01-01", "9999-12-31"] {
            let dates = [PartialDate::Year(i16::MIN), PartialDate::Month(i16::MAX, -7), partial("2023-05-02")];
            assert!(!locale.date(partial(text)).is_empty());
            for other in dates {
                assert!(!locale.date_range(partial(text), other).is_empty());
                assert!(!locale.date_range(other, partial(text)).is_empty());
                assert!(!locale.date_medium(other).is_empty());
            }
        }
        assert!(!locale.date_short(date(-9999, 1, 1)).is_empty());
        locale.time(i8::MIN, i8::MAX);
        for number in [i64::MIN, -1, 0, i64::MAX] {
            locale.plural(number);
            assert!(!locale.integer(number).is_empty());
        }
        assert!(locale.money("12.5", "EUR").is_ok() && locale.money_range("-1", "2", "SEK").is_ok());
        for text in ["", "\0", "\u{301}", "🇪🇺", "한글", "ß", "\u{FFFF}"] {
            assert_eq!(locale.decimal(text), None);
            assert_eq!(locale.country_name(text), None);
            assert_eq!(locale.language_name(text), None);
            assert!(locale.money("1", text).is_err() && locale.money(text, "EUR").is_err());
            locale.index_letter(text);
            assert_eq!(locale.sort_key(text).cmp(&locale.sort_key("m")), locale.compare(text, "m"));
        }
        assert!(locale.month_names().iter().all(|name| !name.is_empty()), "{tag}");
        assert!(!locale.index_letters().is_empty(), "{tag}");
    }
}
