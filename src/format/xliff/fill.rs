//! Writing fillings: edits of the text, and everything between them as it is.
//!
//! ```text
//! <trans-unit id="1">                          <trans-unit id="1">
//!   <source>Yes</source>          Filling        <source>Yes</source>
//! </trans-unit>                 ──────────▶      <target state="needs-review-translation" …>نعم</target>
//!                                                <alt-trans match-quality="88" …>…</alt-trans>
//!                                              </trans-unit>
//! ```

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;

use super::inline::render;
use super::parse::{Element, Flavour, Parsed, Segment, Unit, Vocabulary};
use crate::coded::{Code, Coded};
use crate::format::FormatError;
use crate::format::encoded::EncodedText;
use crate::format::fill::{
    FillOptions, FillableFile, Filling, Languages, Proposal, Slot, SlotState,
};
use crate::format::xml::{local, push_attribute, push_escaped, remove_attribute, set_attribute};
use crate::matching::MatchKind;

const MATCHES_NAMESPACE: &str = "urn:oasis:names:tc:xliff:matches:2.0";

/// A file to be filled.
pub(super) struct XliffFile {
    text: EncodedText,
    parsed: Parsed,
    slots: Vec<Slot>,
}

impl XliffFile {
    pub(super) fn new(text: EncodedText, parsed: Parsed, slots: Vec<Slot>) -> Self {
        Self {
            text,
            parsed,
            slots,
        }
    }
}

impl FillableFile for XliffFile {
    fn slots(&self) -> &[Slot] {
        &self.slots
    }

    fn languages(&self) -> Languages {
        let with = self.parsed.files.iter().find(|file| file.source.is_some());
        let file = with.or(self.parsed.files.first());
        Languages {
            source: file.and_then(|file| file.source.clone()),
            target: file.and_then(|file| file.target.clone()),
        }
    }

    fn write(
        &self,
        fillings: &[Filling],
        options: &FillOptions,
        out: &mut dyn Write,
    ) -> Result<(), FormatError> {
        let mut edits = Edits {
            text: self.text.text(),
            file: self,
            options,
            tags: BTreeMap::new(),
            places: BTreeMap::new(),
        };
        for unit in &self.parsed.units {
            edits.unit(unit, fillings);
        }
        self.text.write_text(&edits.apply(), out)
    }
}

/// A filling of a segment that takes it.
struct Filled<'f> {
    segment: &'f Segment,
    slot: &'f Slot,
    filling: &'f Filling,
}

impl Filled<'_> {
    /// A fuzzy match is never confirmed, whatever the filling says.
    fn confirmed(&self) -> bool {
        let fuzzy = |proposal: &Proposal| proposal.kind < MatchKind::Exact;
        self.filling.confirmed
            && self.filling.previous.is_none()
            && !self.filling.proposals.first().is_some_and(fuzzy)
    }

    /// The match that the target is taken from.
    fn best(&self) -> Option<&Proposal> {
        self.filling.proposals.first()
    }

    /// The content of its target, where it is filled.
    fn content(&self) -> Option<String> {
        let target = self.filling.target.as_ref()?;
        let of_target = self.slot.target.as_ref();
        let own: [&[Code]; 2] = [
            &self.slot.source.codes,
            of_target.map_or(&[], |target| &target.codes),
        ];
        Some(render(target, &own))
    }
}

/// What `state` a target of XLIFF 1.2 gets, the least finished first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum TargetState {
    NeedsTranslation,
    NeedsReview,
    Translated,
}

/// Changes of a text.
struct Edits<'f> {
    text: &'f str,
    file: &'f XliffFile,
    options: &'f FillOptions,
    /// Start tags that change, by their first byte.
    tags: BTreeMap<usize, (Range<usize>, String)>,
    /// What takes the place of a range, by its first byte; an empty range is an insertion.
    places: BTreeMap<usize, (Range<usize>, String)>,
}

impl<'f> Edits<'f> {
    fn tag(&mut self, element: &Element) -> &mut String {
        let range = element.tag.clone();
        let tag = || (range.clone(), self.text[range.clone()].to_owned());
        &mut self.tags.entry(element.tag.start).or_insert_with(tag).1
    }

    fn insert(&mut self, at: usize, text: &str) {
        let place = self.places.entry(at);
        place
            .or_insert_with(|| (at..at, String::new()))
            .1
            .push_str(text);
    }

