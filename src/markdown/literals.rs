//! Full dates and amounts of money typed in running text: knows how five languages write them; does not know what the
//! entry's facts say. Whatever can be read in two ways is left out.

use std::ops::Range;

use ecow::EcoString;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a literal means.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum LiteralValue {
    /// A full date.
    Date(Date),
    /// An amount without cents.
    Money {
        /// In whole units of the currency.
        amount: i64,
        /// ISO 4217.
        currency: EcoString,
    },
}

const SYMBOLS: [(&str, &str); 2] = [("€", "EUR"), ("£", "GBP")];

/// Codes that are no words.
const CODES: [&str; 12] = ["BGN", "CHF", "CZK", "DKK", "EUR", "GBP", "HUF", "ISK", "NOK", "PLN", "SEK", "USD"];

/// The euro in words, after an amount.
const EUROS: [&str; 3] = ["euro", "euros", "eiro"];

/// The beginnings of words that multiply the number before them.
const SCALES: [&str; 10] = ["mil", "bil", "tri", "thous", "tusen", "tūkst", "mn", "mln", "mrd", "mdr"];
const SHORT_SCALES: [&str; 7] = ["k", "m", "bn", "md", "t", "tn", "mio"];

/// Calls `found` for each literal, in order. `months` are the twelve names in the nominative.
pub(super) fn find(text: &str, months: Option<&[String; 12]>, mut found: impl FnMut(Range<usize>, LiteralValue)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(step) = bytes[at..].iter().position(u8::is_ascii_digit) {
        let start = at + step;
        let number = Number::read(text, start);
        at = if !is_free_before(text, start) {
            number.end
        } else if let Some((range, date)) = date(text, start, number.run_end, months) {
            let end = range.end;
            found(range, LiteralValue::Date(date));
            end
        } else if let Some((range, amount, currency)) = money(text, start, &number) {
            let end = range.end;
            found(range, LiteralValue::Money { amount, currency: currency.into() });
            end
        } else {
            number.end
        };
    }
}

/// Nothing before the digits makes them a part of something longer.
fn is_free_before(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_none_or(|c| {
        !c.is_alphanumeric() && !matches!(c, '.' | ',' | '-' | '–' | '−' | '/' | '_' | ':' | '+' | '#' | '=')
            // A code or a symbol may be joined to its amount.
            || currency_before(text, at).is_some()
    })
}

fn is_free_after(text: &str, at: usize) -> bool {
    let mut rest = text[at..].chars();
    match rest.next() {
        None => true,
        Some('.' | ',' | ':') => !rest.next().is_some_and(char::is_numeric),
        Some(c) => !c.is_alphanumeric() && !matches!(c, '-' | '/' | '_'),
    }
}

/// A date that begins at `start`, whose first digits end at `end`.
fn date(text: &str, start: usize, end: usize, months: Option<&[String; 12]>) -> Option<(Range<usize>, Date)> {
    match end - start {
        4 => iso(text, start).or_else(|| latvian(text, start, months?)),
        1 | 2 => day_first(text, start, end, months?),
        _ => None,
    }
}

/// `2023-11-30`, ISO 8601.
fn iso(text: &str, start: usize) -> Option<(Range<usize>, Date)> {
    let written = text.get(start..start + 10)?.as_bytes();
    if written[4] != b'-' || written[7] != b'-' || !is_free_after(text, start + 10) {
        return None;
    }
    let year = digits(&written[..4])?;
    let month = digits(&written[5..7])?;
    let day = digits(&written[8..])?;
    Some((start..start + 10, civil(year, month, day)?))
}

/// `2023. gada 30. novembrī`.
fn latvian(text: &str, start: usize, months: &[String; 12]) -> Option<(Range<usize>, Date)> {
    let year = digits(&text.as_bytes()[start..start + 4])?;
    let rest = space(text[start + 4..].strip_prefix('.')?)?;
    let rest = rest.strip_prefix("gada").or_else(|| rest.strip_prefix("g."))?;
    let (day, rest) = leading_number(space(rest)?)?;
    let rest = space(rest.strip_prefix('.')?)?;
    let (word, rest) = leading_word(rest);
    let date = civil(year, month(word, months)?, day)?;
    Some((start..text.len() - rest.len(), date))
}

/// `30 novembre 2023`, `1er mai 2023`, `30 de noviembre de 2023`, `30 November 2023`.
fn day_first(text: &str, start: usize, end: usize, months: &[String; 12]) -> Option<(Range<usize>, Date)> {
    let day = digits(&text.as_bytes()[start..end])?;
    let rest = &text[end..];
    let ordinals = ["er", ".º", "º", "st", "nd", "rd", "th"];
    let rest = ordinals.iter().find_map(|ordinal| rest.strip_prefix(ordinal)).unwrap_or(rest);
    let rest = of(space(rest)?);
    let (word, rest) = leading_word(rest);
    let month = month(word, months)?;
    let rest = of(space(rest)?);
    let (year, rest) = leading_number(rest)?;
    let end = text.len() - rest.len();
    if !(1900..2200).contains(&year) || !is_free_after(text, end) {
        return None;
    }
    Some((start..end, civil(year, month, day)?))
}

