//! What the standards allow: TMX 1.4b's document type and what we write of XLIFF 1.2 and 2 with matches and metadata, as
//! data, and a check of a document against them. Content models are regular expressions over the names of an element's
//! children, each followed by a space.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use regex::Regex;

/// What an element may hold.
struct Rule {
    /// Its name, without a namespace prefix.
    name: &'static str,
    /// Its children.
    children: &'static str,
    /// Whether text may stand in it.
    text: bool,
    /// The attributes that it must have, each with the expression of its values.
    required: &'static [(&'static str, &'static str)],
    /// The attributes that it may have.
    optional: &'static [(&'static str, &'static str)],
}

/// A language of documents.
pub(super) struct Grammar {
    root: &'static str,
    rules: &'static [Rule],
}

const ANY: &str = ".*";
const LANG: &str = "[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*";
const DATE: &str = r"\d{8}T\d{6}Z";
const TYPE: (&str, &str) = ("type", ANY);
const NUMBER: &str = "[1-9][0-9]*";
const YES_NO: &str = "yes|no";
const NMTOKEN: &str = r"[\w.:-]+";
const DECIMAL: &str = r"(100|\d{1,2})(\.\d+)?";

const fn rule(
    name: &'static str,
    children: &'static str,
    required: &'static [(&'static str, &'static str)],
    optional: &'static [(&'static str, &'static str)],
) -> Rule {
    Rule {
        name,
        children,
        text: false,
        required,
        optional,
    }
}

const fn mixed(
    name: &'static str,
    children: &'static str,
    required: &'static [(&'static str, &'static str)],
    optional: &'static [(&'static str, &'static str)],
) -> Rule {
    Rule {
        text: true,
        ..rule(name, children, required, optional)
    }
}

const TMX_INLINE: &str = "((bpt|ept|ph|it|hi|ut) )*";

/// TMX 1.4b, <https://www.gala-global.org/tmx-14b>, with its dates and numbers as the text has them.
pub(super) static TMX: Grammar = Grammar {
    root: "tmx",
    rules: &[
        rule("tmx", "header body ", &[("version", r"1\.4")], &[]),
        rule(
            "header",
            "((note|prop|ude) )*",
            &[
                ("creationtool", ANY),
                ("creationtoolversion", ANY),
                ("segtype", "block|paragraph|sentence|phrase"),
                ("o-tmf", ANY),
                ("adminlang", LANG),
                ("srclang", r"\*all\*|[A-Za-z-]+"),
                ("datatype", ANY),
            ],
            &[
                ("o-encoding", ANY),
                ("creationdate", DATE),
                ("creationid", ANY),
                ("changedate", DATE),
                ("changeid", ANY),
            ],
        ),
        rule("body", "(tu )*", &[], &[]),
        mixed("note", "", &[], &[("xml:lang", LANG), ("o-encoding", ANY)]),
        mixed(
            "prop",
            "",
            &[TYPE],
            &[("xml:lang", LANG), ("o-encoding", ANY)],
        ),
        rule(
            "tu",
            "((note|prop) )*(tuv )+",
            &[],
            &[
                ("tuid", ANY),
                ("o-encoding", ANY),
                ("datatype", ANY),
                ("usagecount", r"\d+"),
                ("lastusagedate", DATE),
                ("creationtool", ANY),
                ("creationtoolversion", ANY),
                ("creationdate", DATE),
                ("creationid", ANY),
                ("changedate", DATE),
                ("segtype", "block|paragraph|sentence|phrase"),
                ("changeid", ANY),
                ("o-tmf", ANY),
                ("srclang", ANY),
            ],
        ),
        rule(
            "tuv",
            "((note|prop) )*seg ",
            &[("xml:lang", LANG)],
            &[
                ("o-encoding", ANY),
                ("datatype", ANY),
                ("usagecount", r"\d+"),
                ("lastusagedate", DATE),
                ("creationtool", ANY),
                ("creationtoolversion", ANY),
                ("creationdate", DATE),
                ("creationid", ANY),
                ("changedate", DATE),
                ("o-tmf", ANY),
                ("changeid", ANY),
            ],
        ),
        mixed("seg", TMX_INLINE, &[], &[]),
        mixed("bpt", "(sub )*", &[("i", NUMBER)], &[("x", NUMBER), TYPE]),
        mixed("ept", "(sub )*", &[("i", NUMBER)], &[]),
        mixed(
            "it",
            "(sub )*",
            &[("pos", "begin|end")],
            &[("x", NUMBER), TYPE],
        ),
        mixed(
            "ph",
            "(sub )*",
            &[],
            &[("x", NUMBER), ("assoc", "p|f|b"), TYPE],
        ),
        mixed("hi", TMX_INLINE, &[], &[("x", NUMBER), TYPE]),
        mixed("ut", "(sub )*", &[], &[("x", NUMBER)]),
        mixed("sub", TMX_INLINE, &[], &[("datatype", ANY), TYPE]),
    ],
};