    fn set_content(&mut self, element: &Element, content: &str) {
        if self.text[element.tag.clone()].ends_with("/>") {
            let open = self.text[element.tag.clone()].to_owned();
            let name = open[1..]
                .split(|c: char| c.is_whitespace() || c == '/')
                .next();
            let name = name.unwrap_or_default().to_owned();
            let tag = self.tag(element);
            if tag.ends_with("/>") {
                tag.truncate(tag.len() - 2);
                tag.truncate(tag.trim_end().len());
                tag.push('>');
            }
            self.insert(element.tag.end, &format!("{content}</{name}>"));
        } else {
            let range = element.content.clone();
            self.places.insert(range.start, (range, content.to_owned()));
        }
    }

    /// The white space before an element that begins a line.
    fn indent(&self, element: &Element) -> &'f str {
        let before = &self.text[..element.tag.start];
        let space = before.len() - before.trim_end_matches([' ', '\t', '\r', '\n']).len();
        let space = &before[before.len() - space..];
        if space.contains('\n') { space } else { "" }
    }

    fn target_tag(&self) -> Option<&'static str> {
        self.options.target.map(crate::lang::Lang::code)
    }

    fn unit(&mut self, unit: &'f Unit, fillings: &'f [Filling]) {
        let file = self.file;
        let is_of_use =
            |filling: &Filling| filling.target.is_some() || !filling.proposals.is_empty();
        let filled: Vec<_> = unit
            .segments
            .clone()
            .filter_map(|i| {
                let (slot, filling) = (&file.slots[i], fillings.get(i)?);
                let segment = &file.parsed.segments[i];
                (slot.state != SlotState::Locked && is_of_use(filling)).then_some(Filled {
                    segment,
                    slot,
                    filling,
                })
            })
            .collect();
        if filled.is_empty() {
            return;
        }
        self.name_language(unit);
        match file.parsed.vocabulary {
            Vocabulary::Xliff2 if unit.source.is_none() => self.second(unit, &filled),
            Vocabulary::Xliff1(flavour) => self.first(unit, &filled, flavour),
            Vocabulary::Xliff2 => self.first(unit, &filled, Flavour::Plain),
            Vocabulary::Ttx => self.ttx(unit, &filled),
            Vocabulary::Txml => self.txml(unit, &filled),
        }
    }

    /// Writes the target's language into the file, where it has none.
    fn name_language(&mut self, unit: &Unit) {
        let parsed = &self.file.parsed;
        let (Some(file), Some(tag)) = (parsed.files.get(unit.file), self.target_tag()) else {
            return;
        };
        if file
            .target
            .as_deref()
            .is_some_and(|target| !target.trim().is_empty())
        {
            return;
        }
        let name = match parsed.vocabulary {
            Vocabulary::Xliff1(_) => "target-language",
            Vocabulary::Xliff2 => "trgLang",
            Vocabulary::Ttx => "TargetLanguage",
            Vocabulary::Txml => "targetlocale",
        };
        set_attribute(self.tag(&file.element), name, tag);
    }

    /// Writes the targets of a unit of XLIFF 1.2.
    fn first(&mut self, unit: &Unit, filled: &[Filled<'_>], flavour: Flavour) {
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

    /// The byte behind an element.
    fn end_of(&self, element: &Element) -> usize {
        let rest = &self.text[element.content.end..];
        match rest.starts_with("</") {
            true => element.content.end + rest.find('>').map_or(0, |at| at + 1),
            false => element.content.end,
        }
    }

    fn fill_target(
        &mut self,
        unit: &Unit,
        target: &Element,
        filled: &[Filled<'_>],
        flavour: Flavour,
    ) {
        let mut appended = String::new();
        for one in filled {
            let Some(content) = one.content() else {
                continue;
            };
            match (&one.segment.target, &one.segment.element) {
                (Some(element), _) => self.set_content(element, &content),
                (None, Some(mark)) => appended.push_str(&self.mark(mark, &content)),
                (None, None) => self.set_content(target, &content),
            }
        }
        if !appended.is_empty() {
            if self.text[target.tag.clone()].ends_with("/>") {
                self.set_content(target, &appended);
            } else {
                self.insert(target.content.end, &appended);
            }
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
        if flavour == Flavour::Plain {
            let (state, qualifier) = self.target_state(unit, filled);
            push_attribute(&mut target, "state", state);
            if let Some(qualifier) = qualifier {
                push_attribute(&mut target, "state-qualifier", qualifier);
            }
        }
        target.push('>');
        let content = |segment: &Segment| {
            let one = filled.iter().find(|one| std::ptr::eq(one.segment, segment));
            one.and_then(Filled::content)
        };
        let segments = &self.file.parsed.segments[unit.segments.clone()];
        match &unit.seg_source {
            // What stands around the segments of the source stands around those of the target.
            Some(all) if segments.iter().all(|segment| segment.element.is_some()) => {
                let mut from = all.content.start;
                for segment in segments {
                    let source = &segment.source;
                    target.push_str(&self.text[from..source.tag.start]);
                    let element = segment.element.as_ref().unwrap_or(source);
                    target.push_str(&self.mark(element, &content(segment).unwrap_or_default()));
                    from = self.end_of(source);
                }
                target.push_str(&self.text[from..all.content.end]);
            }
            _ => target.extend(segments.iter().filter_map(content)),
        }
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
        let mut all = String::new();
        for one in filled {
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
                if let Some(mid) = &one.segment.id {
                    push_attribute(&mut alternative, "mid", mid);
                }
                alternative.push_str(&format!("><{prefix}source>"));
                push_escaped(&mut alternative, &proposal.source.text);
                alternative.push_str(&format!("</{prefix}source><{prefix}target"));
                if let Some(tag) = self.target_tag() {
                    push_attribute(&mut alternative, "xml:lang", tag);
                }
                alternative.push('>');
                alternative.push_str(&render(&proposal.target, &[&one.slot.source.codes]));
                alternative.push_str(&format!("</{prefix}target></{prefix}alt-trans>"));
                // The same file done twice gets them once.
                if !self.text[unit.range.clone()].contains(alternative.trim_start()) {
                    all.push_str(&alternative);
                }
            }
        }
        self.insert(place, &all);
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

    /// Writes the segments of a unit of XLIFF 2.
    fn second(&mut self, unit: &Unit, filled: &[Filled<'_>]) {
        for one in filled {
            let (Some(content), Some(element)) = (one.content(), &one.segment.element) else {
                continue;
            };
            match &one.segment.target {
                Some(target) => self.set_content(target, &content),
                None => {
                    let source = &one.segment.source;
                    let prefix = prefix(&self.text[source.tag.clone()]);
                    let indent = self.indent(source);
                    let target = format!("{indent}<{prefix}target>{content}</{prefix}target>");
                    self.insert(one.segment.target_place, &target);
                }
            }
            let kind = one.best().map_or("pretranslated", |best| best.kind.name());
            let (state, sub_state) = match one.confirmed() {
                true => ("translated", None),
                false => ("initial", Some(format!("dhakira:{kind}"))),
            };
            let tag = self.tag(element);
            set_attribute(tag, "state", state);
            match sub_state {
                Some(sub_state) => set_attribute(tag, "subState", &sub_state),
                None => remove_attribute(tag, "subState"),
            }
        }
        self.matches(unit, filled);
    }

    /// `mtc:match` of XLIFF 2, before the unit's segments.
    fn matches(&mut self, unit: &Unit, filled: &[Filled<'_>]) {
        if filled.iter().all(|one| one.filling.proposals.is_empty()) {
            return;
        }
        let root = self.file.parsed.root.clone();
        let (prefix, declared) = matches_prefix(&root);
        let core = prefix_of_default(&self.text[root.tag.clone()]);
        let mut all = String::new();
        for one in filled
            .iter()
            .filter(|one| !one.filling.proposals.is_empty())
        {
            let Some(reference) = self.segment_id(unit, one.segment) else {
                continue;
            };
            for proposal in &one.filling.proposals {
                let mut found = format!("<{prefix}:match");
                push_attribute(&mut found, "ref", &format!("#{reference}"));
                push_attribute(
                    &mut found,
                    "type",
                    match proposal.kind {
                        MatchKind::Context => "icm",
                        _ => "tm",
                    },
                );
                push_attribute(&mut found, "similarity", &proposal.score.to_string());
                push_attribute(&mut found, "matchQuality", &proposal.score.to_string());
                if !proposal.origin.is_empty() {
                    push_attribute(&mut found, "origin", &proposal.origin);
                }
                found.push_str(&format!("><{core}source>"));
                push_escaped(&mut found, &proposal.source.text);
                found.push_str(&format!("</{core}source><{core}target>"));
                found.push_str(&without_data(&proposal.target, &one.slot.source.codes));
                found.push_str(&format!("</{core}target></{prefix}:match>"));
                if !self.text[unit.range.clone()].contains(&found) {
                    all.push_str(&found);
                }
            }
        }
        if all.is_empty() {
            return;
        }
        if !declared {
            let name = format!("xmlns:{prefix}");
            set_attribute(self.tag(&root), &name, MATCHES_NAMESPACE);
        }
        match &unit.matches {
            Some(matches) if self.text[matches.tag.clone()].ends_with("/>") => {
                self.set_content(matches, &all);
            }
            Some(matches) => self.insert(matches.content.end, &all),
            None => {
                let name = format!("{prefix}:matches");
                let first = self.file.parsed.segments[unit.segments.clone()].first();
                let indent = first
                    .and_then(|s| s.element.as_ref())
                    .map_or("", |e| self.indent(e));
                self.insert(
                    unit.element.tag.end,
                    &format!("{indent}<{name}>{all}</{name}>"),
                );
            }
        }
    }

    /// The `id` of a segment, which gets one where it has none.
    fn segment_id(&mut self, unit: &Unit, segment: &Segment) -> Option<String> {
        if let Some(id) = &segment.id {
            return Some(id.clone());
        }
        let element = segment.element.as_ref()?;
        let text = &self.text[unit.range.clone()];
        let segments = &self.file.parsed.segments[unit.segments.clone()];
        let number = segments
            .iter()
            .position(|other| std::ptr::eq(other, segment))?;
        let free = |id: &String| {
            ![format!("\"{id}\""), format!("'{id}'")]
                .iter()
                .any(|q| text.contains(q))
        };
        let id = (number + 1..).map(|n| format!("s{n}")).find(free)?;
        // A later segment may look for the same number, so that the number of the first is its own.
        let id = format!("{id}-{}", number + 1);
        set_attribute(self.tag(element), "id", &id);
        Some(id)
    }

    fn ttx(&mut self, unit: &Unit, filled: &[Filled<'_>]) {
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

    fn txml(&mut self, unit: &Unit, filled: &[Filled<'_>]) {
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

    fn apply(self) -> String {
        let mut edits: Vec<_> = self
            .tags
            .into_values()
            .chain(self.places.into_values())
            .collect();
        // An insertion goes before the tag that begins at its byte. A tag inside of what is replaced goes with it.
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = String::with_capacity(self.text.len() + self.text.len() / 4);
        let mut from = 0;
        for (range, replacement) in edits {
            if range.start < from {
                continue;
            }
            out.push_str(&self.text[from..range.start]);
            out.push_str(&replacement);
            from = range.end;
        }
        out.push_str(&self.text[from..]);
        out
    }
}

/// The content of a match's target. Its codes refer to no data: those of the unit are not the match's.
fn without_data(target: &Coded, own: &[Code]) -> String {
    let strip = |code: &Code| {
        let mut raw = code.raw.clone();
        for name in ["dataRef", "dataRefStart", "dataRefEnd"] {
            remove_attribute(&mut raw, name);
        }
        Code {
            raw,
            ..code.clone()
        }
    };
    let own: Vec<_> = own.iter().map(strip).collect();
    let target = Coded {
        text: target.text.clone(),
        codes: target.codes.iter().map(strip).collect(),
    };
    render(&target, &[&own])
}

/// The prefix of a start tag with its colon, or nothing.
fn prefix(tag: &str) -> &str {
    let name = tag[1..].split(|c: char| c.is_whitespace() || matches!(c, '/' | '>'));
    let name = name.into_iter().next().unwrap_or_default();
    &name[..name.len() - local(name).len()]
}

/// The prefix of the core vocabulary, told by the root's name.
fn prefix_of_default(root: &str) -> String {
    prefix(root).to_owned()
}

/// The prefix of the matches module, and whether the root declares it.
fn matches_prefix(root: &Element) -> (String, bool) {
    let declared = root.attributes.iter().find_map(|(name, value)| {
        name.strip_prefix("xmlns:")
            .filter(|_| value == MATCHES_NAMESPACE)
    });
    if let Some(prefix) = declared {
        return (prefix.to_owned(), true);
    }
    let mut prefix = "mtc".to_owned();
    while root.attributes.get(&format!("xmlns:{prefix}")).is_some() {
        prefix.push('_');
    }
    (prefix, false)
}
