//! Names of months, days and eras, by what they stand for.
//!
//! Worked example: `يونيو`, `حزيران` and `June` are month 6; `كانون الثاني` and `يناير` are month 1; `ربيع الآخر` is the
//! Hijri month 4.

use super::quantity::{Era, Quantity};

/// The month or day that a folded word names, with the word behind it where the name has two; and how many words that
/// takes. English names count with a capital only: `may` and `march` are other words as well.
pub(super) fn date_name(word: &str, next: &str, capital: bool) -> Option<(Quantity, usize)> {
    if let Some(month) = double_month(word, next) {
        return Some((month, 2));
    }
    let english = word.is_ascii();
    if english && !capital {
        return None;
    }
    month(word)
        .map(Quantity::Month)
        .or_else(|| hijri_month(word).map(Quantity::HijriMonth))
        .or_else(|| weekday(word).map(Quantity::Weekday))
        .map(|name| (name, 1))
}

/// The era that a word behind a year names.
pub(super) fn era(folded: &str) -> Option<Era> {
    Some(match folded {
        "ه" | "هجري" | "هجريه" | "للهجره" | "ah" => Era::Hijri,
        "م" | "ميلادي" | "ميلاديه" | "للميلاد" | "ad" | "ce" => Era::Common,
        "bc" | "bce" => Era::BeforeCommon,
        _ => return None,
    })
}

/// Whether a folded word as it was written is August, `آب`, and not a father, `أب`.
pub(super) fn is_august(folded: &str, written: &str) -> bool {
    folded == "اب" && written.contains('آ')
}

fn double_month(word: &str, next: &str) -> Option<Quantity> {
    let second = match next {
        "الاول" | "الاولي" => false,
        "الثاني" | "الثانيه" | "الاخر" | "الاخره" => true,
        _ => {
            return Some(Quantity::HijriMonth(match (word, next) {
                ("ذو" | "ذي", "القعده") => 11,
                ("ذو" | "ذي", "الحجه") => 12,
                _ => return None,
            }));
        }
    };
    Some(match (word, second) {
        ("تشرين", false) => Quantity::Month(10),
        ("تشرين", true) => Quantity::Month(11),
        ("كانون", false) => Quantity::Month(12),
        ("كانون", true) => Quantity::Month(1),
        ("ربيع", _) => Quantity::HijriMonth(3 + u8::from(second)),
        ("جمادي", _) => Quantity::HijriMonth(5 + u8::from(second)),
        _ => return None,
    })
}

/// Egyptian, Levantine and Maghrebi names.
fn month(word: &str) -> Option<u8> {
    Some(match word {
        "january" | "jan" | "يناير" | "جانفي" => 1,
        "february" | "feb" | "فبراير" | "شباط" | "فيفري" => 2,
        "march" | "mar" | "مارس" | "اذار" => 3,
        "april" | "apr" | "ابريل" | "نيسان" | "افريل" => 4,
        "may" | "مايو" | "ايار" | "ماي" => 5,
        "june" | "jun" | "يونيو" | "يونيه" | "حزيران" | "جوان" => 6,
        "july" | "jul" | "يوليو" | "يوليه" | "تموز" | "يوليوز" | "جويليه" => {
            7
        }
        "august" | "aug" | "اغسطس" | "غشت" | "اوت" => 8,
        "september" | "sept" | "sep" | "سبتمبر" | "ايلول" | "شتنبر" => 9,
        "october" | "oct" | "اكتوبر" => 10,
        "november" | "nov" | "نوفمبر" | "نونبر" => 11,
        "december" | "dec" | "ديسمبر" | "دجنبر" => 12,
        _ => return None,
    })
}

fn hijri_month(word: &str) -> Option<u8> {
    Some(match word {
        "محرم" | "المحرم" | "muharram" => 1,
        "صفر" | "safar" => 2,
        "رجب" | "rajab" => 7,
        "شعبان" | "shaban" => 8,
        "رمضان" | "ramadan" => 9,
        "شوال" | "shawwal" => 10,
        _ => return None,
    })
}

/// From Sunday, 0. Arabic names count with the article only: `اثنين` is two.
fn weekday(word: &str) -> Option<u8> {
    Some(match word {
        "sunday" | "الاحد" => 0,
        "monday" | "الاثنين" => 1,
        "tuesday" | "الثلاثاء" => 2,
        "wednesday" | "الاربعاء" => 3,
        "thursday" | "الخميس" => 4,
        "friday" | "الجمعه" => 5,
        "saturday" | "السبت" => 6,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(word: &str, next: &str) -> Option<Quantity> {
        date_name(word, next, true).map(|(name, _)| name)
    }

    #[test]
    fn a_month_has_many_names() {
        for name in ["يونيو", "حزيران", "june"] {
            assert_eq!(named(name, ""), Some(Quantity::Month(6)), "{name}");
        }
        assert_eq!(named("كانون", "الثاني"), named("يناير", ""));
        assert_eq!(named("تشرين", "الاول"), named("october", ""));
        assert_eq!(named("ربيع", "الاخر"), Some(Quantity::HijriMonth(4)));
        assert_eq!(named("ربيع", "طلق"), None);
    }

    #[test]
    fn english_names_have_a_capital() {
        assert_eq!(date_name("may", "be", false), None);
        assert_eq!(named("may", ""), named("ايار", ""));
    }
}
