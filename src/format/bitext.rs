//! A bitext as one HTML page: both texts side by side, to read, to print or to hand to a colleague.
//!
//! The page is whole in itself: no script, no font, no picture, nothing is loaded from anywhere. Each column has its
//! language and direction. How sure a bead is shows in a colour, in a mark of another shape and in a number, so that
//! neither colour nor sight of it is needed. On a narrow screen the two texts stand one below the other; on paper no bead
//! is broken over two pages where it can be helped.
//!
//! Invariant: what is in the documents is text; no part of it is read as markup.

use std::io::{self, Write};

use crate::lang::{Lang, Sides};
use crate::score::Confidence;

/// What is to be seen of a bead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BeadMark {
    /// The aligner put it together, and is that sure.
    Aligned(Confidence),
    /// A person accepted it.
    Confirmed,
    /// A person changed it, and has not accepted it yet.
    Edited,
    /// A person took it out.
    Dropped,
    /// One side is missing.
    Unaligned,
}

/// A bead with its segments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BitextBead<'t> {
    /// The segments of each side.
    pub segments: Sides<Vec<&'t str>>,
    /// How it came about.
    pub mark: BeadMark,
}

/// A document with its translation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BitextDocument<'t> {
    /// Its name.
    pub name: &'t str,
    /// Its beads, in order.
    pub beads: Vec<BitextBead<'t>>,
}

/// From this confidence on a bead is shown as sure, in thousandths.
const SURE: u16 = 900;
/// From this confidence on it is shown as fairly sure, in thousandths.
const FAIR: u16 = 500;

/// The classes of beads in the order of the legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Confirmed,
    Sure,
    Fair,
    Doubtful,
    Edited,
    Dropped,
    Unaligned,
}

impl Class {
    const ALL: [Self; 7] = [
        Self::Confirmed,
        Self::Sure,
        Self::Fair,
        Self::Doubtful,
        Self::Edited,
        Self::Dropped,
        Self::Unaligned,
    ];

    fn of(mark: BeadMark) -> Self {
        match mark {
            BeadMark::Confirmed => Self::Confirmed,
            BeadMark::Edited => Self::Edited,
            BeadMark::Dropped => Self::Dropped,
            BeadMark::Unaligned => Self::Unaligned,
            BeadMark::Aligned(confidence) => match confidence.thousandths() {
                SURE.. => Self::Sure,
                FAIR.. => Self::Fair,
                _ => Self::Doubtful,
            },
        }
    }

    /// The name of its style.
    fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Sure => "sure",
            Self::Fair => "fair",
            Self::Doubtful => "doubtful",
            Self::Edited => "edited",
            Self::Dropped => "dropped",
            Self::Unaligned => "unaligned",
        }
    }

    /// A mark of its own shape.
    fn sign(self) -> &'static str {
        match self {
            Self::Confirmed => "✓",
            Self::Sure => "●",
            Self::Fair => "◐",
            Self::Doubtful => "○",
            Self::Edited => "✎",
            Self::Dropped => "✕",
            Self::Unaligned => "–",
        }
    }

    fn meaning(self) -> &'static str {
        match self {
            Self::Confirmed => "accepted by a person",
            Self::Sure => "confidence 0.9 or more",
            Self::Fair => "0.5 to 0.9",
            Self::Doubtful => "below 0.5",
            Self::Edited => "changed by a person, not accepted yet",
            Self::Dropped => "dropped by a person",
            Self::Unaligned => "no counterpart",
        }
    }
}

/// Writes the page.
///
/// # Errors
/// `out` can't be written to.
pub fn write_page(documents: &[BitextDocument<'_>], out: &mut dyn Write) -> io::Result<()> {
    let title = match documents {
        [document] => document.name.to_owned(),
        _ => format!("{} documents", documents.len()),
    };
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{} – bitext</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{}</h1>\n",
        Escaped(&title),
        Escaped(&title)
    )?;
    write_legend(documents, out)?;
    if documents.len() > 1 {
        write_contents(documents, out)?;
    }
    out.write_all(b"</header>\n<main>\n")?;
    for (i, document) in documents.iter().enumerate() {
        write_document(i, document, documents.len() > 1, out)?;
    }
    out.write_all(b"</main>\n</body>\n</html>\n")
}

