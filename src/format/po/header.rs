//! What the header of a PO file says: encoding, language, plural forms.

use encoding_rs::Encoding;

use super::parse::{Entry, parse};
use crate::format::encoded::Charset;
use crate::lang::Lang;

/// The plural forms of Arabic and English, as gettext's manual has them.
pub(super) fn plural_forms(lang: Lang) -> &'static str {
    match lang {
        Lang::Arabic => {
            "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;"
        }
        Lang::English => "nplurals=2; plural=(n != 1);",
    }
}

/// The encoding that the header declares, told from the file's bytes; UTF-8 where there is none, or a template's
/// `CHARSET`.
///
/// # Errors
/// The encoding's name, where it is not known.
pub(super) fn charset(bytes: &[u8]) -> Result<Charset, String> {
    let label = memchr::memmem::find(bytes, b"charset=").and_then(|at| {
        // Most headers come first; what is in a message of another kind is not looked at.
        let end = memchr::memmem::find(&bytes[at..], b"\nmsg").map_or(bytes.len(), |end| at + end);
        declared(&bytes[..end]).or_else(|| declared(bytes))
    });
    let Some(label) = label else {
        return Ok(Charset::UTF_8);
    };
    let is = |name: &str| label.eq_ignore_ascii_case(name);
    if label.is_empty()
        || is("CHARSET")
        || is("ASCII")
        || is("US-ASCII")
        || label.starts_with("UTF-16")
    {
        return Ok(Charset::UTF_8);
    }
    if is("ISO-8859-1") {
        return Ok(Charset::Latin1);
    }
    Encoding::for_label_no_replacement(label.as_bytes())
        .map(Charset::Known)
        .ok_or(label)
}

/// The label in the header of a file, whose keywords and field names are ASCII in whatever encoding it is.
fn declared(bytes: &[u8]) -> Option<String> {
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let header = parse(&text).into_iter().find(Entry::is_header)?;
    let (_, string) = header.translations.first()?;
    let (_, label) = field(&string.text, "Content-Type")?.split_once("charset=")?;
    Some(label.trim().to_owned())
}

/// The value of a field; `None` where it is missing or empty.
pub(super) fn field<'h>(header: &'h str, name: &str) -> Option<&'h str> {
    let mut fields = header.lines().filter_map(|line| line.split_once(':'));
    let (_, value) = fields.find(|(field, _)| field.trim().eq_ignore_ascii_case(name))?;
    Some(value.trim()).filter(|value| !value.is_empty())
}

/// How many plural forms there are, and which of them is that of one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plurals {
    pub(super) forms: u32,
    pub(super) one: u32,
}

impl Plurals {
    /// The plural forms of a field `Plural-Forms`; `None` for a template's.
    pub(super) fn parse(field: &str) -> Option<Self> {
        let value = |name: &str| {
            let parts = field.split(';').map(str::trim);
            parts
                .filter_map(|part| part.split_once('='))
                .find(|(key, _)| key.trim() == name)
                .map(|(_, value)| value.trim())
        };
        let forms = value("nplurals")?
            .parse()
            .ok()
            .filter(|n| (1..=100).contains(n))?;
        let one = Expression::new(value("plural")?).of(1)?;
        Some(Self {
            forms,
            one: u32::try_from(one).ok().filter(|one| *one < forms)?,
        })
    }

    pub(super) fn of(lang: Lang) -> Self {
        match lang {
            Lang::Arabic => Self { forms: 6, one: 1 },
            Lang::English => Self { forms: 2, one: 0 },
        }
    }
}

/// An expression of C over `n`: gettext's manual, "Plural forms".
struct Expression<'e> {
    rest: &'e str,
    n: u64,
    depth: u32,
}

/// The deepest nesting of an expression; gettext's own are below ten.
const MOST_DEPTH: u32 = 50;

/// Binary operators by how tightly they bind; longer spellings first.
const OPERATORS: [&[&str]; 6] = [
    &["||"],
    &["&&"],
    &["==", "!="],
    &["<=", ">=", "<", ">"],
    &["+", "-"],
    &["*", "/", "%"],
];

impl<'e> Expression<'e> {
    fn new(text: &'e str) -> Self {
        Self {
            rest: text,
            n: 0,
            depth: 0,
        }
    }

    fn of(mut self, n: u64) -> Option<u64> {
        self.n = n;
        let value = self.choice()?;
        self.rest.trim().is_empty().then_some(value)
    }

