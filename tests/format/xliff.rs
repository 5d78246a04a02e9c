//! XLIFF as a source of units: what is its own, beside the contract.

use super::*;

/// A file in English and Arabic around these units.
fn around(units: &str) -> String {
    format!(
        "<xliff xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" version=\"2.0\" srcLang=\"en\" trgLang=\"ar\">\n\
         <file id=\"f1\">{units}</file></xliff>"
    )
}

const UNIT: &str = "<unit id=\"u1\"><segment state=\"final\"><source>Yes</source><target>نعم</target></segment></unit>";

#[test]
fn a_file_that_ends_inside_a_start_tag_is_read_to_its_end() {
    let whole = around(&format!("{UNIT}<unit id=\"u2\">"));
    let cut = whole.find("<unit id=\"u2").unwrap() + "<unit i".len();
    let read = read(UnitFormat::Xliff, &whole[..cut]);
    assert_eq!(read.units.len(), 1);
    assert!(!read.rejected.is_empty() || !read.remarks.is_empty());
}

#[test]
fn units_of_other_tools_stand_in_the_order_of_their_file() {
    let read = read(UnitFormat::Xliff, around(&format!("{UNIT}{UNIT}")));
    let positions: Vec<_> = read.units.iter().map(|unit| unit.origin.position).collect();
    assert_eq!(positions, [Some(0), Some(1)]);
}
