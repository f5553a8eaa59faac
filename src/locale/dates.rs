//! Knows how one language writes dates, times and ranges of dates, in the Gregorian calendar and on a 24-hour clock.
//! It does not know time zones, nor when a date falls relative to today.
//!
//! Patterns and names come from ICU4X once, when a locale is built. ICU4X 2.4 has an interval formatter of its own,
//! but it abbreviates months that were asked for in full and panics in debug builds, so only its data are used.

use icu_calendar::{Date as IcuDate, Gregorian};
use icu_datetime::input::{DateTime as IcuDateTime, Time};
use icu_datetime::options::YearStyle;
use icu_datetime::pattern::{DateTimePattern, FixedCalendarDateTimeNames};
use icu_datetime::preferences::HourCycle;
use icu_datetime::provider::Baked;
use icu_datetime::provider::range_patterns::{
    DateGreatestDifferenceField, DatetimePatternsRangeDateGregorianV1, DatetimePatternsRangeGlueV1, RangePatternInfo,
};
use icu_datetime::{DateTimeFormatterPreferences, FixedCalendarDateTimeFormatter, NoCalendarFormatter, fieldsets};
use icu_decimal::DecimalFormatter;
use icu_locale::Locale as IcuLocale;
use icu_provider::prelude::*;
use jiff::civil;
use writeable::{TryWriteable, Writeable};

use super::overrides::Corrections;
use super::pattern::{Fields, MONTH_SYMBOLS, Pattern, WEEKDAY_SYMBOLS, Words};
use crate::date::PartialDate;

/// The date patterns and words of one language.
#[derive(Debug)]
pub(super) struct Dates {
    words: Words,
    year: Pattern,
    month: Pattern,
    month_in_range: Pattern,
    long: Pattern,
    full: Pattern,
    medium: Pattern,
    short: Pattern,
    date_time: Pattern,
    time: Pattern,
    day_ranges: [Option<(Pattern, Pattern)>; 3],
    month_ranges: [Option<(Pattern, Pattern)>; 3],
    year_ranges: [Option<(Pattern, Pattern)>; 3],
    /// What joins two dates that share nothing.
    joiner: [String; 3],
}

/// The coarsest field in which two dates differ: an index into the tables of ranges.
const DIFFERENCES: [DateGreatestDifferenceField; 3] =
    [DateGreatestDifferenceField::Day, DateGreatestDifferenceField::Month, DateGreatestDifferenceField::Year];

impl Dates {
    pub(super) fn new(tag: &str, data: &IcuLocale, rules: &Corrections, digits: &DecimalFormatter) -> Option<Self> {
        let mut prefs = DateTimeFormatterPreferences::from(data);
        prefs.hour_cycle = Some(HourCycle::H23);
        let found = CldrPatterns::load(prefs)?;
        let pattern = |key: &str, cldr: &str| {
            let corrected = rules.get(tag, key).and_then(Pattern::parse);
            corrected.or_else(|| Pattern::parse(cldr)).or_else(|| Pattern::parse("y-MM-dd"))
        };
        let long = pattern("date.long", &found.long)?;
        let month = pattern("date.month", &found.month)?;
        let mut words = names(prefs)?;
        words.digits = own_digits(digits);
        words.days =
            (1..=31).filter_map(|day| Some((day, rules.get(tag, &format!("day.{day}"))?.to_owned()))).collect();
        let day_ranges = ranges(prefs, "ym0d").map(|range| range.map(|(a, b)| (a.widened(&long), b.widened(&long))));
        Some(Dates {
            words,
            day_ranges,
            year: pattern("date.year", &found.year)?,
            month_in_range: rules.get(tag, "date.month.range").and_then(Pattern::parse).unwrap_or(month.clone()),
            month,
            long,
            full: pattern("date.full", &found.full)?,
            medium: pattern("date.medium", &found.medium)?,
            short: pattern("date.short", &found.short)?,
            date_time: pattern("date-time", &found.date_time)?,
            time: pattern("time", &found.time)?,
            month_ranges: ranges(prefs, "ym0"),
            year_ranges: ranges(prefs, "y"),
            joiner: joiner(prefs),
        })
    }

    pub(super) fn months(&self) -> &[String; 12] {
        &self.words.months[1]
    }

