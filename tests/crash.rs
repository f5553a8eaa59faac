//! Builds after an interrupted build: whatever it left, the next one makes exactly the tree of a full build.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use support::{MANIFEST, Tree, build, build_well, counts, edit, tree, write};

/// The journal's name: it is there only while a build moves files.
const JOURNAL: &str = ".relais-manifest.pending";

/// A portal, built, then edited; and the tree that a build of the edited portal must make.
struct Interrupted {
    site: PathBuf,
    public: PathBuf,
    before: Tree,
    expected: Tree,
    /// The manifest that the interrupted build would have written at its end.
    complete: String,
}

fn interrupted(name: &str) -> Interrupted {
    let site = support::scratch(&format!("crash/{name}"));
    support::portal::write_portal(&site);
    build_well(&site, &[]);
    let public = site.join("public");
    let before = tree(&public);
    edit(&site, "content/calls/first/index.fr.md", "title: Premier appel", "title: Appel deux fois premier");
    edit(&site, "content/calls/first/index.yaml", "theme: housing", "theme: work");
    fs::remove_file(site.join("content/notes/alone.en.md")).unwrap();
    write(&site, "content/notes/new.fr.md", "---\ntitle: Nouveau\n---\n");
    let full = site.join("full");
    build_well(&site, &["--out", "full"]);
    let expected = tree(&full);
    let complete = fs::read_to_string(full.join(MANIFEST)).unwrap();
    assert!(support::changes(&before, &expected).len() > 20);
    Interrupted { site, public, before, expected, complete }
}

impl Interrupted {
    /// The journal as it is written before files are moved: what is about to change.
    fn announce(&self) {
        let mut text = String::from("relais-pending 1\n");
        for change in support::changes(&self.before, &self.expected) {
            text.push_str(&format!("{}\n", &change[2..]));
        }
        fs::write(self.public.join(JOURNAL), text + ".\n").unwrap();
    }

    /// Does the first `done` of the changes, as far as the interrupted build got.
    fn half(&self, done: usize) {
        for change in support::changes(&self.before, &self.expected).iter().take(done) {
            let path = &change[2..];
            match self.expected.get(path) {
                Some(bytes) => write(&self.public, path, bytes),
                None => fs::remove_file(self.public.join(path)).unwrap(),
            }
        }
    }

    /// The folder in which the interrupted build kept what it had rendered.
    fn stage(&self) -> PathBuf {
        self.site.join(".public.relais-stage")
    }

    /// Builds, and insists on the full build's bytes and on silence afterwards.
    fn repaired(&self) {
        build_well(&self.site, &[]);
        support::assert_same(&self.expected, &tree(&self.public), "not the full build's bytes");
        assert_eq!(support::empty_folders(&self.public), Vec::<String>::new());
        assert!(!self.stage().exists(), "a stage is left");
        let left: Vec<String> = names(&self.public).into_iter().filter(|name| name.starts_with('.')).collect();
        assert_eq!(left, [MANIFEST], "files of the tool are left");
        assert_eq!(fs::read_to_string(self.public.join(MANIFEST)).unwrap(), self.complete, "the manifest");
        let (written, _, deleted) = counts(&build_well(&self.site, &[]));
        assert_eq!((written, deleted), (0, 0), "the build after it still finds work");
    }
}

