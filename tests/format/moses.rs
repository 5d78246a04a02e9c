//! Moses: two files, line by line.

use dhakira::format::UnitWriter;
use dhakira::format::moses::{self, MosesWriter};
use dhakira::lang::Sides;

use super::*;

fn pair(ar: &[u8], en: &[u8]) -> Result<Read, FormatError> {
    let mut read = Read::default();
    let inputs = Sides {
        ar: Input::from_reader("c.ar", Cursor::new(ar.to_vec()))?,
        en: Input::from_reader("c.en", Cursor::new(en.to_vec()))?,
    };
    moses::read(inputs, &mut |record| read.push(record))?;
    Ok(read)
}

#[test]
fn lines_are_paired_and_bad_ones_rejected() {
    let read = pair(
        "نعم\r\n\nلا\u{7}\nربما\nقد\n".as_bytes(),
        b"Yes\r\n\nNo\nMay\xFFbe\nMight",
    )
    .unwrap();
    assert_eq!(read.english(), ["Yes", "Might"]);
    assert_eq!(
        read.reasons(),
        [
            "2:1: both sides are blank",
            "3:3: the control character U+0007 in `ar`",
            "4:4: bytes that are no UTF-8 text in `en`",
        ]
    );
}

#[test]
fn unequal_files_are_an_error_with_both_counts() {
    for (ar, en) in [("أ\nب\nج\n", "a\n"), ("أ\n", "a\nb\nc")] {
        let error = pair(ar.as_bytes(), en.as_bytes()).unwrap_err();
        let message = error.to_string();
        assert!(
            message.contains("3") && message.contains("has 1"),
            "{message}"
        );
        assert!(message.contains("`c.ar`") && message.contains("`c.en`"));
    }
}

#[test]
fn what_is_written_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let prefix = folder.path().join("corpus");
    let units = [unit("نعم", "Yes"), unit("سطران\nاثنان", "two lines")];
    let mut writer = MosesWriter::create(&prefix).unwrap();
    for unit in &units {
        writer.write(unit.view()).unwrap();
    }
    let counts = Box::new(writer).finish().unwrap();
    assert_eq!((counts.units, counts.altered), (2, 1));
    let mut read = Read::default();
    moses::read(moses::open(&prefix).unwrap(), &mut |record| {
        read.push(record)
    })
    .unwrap();
    assert_eq!(
        read.units,
        [unit("نعم", "Yes"), unit("سطران اثنان", "two lines")]
    );
}

#[test]
fn a_side_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = moses::open(&folder.path().join("none")).unwrap_err();
    assert!(error.to_string().ends_with("none.ar`"), "{error}");
}
