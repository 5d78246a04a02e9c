//! The numbers and dates of a segment, and whether those of two segments differ.
//!
//! Digits of any shape count by value, and so do spelled numbers, names of months and days, ordinals and eras. What is
//! said in both segments is taken away, in whatever order it is said; a number that is left over is a difference. Some
//! words are quantities only at times (`one`, `second`, `May`): left over on one side they say nothing, but
//! against another of their kind they differ. The number of a version counts digit by digit: `Python 3.10` is not 3.1.
//! A month or an ordinal in words and its number are the same: `3 يونيو` and
//! `3/6`, `الفصل الثاني` and `الفصل 2`.
//!
//! Worked example: `في 5 يونيو ٢٠٠٩` has 5, month 6 and 2009, `في ٥ حزيران 2009` has them as well, and `في 5 يوليو 2009`
//! has month 7 for month 6.

use std::cmp::Ordering;
use std::mem::discriminant;

use super::{calendar, spelled};
use crate::text::arabic::is_arabic_letter;
use crate::text::fold::fold;
use crate::text::number::Number;
use crate::text::token::number_len;
use crate::text::{Analyzed, Token, TokenKind};

/// Something that is counted or dated.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Quantity {
    Cardinal(Number),
    /// A number token that has no single value, such as `1.2.3`, folded.
    Literal(String),
    Ordinal(u64),
    /// `نصف`, `two thirds`: numerator and denominator.
    Fraction(u8, u8),
    /// From January, 1.
    Month(u8),
    /// From Muharram, 1.
    HijriMonth(u8),
    /// From Sunday, 0.
    Weekday(u8),
    Era(Era),
    /// A word of letters and digits: `ipv6`.
    Code(String),
}

/// What years are counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Era {
    BeforeCommon,
    Common,
    Hijri,
}

/// A quantity as one segment has it. Ordered by quantity, certain ones first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Mention {
    quantity: Quantity,
    doubtful: bool,
}

/// All quantities of a segment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Quantities(Vec<Mention>);

impl Quantities {
    pub(super) fn new(segment: &Analyzed<'_>) -> Self {
        let mut reader = Reader {
            segment,
            next: 0,
            found: Vec::new(),
        };
        while let Some(token) = segment.tokens().get(reader.next) {
            reader.next += 1;
            match token.kind {
                TokenKind::Number => reader.number(token),
                TokenKind::Word => reader.word(token),
                TokenKind::Placeable => reader.placeable(token),
                TokenKind::Punctuation => {}
            }
        }
        // `حزيران/يونيو` names one month twice.
        reader.found.dedup();
        reader.found.sort_unstable();
        Self(reader.found)
    }

    /// Whether the segments say different numbers or dates. Symmetric.
    pub(super) fn differ(&self, other: &Self) -> bool {
        let (mut mine, mut theirs) = left_over(&self.0, &other.0);
        without_plain_numbers(&mut mine, &mut theirs);
        without_plain_numbers(&mut theirs, &mut mine);
        let certain = |m: &&Mention| !m.doubtful;
        mine.iter().any(certain)
            || theirs.iter().any(certain)
            || mine
                .iter()
                .any(|m| theirs.iter().any(|t| m.quantity.excludes(&t.quantity)))
    }
}

impl Quantity {
    /// Whether one of these in place of the other, which is not equal, says something else of the same thing.
    fn excludes(&self, other: &Self) -> bool {
        fn letters(code: &str) -> impl Iterator<Item = char> {
            code.chars().filter(|c| !c.is_ascii_digit())
        }
        match (self, other) {
            (Self::Code(a), Self::Code(b)) => letters(a).eq(letters(b)),
            _ => discriminant(self) == discriminant(other),
        }
    }
}

