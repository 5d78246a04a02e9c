//! The learned lexicon as rows: one for each stem that has links.

use rusqlite::Row;

use super::index::side_number;
use super::units::text;
use super::{Result, Store};
use crate::lang::{Lang, Sides};

/// A row of the lexicon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LexiconRow {
    /// The stem.
    pub stem: String,
    /// How many occurrences its links were learned from.
    pub evidence: u32,
    /// How much the word tells, in thousandths.
    pub weight: u32,
    /// Stems of the other side, each with its probability in ten-thousandths.
    pub links: Vec<(String, u16)>,
}

impl Store {
    /// How many units there had ever been when the lexicon was learned; 0 where there is none.
    pub fn lexicon_units(&self) -> Result<u64> {
        let units: Option<i64> =
            self.optional("select lexicon_units from memory", [], |row| row.get(0))?;
        Ok(units.unwrap_or(0) as u64)
    }

    /// Replaces the lexicon by one that was learned when there had been `units` units.
    pub fn replace_lexicon(
        &self,
        units: u64,
        rows: impl IntoIterator<Item = (Lang, LexiconRow)>,
    ) -> Result<()> {
        self.checked(|c| c.execute("delete from lexicon", []))?;
        let sql = "insert or replace into lexicon (side, stem, evidence, weight, links) values (?1, ?2, ?3, ?4, ?5)";
        for (side, row) in rows {
            let links: Vec<String> = row
                .links
                .iter()
                .map(|(stem, t)| format!("{stem} {t}"))
                .collect();
            let values = (
                side_number(side),
                row.stem,
                row.evidence,
                row.weight,
                links.join("\n"),
            );
            self.checked(|c| c.prepare_cached(sql)?.execute(values))?;
        }
        self.checked(|c| c.execute("update memory set lexicon_units = ?1", [units as i64]))
            .map(drop)
    }

    /// What the lexicon knows of a stem.
    pub fn lexicon_row(&self, side: Lang, stem: &str) -> Result<Option<LexiconRow>> {
        let sql = "select stem, evidence, weight, links from lexicon where side = ?1 and stem = ?2";
        self.optional(sql, (side_number(side), stem), lexicon_row)
    }

    /// The whole lexicon, side by side in the order of the stems.
    pub fn lexicon(&self) -> Result<Sides<Vec<LexiconRow>>> {
        let of_side = |side: Lang| {
            let sql =
                "select stem, evidence, weight, links from lexicon where side = ?1 order by stem";
            self.checked(|c| {
                c.prepare(sql)?
                    .query_map([side_number(side)], lexicon_row)?
                    .collect()
            })
        };
        Ok(Sides {
            ar: of_side(Lang::Arabic)?,
            en: of_side(Lang::English)?,
        })
    }
}

fn lexicon_row(row: &Row<'_>) -> rusqlite::Result<LexiconRow> {
    Ok(LexiconRow {
        stem: row.get(0)?,
        evidence: row.get(1)?,
        weight: row.get(2)?,
        links: links(text(row, 3)?),
    })
}

/// The links of a row; lines that are none, which only damage can cause, are passed over.
fn links(text: &str) -> Vec<(String, u16)> {
    let link = |line: &str| {
        line.rsplit_once(' ')
            .and_then(|(stem, t)| Some((stem.to_owned(), t.parse().ok()?)))
    };
    text.lines().filter_map(link).collect()
}
