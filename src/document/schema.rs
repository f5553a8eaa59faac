//! `_type.yaml` and `_vocabularies/*.yaml`: which fields and terms a site declares; not which entries use them.

use ecow::EcoString;

use super::read::{PerLang, Reader, misspelt};
use crate::field::{self, Kind};
use crate::source::{FileId, Range, Span};
use crate::suggest;
use crate::url;
use crate::yaml::{Entry, Node};

/// A content type, as its `_type.yaml` declares it.
#[derive(Debug)]
pub struct TypeDef {
    /// The folder's name, and the type's id.
    pub id: EcoString,
    /// `_type.yaml`.
    pub file: FileId,
    /// The listing's title (plural).
    pub label: PerLang<EcoString>,
    /// One of them, as cards call it; by default the label.
    pub singular: PerLang<EcoString>,
    /// The grammatical gender of that in each language, one of [`GENDERS`]; empty where it does not matter.
    pub gender: PerLang<EcoString>,
    /// The listing's address segment; empty where `root` is set.
    pub slug: PerLang<EcoString>,
    /// A sentence under the listing's title.
    pub description: Option<PerLang<EcoString>>,
    /// What a language without a text shows.
    pub untranslated: Untranslated,
    /// Order of the listing.
    pub sort: Sort,
    /// The schema.org type of its entries.
    pub schema_org: Option<EcoString>,
    /// Whether there is an A–Z directory.
    pub directory: bool,
    /// Whether entries live directly below the language, without a listing.
    pub root: bool,
    /// How the status is derived.
    pub status: StatusRule,
    /// What is drawn above the listing.
    pub pictures: PictureRule,
    /// Indices of the fields whose dates are in the calendar.
    pub calendar: Vec<usize>,
    /// Indices of the fields that a card shows.
    pub card: Vec<usize>,
    /// The declared fields.
    pub fields: Vec<Field>,
}

impl TypeDef {
    /// The index of a field.
    pub fn field(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|f| f.name == name)
    }
}

/// What a language shows of an entry that has no text in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Untranslated {
    /// A page with the facts in the reader's language and the text in its own.
    #[default]
    Facts,
    /// A line in lists, which leads to the text in its own language.
    List,
    /// Nothing but a count.
    Hide,
}

/// The order of a listing; ties go by title.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sort {
    /// Index of the field; `None` is the title.
    pub field: Option<usize>,
    /// Largest or latest first.
    pub descending: bool,
}

/// Which fields the derived status comes from; indices into the type's fields.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct StatusRule {
    /// A date or instant from which it is open.
    pub opens: Option<usize>,
    /// Deadlines.
    pub closes: Option<usize>,
    /// A period in which it runs.
    pub period: Option<usize>,
    /// When it begins, as a date or an instant.
    pub starts: Option<usize>,
    /// When it ends, as a date or an instant.
    pub ends: Option<usize>,
    /// Days before a deadline from which it is closing soon.
    pub closing_soon: i64,
    /// The field that is filled in once results are published.
    pub results: Option<usize>,
}

/// Which fields the pictures above a listing are drawn from; indices into the type's fields.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PictureRule {
    /// A facet of countries.
    pub map: Option<usize>,
    /// A period, or deadlines.
    pub timeline: Option<usize>,
    /// References, drawn as a table of those that refer and those that are referred to.
    pub matrix: Option<usize>,
    /// References to entries of the same type, drawn as what leads to what.
    pub flow: Option<usize>,
}

