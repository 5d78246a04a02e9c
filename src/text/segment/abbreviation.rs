//! What the word before a full stop says about the stop: abbreviations, initials, and the words that begin a sentence
//! behind them.

use super::neighbour::Next;
use crate::text::arabic::{TATWEEL, is_arabic_letter, is_tashkeel};

/// What a word before a full stop is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Abbreviation {
    /// Something always follows it: `Dr.`, `e.g.`, `vs.`
    Leading,
    /// An abbreviation only before a number: `No. 5`, `p. 12`.
    BeforeNumber,
    /// It may close a sentence, which only the next word tells: `U.S.`, `Inc.`, `Jan.`, `J.`, `د.`, `ق.م.`
    Anywhere,
    /// It closes a sentence unless a small letter, a number, a day, a month or a time zone follows: `p.m.`, `etc.`
    Closing,
}

impl Abbreviation {
    /// What `word`, written without the last stop, is; `None` for an ordinary word.
    pub(super) fn of(word: &str) -> Option<Self> {
        if word.chars().any(is_arabic_letter) {
            return is_arabic_abbreviation(word).then_some(Self::Anywhere);
        }
        if holds(CLOSING, |entry| entry.eq_ignore_ascii_case(word)) {
            return Some(Self::Closing);
        }
        if is_in(LEADING, word) {
            return Some(Self::Leading);
        }
        if is_in(BEFORE_NUMBER, word) {
            return Some(Self::BeforeNumber);
        }
        (is_in(ANYWHERE, word) || is_initials(word)).then_some(Self::Anywhere)
    }

    /// Whether the stop behind this abbreviation ends the sentence, seen from what follows.
    pub(super) fn ends_before(self, next: &Next<'_>) -> bool {
        match self {
            Self::Leading => false,
            Self::BeforeNumber => !next.is_number(),
            Self::Anywhere => begins_sentence(next.word),
            Self::Closing => {
                !next.is_number()
                    && !holds(TIME_WORDS, |name| next.word == name)
                    && !is_time_zone(next.word)
            }
        }
    }
}

const CLOSING: &str = "a.m p.m etc";

/// Titles are capitalised or in capitals; the rest is as given or capitalised.
const LEADING: &str = "
    Mr Mrs Ms Mx Dr Drs Prof Gen Sen Sens Rep Reps Gov Rev Hon Lt Col Capt Sgt Maj Cmdr Adm Brig Messrs Mme
    Mlle Supt Insp Det Amb e.g i.e eg ie vs v viz cf approx esp incl resp
";

const BEFORE_NUMBER: &str = "
    No Nos no nos Nr Fig Figs fig figs Eq Sec Art Arts Vol Vols vol Ch Chap p pp para Pt Ref Tel tel Ext ext
    Ver ver ft lb hr min Op op cap Res Doc b d c ca
";

const ANYWHERE: &str = "
    Inc Ltd Co Corp Bros Jr Sr St Ste Mt Ft Ave Blvd Rd Dept Univ Assn Assoc Intl Natl Govt Ph.D al ed eds
    trans est Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Ala Ariz
    Ark Calif Colo Conn Del Fla Mich Minn Nev Okla Ore Tenn Tex Va Wis
";

const TIME_WORDS: &str = "
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Tues Wed Thu Thurs Fri Sat Sun January
    February March April May June July August September October November December Jan Feb Mar Apr Jun Jul Aug
    Sep Sept Oct Nov Dec Eastern Pacific Central Mountain Greenwich British
";

/// Arabic abbreviations of more than one letter; of one letter, any is taken for one.
const ARABIC: &str = "مج تح تر ود وأ";

/// Capitalised English words that begin a sentence rather than go on with a name.
const ENGLISH_OPENERS: &str = "
    A About After All Also Although An And Another Are As At Because Before Both But By Can Critics Despite
    Did Do Does During Each Earlier Even Every Few For From Have He Her Here His How However I If In Instead
    Is It Its Last Later Let Many Maybe Meanwhile More Most My Neither Never No None Nor Not Nothing Now Of
    On Once One Only Or Other Others Our Over People Perhaps She Since So Some Still Such That The Their Then
    There These They This Those Though Through To Today Two Under Until Was We Were What When Where Whether
    Which While Who Why With Without Yes Yet You Your
";

/// Arabic words that begin a sentence rather than go on with a name; any other word leaves an abbreviation's stop
/// inside the sentence.
const ARABIC_OPENERS: &str = "
    وقد وكان وكانت وكما كما وقال وقالت وأضاف وأضافت وأكد وأكدت وأشار وأشارت وأوضح وأوضحت وذكر وذكرت وتابع وفي
    ولكن لكن ولكنه ولم ولا ولن وهو وهي وهم وهذا وهذه ومن وعلى ومع وبعد وقبل وعندما وإذا وإن إن ثم هذا هذه لقد
    فقد هل أما وأما إذا عندما لم لن ليس ليست كان كانت بعد وبذلك لذلك ولذلك
