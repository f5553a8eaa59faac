//! Knows calendar dates that may stop at the year or the month (ISO 8601-1, 5.2.2: reduced precision).
//! It does not know any language: wording is the business of [`crate::locale`].

use std::cmp::Ordering;
use std::error::Error;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// A date of the ISO 8601 calendar as precise as its source: `2021`, `2021-05` or `2021-05-14`.
///
/// Values order by their first day; of two that begin on the same day the less precise comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartialDate {
    /// A whole year.
    Year(i16),
    /// A whole month, as year and month from 1 to 12.
    Month(i16, i8),
    /// One day.
    Day(Date),
}

impl PartialDate {
    /// The first day that the date covers.
    ///
    /// A year or month outside the calendar, which parsing never yields, is moved to the nearest one inside.
    pub fn first(self) -> Date {
        match self {
            PartialDate::Year(year) => month_start(year, 1),
            PartialDate::Month(year, month) => month_start(year, month),
            PartialDate::Day(day) => day,
        }
    }

    /// The last day that the date covers.
    pub fn last(self) -> Date {
        match self {
            PartialDate::Year(year) => month_start(year, 12).last_of_month(),
            PartialDate::Month(year, month) => month_start(year, month).last_of_month(),
            PartialDate::Day(day) => day,
        }
    }

    /// The year that the date lies in.
    pub fn year(self) -> i16 {
        self.first().year()
    }

    fn precision(self) -> u8 {
        match self {
            PartialDate::Year(_) => 0,
            PartialDate::Month(..) => 1,
            PartialDate::Day(_) => 2,
        }
    }
}

fn month_start(year: i16, month: i8) -> Date {
    Date::new(year.clamp(-9999, 9999), month.clamp(1, 12), 1).unwrap_or(Date::ZERO)
}

impl Ord for PartialDate {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |date: &Self| (date.first(), date.precision());
        // The last comparison only matters for values outside the calendar, which `first` moves inside.
        key(self).cmp(&key(other)).then_with(|| self.raw().cmp(&other.raw()))
    }
}

impl PartialOrd for PartialDate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialDate {
    fn raw(self) -> (i16, i8) {
        match self {
            PartialDate::Year(year) => (year, 0),
            PartialDate::Month(year, month) => (year, month),
            PartialDate::Day(day) => (day.year(), day.month()),
        }
    }
}

impl From<Date> for PartialDate {
    fn from(day: Date) -> Self {
        PartialDate::Day(day)
    }
}

/// Writes the ISO 8601 form: `2021`, `2021-05`, `2021-05-14`.
impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            PartialDate::Year(year) => write!(f, "{year:04}"),
            PartialDate::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            PartialDate::Day(day) => write!(f, "{day}"),
        }
    }
}

/// Why a text is not a [`PartialDate`], and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartialDateError {
    /// What is wrong, as a clause without a final stop.
    pub cause: String,
    /// What to write instead, as a clause without a final stop.
    pub remedy: String,
}

impl fmt::Display for PartialDateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.cause, self.remedy)
    }
}

impl Error for PartialDateError {}

const REMEDY: &str = "write a day as 2021-05-14, a month as 2021-05 or a year as 2021";

impl FromStr for PartialDate {
    type Err = PartialDateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.split('-').collect();
        let widths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        let digits = parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        if !digits || !matches!(widths.as_slice(), [4] | [4, 2] | [4, 2, 2]) {
            return Err(malformed(text));
        }
        let number = |index: usize| parts.get(index).and_then(|part| part.parse::<i16>().ok());
        let year = number(0).unwrap_or(0);
        let Some(month) = number(1) else {
            return Ok(PartialDate::Year(year));
        };
        if !(1..=12).contains(&month) {
            return Err(PartialDateError {
                cause: format!("there is no month {month:02}"),
                remedy: "months run from 01 to 12, and the order is year, month, day".to_owned(),
            });
        }
        let month = month as i8;
        let Some(day) = number(2) else {
            return Ok(PartialDate::Month(year, month));
        };
        match Date::new(year, month, day as i8) {
            Ok(date) => Ok(PartialDate::Day(date)),
            Err(_) => {
                let last = month_start(year, month).last_of_month().day();
                Err(PartialDateError {
                    cause: format!("{year:04}-{month:02} has no day {day:02}"),
                    remedy: format!("days of that month run from 01 to {last}"),
                })
            }
        }
    }
}

