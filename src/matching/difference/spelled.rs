//! Numbers written in words.
//!
//! Arabic puts units before tens and joins with `و`, English the other way round: `مئة وخمسة وعشرون` and `one hundred and
//! twenty-five` are both 125. A word is added to what stands before it only where the two can be one number: `three and
//! four` are two. Beyond what [`Number::of_word`] knows: teens, hundreds, thousands, millions, ordinals.
//!
//! Worked example: `خمسة ملايين ومئتان` reads 5, times a million, plus 200: 5 000 200.

use super::quantity::Quantity;
use crate::text::number::Number;

/// A spelled number and how many words it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spelled {
    pub(super) value: u64,
    pub(super) ordinal: bool,
    /// Whether it can be nothing but a number: `one` is as often a pronoun, `ألف` a verb, `second` a time.
    pub(super) certain: bool,
    pub(super) words: usize,
}

/// What one word adds to a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// 1 to 19, or one of the tens.
    Small(u64),
    Hundreds(u64),
    /// A power of ten, with how many of it an Arabic dual says.
    Scale(u64, u64),
    Ordinal(u64),
}

/// The spelled number at the head of `words`, which are folded and have nothing but single hyphens between them.
pub(super) fn read<'w>(words: impl Iterator<Item = &'w str> + Clone) -> Option<Spelled> {
    let mut following = words.clone();
    let mut before = 0_u64;
    let mut group = 0_u64;
    let mut ordinal = false;
    let mut last = None;
    for (i, word) in words.enumerate() {
        following.next();
        if word == "and" && i > 0 {
            continue;
        }
        let Some((part, joined)) = part(word, following.clone().next()) else {
            break;
        };
        let first = i == 0;
        // Arabic joins with a conjunction, but for the ten of the teens and for scales.
        let linked = first || joined || word.is_ascii();
        match part {
            Part::Small(n) if linked && fits(n, group, word.is_ascii(), first) => group += n,
            Part::Small(10) if (1..10).contains(&group) && !word.is_ascii() => group += 10,
            Part::Hundreds(n) if group == 0 && linked => group = n,
            Part::Hundreds(100) if word == "hundred" && group < 20 => group *= 100,
            Part::Scale(many, power) if (first && !is_plural(word)) || (group > 0 && many == 1) => {
                before = before.checked_add(group.max(many).checked_mul(power)?)?;
                group = 0;
            }
            Part::Ordinal(n) if first || (word.is_ascii() && group.is_multiple_of(10)) => {
                ordinal = true;
                group += n;
            }
            _ => break,
        }
        last = Some((i, word));
    }
    let (last, word) = last?;
    let value = before.checked_add(group)?;
    Some(Spelled {
        value,
        ordinal,
        certain: !(ordinal || last == 0 && (value == 1 || word.ends_with("الف") || word == "الفا")),
        words: last + 1,
    })
}

/// Whether `n`, at most 90, can follow a group of less than a thousand in one number.
fn fits(n: u64, group: u64, english: bool, first: bool) -> bool {
    match (n, english) {
        _ if first => true,
        (20.., false) => group % 100 < 10,
        (..10, true) => group.is_multiple_of(10) && group % 100 != 10,
        _ => group.is_multiple_of(100),
    }
}

/// The power of ten that a word behind a number says: `million`, `آلاف`.
pub(super) fn zeros(word: &str) -> Option<u8> {
    Some(match word {
        "hundred" => 2,
        "thousand" | "الف" | "الاف" | "الفا" => 3,
        "million" | "مليون" | "ملايين" | "مليونا" => 6,
        "billion" | "مليار" | "مليارات" | "مليارا" => 9,
        "trillion" | "تريليون" | "تريليونات" | "تريليونا" => 12,
        _ => return None,
    })
}

/// The part of a whole or the number of times that a word says. Each is other things as well.
pub(super) fn part_or_times(word: &str) -> Option<Quantity> {
    /// The bytes of `والثلثين`.
    const LONGEST: usize = 16;
    if word.len() > LONGEST {
        return None;
    }
    let times = |n| Quantity::Cardinal(Number::whole(n));
    let bare = word.strip_prefix(['و', 'ف', 'ب', 'ل', 'ك']);
    let bare = bare.unwrap_or(word);
    Some(match bare.strip_prefix("ال").unwrap_or(bare) {
        "half" | "نصف" => Quantity::Fraction(1, 2),
        "quarter" | "ربع" => Quantity::Fraction(1, 4),
        "ثلث" => Quantity::Fraction(1, 3),
        "ثلثا" | "ثلثي" | "ثلثين" => Quantity::Fraction(2, 3),
        "once" => times(1),
        "twice" => times(2),
        "dozen" => times(12),
        _ => return None,
    })
}

/// Whether a word says an uncounted many, where no number stands before it: `آلاف`.
fn is_plural(word: &str) -> bool {
    ["الاف", "ملايين", "ات"].iter().any(|end| word.ends_with(end))
}

