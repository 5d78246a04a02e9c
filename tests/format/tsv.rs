//! TSV: columns and headers, and what a row may look like.

use super::*;

fn tsv(text: &str) -> Read {
    read(UnitFormat::Tsv, text)
}

fn tsv_with(columns: &str, text: &str) -> Read {
    let columns = Columns::parse(columns).unwrap();
    read_with(UnitFormat::Tsv, Some(columns), text).unwrap()
}

#[test]
fn quotes_are_text() {
    let read = tsv("\"نعم\t\"Yes\nقال \"لا\"\tHe said \"no\"\n");
    assert_eq!(read.english(), ["\"Yes", "He said \"no\""]);
}

#[test]
fn the_script_tells_the_columns() {
    assert_eq!(tsv("Yes\tنعم\tx\nGNU\tGNU\n").english(), ["Yes", "GNU"]);
    assert_eq!(tsv("نعم\tYes\n").english(), ["Yes"]);
    for unclear in ["yes\toui\n", "1\t2\n"] {
        assert!(matches!(
            read_with(UnitFormat::Tsv, None, unclear),
            Err(FormatError::UnclearLanguages { .. })
        ));
    }
    assert_eq!(
        tsv("no tab\n").reasons(),
        ["1:7: 1 column where 2 are needed"]
    );
}

#[test]
fn bad_rows_in_front_do_not_turn_the_columns() {
    let bad = "one cell\n".repeat(1500);
    let read = tsv(&format!("{bad}Yes\tنعم\n"));
    assert_eq!((read.english(), read.rejected.len()), (vec!["Yes"], 1500));
    assert_eq!(read.rejected[1499].0.location.unwrap().line, 1500);
}

#[test]
fn a_header_is_remarked() {
    let named = tsv("id\ten\tar\n7\tYes\tنعم\n");
    assert_eq!(named.units, [unit("نعم", "Yes")]);
    assert_eq!(
        named.remarks[0].to_string(),
        "1:1: taken as a header that names the columns, not as a unit"
    );
    let unnamed = tsv("source\ttarget\nYes\tنعم\n");
    assert_eq!(unnamed.units, [unit("نعم", "Yes")]);
    assert_eq!(unnamed.remarks.len(), 1);
    let repeated = tsv_with("doc,index,ar,en", "doc\tindex\tar\ten\nd\t0\tنعم\tYes\n");
    assert_eq!((repeated.units.len(), repeated.remarks.len()), (1, 1));
    let like_a_header = [unit("ar", "en"), unit("نعم", "Yes")];
    let (written, _) = write(UnitFormat::Tsv, None, &like_a_header);
    assert_eq!(tsv(&written).units, like_a_header);
    let unit_of_words = tsv("المصدر\tsource\nالهدف\ttarget\n");
    assert_eq!(unit_of_words.units.len(), 2);
}

#[test]
fn columns_fill_the_origin() {
    let read = tsv_with(
        "doc,index,ar,en,-,note",
        "faq\t12\tنعم\tYes\t?\tshort\tmore\n\t\tلا\tNo\t\t\n",
    );
    let origin = &read.units[0].origin;
    assert_eq!(
        (origin.document.as_deref(), origin.position),
        (Some("faq"), Some(12))
    );
    assert_eq!(origin.notes, ["short"]);
    assert_eq!(read.units[1].origin, Origin::default());
}

#[test]
fn what_is_wrong_with_a_row_has_line_and_column() {
    let read = tsv_with(
        "doc,index,ar,en",
        "d\tx\tنعم\tYes\n\nd\t1\tنعم\nd\t2\t \tYes\nd\t3\tنعم\t\nd\t4\tن\u{1B}عم\tYes\nd\t5\tنعم\tYes\n",
    );
    assert_eq!(
        read.reasons(),
        [
            "1:3: the index `x` is no whole number from 0 to 4294967295",
            "3:8: 3 columns where 4 are needed",
            "4:5: the Arabic side is blank",
            "5:9: the English side is blank",
            "6:6: the control character U+001B",
        ]
    );
    assert_eq!(read.units.len(), 1);
    assert_eq!(read.rejected[1].1, "d\t1\tنعم");
}

#[test]
fn an_old_line_end_inside_a_row_is_not_passed_over() {
    assert_eq!(
        tsv("نعم\tYes\rلا\tNo\r").reasons(),
        ["1:8: a carriage return inside the line"]
    );
    assert_eq!(tsv("نعم\tYes\r").english(), ["Yes"]);
    assert_eq!(
        tsv("ar\ten\tx\ry\n").reasons(),
        ["1:8: a carriage return inside the line"]
    );
    let csv = read(UnitFormat::Csv, "نعم,Yes\rلا,No\r\n");
    assert_eq!(csv.reasons(), ["1:8: a carriage return inside the line"]);
}

#[test]
fn what_a_cell_cannot_hold_is_written_as_a_space_and_counted() {
    let (text, counts) = write(
        UnitFormat::Tsv,
        None,
        &[unit("سطر\nآخر", "a\tb\rc"), unit("لا", "No")],
    );
    assert_eq!(text, "سطر آخر\ta b c\nلا\tNo\n");
    assert_eq!((counts.units, counts.altered), (2, 1));
}
