//! Compressed copies: what is in them, which files get them, and that they come, stay and go with what they are of.

mod support;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use support::{MANIFEST, Tree, build_well, counts, edit, tree, write};

const SUFFIXES: [&str; 2] = [".gz", ".br"];

/// A portal that asks for both codings, built.
fn built(name: &str) -> PathBuf {
    let site = support::scratch(&format!("compress/{name}"));
    support::portal::write_portal(&site);
    write(&site, "content/calls/first/data.en.csv", "call;amount\n".repeat(400));
    write(&site, "content/calls/first/little.en.csv", "call;amount\n");
    set(&site, "compress: [gzip, brotli]\n");
    build_well(&site, &[]);
    site
}

/// Exchanges the configuration's line about copies.
fn set(site: &Path, line: &str) {
    let text = fs::read_to_string(site.join("relais.yaml")).unwrap();
    let rest: String = text.split_inclusive('\n').filter(|l| !l.starts_with("compress")).collect();
    fs::write(site.join("relais.yaml"), rest + line).unwrap();
}

fn decoded(path: &str, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    match path.ends_with(".gz") {
        true => flate2::read::GzDecoder::new(bytes).read_to_end(&mut out).unwrap(),
        false => brotli::Decompressor::new(bytes, 4096).read_to_end(&mut out).unwrap(),
    };
    out
}

/// Splits a tree into files and copies, and checks each copy against its file.
fn split(tree: Tree) -> (Tree, Tree) {
    let (copies, files): (Tree, Tree) =
        tree.into_iter().partition(|(path, _)| SUFFIXES.iter().any(|suffix| path.ends_with(suffix)));
    for (path, bytes) in &copies {
        let original = files.get(&path[..path.len() - 3]).unwrap_or_else(|| panic!("{path} is a copy of nothing"));
        assert!(decoded(path, bytes) == *original, "{path} is no copy");
        assert!(bytes.len() < original.len() && original.len() >= 1024, "{path} saves nothing");
    }
    (files, copies)
}

/// What a build from nothing makes of a site, its manifest included.
fn full(site: &Path) -> (Tree, Vec<u8>) {
    let _ = fs::remove_dir_all(site.join("full"));
    build_well(site, &["--out", "full"]);
    (tree(&site.join("full")), fs::read(site.join("full").join(MANIFEST)).unwrap())
}

/// Builds again, and insists on the full build's bytes and on silence afterwards.
fn again(site: &Path) -> (usize, usize, usize) {
    let done = counts(&build_well(site, &[]));
    let (expected, manifest) = full(site);
    support::assert_same(&expected, &tree(&site.join("public")), "not the full build's bytes");
    assert!(manifest == fs::read(site.join("public").join(MANIFEST)).unwrap(), "the manifest");
    let (written, kept, deleted) = counts(&build_well(site, &[]));
    assert_eq!((written, kept, deleted), (0, expected.len(), 0), "the build after it still finds work");
    split(expected);
    done
}

#[test]
fn copies_hold_what_they_are_of() {
    let site = built("bytes");
    let (files, copies) = split(tree(&site.join("public")));
    for path in ["en/calls/index.html", "files/calls/first/data.en.csv"] {
        for suffix in SUFFIXES {
            assert!(copies.contains_key(&format!("{path}{suffix}")), "{path} has no copy: {:#?}", copies.keys());
        }
    }
    let small = files.iter().filter(|(_, bytes)| bytes.len() < 1024);
    assert!(small.clone().any(|(path, _)| path == "files/calls/first/little.en.csv"));
    for (path, _) in small.chain(files.iter().filter(|(path, _)| path.ends_with(".pdf"))) {
        assert!(!copies.keys().any(|copy| copy[..copy.len() - 3] == **path), "{path} has a copy");
    }
    // The files themselves are those of a site without copies.
    set(&site, "");
    support::assert_same(&full(&site).0, &files, "the files differ");
}

#[test]
fn one_thread_or_eight() {
    let site = built("jobs");
    for jobs in ["1", "8"] {
        let out = format!("jobs-{jobs}");
        build_well(&site, &["--jobs", jobs, "--out", &out]);
        support::assert_same(&tree(&site.join("public")), &tree(&site.join(out)), "threads");
    }
}

