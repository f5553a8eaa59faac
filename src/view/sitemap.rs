//! Sitemaps as they are written (sitemaps.org 0.9), with each page's versions in other languages (`xhtml:link`).

use crate::catalog::Catalog;
use crate::html::escape;
use crate::plan::{Plan, Sitemap};
use crate::url::Address;

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// Adds a sitemap to what a file is to hold.
pub fn sitemap(catalog: &Catalog, map: &Sitemap, out: &mut Vec<u8>) {
    let config = &catalog.config;
    let base = config.base.absolute(&Address::root());
    // Addresses below it are made of letters, digits and hyphens.
    let base = escape(&base);
    let mut put = |parts: &[&str]| parts.iter().for_each(|part| out.extend_from_slice(part.as_bytes()));
    put(&[
        DECLARATION,
        "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n",
    ]);
    for page in &map.pages {
        let Some(own) = &page.addresses[map.lang.index()] else { continue };
        put(&["<url><loc>", &base, &own.0, "</loc>"]);
        if let Some(at) = page.updated[map.lang.index()] {
            put(&["<lastmod>", &at.to_string(), "</lastmod>"]);
        }
        if page.addresses.iter().flatten().count() > 1 {
            for (tag, address) in config.languages.iter().zip(&page.addresses) {
                let Some(address) = address else { continue };
                put(&["\n<xhtml:link rel=\"alternate\" hreflang=\"", tag, "\" href=\"", &base, &address.0, "\"/>"]);
            }
            if page.has_default {
                put(&["\n<xhtml:link rel=\"alternate\" hreflang=\"x-default\" href=\"", &base, "\"/>"]);
            }
        }
        put(&["</url>\n"]);
    }
    put(&["</urlset>\n"]);
}

/// The index of all sitemaps.
pub(super) fn sitemap_index(catalog: &Catalog, plan: &Plan) -> String {
    let mut out = format!("{DECLARATION}<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for map in &plan.sitemaps {
        out.extend(["<sitemap><loc>", &escape(&catalog.config.base.absolute(&map.address)), "</loc>"]);
        if let Some(at) = map.updated() {
            out.extend(["<lastmod>", &at.to_string(), "</lastmod>"]);
        }
        out.push_str("</sitemap>\n");
    }
    out.push_str("</sitemapindex>\n");
    out
}

/// `robots.txt` (RFC 9309): the site's own, or one that lets everybody in; with the address of the index.
pub(super) fn robots(catalog: &Catalog) -> String {
    let own = catalog.robots.as_deref().unwrap_or("User-agent: *\nAllow: /\n");
    let names_it = own.lines().any(|line| line.trim_start().to_ascii_lowercase().starts_with("sitemap:"));
    let mut out = own.trim_end().to_owned();
    if !names_it {
        let index = catalog.config.base.absolute(&Address::root().with_file("sitemap.xml"));
        out.extend(["\n\nSitemap: ", &index]);
    }
    out.push('\n');
    out
}
