use super::*;
use crate::format::zip::Container;
use crate::format::zip::sample::zip;
use crate::lang::Lang;

const NS: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A workbook with these shared texts and rows, and a table if asked for.
fn xlsx(shared: &str, rows: &str, table: Option<&str>) -> Vec<u8> {
    let content = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let types = format!(
        "<Types><Override PartName=\"/xl/workbook.xml\" ContentType=\"{content}.sheet.main+xml\"/></Types>"
    );
    let workbook = format!(
        "<workbook {NS} xmlns:r=\"{REL}\"><sheets><sheet name=\"Menu\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let relations = format!(
        "<Relationships><Relationship Id=\"rId1\" Type=\"{REL}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship \
         Id=\"rId2\" Type=\"{REL}/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/></Relationships>"
    );
    let sheet = format!(
        "<worksheet {NS}><dimension ref=\"A1\"/><sheetViews><sheetView workbookViewId=\"0\"/></sheetViews><sheetData>{rows}\
         </sheetData></worksheet>"
    );
    let shared = format!(
        "<sst {NS} count=\"9\" uniqueCount=\"{}\">{shared}</sst>",
        shared.matches("<si>").count()
    );
    let of_sheet = format!(
        "<Relationships><Relationship Id=\"a\" Type=\"{REL}/table\" Target=\"../tables/t.xml\"/></Relationships>"
    );
    let mut parts = vec![
        ("[Content_Types].xml", types.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/sharedStrings.xml", shared.as_bytes()),
    ];
    if let Some(table) = table {
        parts.push(("xl/worksheets/_rels/sheet1.xml.rels", of_sheet.as_bytes()));
        parts.push(("xl/tables/t.xml", table.as_bytes()));
    }
    zip(&parts)
}

fn opened(bytes: Vec<u8>, columns: &[&str]) -> Box<dyn FillableFile> {
    let options = OpenOptions {
        columns: columns.iter().map(|c| (*c).to_owned()).collect(),
        ..OpenOptions::default()
    };
    open(bytes, "x.xlsx", &options, &mut |d| panic!("{d}")).unwrap()
}

fn slots(file: &dyn FillableFile) -> Vec<(String, String)> {
    let slots = file.slots().iter();
    slots
        .map(|slot| (slot.key.clone().unwrap(), slot.source.text.clone()))
        .collect()
}

fn filled(
    file: &dyn FillableFile,
    target: Option<Lang>,
    translate: impl Fn(&str) -> Option<String>,
) -> Vec<u8> {
    let fillings: Vec<_> = file
        .slots()
        .iter()
        .map(|slot| Filling {
            target: translate(&slot.source.text).map(|text| crate::coded::Coded {
                codes: Vec::new(),
                text,
            }),
            ..Filling::default()
        })
        .collect();
    let mut out = Vec::new();
    file.write(&fillings, &FillOptions { target }, &mut out)
        .unwrap();
    out
}

fn part(bytes: &[u8], name: &str) -> String {
    Package::open(bytes.to_vec(), "x")
        .unwrap()
        .text(name)
        .unwrap()
}

const SHARED: &str = "<si><t>en</t></si><si><t>note</t></si><si><t>Open &amp; save</t></si><si><r><t xml:space=\"preserve\">A </t></r><r>\
                      <rPr><b/></rPr><t>bold</t></r><r><t xml:space=\"preserve\"> word here</t></r><rPh sb=\"0\" eb=\"1\"><t>x</t></rPh></si>";
const ROWS: &str = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\" \
                    t=\"s\"><v>2</v></c><c r=\"B2\" t=\"s\"><v>2</v></c><c t=\"str\"><f>A2</f><v>Open</v></c></row><row><c \
                    t=\"s\"><v>3</v></c><c t=\"inlineStr\"><is><t>Inline</t></is></c><c><v>5</v></c></row><row><c t=\"s\"><v>2</v></c></row>";

#[test]
fn texts_of_cells_are_slots() {
    let bytes = xlsx(SHARED, ROWS, None);
    let file = opened(bytes.clone(), &[]);
    let expected = [
        ("A1", "en"),
        ("B1", "note"),
        ("A2", "Open & save"),
        ("A3", "A bold word here"),
        ("B3", "Inline"),
    ];
    let expected = expected.map(|(cell, text)| (format!("Menu!{cell}"), text.to_owned()));
    assert_eq!(slots(&*file), expected);
    assert_eq!(file.slots()[3].source.codes.len(), 2);
    assert_eq!(filled(&*file, Some(Lang::Arabic), |_| None), bytes);
}

#[test]
fn a_shared_text_is_split_where_only_some_of_its_cells_are_filled() {
    let bytes = xlsx(SHARED, ROWS, None);
    for columns in [&["EN"][..], &["a"][..]] {
        let file = opened(bytes.clone(), columns);
        let out = filled(&*file, Some(Lang::Arabic), |text| {
            text.starts_with("Open").then(|| "افتح <".to_owned())
        });
        let shared = part(&out, "xl/sharedStrings.xml");
        assert!(shared.contains("uniqueCount=\"5\""), "{shared}");
        assert!(shared.contains("<si><t>Open &amp; save</t></si>"));
        assert!(
            shared.ends_with("<si><t xml:space=\"preserve\">افتح &lt;</t></si></sst>"),
            "{shared}"
        );
        let sheet = part(&out, "xl/worksheets/sheet1.xml");
        assert!(
            sheet.contains("<c r=\"A2\" t=\"s\"><v>4</v></c><c r=\"B2\" t=\"s\"><v>2</v></c>"),
            "{sheet}"
        );
        assert_eq!(sheet.matches("<v>4</v>").count(), 2);
        assert!(
            sheet.contains("<sheetView workbookViewId=\"0\" rightToLeft=\"1\"/>"),
            "{sheet}"
        );
        let again = opened(out.clone(), columns);
        assert!(slots(&*again).iter().any(|(_, text)| text == "افتح <"));
        let back = filled(&*again, Some(Lang::English), |_| Some("Open".to_owned()));
        assert!(!part(&back, "xl/worksheets/sheet1.xml").contains("rightToLeft"));
    }
    // All cells of the text are filled: it is changed where it stands.
    let file = opened(bytes, &[]);
    let out = filled(&*file, None, |text| {
        text.starts_with("Open").then(|| "x".to_owned())
    });
    let shared = part(&out, "xl/sharedStrings.xml");
    assert!(
        shared.contains("<si><t>note</t></si><si><t xml:space=\"preserve\">x</t></si>"),
        "{shared}"
    );
}

#[test]
fn rich_texts_keep_their_looks() {
    let file = opened(xlsx(SHARED, ROWS, None), &[]);
    let mut fillings = vec![Filling::default(); file.slots().len()];
    let mut target = file.slots()[3].source.clone();
    "x BOLD y".clone_into(&mut target.text);
    (target.codes[0].at, target.codes[1].at) = (2, 6);
    fillings[3].target = Some(target);
    fillings[4].target = Some("y".into());
    let mut out = Vec::new();
    file.write(&fillings, &FillOptions::default(), &mut out)
        .unwrap();
    let text = |text: &str| format!("<t xml:space=\"preserve\">{text}</t>");
    let expected = format!(
        "<si><r>{}</r><r><rPr><b/></rPr>{}</r><r>{}</r></si></sst>",
        text("x "),
        text("BOLD"),
        text(" y")
    );
    let shared = part(&out, "xl/sharedStrings.xml");
    assert!(shared.ends_with(&expected), "{shared}");
    let sheet = part(&out, "xl/worksheets/sheet1.xml");
    assert!(
        sheet.contains(&format!("<is>{}</is>", text("y"))),
        "{sheet}"
    );
}

#[test]
fn heads_of_tables_are_left_alone() {
    let file = opened(xlsx(SHARED, ROWS, Some("<table ref=\"A1:B3\"/>")), &[]);
    assert_eq!(file.slots()[0].key.as_deref(), Some("Menu!A2"));
    let file = opened(
        xlsx(
            SHARED,
            ROWS,
            Some("<table ref=\"A1:B3\" headerRowCount=\"0\"/>"),
        ),
        &[],
    );
    assert_eq!(file.slots()[0].key.as_deref(), Some("Menu!A1"));
}

#[test]
fn columns_that_are_not_there_and_damage_are_said() {
    let error = |bytes: Vec<u8>, columns: &[&str]| {
        let options = OpenOptions {
            columns: columns.iter().map(|c| (*c).to_owned()).collect(),
            ..OpenOptions::default()
        };
        open(bytes, "x.xlsx", &options, &mut |_| {})
            .map(|_| ())
            .unwrap_err()
            .to_string()
    };
    let message = error(xlsx(SHARED, ROWS, None), &["english"]);
    assert!(message.contains("no column `english`"), "{message}");
    let message = error(xlsx("<si><t>x</si>", ROWS, None), &[]);
    assert!(
        message.contains("xl/sharedStrings.xml") && message.contains("</t>"),
        "{message}"
    );
    let shared_strings = |part: &str| (part == "xl/sharedStrings.xml").then_some(&b"x"[..]);
    let mut no_element = Vec::new();
    let whole = Container::open(xlsx(SHARED, ROWS, None), "x").unwrap();
    whole.write(shared_strings, &mut no_element).unwrap();
    let message = error(no_element, &[]);
    assert!(message.contains("no element"), "{message}");
    let mut said = Vec::new();
    let bytes = xlsx("", "<row><c t=\"s\"><v>7</v></c></row>", None);
    let file = open(bytes, "x", &OpenOptions::default(), &mut |d| {
        said.push(d.to_string());
    })
    .unwrap();
    assert!(
        file.slots().is_empty() && said[0].contains("Menu!A1"),
        "{said:?}"
    );
}

#[test]
fn white_space_at_the_edges_of_a_text_stays() {
    let shared = "<si><t xml:space=\"preserve\"> &#10;Name  </t></si><si><r><t xml:space=\"preserve\">  A</t></r><r><rPr><b/></rPr>\
                  <t xml:space=\"preserve\">b </t></r></si>";
    let rows =
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>";
    let file = opened(xlsx(shared, rows, None), &[]);
    let texts: Vec<_> = slots(&*file).into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, ["Name", "Ab"]);
    let fillings: Vec<_> = file
        .slots()
        .iter()
        .map(|slot| Filling {
            target: Some(slot.source.clone()),
            ..Filling::default()
        })
        .collect();
    let mut out = Vec::new();
    file.write(&fillings, &FillOptions::default(), &mut out)
        .unwrap();
    let shared = part(&out, "xl/sharedStrings.xml");
    assert!(
        shared.contains("<si><t xml:space=\"preserve\"> \nName  </t></si>"),
        "{shared}"
    );
    assert!(
        shared.contains("<t xml:space=\"preserve\">  A</t>")
            && shared.contains("<t xml:space=\"preserve\">b </t>"),
        "{shared}"
    );
}