#[test]
fn an_edit_writes_only_what_it_changes() {
    let site = built("edit");
    let before = tree(&site.join("public"));
    edit(&site, "content/calls/first/index.fr.md", "title: Premier appel", "title: Appel deux fois premier");
    let (written, _, deleted) = again(&site);
    let after = tree(&site.join("public"));
    let changed: Vec<String> = support::changes(&before, &after);
    let gone = changed.iter().filter(|change| change.starts_with('-')).count();
    assert_eq!((written, deleted), (changed.len() - gone, gone), "{changed:#?}");
    for sign in ["+ ", "~ ", "- "] {
        assert!(changed.iter().any(|change| change.starts_with(sign) && change.ends_with(".br")), "{changed:#?}");
    }
}

#[test]
fn copies_go_with_what_they_are_of() {
    let site = built("gone");
    fs::remove_file(site.join("content/calls/first/data.en.csv")).unwrap();
    again(&site);
    assert!(!site.join("public/files/calls/first/data.en.csv.gz").exists());
    // Still there, but no longer worth it.
    write(&site, "content/calls/first/data.en.csv", "call;amount\n".repeat(400));
    again(&site);
    assert!(site.join("public/files/calls/first/data.en.csv.gz").exists());
    write(&site, "content/calls/first/data.en.csv", "call;amount\n");
    again(&site);
    assert!(!site.join("public/files/calls/first/data.en.csv.gz").exists());
}

#[test]
fn damage_is_repaired() {
    let site = built("damage");
    let public = site.join("public");
    fs::remove_file(public.join("fr/index.html.gz")).unwrap();
    fs::write(public.join("en/index.html.br"), "").unwrap();
    assert_eq!(again(&site), (2, tree(&public).len() - 2, 0));
    fs::remove_file(public.join("fr/index.html")).unwrap();
    assert_eq!(again(&site), (1, tree(&public).len() - 1, 0));
}

#[test]
fn settings_come_and_go() {
    let site = built("settings");
    let all = tree(&site.join("public")).len();
    set(&site, "compress: { gzip: 9, brotli: 9 }\n");
    again(&site);
    set(&site, "compress: gzip\n");
    let (_, _, deleted) = again(&site);
    assert!(deleted > 0);
    set(&site, "");
    again(&site);
    assert!(split(tree(&site.join("public"))).1.is_empty());
    set(&site, "compress: [brotli, gzip]\n");
    let (written, kept, _) = again(&site);
    assert_eq!((written + kept, written > kept / 2), (all, true));
}

#[test]
fn a_file_of_the_site_comes_before_a_copy() {
    let site = built("own");
    write(&site, "content/calls/first/data.en.csv.gz", "mine");
    let own = "public/files/calls/first/data.en.csv.gz";
    build_well(&site, &[]);
    assert_eq!(fs::read_to_string(site.join(own)).unwrap(), "mine");
    assert_eq!(counts(&build_well(&site, &[])).0, 0);
    fs::remove_file(site.join("content/calls/first/data.en.csv.gz")).unwrap();
    again(&site);
    assert!(fs::read(site.join(own)).unwrap() != b"mine");
}

#[test]
fn a_crash_among_copies_is_repaired() {
    let site = built("crash");
    let public = site.join("public");
    let (before, manifest) = (tree(&public), fs::read(public.join(MANIFEST)).unwrap());
    edit(&site, "content/calls/first/index.fr.md", "title: Premier appel", "title: Appel deux fois premier");
    let (expected, _) = full(&site);
    let changes = support::changes(&before, &expected);
    let journal: String = changes.iter().map(|change| format!("{}\n", &change[2..])).collect();
    for done in (0..=changes.len()).step_by(4) {
        fs::remove_dir_all(&public).unwrap();
        for (path, bytes) in &before {
            write(&public, path, bytes);
        }
        write(&public, MANIFEST, &manifest);
        for change in &changes[..done] {
            match expected.get(&change[2..]) {
                Some(bytes) => write(&public, &change[2..], bytes),
                None => fs::remove_file(public.join(&change[2..])).unwrap(),
            }
        }
        write(&public, ".relais-manifest.pending", format!("relais-pending 1\n{journal}.\n"));
        build_well(&site, &[]);
        support::assert_same(&expected, &tree(&public), "not the full build's bytes");
    }
}