/// A field of a type or of a group.
#[derive(Debug)]
pub struct Field {
    /// Its key in `index.yaml`.
    pub name: EcoString,
    /// Where it is declared.
    pub span: Span,
    /// What its values are.
    pub kind: &'static dyn Kind,
    /// How readers see it called.
    pub label: PerLang<EcoString>,
    /// Advice for editors.
    pub help: Option<PerLang<EcoString>>,
    /// Whether an entry must have it.
    pub required: bool,
    /// Whether it takes a list.
    pub many: bool,
    /// Whether listings can be narrowed by it.
    pub facet: bool,
    /// Whether each language has its own value.
    pub localized: bool,
    /// Its address segment as a facet.
    pub slug: PerLang<EcoString>,
    /// The vocabulary of a `term`.
    pub vocabulary: Option<(EcoString, Span)>,
    /// The types that a `reference` may lead to.
    pub to: Vec<(EcoString, Span)>,
    /// The vocabulary of a reference's `role`.
    pub roles: Option<(EcoString, Span)>,
    /// The name of the inverse list.
    pub inverse: Option<EcoString>,
    /// The heading of the inverse list; by default the label of the type that refers.
    pub inverse_label: Option<PerLang<EcoString>>,
    /// The property of schema.org that its values are; of a period, that of its beginning and that of its end.
    pub schema_org: Vec<EcoString>,
    /// The property of schema.org that the inverse list is.
    pub inverse_schema_org: Option<EcoString>,
    /// What an entry's page divides the references by.
    pub group_by: Option<(GroupBy, Span)>,
    /// The fields of a `group`.
    pub fields: Vec<Field>,
}

/// What references are divided by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GroupBy {
    /// Their roles.
    Role,
    /// The types that they lead to.
    Type,
    /// A field of the entries that they lead to.
    Field(EcoString),
}

/// A controlled vocabulary.
#[derive(Debug)]
pub struct Vocabulary {
    /// The file's name without its extension.
    pub id: EcoString,
    /// The file.
    pub file: FileId,
    /// What the vocabulary is called.
    pub label: PerLang<EcoString>,
    /// Its address segment as a facet.
    pub slug: PerLang<EcoString>,
    /// Its terms, in the order written.
    pub terms: Vec<Term>,
}

impl Vocabulary {
    /// The index of a term.
    pub fn term(&self, id: &str) -> Option<usize> {
        self.terms.iter().position(|t| t.id == id)
    }
}

/// A term of a vocabulary (SKOS concept).
#[derive(Debug)]
pub struct Term {
    /// Its id.
    pub id: EcoString,
    /// Where it is declared.
    pub span: Span,
    /// Preferred label (`skos:prefLabel`).
    pub label: PerLang<EcoString>,
    /// Address segment.
    pub slug: PerLang<EcoString>,
    /// Definition (`skos:definition`).
    pub definition: Option<PerLang<EcoString>>,
    /// Index of the broader term (`skos:broader`).
    pub broader: Option<usize>,
    /// Concepts of other schemes with the same meaning (`skos:exactMatch`).
    pub exact_match: Vec<EcoString>,
}

/// Grammatical genders that an interface string can tell apart.
pub const GENDERS: &[&str] = &["masculine", "feminine", "neuter", "common"];

const TYPE_KEYS: &[&str] = &[
    "label",
    "singular",
    "gender",
    "slug",
    "description",
    "untranslated",
    "sort",
    "schema_org",
    "directory",
    "root",
    "status",
    "pictures",
    "calendar",
    "card",
    "fields",
];

/// Keys that every entry has; a type cannot declare them again.
pub const ENVELOPE: &[&str] = &[
    "title",
    "slug",
    "summary",
    "body",
    "aliases",
    "source_language",
    "publish_on",
    "review_by",
    "expires_on",
    "superseded_by",
    "draft",
    "featured",
    "related",
    "sources",
    "facts",
    "translation",
    "demo",
    "was",
];

