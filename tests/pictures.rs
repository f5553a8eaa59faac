//! Pictures as browsers get them: as large as pages say, upright, without what cameras note; and encoded once.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use image::GenericImageView;
use scraper::{Html, Selector};
use support::{Tree, assert_same, build, build_well, changes, counts, edit, tree, write};

const ENTRY: &str = "content/notes/a";
const PAGE: &str = "en/notes/renditions/index.html";
const FILES: &str = "files/notes/a";

/// The site of the case `site/renditions`, built once.
fn built(name: &str) -> (PathBuf, Tree) {
    let site = support::scratch(&format!("pictures/{name}"));
    support::copy(&support::tests().join("suite/site/renditions/site"), &site);
    support::add_theme(&site);
    build_well(&site, &[]);
    let tree = tree(&site.join("public"));
    (site, tree)
}

/// When each remembered rendition was written.
fn remembered(site: &Path) -> BTreeMap<String, SystemTime> {
    let files = fs::read_dir(site.join(".relais/pictures")).into_iter().flatten().flatten();
    files.map(|f| (f.file_name().into_string().unwrap(), f.metadata().unwrap().modified().unwrap())).collect()
}

/// Builds a copy of the site that knows of no earlier build.
fn afresh(site: &Path, args: &[&str]) -> Tree {
    let copy = site.with_extension("afresh");
    if copy.exists() {
        fs::remove_dir_all(&copy).unwrap();
    }
    for part in ["content", "themes", "relais.yaml"] {
        match site.join(part).is_dir() {
            true => support::copy(&site.join(part), &copy.join(part)),
            false => write(&copy, part, fs::read(site.join(part)).unwrap()),
        }
    }
    build_well(&copy, args);
    tree(&copy.join("public"))
}

/// Each address in a page that a browser may fetch for a picture, with the width that the page promises.
fn candidates(page: &str) -> Vec<(String, u32, Option<u32>)> {
    let html = Html::parse_document(page);
    let mut found = Vec::new();
    let path = |address: &str| address.strip_prefix("/below/a/path/").expect("an address of the site").to_owned();
    for element in html.select(&Selector::parse("img, source").unwrap()) {
        let number = |name: &str| element.attr(name).map(|value| value.parse::<u32>().unwrap());
        if let Some(src) = element.attr("src") {
            assert_eq!(element.attr("loading"), Some("lazy"), "{src}");
            found.push((path(src), number("width").expect("a width"), number("height")));
        }
        for candidate in element.attr("srcset").into_iter().flat_map(|set| set.split(", ")) {
            let (address, width) = candidate.split_once(' ').expect("an address and a width");
            assert!(element.attr("sizes").is_some(), "a set of addresses without `sizes`");
            found.push((path(address), width.trim_end_matches('w').parse().unwrap(), None));
        }
    }
    found
}

#[test]
fn pages_tell_the_truth_about_their_pictures() {
    let (_, tree) = built("truth");
    let found = candidates(std::str::from_utf8(&tree[PAGE]).unwrap());
    assert!(found.len() > 20, "only {} addresses in {PAGE}", found.len());
    for (path, width, height) in found.iter().filter(|(path, ..)| !path.ends_with(".gif")) {
        let picture = image::load_from_memory(&tree[path]).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(picture.width(), *width, "{path}");
        if let Some(height) = height {
            assert_eq!(picture.height(), *height, "{path}");
        }
    }
}

#[test]
fn a_picture_stands_upright_whatever_the_camera_noted() {
    let (_, tree) = built("upright");
    for name in ["photo-480.webp", "photo-700.webp", "photo-700.jpg"] {
        let picture = image::load_from_memory(&tree[&format!("{FILES}/{name}")]).unwrap();
        let (width, height) = picture.dimensions();
        assert!(width < height, "{name} lies on its side");
        let [red, green, blue, _] = picture.get_pixel(width / 2, height - 20).0;
        assert!(green > red && green > blue, "there is no grass at the bottom of {name}: {red} {green} {blue}");
    }
}

#[test]
fn what_a_camera_noted_is_published_only_with_files_that_are_linked() {
    let (site, tree) = built("notes");
    let notes = |bytes: &[u8]| bytes.windows(8).any(|part| part == b"A camera" || part.starts_with(b"Exif\0\0"));
    let telling: Vec<&str> =
        tree.iter().filter(|(path, bytes)| path.starts_with(FILES) && notes(bytes)).map(|(p, _)| p.as_str()).collect();
    // One is linked, the other is in no page: both are files that somebody put there to be had.
    assert_eq!(telling, [format!("{FILES}/Linked.JPG"), format!("{FILES}/unused.jpg")]);
    for name in ["Linked.JPG", "unused.jpg", "small.jpeg", "drawing.png", "paper.png", "moving.gif", "moving.png"] {
        let original = fs::read(site.join(ENTRY).join(name)).unwrap();
        assert_eq!(tree[&format!("{FILES}/{name}")], original, "{name} is not as it was");
    }
}