    pub(super) fn weekdays(&self) -> &[String; 7] {
        &self.words.weekdays[1]
    }

    pub(super) fn date(&self, date: PartialDate) -> String {
        self.show(self.of_precision(date), &fields(date))
    }

    pub(super) fn full(&self, day: civil::Date) -> String {
        self.show(&self.full, &fields(day.into()))
    }

    pub(super) fn medium(&self, date: PartialDate) -> String {
        match date {
            PartialDate::Day(_) => self.show(&self.medium, &fields(date)),
            _ => self.date(date),
        }
    }

    pub(super) fn short(&self, day: civil::Date) -> String {
        self.show(&self.short, &fields(day.into()))
    }

    pub(super) fn time(&self, hour: i8, minute: i8) -> String {
        self.show(&self.time, &Fields { hour, minute, ..Fields::default() })
    }

    pub(super) fn date_time(&self, moment: civil::DateTime) -> String {
        let day = fields(moment.date().into());
        self.show(&self.date_time, &Fields { hour: moment.hour(), minute: moment.minute(), ..day })
    }

    pub(super) fn range(&self, from: PartialDate, to: PartialDate) -> String {
        use PartialDate::{Day, Month, Year};
        if from == to {
            return self.date(from);
        }
        let (start, end) = (fields(from), fields(to));
        let difference = if start.year != end.year {
            2
        } else if start.month != end.month {
            1
        } else {
            0
        };
        let table = match (from, to) {
            (Day(_), Day(_)) => &self.day_ranges,
            (Month(..), Month(..)) => &self.month_ranges,
            (Year(_), Year(_)) => &self.year_ranges,
            _ => return self.joined(self.mixed(from), &start, self.mixed(to), &end),
        };
        match &table[difference] {
            Some((first, last)) => {
                let mut out = String::with_capacity(48);
                first.write(&mut out, &self.words, &start);
                last.write(&mut out, &self.words, &end);
                out
            }
            None => self.joined(self.of_precision(from), &start, self.of_precision(to), &end),
        }
    }

    fn of_precision(&self, date: PartialDate) -> &Pattern {
        match date {
            PartialDate::Year(_) => &self.year,
            PartialDate::Month(..) => &self.month,
            PartialDate::Day(_) => &self.long,
        }
    }

    fn mixed(&self, date: PartialDate) -> &Pattern {
        match date {
            PartialDate::Month(..) => &self.month_in_range,
            _ => self.of_precision(date),
        }
    }

    fn joined(&self, first: &Pattern, start: &Fields, last: &Pattern, end: &Fields) -> String {
        let [before, between, after] = &self.joiner;
        let mut out = before.clone();
        first.write(&mut out, &self.words, start);
        out.push_str(between);
        last.write(&mut out, &self.words, end);
        out.push_str(after);
        out
    }

    fn show(&self, pattern: &Pattern, fields: &Fields) -> String {
        let mut out = String::with_capacity(40);
        pattern.write(&mut out, &self.words, fields);
        out
    }
}

fn fields(date: PartialDate) -> Fields {
    let day = date.first();
    Fields {
        year: day.year(),
        month: day.month(),
        day: day.day(),
        weekday: usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0),
        ..Fields::default()
    }
}

/// The patterns that CLDR gives a language, as text.
struct CldrPatterns {
    year: String,
    month: String,
    long: String,
    full: String,
    medium: String,
    short: String,
    date_time: String,
    time: String,
}

impl CldrPatterns {
    fn load(prefs: DateTimeFormatterPreferences) -> Option<Self> {
        use fieldsets::{T, Y, YM, YMD, YMDE};
        // Any day of a four-digit year will do: CLDR patterns differ by date only for eras and distant years.
        let date = IcuDate::try_new_gregorian(2026, 9, 15).ok()?;
        let moment = IcuDateTime { date, time: Time::try_new(17, 0, 0, 0).ok()? };
        macro_rules! dated {
            ($fields:expr, $input:expr) => {
                FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new(prefs, $fields)
                    .ok()?
                    .format($input)
                    .pattern()
                    .to_string()
            };
        }
        Some(CldrPatterns {
            year: dated!(Y::long(), &date),
            month: dated!(YM::long(), &date),
            long: dated!(YMD::long(), &date),
            full: dated!(YMDE::long(), &date),
            medium: dated!(YMD::medium(), &date),
            short: dated!(YMD::short().with_year_style(YearStyle::Full), &date),
            date_time: dated!(YMD::long().with_time_hm(), &moment),
            time: NoCalendarFormatter::try_new(prefs, T::hm()).ok()?.format(&moment.time).pattern().to_string(),
        })
    }
}