";

/// Whether a word of `list`, a list between white space, is the one sought.
pub(super) fn holds(list: &str, is_sought: impl Fn(&str) -> bool) -> bool {
    list.split_ascii_whitespace().any(is_sought)
}

/// Whether `word` is in `table`, as it stands there; or capitalised where the table has it in lower case; or in capitals
/// where the table has it capitalised.
fn is_in(table: &str, word: &str) -> bool {
    let capitals = word.len() > 1 && word.bytes().all(|b| b.is_ascii_uppercase());
    holds(table, |entry| {
        entry == word
            || (entry.len() > 1 && entry.get(1..) == word.get(1..) && capitalised(entry, word))
            || (capitals
                && entry.starts_with(char::is_uppercase)
                && entry.eq_ignore_ascii_case(word))
    })
}

/// Whether `word` begins with the capital of the lower-case letter that `entry` begins with.
fn capitalised(entry: &str, word: &str) -> bool {
    let (e, w) = (entry.as_bytes()[0], word.as_bytes()[0]);
    e.is_ascii_lowercase() && w == e.to_ascii_uppercase()
}

/// `J`, `J.K`, `U.S`: single letters, the first of them a capital.
fn is_initials(word: &str) -> bool {
    word.starts_with(char::is_uppercase) && word.split('.').all(is_one_letter)
}

fn is_one_letter(piece: &str) -> bool {
    letters(piece).count() == 1 && piece.chars().all(|c| c.is_alphabetic() || is_mark(c))
}

/// `د`, `أ.د`, `ق.م`, `جـ`, `وأ.د`, `سي.إن.إن`.
fn is_arabic_abbreviation(word: &str) -> bool {
    if holds(ARABIC, |known| known == word) {
        return true;
    }
    let mut count = 0_usize;
    let (mut longest, mut longest_but_first) = (0, 0);
    for piece in word.split('.') {
        if !piece.chars().all(|c| is_arabic_letter(c) || is_mark(c)) {
            return false;
        }
        let len = letters(piece).count();
        if len == 0 {
            return false;
        }
        longest = longest.max(len);
        if count > 0 {
            longest_but_first = longest_but_first.max(len);
        }
        count += 1;
    }
    match count {
        1 => longest == 1,
        // One letter each; the first may carry a conjunction or a preposition.
        2 => longest_but_first == 1 && (longest == 1 || (longest == 2 && has_proclitic(word))),
        // Spelled names of letters, as «سي.إن.إن».
        _ => longest <= 3,
    }
}

fn has_proclitic(word: &str) -> bool {
    word.starts_with(['و', 'ف', 'ب', 'ل', 'ك'])
}

fn is_mark(c: char) -> bool {
    c == TATWEEL || is_tashkeel(c)
}

fn letters(piece: &str) -> impl Iterator<Item = char> {
    piece.chars().filter(|&c| !is_mark(c))
}

/// Whether `word` begins a sentence rather than goes on with what an abbreviation began.
pub(super) fn begins_sentence(word: &str) -> bool {
    if word.starts_with(is_arabic_letter) {
        return holds(ARABIC_OPENERS, |opener| same_letters(opener, word));
    }
    let head = word.split(['\'', '’']).next().unwrap_or_default();
    holds(ENGLISH_OPENERS, |opener| opener == head)
}

/// Whether two Arabic words are equal but for tashkeel and tatweel.
pub(super) fn same_letters(a: &str, b: &str) -> bool {
    letters(a).eq(letters(b))
}

/// `ET`, `GMT`, `BST`: capitals alone.
fn is_time_zone(word: &str) -> bool {
    (2..=4).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_before_a_stop() {
        use Abbreviation::{Anywhere, BeforeNumber, Closing, Leading};
        for (word, expected) in [
            ("Dr", Some(Leading)),
            ("DR", Some(Leading)),
            ("Approx", Some(Leading)),
            ("gen", None),
            ("No", Some(BeforeNumber)),
            ("NO", Some(BeforeNumber)),
            ("CA", None),
            ("p.m", Some(Closing)),
            ("U.S", Some(Anywhere)),
            ("J", Some(Anywhere)),
            ("x", None),
            ("example.com", None),
            ("د", Some(Anywhere)),
            ("هـ", Some(Anywhere)),
            ("أَ.د", Some(Anywhere)),
            ("وأ.د", Some(Anywhere)),
            ("سي.إن.إن", Some(Anywhere)),
            ("يد", None),
            ("كم.أم", None),
            ("", None),
            (".", None),
        ] {
            assert_eq!(Abbreviation::of(word), expected, "{word}");
        }
    }
}
