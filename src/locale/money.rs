//! Knows how one language writes amounts of money and ranges of them, by ISO 4217 currency.
//! It does not convert or round: an amount with more decimals than its currency has is an error.

use std::error::Error;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use fixed_decimal::Decimal;
use icu_decimal::DecimalFormatter;
use icu_experimental::dimension::currency::CurrencyType;
use icu_experimental::dimension::currency::formatter::{CurrencyFormatter, CurrencyFormatterPreferences};
use icu_experimental::dimension::provider::currency::fractions::CurrencyFractionsV1;
use icu_experimental::provider::Baked;
use icu_locale::Locale as IcuLocale;
use icu_provider::prelude::*;

use super::numbers::{self, Numbers};

/// Whether this is the code of a currency, present or withdrawn (ISO 4217).
pub fn is_currency(code: &str) -> bool {
    CURRENCIES.binary_search(&code).is_ok()
}

/// The codes of ISO 4217, those that have been withdrawn included, without metals and test codes; sorted.
/// CLDR would tell a code from a typing error by its name, at two megabytes of names that nothing else asks for.
#[rustfmt::skip]
const CURRENCIES: [&str; 281] = [
    "ADF", "ADP", "AED", "AFA", "AFN", "ALK", "ALL", "AMD", "ANG", "AOA", "AOK", "AON", "AOR", "ARA", "ARL", "ARM",
    "ARP", "ARS", "ATS", "AUD", "AWG", "AZM", "AZN", "BAD", "BAM", "BBD", "BDT", "BEC", "BEF", "BEL", "BGJ", "BGK",
    "BGL", "BGN", "BHD", "BIF", "BMD", "BND", "BOB", "BOP", "BOV", "BRB", "BRC", "BRE", "BRL", "BRN", "BRR", "BSD",
    "BTN", "BUK", "BWP", "BYB", "BYN", "BZD", "CAD", "CDF", "CHE", "CHF", "CHW", "CLF", "CLP", "CNX", "CNY", "COP",
    "COU", "CRC", "CSD", "CSJ", "CSK", "CUC", "CUP", "CVE", "CYP", "CZK", "DDM", "DEM", "DJF", "DKK", "DOP", "DZD",
    "ECS", "ECV", "EEK", "EGP", "ERN", "ESA", "ESB", "ESP", "ETB", "EUR", "FIM", "FJD", "FKP", "FRF", "GBP", "GEK",
    "GEL", "GHC", "GHS", "GIP", "GMD", "GNE", "GNF", "GNS", "GQE", "GRD", "GTQ", "GWE", "GWP", "GYD", "HKD", "HNL",
    "HRD", "HRK", "HTG", "HUF", "IDR", "IEP", "ILP", "ILR", "ILS", "INR", "IQD", "IRR", "ISJ", "ISK", "ITL", "JMD",
    "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAJ", "LAK", "LBP", "LKR", "LRD",
    "LSL", "LSM", "LTL", "LTT", "LUC", "LUF", "LUL", "LVL", "LVR", "LYD", "MAD", "MAF", "MDL", "MGA", "MGF", "MKD",
    "MLF", "MMK", "MNT", "MOP", "MRU", "MTL", "MTP", "MUR", "MVQ", "MVR", "MWK", "MXN", "MXP", "MXV", "MYR", "MZE",
    "MZM", "MZN", "NAD", "NGN", "NIC", "NIO", "NLG", "NOK", "NPR", "NZD", "OMR", "PAB", "PEH", "PEI", "PEN", "PES",
    "PGK", "PHP", "PKR", "PLN", "PLZ", "PTE", "PYG", "QAR", "RHD", "ROK", "ROL", "RON", "RSD", "RUB", "RUR", "RWF",
    "SAR", "SBD", "SCR", "SDD", "SDG", "SDP", "SEK", "SGD", "SHP", "SIT", "SKK", "SLE", "SLL", "SOS", "SRD", "SRG",
    "SSP", "STN", "SUR", "SVC", "SYP", "SZL", "THB", "TJR", "TJS", "TLE", "TMT", "TND", "TOP", "TRL", "TRY", "TTD",
    "TWD", "TZS", "UAH", "UAK", "UGS", "UGW", "UGX", "USD", "USN", "UYI", "UYN", "UYP", "UYU", "UYW", "UZS", "VEB",
    "VED", "VES", "VNC", "VND", "VUV", "WST", "XAF", "XCD", "XCG", "XDR", "XEU", "XOF", "XPF", "XSU", "YDD", "YER",
    "YUD", "YUN", "ZAL", "ZAR", "ZMW", "ZRN", "ZRZ", "ZWG", "ZWL",
];

/// How a currency is named beside its amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MoneyStyle {
    /// By its symbol, placed where CLDR places it: `1 064 413 €`, `€1,064,413`.
    #[default]
    Symbol,
    /// By its ISO 4217 code, placed likewise: `EUR 1,064,413` in English, `1 064 413 EUR` in Latvian.
    Code,
}

/// Why an amount cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MoneyError {
    /// The amount is not digits with at most one point.
    Amount(String),
    /// No such currency in ISO 4217.
    Currency(String),
    /// The amount has more decimals than the currency.
    Decimals {
        /// The amount as written.
        amount: String,
        /// The ISO 4217 code.
        currency: String,
        /// How many decimals the currency has.
        allowed: u8,
    },
}

impl fmt::Display for MoneyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MoneyError::Amount(text) => write!(f, "`{text}` is not an amount; write digits, as in 8000000 or 12.50"),
            MoneyError::Currency(code) => {
                write!(f, "`{code}` is not a currency; write an ISO 4217 code in capitals, as in EUR or SEK")
            }
            MoneyError::Decimals { amount, currency, allowed } => {
                write!(f, "{amount} has more decimals than {currency} has; write at most {allowed}")
            }
        }
    }
}