/// Reads a `_type.yaml`.
pub fn parse_type(id: &str, node: &Node, read: &mut Reader<'_>) -> Option<TypeDef> {
    read.map(node, "_type.yaml", TYPE_KEYS)?;
    let root = flag(read, node, "root");
    let label = required_label(read, node, "label", id, &format!("the label of `{id}`"));
    let singular = label_of(read, node, "singular").unwrap_or_else(|| label.clone());
    let slug =
        if root { label.iter().map(|_| EcoString::new()).collect() } else { slugs(read, node.get("slug"), &label) };
    let gender = genders(read, node.get("gender"));
    let fields = match node.get("fields") {
        Some(fields) => parse_fields(read, fields, false),
        None => Vec::new(),
    };
    let untranslated = choice(
        read,
        node.get("untranslated"),
        "`untranslated`",
        &[("facts", Untranslated::Facts), ("list", Untranslated::List), ("hide", Untranslated::Hide)],
    )
    .unwrap_or_default();
    let sort = parse_sort(read, node.get("sort"), &fields);
    let card = field_list(read, node.get("card"), &fields).unwrap_or_else(|| default_card(&fields));
    let status = parse_status(read, node.get("status"), &fields);
    let calendar = parse_calendar(read, node.get("calendar"), &fields);
    let pictures = node.get("pictures").map(|node| parse_pictures(read, node, id, &fields)).unwrap_or_default();
    Some(TypeDef {
        id: id.into(),
        file: read.file,
        description: label_of(read, node, "description"),
        schema_org: node.get("schema_org").and_then(|n| read.text(n, "`schema_org`").cloned()),
        directory: flag(read, node, "directory"),
        label,
        singular,
        gender,
        slug,
        untranslated,
        sort,
        root,
        status,
        pictures,
        calendar,
        card,
        fields,
    })
}

fn flag(read: &mut Reader<'_>, node: &Node, key: &str) -> bool {
    node.get(key).and_then(|n| read.boolean(n, &format!("`{key}`"))).unwrap_or(false)
}

fn label_of(read: &mut Reader<'_>, node: &Node, key: &str) -> Option<PerLang<EcoString>> {
    node.get(key).and_then(|n| read.per_language(n, &format!("`{key}`")))
}

/// A label; where it is missing, which is reported, the id stands for it, so that nothing else is said about it.
fn required_label(read: &mut Reader<'_>, node: &Node, key: &str, id: &str, what: &str) -> PerLang<EcoString> {
    let label = match node.get(key) {
        Some(label) => read.per_language(label, what),
        None if misspelt(node, key) => None,
        None => {
            let tags: Vec<_> = read.languages.iter().map(|tag| format!("{tag}: …")).collect();
            let help = format!("add `{key}: {{ {} }}`", tags.join(", "));
            read.error("missing-label", node.range, format!("{what} is missing"), help);
            None
        }
    };
    label.unwrap_or_else(|| vec![id.into(); read.languages.len()])
}

/// The gender of a type's name in each language that says one.
fn genders(read: &mut Reader<'_>, node: Option<&Node>) -> PerLang<EcoString> {
    let mut genders = vec![EcoString::new(); read.languages.len()];
    let written = node.and_then(|node| read.some_languages(node, "`gender`"));
    for (gender, (text, range)) in
        genders.iter_mut().zip(written.unwrap_or_default()).filter_map(|(gender, text)| Some((gender, text?)))
    {
        match GENDERS.contains(&text.as_str()) {
            true => *gender = text,
            false => {
                let help = suggest::remedy(&text, GENDERS.iter().copied(), "choices");
                read.error("unknown-choice", range, format!("`gender` cannot be `{text}`"), help);
            }
        }
    }
    genders
}

/// Address segments as written, or made from the label.
fn slugs(read: &mut Reader<'_>, node: Option<&Node>, label: &[EcoString]) -> PerLang<EcoString> {
    let made = || label.iter().map(|text| non_empty(url::slug(text))).collect();
    let Some(node) = node else { return made() };
    let Some(written) = read.some_languages(node, "`slug`") else { return made() };
    let mut slugs: PerLang<EcoString> = made();
    for (slug, written) in slugs.iter_mut().zip(written) {
        let Some((text, range)) = written else { continue };
        if url::is_segment(&text) {
            *slug = text;
        } else {
            bad_segment(read, range, &text);
        }
    }
    slugs
}

/// Reports a slug that cannot be part of an address.
pub fn bad_segment(read: &mut Reader<'_>, range: Range, text: &str) {
    let shown: String = text.chars().take(40).collect();
    let help = format!("write letters from a to z, digits and hyphens, such as `{}`", non_empty(url::slug(text)));
    read.error("bad-slug", range, format!("`{shown}` cannot be part of an address"), help);
}

