//! CSV: quoting, and what becomes of a quote that isn't closed.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::*;

fn csv(text: &str) -> Read {
    read(UnitFormat::Csv, text)
}

#[test]
fn quoted_cells_hold_anything() {
    let read = csv("\"نعم، \"\"طبعًا\"\"\",\"Yes,\r\n\"\"of course\"\"\"\r\n\nلا,No\"\n");
    assert_eq!(
        read.units,
        [
            unit("نعم، \"طبعًا\"", "Yes,\r\n\"of course\""),
            unit("لا", "No\"")
        ]
    );
}

#[test]
fn semicolons_and_tabs_part_cells_where_the_lines_say_so() {
    let rows =
        "English;Arabic\r\nYes, sir;نعم، سيدي\r\n\"a;b, \"\"c\"\"\";س\r\n\"two\nlines\";سطران\r\n";
    let expected = [
        unit("نعم، سيدي", "Yes, sir"),
        unit("س", "a;b, \"c\""),
        unit("سطران", "two\nlines"),
    ];
    assert_eq!(csv(rows).units, expected);
    assert_eq!(csv(&format!("sep=;\r\n{rows}")).units, expected);
    let tabs = rows.replace(';', "\t").replace("a\tb", "a;b");
    assert_eq!(csv(&tabs).units, expected);
    // Commas come first where as many lines have them.
    let commas = csv("نعم; بلى,Yes; of course\nلا,No\n");
    assert_eq!(
        commas.units,
        [unit("نعم; بلى", "Yes; of course"), unit("لا", "No")]
    );
    // What is cut off by the end of what is looked at says nothing.
    let long = format!("{};{},Yes\n", "ك".repeat(9000), "ك");
    assert_eq!(csv(&long).units.len(), 1);
}

#[test]
fn lines_are_counted_through_rows_of_many_lines() {
    let read = csv("نعم,\"Yes\n\nindeed\"\nلا\n\"a\n\",\n");
    assert_eq!(
        read.reasons(),
        [
            "4:3: 1 column where 2 are needed",
            "6:3: the English side is blank"
        ]
    );
}

#[test]
fn an_open_quote_costs_its_line_only() {
    let read = csv("نعم,Yes\nلا,\"No\nربما,Maybe\nقد,\"Might\"\n");
    assert_eq!(read.reasons(), ["2:4: the quote is closed inside the cell"]);
    assert_eq!(read.rejected[0].1, "لا,\"No");
    assert_eq!(read.english(), ["Yes", "Maybe", "Might"]);
    let read = csv("نعم,Yes\n\"لا\"كلا,No\n");
    assert_eq!(read.reasons(), ["2:1: the quote is closed inside the cell"]);
    let read = csv("نعم,Yes\nلا,\"No\nربما,Maybe\n");
    assert_eq!(read.reasons(), ["2:4: the quote is not closed"]);
    assert_eq!(read.english(), ["Yes", "Maybe"]);
    let rows = "نعم,Yes\n".repeat(3000);
    let read = csv(&format!("نعم,Yes\nلا,\"No\n{rows}"));
    assert_eq!((read.units.len(), read.rejected.len()), (3001, 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// The `csv` crate reads the same cells, where no quote is mistaken.
    #[test]
    fn cells_are_those_of_the_csv_crate(text in "([ab\",\n]|ن,|\",\"){0,30}") {
        let columns = Columns::parse("ar,en,note,note,note").unwrap();
        let read = read_with(UnitFormat::Csv, Some(columns), text.as_str()).unwrap();
        if read.reasons().iter().any(|r| r.contains("the quote")) {
            return Ok(());
        }
        let mut reader = ::csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut units: VecDeque<_> = read.units.into();
        for row in reader.records() {
            let row = row.unwrap();
            if row.len() < 5 || row[0].trim().is_empty() || row[1].trim().is_empty() {
                continue;
            }
            let unit = units.pop_front();
            prop_assert!(unit.is_some(), "{:?} is missing", row);
            let unit = unit.unwrap();
            prop_assert_eq!((unit.text.ar.as_str(), unit.text.en.as_str()), (row[0].trim(), row[1].trim()));
            let notes: Vec<_> = row.iter().skip(2).take(3).map(str::trim).filter(|n| !n.is_empty()).collect();
            prop_assert_eq!(unit.origin.notes, notes);
        }
        prop_assert!(units.is_empty());
    }
}
