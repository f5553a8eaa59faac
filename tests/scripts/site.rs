//! A random small site as a model, and the files that say it; it knows neither how it changes nor how it is built.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Files by path, with `/`.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// Languages that a site may have.
pub(crate) const LANGUAGES: [&str; 4] = ["en", "fr", "sv", "lv"];

/// Days on which something may happen; the clock stands on them, too.
pub(crate) const DAYS: [&str; 8] =
    ["2026-01-10", "2026-01-20", "2026-02-01", "2026-02-10", "2026-02-24", "2026-03-10", "2026-03-29", "2026-06-30"];

/// The types: `calls` has fields of many kinds, `notes` few, `pages` have no listing.
pub(crate) const CALLS: usize = 0;
pub(crate) const NOTES: usize = 1;
pub(crate) const PAGES: usize = 2;

/// The fields of a type, as `_type.yaml` declares them without labels and facets, and whether they may be facets.
pub(crate) fn fields(kind: usize) -> &'static [(&'static str, &'static str, bool)] {
    match kind {
        CALLS => &[
            ("deadline", "kind: deadline, many: true", true),
            ("themes", "kind: term, vocabulary: themes, many: true", true),
            ("country", "kind: country, many: true", true),
            ("budget", "kind: money", false),
            ("partners", "kind: reference, to: [notes, pages], many: true, inverse: calls", true),
            ("follows", "kind: reference, to: calls, inverse: followers", true),
            ("picture", "kind: image", false),
            ("rules", "kind: file, many: true", false),
            ("remark", "kind: text, localized: true", false),
            ("conditions", "kind: markdown, localized: true", false),
        ],
        NOTES => &[
            ("day", "kind: date", true),
            ("themes", "kind: term, vocabulary: themes, many: true", true),
            ("lasts", "kind: period", true),
        ],
        _ => &[],
    }
}

pub(crate) const KINDS: [&str; 3] = ["calls", "notes", "pages"];

/// What is wrong with a site until it is mended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Fault {
    /// References to what is not there are written all the same.
    Dangling,
    /// Texts in languages that the site does not have.
    Orphans,
    UnknownKey,
    UnknownTerm,
    BrokenYaml,
    BrokenFrontMatter,
    BrokenBody,
    NotUtf8,
    MissingLabel,
    BrokenConfig,
    MisspeltConfig,
    TemplateSyntax,
    TemplateRun,
    BrokenMessages,
    StrayFile,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Kind {
    pub(crate) label: usize,
    pub(crate) slug: Option<usize>,
    pub(crate) description: Option<usize>,
    pub(crate) sort: usize,
    pub(crate) card: usize,
    pub(crate) untranslated: usize,
    pub(crate) closing_soon: Option<usize>,
    pub(crate) directory: bool,
    pub(crate) reversed: bool,
    /// Fields that are not declared.
    pub(crate) without: BTreeSet<&'static str>,
    /// Fields that are facets.
    pub(crate) facets: BTreeSet<&'static str>,
    pub(crate) labels: BTreeMap<&'static str, usize>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Term {
    pub(crate) label: usize,
    pub(crate) slug: Option<usize>,
    pub(crate) broader: Option<usize>,
}

