//! One match a line. Lookup: index, rank from 1, kind, score, unit, document, flags with commas between, source, target.
//! Concordance: unit, side, document, Arabic, English.

use std::io::{self, Write};

use super::{Answer, Renderer, tsv_field};
use crate::memory::ConcordanceHit;

/// Writes TSV without a header.
pub(super) struct Tsv<'w> {
    out: &'w mut dyn Write,
}

impl<'w> Tsv<'w> {
    pub(super) fn new(out: &'w mut dyn Write) -> Self {
        Self { out }
    }
}

impl Renderer for Tsv<'_> {
    fn answer(&mut self, answer: &Answer<'_>) -> io::Result<()> {
        for (i, suggestion) in answer.suggestions.iter().enumerate() {
            let matched = &suggestion.matched;
            let text = &suggestion.unit.text;
            let flags: Vec<_> = matched.flags.iter().map(|flag| flag.name()).collect();
            writeln!(
                self.out,
                "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
                answer.index,
                i + 1,
                matched.kind.name(),
                matched.score,
                matched.unit,
                tsv_field(
                    suggestion
                        .unit
                        .origin
                        .document
                        .as_deref()
                        .unwrap_or_default()
                ),
                flags.join(","),
                tsv_field(text.get(answer.lang)),
                tsv_field(text.get(answer.lang.other())),
            )?;
        }
        Ok(())
    }

    fn hit(&mut self, hit: &ConcordanceHit) -> io::Result<()> {
        let unit = &hit.unit;
        writeln!(
            self.out,
            "{}\t{}\t{}\t{}\t{}",
            unit.id,
            hit.side,
            tsv_field(unit.origin.document.as_deref().unwrap_or_default()),
            tsv_field(&unit.text.ar),
            tsv_field(&unit.text.en),
        )
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}