fn write_legend(documents: &[BitextDocument<'_>], out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"<ul class=\"legend\" aria-label=\"Legend\">\n")?;
    let beads = || documents.iter().flat_map(|document| &document.beads);
    for class in Class::ALL {
        let count = beads().filter(|bead| Class::of(bead.mark) == class).count();
        if count > 0 {
            writeln!(
                out,
                "<li class=\"{}\"><span class=\"sign\">{}</span> {}: {count}</li>",
                class.name(),
                class.sign(),
                class.meaning()
            )?;
        }
    }
    out.write_all(b"</ul>\n")
}

fn write_contents(documents: &[BitextDocument<'_>], out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"<nav aria-label=\"Documents\"><ol>\n")?;
    for (i, document) in documents.iter().enumerate() {
        writeln!(
            out,
            "<li><a href=\"#d{i}\" dir=\"auto\">{}</a> <small>{}</small></li>",
            Escaped(document.name),
            counts(document)
        )?;
    }
    out.write_all(b"</ol></nav>\n")
}

/// The counts of a document, such as `12 beads, 13 Arabic and 12 English segments`.
fn counts(document: &BitextDocument<'_>) -> String {
    let segments = |lang| -> usize {
        let beads = document.beads.iter();
        beads.map(|bead| bead.segments.get(lang).len()).sum()
    };
    format!(
        "{} beads, {} Arabic and {} English segments",
        document.beads.len(),
        segments(Lang::Arabic),
        segments(Lang::English)
    )
}

fn write_document(
    number: usize,
    document: &BitextDocument<'_>,
    is_one_of_many: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "<section id=\"d{number}\">")?;
    if is_one_of_many {
        writeln!(out, "<h2 dir=\"auto\">{}</h2>", Escaped(document.name))?;
    }
    writeln!(out, "<p class=\"counts\">{}</p>", counts(document))?;
    for (i, bead) in document.beads.iter().enumerate() {
        let class = Class::of(bead.mark);
        let word = match bead.mark {
            BeadMark::Aligned(confidence) => confidence.to_string(),
            _ => class.name().to_owned(),
        };
        writeln!(
            out,
            "<div class=\"bead {}\">\n<div class=\"mark\" title=\"{}\"><span class=\"number\">{}</span> \
             <span class=\"sign\">{}</span> {word}</div>",
            class.name(),
            class.meaning(),
            i + 1,
            class.sign()
        )?;
        // English first, so that it stands on the left.
        for (lang, direction) in [(Lang::English, "ltr"), (Lang::Arabic, "rtl")] {
            write!(
                out,
                "<div class=\"text\" lang=\"{lang}\" dir=\"{direction}\">"
            )?;
            for segment in bead.segments.get(lang) {
                write!(out, "<p>{}</p>", Escaped(segment))?;
            }
            out.write_all(b"</div>\n")?;
        }
        out.write_all(b"</div>\n")?;
    }
    out.write_all(b"</section>\n")
}

/// Text in which nothing is markup.
struct Escaped<'t>(&'t str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        use std::fmt::Write as _;
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                // HTML has no way to write these.
                '\0'..='\u{8}' | '\u{B}' | '\u{E}'..='\u{1F}' | '\u{7F}'..='\u{9F}' => {
                    f.write_char('\u{FFFD}')?;
                }
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

const STYLE: &str = include_str!("bitext.css");

#[cfg(test)]
mod tests {
    use super::*;

    fn page(documents: &[BitextDocument<'_>]) -> String {
        let mut out = Vec::new();
        write_page(documents, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn document<'t>(name: &'t str, ar: &'t str, en: &'t str) -> BitextDocument<'t> {
        let bead = |ar: Vec<&'t str>, en: Vec<&'t str>, mark| BitextBead {
            segments: Sides { ar, en },
            mark,
        };
        let sure = BeadMark::Aligned(Confidence::from_thousandths(950));
        BitextDocument {
            name,
            beads: vec![
                bead(vec![ar, ar], vec![en], sure),
                bead(vec![], vec![en], BeadMark::Unaligned),
            ],
        }
    }

    #[test]
    fn text_is_never_markup() {
        let page = page(&[document("<b>&", "نص \"<script>", "a < b\u{1}")]);
        assert!(page.contains("&lt;b&gt;&amp;") && page.contains("a &lt; b\u{FFFD}"));
        assert!(page.contains("<p>نص &quot;&lt;script&gt;</p>"));
        assert!(!page.contains("<script") && !page.contains("http"));
    }

    #[test]
    fn columns_have_language_and_direction_and_beads_a_mark() {
        let page = page(&[document("a", "نعم", "Yes"), document("b", "لا", "No")]);
        assert!(page.contains("lang=\"ar\" dir=\"rtl\"><p>نعم</p><p>نعم</p></div>"));
        assert!(page.contains("lang=\"en\" dir=\"ltr\"><p>Yes</p></div>"));
        assert!(page.contains("<span class=\"sign\">●</span> 0.950"));
        assert!(page.contains("confidence 0.9 or more: 2") && page.contains("no counterpart: 2"));
        assert!(page.contains("2 beads, 2 Arabic and 2 English segments"));
        assert!(page.contains("href=\"#d1\"") && page.contains("id=\"d1\""));
    }
}