#[derive(Clone, Debug)]
pub(crate) enum Block {
    Text(usize),
    Heading(usize),
    Link(usize),
    Titled(usize),
    Fact(&'static str),
    Figure,
    Download,
    Html(usize),
    Footnote(usize),
    /// A date that may contradict the facts, which is a warning.
    Day(usize),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    pub(crate) title: usize,
    pub(crate) slug: Option<usize>,
    pub(crate) summary: Option<usize>,
    pub(crate) alias: Option<usize>,
    pub(crate) remark: Option<usize>,
    pub(crate) conditions: Option<usize>,
    pub(crate) translation: Option<usize>,
    pub(crate) draft: bool,
    pub(crate) body: Vec<Block>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Entry {
    pub(crate) kind: usize,
    /// A folder between the type's and the entry's.
    pub(crate) group: Option<usize>,
    /// Whether facts and text are one file, where that is possible.
    pub(crate) single: bool,
    pub(crate) source: usize,
    pub(crate) texts: BTreeMap<&'static str, Text>,
    pub(crate) deadlines: Vec<(usize, Option<usize>)>,
    pub(crate) themes: BTreeSet<usize>,
    pub(crate) countries: BTreeSet<usize>,
    pub(crate) budget: Option<usize>,
    pub(crate) partners: BTreeSet<usize>,
    pub(crate) follows: Option<usize>,
    pub(crate) related: BTreeSet<usize>,
    pub(crate) superseded_by: Option<usize>,
    pub(crate) publish_on: Option<usize>,
    pub(crate) expires_on: Option<usize>,
    pub(crate) review_by: Option<usize>,
    pub(crate) day: Option<usize>,
    pub(crate) lasts: Option<(usize, usize)>,
    pub(crate) checked: Option<usize>,
    pub(crate) source_note: Option<usize>,
    pub(crate) draft: bool,
    pub(crate) featured: bool,
    /// Its files: a variant of the content by name.
    pub(crate) files: BTreeMap<&'static str, usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) title: usize,
    pub(crate) base: usize,
    pub(crate) languages: Vec<&'static str>,
    pub(crate) fallback: Option<usize>,
    pub(crate) zone: usize,
    pub(crate) page_size: usize,
    pub(crate) facet_pairs: usize,
    pub(crate) feed_entries: usize,
    pub(crate) menu: Vec<usize>,
    pub(crate) footer: Option<usize>,
    pub(crate) publisher: Option<usize>,
    pub(crate) compress: usize,
    pub(crate) typography: BTreeMap<&'static str, usize>,
    /// The built-in theme instead of the site's own.
    pub(crate) built_in: bool,
    pub(crate) templates: BTreeMap<&'static str, usize>,
    pub(crate) assets: BTreeMap<&'static str, usize>,
    pub(crate) messages: BTreeMap<&'static str, usize>,
    pub(crate) kinds: [Kind; 3],
    pub(crate) vocabulary: usize,
    pub(crate) terms: BTreeMap<usize, Term>,
    pub(crate) entries: BTreeMap<usize, Entry>,
    pub(crate) intros: BTreeMap<(Option<usize>, &'static str), usize>,
    pub(crate) faults: BTreeSet<Fault>,
    /// The number that the next entry or term gets.
    pub(crate) next: usize,
}

/// The templates that scripts edit. They show all that they are given, in the shortest way: what a view holds, outputs
/// hold.
const TEMPLATES: [(&str, &str); 16] = [
    ("404.html", "{% extends \"base.html\" %}{% block main %}{{ title }}{% endblock %}"),
    (
        "base.html",
        "{{ lang }} {{ page | safe }}\n{{ site.title }} {{ site.languages | safe }} {{ site.publisher | safe }}\n\
         {{ menu }}{{ footer }}\n{% block main %}{% endblock %}\n",
    ),
    (
        "calendar.html",
        "{% extends \"base.html\" %}{% block main %}{{ title }} {{ coming }} {{ months | safe }} {{ years | safe }} \
         {{ pages | safe }} {{ front }}{% endblock %}",
    ),
    ("card.html", "{{ card | safe }}"),
    ("chooser.html", "{% extends \"base.html\" %}{% block main %}{{ choices | safe }}{% endblock %}"),
    (
        "directory.html",
        "{% extends \"base.html\" %}{% block main %}{{ title }} {{ letters | safe }} {{ groups | safe }} {{ count }}\
         {% endblock %}",
    ),
    ("entry.html", "{% extends \"base.html\" %}{% block main %}{{ entry | safe }}\n{{ cards | safe }}{% endblock %}"),
    ("facets.html", "{{ facets | safe }}"),
    ("gone.html", "{% extends \"base.html\" %}{% block main %}{{ title }} {{ text }} {{ to | safe }}{% endblock %}"),
    ("moved.html", "{{ page | safe }} {{ title }} {{ to | safe }}"),
    ("footer.html", "{{ site.footer | safe }}"),
    (
        "home.html",
        "{% extends \"base.html\" %}{% block main %}{{ title }} {{ description }} {{ intro | safe }} {{ types | safe }}\n\
         {{ featured | safe }}\n{{ open | safe }}\n{{ latest | safe }}{% endblock %}",
    ),
    (
        "listing.html",
        "{% extends \"base.html\" %}{% block main %}{{ title }} {{ heading }} {{ description }} {{ intro | safe }} {{ kind }} \
         {{ count }} {{ selection | safe }} {{ elsewhere | safe }} {{ directory }} {{ feeds | safe }} {{ number }} {{ pages | safe }} \
         {{ previous }} {{ next }}\n{{ facets }}\n{{ cards | safe }}{% endblock %}",
    ),
    (
        "data.html",
        "{% extends \"base.html\" %}{% block main %}{{ title }} {{ license }} {{ types | safe }} {{ vocabularies | safe }} \
         {{ catalogue | safe }}{% endblock %}",
    ),
    (
        "search.html",
        "{% extends \"base.html\" %}{% block main %}{{ title }} {{ types | safe }} {{ coverage | safe }}{% endblock %}",
    ),
    ("menu.html", "{{ section }}: {{ site.menu | safe }}"),
];

impl Default for Site {
    /// The least: two languages, two types, a term, no entry.
    fn default() -> Self {
        let mut calls = Kind { facets: BTreeSet::from(["deadline", "themes"]), ..Kind::default() };
        calls.without.extend(["follows", "rules", "picture"]);
        Site {
            title: 0,
            base: 0,
            languages: vec!["en", "fr"],
            fallback: None,
            zone: 0,
            page_size: 20,
            facet_pairs: 20,
            feed_entries: 20,
            menu: vec![CALLS],
            footer: None,
            publisher: None,
            compress: 0,
            typography: BTreeMap::new(),
            built_in: false,
            templates: BTreeMap::new(),
            assets: BTreeMap::new(),
            messages: BTreeMap::new(),
            kinds: [calls, Kind::default(), Kind::default()],
            vocabulary: 0,
            terms: BTreeMap::from([(0, Term::default())]),
            entries: BTreeMap::new(),
            intros: BTreeMap::new(),
            faults: BTreeSet::new(),
            next: 1,
        }
    }
}

/// A sentence with something for typography to do.
pub(crate) fn words(n: usize) -> String {
    let subject = ["L'appel", "Une maison", "Ångström", "Ēka", "The 'other' call", "Zebra", "Étude"];
    let predicate =
        ["est ouvert ?", "says \"no\"", "costs 5 EUR", "ir liela", "har 3 rum; ja!", "« oui »", "-- maybe..."];
    format!("{} {} {}", subject[n % 7], predicate[n / 7 % 7], n / 49)
}

fn title(n: usize) -> String {
    let word = ["L'appel", "Maison", "Ångström", "Ēka", "Call: two", "Zebra", "étude"];
    format!("{} {}", word[n % 7], n / 7)
}

impl Site {
    fn faulty(&self, fault: Fault) -> bool {
        self.faults.contains(&fault)
    }

    /// A map from the site's languages to a word.
    fn labels(&self, word: &str, n: usize) -> String {
        let each: Vec<String> = self.languages.iter().map(|tag| format!("{tag}: {word} {tag} {n}")).collect();
        format!("{{ {} }}", each.join(", "))
    }

    /// All files of the site.
    pub(crate) fn files(&self) -> Files {
        let mut files = Files::new();
        let mut put = |path: String, text: String| drop(files.insert(path, text.into_bytes()));
        put("relais.yaml".into(), self.config());
        put("content/_vocabularies/themes.yaml".into(), self.themes());
        for (kind, name) in KINDS.iter().enumerate() {
            put(format!("content/{name}/_type.yaml"), self.declaration(kind));
        }
        for ((kind, tag), n) in &self.intros {
            if self.languages.contains(tag) {
                let folder = kind.map(|kind| format!("{}/", KINDS[kind])).unwrap_or_default();
                let front = if n % 2 == 0 { String::new() } else { format!("---\ntitle: Intro {n}\n---\n") };
                put(format!("content/{folder}_index.{tag}.md"), format!("{front}{}\n", words(*n)));
            }
        }
        for (tag, n) in &self.messages {
            let broken = if self.faulty(Fault::BrokenMessages) { "= what\n" } else { "" };
            put(format!("i18n/{tag}/own.ftl"), format!("home = Home {n}\nfeatured = Featured {n}\n{broken}"));
        }
        if !self.built_in {
            for (name, text) in TEMPLATES {
                put(format!("themes/plain/templates/{name}"), self.template(name, text));
            }
            put("themes/plain/theme.yaml".into(), "description: For tests.\n".into());
            for (name, n) in &self.assets {
                put(format!("themes/plain/assets/{name}"), format!("/* {n} */\n"));
            }
        }
        for (id, entry) in &self.entries {
            self.entry(*id, entry, &mut files);
        }
        if self.faulty(Fault::StrayFile) {
            files.insert("content/calls/stray.txt".into(), b"stray".to_vec());
        }
        if self.faulty(Fault::NotUtf8) {
            files.insert("content/notes/bytes.en.md".into(), b"---\ntitle: Bytes\n---\n\xFF\xFE\n".to_vec());
        }
        files
    }

    fn template(&self, name: &str, text: &str) -> String {
        let mut text = text.to_owned();
        if let Some(n) = self.templates.get(name) {
            let mark = match n % 3 {
                2 => "{{ site.t.home }}{{ msg(id=\"results\", count=3) }}",
                _ => "",
            };
            match text.find("{% block main %}") {
                Some(at) => text.insert_str(at + "{% block main %}".len(), &format!("<i>{n}</i>{mark}")),
                None => text.push_str(&format!("<i>{n}</i>{mark}")),
            }
        }
        match name {
            "404.html" if self.faulty(Fault::TemplateRun) => text + "{{ 1 / title }}",
            "home.html" if self.faulty(Fault::TemplateSyntax) => text + "{% if %}",
            _ => text,
        }
    }

    fn config(&self) -> String {
        let mut out = String::new();
        let base = ["https://portal.example/", "https://portal.example/sub/", "https://other.example/"][self.base];
        let zone = ["Europe/Brussels", "Europe/Riga", "UTC"][self.zone];
        let _ = writeln!(out, "title: {}\nbase_url: {base}\ntime_zone: {zone}", self.labels("Portal", self.title));
        let key = if self.faulty(Fault::MisspeltConfig) { "langauges" } else { "languages" };
        let _ = writeln!(out, "{key}: [{}]", self.languages.join(", "));
        if let Some(n) = self.fallback {
            let at = |n: usize| self.languages[n % self.languages.len()];
            let _ = writeln!(out, "fallback: {{ {}: [{}] }}", at(n), at(n + 1 + n / 4));
        }
        let _ = writeln!(out, "theme: {}", if self.built_in { "relais" } else { "plain" });
        let menu: Vec<&str> = self.menu.iter().map(|kind| KINDS[*kind]).collect();
        let _ = writeln!(out, "menu: [{}]", menu.join(", "));
        if let Some(name) = self.footer.and_then(|id| self.key(id)) {
            let _ = writeln!(out, "footer: [{name}]");
        }
        if let Some(n) = self.publisher {
            let _ =
                writeln!(out, "publisher: {{ name: {}, url: https://office.example/{n} }}", self.labels("Office", n));
        }
        let each: Vec<String> = self
            .typography
            .iter()
            .filter(|(tag, _)| self.languages.contains(tag))
            .map(|(tag, n)| format!("{tag}: {}", ["national", "eu", "none"][n % 3]))
            .collect();
        let _ = writeln!(out, "typography: {{ {} }}", each.join(", "));
        let _ = writeln!(
            out,
            "limits: {{ facet_pairs: {}, page_size: {}, feed_entries: {}, feed_archive: {} }}",
            self.facet_pairs, self.page_size, self.feed_entries, self.page_size
        );
        if self.facet_pairs % 2 == 1 {
            out.push_str("feeds: { content: full }\n");
        }
        let compress = ["", "compress: [gzip]\n", "compress: { gzip: 1, brotli: 2 }\n"];
        out.push_str(compress[self.compress]);
        if self.faulty(Fault::BrokenConfig) {
            out.push_str("menu: [\n");
        }
        out
    }

    fn themes(&self) -> String {
        let mut out = format!("label: {}\nterms:\n", self.labels("Theme", self.vocabulary));
        for (id, term) in &self.terms {
            let _ = write!(out, "  t{id}: {{ label: {}", self.labels("Term", 100 * id + term.label));
            if let Some(n) = term.slug {
                let _ = write!(out, ", slug: {{ {}: s{id}-{n} }}", self.languages[n % self.languages.len()]);
            }
            if let Some(up) = term.broader.filter(|up| up < id && self.terms.contains_key(up)) {
                let _ = write!(out, ", broader: t{up}");
            }
            out.push_str(" }\n");
        }
        out
    }

    fn declaration(&self, kind: usize) -> String {
        let Kind { label, slug, description, sort, card, untranslated, closing_soon, directory, .. } = self.kinds[kind];
        let mut out = String::new();
        if !(kind == NOTES && self.faulty(Fault::MissingLabel)) {
            let _ = writeln!(out, "label: {}", self.labels(["Calls", "Notes", "Pages"][kind], label));
        }
        if let Some(n) = description {
            let _ = writeln!(out, "description: {}", self.labels("About", n));
        }
        let _ = writeln!(out, "untranslated: {}", ["facts", "list", "hide"][untranslated % 3]);
        if kind == PAGES {
            return out + "root: true\n";
        }
        if let Some(n) = slug {
            let _ = writeln!(out, "slug: {{ {}: {}-{n} }}", self.languages[n % self.languages.len()], KINDS[kind]);
        }
        let _ = writeln!(out, "directory: {directory}");
        let declared: Vec<_> =
            fields(kind).iter().filter(|(name, ..)| !self.kinds[kind].without.contains(name)).collect();
        let sorts = [&["title", "-deadline", "budget", "deadline"][..], &["title", "-title", "-day", "day"]][kind];
        let sort = sorts[sort % sorts.len()];
        let is_declared = |name: &str| declared.iter().any(|(field, ..)| *field == name);
        if sort.ends_with("title") || is_declared(sort.trim_start_matches('-')) {
            let _ = writeln!(out, "sort: {sort}");
        }
        let dates: Vec<&str> = ["day", "deadline"].into_iter().filter(|name| is_declared(name)).collect();
        let _ = writeln!(out, "calendar: [{}]", dates.join(", "));
        let shown: Vec<&str> =
            declared.iter().enumerate().filter(|(at, _)| card >> at & 1 == 1).map(|(_, (name, ..))| *name).collect();
        if card > 0 {
            let _ = writeln!(out, "card: [{}]", shown.join(", "));
        }
        if let Some(days) = closing_soon.filter(|_| kind == CALLS && is_declared("deadline")) {
            let results = if is_declared("budget") { ", results: budget" } else { "" };
            let _ = writeln!(out, "status: {{ closes: deadline, closing_soon: {days}{results} }}");
        }
        if !declared.is_empty() {
            out.push_str("fields:\n");
        }
        let mut lines: Vec<String> = Vec::new();
        for (name, spec, may_facet) in declared {
            let facet = *may_facet && self.kinds[kind].facets.contains(name);
            let label = self.labels(name, self.kinds[kind].labels.get(name).copied().unwrap_or(0));
            lines.push(format!("  {name}: {{ {spec}, facet: {facet}, label: {label} }}\n"));
        }
        if self.kinds[kind].reversed {
            lines.reverse();
        }
        out + &lines.concat()
    }

    /// How an entry is named, `calls/e3`, where it is there or where nobody minds.
    fn key(&self, id: usize) -> Option<String> {
        match self.entries.get(&id) {
            Some(entry) => Some(format!("{}/e{id}", KINDS[entry.kind])),
            None => self.faulty(Fault::Dangling).then(|| format!("calls/e{id}")),
        }
    }

    /// Where an entry's folder is, or would be.
    pub(crate) fn folder(&self, id: usize, entry: &Entry) -> String {
        let group = entry.group.map(|n| format!("g{n}/")).unwrap_or_default();
        format!("content/{}/{group}e{id}", KINDS[entry.kind])
    }

    fn entry(&self, id: usize, entry: &Entry, files: &mut Files) {
        let folder = self.folder(id, entry);
        let shown = |tag: &str| self.languages.contains(&tag) || self.faulty(Fault::Orphans);
        let texts: Vec<(&str, &Text)> =
            entry.texts.iter().filter(|(tag, _)| shown(tag)).map(|(tag, text)| (*tag, text)).collect();
        let facts = self.facts(id, entry, &texts);
        let mut put = |path: String, content: Vec<u8>| drop(files.insert(path, content));
        if let [(tag, text)] = texts[..]
            && entry.single
            && entry.files.is_empty()
        {
            put(format!("{folder}.{tag}.md"), self.text(entry, text, &facts).into_bytes());
            return;
        }
        put(format!("{folder}/index.yaml"), facts.into_bytes());
        for (tag, text) in texts {
            put(format!("{folder}/index.{tag}.md"), self.text(entry, text, "").into_bytes());
        }
        for (name, n) in &entry.files {
            let content = match name.rsplit_once('.') {
                Some((_, "svg")) => {
                    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"9\"/>", 10 + n % 3)
                        .into_bytes()
                }
                Some((_, "jpg")) => photo(*n),
                _ => format!("{name} {n}\n").into_bytes(),
            };
            put(format!("{folder}/{name}"), content);
        }
    }

    fn facts(&self, id: usize, entry: &Entry, texts: &[(&str, &Text)]) -> String {
        let mut out = String::new();
        let declared = |name: &str| {
            fields(entry.kind).iter().any(|f| f.0 == name) && !self.kinds[entry.kind].without.contains(name)
        };
        let keys = |ids: &BTreeSet<usize>| ids.iter().filter_map(|id| self.key(*id)).collect::<Vec<_>>().join(", ");
        if texts.is_empty() {
            let _ = writeln!(out, "title: {}", self.labels(&format!("Entry {id}"), entry.source));
        }
        if texts.len() != 1 {
            let at = |n: usize| texts.get(n % texts.len().max(1)).map_or(self.languages[0], |(tag, _)| *tag);
            let _ = writeln!(out, "source_language: {}", at(entry.source));
        }
        let mut day = |key: &str, n: Option<usize>| n.map(|n| writeln!(out, "{key}: {}", DAYS[n % DAYS.len()]));
        day("publish_on", entry.publish_on);
        day("expires_on", entry.expires_on);
        day("review_by", entry.review_by);
        if entry.draft {
            out.push_str("draft: true\n");
        }
        if entry.featured {
            out.push_str("featured: true\n");
        }
        let of = |id: &usize| self.entries.get(id).map(|e| e.kind);
        if let Some(key) = entry.superseded_by.filter(|to| *to < id).and_then(|to| self.key(to)) {
            let _ = writeln!(out, "superseded_by: {key}");
        }
        let related = keys(&entry.related.iter().copied().filter(|to| *to != id).collect());
        if !related.is_empty() {
            let _ = writeln!(out, "related: [{related}]");
        }
        if declared("deadline") && !entry.deadlines.is_empty() {
            out.push_str("deadline:\n");
            for (n, was) in &entry.deadlines {
                let hour = ["T17:00, zone: Europe/Riga", "", "T17:00, zone: Europe/Paris", "T12:30"]
                    [[0, 1, 2, 1, 0, 1, 2, 3][n % 8]];
                let _ = write!(out, "  - {{ at: {}{hour}", DAYS[n % DAYS.len()]);
                if let Some(n) = was {
                    let _ = write!(out, ", was: [{}]", DAYS[n % DAYS.len()]);
                }
                out.push_str(" }\n");
            }
        }
        let terms: Vec<String> =
            entry.themes.iter().filter(|id| self.terms.contains_key(id)).map(|id| format!("t{id}")).collect();
        if declared("themes") && !terms.is_empty() {
            let _ = writeln!(out, "themes: [{}]", terms.join(", "));
        }
        if declared("country") && !entry.countries.is_empty() {
            let codes: Vec<&str> = entry.countries.iter().map(|n| ["FR", "SE", "LV", "EU", "ES"][n % 5]).collect();
            let _ = writeln!(out, "country: [{}]", codes.join(", "));
        }
        if let Some(n) = entry.budget.filter(|_| declared("budget")) {
            let _ = writeln!(out, "budget: {{ amount: {}, currency: {} }}", 500 * n, ["EUR", "SEK"][n % 2]);
            if let Some(day) = entry.checked {
                let _ = writeln!(out, "facts: {{ budget: {{ checked: {}, disputed: true }} }}", DAYS[day % DAYS.len()]);
            }
        }
        let partners =
            keys(&entry.partners.iter().copied().filter(|id| of(id).is_none_or(|kind| kind != CALLS)).collect());
        if declared("partners") && !partners.is_empty() && !partners.contains("calls/") {
            let _ = writeln!(out, "partners: [{partners}]");
        }
        if let Some(to) = entry.follows.filter(|to| declared("follows") && *to < id && of(to) == Some(CALLS)) {
            let _ = writeln!(out, "follows: e{to}");
        }
        let picture = ["photo.jpg", "picture.svg"].into_iter().find(|name| entry.files.contains_key(name));
        if let Some(path) = picture.filter(|_| declared("picture")) {
            let _ = writeln!(out, "picture: {{ path: {path}, alt: {} }}", self.labels("Picture", entry.source));
        }
        if declared("rules") && entry.files.contains_key("rules.csv") {
            out.push_str("rules: rules.csv\n");
        }
        if let Some(n) = entry.day.filter(|_| declared("day")) {
            let _ = writeln!(out, "day: {}", &DAYS[n % DAYS.len()][..[10, 7, 4][n % 3]]);
        }
        if let Some((from, to)) = entry.lasts.filter(|_| declared("lasts")) {
            let (from, to) = (from % DAYS.len(), to % DAYS.len());
            let _ = writeln!(out, "lasts: {{ from: {}, to: {} }}", DAYS[from.min(to)], DAYS[from.max(to)]);
        }
        if let Some(n) = entry.source_note {
            let _ =
                writeln!(out, "sources: [{{ url: https://source.example/{n}, title: \"{}\", lang: fr }}]", title(n));
        }
        if entry.kind == CALLS && self.faulty(Fault::UnknownKey) {
            out.push_str("deadlime: 2026-01-01\n");
        }
        if entry.kind == NOTES && self.faulty(Fault::UnknownTerm) && declared("themes") && terms.is_empty() {
            out.push_str("themes: [t9999]\n");
        }
        if entry.kind == NOTES && self.faulty(Fault::BrokenYaml) {
            out.push_str("day: [\n");
        }
        out
    }

    fn text(&self, entry: &Entry, text: &Text, facts: &str) -> String {
        let declared = |name: &str| entry.kind == CALLS && !self.kinds[CALLS].without.contains(name);
        let mut out = format!("---\ntitle: \"{}\"\n", title(text.title));
        if let Some(n) = text.slug {
            let _ = writeln!(out, "slug: slug-{n}");
        }
        if let Some(n) = text.summary {
            let _ = writeln!(out, "summary: '{}'", words(n).replace('\'', "''"));
        }
        if let Some(n) = text.alias {
            let _ = writeln!(out, "aliases: [Alias {n}]");
        }
        if let Some(n) = text.remark.filter(|_| declared("remark")) {
            let _ = writeln!(out, "remark: Remark {n}");
        }
        if let Some(n) = text.conditions.filter(|_| declared("conditions")) {
            let _ = writeln!(out, "conditions: |\n  **Condition** {n}: {}", words(n));
        }
        if let Some(n) = text.translation {
            let of = LANGUAGES[n % LANGUAGES.len()];
            let by = ["human", "machine"][n % 2];
            if self.languages.contains(&of) && entry.texts.contains_key(of) {
                let _ = writeln!(out, "translation: {{ of: {of}, revision: {n:08x}, by: {by} }}");
            }
        }
        // A single file's facts say it for the whole entry.
        if text.draft && !facts.contains("draft:") {
            out.push_str("draft: true\n");
        }
        out.push_str(facts);
        if entry.kind == NOTES && self.faulty(Fault::BrokenFrontMatter) {
            out.push_str("title: twice\n");
        }
        out.push_str("---\n");
        for block in &text.body {
            if let Some(block) = self.block(entry, block) {
                let _ = writeln!(out, "{block}\n");
            }
        }
        if entry.kind == CALLS && self.faulty(Fault::BrokenBody) {
            out.push_str("<script>alert(1)</script>\n\n{{ fact nothing }}\n");
        }
        out
    }

    fn block(&self, entry: &Entry, block: &Block) -> Option<String> {
        Some(match block {
            Block::Text(n) => format!("{}, [home](/), `{n}`.", words(*n)),
            Block::Heading(n) => format!("## Heading {}\n\n{}", n % 5, words(*n)),
            Block::Link(to) => format!("See [this one](/{}).", self.key(*to)?),
            Block::Titled(to) => format!("See [](/{}) too.", self.key(*to)?),
            Block::Fact(name) => {
                let there = match *name {
                    "budget" => entry.budget.is_some(),
                    "country" => !entry.countries.is_empty(),
                    _ => !entry.deadlines.is_empty(),
                };
                let declared = entry.kind == CALLS && !self.kinds[CALLS].without.contains(name);
                (there && declared || self.faulty(Fault::Dangling))
                    .then(|| format!("A fact: {{{{ fact {name} }}}}."))?
            }
            Block::Figure if entry.files.contains_key("picture.svg") => {
                "{{ figure picture.svg alt=\"It's a picture\" caption=\"Caption\" }}".into()
            }
            Block::Figure if entry.files.contains_key("photo.jpg") => "Look: ![A photo](photo.jpg).".into(),
            Block::Download if entry.files.contains_key("rules.csv") => "Read [the rules](rules.csv).".into(),
            Block::Figure | Block::Download => return None,
            Block::Html(n) => format!("<details><summary>More {n}</summary>\n\n{}\n\n</details>", words(*n)),
            Block::Footnote(n) => format!("With a note[^{n}].\n\n[^{n}]: The note {n}."),
            Block::Day(n) => format!("The deadline is on {} March 2031, for 7 777 EUR.", n % 28 + 1),
        })
    }
}

/// A picture that is shown in renditions: of two sizes and several colours.
fn photo(n: usize) -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(600 + 100 * (n % 2) as u32, 6, image::Rgb([20 * n as u8, 90, 90]));
    let mut bytes = Vec::new();
    picture.write_with_encoder(image::codecs::jpeg::JpegEncoder::new(&mut bytes)).expect("it can be encoded");
    bytes
}
