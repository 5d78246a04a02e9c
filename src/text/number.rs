//! Numbers by value, whatever the shape of their digits and separators.
//!
//! Worked example: `1,250.50`, `١٬٢٥٠٫٥` and `1.250,5` are all 12505 × 10⁻¹; `12:30` and `12/30` are two numbers; `three`
//! and `ثلاثة` are 3.

/// A decimal number that is not negative: `mantissa` × 10^−`decimals`, the mantissa without a final zero behind the
/// decimal point, so that equal numbers are equal values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Number {
    mantissa: u64,
    decimals: u8,
}

impl Number {
    /// A whole number.
    pub fn whole(value: u64) -> Self {
        Self {
            mantissa: value,
            decimals: 0,
        }
    }

    /// This times 10^`zeros`; `None` where that is too large.
    pub fn scaled(self, zeros: u8) -> Option<Self> {
        let left = zeros.saturating_sub(self.decimals);
        Some(Self {
            mantissa: self
                .mantissa
                .checked_mul(10_u64.checked_pow(left.into())?)?,
            decimals: self.decimals.saturating_sub(zeros),
        })
    }

    /// The value, where it is a whole number.
    pub fn as_whole(self) -> Option<u64> {
        (self.decimals == 0).then_some(self.mantissa)
    }

    /// The value of one number token of any digit shape, as written or folded. `None` for what is no number, holds
    /// `:` or `/` ([`values`] takes those apart), or has more than 19 significant digits.
    ///
    /// `٬` groups and `٫` is the decimal point. Of `.` and `,` the one that comes last is the decimal point where both
    /// occur; one that occurs more than once groups; a single `,` before exactly three digits groups; a single `.` is
    /// the decimal point. Groups hold three digits, the first one to three.
    ///
    /// ```
    /// use dhakira::text::number::Number;
    /// assert_eq!(Number::parse("٢٬٠٠٠٫٥"), Number::parse("2,000.50"));
    /// assert_eq!(Number::parse("1.2.3"), None);
    /// ```
    pub fn parse(token: &str) -> Option<Self> {
        let point = decimal_point(token);
        let (whole, fraction) = match point {
            Some(at) => {
                let width = token[at..].chars().next().map_or(1, char::len_utf8);
                (&token[..at], &token[at + width..])
            }
            None => (token, ""),
        };
        let mut mantissa = 0_u64;
        let mut push = |c: char| {
            mantissa = mantissa.checked_mul(10)?.checked_add(digit(c)?)?;
            Some(())
        };
        for (i, group) in whole.split(is_separator).enumerate() {
            let digits = group.chars().count();
            let grouped = whole.len() > group.len();
            if digits == 0 || grouped && (digits > 3 || i > 0 && digits < 3) {
                return None;
            }
            group.chars().try_for_each(&mut push)?;
        }
        let mut decimals = 0_u8;
        let fraction = fraction.trim_end_matches(['0', '٠', '۰']);
        for c in fraction.chars() {
            push(c)?;
            decimals = decimals.checked_add(1)?;
        }
        Some(Self { mantissa, decimals })
    }

    /// The value of a folded number word up to ten, as counted things have it in either language, and of the English
    /// ones up to twenty. Ordinals and fractions are none.
    pub fn of_word(folded: &str) -> Option<Self> {
        Some(Self::whole(match folded {
            "one" | "واحد" | "واحده" => 1,
            "two" | "اثنان" | "اثنين" | "اثنتان" | "اثنتين" => 2,
            "three" | "ثلاث" | "ثلاثه" => 3,
            "four" | "اربع" | "اربعه" => 4,
            "five" | "خمس" | "خمسه" => 5,
            "six" | "ست" | "سته" => 6,
            "seven" | "سبع" | "سبعه" => 7,
            "eight" | "ثمان" | "ثماني" | "ثمانيه" => 8,
            "nine" | "تسع" | "تسعه" => 9,
            "ten" | "عشر" | "عشره" => 10,
            "eleven" => 11,
            "twelve" => 12,
            "thirteen" => 13,
            "fourteen" => 14,
            "fifteen" => 15,
            "sixteen" => 16,
            "seventeen" => 17,
            "eighteen" => 18,
            "nineteen" => 19,
            "twenty" | "عشرون" | "عشرين" => 20,
            "thirty" | "ثلاثون" | "ثلاثين" => 30,
            "forty" | "اربعون" | "اربعين" => 40,
            "fifty" | "خمسون" | "خمسين" => 50,
            "sixty" | "ستون" | "ستين" => 60,
            "seventy" | "سبعون" | "سبعين" => 70,
            "eighty" | "ثمانون" | "ثمانين" => 80,
            "ninety" | "تسعون" | "تسعين" => 90,
            _ => return None,
        }))
    }
}

