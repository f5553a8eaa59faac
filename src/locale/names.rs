//! Knows the names of languages, countries and time-zone cities, and which codes are countries (ISO 3166-1).
//! It does not know people, organisations or regions inside a country.

use icu_datetime::input::TimeZone;
use icu_datetime::{DateTimeFormatterPreferences, NoCalendarFormatter, fieldsets};
use icu_locale::names::{
    DisplayNamesPreferences, LanguageIdentifierDisplayName, LanguageIdentifierDisplayNameOptions, RegionDisplayName,
};
use icu_locale::subtags::Region;
use icu_locale::{LanguageIdentifier, Locale as IcuLocale};
use icu_time::zone::IanaParser;
use writeable::TryWriteable;

/// Every code of ISO 3166-1 alpha-2, and `EU`, which the standard reserves for the Union; sorted.
#[rustfmt::skip]
const COUNTRIES: [&str; 250] = [
    "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ",
    "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS",
    "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN",
    "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE",
    "EG", "EH", "ER", "ES", "ET", "EU", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE",
    "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK",
    "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE",
    "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB",
    "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH",
    "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ",
    "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF",
    "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU",
    "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR",
    "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN",
    "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG",
    "VI", "VN", "VU", "WF", "WS", "YE", "YT", "ZA", "ZM", "ZW",
];

/// The member states in protocol order: by the name of each in its own language (Interinstitutional Style Guide 7.1).
#[rustfmt::skip]
const PROTOCOL: [&str; 27] = [
    "BE", "BG", "CZ", "DK", "DE", "EE", "IE", "GR", "ES", "FR", "HR", "IT", "CY", "LV",
    "LT", "LU", "HU", "MT", "NL", "AT", "PL", "PT", "RO", "SI", "SK", "FI", "SE",
];

/// Whether the text is a country code of ISO 3166-1 alpha-2, in capitals, or `EU`.
pub fn is_country(code: &str) -> bool {
    COUNTRIES.binary_search(&code).is_ok()
}

/// Every country code that [`is_country`] accepts, sorted.
pub fn country_codes() -> &'static [&'static str] {
    &COUNTRIES
}

/// The place of a country in the protocol order of the Union: 0 for `EU`, 1 to 27 for the member states, then one
/// rank for all others, which are to be sorted by name.
pub fn protocol_rank(iso2: &str) -> u16 {
    match PROTOCOL.iter().zip(1..).find(|(code, _)| **code == iso2) {
        Some((_, rank)) => rank,
        None if iso2 == "EU" => 0,
        None => u16::MAX,
    }
}

/// The name that a language gives itself, as CLDR has it: `français`, `latviešu`.
///
/// `None` for a malformed tag (BCP 47) or a language that CLDR does not name in itself.
pub fn endonym(tag: &str) -> Option<String> {
    let subject: IcuLocale = tag.parse().ok()?;
    language_name(&subject, &subject.id)
}

/// The name of a language in the language of `data`; `None` where CLDR would fall back to a code.
pub(super) fn language_name(data: &IcuLocale, subject: &LanguageIdentifier) -> Option<String> {
    let prefs = DisplayNamesPreferences::from(data);
    let options = LanguageIdentifierDisplayNameOptions::default();
    let name = LanguageIdentifierDisplayName::try_new_heavy(prefs, subject.clone(), options).ok()?;
    name.as_borrowed().try_write_to_string().ok().map(|name| name.into_owned())
}

/// The name of a country in the language of `data`.
pub(super) fn country_name(data: &IcuLocale, iso2: &str) -> Option<String> {
    if !is_country(iso2) {
        return None;
    }
    let region: Region = iso2.parse().ok()?;
    let name = RegionDisplayName::try_new_light(DisplayNamesPreferences::from(data), region).ok()?;
    Some(name.to_string())
}

/// The city that stands for a zone of the IANA time-zone database; `None` if there is no such zone or name.
pub(super) fn zone_city(data: &IcuLocale, iana: &str) -> Option<String> {
    let zone = IanaParser::new().parse(iana);
    if zone == TimeZone::UNKNOWN {
        return None;
    }
    let prefs = DateTimeFormatterPreferences::from(data);
    let formatter = NoCalendarFormatter::try_new(prefs, fieldsets::zone::ExemplarCity).ok()?;
    Some(formatter.format(&zone.without_offset()).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_sorted_and_hold_the_union() {
        assert!(COUNTRIES.is_sorted());
        assert!(PROTOCOL.iter().all(|code| is_country(code)));
        assert!(is_country("EU") && !is_country("UK") && !is_country("EL") && !is_country("fr") && !is_country(""));
        assert_eq!((protocol_rank("EU"), protocol_rank("BE"), protocol_rank("SE")), (0, 1, 27));
        assert_eq!(protocol_rank("NO"), protocol_rank("nowhere"));
    }
}
