//! Field kinds: each parses, checks, formats, compares and exposes its values; none knows a content type by name.

mod boolean;
mod contact;
pub mod date;
mod deadline;
pub mod file;
pub mod group;
pub mod image;
pub mod instant;
mod language;
mod markdown;
mod money;
mod narrow;
pub mod number;
mod period;
mod place;
pub mod reference;
mod term;
mod text;
pub mod url;

use std::cmp::Ordering;
use std::fmt;

use ecow::EcoString;
use rustc_hash::FxHashMap;

pub use self::deadline::Deadline;
pub use self::file::FileValue;
pub use self::group::{Record, RecordField};
pub use self::image::ImageValue;
pub use self::instant::Moment;
pub use self::money::Money;
pub use self::period::Period;
pub use self::reference::Reference;
pub use self::url::Link;
use crate::catalog::{Catalog, Entry, EntryId};
use crate::config::{Config, Lang};
use crate::date::PartialDate;
use crate::document::read::{PerLang, Reader};
use crate::document::schema::{Field, TypeDef, Vocabulary};
use crate::markdown::Body;
use crate::yaml::Node;

/// All kinds, as `kind:` names them.
pub static KINDS: &[&dyn Kind] = &[
    &text::Text,
    &markdown::Markdown,
    &boolean::Boolean,
    &number::Integer,
    &number::Number,
    &number::Percent,
    &url::Url,
    &contact::Email,
    &contact::Phone,
    &date::Date,
    &period::PeriodKind,
    &instant::Instant,
    &deadline::DeadlineKind,
    &money::MoneyKind,
    &place::Country,
    &place::Territory,
    &language::Language,
    &term::Term,
    &reference::ReferenceKind,
    &image::Image,
    &file::File,
    &group::Group,
];

/// The kind of this name.
pub fn kind(name: &str) -> Option<&'static dyn Kind> {
    KINDS.iter().copied().find(|k| k.name() == name)
}

/// What a field's values are.
pub trait Kind: Sync {
    /// As written after `kind:`.
    fn name(&self) -> &'static str;

    /// Reads and checks one value; `None` after a diagnostic.
    fn parse(&self, node: &Node, cx: &mut Cx<'_, '_>) -> Option<Value>;

    /// One value for a reader.
    fn item(&self, value: &Value, show: &Show<'_>) -> Item;

    /// The order of two values of this kind.
    fn compare(&self, a: &Value, b: &Value) -> Ordering {
        let _ = (a, b);
        Ordering::Equal
    }

    /// Whether it places an entry in time.
    fn is_temporal(&self) -> bool {
        false
    }

    /// Whether an item is a block of its own rather than part of a line.
    fn is_block(&self) -> bool {
        false
    }

    /// How several of its values stand beside one another.
    fn row(&self) -> Row {
        Row::Sentence
    }

    /// How it narrows listings, if it does.
    fn as_facet(&self) -> Option<&dyn Facet> {
        None
    }

    /// Whether it can narrow listings.
    fn can_facet(&self) -> bool {
        self.as_facet().is_some()
    }
}

/// How values stand beside one another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Row {
    /// As a sentence has them, in the order of the facts.
    Sentence,
    /// The same, in the alphabetical order of the reader's language.
    Alphabetical,
    /// Each by itself, in the order of the facts: names, in which there may be an "and" already, and labels.
    Names,
}

impl fmt::Debug for dyn Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How a kind narrows listings.
pub trait Facet: Sync {
    /// The keys under which an entry with these values is found.
    fn keys(&self, values: &[Value], entry: &Entry, catalog: &Catalog) -> Vec<EcoString>;

    /// A key's label and address segment in a language.
    fn label(&self, key: &str, show: &Show<'_>) -> FacetLabel;

    /// The facet's own label and address segment; by default the field's.
    fn title(&self, show: &Show<'_>) -> FacetLabel {
        let at = show.lang.index();
        FacetLabel::own(show.field.label[at].to_string(), show.field.slug[at].clone())
    }
}

/// A facet or one of its values, for a reader.
#[derive(Clone, Debug)]
pub struct FacetLabel {
    /// What it is called.
    pub text: String,
    /// The language of that, where it is not the reader's.
    pub lang: Option<Lang>,
    /// Its address segment.
    pub slug: EcoString,
    /// Its place before others; equal ranks go by collation of the text.
    pub rank: i64,
}

impl FacetLabel {
    /// In the reader's language.
    pub fn own(text: String, slug: EcoString) -> Self {
        FacetLabel { text, lang: None, slug, rank: 0 }
    }