fn civil(year: u32, month: u32, day: u32) -> Option<Date> {
    Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

fn digits(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0_u32, |number, byte| {
        let digit = char::from(*byte).to_digit(10)?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

fn leading_number(text: &str) -> Option<(u32, &str)> {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    Some((digits(text.as_bytes().get(..end).filter(|run| !run.is_empty())?)?, &text[end..]))
}

fn leading_word(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len()))
}

/// One white space, of any kind, is required.
fn space(text: &str) -> Option<&str> {
    text.strip_prefix(char::is_whitespace)
}

fn of(text: &str) -> &str {
    let after = |word| text.strip_prefix(word).and_then(space);
    after("de").or_else(|| after("del")).unwrap_or(text)
}

/// The month of an inflected name: a stem of four letters is shared and the endings may differ. Shorter names do not
/// inflect in our languages.
fn month(word: &str, months: &[String; 12]) -> Option<u32> {
    if word.is_empty() || word.len() > 40 {
        return None;
    }
    if let Some((month, _)) = (1..).zip(months).find(|(_, name)| *name == word) {
        return Some(month);
    }
    let word: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
    let mut best = None;
    for (month, name) in (1..).zip(months) {
        if name.chars().flat_map(char::to_lowercase).next().as_ref() != word.first() {
            continue;
        }
        let mut length = 0;
        let mut stem = 0;
        for c in name.chars().flat_map(char::to_lowercase) {
            if stem == length && word.get(stem) == Some(&c) {
                stem += 1;
            }
            length += 1;
        }
        if length == stem && stem == word.len() {
            return Some(month);
        }
        let near = stem >= 4 && length - stem <= 3 && word.len() - stem <= 3;
        if near && best.is_none_or(|(longest, _)| stem > longest) {
            best = Some((stem, month));
        }
    }
    best.map(|(_, month)| month)
}

/// A number as written, perhaps in groups of three.
struct Number {
    /// Where its first run of digits ends.
    run_end: usize,
    end: usize,
    /// `None` where it is no whole number, or too large.
    value: Option<i64>,
}

impl Number {
    fn read(text: &str, start: usize) -> Self {
        let bytes = text.as_bytes();
        let run = |at: usize| bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let run_end = start + run(start);
        let mut end = run_end;
        // Only a number that begins with three digits at most may go on in groups of three.
        let mut separator = None;
        loop {
            let mark = text[end..].chars().next();
            let Some(mark) = mark.filter(|c| run_end - start <= 3 && is_group_separator(*c)) else {
                break;
            };
            let group = end + mark.len_utf8();
            if separator.is_some_and(|own| own != mark) || run(group) != 3 {
                break;
            }
            separator = Some(mark);
            end = group + 3;
        }
        let mut value = text[start..end]
            .bytes()
            .filter(u8::is_ascii_digit)
            .try_fold(0_i64, |value, digit| value.checked_mul(10)?.checked_add(i64::from(digit - b'0')));
        // Cents: none is a whole number still.
        if let Some(mark @ (b'.' | b',')) = bytes.get(end) {
            let cents = run(end + 1);
            if cents > 0 {
                let whole = cents == 2 && bytes[end + 1..].starts_with(b"00") && separator != Some(char::from(*mark));
                value = value.filter(|_| whole);
                end += 1 + cents;
            }
        }
        Self { run_end, end, value }
    }
}

fn is_group_separator(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '.' | ',' | '\'' | '’')
}

/// An amount with its currency before or after it.
fn money(text: &str, start: usize, number: &Number) -> Option<(Range<usize>, i64, &'static str)> {
    let amount = number.value?;
    let rest = &text[number.end..];
    if let Some((from, currency)) = currency_before(text, start) {
        let free = text[..from]
            .chars()
            .next_back()
            .is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '-' | '–' | '−' | '+'));
        let plain = is_free_after(text, number.end) && !is_scaled(rest) && !is_range(rest);
        return (free && plain).then_some((from..number.end, amount, currency));
    }
    let after = space(rest).unwrap_or(rest);
    let (length, currency) = currency_after(after)?;
    let end = text.len() - after.len() + length;
    Some((start..end, amount, currency))
}

fn currency_before(text: &str, at: usize) -> Option<(usize, &'static str)> {
    let before = &text[..at];
    let before = before.strip_suffix([' ', '\u{a0}', '\u{202f}', '\n']).unwrap_or(before);
    if let Some((symbol, code)) = SYMBOLS.iter().find(|(symbol, _)| before.ends_with(symbol)) {
        let from = before.len() - symbol.len();
        // `5 € 12`: the symbol belongs to the number before it.
        let taken = before[..from].trim_end().ends_with(|c: char| c.is_numeric());
        return (!taken).then_some((from, code));
    }
    let code = CODES.iter().find(|code| before.ends_with(*code))?;
    let from = before.len() - code.len();
    let bare = before[..from].trim_end();
    let free = !before[..from].ends_with(char::is_alphanumeric) && !bare.ends_with(char::is_numeric);
    free.then_some((from, code))
}

fn currency_after(text: &str) -> Option<(usize, &'static str)> {
    if let Some((symbol, code)) = SYMBOLS.iter().find(|(symbol, _)| text.starts_with(symbol)) {
        let joined = text[symbol.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '/');
        return (!joined).then_some((symbol.len(), code));
    }
    let (word, rest) = leading_word(text);
    if rest.starts_with(|c: char| c.is_numeric() || c == '/') {
        return None;
    }
    if EUROS.iter().any(|euro| word.eq_ignore_ascii_case(euro)) {
        return Some((word.len(), "EUR"));
    }
    CODES.iter().find(|code| word == **code).map(|code| (word.len(), *code))
}

/// `8 million`, `8M`: the number is not the amount.
fn is_scaled(rest: &str) -> bool {
    let (word, _) = leading_word(space(rest).unwrap_or(rest));
    let word = word.to_lowercase();
    SCALES.iter().any(|scale| word.starts_with(scale)) || SHORT_SCALES.contains(&word.as_str())
}

/// `EUR 5 000–8 000`.
fn is_range(rest: &str) -> bool {
    rest.trim_start().strip_prefix(['–', '-', '−']).is_some_and(|to| to.trim_start().starts_with(char::is_numeric))
}
