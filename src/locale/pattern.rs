//! Knows date patterns in the notation of CLDR (UTS 35 part 4) and how to fill them in.
//! It does not know which pattern a language uses, nor where the names come from.

/// One moment, split into the fields that a pattern may ask for.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fields {
    pub(super) year: i16,
    pub(super) month: i8,
    pub(super) day: i8,
    /// Days since Monday.
    pub(super) weekday: usize,
    pub(super) hour: i8,
    pub(super) minute: i8,
}

/// The words and digits of one language. Widths and contexts are those of CLDR's symbols.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// `MMMM`, `LLLL`, `MMM`, `LLL`.
    pub(super) months: [[String; 12]; 4],
    /// `EEEE`, `cccc`, `EEE`, `ccc`.
    pub(super) weekdays: [[String; 7]; 4],
    /// Digits other than `0` to `9`, where the language has its own.
    pub(super) digits: Option<[char; 10]>,
    /// How certain days read beside a month in letters.
    pub(super) days: Vec<(i8, String)>,
}

/// The symbols whose names [`Words`] holds, in its order.
pub(super) const MONTH_SYMBOLS: [&str; 4] = ["MMMM", "LLLL", "MMM", "LLL"];
pub(super) const WEEKDAY_SYMBOLS: [&str; 4] = ["EEEE", "cccc", "EEE", "ccc"];

#[derive(Debug, Clone, PartialEq, Eq)]
enum Item {
    Text(String),
    Year { short: bool },
    MonthName(usize),
    MonthNumber { width: usize },
    Day { width: usize },
    Weekday(usize),
    Hour { width: usize },
    Minute { width: usize },
}

impl Item {
    /// Whether two items show the same field, however they show it.
    fn same_field(&self, other: &Item) -> bool {
        use Item::{MonthName, MonthNumber, Text};
        match (self, other) {
            (Text(_), _) | (_, Text(_)) => false,
            (MonthName(_) | MonthNumber { .. }, MonthName(_) | MonthNumber { .. }) => true,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

/// A date pattern ready to be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    items: Vec<Item>,
    /// A month in letters is part of the whole, so that special words for days apply.
    worded: bool,
}

impl Pattern {
    /// Reads a pattern; `None` if it asks for a field that is not one of ours.
    pub(super) fn parse(text: &str) -> Option<Pattern> {
        let mut items = Vec::new();
        let mut literal = String::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if c == '\'' {
                quoted(&mut chars, &mut literal);
            } else if c.is_ascii_alphabetic() {
                let mut width = 1;
                while chars.next_if_eq(&c).is_some() {
                    width += 1;
                }
                if !literal.is_empty() {
                    items.push(Item::Text(std::mem::take(&mut literal)));
                }
                items.push(field(c, width)?);
            } else {
                literal.push(c);
            }
        }
        if !literal.is_empty() {
            items.push(Item::Text(literal));
        }
        let worded = items.iter().any(|item| matches!(item, Item::MonthName(_)));
        Some(Pattern { items, worded })
    }

    /// Shows months in full letters where they are abbreviated, as ICU does when it lends an interval pattern,
    /// and days as wide as in the form for a single day.
    pub(super) fn widened(mut self, single: &Pattern) -> Pattern {
        let day = single.items.iter().find(|item| matches!(item, Item::Day { .. }));
        for item in &mut self.items {
            match (item, day) {
                (Item::MonthName(form @ 2..=3), _) => *form -= 2,
                (item @ Item::Day { .. }, Some(day)) => item.clone_from(day),
                _ => {}
            }
        }
        self
    }

    /// Cuts the pattern of a range where the first field comes back: what precedes shows the start, the rest the end.
    pub(super) fn split(mut self) -> Option<(Pattern, Pattern)> {
        let returns = |(at, item): (usize, &Item)| self.items.iter().take(at).any(|before| before.same_field(item));
        let at = self.items.iter().enumerate().position(returns)?;
        let end = self.items.split_off(at);
        let worded = self.worded;
        Some((self, Pattern { items: end, worded }))
    }

    /// Writes the fields in the words of a language.
    pub(super) fn write(&self, out: &mut String, words: &Words, fields: &Fields) {
        for item in &self.items {
            match item {
                Item::Text(text) => out.push_str(text),
                Item::Year { short: true } => number(out, words, fields.year.rem_euclid(100), 2),
                Item::Year { short: false } => number(out, words, fields.year, 1),
                Item::MonthName(form) => name(out, &words.months, *form, month_index(fields.month)),
                Item::MonthNumber { width } => number(out, words, fields.month.into(), *width),
                Item::Day { width } => match self.special_day(words, fields.day) {
                    Some(special) => out.push_str(special),
                    None => number(out, words, fields.day.into(), *width),
                },
                Item::Weekday(form) => name(out, &words.weekdays, *form, Some(fields.weekday)),
                Item::Hour { width } => number(out, words, fields.hour.into(), *width),
                Item::Minute { width } => number(out, words, fields.minute.into(), *width),
            }
        }
    }

    fn special_day<'w>(&self, words: &'w Words, day: i8) -> Option<&'w str> {
        if !self.worded {
            return None;
        }
        words.days.iter().find(|(special, _)| *special == day).map(|(_, text)| text.as_str())
    }
}

