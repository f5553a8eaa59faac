//! Builds after an interrupted build: whatever it left, the next one makes exactly the tree of a full build.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use support::{MANIFEST, Tree, build, build_well, counts, edit, tree, write};

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
    /// The manifest as it is written before files are moved: what is about to change is unknown.
    fn announce(&self) {
        let changed = support::changes(&self.before, &self.expected);
        let mut lines: Vec<String> = self.complete.lines().map(str::to_owned).collect();
        for line in lines.iter_mut().skip(2) {
            let path = line.splitn(4, '\t').nth(3).unwrap();
            if changed.iter().any(|change| &change[2..] == path) {
                *line = format!("0\t?\t{:032x}\t{path}", 0);
            }
        }
        for change in changed.iter().filter_map(|change| change.strip_prefix("- ")) {
            lines.push(format!("0\t?\t{:032x}\t{change}", 0));
        }
        lines[2..].sort_by(|a, b| a.splitn(4, '\t').nth(3).cmp(&b.splitn(4, '\t').nth(3)));
        fs::write(self.public.join(MANIFEST), lines.join("\n") + "\n").unwrap();
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
    for path in ["../precious.txt", "/etc/hostname", "a/../../precious.txt"] {
        text.push_str(&format!("8\t{:032x}\t{:032x}\t{path}\n", 0, 0));
    }
    fs::write(site.public.join(MANIFEST), text).unwrap();
    build(&site.site, &[]);
    assert_eq!(fs::read_to_string(site.site.join("precious.txt")).unwrap(), "precious");
}

#[test]
fn a_manifest_of_another_version_is_distrusted() {
    let site = interrupted("version");
    let text = fs::read_to_string(site.public.join(MANIFEST)).unwrap();
    let (_, rest) = text.split_once('\n').unwrap();
    fs::write(site.public.join(MANIFEST), format!("relais-manifest 99\n{rest}")).unwrap();
    build_well(&site.site, &[]);
    let found = tree(&site.public);
    for (path, bytes) in &site.expected {
        assert!(found.get(path) == Some(bytes), "{path} is not the full build's");
    }
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