const XLIFF_1_INLINE: &str = "((g|x|bx|ex|bpt|ept|ph|it|mrk) )*";

/// XLIFF 1.2, <https://docs.oasis-open.org/xliff/v1.2/os/xliff-core.html>: what stands in the tests' files and what is
/// added to them.
pub(super) static XLIFF_1: Grammar = Grammar {
    root: "xliff",
    rules: &[
        rule(
            "xliff",
            "(file )+",
            &[("version", r"1\.2")],
            &[("xmlns", ANY)],
        ),
        rule(
            "file",
            "(header )?body ",
            &[
                ("original", ANY),
                ("source-language", LANG),
                ("datatype", NMTOKEN),
            ],
            &[("target-language", LANG)],
        ),
        rule("body", "((group|trans-unit|bin-unit) )*", &[], &[]),
        rule(
            "group",
            "(note )*((group|trans-unit|bin-unit) )*",
            &[],
            &[("id", ANY), ("translate", YES_NO)],
        ),
        rule(
            "trans-unit",
            "source (seg-source )?(target )?((context-group|count-group|prop-group|note|alt-trans) )*",
            &[("id", ANY)],
            &[
                ("approved", YES_NO),
                ("translate", YES_NO),
                ("resname", ANY),
                ("xml:space", "default|preserve"),
            ],
        ),
        rule(
            "alt-trans",
            "(source )?(seg-source )?(target )+((context-group|prop-group|note) )*",
            &[],
            &[
                ("match-quality", ANY),
                ("origin", ANY),
                ("mid", NMTOKEN),
                ("tool-id", ANY),
                ("xml:lang", LANG),
                (
                    "alttranstype",
                    "proposal|previous-version|rejected|reference|accepted",
                ),
            ],
        ),
        mixed("note", "", &[], &[("from", ANY)]),
        mixed("source", XLIFF_1_INLINE, &[], &[("xml:lang", LANG)]),
        mixed("seg-source", XLIFF_1_INLINE, &[], &[("xml:lang", LANG)]),
        mixed(
            "target",
            XLIFF_1_INLINE,
            &[],
            &[
                (
                    "state",
                    "final|needs-(adaptation|l10n|translation|review-(adaptation|l10n|translation))|new|signed-off|translated|x-.+",
                ),
                (
                    "state-qualifier",
                    "(exact|fuzzy|id)-match|leveraged-(glossary|inherited|mt|repository|tm)|mt-suggestion|tm-suggestion|rejected-(grammar|inaccurate|length|spelling)|x-.+",
                ),
                ("xml:lang", LANG),
            ],
        ),
        mixed("g", XLIFF_1_INLINE, &[("id", ANY)], &[("ctype", ANY)]),
        mixed(
            "mrk",
            XLIFF_1_INLINE,
            &[("mtype", ANY)],
            &[("mid", NMTOKEN)],
        ),
        rule("x", "", &[("id", ANY)], &[("ctype", ANY)]),
    ],
};

const XLIFF_2_INLINE: &str = "((cp|ph|pc|sc|ec|mrk|sm|em) )*";
const CODE: &[(&str, &str)] = &[
    ("dataRef", NMTOKEN),
    ("canCopy", YES_NO),
    ("canDelete", YES_NO),
    ("canReorder", "yes|no|firstNo"),
    ("canOverlap", YES_NO),
    ("copyOf", NMTOKEN),
    ("dispEnd", ANY),
    ("dispStart", ANY),
    ("disp", ANY),
    ("equiv", ANY),
    ("equivStart", ANY),
    ("equivEnd", ANY),
    ("subFlows", ANY),
    ("subType", ".+:.+"),
    ("type", "fmt|ui|quote|link|image|other"),
    ("dir", "ltr|rtl|auto"),
    ("isolated", YES_NO),
    ("dataRefStart", NMTOKEN),
    ("dataRefEnd", NMTOKEN),
];