/// The numbers in a number token, cut at `:` and `/`: one for `2,000`, two for `12:30`, three for a date.
pub fn values(token: &str) -> impl Iterator<Item = Number> {
    token.split([':', '/']).filter_map(Number::parse)
}

/// The byte at which the decimal point of a number token stands.
fn decimal_point(token: &str) -> Option<usize> {
    if let Some(at) = token.find('٫') {
        return Some(at);
    }
    let last = token.rfind(['.', ','])?;
    let mark = token[last..].chars().next()?;
    let other = if mark == '.' {
        [',', '٬']
    } else {
        ['.', '٬']
    };
    let after = token[last..].chars().count() - 1;
    if token.contains(other) {
        // Both kinds: the last is the decimal point, unless it occurs before as well.
        return (token.matches(mark).count() == 1).then_some(last);
    }
    match token.matches(mark).count() {
        1 if mark == ',' && after == 3 => None,
        1 => Some(last),
        _ => None,
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, '.' | ',' | '٬')
}

fn digit(c: char) -> Option<u64> {
    let zero = match c {
        '0'..='9' => '0',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        _ => return None,
    };
    Some(u64::from(u32::from(c) - u32::from(zero)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_same_value_in_any_shape() {
        for (a, b) in [
            ("2,000", "٢٬٠٠٠"),
            ("2,000", "۲۰۰۰"),
            ("1,250.50", "١٬٢٥٠٫٥"),
            ("1.250.000", "1250000"),
            ("1.250,5", "1,250.5"),
            ("3,5", "٣٫٥"),
            ("007", "7"),
        ] {
            let value = Number::parse(a);
            assert!(value.is_some(), "{a}");
            assert_eq!(value, Number::parse(b), "{a} {b}");
        }
        assert_ne!(Number::parse("3.5"), Number::parse("35"));
    }

    #[test]
    fn what_is_no_single_number() {
        for token in [
            "",
            "1.2.3",
            "12:30",
            "x",
            "½",
            "1,,2",
            "99999999999999999999",
        ] {
            assert_eq!(Number::parse(token), None, "{token}");
        }
    }

    #[test]
    fn scaling_moves_the_decimal_point() {
        let scaled = |token| Number::parse(token)?.scaled(6);
        assert_eq!(scaled("2.5"), Number::parse("2,500,000"));
        assert_eq!(scaled("0"), Some(Number::whole(0)));
        assert_eq!(scaled("0.0000015"), Number::parse("1.5"));
        assert_eq!(scaled("18446744073709551615"), None);
        assert_eq!(Number::parse("2.0").and_then(Number::as_whole), Some(2));
        assert_eq!(Number::parse("2.5").and_then(Number::as_whole), None);
    }

    #[test]
    fn times_and_dates_are_several_numbers() {
        let all: Vec<Number> = values("٢٣/7/2024").collect();
        assert_eq!(all, [23, 7, 2024].map(Number::whole));
    }

    #[test]
    fn words_of_both_languages_agree() {
        for (ar, en) in [("ثلاثه", "three"), ("عشر", "ten"), ("خمسين", "fifty")] {
            let value = Number::of_word(ar);
            assert!(value.is_some());
            assert_eq!(value, Number::of_word(en));
        }
        assert_eq!(Number::of_word("كتاب"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_or_refused(text in "[0-9٠-٩.,٫٬:/x]{0,24}") {
            let _ = Number::parse(&text);
            let _ = values(&text).count();
        }

        #[test]
        fn whole_numbers_are_themselves(n in any::<u64>()) {
            prop_assert_eq!(Number::parse(&n.to_string()), Some(Number::whole(n)));
        }
    }
}
