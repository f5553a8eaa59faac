//! The ledger as it will be: what is published now, and the addresses that once were.

use ecow::EcoString;
use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::{EVENT, HEADER, Ledger, Line, Record, put, put_instant};
use crate::config::Lang;
use crate::diag::{Diagnostic, Diagnostics};
use crate::source::Span;
use crate::url::Address;

/// An address that is published now.
#[derive(Clone, Debug)]
pub struct Live {
    /// Where.
    pub address: Address,
    /// Whose it is: `funding/repair-2027` of an entry, `funding` of a listing, `funding?themes=bicycles` of a listing narrowed
    /// by a facet value, `@home` and the like of other pages.
    pub owner: EcoString,
    /// Its language.
    pub lang: Lang,
    /// What is known of the text there, if it is an entry's.
    pub record: Option<Record>,
}

/// An address that was published once and is not any more.
#[derive(Clone, Debug)]
pub struct Old {
    /// Where.
    pub address: Address,
    /// Whose it was, under its present name.
    pub owner: EcoString,
    /// Where the ledger says so.
    pub span: Option<Span>,
}

/// What comes of a ledger and of what there is now.
#[derive(Debug, Default)]
pub struct Next {
    /// The file.
    pub text: String,
    /// Whether it says something else than the one that there is.
    pub differs: bool,
    /// What would change, in words, for whoever must not change it.
    pub changes: Vec<String>,
    /// Addresses at which nothing is now, sorted.
    pub old: Vec<Old>,
}

/// What the ledger asks of the site.
pub trait Site {
    /// The present name of what had this one.
    fn renamed(&self, owner: &str) -> Option<EcoString>;
    /// Whether there is still something of this name, wherever it is.
    fn exists(&self, owner: &str) -> bool;
    /// Where what is at an address now is written.
    fn place(&self, owner: &str, address: &Address) -> Option<Span>;
}

impl Ledger {
    /// What is to be written down: all that is live, sorted by address, and what was. An address that now belongs to
    /// something else, while what it belonged to is still there, is an error: who follows an old link would come to the
    /// wrong page.
    pub fn next(
        &self,
        live: &[Live],
        events: &[(EcoString, Option<Timestamp>)],
        site: &impl Site,
        found: &mut Diagnostics,
    ) -> Next {
        let mut next = Next { text: String::with_capacity(self.text.len() + 1024), ..Next::default() };
        let mut count = Count::default();
        next.text.push_str(HEADER);
        let mut lines = self.lines.iter().peekable();
        for now in live {
            let address = now.address.0.as_str();
            while let Some(line) = lines.next_if(|line| self.word(line.address) < address) {
                self.keep(line, site, &mut next);
            }
            match lines.next_if(|line| self.word(line.address) == address) {
                Some(line) => {
                    let before = self.word(line.owner);
                    if before != now.owner {
                        self.taken(line, now, site, found);
                        count.owners.push(address);
                    } else if line.record.map(|r| r.print) != now.record.map(|r| r.print) {
                        count.changed.push(address);
                    }
                }
                None => count.new.push(address),
            }
            put(&mut next.text, address, &now.owner, now.record);
        }
        lines.for_each(|line| self.keep(line, site, &mut next));
        count.events.extend(events.iter().map(|(key, _)| key.as_str()).filter(|key| self.event(key).is_none()));
        let mut seen: FxHashMap<&str, Option<Timestamp>> =
            self.events.iter().map(|(k, at)| (k.as_str(), *at)).collect();
        for (key, at) in events {
            seen.entry(key).or_insert(*at);
        }
        let mut seen: Vec<(&str, Option<Timestamp>)> = seen.into_iter().collect();
        seen.sort_unstable();
        for (key, at) in seen {
            next.text.extend([EVENT, " ", key, " "]);
            put_instant(&mut next.text, at);
            next.text.push('\n');
        }
        next.differs = !self.text.lines().eq(next.text.lines());
        next.changes = count.words();
        next
    }

    /// Writes down an address at which nothing is now. What was known of a text that is gone is kept, in case it comes back.
    fn keep(&self, line: &Line, site: &impl Site, next: &mut Next) {
        let (address, owner) = (self.word(line.address), self.word(line.owner));
        let renamed = site.renamed(owner);
        let record = line.record.filter(|_| renamed.is_none() && !site.exists(owner));
        let owner = renamed.unwrap_or_else(|| owner.into());
        put(&mut next.text, address, &owner, record);
        next.old.push(Old { address: Address(address.into()), owner, span: self.span(line) });
    }

    /// An address belongs to something else than before.
    fn taken(&self, line: &Line, now: &Live, site: &impl Site, found: &mut Diagnostics) {
        let (address, before) = (self.word(line.address), self.word(line.owner));
        let before = site.renamed(before).unwrap_or_else(|| before.into());
        if before == now.owner {
            return;
        }
        let Some(span) = site.place(&now.owner, &now.address).or(self.span(line)) else { return };
        let related = |found: Diagnostic| match self.span(line) {
            Some(at) => found.related(at, "its owner until now"),
            None => found,
        };
        if site.exists(&before) {
            let message = format!(
                "/{address} was the address of {before} and would become that of {}: links to the one would lead to the other",
                now.owner
            );
            let help = format!(
                "give {} another `slug`; if the address is to change hands all the same, write `{}` in its line of urls.lock",
                now.owner, now.owner
            );
            found.push(related(Diagnostic::error("address-taken", span, message).help(help)));
        } else if is_entry(&before) && last(&before) != last(&now.owner) {
            let message = format!("/{address} was the address of {before}, which is gone; now {} is there", now.owner);
            let help = format!(
                "nothing, if it takes the other's place (better still: `was: {before}` in its facts); else give it another `slug`"
            );
            found.push(related(Diagnostic::warning("address-inherited", span, message).help(help)));
        }
    }
}

fn is_entry(owner: &str) -> bool {
    owner.contains('/') && !owner.contains('?')
}

/// An entry's id.
fn last(owner: &str) -> &str {
    owner.rsplit('/').next().unwrap_or(owner)
}

/// Addresses by what happens to them, and events.
#[derive(Default)]
struct Count<'a> {
    new: Vec<&'a str>,
    changed: Vec<&'a str>,
    owners: Vec<&'a str>,
    events: Vec<&'a str>,
}

impl Count<'_> {
    fn words(&self) -> Vec<String> {
        let of = |list: &Vec<&str>, what: &str| {
            let first = list.first()?;
            let more = if list.len() > 1 { format!(" and {} more", list.len() - 1) } else { String::new() };
            Some(format!("{what} {first}{more}"))
        };
        let words = [
            of(&self.new, "new:"),
            of(&self.changed, "changed:"),
            of(&self.owners, "of another owner:"),
            of(&self.events, "seen:"),
        ];
        let words: Vec<String> = words.into_iter().flatten().collect();
        if words.is_empty() { vec!["its lines are not in order".into()] } else { words }
    }
}