    /// With its slug made from its text.
    pub fn of(text: String) -> Self {
        let slug = crate::url::slug(&text);
        Self::own(text, slug)
    }
}

/// A checked value.
#[derive(Clone, Debug)]
pub enum Value {
    /// `text`, `email`, `phone`.
    Text(EcoString),
    /// `markdown`.
    Markdown(Box<Body>),
    /// `boolean`.
    Boolean(bool),
    /// `integer`.
    Integer(i64),
    /// `number`, `percent`: decimal digits as written.
    Decimal(EcoString),
    /// `url`.
    Url(Box<Link>),
    /// `date`.
    Date(PartialDate),
    /// `period`.
    Period(Period),
    /// `instant`.
    Instant(Box<Moment>),
    /// `deadline`.
    Deadline(Box<Deadline>),
    /// `money`.
    Money(Box<Money>),
    /// `country`, `territory`, `language`: the code.
    Code(EcoString),
    /// `term`: vocabulary and term, by index.
    Term(usize, usize),
    /// `reference`.
    Reference(Box<Reference>),
    /// `image`.
    Image(Box<ImageValue>),
    /// `file`.
    File(Box<FileValue>),
    /// `group`.
    Group(Box<Record>),
}

impl Value {
    /// Whether a list that has this value gains nothing by the other.
    fn repeats(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Text(a), Value::Text(b)) | (Value::Code(a), Value::Code(b)) => a == b,
            (Value::Term(va, a), Value::Term(vb, b)) => (va, a) == (vb, b),
            (Value::Reference(a), Value::Reference(b)) => {
                (a.to, a.role, a.from, a.until) == (b.to, b.role, b.from, b.until)
            }
            _ => false,
        }
    }
}

/// The values of one field of one entry.
#[derive(Clone, Debug)]
pub enum Values {
    /// The same in every language.
    Shared(Vec<Value>),
    /// Each language's own.
    Localized(PerLang<Vec<Value>>),
}

impl Values {
    /// Shared values; none where each language has its own.
    pub fn shared(&self) -> &[Value] {
        match self {
            Values::Shared(values) => values,
            Values::Localized(_) => &[],
        }
    }

    /// The values for a reader, and their language if it is not shared.
    pub fn for_reader(&self, chain: &[Lang]) -> Option<(&[Value], Option<Lang>)> {
        match self {
            Values::Shared(values) => Some((values, None)),
            Values::Localized(each) => chain
                .iter()
                .find(|lang| !each[lang.index()].is_empty())
                .map(|lang| (each[lang.index()].as_slice(), Some(*lang))),
        }
    }
}

/// One value, formatted.
#[derive(Clone, Debug, Default)]
pub struct Item {
    /// As HTML.
    pub html: String,
    /// As plain text.
    pub text: String,
}

impl Item {
    /// A plain text.
    pub fn plain(text: impl Into<String>) -> Self {
        let text = text.into();
        Item { html: crate::html::escape(&text).into_owned(), text }
    }
}

/// What the site declares and holds, by name: all that parsing a value may look up.
pub struct Names<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// The types.
    pub types: &'a [TypeDef],
    /// The vocabularies.
    pub vocabularies: &'a [Vocabulary],
    /// Types and vocabularies that could not be read.
    pub broken: &'a std::collections::BTreeSet<EcoString>,
    /// Entries by type and id.
    pub entries: FxHashMap<(usize, EcoString), EntryId>,
    /// Typography and months of each language, for Markdown fields.
    pub voices: &'a [crate::locale::Voice],
}

impl Names<'_> {
    /// The index of a type.
    pub fn type_index(&self, id: &str) -> Option<usize> {
        self.types.iter().position(|t| t.id == id)
    }
}

