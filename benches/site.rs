//! A made-up site of any size in five languages, the same every time. It knows no phase of the program.

use std::fmt::Write;
use std::path::Path;
use std::{fs, io};

/// The site's languages, each with syllables to make words from.
const LANGUAGES: [(&str, &str); 5] = [
    ("es", "ca de ña lo mú ri sé tia vue bo"),
    ("en", "ba dee fo ha lou me noo ri sto wa"),
    ("fr", "bé cou dè fa loi mê nou pâ ri teau"),
    ("lv", "ba čē dī ģe ķo ļa mū ņi šķē žu"),
    ("sv", "bå dä fö gi ho ju ly må nö re"),
];
const THEMES: [&str; 8] = ["culture", "education", "energy", "food", "health", "housing", "skills", "work"];
const COUNTRIES: [&str; 5] = ["EE", "ES", "FR", "LV", "SE"];

/// Numbers that look random (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }

    /// So many words of one to three syllables.
    fn words(&mut self, syllables: &str, count: usize) -> String {
        let syllables: Vec<&str> = syllables.split(' ').collect();
        let mut text = String::new();
        for word in 0..count {
            text.push_str(if word > 0 { " " } else { "" });
            (0..=self.below(3)).for_each(|_| text.push_str(syllables[self.below(syllables.len())]));
        }
        text
    }
}

/// Writes a site with so many entries, each with a text in every language: half of them calls, half partners.
pub(crate) fn write(site: &Path, entries: usize) -> io::Result<()> {
    let languages = LANGUAGES.map(|(tag, _)| tag).join(", ");
    let mut config = format!("title: {}\nbase_url: https://portal.example/\n", everywhere("Portal"));
    config += &format!("languages: [{languages}]\nfallback: {{");
    for (at, (tag, _)) in LANGUAGES.iter().enumerate() {
        let others = LANGUAGES.iter().map(|(other, _)| *other).filter(|other| other != tag);
        let comma = if at > 0 { "," } else { "" };
        config += &format!("{comma} {tag}: [{}]", others.collect::<Vec<_>>().join(", "));
    }
    config += " }\ntime_zone: Europe/Brussels\ntheme: relais\nmenu: [calls, partners]\n";
    put(site, "relais.yaml", &config)?;
    let mut themes = format!("label: {0}\nslug: {0}\nterms:\n", everywhere("themes"));
    for theme in THEMES {
        themes += &format!("  {theme}: {{ label: {} }}\n", everywhere(theme));
    }
    put(site, "content/_vocabularies/themes.yaml", &themes)?;
    put(site, "content/partners/_type.yaml", &declaration("partners", &[]))?;
    let own = [("deadlines", "deadline, many: true"), ("budget", "money"), ("partner", "reference, to: partners")];
    put(site, "content/calls/_type.yaml", &declaration("calls", &own))?;
    let mut numbers = Numbers(1);
    for at in 0..entries {
        let kind = if at % 2 == 0 { "partners" } else { "calls" };
        let folder = format!("content/{kind}/{kind}-{at:06}");
        let (year, month, day) = (2019 + numbers.below(6), 1 + numbers.below(12), 1 + numbers.below(28));
        let mut facts = format!("source_language: {}\n", LANGUAGES[at % LANGUAGES.len()].0);
        let _ = writeln!(facts, "date: {year}-{month:02}-{day:02}");
        let _ = writeln!(facts, "themes: [{}]", THEMES[numbers.below(THEMES.len())]);
        let _ = writeln!(facts, "countries: [{}]", COUNTRIES[numbers.below(COUNTRIES.len())]);
        if kind == "calls" {
            let _ = writeln!(facts, "deadlines: [{{ at: {}-{month:02}-{day:02}T17:00, zone: Europe/Riga }}]", year + 1);
            let _ = writeln!(facts, "budget: {{ amount: {}, currency: EUR }}", 1000 * (1 + numbers.below(900)));
            let _ = writeln!(facts, "partner: partners-{:06}", 2 * numbers.below(at.div_ceil(2)));
        }
        put(site, &format!("{folder}/index.yaml"), &facts)?;
        for (tag, syllables) in LANGUAGES {
            put(site, &format!("{folder}/index.{tag}.md"), &text(&mut numbers, syllables))?;
        }
    }
    Ok(())
}

/// A text of about 1.5 kB: front matter, headings, paragraphs with emphasis and links, a list.
fn text(numbers: &mut Numbers, syllables: &str) -> String {
    let mut text =
        format!("---\ntitle: {}\nsummary: {}.\n---\n", numbers.words(syllables, 6), numbers.words(syllables, 20));
    for _ in 0..3 {
        let _ = writeln!(text, "\n## {}\n", numbers.words(syllables, 5));
        for _ in 0..2 {
            let _ = write!(text, "{}, **{}**. ", numbers.words(syllables, 15), numbers.words(syllables, 2));
            let _ = write!(text, "{}. ", numbers.words(syllables, 15));
            let link = numbers.words(syllables, 3);
            let _ = writeln!(text, "{} [{link}](https://example.org/).\n", numbers.words(syllables, 10));
        }
        (0..3).for_each(|_| text += &format!("- {}\n", numbers.words(syllables, 7)));
    }
    text
}

fn declaration(kind: &str, own: &[(&str, &str)]) -> String {
    let mut declaration =
        format!("label: {0}\nslug: {0}\nuntranslated: facts\nsort: -date\nfields:\n", everywhere(kind));
    let shared = [
        ("date", "date, required: true"),
        ("themes", "term, vocabulary: themes, many: true, facet: true"),
        ("countries", "country, many: true, facet: true"),
    ];
    for (name, field) in shared.iter().chain(own) {
        let _ = writeln!(declaration, "  {name}: {{ kind: {field}, label: {} }}", everywhere(name));
    }
    declaration
}

/// The same word in every language.
fn everywhere(word: &str) -> String {
    let words = LANGUAGES.map(|(tag, _)| format!("{tag}: {word}"));
    format!("{{ {} }}", words.join(", "))
}

fn put(site: &Path, path: &str, text: &str) -> io::Result<()> {
    let path = site.join(path);
    fs::create_dir_all(path.parent().unwrap_or(site))?;
    fs::write(path, text)
}
