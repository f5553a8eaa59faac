//! Knows how one language counts (plural categories) and writes whole numbers, decimals, percentages and ranges.
//! It does not know units or currencies.

use fixed_decimal::{Decimal, Sign};
use icu_decimal::options::DecimalFormatterOptions;
use icu_decimal::{DecimalFormatter, DecimalFormatterPreferences};
use icu_experimental::dimension::percent::formatter::{PercentFormatter, PercentFormatterPreferences};
use icu_locale::Locale as IcuLocale;
use icu_plurals::{PluralCategory, PluralRules, PluralRulesPreferences};
use writeable::Writeable;

use super::overrides::Corrections;

/// More digits than any fact has on either side of the point: a bound on the work that a text can ask for.
const MAX_DIGITS: usize = 40;

/// The number formats of one language.
#[derive(Debug)]
pub(super) struct Numbers {
    cardinal: PluralRules,
    ordinal: PluralRules,
    decimal: DecimalFormatter,
    percent: PercentFormatter<DecimalFormatter>,
    percent_around: Option<[String; 2]>,
    range: [String; 3],
}

impl Numbers {
    pub(super) fn new(tag: &str, data: &IcuLocale, rules: &Corrections) -> Option<Self> {
        let options = DecimalFormatterOptions::default();
        let decimal = DecimalFormatter::try_new(DecimalFormatterPreferences::from(data), options).ok()?;
        let percent = PercentFormatter::try_new(PercentFormatterPreferences::from(data), Default::default()).ok()?;
        let percent_around = rules
            .get(tag, "percent")
            .and_then(|text| text.split_once("{0}"))
            .map(|(before, after)| [before.to_owned(), after.to_owned()]);
        let range = rules.get(tag, "number-range").and_then(around);
        let range = range.unwrap_or_else(|| ["", "–", ""].map(str::to_owned));
        let plurals = PluralRulesPreferences::from(data);
        let cardinal = PluralRules::try_new_cardinal(plurals).ok()?;
        let ordinal = PluralRules::try_new_ordinal(plurals).ok()?;
        Some(Numbers { cardinal, ordinal, decimal, percent, percent_around, range })
    }

    pub(super) fn formatter(&self) -> &DecimalFormatter {
        &self.decimal
    }

    pub(super) fn plural(&self, number: i64, ordinal: bool) -> PluralCategory {
        if ordinal { self.ordinal.category_for(number) } else { self.cardinal.category_for(number) }
    }

    /// The category of a number as it is written: `1.0` is not always counted as `1` is.
    pub(super) fn plural_of(&self, text: &str, ordinal: bool) -> PluralCategory {
        let rules = if ordinal { &self.ordinal } else { &self.cardinal };
        parse(text).map_or(PluralCategory::Other, |number| rules.category_for(&number))
    }

    pub(super) fn integer(&self, number: i64) -> String {
        self.show(&Decimal::from(number))
    }

    pub(super) fn decimal(&self, text: &str) -> Option<String> {
        Some(self.show(&parse(text)?))
    }

    fn show(&self, number: &Decimal) -> String {
        self.decimal.format(number).write_to_string().into_owned()
    }

    pub(super) fn percent(&self, text: &str) -> Option<String> {
        let number = parse(text)?;
        Some(match &self.percent_around {
            Some([before, after]) => format!("{before}{}{after}", self.show(&number)),
            None => self.percent.format(&number).to_string(),
        })
    }

    /// The ends of a range joined; spaced where the language spaces them or the caller must.
    pub(super) fn range(&self, from: &str, to: &str, spaced: bool) -> String {
        let [before, between, after] = &self.range;
        match between.contains(char::is_whitespace) || !spaced {
            true => format!("{before}{from}{between}{to}{after}"),
            false => format!("{before}{from} {between} {to}{after}"),
        }
    }
}

/// Splits a template of two places into the texts before, between and after them.
pub(super) fn around(template: &str) -> Option<[String; 3]> {
    let (before, rest) = template.split_once("{0}")?;
    let (between, after) = rest.split_once("{1}")?;
    Some([before, between, after].map(str::to_owned))
}

/// Reads digits with at most one point and perhaps a minus, as facts are written in content; no exponent.
pub(super) fn parse(text: &str) -> Option<Decimal> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits =
        |part: &str| !part.is_empty() && part.len() <= MAX_DIGITS && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    let mut number = Decimal::try_from_str(text).ok()?;
    number.absolute.trim_start();
    if number.absolute.is_zero() {
        number.sign = Sign::None;
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_plain_numbers_only() {
        for text in ["0", "007", "-1234.50", "0.5"] {
            assert!(parse(text).is_some(), "{text}");
        }
        let long = "9".repeat(MAX_DIGITS + 1);
        for text in ["", "-", ".5", "5.", "1e9", "1,5", "1 000", "+1", "--1", "1.2.3", "é", "-0x1", long.as_str()] {
            assert!(parse(text).is_none(), "{text}");
        }
        assert_eq!(parse("-0.00").map(|number| number.to_string()).as_deref(), Some("0.00"));
    }
}