/// Reads what follows an opening quote; two quotes in a row are one apostrophe.
fn quoted(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, literal: &mut String) {
    if chars.next_if_eq(&'\'').is_some() {
        literal.push('\'');
        return;
    }
    while let Some(c) = chars.next() {
        if c == '\'' && chars.next_if_eq(&'\'').is_none() {
            return;
        }
        literal.push(c);
    }
}

fn field(symbol: char, width: usize) -> Option<Item> {
    Some(match (symbol, width) {
        ('y', 2) => Item::Year { short: true },
        ('y' | 'u', _) => Item::Year { short: false },
        ('M' | 'L', 1..=2) => Item::MonthNumber { width },
        ('M', 4) => Item::MonthName(0),
        ('L', 4) => Item::MonthName(1),
        ('M', _) => Item::MonthName(2),
        ('L', _) => Item::MonthName(3),
        ('d', _) => Item::Day { width },
        ('E', 4) => Item::Weekday(0),
        ('c', 4) => Item::Weekday(1),
        ('E', _) => Item::Weekday(2),
        ('c', _) => Item::Weekday(3),
        ('H', _) => Item::Hour { width },
        ('m', _) => Item::Minute { width },
        _ => return None,
    })
}

fn month_index(month: i8) -> Option<usize> {
    usize::try_from(month).ok()?.checked_sub(1)
}

fn name<const N: usize>(out: &mut String, names: &[[String; N]; 4], form: usize, index: Option<usize>) {
    let found = index.and_then(|index| names.get(form)?.get(index));
    out.push_str(found.map_or("", String::as_str));
}

fn number(out: &mut String, words: &Words, value: i16, width: usize) {
    let mut buffer = [0u8; 6];
    let mut at = buffer.len();
    let mut rest = value.unsigned_abs();
    while rest > 0 || buffer.len() - at < width.clamp(1, 5) {
        at -= 1;
        buffer[at] = (rest % 10) as u8;
        rest /= 10;
    }
    if value < 0 {
        out.push('-');
    }
    for digit in &buffer[at..] {
        out.push(match words.digits {
            Some(digits) => digits[usize::from(*digit)],
            None => char::from(b'0' + digit),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        let mut words = Words::default();
        words.months[0][4] = "maja".to_owned();
        words.months[2][4] = "maj".to_owned();
        words.days = vec![(1, "1er".to_owned())];
        words
    }

    fn show(pattern: &Pattern, day: i8) -> String {
        let mut out = String::new();
        let fields = Fields { year: 2021, month: 5, day, hour: 9, minute: 5, ..Fields::default() };
        pattern.write(&mut out, &words(), &fields);
        out
    }

    #[test]
    fn fills_fields_and_quotes() {
        let cases = [
            ("d. MMMM y 'o''clock' HH:mm", "14. maja 2021 o'clock 09:05"),
            ("dd.MM.yy", "14.05.21"),
            ("y年M月d日", "2021年5月14日"),
            ("''d", "'14"),
        ];
        for (pattern, expected) in cases {
            assert_eq!(Pattern::parse(pattern).map(|pattern| show(&pattern, 14)).as_deref(), Some(expected));
        }
        assert_eq!(Pattern::parse("h:mm a"), None);
    }

    #[test]
    fn special_days_need_a_month_in_letters() {
        let show = |text| Pattern::parse(text).map(|pattern| show(&pattern, 1));
        assert_eq!(show("d MMM").as_deref(), Some("1er maj"));
        assert_eq!(show("d/M").as_deref(), Some("1/5"));
    }

    #[test]
    fn splits_where_a_field_returns() {
        let single = Pattern::parse("d MMMM y");
        let range = Pattern::parse("dd MMM – dd MMM y");
        let ends = single.zip(range).and_then(|(single, range)| range.widened(&single).split());
        let ends = ends.map(|(start, end)| (show(&start, 1), show(&end, 2)));
        assert_eq!(ends, Some(("1er maja – ".to_owned(), "2 maja 2021".to_owned())));
        assert_eq!(Pattern::parse("d MMM y").and_then(Pattern::split), None);
    }
}