/// XLIFF 2.0 and 2.1, <https://docs.oasis-open.org/xliff/xliff-core/v2.1/os/xliff-core-v2.1-os.html>, with the modules of
/// translation candidates and metadata.
pub(super) static XLIFF_2: Grammar = Grammar {
    root: "xliff",
    rules: &[
        rule(
            "xliff",
            "(file )+",
            &[("version", r"2\.[01]"), ("srcLang", LANG), ("xmlns", ANY)],
            &[("trgLang", LANG), ("xml:space", "default|preserve")],
        ),
        rule(
            "file",
            "(skeleton )?(metadata )?(notes )?((unit|group) )+",
            &[("id", NMTOKEN)],
            &[
                ("original", ANY),
                ("canResegment", YES_NO),
                ("srcDir", "ltr|rtl|auto"),
                ("trgDir", "ltr|rtl|auto"),
                ("translate", YES_NO),
            ],
        ),
        rule(
            "group",
            "(metadata )?(notes )?((unit|group) )*",
            &[("id", NMTOKEN)],
            &[("name", ANY)],
        ),
        rule(
            "unit",
            "(matches )?(metadata )?(notes )?(originalData )?((segment|ignorable) )+",
            &[("id", NMTOKEN)],
            &[
                ("name", ANY),
                ("canResegment", YES_NO),
                ("translate", YES_NO),
                TYPE,
            ],
        ),
        rule("notes", "(note )+", &[], &[]),
        mixed(
            "note",
            "",
            &[],
            &[
                ("id", NMTOKEN),
                ("appliesTo", "source|target"),
                ("category", ANY),
                ("priority", "[0-9]|10"),
            ],
        ),
        rule("originalData", "(data )+", &[], &[]),
        mixed(
            "data",
            "(cp )*",
            &[("id", NMTOKEN)],
            &[("xml:space", "preserve"), ("dir", "ltr|rtl|auto")],
        ),
        rule("cp", "", &[("hex", "[0-9A-Fa-f]+")], &[]),
        rule(
            "segment",
            "source (target )?",
            &[],
            &[
                ("id", NMTOKEN),
                ("state", "initial|translated|reviewed|final"),
                ("subState", ".+:.+"),
                ("canResegment", YES_NO),
            ],
        ),
        rule("ignorable", "source (target )?", &[], &[("id", NMTOKEN)]),
        mixed(
            "source",
            XLIFF_2_INLINE,
            &[],
            &[("xml:lang", LANG), ("xml:space", "default|preserve")],
        ),
        mixed(
            "target",
            XLIFF_2_INLINE,
            &[],
            &[
                ("xml:lang", LANG),
                ("xml:space", "default|preserve"),
                ("order", NUMBER),
            ],
        ),
        mixed("pc", XLIFF_2_INLINE, &[("id", NMTOKEN)], CODE),
        rule("ph", "", &[("id", NMTOKEN)], CODE),
        rule("sc", "", &[("id", NMTOKEN)], CODE),
        rule(
            "ec",
            "",
            &[],
            &[
                ("id", NMTOKEN),
                ("startRef", NMTOKEN),
                ("isolated", YES_NO),
                ("dataRef", NMTOKEN),
            ],
        ),
        rule("matches", "(match )+", &[], &[]),
        rule(
            "match",
            "(metadata )?(originalData )?source (target )?",
            &[("ref", "#.+")],
            &[
                ("id", NMTOKEN),
                ("matchQuality", DECIMAL),
                ("matchSuitability", DECIMAL),
                ("similarity", DECIMAL),
                ("origin", ANY),
                ("reference", YES_NO),
                ("type", "am|mt|icm|idm|tb|tm|other"),
                ("subType", ".+:.+"),
            ],
        ),
        rule("metadata", "(metaGroup )+", &[], &[("id", NMTOKEN)]),
        rule(
            "metaGroup",
            "((metaGroup|meta) )+",
            &[],
            &[
                ("id", NMTOKEN),
                ("category", ANY),
                ("appliesTo", "source|target|ignorable"),
            ],
        ),
        mixed("meta", "", &[TYPE], &[]),
    ],
};

