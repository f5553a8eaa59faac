//! Pictures drawn at build time, as SVG without styles or texts of its own; what they show is also written beside them,
//! which is the templates' business.

mod map;
mod timeline;

pub use self::map::{Mark, europe};
pub use self::timeline::Scale;

/// A part of a whole as a bar, stretched to the room there is.
pub fn share(part: usize, whole: usize) -> String {
    let width = (part * 1000).checked_div(whole).unwrap_or_default();
    format!(
        "<svg class=\"share\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\" \
         focusable=\"false\"><path class=\"whole\" d=\"M0 0h1000v10H0z\"/><path class=\"part\" d=\"M0 0h{width}v10H0z\"/></svg>"
    )
}

/// Lines from one place on the left to so many, at even distances, on the right; stretched to the room there is.
pub fn fan(count: usize) -> String {
    let middle = count * 10;
    let line = |at: usize| {
        let end = at * 20 + 10;
        format!("M0 {middle}C50 {middle} 50 {end} 94 {end}")
    };
    let lines: String = (0..count).map(line).collect();
    let heads: String = (0..count).map(|at| format!("M92 {}l8 4-8 4z", at * 20 + 6)).collect();
    format!(
        "<svg class=\"fan\" viewBox=\"0 0 100 {}\" preserveAspectRatio=\"none\" aria-hidden=\"true\" \
         focusable=\"false\"><path class=\"line\" d=\"{lines}\"/><path class=\"head\" d=\"{heads}\"/></svg>",
        count * 20
    )
}

/// A mark that can be told from others by its shape alone; there are eight, then they come again.
pub fn mark(number: usize) -> &'static str {
    macro_rules! marks {
        ($($shape:literal),+) => {
            &[$(concat!(
                "<svg class=\"mark\" viewBox=\"0 0 16 16\" aria-hidden=\"true\" focusable=\"false\">",
                $shape,
                "</svg>"
            )),+]
        };
    }
    const MARKS: &[&str] = marks![
        "<circle cx=\"8\" cy=\"8\" r=\"6\"/>",
        "<circle class=\"hollow\" cx=\"8\" cy=\"8\" r=\"5\"/>",
        "<path d=\"M8 1l7 7-7 7-7-7z\"/>",
        "<path d=\"M8 2l7 12H1z\"/>",
        "<path d=\"M2 2h12v12H2z\"/>",
        "<path class=\"hollow\" d=\"M8 2l6 6-6 6-6-6z\"/>",
        "<path class=\"hollow\" d=\"M8 3l6 10H2z\"/>",
        "<path class=\"hollow\" d=\"M3 3h10v10H3z\"/>"
    ];
    MARKS[number % MARKS.len()]
}
