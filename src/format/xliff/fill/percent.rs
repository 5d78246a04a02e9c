//! Units of TTX and TXML, whose only state is a percentage.

use super::super::model::Unit;
use super::{Edits, Filled};
use crate::format::xml::{push_attribute, remove_attribute, set_attribute};

impl Edits<'_> {
    /// Writes the target of a `Tu` of TagEditor.
    pub(super) fn ttx(&mut self, unit: &Unit, filled: &[Filled<'_>]) {
        for one in filled {
            let Some(content) = one.content() else {
                continue;
            };
            match (&one.segment.target, self.target_tag()) {
                (Some(target), _) => self.set_content(target, &content),
                (None, tag) => {
                    let file = self.file.parsed.files.get(unit.file);
                    let lang = file.and_then(|file| file.target.as_deref()).or(tag);
                    let mut target = "<Tuv".to_owned();
                    push_attribute(&mut target, "Lang", lang.unwrap_or_default());
                    target.push_str(&format!(">{content}</Tuv>"));
                    self.insert(unit.target_place, &target);
                }
            }
            let percent = self.percent(one);
            let tag = self.tag(&unit.element);
            set_attribute(tag, "MatchPercent", &percent);
            match one.best() {
                Some(best) => set_attribute(tag, "Origin", &best.origin),
                None => remove_attribute(tag, "Origin"),
            }
        }
    }

    /// Writes the target of a `segment` of Wordfast.
    pub(super) fn txml(&mut self, unit: &Unit, filled: &[Filled<'_>]) {
        for one in filled {
            let Some(content) = one.content() else {
                continue;
            };
            let percent = self.percent(one);
            match &one.segment.target {
                Some(target) => {
                    self.set_content(target, &content);
                    set_attribute(self.tag(target), "score", &percent);
                }
                None => self.insert(
                    unit.target_place,
                    &format!("<target score=\"{percent}\">{content}</target>"),
                ),
            }
        }
    }

    /// The percentage that is all the state there is: 100 only where the filling is confirmed.
    fn percent(&self, one: &Filled<'_>) -> String {
        match (one.confirmed(), one.best()) {
            (true, _) => "100".to_owned(),
            (false, Some(best)) => best.score.points().min(99).to_string(),
            (false, None) => "0".to_owned(),
        }
    }
}