/// The digits of a percentage with its sign in front, as Arabic is often typed: `%50`. One digit is a format argument.
pub(super) fn percentage(placeable: &str) -> Option<&str> {
    let digits = placeable.strip_prefix('%')?;
    (digits.len() > 1 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// What of two sorted lists is not in both.
fn left_over<'m>(a: &'m [Mention], b: &'m [Mention]) -> (Vec<&'m Mention>, Vec<&'m Mention>) {
    let (mut of_a, mut of_b) = (Vec::new(), Vec::new());
    let (mut i, mut j) = (0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.quantity.cmp(&y.quantity) {
            Ordering::Equal => (i, j) = (i + 1, j + 1),
            Ordering::Less => {
                of_a.push(x);
                i += 1;
            }
            Ordering::Greater => {
                of_b.push(y);
                j += 1;
            }
        }
    }
    of_a.extend(&a[i..]);
    of_b.extend(&b[j..]);
    (of_a, of_b)
}

fn is_word_for_version(folded: &str) -> bool {
    matches!(
        folded,
        "version"
            | "versions"
            | "release"
            | "v"
            | "اصدار"
            | "الاصدار"
            | "اصداره"
            | "الاصداره"
            | "نسخه"
            | "النسخه"
    )
}

/// Takes away the months and ordinals that one side says in words and the other as a plain number. A side that has one in
/// words as well says another: `3 May` is not `5 March`.
fn without_plain_numbers(said: &mut Vec<&Mention>, numbers: &mut Vec<&Mention>) {
    said.retain(|mention| {
        let value = match mention.quantity {
            Quantity::Month(month) | Quantity::HijriMonth(month) => month.into(),
            Quantity::Ordinal(place) => place,
            _ => return true,
        };
        let of_its_kind = |other: &&Mention| mention.quantity.excludes(&other.quantity);
        if numbers.iter().any(of_its_kind) {
            return true;
        }
        let plain = Quantity::Cardinal(Number::whole(value));
        let at = numbers.iter().position(|other| other.quantity == plain);
        at.map(|at| numbers.remove(at)).is_none()
    });
}

/// Reads a segment's tokens one after the other.
struct Reader<'s, 't> {
    segment: &'s Analyzed<'t>,
    next: usize,
    found: Vec<Mention>,
}

impl<'s> Reader<'s, '_> {
    fn push(&mut self, quantity: Quantity, doubtful: bool) {
        self.found.push(Mention { quantity, doubtful });
    }

    /// The word that comes next, folded; empty where none does.
    fn next_word(&self) -> &'s str {
        self.segment
            .tokens()
            .get(self.next)
            .filter(|token| token.kind == TokenKind::Word)
            .map_or("", |token| self.segment.folded(token))
    }

    fn number(&mut self, token: &Token) {
        let folded = self.segment.folded(token);
        if self.is_version(folded) {
            self.push(Quantity::Literal(folded.to_owned()), false);
            return;
        }
        let adjacent = |next: &Token| next.span.start == token.span.end;
        let touching = self.segment.tokens().get(self.next).is_some_and(adjacent);
        self.digits(folded, touching);
    }

    /// Whether the number just read is one of a version whose zero at the end counts: behind a word for it, or behind a
    /// product's name in Latin letters.
    fn is_version(&self, folded: &str) -> bool {
        if !(folded.ends_with('0') && folded.contains('.')) {
            return false;
        }
        let before = self.next.checked_sub(2).map(|i| &self.segment.tokens()[i]);
        before.is_some_and(|token| {
            let written = self.segment.written(token);
            let is_name = written.starts_with(|c: char| c.is_ascii_uppercase())
                && written.contains(|c: char| c.is_ascii_lowercase());
            token.kind == TokenKind::Word
                && (is_name || is_word_for_version(self.segment.folded(token)))
        })
    }

    fn placeable(&mut self, token: &Token) {
        if let Some(digits) = percentage(self.segment.written(token)) {
            self.digits(digits, false);
        }
    }

    /// A number in digits, whose next word may be written on to it.
    fn digits(&mut self, folded: &str, touching: bool) {
        let next = self.next_word();
        let several = folded.contains([':', '/']);
        for part in folded.split([':', '/']) {
            let Some(mut number) = Number::parse(part) else {
                self.push(Quantity::Literal(part.to_owned()), false);
                continue;
            };
            let suffixed = !several && touching && matches!(next, "st" | "nd" | "rd" | "th");
            if let Some(place) = number.as_whole().filter(|_| suffixed) {
                self.next += 1;
                self.push(Quantity::Ordinal(place), false);
                continue;
            }
            if let Some(scaled) = spelled::zeros(next).and_then(|zeros| number.scaled(zeros))
                && !several
            {
                self.next += 1;
                number = scaled;
            }
            self.push(Quantity::Cardinal(number), false);
        }
        if self.is_before_christ() {
            self.next += 3;
            self.push(Quantity::Era(Era::BeforeCommon), true);
        } else if let Some(era) = calendar::era(next) {
            self.next += 1;
            self.push(Quantity::Era(era), true);
        }
    }

    /// Whether `ق.م` comes next.
    fn is_before_christ(&self) -> bool {
        let tokens = self.segment.tokens().get(self.next..self.next + 3);
        tokens.is_some_and(|tokens| {
            let folded = tokens.iter().map(|token| self.segment.folded(token));
            folded.eq(["ق", ".", "م"])
        })
    }

    fn word(&mut self, token: &Token) {
        let (segment, folded) = (self.segment, self.segment.folded(token));
        if folded.contains(|c: char| c.is_ascii_digit()) {
            if folded.starts_with(is_arabic_letter) {
                self.digits_in_word(token);
            } else {
                self.push(Quantity::Code(folded.to_owned()), true);
            }
            return;
        }
        let capital = segment.written(token).starts_with(char::is_uppercase);
        let name = |word: &str| calendar::date_name(word, self.next_word(), capital);
        let bare = folded.strip_prefix(['و', 'ف', 'ب', 'ل', 'ك']);
        if let Some((name, words)) = name(folded).or_else(|| name(bare?)) {
            self.next += words - 1;
            self.push(name, true);
            return;
        }
        if calendar::is_august(bare.unwrap_or(folded), segment.written(token)) {
            self.push(Quantity::Month(8), true);
            return;
        }
        let tokens = &segment.tokens()[self.next - 1..];
        let words = tokens
            .iter()
            .filter(|t| segment.folded(t) != "-")
            .map_while(|t| (t.kind == TokenKind::Word).then(|| segment.folded(t)));
        if let Some(number) = spelled::read(words) {
            let counted = |t: &&Token| t.kind == TokenKind::Word;
            let ends = tokens.iter().enumerate().filter(|(_, t)| counted(t));
            let last = ends.map(|(i, _)| i).nth(number.words - 1).unwrap_or(0);
            self.next += last;
            let quantity = if number.ordinal {
                Quantity::Ordinal(number.value)
            } else {
                Quantity::Cardinal(Number::whole(number.value))
            };
            self.push(quantity, !number.certain);
        } else if let Some(quantity) = spelled::part_or_times(folded) {
            self.push(quantity, true);
        }
    }

    /// Digits that a preposition or the article is written on to: `بـ50`, `الـ20`, with the separators that the tokens
    /// were cut at.
    fn digits_in_word(&mut self, token: &Token) {
        let written = self.segment.written(token);
        let Some(first) = written.find(char::is_numeric) else {
            return;
        };
        let from = token.span.start + first;
        let end = from + number_len(&self.segment.surface()[from..]);
        while self
            .segment
            .tokens()
            .get(self.next)
            .is_some_and(|next| next.span.start < end)
        {
            self.next += 1;
        }
        let digits = fold(&self.segment.surface()[from..end]);
        self.digits(&digits, true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differ(a: &str, b: &str) -> bool {
        let of = |text| Quantities::new(&Analyzed::new(text));
        of(a).differ(&of(b))
    }

    #[test]
    fn the_worked_example() {
        assert!(!differ("في 5 يونيو ٢٠٠٩", "في ٥ حزيران 2009"));
        assert!(differ("في 5 يونيو ٢٠٠٩", "في 5 يوليو 2009"));
    }

    #[test]
    fn equal_values_in_any_shape() {
        for (a, b) in [
            ("عام ٢٠٠٩", "عام 2009"),
            ("1,000 units", "1000 units"),
            ("٢٬٥٠٠", "2500"),
            ("2 of 3", "3 of 2"),
            ("خمسة كتب", "5 كتب"),
            ("five books", "5 books"),
            ("٢٫٥ مليون نسمة", "2,500,000 نسمة"),
            ("بـ50 دينارا", "ب ٥٠ دينارا"),
            ("بـ2.5 دينار", "2,5 دينار"),
            ("١٤٤٦ هـ", "1446هـ"),
            ("٣ يونيو ٢٠٢٠", "3/6/2020"),
            ("حزيران/يونيو الماضي", "يونيو الماضي"),
            ("the 2nd of May", "the second of May"),
            ("one of the books", "any of the books"),
            ("a second later", "later"),
            ("ألف الكاتب كتابا", "كتب الكاتب كتابا"),
            ("You may go", "You can go"),
            ("بنسبة %50", "بنسبة 50%"),
            ("خمسون في المئة", "50 بالمئة"),
            ("الفصل الثاني", "الفصل 2"),
            ("the 5th of May", "May 5"),
            ("آلاف الناس", "كثير من الناس"),
            ("2009م", "عام ٢٠٠٩"),
            ("import1 failed", "machine1 failed"),
            ("معامل ألفا", "معامل بيتا"),
            ("سعره 3.50 دينار", "سعره 3.5 دينار"),
            ("Python 3.10", "Python 3.10"),
            ("في آب", "في أغسطس"),
            ("150 للهجرة", "١٥٠ هـ"),
            ("a dozen eggs", "twelve eggs"),
            ("the northern quarter", "the northern district"),
        ] {
            assert!(!differ(a, b), "{a} / {b}");
        }
    }

    #[test]
    fn other_values() {
        for (a, b) in [
            ("3.5", "35"),
            ("version 1.2.3", "version 1.2.4"),
            ("عام ١٤٤٦ هـ", "عام 2025"),
            ("عام 500 م", "عام 500 هـ"),
            ("في أيار", "في حزيران"),
            ("on Monday", "on Tuesday"),
            ("يوم الأحد", "يوم الاثنين"),
            ("الجلسة الثانية", "الجلسة الثالثة"),
            ("second session", "third session"),
            ("خمسة كتب", "ستة كتب"),
            ("خمسة ملايين", "خمسة آلاف"),
            ("one file", "two files"),
            ("IPv4 only", "IPv6 only"),
            ("12:30", "12:45"),
            ("3 May", "5 March"),
            ("Python 3.10", "Python 3.1"),
            ("الإصدار ٣٫١٠", "الإصدار 3.1"),
            ("في آب", "في أيلول"),
            ("150 للهجرة", "150 للميلاد"),
            ("300 ق.م", "300 م"),
            ("نصف السكان", "وربع السكان"),
            ("half of it", "a quarter of it"),
        ] {
            assert!(differ(a, b), "{a} / {b}");
        }
    }
}