fn non_empty(slug: EcoString) -> EcoString {
    if slug.is_empty() { "x".into() } else { slug }
}

fn choice<T: Copy>(read: &mut Reader<'_>, node: Option<&Node>, what: &str, choices: &[(&str, T)]) -> Option<T> {
    let node = node?;
    let text = read.text(node, what)?;
    let found = choices.iter().find(|(name, _)| name == text);
    if found.is_none() {
        let help = suggest::remedy(text, choices.iter().map(|(name, _)| *name), "choices");
        read.error("unknown-choice", node.range, format!("{what} cannot be `{text}`"), help);
    }
    found.map(|(_, value)| *value)
}

fn parse_sort(read: &mut Reader<'_>, node: Option<&Node>, fields: &[Field]) -> Sort {
    let by_title = Sort { field: None, descending: false };
    let Some(node) = node else { return by_title };
    let Some(text) = read.text(node, "`sort`") else { return by_title };
    let (name, descending) = text.strip_prefix('-').map_or((text.as_str(), false), |name| (name, true));
    if name == "title" {
        return Sort { field: None, descending };
    }
    match find_field(read, node, name, fields) {
        Some(at) => Sort { field: Some(at), descending },
        None => by_title,
    }
}

fn find_field(read: &mut Reader<'_>, node: &Node, name: &str, fields: &[Field]) -> Option<usize> {
    let found = fields.iter().position(|f| f.name == name);
    if found.is_none() {
        let help = suggest::remedy(name, fields.iter().map(|f| f.name.as_str()), "fields");
        read.error("unknown-field", node.range, format!("this type has no field `{name}`"), help);
    }
    found
}

fn field_list(read: &mut Reader<'_>, node: Option<&Node>, fields: &[Field]) -> Option<Vec<usize>> {
    let items = read.list(node?);
    let mut found = Vec::new();
    for item in items {
        if let Some(name) = read.text(item, "a field's name").cloned() {
            found.extend(find_field(read, item, &name, fields));
        }
    }
    Some(found)
}

/// Without `card:`, what tells entries apart at a glance: their first moment in time.
fn default_card(fields: &[Field]) -> Vec<usize> {
    fields.iter().position(|f| f.kind.is_temporal()).into_iter().collect()
}

fn parse_status(read: &mut Reader<'_>, node: Option<&Node>, fields: &[Field]) -> StatusRule {
    let of_kind = |name: &str| fields.iter().position(|f| f.kind.name() == name);
    let mut rule = StatusRule { closing_soon: 14, ..StatusRule::default() };
    let Some(node) = node else {
        rule.closes = of_kind("deadline");
        rule.period = if rule.closes.is_none() { of_kind("period") } else { None };
        return rule;
    };
    let keys = ["opens", "closes", "period", "starts", "ends", "closing_soon", "results"];
    for entry in read.map(node, "`status`", &keys).unwrap_or_default() {
        if entry.key == "closing_soon" {
            rule.closing_soon = read.count(&entry.value, "`closing_soon`").map_or(14, |days| days.min(3660) as i64);
            continue;
        }
        let Some(name) = read.text(&entry.value, "a field's name").cloned() else { continue };
        let Some(at) = find_field(read, &entry.value, &name, fields) else { continue };
        let allowed: &[&str] = match entry.key.as_str() {
            "closes" => &["deadline"],
            "period" => &["period"],
            "results" => &[],
            _ => &["date", "instant"],
        };
        if !allowed.is_empty() && !allowed.contains(&fields[at].kind.name()) {
            let message =
                format!("`{name}` is a {}, which cannot say when an entry {}", fields[at].kind.name(), entry.key);
            read.error(
                "wrong-kind",
                entry.value.range,
                message,
                format!("name a field of kind {}", allowed.join(" or ")),
            );
            continue;
        }
        match entry.key.as_str() {
            "opens" => rule.opens = Some(at),
            "closes" => rule.closes = Some(at),
            "period" => rule.period = Some(at),
            "starts" => rule.starts = Some(at),
            "ends" => rule.ends = Some(at),
            "results" => rule.results = Some(at),
            _ => {}
        }
    }
    rule
}

