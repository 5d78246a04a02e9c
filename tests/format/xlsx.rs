//! XLSX as a source of units.

use super::*;
use crate::common::stored_zip;

/// A workbook of sheets, each with its title and its rows of cells; `None` is a cell that isn't there.
fn workbook(sheets: &[(&str, &[&[Option<&str>]])]) -> Vec<u8> {
    const MAIN: &str =
        "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"r\"";
    let mut parts: Vec<(String, String)> = Vec::new();
    let (mut names, mut relations) = (String::new(), String::new());
    for (number, (title, rows)) in sheets.iter().enumerate() {
        names += &format!("<sheet name=\"{title}\" sheetId=\"{number}\" r:id=\"r{number}\"/>");
        relations += &format!(
            "<Relationship Id=\"r{number}\" Type=\"x/worksheet\" Target=\"s{number}.xml\"/>"
        );
        let mut body = String::new();
        for (row, cells) in rows.iter().enumerate() {
            body += &format!("<row r=\"{}\">", row + 1);
            for (column, text) in cells.iter().enumerate() {
                let name = format!("{}{}", char::from(b'A' + column as u8), row + 1);
                if let Some(text) = text {
                    body += &format!("<c r=\"{name}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
                }
            }
            body += "</row>";
        }
        let sheet = format!("<worksheet {MAIN}><sheetData>{body}</sheetData></worksheet>");
        parts.push((format!("xl/s{number}.xml"), sheet));
    }
    let types = "<Types><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>";
    parts.push(("[Content_Types].xml".to_owned(), types.to_owned()));
    parts.push((
        "xl/workbook.xml".to_owned(),
        format!("<workbook {MAIN}><sheets>{names}</sheets></workbook>"),
    ));
    parts.push((
        "xl/_rels/workbook.xml.rels".to_owned(),
        format!("<Relationships>{relations}</Relationships>"),
    ));
    let parts: Vec<_> = parts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    stored_zip(&parts)
}

#[test]
fn columns_are_named_by_the_first_row_of_each_sheet() {
    let bytes = workbook(&[
        (
            "One",
            &[
                &[Some("English"), Some("note"), Some("Arabic")],
                &[Some("Yes"), Some("short"), Some("نعم")],
                &[Some("No"), None, None],
                &[],
                &[Some("Maybe"), None, Some("ربما\nلا")],
            ],
        ),
        ("Two", &[&[Some("لا"), Some("No")]]),
        ("Cover", &[&[Some("Project"), Some("Terms")]]),
    ]);
    let read = read(UnitFormat::Xlsx, bytes);
    assert_eq!(read.english(), ["Yes", "Maybe", "No"]);
    assert_eq!(read.units[0].origin.notes, ["short"]);
    assert_eq!(read.units[1].text.ar, "ربما\nلا");
    assert_eq!(read.reasons(), ["3:5: One: the Arabic side is blank"]);
    let remarks: Vec<_> = read.remarks.iter().map(Diagnostic::to_string).collect();
    assert_eq!(
        remarks[0],
        "1:1: One: taken as a header that names the columns, not as a unit"
    );
    assert!(
        remarks[1].starts_with("the sheet `Cover` is left out"),
        "{remarks:?}"
    );
}

#[test]
fn named_columns_are_those_of_all_sheets() {
    let rows: &[&[Option<&str>]] = &[&[Some("a.c"), Some("Yes"), Some("نعم")]];
    let columns = Columns::parse("doc,en,ar").unwrap();
    let read = read_with(UnitFormat::Xlsx, Some(columns), workbook(&[("One", rows)])).unwrap();
    assert_eq!(read.english(), ["Yes"]);
    assert_eq!(read.units[0].origin.document.as_deref(), Some("a.c"));
}

#[test]
fn a_workbook_that_tells_no_languages_is_refused() {
    let rows: &[&[Option<&str>]] = &[&[Some("Yes"), Some("Oui")]];
    let read = read_with(UnitFormat::Xlsx, None, workbook(&[("One", rows)]));
    assert!(matches!(read, Err(FormatError::UnclearLanguages { .. })));
    let none = read_with(UnitFormat::Xlsx, None, workbook(&[("One", &[])])).unwrap();
    assert!(none.units.is_empty() && none.rejected.is_empty());
}
