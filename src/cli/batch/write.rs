//! A filled file on its way to its place: written beside it and moved there, or nothing is.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use super::fill::{Failure, Opened, warning};
use super::plan::backup_path;
use super::report::{FileRecord, Status};
use super::{BatchFile, Place};
use crate::cli::error::{CommandError, Doing};
use crate::diagnostic::Diagnostic;
use crate::format::fill::{FillOptions, Filling};
use crate::format::{FormatError, Output};

/// A filled file that is to be written.
pub(super) struct Writing<'w> {
    pub(super) file: &'w BatchFile,
    pub(super) opened: &'w Opened,
    pub(super) fillings: Vec<Filling>,
    pub(super) options: FillOptions,
}

impl Writing<'_> {
    /// Writes it to where it belongs, or with `dry_run` nowhere.
    pub(super) fn write(&self, dry_run: bool, record: &mut FileRecord) -> Result<(), Failure> {
        let is_unchanged = self
            .fillings
            .iter()
            .all(|filling| *filling == Filling::default());
        record.status = if is_unchanged {
            Status::Unchanged
        } else {
            Status::Written
        };
        let mut left_out =
            |diagnostic: Diagnostic| record.warnings.push(warning(&record.document, &diagnostic));
        self.opened
            .file
            .check(&self.fillings, &self.options, &mut left_out);
        if dry_run {
            // What the format refuses is found all the same.
            let written =
                self.opened
                    .file
                    .write(&self.fillings, &self.options, &mut std::io::sink());
            return Ok(written?);
        }
        match &self.file.place {
            Place::Stdout => Ok(self.to(Output::stdout())?),
            Place::File(path) => {
                if let Some(folder) = path.parent() {
                    std::fs::create_dir_all(folder)
                        .doing(|| format!("can't make the folder `{}`", folder.display()))?;
                }
                self.to(Output::create(path)?)?;
                record.output = Some(path.display().to_string());
                Ok(())
            }
            Place::Itself if is_unchanged => Ok(()),
            Place::Itself => self.in_place(record),
        }
    }

    fn to(&self, mut output: Output<'_>) -> Result<(), CommandError> {
        self.opened
            .file
            .write(&self.fillings, &self.options, &mut output)?;
        if let Some(stamp) = self.opened.stamp {
            stamp.check(&self.file.input)?;
        }
        Ok(output.finish()?)
    }

    /// Puts the filled file into the place of the file, once a copy of that is beside it. Fillings may say what stands
    /// there already; then it stays as it is.
    fn in_place(&self, record: &mut FileRecord) -> Result<(), Failure> {
        let cant = || format!("can't replace `{}`", self.file.input.display());
        // A link stays, and what it points to is replaced.
        let path = self.file.input.canonicalize().doing(cant)?;
        if self.opened.compressed != Output::is_compressed_at(&path) {
            return Err(CommandError::user(format!(
                "`{}` is compressed, and its name does not say so",
                path.display()
            ))
            .hint("unpack it, or give it a name that ends in .gz or .zst")
            .into());
        }
        let mut output = Output::create(&path)?;
        if self.is_same(&path, &mut output)? {
            record.status = Status::Unchanged;
            return Ok(());
        }
        if let Some(stamp) = self.opened.stamp {
            stamp.check(&path)?;
        }
        let backup = backup_path(&path);
        std::fs::hard_link(&path, &backup)
            .or_else(|_| std::fs::copy(&path, &backup).map(drop))
            .doing(|| format!("can't keep a copy of `{}`", path.display()))?;
        if let Err(error) = output.finish() {
            // The file is as it was, so that its copy is of no use.
            let _ = std::fs::remove_file(&backup);
            return Err(error.into());
        }
        record.output = Some(path.display().to_string());
        record.backup = Some(backup.display().to_string());
        Ok(())
    }

    /// Writes the filled file to `output`, and tells whether it is what the file at `path` holds.
    fn is_same(&self, path: &Path, output: &mut Output<'_>) -> Result<bool, FormatError> {
        let failed = |source| FormatError::Open {
            path: path.to_owned(),
            source,
        };
        let mut compared = Compared {
            output,
            file: BufReader::new(File::open(path).map_err(failed)?),
            // What is compressed anew is other bytes anyway.
            is_same: !self.opened.compressed,
        };
        self.opened
            .file
            .write(&self.fillings, &self.options, &mut compared)?;
        let is_at_end = compared.file.fill_buf().map_err(failed)?.is_empty();
        Ok(compared.is_same && is_at_end)
    }
}

/// Writes to an output, and holds what is written against a file.
struct Compared<'c, 'o> {
    output: &'c mut Output<'o>,
    file: BufReader<File>,
    is_same: bool,
}

impl Write for Compared<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.output.write(bytes)?;
        let mut bytes = &bytes[..written];
        while self.is_same && !bytes.is_empty() {
            let there = self.file.fill_buf()?;
            let (common, _) = bytes.split_at(bytes.len().min(there.len()));
            self.is_same = !common.is_empty() && there.starts_with(common);
            let common = common.len();
            self.file.consume(common);
            bytes = &bytes[common..];
        }
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.output.flush()
    }
}