#[test]
fn renditions_take_less_room() {
    let (site, tree) = built("room");
    for (name, stem) in [("wide.jpg", "wide"), ("photo.jpg", "photo")] {
        let original = fs::metadata(site.join(ENTRY).join(name)).unwrap().len() as usize;
        let narrowest = tree[&format!("{FILES}/{stem}-480.webp")].len();
        assert!(narrowest * 2 < original, "{stem}-480.webp has {narrowest} bytes, {name} {original}");
    }
}

#[test]
fn nothing_is_encoded_twice() {
    let (site, first) = built("once");
    let known = remembered(&site);
    assert!(known.len() > 10, "only {} renditions are remembered", known.len());
    assert_eq!(counts(&build_well(&site, &[])).0, 0, "files written by the second build");
    fs::remove_dir_all(site.join("public")).unwrap();
    build_well(&site, &[]);
    assert_same(&first, &tree(&site.join("public")), "after the output folder was deleted");
    build_well(&site, &["--out", "elsewhere"]);
    assert_same(&first, &tree(&site.join("elsewhere")), "in another output folder");
    assert_eq!(remembered(&site), known, "something was encoded again");
    build_well(&site, &["--full"]);
    assert_same(&first, &tree(&site.join("public")), "with --full");
    assert!(
        remembered(&site).values().all(|at| known.values().all(|before| at > before)),
        "--full trusts what it knew"
    );
}

#[test]
fn what_is_remembered_can_be_lost() {
    let (site, first) = built("lost");
    for (at, name) in remembered(&site).into_keys().enumerate() {
        let path = site.join(".relais/pictures").join(name);
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        match at % 3 {
            0 => bytes.truncate(middle),
            1 => bytes[middle] ^= 1,
            _ => bytes.clear(),
        }
        fs::write(path, bytes).unwrap();
    }
    fs::remove_dir_all(site.join("public")).unwrap();
    assert_eq!(build_well(&site, &[]).stderr, "", "of what was damaged");
    assert_same(&first, &tree(&site.join("public")), "after what is remembered was damaged");
    fs::remove_dir_all(site.join(".relais")).unwrap();
    fs::remove_dir_all(site.join("public")).unwrap();
    build_well(&site, &[]);
    assert_same(&first, &tree(&site.join("public")), "after .relais was deleted");
}

#[test]
fn one_thread_or_many_the_same_bytes() {
    let (site, first) = built("threads");
    for jobs in ["1", "5"] {
        assert_same(&first, &afresh(&site, &["--jobs", jobs]), jobs);
    }
}

#[test]
fn what_is_no_longer_shown_is_no_longer_kept() {
    let (site, first) = built("unused");
    let known = remembered(&site);
    edit(&site, &format!("{ENTRY}/index.en.md"), "{{ figure wide.fr.jpg", "{{ figure small.jpeg");
    edit(&site, &format!("{ENTRY}/index.en.md"), "![A wide field](wide.jpg \"Wide\")", "none");
    edit(&site, &format!("{ENTRY}/index.fr.md"), "![Un champ](wide.jpg)", "Rien.");
    build_well(&site, &[]);
    let now = tree(&site.join("public"));
    assert_same(&afresh(&site, &[]), &now, "a build from nothing differs from this one");
    let of_wide = |tree: &Tree| tree.keys().filter(|path| path.contains("/wide")).cloned().collect::<Vec<_>>();
    assert_eq!(of_wide(&first).len(), 8, "{:?}", of_wide(&first));
    assert_eq!(of_wide(&now), [format!("{FILES}/wide.fr.jpg"), format!("{FILES}/wide.jpg")]);
    // Both have the same pixels, which were encoded once.
    assert_eq!(remembered(&site).len(), known.len() - 4, "renditions that are remembered");
}

#[test]
fn another_picture_of_the_same_size_changes_no_page() {
    let (site, first) = built("exchanged");
    let path = site.join(ENTRY).join("wide.jpg");
    image::open(&path).unwrap().fliph().save(&path).unwrap();
    build_well(&site, &[]);
    let now = tree(&site.join("public"));
    let expected: Vec<String> =
        ["1250.jpg", "1250.webp", "480.webp", "960.webp"].map(|end| format!("~ {FILES}/wide-{end}")).to_vec();
    assert_eq!(changes(&first, &now), expected);
    assert_same(&afresh(&site, &[]), &now, "a build from nothing differs from this one");
}

#[test]
fn a_picture_that_breaks_leaves_the_site_as_it_was() {
    let (site, first) = built("broken");
    let from = support::tests().join("suite/bad-input/undecodable-pictures/site/content/notes/a/few.png");
    fs::copy(from, site.join(ENTRY).join("drawing.png")).unwrap();
    edit(&site, &format!("{ENTRY}/index.fr.md"), "title: Versions", "title: Autres versions");
    let run = build(&site, &[]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.contains("broken-picture") && run.stderr.contains("a/drawing.png"), "{}", run.stderr);
    assert_same(&first, &tree(&site.join("public")), "a picture cannot be decoded");
}