fn parse_pictures(read: &mut Reader<'_>, node: &Node, id: &str, fields: &[Field]) -> PictureRule {
    let mut rule = PictureRule::default();
    for entry in read.map(node, "`pictures`", &["map", "timeline", "matrix", "flow"]).unwrap_or_default() {
        let Some(name) = read.text(&entry.value, "a field's name").cloned() else { continue };
        let Some(at) = find_field(read, &entry.value, &name, fields) else { continue };
        let field = &fields[at];
        let kind = field.kind.name();
        let (place, fits, help) = match entry.key.as_str() {
            "map" => {
                let fits = kind == "country" && field.facet;
                (&mut rule.map, fits, "name a field of kind country with `facet: true`")
            }
            "timeline" => {
                let fits = ["period", "deadline"].contains(&kind) && !field.localized;
                (&mut rule.timeline, fits, "name a shared field of kind period or deadline")
            }
            "matrix" => (&mut rule.matrix, kind == "reference" && !field.localized, "name a field of kind reference"),
            _ => {
                let fits = kind == "reference" && !field.localized && field.to.iter().any(|(to, _)| to == id);
                (&mut rule.flow, fits, "name a field of kind reference that leads to entries of this type")
            }
        };
        match fits {
            true => *place = Some(at),
            false => {
                let message = format!("`{name}` cannot be drawn as a {}", entry.key);
                read.error("wrong-kind", entry.value.range, message, help);
            }
        }
    }
    rule
}

fn parse_calendar(read: &mut Reader<'_>, node: Option<&Node>, fields: &[Field]) -> Vec<usize> {
    let mut found = field_list(read, node, fields).unwrap_or_default();
    found.retain(|at| {
        let field = &fields[*at];
        let fits = field.kind.is_temporal() && !field.localized;
        if !fits && let Some(node) = node {
            let message = format!("`{}` has no place in a calendar", field.name);
            let help = "name shared fields of kind date, period, instant or deadline";
            read.error("wrong-kind", node.range, message, help);
        }
        fits
    });
    found
}

const FIELD_KEYS: &[&str] = &[
    "kind",
    "label",
    "help",
    "required",
    "many",
    "facet",
    "localized",
    "slug",
    "vocabulary",
    "to",
    "roles",
    "inverse",
    "inverse_label",
    "group_by",
    "schema_org",
    "inverse_schema_org",
    "fields",
];

/// Names of properties of schema.org, such as `startDate`; a list of two for a period.
fn schema_org(read: &mut Reader<'_>, node: Option<&Node>) -> Vec<EcoString> {
    let Some(node) = node else { return Vec::new() };
    let names: Vec<EcoString> =
        read.list(node).iter().filter_map(|name| read.text(name, "a property of schema.org").cloned()).collect();
    let legal = |name: &EcoString| {
        name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
    };
    if let Some(wrong) = names.iter().find(|name| !legal(name)) {
        let message = format!("`{wrong}` is no property of schema.org");
        read.error("wrong-kind", node.range, message, "write its name as schema.org does, such as `startDate`");
    }
    names
}

fn parse_fields(read: &mut Reader<'_>, node: &Node, in_group: bool) -> Vec<Field> {
    let entries = read.any_map(node, "`fields`").unwrap_or_default();
    entries.iter().filter_map(|entry| parse_field(read, entry, in_group)).collect()
}

