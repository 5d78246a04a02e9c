//! Units of XLIFF 1.2 and of what is built on it: targets with their states, `alt-trans`, and the marks of other tools.

use quick_xml::events::Event;

use super::super::model::{Element, Flavour, Segment, Unit};
use super::{Edits, Filled, prefix, push_namespaces, render};
use crate::coded::Code;
use crate::format::fill::SlotState;
use crate::format::xml::{
    Tokens, local, push_attribute, push_escaped, remove_attribute, set_attribute,
};
use crate::matching::MatchKind;

/// What `state` a target of XLIFF 1.2 gets, the least finished first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum TargetState {
    NeedsTranslation,
    NeedsReview,
    Translated,
}

impl Edits<'_> {
    /// Writes the targets of a unit of XLIFF 1.2.
    pub(super) fn first(&mut self, unit: &Unit, filled: &[Filled<'_>], flavour: Flavour) {
        let has_target = filled.iter().any(|f| f.filling.target.is_some());
        // Behind it proposals go, which are not to come before the target.
        let mut place = unit
            .target
            .as_ref()
            .map_or(unit.target_place, |t| self.end_of(t));
        if has_target {
            match &unit.target {
                Some(target) => self.fill_target(unit, target, filled, flavour),
                None => self.new_target(unit, filled, flavour),
            }
            if unit.element.attributes.get("approved") == Some("yes") {
                set_attribute(self.tag(&unit.element), "approved", "no");
            }
            match flavour {
                Flavour::Plain => {}
                Flavour::Trados => self.seg_defs(unit, filled),
                Flavour::MemoQ => self.marks_of_unit(unit, filled, "status", "percent"),
                Flavour::Phrase => self.marks_of_unit(unit, filled, "confirmed", "score"),
            }
        }
        if unit.target.is_none() {
            place = unit.target_place;
        }
        if flavour != Flavour::Trados {
            self.alternatives(unit, filled, place);
        }
    }

    fn fill_target(
        &mut self,
        unit: &Unit,
        target: &Element,
        filled: &[Filled<'_>],
        flavour: Flavour,
    ) {
        let sources: Vec<_> = unit.sources().collect();
        for content in filled.iter().filter_map(Filled::content) {
            self.declare(target, &sources, &content);
        }
        if self.text[target.content.clone()].trim().is_empty() {
            let content = self.whole_content(unit, filled);
            self.set_content(target, &content);
        } else {
            self.fill_segments(target, filled);
        }
        if flavour == Flavour::Plain {
            let (state, qualifier) = self.target_state(unit, filled);
            let tag = self.tag(target);
            set_attribute(tag, "state", state);
            match qualifier {
                Some(qualifier) => set_attribute(tag, "state-qualifier", qualifier),
                None => remove_attribute(tag, "state-qualifier"),
            }
        }
    }

    /// Fills the segments of a target that is not empty; those that it lacks go to its end.
    fn fill_segments(&mut self, target: &Element, filled: &[Filled<'_>]) {
        for one in filled {
            let Some(content) = one.content() else {
                continue;
            };
            match (&one.segment.target, &one.segment.element) {
                (Some(element), _) => self.set_content(element, &content),
                (None, Some(mark)) => {
                    let mark = self.mark(mark, &content);
                    self.insert(target.content.end, &mark);
                }
                (None, None) => self.set_content(target, &content),
            }
        }
    }

    /// What a target that has nothing yet holds with these fillings.
    fn whole_content(&self, unit: &Unit, filled: &[Filled<'_>]) -> String {
        let content = |segment: &Segment| {
            let one = filled.iter().find(|one| std::ptr::eq(one.segment, segment));
            one.and_then(Filled::content)
        };
        let segments = &self.file.parsed.segments[unit.segments.clone()];
        let Some(all) = &unit.seg_source else {
            return segments.iter().filter_map(content).collect();
        };
        // What stands around the segments of the source stands around those of the target.
        let mut whole = String::new();
        let mut from = all.content.start;
        for segment in segments {
            let Some(mark) = &segment.element else {
                return segments.iter().filter_map(content).collect();
            };
            whole.push_str(&self.text[from..mark.tag.start]);
            whole.push_str(&self.mark(mark, &content(segment).unwrap_or_default()));
            from = self.end_of(mark);
        }
        whole.push_str(&self.text[from..all.content.end]);
        whole
    }

    /// A `mrk` like that of the source.
    fn mark(&self, of_source: &Element, content: &str) -> String {
        let tag = self.text[of_source.tag.clone()]
            .trim_end_matches("/>")
            .trim_end_matches('>');
        let name = tag[1..].split_whitespace().next().unwrap_or("mrk");
        format!("{tag}>{content}</{name}>")
    }

    fn new_target(&mut self, unit: &Unit, filled: &[Filled<'_>], flavour: Flavour) {
        let Some(source) = unit.source.as_ref().or(unit.seg_source.as_ref()) else {
            return;
        };
        let prefix = prefix(&self.text[source.tag.clone()]);
        let mut target = format!("{}<{prefix}target", self.indent(source));
        if let (Some(_), Some(tag)) = (source.attributes.get("xml:lang"), self.target_tag()) {
            push_attribute(&mut target, "xml:lang", tag);
        }
        let sources: Vec<_> = unit.sources().collect();
        let contents: String = filled.iter().filter_map(Filled::content).collect();
        push_namespaces(&mut target, &sources, &contents);
        if flavour == Flavour::Plain {
            let (state, qualifier) = self.target_state(unit, filled);
            push_attribute(&mut target, "state", state);
            if let Some(qualifier) = qualifier {
                push_attribute(&mut target, "state-qualifier", qualifier);
            }
        }
        target.push('>');
        target.push_str(&self.whole_content(unit, filled));
        target.push_str(&format!("</{prefix}target>"));
        self.insert(unit.target_place, &target);
    }

    /// `state` and `state-qualifier`: those of the least finished segment.
    fn target_state(
        &self,
        unit: &Unit,
        filled: &[Filled<'_>],
    ) -> (&'static str, Option<&'static str>) {
        let of_segment = |i: usize| {
            let segment = &self.file.parsed.segments[i];
            let one = filled.iter().find(|one| std::ptr::eq(one.segment, segment));
            match one.filter(|one| one.filling.target.is_some()) {
                Some(one) if one.confirmed() => TargetState::Translated,
                Some(_) => TargetState::NeedsReview,
                None => match self.file.slots[i].state {
                    SlotState::Untranslated => TargetState::NeedsTranslation,
                    SlotState::Draft => TargetState::NeedsReview,
                    SlotState::Confirmed | SlotState::Locked => TargetState::Translated,
                },
            }
        };
        let state = unit.segments.clone().map(of_segment).min();
        let state = match state.unwrap_or(TargetState::NeedsTranslation) {
            TargetState::NeedsTranslation => "needs-translation",
            TargetState::NeedsReview => "needs-review-translation",
            TargetState::Translated => "translated",
        };
        let with_target = filled.iter().filter(|one| one.filling.target.is_some());
        let least = with_target
            .filter_map(|one| one.best())
            .map(|best| best.kind)
            .min();
        let qualifier = least.map(|kind| match kind {
            MatchKind::Context => "exact-match",
            MatchKind::Exact => "leveraged-tm",
            MatchKind::Orthographic | MatchKind::Fuzzy => "fuzzy-match",
        });
        (state, qualifier)
    }

    /// `alt-trans` behind the target.
    fn alternatives(&mut self, unit: &Unit, filled: &[Filled<'_>], place: usize) {
        let Some(source) = unit.source.as_ref().or(unit.seg_source.as_ref()) else {
            return;
        };
        let indent = self.indent(source);
        let prefix = prefix(&self.text[source.tag.clone()]);
        let marks = self.outermost_marks(unit);
        let mut all = String::new();
        for one in filled {
            // The schema has a `mid` in a proposal only where the proposal has a `seg-source`.
            let own = one
                .slot
                .source
                .codes
                .iter()
                .filter(|code| !names_mark(code));
            let own: Vec<_> = own.cloned().collect();
            for proposal in &one.filling.proposals {
                let mut alternative = format!("{indent}<{prefix}alt-trans");
                push_attribute(
                    &mut alternative,
                    "match-quality",
                    &proposal.score.to_string(),
                );
                if !proposal.origin.is_empty() {
                    push_attribute(&mut alternative, "origin", &proposal.origin);
                }
                let mark = one.segment.element.as_ref();
                let mid = mark.filter(|mark| marks.contains(&mark.tag.start));
                if let Some(mid) = mid.and(one.segment.id.as_ref()) {
                    push_attribute(&mut alternative, "mid", mid);
                }
                alternative.push_str(&format!("><{prefix}source>"));
                push_escaped(&mut alternative, &proposal.source.text);
                alternative.push_str(&format!("</{prefix}source><{prefix}target"));
                if let Some(tag) = self.target_tag() {
                    push_attribute(&mut alternative, "xml:lang", tag);
                }
                let content = render(&proposal.target, &[&own]);
                let sources: Vec<_> = unit.sources().chain(mark).collect();
                push_namespaces(&mut alternative, &sources, &content);
                alternative.push('>');
                alternative.push_str(&content);
                alternative.push_str(&format!("</{prefix}target></{prefix}alt-trans>"));
                // The same file done twice gets them once.
                if !self.text[unit.range.clone()].contains(alternative.trim_start()) {
                    all.push_str(&alternative);
                }
            }
        }
        self.insert(place, &all);
    }

    /// Where the marks of `seg-source` begin that no inline element holds. The schema has `mid` of others nowhere.
    fn outermost_marks(&self, unit: &Unit) -> Vec<usize> {
        let Some(all) = &unit.seg_source else {
            return Vec::new();
        };
        let mut tokens = Tokens::new(&self.text[..all.content.end], all.content.start);
        let mut marks = Vec::new();
        let mut depth = 0_usize;
        while let Ok((event, at)) = tokens.next() {
            match event {
                Event::Start(_) => {
                    if depth == 0 {
                        marks.push(at.start);
                    }
                    depth += 1;
                }
                Event::Empty(_) if depth == 0 => marks.push(at.start),
                Event::End(_) => depth = depth.saturating_sub(1),
                Event::Eof => break,
                _ => {}
            }
        }
        marks
    }

    /// `seg-defs` of SDLXLIFF.
    fn seg_defs(&mut self, unit: &Unit, filled: &[Filled<'_>]) {
        let mut new = String::new();
        for one in filled.iter().filter(|one| one.filling.target.is_some()) {
            let conf = if one.confirmed() {
                "Translated"
            } else {
                "Draft"
            };
            let mut made = format!("<{}seg", self.trados_prefix());
            push_attribute(&mut made, "id", one.segment.id.as_deref().unwrap_or("1"));
            let tag = match &one.segment.seg_def {
                Some(element) => self.tag(element),
                None => {
                    made.push_str("/>");
                    &mut made
                }
            };
            set_attribute(tag, "conf", conf);
            set_attribute(tag, "origin", "tm");
            match one.best() {
                Some(best) => {
                    set_attribute(tag, "origin-system", &best.origin);
                    set_attribute(tag, "percent", &best.score.points().to_string());
                }
                None => {
                    remove_attribute(tag, "origin-system");
                    remove_attribute(tag, "percent");
                }
            }
            if one.segment.seg_def.is_none() {
                new.push_str(&made);
            }
        }
        if new.is_empty() {
            return;
        }
        match &unit.seg_defs {
            Some(all) if self.text[all.tag.clone()].ends_with("/>") => self.set_content(all, &new),
            Some(all) => self.insert(all.content.end, &new),
            None => {
                let end = self.text[unit.range.clone()].rfind("</");
                let end = unit.range.start + end.unwrap_or(unit.range.len());
                let name = format!("{}seg-defs", self.trados_prefix());
                self.insert(end, &format!("<{name}>{new}</{name}>"));
            }
        }
    }

    /// The prefix of Trados's elements, as the root declares it.
    fn trados_prefix(&self) -> String {
        let root = &self.file.parsed.root.attributes;
        let declared = root
            .iter()
            .find(|(_, value)| value.contains("sdl.com/FileTypes/SdlXliff"));
        match declared.and_then(|(name, _)| name.strip_prefix("xmlns:")) {
            Some(prefix) => format!("{prefix}:"),
            None => "sdl:".to_owned(),
        }
    }

    /// The attributes of memoQ and Phrase, which say of the unit what XLIFF says of its target.
    fn marks_of_unit(&mut self, unit: &Unit, filled: &[Filled<'_>], state: &str, score: &str) {
        let Some(one) = filled.first() else { return };
        let attributes = &unit.element.attributes;
        let name = |name: &str| attributes.find(name).map(|(name, _)| name.to_owned());
        let points = one.best().map(|best| best.score);
        if let Some(name) = name(state) {
            let value = match (state, one.confirmed()) {
                ("confirmed", confirmed) => {
                    if confirmed {
                        "1"
                    } else {
                        "0"
                    }
                }
                (_, true) => "ManuallyConfirmed",
                (_, false) => "Pretranslated",
            };
            set_attribute(self.tag(&unit.element), &name, value);
        }
        if let (Some(name), Some(score_of_match)) = (name(score), points) {
            let value = match score {
                "percent" => score_of_match.points().to_string(),
                _ => format!("{:.4}", f64::from(score_of_match.hundredths()) / 10_000.0),
            };
            set_attribute(self.tag(&unit.element), &name, &value);
        }
    }
}

/// Whether a code begins an annotation that has a `mid`.
fn names_mark(code: &Code) -> bool {
    let Ok((Event::Start(tag), _)) = Tokens::new(&code.raw, 0).next() else {
        return false;
    };
    let has_mid = || tag.try_get_attribute("mid").is_ok_and(|mid| mid.is_some());
    local(tag.name().as_ref()) == "mrk" && has_mid()
}
