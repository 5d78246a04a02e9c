//! Names that are told by being known: countries, large cities, given names.
//!
//! Arabic writes names as it writes other words, and English begins a sentence with a capital whatever the word is. The
//! lists hold what both sides must have for a difference to be seen; a word that is as often something else (`Will`,
//! `كريم`) is not in them. The forms are folded ([`crate::text::fold`]) and in the order of their bytes.
//!
//! Worked example: `وبالقاهرة` is the name `القاهره`, `وللكويت` the name `الكويت`.

/// The name that a folded Arabic word is, without the conjunction and the preposition written on to it.
pub(super) fn arabic(word: &str) -> Option<&'static str> {
    if !may_end_a_name(word.as_bytes()) {
        return None;
    }
    let linked = word.strip_prefix(['و', 'ف']);
    let known = |word: &str| listed(&ARABIC, word);
    known(word)
        .or_else(|| known(linked?))
        .or_else(|| behind_preposition(word))
        .or_else(|| behind_preposition(linked?))
}

/// How many bytes at the end of a name are looked at first: three letters, which nothing is written on to.
const END: usize = 6;

/// The bits of the ends that Arabic names have.
const ENDS: [u64; 64] = ends();

/// Whether a word's end is that of a name, or by chance has its bit; most words are told by it.
fn may_end_a_name(word: &[u8]) -> bool {
    word.len() >= END && {
        let bit = end_bit(word);
        ENDS[bit / 64] >> (bit % 64) & 1 == 1
    }
}

/// Which of the 4096 bits belongs to the end of a word of [`END`] bytes or more.
const fn end_bit(word: &[u8]) -> usize {
    let mut end = 0_u64;
    let mut i = word.len() - END;
    while i < word.len() {
        end = end << 8 | word[i] as u64;
        i += 1;
    }
    (end.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 52) as usize
}

const fn ends() -> [u64; 64] {
    let mut bits = [0; 64];
    let mut i = 0;
    while i < ARABIC.len() {
        let bit = end_bit(ARABIC[i].as_bytes());
        bits[bit / 64] |= 1 << (bit % 64);
        i += 1;
    }
    bits
}

/// The name that a folded English word is, where it has a capital.
pub(super) fn english(word: &str) -> Option<&'static str> {
    listed(&ENGLISH, word)
}

fn behind_preposition(word: &str) -> Option<&'static str> {
    if let Some(bare) = word.strip_prefix("لل") {
        // The article loses its alef behind `ل`.
        let has_article = |name: &&&str| name.strip_prefix("ال") == Some(bare);
        return ARABIC.iter().find(has_article).copied();
    }
    listed(&ARABIC, word.strip_prefix(['ب', 'ل', 'ك'])?)
}