    fn take(&mut self, token: &str) -> bool {
        let rest = self.rest.trim_start();
        let taken = rest.strip_prefix(token);
        self.rest = taken.unwrap_or(rest);
        taken.is_some()
    }

    fn choice(&mut self) -> Option<u64> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return None;
        }
        let mut value = self.binary(0)?;
        if self.take("?") {
            let then = self.choice()?;
            if !self.take(":") {
                return None;
            }
            let otherwise = self.choice()?;
            value = if value == 0 { otherwise } else { then };
        }
        self.depth -= 1;
        Some(value)
    }

    fn binary(&mut self, level: usize) -> Option<u64> {
        let Some(operators) = OPERATORS.get(level) else {
            return self.unary();
        };
        let mut left = self.binary(level + 1)?;
        while let Some(operator) = operators.iter().find(|operator| self.take(operator)) {
            let right = self.binary(level + 1)?;
            let truth = |truth: bool| Some(u64::from(truth));
            left = match *operator {
                "||" => truth(left != 0 || right != 0),
                "&&" => truth(left != 0 && right != 0),
                "==" => truth(left == right),
                "!=" => truth(left != right),
                "<=" => truth(left <= right),
                ">=" => truth(left >= right),
                "<" => truth(left < right),
                ">" => truth(left > right),
                "+" => left.checked_add(right),
                "-" => left.checked_sub(right),
                "*" => left.checked_mul(right),
                "/" => left.checked_div(right),
                _ => left.checked_rem(right),
            }?;
        }
        Some(left)
    }

    fn unary(&mut self) -> Option<u64> {
        if self.take("!") {
            self.depth += 1;
            if self.depth > MOST_DEPTH {
                return None;
            }
            let value = self.unary()?;
            self.depth -= 1;
            return Some(u64::from(value == 0));
        }
        if self.take("(") {
            let value = self.choice()?;
            return self.take(")").then_some(value);
        }
        if self.take("n") {
            return Some(self.n);
        }
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = self.rest.split_at(digits);
        self.rest = rest;
        number.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plural_forms_are_counted_and_that_of_one_is_found() {
        for lang in Lang::BOTH {
            assert_eq!(Plurals::parse(plural_forms(lang)), Some(Plurals::of(lang)));
        }
        let told = |field: &str| Plurals::parse(field).map(|p| (p.forms, p.one));
        assert_eq!(told("nplurals=1; plural=0;"), Some((1, 0)));
        assert_eq!(told("nplurals=2; plural=n>1"), Some((2, 0)));
        assert_eq!(
            told(
                "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5);"
            ),
            Some((6, 1))
        );
        assert_eq!(told("nplurals=INTEGER; plural=EXPRESSION;"), None);
        assert_eq!(told("nplurals=2; plural=1/0;"), None);
        assert_eq!(
            told(&format!("nplurals=2; plural={}", "(".repeat(99_999))),
            None
        );
        assert_eq!(
            told(&format!("nplurals=2; plural={}1", "!".repeat(99_999))),
            None
        );
    }

    #[test]
    fn encodings_are_those_that_are_declared() {
        let told = |label: &str| {
            charset(
                format!("msgid \"\" msgstr \"Content-Type: text/plain; charset={label}\\n\"")
                    .as_bytes(),
            )
        };
        assert_eq!(told("CHARSET"), Ok(Charset::UTF_8));
        assert_eq!(
            told("windows-1256"),
            Ok(Charset::Known(encoding_rs::WINDOWS_1256))
        );
        assert_eq!(
            told("iso-8859-6"),
            Ok(Charset::Known(encoding_rs::ISO_8859_6))
        );
        assert_eq!(told("klingon"), Err("klingon".to_owned()));
        assert_eq!(charset(b"msgid \"a\""), Ok(Charset::UTF_8));
        let message = "msgid \"a\"\nmsgstr \"Content-Type: text/html; charset=windows-1256\\n\"\n";
        assert_eq!(charset(message.as_bytes()), Ok(Charset::UTF_8));
        let header =
            "\nmsgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=ISO-8859-1\\n\"\n";
        assert_eq!(
            charset(format!("{message}{header}").as_bytes()),
            Ok(Charset::Latin1)
        );
        let in_context = format!("msgctxt \"x\"{header}");
        assert_eq!(charset(in_context.as_bytes()), Ok(Charset::UTF_8));
    }
}