impl Error for MoneyError {}

/// The money formats of one language. Formatters are made on the first use of a currency.
#[derive(Debug)]
pub(super) struct Money {
    prefs: CurrencyFormatterPreferences,
    style: MoneyStyle,
    currencies: RwLock<Vec<Arc<Currency>>>,
}

#[derive(Debug)]
struct Currency {
    code: CurrencyType,
    digits: u8,
    formatter: CurrencyFormatter<DecimalFormatter>,
}

impl Money {
    pub(super) fn new(data: &IcuLocale, style: MoneyStyle) -> Self {
        Money { prefs: CurrencyFormatterPreferences::from(data), style, currencies: RwLock::default() }
    }

    pub(super) fn format(&self, amount: &str, currency: &str) -> Result<String, MoneyError> {
        let currency = self.currency(currency)?;
        currency.format(amount)
    }

    pub(super) fn range(&self, min: &str, max: &str, currency: &str, numbers: &Numbers) -> Result<String, MoneyError> {
        let currency = self.currency(currency)?;
        let (from, to) = (currency.format(min)?, currency.format(max)?);
        if from == to {
            return Ok(from);
        }
        let (Some(first), Some(second)) = (Amount::split(&from), Amount::split(&to)) else {
            return Ok(numbers.range(&from, &to, true));
        };
        if (first.before, first.after) != (second.before, second.after) {
            return Ok(numbers.range(&from, &to, true));
        }
        // A symbol that touches its number belongs to it and is said twice: €1 – €2, but EUR 1–2 and 1–2 €.
        let touching = first.before.chars().next_back().is_some_and(|c| !c.is_whitespace() && !is_mark(c));
        if touching {
            return Ok(numbers.range(&from, &to, true));
        }
        let amounts = numbers.range(first.number, second.number, false);
        Ok(format!("{}{amounts}{}", first.before, first.after))
    }

    fn currency(&self, code: &str) -> Result<Arc<Currency>, MoneyError> {
        let unknown = || MoneyError::Currency(code.to_owned());
        // Any three letters make a formatter, so the list decides.
        if CURRENCIES.binary_search(&code).is_err() {
            return Err(unknown());
        }
        let known = CurrencyType::try_from_str(code).map_err(|_| unknown())?;
        {
            let made = self.currencies.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(found) = made.iter().find(|currency| currency.code == known) {
                return Ok(Arc::clone(found));
            }
        }
        let currency = Arc::new(Currency::new(self.prefs, self.style, known).ok_or_else(unknown)?);
        self.currencies.write().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&currency));
        Ok(currency)
    }
}

impl Currency {
    fn new(prefs: CurrencyFormatterPreferences, style: MoneyStyle, known: CurrencyType) -> Option<Self> {
        let fractions: DataResponse<CurrencyFractionsV1> = Baked.load(DataRequest::default()).ok()?;
        let formatter = match style {
            MoneyStyle::Symbol => CurrencyFormatter::try_new_symbol(prefs, known, Default::default()),
            MoneyStyle::Code => CurrencyFormatter::try_new_code(prefs, known, Default::default()),
        };
        Some(Currency {
            code: known,
            digits: fractions.payload.get().resolve(known).digits,
            formatter: formatter.ok()?,
        })
    }

    fn format(&self, amount: &str) -> Result<String, MoneyError> {
        let mut number: Decimal = numbers::parse(amount).ok_or_else(|| MoneyError::Amount(amount.to_owned()))?;
        let digits = i16::from(self.digits);
        number.absolute.trim_end();
        if number.absolute.nonzero_magnitude_end() < -digits {
            return Err(MoneyError::Decimals {
                amount: amount.to_owned(),
                currency: self.code.iso_code().to_string(),
                allowed: self.digits,
            });
        }
        let whole = number.absolute.nonzero_magnitude_end() >= 0;
        let text = self.formatter.format_fixed_decimal(&number).to_string();
        // Whole amounts are written without cents, others with all of them; the formatter always writes all.
        let bare = whole.then(|| Amount::split(&text)?.without_decimals(&number));
        Ok(bare.flatten().unwrap_or(text))
    }
}

/// A formatted amount: the number from its first digit to its last, and what surrounds it.
struct Amount<'a> {
    before: &'a str,
    number: &'a str,
    after: &'a str,
}

impl<'a> Amount<'a> {
    fn split(text: &'a str) -> Option<Self> {
        let first = text.find(char::is_numeric)?;
        let last = text.rfind(char::is_numeric)?;
        let end = last + text.get(last..)?.chars().next()?.len_utf8();
        Some(Amount { before: text.get(..first)?, number: text.get(first..end)?, after: text.get(end..)? })
    }

    /// The amount cut after the whole digits of its number; `None` if there is nothing to cut.
    fn without_decimals(&self, number: &Decimal) -> Option<String> {
        let whole = usize::try_from(number.absolute.nonzero_magnitude_start()).unwrap_or(0) + 1;
        let mut digits = self.number.char_indices().filter(|(_, c)| c.is_numeric());
        let (last, digit) = digits.nth(whole - 1)?;
        digits.next()?;
        let number = self.number.get(..last + digit.len_utf8())?;
        Some(format!("{}{number}{}", self.before, self.after))
    }
}

/// The invisible marks of direction that Arabic and Hebrew formats begin with.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{61C}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_are_sorted() {
        assert!(CURRENCIES.is_sorted());
        assert!(["EUR", "SEK", "LVL"].iter().all(|code| CURRENCIES.binary_search(code).is_ok()));
    }
}