fn listed(list: &[&'static str], word: &str) -> Option<&'static str> {
    let at = list.binary_search(&word).ok()?;
    Some(list[at])
}

#[rustfmt::skip]
const ARABIC: [&str; 233] = [
    "ابراهيم", "ابوظبي", "اثينا", "اثيوبيا", "احمد", "ادم", "اذربيجان", "اربيل",
    "ارمينيا", "اريتريا", "اسبانيا", "استراليا", "اسحاق", "اسراييل", "اسطنبول", "اسماعيل",
    "اسوان", "اسيا", "افريقيا", "افغانستان", "الارجنتين", "الاردن", "الاسكندريه", "الاقصر",
    "البحرين", "البرازيل", "البرتغال", "البصره", "البوسنه", "الجزاير", "الجيزه", "الخرطوم",
    "الخليل", "الدمام", "الدنمارك", "الدوحه", "الرباط", "الرياض", "السعوديه", "السنغال",
    "السودان", "السويد", "الشارقه", "الصومال", "الصين", "العراق", "الفلبين", "القاهره",
    "القدس", "الكاميرون", "الكونغو", "الكويت", "المانيا", "المجر", "المغرب", "المكسيك",
    "المنامه", "الموصل", "النرويج", "النمسا", "النيجر", "الهند", "اليابان", "اليمن",
    "اليونان", "امريكا", "امستردام", "انجلترا", "اندونيسيا", "انغولا", "انقره", "اوروبا",
    "اوزبكستان", "اوسلو", "اوغندا", "اوكرانيا", "ايران", "ايرلندا", "ايطاليا", "ايوب",
    "باريس", "باكستان", "بثينه", "برلين", "بروكسل", "بريطانيا", "بغداد", "بكين",
    "بلال", "بلجيكا", "بلغاريا", "بنغازي", "بنغلاديش", "بودابست", "بوسطن", "بولندا",
    "بيرو", "بيروت", "تايلاند", "تركيا", "تشاد", "تشيلي", "تعز", "تنزانيا",
    "تونس", "جعفر", "جنيف", "جورجيا", "جيبوتي", "حسين", "حلب", "حمزه",
    "حيفا", "خالد", "خديجه", "داود", "دبي", "دلهي", "دمشق", "دينا",
    "رانيا", "رقيه", "رواندا", "روسيا", "روما", "رومانيا", "زامبيا", "زكريا",
    "زيمبابوي", "زينب", "ستوكهولم", "سريلانكا", "سعاد", "سليمان", "سمير", "سنغافوره",
    "سوريا", "سويسرا", "سيول", "شنغهاي", "شيكاغو", "صربيا", "صفاقس", "صفيه",
    "صنعاء", "صيدا", "طارق", "طرابلس", "طنجه", "طهران", "طوكيو", "عايشه",
    "عباس", "عثمان", "عدن", "عدنان", "عمان", "عمرو", "عيسي", "غانا",
    "غزه", "غسان", "فاطمه", "فرنسا", "فلسطين", "فنزويلا", "فنلندا", "فيتنام",
    "فيصل", "فيينا", "قبرص", "قسنطينه", "قطر", "كابول", "كازاخستان", "كراتشي",
    "كرواتيا", "كندا", "كوبا", "كوبنهاغن", "كوريا", "كولومبيا", "كينيا", "كييف",
    "لاغوس", "لبنان", "لشبونه", "لندن", "ليبيا", "لينا", "مازن", "مالطا",
    "ماليزيا", "محمد", "محمود", "مدريد", "مدغشقر", "مراكش", "مروان", "مريم",
    "مسقط", "مصر", "مصطفي", "مقديشو", "مكه", "منال", "موريتانيا", "موزمبيق",
    "موسكو", "موسي", "مومباي", "نابلس", "ناديه", "نواكشوط", "نوال", "نيبال",
    "نيجيريا", "نيروبي", "نيوزيلندا", "نيويورك", "هارون", "هشام", "هند", "هولندا",
    "وارسو", "واشنطن", "وايل", "وهران", "ياسر", "يافا", "يعقوب", "يوسف",
    "يونس",
];

#[rustfmt::skip]
const ENGLISH: [&str; 244] = [
    "aden", "afghanistan", "africa", "ahmad", "ahmed", "aisha", "albania", "aleppo",
    "alexandria", "algeria", "algiers", "ali", "alice", "america", "amina", "amman",
    "amsterdam", "andrew", "angola", "ankara", "anna", "argentina", "armenia", "asia",
    "athens", "australia", "austria", "azerbaijan", "baghdad", "bahrain", "bangladesh", "basra",
    "beijing", "beirut", "belgium", "benghazi", "berlin", "bosnia", "boston", "brazil",
    "brian", "britain", "brussels", "budapest", "bulgaria", "cairo", "cameroon", "canada",
    "casablanca", "charles", "chicago", "chile", "china", "colombia", "congo", "copenhagen",
    "croatia", "cuba", "cyprus", "damascus", "daniel", "david", "delhi", "denmark",
    "djibouti", "doha", "dubai", "edward", "egypt", "elizabeth", "emma", "england",
    "eritrea", "ethiopia", "europe", "fatima", "finland", "france", "gaza", "geneva",
    "george", "georgia", "germany", "ghana", "greece", "hassan", "helen", "henry",
    "huda", "hungary", "hussein", "ibrahim", "iceland", "india", "indonesia", "iran",
    "iraq", "ireland", "islamabad", "israel", "istanbul", "italy", "james", "jane",
    "japan", "jeddah", "jerusalem", "john", "jordan", "joseph", "julia", "kabul",
    "karachi", "karen", "karim", "kazakhstan", "kenya", "kevin", "khalid", "khartoum",
    "korea", "kuwait", "kyiv", "lagos", "laura", "layla", "lebanon", "libya",
    "linda", "lisbon", "london", "lucy", "madagascar", "madrid", "malaysia", "mali",
    "malta", "manama", "margaret", "maria", "mariam", "marrakesh", "martin", "mary",
    "maryam", "matthew", "mauritania", "mecca", "medina", "mexico", "michael", "mogadishu",
    "mohamed", "mohammed", "morocco", "moscow", "mosul", "mozambique", "muhammad", "mumbai",
    "muscat", "nadia", "nairobi", "nancy", "nepal", "netherlands", "niger", "nigeria",
    "norway", "nouakchott", "oman", "omar", "oslo", "ottawa", "pakistan", "palestine",
    "paris", "patrick", "paul", "peru", "peter", "philip", "philippines", "poland",
    "portugal", "prague", "qatar", "rabat", "ramallah", "richard", "riyadh", "robert",
    "romania", "rome", "russia", "rwanda", "salma", "samir", "sanaa", "sarah",
    "scotland", "senegal", "seoul", "serbia", "shanghai", "simon", "singapore", "somalia",
    "spain", "stephen", "steven", "stockholm", "sudan", "susan", "sweden", "switzerland",
    "syria", "tanzania", "tariq", "tehran", "thailand", "thomas", "tokyo", "toronto",
    "tripoli", "tunis", "tunisia", "turkey", "uganda", "ukraine", "uzbekistan", "venezuela",
    "vienna", "vietnam", "wales", "warsaw", "washington", "william", "yemen", "youssef",
    "yusuf", "zainab", "zambia", "zimbabwe",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold::fold;

    #[test]
    fn the_worked_example() {
        assert_eq!(arabic("وبالقاهره"), Some("القاهره"));
        assert_eq!(arabic("وللكويت"), Some("الكويت"));
        assert_eq!(arabic("وهران"), Some("وهران"));
        assert_eq!(
            (arabic("مدرسه"), arabic("من"), arabic("")),
            (None, None, None)
        );
        assert_eq!(
            (english("jordan"), english("bread")),
            (Some("jordan"), None)
        );
    }

    #[test]
    fn every_name_is_found() {
        assert!(ARABIC.iter().all(|name| arabic(name) == Some(*name)));
        assert!(ENGLISH.iter().all(|name| english(name) == Some(*name)));
    }

    #[test]
    fn the_lists_are_folded_and_in_order() {
        for list in [&ARABIC[..], &ENGLISH[..]] {
            assert!(list.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(list.iter().all(|name| fold(name) == *name));
        }
    }
}