/// Explains a text of the wrong shape and, where the intention is plain, spells the date out.
fn malformed(text: &str) -> PartialDateError {
    let shown: String = text.chars().take(40).collect();
    let cause = if text.trim().is_empty() {
        "the date is empty".to_owned()
    } else {
        format!("`{shown}` is not a date of the form year-month-day")
    };
    let remedy = match intended(text) {
        Some(date) => format!("write {date}"),
        None => REMEDY.to_owned(),
    };
    PartialDateError { cause, remedy }
}

/// Reads the shapes that people write by mistake: `14/05/2021`, `14.5.2021`, `2021-5`, `2021-05-14T10:00`.
fn intended(text: &str) -> Option<PartialDate> {
    let text = text.trim().split(['T', ' ']).next()?;
    let parts: Vec<&str> = text.split(['/', '.', '-']).filter(|part| !part.is_empty()).collect();
    if parts.iter().any(|part| part.len() > 4 || !part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let numbers: Vec<i16> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    let year_first = parts.first()?.len() == 4;
    let year_last = parts.last()?.len() == 4;
    let (year, month, day) = match *numbers.as_slice() {
        [year] if year_first => (year, None, None),
        [year, month] if year_first => (year, Some(month), None),
        [month, year] if year_last => (year, Some(month), None),
        [year, month, day] if year_first => (year, Some(month), Some(day)),
        // Day before month is the order of every language of the Union.
        [day, month, year] if year_last => (year, Some(month), Some(day)),
        _ => return None,
    };
    let Some(month) = month else {
        return Some(PartialDate::Year(year));
    };
    let month = i8::try_from(month).ok().filter(|month| (1..=12).contains(month))?;
    match day {
        None => Some(PartialDate::Month(year, month)),
        Some(day) => Date::new(year, month, i8::try_from(day).ok()?).ok().map(PartialDate::Day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn parse(text: &str) -> Result<PartialDate, PartialDateError> {
        text.parse()
    }

    #[test]
    fn reads_and_writes_each_precision() {
        for text in ["2021", "2021-05", "2021-05-14", "0001", "9999-12-31"] {
            assert_eq!(parse(text).map(|date| date.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn spans_what_it_covers() {
        let leap = PartialDate::Month(2024, 2);
        assert_eq!((leap.first(), leap.last()), (date(2024, 2, 1), date(2024, 2, 29)));
        let year = PartialDate::Year(2021);
        assert_eq!((year.first(), year.last()), (date(2021, 1, 1), date(2021, 12, 31)));
        assert_eq!(PartialDate::Month(i16::MAX, 99).last(), date(9999, 12, 31));
    }

    #[test]
    fn orders_by_first_day_then_precision() {
        let mut dates = ["2021-01-01", "2021-05", "2020-12-31", "2021", "2021-01"].map(|text| parse(text).ok());
        dates.sort();
        let sorted: Vec<String> = dates.iter().flatten().map(PartialDate::to_string).collect();
        assert_eq!(sorted, ["2020-12-31", "2021", "2021-01", "2021-01-01", "2021-05"]);
    }

    #[test]
    fn explains_mistakes() {
        let cases = [
            ("14/05/2021", "`14/05/2021` is not a date of the form year-month-day; write 2021-05-14"),
            ("14.5.2021", "`14.5.2021` is not a date of the form year-month-day; write 2021-05-14"),
            ("2021-5", "`2021-5` is not a date of the form year-month-day; write 2021-05"),
            ("2021-13", "there is no month 13; months run from 01 to 12, and the order is year, month, day"),
            ("2021-02-30", "2021-02 has no day 30; days of that month run from 01 to 28"),
            ("2021-05-00", "2021-05 has no day 00; days of that month run from 01 to 31"),
            ("", "the date is empty; write a day as 2021-05-14, a month as 2021-05 or a year as 2021"),
            (
                "mai 2021",
                "`mai 2021` is not a date of the form year-month-day; write a day as 2021-05-14, a month as 2021-05 or a year as 2021",
            ),
        ];
        for (text, message) in cases {
            assert_eq!(parse(text).map_err(|error| error.to_string()), Err(message.to_owned()));
        }
    }

    #[test]
    fn refuses_near_misses_without_panic() {
        for text in ["-2021", "+021", "2021-", "2021-05-14-", "２０２１", "2021-05-1é", "é", "----", "99999", "2021-0٥"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