/// Asks ICU4X for every month and weekday in each of the four forms.
fn names(prefs: DateTimeFormatterPreferences) -> Option<Words> {
    let mut words = Words::default();
    let day = |month, day| IcuDate::try_new_gregorian(2024, month, day).ok();
    let months: Vec<_> = (1..=12).filter_map(|month| day(month, 1)).collect();
    // 1 January 2024 was a Monday.
    let weekdays: Vec<_> = (1..=7).filter_map(|weekday| day(1, weekday)).collect();
    for (forms, symbol) in words.months.iter_mut().zip(MONTH_SYMBOLS) {
        *forms = named(prefs, symbol, &months)?.try_into().ok()?;
    }
    for (forms, symbol) in words.weekdays.iter_mut().zip(WEEKDAY_SYMBOLS) {
        *forms = named(prefs, symbol, &weekdays)?.try_into().ok()?;
    }
    Some(words)
}

fn named(prefs: DateTimeFormatterPreferences, symbol: &str, days: &[IcuDate<Gregorian>]) -> Option<Vec<String>> {
    let pattern = DateTimePattern::try_from_pattern_str(symbol).ok()?;
    let mut names = FixedCalendarDateTimeNames::<Gregorian, fieldsets::enums::DateFieldSet>::try_new(prefs).ok()?;
    let formatter = names.include_for_pattern(&pattern).ok()?;
    days.iter().map(|day| formatter.format(day).try_write_to_string().ok().map(|name| name.into_owned())).collect()
}

fn own_digits(formatter: &DecimalFormatter) -> Option<[char; 10]> {
    let mut digits = ['0'; 10];
    for (digit, value) in digits.iter_mut().zip(0u8..) {
        *digit = formatter.format(&value.into()).write_to_string().chars().next()?;
    }
    (digits[0] != '0').then_some(digits)
}

/// The patterns for ranges of one precision, by the field in which the ends differ.
fn ranges(prefs: DateTimeFormatterPreferences, skeleton: &str) -> [Option<(Pattern, Pattern)>; 3] {
    let locale = DatetimePatternsRangeDateGregorianV1::make_locale(prefs.locale_preferences);
    let attributes = DataMarkerAttributes::try_from_str(skeleton).unwrap_or(DataMarkerAttributes::empty());
    let id = DataIdentifierBorrowed::for_marker_attributes_and_locale(attributes, &locale);
    let loaded: Result<DataResponse<DatetimePatternsRangeDateGregorianV1>, _> =
        Baked.load(DataRequest { id, ..DataRequest::default() });
    DIFFERENCES.map(|field| {
        // The first element is the long form without an era.
        let patterns = loaded.as_ref().ok()?.payload.get().elements.get(0)?;
        match RangePatternInfo::from(patterns.get_date_pattern(field)?) {
            RangePatternInfo::FullRange(pattern) => Pattern::parse(&pattern.to_string())?.split(),
            RangePatternInfo::Symmetric(_) => None,
        }
    })
}

/// CLDR's `{0} – {1}` for intervals, as what stands before, between and after.
fn joiner(prefs: DateTimeFormatterPreferences) -> [String; 3] {
    let locale = DatetimePatternsRangeGlueV1::make_locale(prefs.locale_preferences);
    let id = DataIdentifierBorrowed::for_locale(&locale);
    let loaded: Result<DataResponse<DatetimePatternsRangeGlueV1>, _> =
        Baked.load(DataRequest { id, ..DataRequest::default() });
    let cldr = loaded.map(|response| response.payload.get().pattern.to_string().replace('\'', ""));
    super::numbers::around(&cldr.unwrap_or_default())
        .unwrap_or_else(|| ["", "\u{2009}–\u{2009}", ""].map(str::to_owned))
}
