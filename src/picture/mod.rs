//! Pictures drawn at build time, as SVG without styles or texts of its own; what they show is also written beside them,
//! which is the templates' business.

mod map;
mod timeline;

pub use self::map::{Mark, europe};
pub use self::timeline::Scale;
