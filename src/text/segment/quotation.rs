//! What follows a quotation: whether it tells who spoke or begins a sentence of its own.

use super::abbreviation::{holds, same_letters};
use super::neighbour::{Next, is_word_char};

/// How many words behind a quotation are looked at for a verb of saying and a colon.
const ATTRIBUTION_WORDS: usize = 6;

/// Relative pronouns and adverbs of saying: no Arabic sentence begins with one.
pub(super) fn is_relative(word: &str) -> bool {
    const WORDS: &str = "
        الذي التي اللذان اللذين الذين اللواتي قائلا قائلة قائلين مضيفا مضيفة متسائلا متسائلة موضحا موضحة مؤكدا
        مؤكدة مشيرا مشيرة حسبما
    ";
    holds(WORDS, |known| same_letters(known, word))
}

/// Whether what follows a quotation tells who said it or goes on with the sentence. A verb of saying with a colon behind
/// it announces the next quotation instead.
pub(super) fn goes_on(next: &Next<'_>) -> bool {
    if next.is_quoted {
        return false;
    }
    if next.is_arabic() {
        if is_relative(next.word) || ["أو", "أم"].contains(&next.word) {
            return true;
        }
        return holds(ARABIC_SAYING, |verb| same_letters(verb, next.word))
            && !announces_quote(next.rest);
    }
    // A name or «I», then a verb of saying: `"Why?" President Smith asked.`
    let pronoun = ["He", "She", "They", "We", "It", "You"].contains(&next.word);
    !pronoun
        && next
            .rest
            .split_whitespace()
            .take(ATTRIBUTION_WORDS)
            .find(|word| word.starts_with(char::is_lowercase))
            .map(|word| word.trim_end_matches(['.', ',', ':']))
            .is_some_and(|word| holds(ENGLISH_SAYING, |verb| verb == word))
        && !announces_quote(next.rest)
}

/// Whether one of the first words of `text` ends with a colon, none before it with another mark.
fn announces_quote(text: &str) -> bool {
    text.split_whitespace()
        .take(ATTRIBUTION_WORDS)
        .find(|word| word.ends_with(|c: char| !c.is_alphanumeric() && !is_word_char(c)))
        .is_some_and(|word| word.ends_with(':'))
}

/// Without «و» before them: with it they begin a sentence.
const ARABIC_SAYING: &str = "
    قال قالت قلت قالوا قالا يقول تقول سأل سألت سألته سألها سألني تساءل تساءلت أجاب أجابت أجبت رد ردت صاح صاحت
    صرخ صرخت هتف هتفت همس همست أضاف أضافت تابع تابعت علق علقت كتب كتبت صرح صرحت تنهد تنهدت فكر فكرت أوضح
    أوضحت استفسر استفسرت
";

const ENGLISH_SAYING: &str = "
    said says asked asks replied answered added cried shouted yelled wrote tweeted exclaimed whispered
    wondered told called screamed reported insisted stated sighed thought demanded joked begged muttered
    remarked explained continued responded recalled declared
";