impl Grammar {
    /// Checks that a document is well-formed and of this language; attributes of other namespaces are free.
    ///
    /// # Errors
    /// What it must not have, or lacks.
    pub(super) fn check(&self, document: &str) -> Result<(), String> {
        let mut reader = Reader::from_str(document);
        // The open elements, each with its rule and the names of its children so far; at the bottom the document's.
        let mut open: Vec<(Option<&Rule>, String)> = vec![(None, String::new())];
        loop {
            let event = reader.read_event().map_err(|e| e.to_string())?;
            match &event {
                Event::Start(tag) | Event::Empty(tag) => {
                    let rule = self.rule(tag)?;
                    if let Some((_, children)) = open.last_mut() {
                        children.push_str(&format!("{} ", rule.name));
                    }
                    rule.check_attributes(tag)?;
                    if matches!(event, Event::Empty(_)) {
                        rule.check_children("")?;
                    } else {
                        open.push((Some(rule), String::new()));
                    }
                }
                Event::End(_) => {
                    if let Some((Some(rule), children)) = open.pop() {
                        rule.check_children(&children)?;
                    }
                }
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                    let is_white =
                        matches!(&event, Event::Text(text) if text.trim_ascii().is_empty());
                    let holds_text = matches!(open.last(), Some((Some(rule), _)) if rule.text);
                    if !is_white && !holds_text {
                        return Err(format!("text where none may be: {event:?}"));
                    }
                }
                Event::Eof => {
                    let root = format!("{} ", self.root);
                    return match &open[..] {
                        [(None, children)] if *children == root => Ok(()),
                        _ => Err("not one root, closed".to_owned()),
                    };
                }
                _ => {}
            }
        }
    }

    fn rule(&self, tag: &BytesStart<'_>) -> Result<&Rule, String> {
        let name = tag.local_name();
        let rule = self
            .rules
            .iter()
            .find(|rule| rule.name.as_bytes() == name.as_ref().as_bytes());
        rule.ok_or_else(|| format!("the element {tag:?}"))
    }
}

impl Rule {
    fn check_children(&self, children: &str) -> Result<(), String> {
        if matches(self.children, children) {
            return Ok(());
        }
        Err(format!(
            "`{}` holds `{children}`, not `{}`",
            self.name, self.children
        ))
    }

    fn check_attributes(&self, tag: &BytesStart<'_>) -> Result<(), String> {
        let mut missing: Vec<_> = self.required.iter().map(|(name, _)| *name).collect();
        // The parser refuses an attribute that stands twice.
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|e| format!("{tag:?}: {e}"))?;
            let name = attribute.key.as_ref();
            let value = &*attribute.value;
            if name.starts_with("xmlns") || (name.contains(':') && !name.starts_with("xml:")) {
                missing.retain(|other| *other != name);
                continue;
            }
            let known = self
                .required
                .iter()
                .chain(self.optional)
                .find(|(known, _)| *known == name);
            match known {
                Some((_, values)) if matches(values, value) => {
                    missing.retain(|other| *other != name);
                }
                _ => return Err(format!("`{}` has `{name}=\"{value}\"`", self.name)),
            }
        }
        match missing[..] {
            [] => Ok(()),
            _ => Err(format!("`{}` lacks {missing:?}", self.name)),
        }
    }
}

fn matches(expression: &str, text: &str) -> bool {
    Regex::new(&format!("(?s)^({expression})$"))
        .unwrap()
        .is_match(text)
}

#[test]
fn what_breaks_a_grammar_is_found() {
    let tmx = |units: &str| {
        TMX.check(&format!(
            "<tmx version='1.4'><header creationtool='t' creationtoolversion='1' segtype='sentence' o-tmf='t' adminlang='en' srclang='*all*' \
             datatype='plaintext'/><body>{units}</body></tmx>"
        ))
    };
    let tuv = "<tuv xml:lang='ar'><seg>نعم<ph x='1'>b</ph></seg></tuv>";
    assert_eq!(
        tmx(&format!("<tu tuid='1'><note>n</note>{tuv}</tu>")),
        Ok(())
    );
    for broken in [
        "<tu/>".to_owned(),
        format!("<tu>{tuv}<note>n</note></tu>"),
        format!("<tu id='1'>{tuv}</tu>"),
        format!("<tu>x{tuv}</tu>"),
        format!("<tu>{}</tu>", tuv.replace("xml:lang='ar'", "")),
        format!("<tu>{}</tu>", tuv.replace("x='1'", "x='a'")),
        format!("<tu>{}</tu>", tuv.replace("<ph x='1'>b</ph>", "<ept/>")),
        format!("<tu>{}</tu>", tuv.replace("ph", "w")),
        format!("<tu>{tuv}</tu><tuv/>"),
        format!("<tu>{tuv}"),
    ] {
        assert!(tmx(&broken).is_err(), "{broken}");
    }
}
