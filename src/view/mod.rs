//! What templates see: plain values in the reader's language, foreign texts marked; a template reaches nothing else.

pub mod body;
mod calendar;
mod card;
mod data;
mod entry;
mod feed;
mod ics;
mod json;
mod json_ld;
mod network;
mod page;
mod picture;
mod redirect;
mod search;
mod shape;
mod site;
mod sitemap;
mod social;

pub use self::calendar::{CalendarView, calendar};
pub use self::card::{Card, card};
pub use self::data::{DataView, Terms, data, page as data_page};
pub use self::entry::{EntryView, entry};
pub use self::feed::{FeedItem, feed};
use self::feed::{links as feed_links, links_to_changes};
pub use self::ics::{Event, agenda};
pub use self::page::{
    ChooserView, DirectoryView, HomeView, ListingView, NotFoundView, chooser, directory, home, listing, not_found,
};
pub use self::redirect::{HostFile, PastView, past};
pub use self::search::{SearchView, search};
pub use self::shape::{Shapes, shapes};
pub use self::site::site;
pub use self::sitemap::sitemap;
pub use self::social::{SocialCard, social_card};
pub(crate) use self::social::{address as card_address, own as own_card};

use schemars::JsonSchema;
use serde::Serialize;

use crate::catalog::Catalog;
use crate::config::Lang;

/// A text that may be in another language than the page.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Text {
    /// The text, not escaped.
    pub text: String,
    /// Its BCP 47 tag, where it is not the page's language.
    pub lang: Option<String>,
}

impl Text {
    /// A text of language `lang` on a page of language `page`.
    pub fn new(text: impl Into<String>, lang: Lang, page: Lang, catalog: &Catalog) -> Self {
        Text { text: text.into(), lang: (lang != page).then(|| catalog.config.tag(lang).to_owned()) }
    }

    /// A text in the page's own language.
    pub fn own(text: impl Into<String>) -> Self {
        Text { text: text.into(), lang: None }
    }
}

/// What every page has: its head, and what surrounds its content.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Page {
    /// BCP 47 tag of the page.
    pub lang: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// What the page is called, without the portal's name.
    pub title: String,
    /// The `title` element.
    pub head_title: String,
    /// The language of that and of the description, where it is not the page's.
    pub head_lang: Option<String>,
    /// `meta name=description`; empty where there is nothing to say.
    pub description: String,
    /// Address of the version that search engines should keep.
    pub canonical: String,
    /// `meta name=robots`, if any.
    pub robots: Option<&'static str>,
    /// hreflang links, complete and reciprocal; none on pages that have no other version.
    pub alternates: Vec<Alternate>,
    /// Feeds of this page and of the whole language.
    pub feeds: Vec<FeedLink>,
    /// The dates of this page as a calendar file.
    pub calendar: Option<CalendarLink>,
    /// What the page is about, as JSON.
    pub data: Option<String>,
    /// The picture that networks show beside a link to this page; none on pages that search engines are to leave alone.
    pub picture: Option<PagePicture>,
    /// From the home page to this one.
    pub breadcrumbs: Vec<Crumb>,
    /// The same page in the site's languages.
    pub switcher: Vec<Switch>,
    /// Menu item that this page belongs to.
    pub section: Option<String>,
    /// The page's graph as JSON-LD, for a `script` element; none on pages that search engines are to leave alone.
    pub json_ld: Option<String>,
}

/// One hreflang link.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Alternate {
    /// BCP 47 tag, or `x-default`.
    pub hreflang: String,
    /// Full address.
    pub href: String,
}

/// A link to a feed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FeedLink {
    /// What is in it.
    pub title: String,
    /// The format's own name.
    pub format: &'static str,
    /// The format's media type.
    pub mime: &'static str,
    /// Its address.
    pub href: String,
}

/// A link to a calendar file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CalendarLink {
    /// What is in it.
    pub title: String,
    /// Its address.
    pub href: String,
}

/// A picture that stands for a page.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PagePicture {
    /// Full address.
    pub href: String,
    /// Its media type.
    pub mime: &'static str,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// What is to be read on it, or what it is of.
    pub alt: String,
    /// The language of that, where it is not the page's.
    pub lang: Option<String>,
}

/// One step of the breadcrumbs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Crumb {
    /// What it is called.
    pub title: Text,
    /// Where it leads; none for the page itself.
    pub href: Option<String>,
}

/// One item of the language switcher.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Switch {
    /// BCP 47 tag.
    pub tag: String,
    /// The language's own name for itself.
    pub name: String,
    /// The page in it.
    pub href: String,
    /// Whether it is this page's language.
    pub current: bool,
    /// Whether only the facts are in that language.
    pub facts: bool,
}

/// A view of a page.
pub trait Paged {
    /// Its head and surroundings.
    fn page(&self) -> &Page;
}

macro_rules! paged {
    ($($view:ty),+) => {
        $(impl Paged for $view {
            fn page(&self) -> &Page {
                &self.page
            }
        })+
    };
}

paged!(
    CalendarView,
    ChooserView,
    DataView,
    DirectoryView,
    EntryView,
    HomeView,
    ListingView,
    NotFoundView,
    PastView,
    SearchView
);