fn names(folder: &Path) -> Vec<String> {
    fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn nothing_interrupted() {
    interrupted("nothing").repaired();
}

#[test]
fn a_stage_is_left() {
    let site = interrupted("stage");
    write(&site.stage(), "fr/index.html", "half a pa");
    write(&site.stage(), "en/notes/index.html/not/a/file", "");
    site.repaired();
}

#[test]
fn announced_and_nothing_moved() {
    let site = interrupted("announced");
    site.announce();
    site.repaired();
}

#[test]
fn some_files_moved() {
    for done in [1, 5, 13, 21] {
        let site = interrupted(&format!("moved-{done}"));
        site.announce();
        site.half(done);
        write(&site.stage(), "fr/index.html", "staged, never moved");
        site.repaired();
    }
}

#[test]
fn all_files_moved_and_the_manifest_not_renamed() {
    let site = interrupted("all");
    site.announce();
    site.half(usize::MAX);
    fs::write(site.public.join(format!("{MANIFEST}.new")), &site.complete[..site.complete.len() / 2]).unwrap();
    site.repaired();
}

#[test]
fn all_done_and_the_journal_not_removed() {
    let site = interrupted("journal-left");
    site.announce();
    site.half(usize::MAX);
    fs::write(site.public.join(MANIFEST), &site.complete).unwrap();
    site.repaired();
}

#[test]
fn a_journal_that_names_nothing() {
    let site = interrupted("journal-empty");
    build_well(&site.site, &[]);
    fs::write(site.public.join(JOURNAL), "relais-pending 1\n.\n").unwrap();
    site.repaired();
}

#[test]
fn a_journal_cut_short() {
    for keep in [0, 10, 40, 200] {
        let site = interrupted(&format!("journal-cut-{keep}"));
        site.announce();
        let text = fs::read_to_string(site.public.join(JOURNAL)).unwrap();
        // The rest never reached the disk, the files did.
        site.half(usize::MAX);
        for change in support::changes(&site.before, &site.expected).iter().filter(|c| !c.starts_with('-')) {
            let path = site.public.join(&change[2..]);
            let bytes = fs::read(&path).unwrap();
            fs::write(path, vec![b'?'; bytes.len()]).unwrap();
        }
        fs::write(site.public.join(JOURNAL), &text[..keep]).unwrap();
        site.repaired();
    }
}

#[test]
fn an_edit_is_taken_back_after_the_crash() {
    let site = interrupted("back");
    site.announce();
    site.half(usize::MAX);
    edit(&site.site, "content/calls/first/index.fr.md", "title: Appel deux fois premier", "title: Premier appel");
    fs::remove_file(site.site.join("content/notes/new.fr.md")).unwrap();
    fs::remove_dir_all(site.site.join("full")).unwrap();
    build_well(&site.site, &["--out", "full"]);
    let full = site.site.join("full");
    let (expected, complete) = (tree(&full), fs::read_to_string(full.join(MANIFEST)).unwrap());
    // Pages that only the interrupted build had are in the journal, and nowhere else.
    assert!(site.expected.keys().any(|path| !site.before.contains_key(path) && !expected.contains_key(path)));
    Interrupted { expected, complete, ..site }.repaired();
}

#[test]
fn a_first_build_into_a_folder_that_stays_left_no_manifest() {
    let site = interrupted("mount");
    fs::remove_dir_all(&site.public).unwrap();
    let site = Interrupted { before: Tree::new(), ..site };
    fs::create_dir(&site.public).unwrap();
    site.announce();
    site.half(17);
    site.repaired();
}

#[test]
fn a_truncated_file_of_the_right_name() {
    let site = interrupted("truncated");
    site.announce();
    site.half(3);
    for change in support::changes(&site.before, &site.expected).iter().filter(|c| c.starts_with('~')) {
        fs::write(site.public.join(&change[2..]), "").unwrap();
    }
    site.repaired();
}

#[test]
fn a_manifest_cut_short() {
    let site = interrupted("cut");
    let text = fs::read_to_string(site.public.join(MANIFEST)).unwrap();
    fs::write(site.public.join(MANIFEST), &text[..text.len() / 2]).unwrap();
    build_well(&site.site, &[]);
    // What the lost half listed cannot be told from what others put there; all that is planned is right.
    let found = tree(&site.public);
    for (path, bytes) in &site.expected {
        assert!(found.get(path) == Some(bytes), "{path} is not the full build's");
    }
}

#[test]
fn a_first_build_left_only_its_stage() {
    let site = interrupted("first");
    fs::remove_dir_all(&site.public).unwrap();
    write(&site.stage(), "fr/index.html", "half a pa");
    site.repaired();
}

#[test]
fn an_empty_output_folder_is_ours() {
    let site = interrupted("empty");
    fs::remove_dir_all(&site.public).unwrap();
    fs::create_dir(&site.public).unwrap();
    site.repaired();
}

#[test]
fn a_manifest_from_elsewhere_deletes_nothing_elsewhere() {
    let site = interrupted("elsewhere");
    write(&site.site, "precious.txt", "precious");
    let mut text = fs::read_to_string(site.public.join(MANIFEST)).unwrap();
    let elsewhere = ["../precious.txt", "/etc/hostname", "a/../../precious.txt"];
    for path in elsewhere {
        text.push_str(&format!("{:032x}\t{:032x}\t{:>12}\t{path}\n", 0, 0, 8));
    }
    fs::write(site.public.join(MANIFEST), text).unwrap();
    fs::write(site.public.join(JOURNAL), format!("relais-pending 1\n{}\n.\n", elsewhere.join("\n"))).unwrap();
    build(&site.site, &[]);
    assert_eq!(fs::read_to_string(site.site.join("precious.txt")).unwrap(), "precious");
}

#[test]
fn a_manifest_of_another_version_is_distrusted() {
    let site = interrupted("version");
    let text = fs::read_to_string(site.public.join(MANIFEST)).unwrap();
    let (_, rest) = text.split_once('\n').unwrap();
    fs::write(site.public.join(MANIFEST), format!("relais-manifest 99\n{rest}")).unwrap();
    site.repaired();
}

#[test]
fn a_manifest_of_the_first_version_is_a_list_of_files() {
    let site = interrupted("first-version");
    let mut text = format!("relais-manifest 1\n{:032x}\n", 0);
    for (path, bytes) in &site.before {
        text.push_str(&format!("{}\t?\t{:032x}\t{path}\n", bytes.len(), 0));
    }
    fs::write(site.public.join(MANIFEST), text).unwrap();
    site.repaired();
}

#[test]
fn what_stands_in_the_way_of_a_file() {
    let site = interrupted("way");
    fs::remove_file(site.public.join("fr/index.html")).unwrap();
    write(&site.public, "fr/index.html/strange/file", "a folder where a file should be");
    fs::remove_dir_all(site.public.join("en/notes")).unwrap();
    write(&site.public, "en/notes", "a file where a folder should be");
    site.repaired();
}

#[test]
fn two_builds_at_once_do_not_mix() {
    let site = interrupted("two");
    let children: Vec<_> = (0..4)
        .map(|_| {
            std::process::Command::new(env!("CARGO_BIN_EXE_relais"))
                .args(["build", "--at", support::AT, "--full"])
                .current_dir(&site.site)
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let mut done = 0;
    for child in children {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        match output.status.code() {
            Some(0) => done += 1,
            Some(1) => assert!(said.contains("error[locked]"), "{said}"),
            other => panic!("{other:?}: {said}"),
        }
    }
    assert!(done >= 1);
    site.repaired();
}