/// What a word adds, given the word behind it, and whether a conjunction is written on to it.
fn part(word: &str, next: Option<&str>) -> Option<(Part, bool)> {
    // «I am not», which is not «to six».
    if word == "لست" {
        return None;
    }
    if let Some(part) = bare_part(word, next) {
        return Some((part, false));
    }
    let joined = word.strip_prefix(['و', 'ف']);
    let rest = joined.unwrap_or(word);
    let read = |bare: &str| bare_part(bare, next);
    let article = ["ال", "لل", "بال"]
        .iter()
        .find_map(|article| rest.strip_prefix(article));
    // `في المئة` is per cent.
    let counted = |part: &Part| !matches!(part, Part::Hundreds(_));
    let part = read(rest)
        .or_else(|| read(article?).filter(counted))
        .or_else(|| read(rest.strip_prefix(['ب', 'ل'])?))?;
    Some((part, joined.is_some()))
}

fn bare_part(word: &str, next: Option<&str>) -> Option<Part> {
    let small = Number::of_word(word).and_then(Number::as_whole);
    if let Some(n) = small.or_else(|| construct(word, next)) {
        return Some(Part::Small(n));
    }
    if let Some(n) = ordinal(word) {
        return Some(Part::Ordinal(n));
    }
    let hundreds = ["مايه", "ميه"]
        .iter()
        .find_map(|hundred| word.strip_suffix(hundred));
    if let Some(unit) = hundreds {
        let unit = match unit {
            "" => 1,
            "ثمن" => 8,
            _ => Number::of_word(unit)?.as_whole()?,
        };
        return Some(Part::Hundreds(unit * 100));
    }
    Some(match word {
        "hundred" => Part::Hundreds(100),
        "مايتان" | "مايتين" | "ميتان" | "ميتين" => Part::Hundreds(200),
        "الفان" | "الفين" => Part::Scale(2, 1_000),
        "مليونان" | "مليونين" => Part::Scale(2, 1_000_000),
        "ملياران" | "مليارين" => Part::Scale(2, 1_000_000_000),
        _ => Part::Scale(1, 10_u64.pow(zeros(word)?.into())),
    })
}

/// The forms of one and two that are numbers only in front of another part: `أحد عشر`, `إحدى وعشرون`.
fn construct(word: &str, next: Option<&str>) -> Option<u64> {
    let value = match word {
        "احد" | "احدي" => 1,
        "اثنا" | "اثني" | "اثنتا" | "اثنتي" => 2,
        _ => return None,
    };
    let next = next?;
    let tens = next.strip_prefix('و').unwrap_or(next);
    let tens = Number::of_word(tens.strip_prefix("ال").unwrap_or(tens))?.as_whole()?;
    (tens.is_multiple_of(10)).then_some(value)
}

fn ordinal(word: &str) -> Option<u64> {
    Some(match word {
        "first" | "اول" | "اولي" | "حادي" | "حاديه" => 1,
        "second" | "ثاني" | "ثانيه" => 2,
        "third" | "ثالث" | "ثالثه" => 3,
        "fourth" | "رابع" | "رابعه" => 4,
        "fifth" | "خامس" | "خامسه" => 5,
        "sixth" | "سادس" | "سادسه" => 6,
        "seventh" | "سابع" | "سابعه" => 7,
        "eighth" | "ثامن" | "ثامنه" => 8,
        "ninth" | "تاسع" | "تاسعه" => 9,
        "tenth" | "عاشر" | "عاشره" => 10,
        "eleventh" => 11,
        "twelfth" => 12,
        "twentieth" => 20,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold::fold;

    fn spelled(text: &str) -> Option<(u64, usize)> {
        let folded = fold(text);
        read(folded.split([' ', '-'])).map(|s| (s.value, s.words))
    }

    #[test]
    fn the_worked_examples() {
        assert_eq!(spelled("خمسة ملايين ومئتان"), Some((5_000_200, 3)));
        assert_eq!(spelled("مئة وخمسة وعشرون كتابا"), Some((125, 3)));
        assert_eq!(spelled("one hundred and twenty-five books"), Some((125, 5)));
    }

    #[test]
    fn numbers_of_several_words() {
        for (text, value, words) in [
            ("ثلاثة عشر", 13, 2),
            ("إحدى وعشرون", 21, 2),
            ("اثنا عشر", 12, 2),
            ("ثلاثمائة وستون", 360, 2),
            ("ثلاثة آلاف وخمسمئة", 3_500, 3),
            ("ألفين وتسعة", 2_009, 2),
            ("twelve hundred", 1_200, 2),
            ("two thousand and nine", 2_009, 4),
            ("three and four", 3, 1),
            ("ثلاثة وأربعة", 3, 1),
            ("والخمسة", 5, 1),
        ] {
            assert_eq!(spelled(text), Some((value, words)), "{text}");
        }
        for text in [
            "آلاف الناس",
            "بالمئة",
            "ملايين",
            "لست",
            "أحد الرجال",
            "حماية",
            "كمية",
            "and",
            "",
        ] {
            assert_eq!(spelled(text), None, "{text}");
        }
    }

    #[test]
    fn ordinals() {
        let ordinal = |text: &str| {
            read(fold(text).split([' ', '-']))
                .filter(|s| s.ordinal)
                .map(|s| s.value)
        };
        assert_eq!(ordinal("الثانية"), ordinal("second"));
        assert_eq!(ordinal("الثاني عشر"), Some(12));
        assert_eq!(ordinal("الحادي والعشرين"), ordinal("twenty-first"));
        assert_eq!(ordinal("واحد"), None);
    }
}