fn parse_field(read: &mut Reader<'_>, entry: &Entry, in_group: bool) -> Option<Field> {
    let name = &entry.key;
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !name.chars().all(legal) || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        let message = format!("`{name}` cannot be the name of a field");
        read.error("bad-field-name", entry.key_range, message, "write letters from a to z, digits and `_`");
        return None;
    }
    if !in_group && ENVELOPE.contains(&name.as_str()) {
        let message = format!("every entry has `{name}` already");
        read.error("reserved-field", entry.key_range, message, "remove it from `fields`, or give it another name");
        return None;
    }
    let node = &entry.value;
    read.map(node, &format!("the field `{name}`"), FIELD_KEYS)?;
    let kind = parse_kind(read, node, entry)?;
    let label = required_label(read, node, "label", name, &format!("the label of the field `{name}`"));
    let slug = slugs(read, node.get("slug"), &label);
    let fields = node.get("fields").map(|n| parse_fields(read, n, true)).unwrap_or_default();
    let field = Field {
        name: name.clone(),
        span: read.at(entry.key_range),
        kind,
        help: label_of(read, node, "help"),
        required: flag(read, node, "required"),
        many: flag(read, node, "many"),
        facet: flag(read, node, "facet"),
        localized: flag(read, node, "localized"),
        vocabulary: spanned(read, node.get("vocabulary").filter(|_| kind.name() == "term"), "`vocabulary`"),
        to: node.get("to").map(|n| names(read, n)).unwrap_or_default(),
        roles: spanned(read, node.get("roles"), "`roles`"),
        inverse: node.get("inverse").and_then(|n| read.text(n, "`inverse`").cloned()),
        inverse_label: label_of(read, node, "inverse_label"),
        schema_org: schema_org(read, node.get("schema_org")),
        inverse_schema_org: schema_org(read, node.get("inverse_schema_org")).into_iter().next(),
        group_by: spanned(read, node.get("group_by"), "`group_by`").map(|(name, span)| {
            let by = match name.as_str() {
                "role" => GroupBy::Role,
                "type" => GroupBy::Type,
                _ => GroupBy::Field(name),
            };
            (by, span)
        }),
        label,
        slug,
        fields,
    };
    check_field(read, node, entry, &field);
    Some(field)
}

