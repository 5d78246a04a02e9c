//! A sealed place to run the program in: its own folder, home and environment, so that no test sees the machine's or
//! another's.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A folder with nothing in it, which is the working directory of what is run.
pub(crate) struct TestEnv {
    folder: TempDir,
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl TestEnv {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// The path of a file in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, and the folders that it is in.
    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, contents).unwrap();
    }

    /// A file's text.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The program, to be run in the folder.
    pub(crate) fn command(&self, args: &[impl AsRef<OsStr>]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dhakira"));
        command
            .args(args)
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.path("home"))
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("XDG_DATA_HOME", self.path("data"))
            .env("XDG_STATE_HOME", self.path("state"))
            .env("TMPDIR", self.folder.path())
            .env("USER", "tester")
            .env("COLUMNS", "100")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program without input.
    #[must_use = "check the exit code"]
    pub(crate) fn run(&self, args: &[impl AsRef<OsStr>]) -> Finished {
        Finished::of(self.command(args).spawn().unwrap())
    }

    /// Runs the program with `input` on stdin.
    #[must_use = "check the exit code"]
    pub(crate) fn run_with_input(&self, args: &[impl AsRef<OsStr>], input: &[u8]) -> Finished {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A program that has seen enough closes its end.
        let _ = stdin.write_all(input);
        drop(stdin);
        Finished::of(child)
    }

    /// The files in the folder, by name.
    pub(crate) fn files(&self) -> Vec<String> {
        names_in(self.folder.path())
    }
}

/// The names in a folder, in order.
pub(crate) fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

impl Finished {
    /// Waits for the end of a run.
    #[must_use = "check the exit code"]
    pub(crate) fn of(child: Child) -> Self {
        let output = child.wait_with_output().unwrap();
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Checks the exit code, and shows all there is where it is another.
    #[track_caller]
    pub(crate) fn ends_with(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "\n--- stdout\n{}\n--- stderr\n{}",
            self.stdout, self.stderr
        );
        self
    }

    /// Checks that it is done (0); gives what it printed.
    #[track_caller]
    pub(crate) fn stdout(self) -> String {
        self.ends_with(0).stdout
    }

    /// Checks that it is done (0); gives what it said.
    #[track_caller]
    pub(crate) fn stderr(self) -> String {
        self.ends_with(0).stderr
    }

    /// Checks that it failed for a reason on the user's side (2), with nothing on stdout; gives what it said.
    #[track_caller]
    pub(crate) fn error(self) -> String {
        let this = self.ends_with(2);
        assert_eq!(this.stdout, "");
        this.stderr
    }

    /// What it printed as JSON, an object a line.
    #[track_caller]
    pub(crate) fn json_lines(&self) -> Vec<serde_json::Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

/// A zip file of parts that are stored as they are.
pub(crate) fn stored_zip(parts: &[(&str, &str)]) -> Vec<u8> {
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in parts {
        let mut crc = flate2::Crc::new();
        crc.update(content.as_bytes());
        let mut fields = [0; 12];
        fields[0] = 20;
        let (crc, size) = (
            crc.sum().to_le_bytes(),
            (content.len() as u32).to_le_bytes(),
        );
        let name_size = (name.len() as u16).to_le_bytes();
        let fields = [&fields[..10], &crc, &size, &size, &name_size, &[0; 2]].concat();
        let start = (zip.len() as u32).to_le_bytes();
        zip.extend(
            [
                b"PK\x03\x04",
                &fields[..],
                name.as_bytes(),
                content.as_bytes(),
            ]
            .concat(),
        );
        directory.extend(
            [
                b"PK\x01\x02\x14\x00",
                &fields[..],
                &[0; 10],
                &start,
                name.as_bytes(),
            ]
            .concat(),
        );
    }
    let count = (parts.len() as u16).to_le_bytes();
    let place = [
        (directory.len() as u32).to_le_bytes(),
        (zip.len() as u32).to_le_bytes(),
    ]
    .concat();
    [
        &zip[..],
        &directory,
        b"PK\x05\x06\0\0\0\0",
        &count,
        &count,
        &place,
        &[0; 2],
    ]
    .concat()
}

/// A document of Word with these paragraphs.
pub(crate) fn docx(paragraphs: &[&str]) -> Vec<u8> {
    let paragraphs = paragraphs.iter();
    let paragraphs = paragraphs.map(|text| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"));
    let body: String = paragraphs.collect();
    let types = "<Types><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    let document = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    );
    stored_zip(&[
        ("[Content_Types].xml", types),
        ("word/document.xml", &document),
    ])
}
