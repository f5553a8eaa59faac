//! Timelines: bars on a common scale of years; they know days, not what lasts.

use std::fmt::Write as _;

use jiff::civil::Date;

/// The scale's length, in units of the picture.
const WIDTH: i64 = 1000;

/// Whole years, from the first to the last.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    first: i16,
    last: i16,
}

impl Scale {
    /// The years of all these spans, none of which ends before it begins; `None` where there are none.
    pub fn of(spans: impl Iterator<Item = (Date, Option<Date>)>) -> Option<Scale> {
        spans
            .map(|(from, to)| Scale { first: from.year(), last: to.unwrap_or(from).year() })
            .reduce(|a, b| Scale { first: a.first.min(b.first), last: a.last.max(b.last) })
    }

    /// Years to be marked, at even distances, and how many thousandths of the scale lie before each. More than eight numbers
    /// would run into each other on a telephone.
    fn marks(self) -> impl Iterator<Item = (i16, i64)> {
        let Scale { first, last } = self;
        let every = self.length().unsigned_abs().div_ceil(8) as usize;
        (first..=last).step_by(every).map(move |year| (year, WIDTH * i64::from(year - first) / self.length()))
    }

    fn length(self) -> i64 {
        i64::from(self.last - self.first) + 1
    }

    /// Where a day begins. Every year has the same room, leap or not.
    fn place(self, day: Date) -> i64 {
        let years = i64::from(day.year() - self.first);
        let within = i64::from(day.day_of_year() - 1) * WIDTH / i64::from(day.days_in_year());
        ((years * WIDTH + within) / self.length()).clamp(0, WIDTH)
    }

    /// A bar from a day to another, both included, over a line at every mark; what has no end reaches the
    /// end of the scale. It is stretched to the room there is.
    pub fn bar(self, from: Date, to: Option<Date>) -> String {
        let start = self.place(from);
        let end = to.map_or(WIDTH, |to| to.tomorrow().map_or(WIDTH, |next| self.place(next)));
        let mut lines = String::new();
        for (_, at) in self.marks() {
            // Writing to a string cannot fail.
            let _ = write!(lines, "M{at} 0v10");
        }
        let class = if to.is_some() { "span" } else { "span open" };
        let width = (end - start).max(4);
        format!(
            "<svg class=\"bar\" viewBox=\"0 0 {WIDTH} 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\" \
             focusable=\"false\"><path class=\"years\" d=\"{lines}\"/>\
             <rect class=\"{class}\" x=\"{start}\" y=\"2\" width=\"{width}\" height=\"6\"/></svg>"
        )
    }

    /// The marked years' numbers, over their lines.
    pub fn axis(self) -> String {
        let mut svg = String::from("<svg class=\"axis\" aria-hidden=\"true\" focusable=\"false\">");
        for (year, at) in self.marks() {
            let _ = write!(svg, "<text x=\"{}.{}%\" y=\"1em\">{year}</text>", at / 10, at % 10);
        }
        svg.push_str("</svg>");
        svg
    }
}