fn parse_kind(read: &mut Reader<'_>, node: &Node, entry: &Entry) -> Option<&'static dyn Kind> {
    let names = || field::KINDS.iter().map(|k| k.name());
    let Some(kind) = node.get("kind") else {
        let help = format!("add `kind: …`; kinds: {}", names().collect::<Vec<_>>().join(", "));
        read.error("missing-key", entry.key_range, format!("the field `{}` has no `kind`", entry.key), help);
        return None;
    };
    let name = read.text(kind, "`kind`")?;
    let found = field::kind(name);
    if found.is_none() {
        let help = suggest::remedy(name, names().collect::<Vec<_>>(), "kinds");
        read.error("unknown-kind", kind.range, format!("there is no kind of field `{name}`"), help);
    }
    found
}

/// What a kind needs, and what makes no sense on it.
fn check_field(read: &mut Reader<'_>, node: &Node, entry: &Entry, field: &Field) {
    let kind = field.kind.name();
    let name = &field.name;
    if kind == "term" && field.vocabulary.is_none() {
        read.error(
            "missing-key",
            entry.key_range,
            format!("the term field `{name}` has no `vocabulary`"),
            "add `vocabulary: themes`",
        );
    }
    if kind == "reference" && field.to.is_empty() {
        read.error(
            "missing-key",
            entry.key_range,
            format!("the reference field `{name}` has no `to`"),
            "add `to: organisations`",
        );
    }
    if kind == "group" && field.fields.is_empty() {
        read.error(
            "missing-key",
            entry.key_range,
            format!("the group `{name}` has no `fields`"),
            "add `fields: { … }`",
        );
    }
    for (key, only) in [
        ("vocabulary", "term"),
        ("to", "reference"),
        ("roles", "reference"),
        ("inverse", "reference"),
        ("group_by", "reference"),
        ("fields", "group"),
    ] {
        if let Some(at) = node.entry(key)
            && kind != only
        {
            let message = format!("`{key}` is for fields of kind {only}; `{name}` is of kind {kind}");
            read.error("useless-key", at.key_range, message, format!("remove `{key}`, or change the kind"));
        }
    }
    if field.facet
        && (!field.kind.can_facet() || field.localized)
        && let Some(at) = node.entry("facet")
    {
        let message = format!("`{name}` cannot be a facet");
        let kinds: Vec<_> = field::KINDS.iter().filter(|k| k.can_facet()).map(|k| k.name()).collect();
        read.error(
            "useless-key",
            at.key_range,
            message,
            format!("facets are shared fields of kind {}", kinds.join(", ")),
        );
    }
}

fn spanned(read: &mut Reader<'_>, node: Option<&Node>, what: &str) -> Option<(EcoString, Span)> {
    let node = node?;
    let text = read.text(node, what)?.clone();
    Some((text, read.at(node.range)))
}

fn names(read: &mut Reader<'_>, node: &Node) -> Vec<(EcoString, Span)> {
    let items = read.list(node);
    items.iter().filter_map(|item| spanned(read, Some(item), "a name")).collect()
}

/// Reads a vocabulary.
pub fn parse_vocabulary(id: &str, node: &Node, read: &mut Reader<'_>) -> Option<Vocabulary> {
    read.map(node, "a vocabulary", &["label", "slug", "terms"])?;
    let label = required_label(read, node, "label", id, &format!("the label of the vocabulary `{id}`"));
    let slug = slugs(read, node.get("slug"), &label);
    let entries = node.get("terms").and_then(|n| read.any_map(n, "`terms`")).unwrap_or_default();
    let mut terms = Vec::with_capacity(entries.len());
    let mut broader = Vec::with_capacity(entries.len());
    for entry in entries {
        if let Some((term, up)) = parse_term(read, entry) {
            terms.push(term);
            broader.push(up);
        }
    }
    for (at, up) in broader.into_iter().enumerate() {
        let Some((name, span)) = up else { continue };
        match terms.iter().position(|t: &Term| t.id == name) {
            Some(found) => terms[at].broader = Some(found),
            None => {
                let help = suggest::remedy(&name, terms.iter().map(|t| t.id.as_str()), "terms");
                read.error("unknown-term", span.range, format!("`{id}` has no term `{name}`"), help);
            }
        }
    }
    break_cycles(read, &mut terms);
    Some(Vocabulary { id: id.into(), file: read.file, label, slug, terms })
}

type Broader = Option<(EcoString, Span)>;

fn parse_term(read: &mut Reader<'_>, entry: &Entry) -> Option<(Term, Broader)> {
    let what = format!("the term `{}`", entry.key);
    if !url::is_segment(&entry.key) {
        bad_segment(read, entry.key_range, &entry.key);
        return None;
    }
    read.map(&entry.value, &what, &["label", "slug", "broader", "definition", "exact_match"])?;
    let label = required_label(read, &entry.value, "label", &entry.key, &format!("the label of {what}"));
    let slug = slugs(read, entry.value.get("slug"), &label);
    let broader = spanned(read, entry.value.get("broader"), "`broader`");
    let definition = label_of(read, &entry.value, "definition");
    let exact_match = entry.value.get("exact_match").map(|n| names(read, n)).unwrap_or_default();
    let exact_match = exact_match.into_iter().map(|(uri, _)| uri).collect();
    let span = read.at(entry.key_range);
    Some((Term { id: entry.key.clone(), span, label, slug, definition, broader: None, exact_match }, broader))
}

/// A term cannot be broader than itself, whatever the way round.
fn break_cycles(read: &mut Reader<'_>, terms: &mut [Term]) {
    for start in 0..terms.len() {
        let mut at = start;
        for _ in 0..terms.len() {
            match terms[at].broader {
                Some(up) if up == start => {
                    let message = format!("`{}` is broader than itself", terms[start].id);
                    read.error("cyclic-terms", terms[start].span.range, message, "remove one `broader` of the circle");
                    terms[start].broader = None;
                    break;
                }
                Some(up) => at = up,
                None => break,
            }
        }
    }
}