/// Where a value is being read.
pub struct Cx<'a, 'd> {
    /// The file's reader.
    pub read: Reader<'d>,
    /// The field.
    pub field: &'a Field,
    /// What there is.
    pub names: &'a Names<'a>,
    /// The entry's files.
    pub files: &'a [(EcoString, usize)],
    /// The language of the value, if it has one.
    pub lang: Option<Lang>,
}

impl Cx<'_, '_> {
    /// How messages call the field.
    pub fn what(&self) -> String {
        format!("`{}`", self.field.name)
    }
}

/// For whom a value is shown.
#[derive(Clone, Copy)]
pub struct Show<'a> {
    /// The site.
    pub catalog: &'a Catalog,
    /// The reader's language.
    pub lang: Lang,
    /// The type that the field is one of.
    pub type_index: usize,
    /// The field.
    pub field: &'a Field,
    /// The entry whose value it is; none for a value by itself.
    pub entry: Option<EntryId>,
    /// The language of the value, where it has one; else the reader's.
    pub text: Lang,
}

impl Show<'_> {
    /// Formats of the reader's language.
    pub fn locale(&self) -> &crate::locale::Locale {
        &self.catalog.locales[self.lang.index()]
    }

    /// An interface string without arguments; the id itself where it is missing, which has been reported.
    pub fn message<'s>(&'s self, id: &'s str) -> &'s str {
        self.catalog.message(self.lang, id)
    }
}

/// Values one by one, as readers of a language see them, in their order.
pub fn items(values: &[Value], show: &Show<'_>) -> Vec<Item> {
    let mut items: Vec<Item> = values.iter().map(|value| show.field.kind.item(value, show)).collect();
    if show.field.kind.row() == Row::Alphabetical && items.len() > 1 {
        items.sort_by_cached_key(|item| show.locale().sort_key(&item.text));
    }
    items
}

/// Reads the values of the field that `cx` names, as they stand in a shared file: one or a list, and where the field is
/// localized a mapping from languages to them.
pub fn parse_values(node: &Node, cx: &mut Cx<'_, '_>) -> Option<Values> {
    if !cx.field.localized {
        return Some(Values::Shared(parse_list(node, cx)));
    }
    let what = cx.what();
    let mut each: PerLang<Vec<Value>> = vec![Vec::new(); cx.read.languages.len()];
    let Some(entries) = node.as_map() else {
        let help = format!("write one value a language, such as `{{ {}: … }}`", cx.read.languages[0]);
        cx.read.error("not-localized", node.range, format!("{what} differs by language"), help);
        return None;
    };
    for entry in entries {
        if let Some(lang) = cx.read.language(&entry.key, entry.key_range) {
            cx.lang = Some(lang);
            each[lang.index()] = parse_list(&entry.value, cx);
        }
    }
    cx.lang = None;
    Some(Values::Localized(each))
}

/// Reads one value, or a list where the field takes one.
pub fn parse_list(node: &Node, cx: &mut Cx<'_, '_>) -> Vec<Value> {
    let field = cx.field;
    match &node.value {
        crate::yaml::Value::Null => {
            let message = format!("{} has no value", cx.what());
            cx.read.error("empty-value", node.range, message, "write a value, or remove the line");
            Vec::new()
        }
        crate::yaml::Value::Seq(_) if !field.many => {
            let message = format!("{} takes one value, not a list", cx.what());
            let help = "remove all but one, or set `many: true` on the field in _type.yaml";
            cx.read.error("one-value", node.range, message, help);
            Vec::new()
        }
        crate::yaml::Value::Seq(items) => {
            let mut values: Vec<Value> = Vec::with_capacity(items.len());
            for item in items {
                let Some(value) = field.kind.parse(item, cx) else { continue };
                if values.iter().any(|other| other.repeats(&value)) {
                    let message = format!("{} has this value already", cx.what());
                    cx.read.error("duplicate-value", item.range, message, "remove one of the two");
                }
                values.push(value);
            }
            values
        }
        _ => field.kind.parse(node, cx).into_iter().collect(),
    }
}
