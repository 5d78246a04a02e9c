use std::ops::Range;

use proptest::prelude::*;

use super::eval::Quality;
use super::*;

fn aligned(ar: &[&str], en: &[&str]) -> Alignment {
    let bitext = Bitext {
        segments: Sides { ar, en },
        paragraphs: None,
    };
    align(&bitext, Lexicon::seed(), &AlignOptions::default())
}

fn ranges(alignment: &Alignment) -> Vec<Sides<Range<usize>>> {
    alignment.beads.iter().map(|b| b.range.clone()).collect()
}

fn filled(alignment: &Alignment) -> Vec<Sides<Range<usize>>> {
    ranges(alignment)
        .into_iter()
        .filter(|r| !r.ar.is_empty() && !r.en.is_empty())
        .collect()
}

fn assert_covers(alignment: &Alignment, n: usize, m: usize) {
    let (mut i, mut j) = (0, 0);
    for range in ranges(alignment) {
        assert_eq!((range.ar.start, range.en.start), (i, j));
        assert!(!range.ar.is_empty() || !range.en.is_empty());
        (i, j) = (range.ar.end, range.en.end);
    }
    assert_eq!((i, j), (n, m));
}

/// A report with a heading, merged and split sentences, and text that one side lacks, with its gold beads.
const ARABIC: [&str; 20] = [
    "ميناء جديد يفتح أبوابه أمام السفن",
    "افتتح رئيس الوزراء يوم الأحد ميناء جديدا في شمال البلاد بكلفة بلغت ٣٥٠ مليون دولار.",
    "وحضر الاحتفال سفراء عشر دول.",
    "وكان العمل في الميناء قد بدأ عام ٢٠١٧، ثم توقف سنتين بسبب خلاف مع الشركة المنفذة.",
    "وقال مدير الميناء سمير حداد إن الأرصفة الجديدة تستقبل السفن الكبيرة، وإن عدد العمال سيصل إلى ألفي عامل قبل نهاية العام.",
    "وأضاف أن التدريب بدأ بالفعل.",
    "«هذا أكبر مشروع في تاريخ المدينة»",
    "كما قال حداد للصحفيين.",
    "ويأمل التجار أن تنخفض أسعار النقل.",
    "لكن الصيادين يشتكون من أن السفن أبعدت الأسماك عن الشاطئ.",
    "«من سيدفع لنا ثمن شباكنا؟» سأل أحدهم.",
    "وقد قدم الصيادون شكوى إلى المحكمة في شهر مارس.",
    "ورفضت وزارة البيئة التعليق على الشكوى.",
    "وتقول دراسة أعدتها جامعة بوسطن إن درجة حرارة المياه ارتفعت بنسبة 2.5 في المئة.",
    "ولم تنشر الدراسة كاملة بعد.",
    "ومن المقرر أن يزور وفد من شركة Maersk الميناء الأسبوع المقبل.",
    "وسيبحث الوفد خط نقل جديدا إلى روتردام.",
    "وتخطط الحكومة لبناء سكة حديد تربط الميناء بالعاصمة. ويبلغ طول الخط ١٢٠ كيلومترا.",
    "ولا يزال التمويل غير مؤكد.",
    "وسيصوت البرلمان على الميزانية في ١٥ يونيو.",
];

const ENGLISH: [&str; 20] = [
    "New port opens its doors to ships",
    "The prime minister on Sunday opened a new port in the north of the country, built at a cost of $350 million.",
    "Ambassadors of ten states attended the ceremony.",
    "Work on the port began in 2017.",
    "It then stopped for two years because of a dispute with the contractor.",
    "The port's director, Samir Haddad, said the new quays can receive large vessels.",
    "The number of workers will reach two thousand before the end of the year, he said, and training has already begun.",
    "\u{201C}This is the largest project in the history of the city,\u{201D} Haddad told journalists.",
    "Hotels near the harbour are fully booked.",
    "Merchants hope that transport prices will fall.",
    "But fishermen complain that the ships have driven the fish away from the shore.",
    "\u{201C}Who will pay for our nets?\u{201D} one of them asked.",
    "The fishermen filed a complaint with the court in March.",
    "A study by Boston University says that the temperature of the water has risen by 2.5 percent.",
    "The full study has not been published yet.",
    "A delegation from Maersk is due to visit the port next week. It will discuss a new shipping line to Rotterdam.",
    "The government plans to build a railway linking the port to the capital.",
    "The line is 120 kilometres long.",
    "Funding is still uncertain.",
    "Parliament will vote on the budget on June 15.",
];

fn gold() -> Vec<Sides<Range<usize>>> {
    [
        (0..1, 0..1),
        (1..2, 1..2),
        (2..3, 2..3),
        (3..4, 3..5),
        (4..6, 5..7),
        (6..8, 7..8),
        (8..8, 8..9),
        (8..9, 9..10),
        (9..10, 10..11),
        (10..11, 11..12),
        (11..12, 12..13),
        (12..13, 13..13),
        (13..14, 13..14),
        (14..15, 14..15),
        (15..17, 15..16),
        (17..18, 16..18),
        (18..19, 18..19),
        (19..20, 19..20),
    ]
    .map(|(ar, en)| Sides { ar, en })
    .to_vec()
}

#[test]
fn a_news_report_is_aligned() {
    let alignment = aligned(&ARABIC, &ENGLISH);
    assert_covers(&alignment, ARABIC.len(), ENGLISH.len());
    let quality = Quality::of(&ranges(&alignment), &gold());
    assert!(quality.strict_f1() >= 0.94, "{alignment:#?}");
    let sure = alignment
        .beads
        .iter()
        .filter(|bead| bead.confidence.probability() >= 0.9);
    for bead in sure {
        assert!(gold().contains(&bead.range), "{bead:?}");
    }
}

#[test]
fn missing_text_in_a_run_becomes_gaps() {
    let english = [&ENGLISH[..2], &ENGLISH[9..]].concat();
    let alignment = aligned(&ARABIC, &english);
    let gaps = alignment.beads.iter().filter(|b| b.range.en.is_empty());
    let missing: Vec<usize> = gaps.map(|b| b.range.ar.start).collect();
    assert_eq!(missing, [2, 3, 4, 5, 6, 7, 12]);
}

/// Text that has nothing to do with the report, nor the sides with each other.
const UNRELATED: Sides<[&str; 4]> = Sides {
    ar: [
        "تحتاج النباتات إلى الضوء.",
        "القطط تنام كثيرا في النهار.",
        "كان جدي يصنع الخبز كل صباح.",
        "الرياضيات لغة دقيقة.",
    ],
    en: [
        "Chess is an old game.",
        "Add salt and stir well.",
        "Bicycles need air in their tyres.",
        "Nobody knew the song.",
    ],
};

#[test]
fn an_empty_side_leaves_gaps_and_two_leave_nothing() {
    assert_eq!(aligned(&[], &[]), Alignment::default());
    for (ar, en) in [(&ARABIC[..3], &[][..]), (&[][..], &ENGLISH[..3])] {
        let alignment = aligned(ar, en);
        assert_covers(&alignment, ar.len(), en.len());
        assert_eq!(alignment.beads.len(), 3);
        assert!(
            alignment
                .beads
                .iter()
                .all(|b| b.confidence.thousandths() == 1000)
        );
    }
}

#[test]
fn one_long_segment_may_hold_many() {
    let arabic = ARABIC[13..].join(" ");
    let alignment = aligned(&[&arabic], &ENGLISH[13..]);
    assert_eq!(filled(&alignment), [Sides { ar: 0..1, en: 0..7 }]);
}

#[test]
fn equal_segments_are_paired_in_order() {
    let alignment = aligned(&["نعم."; 9], &["Yes."; 9]);
    let expected: Vec<_> = (0..9)
        .map(|i| Sides {
            ar: i..i + 1,
            en: i..i + 1,
        })
        .collect();
    assert_eq!(ranges(&alignment), expected);
}

#[test]
fn segments_without_letters_are_segments() {
    let marks = ["***", "", "12", "?", "* * *"];
    let alignment = aligned(&marks, &marks);
    assert_covers(&alignment, 5, 5);
}

#[test]
fn odd_sizes_come_to_an_end() {
    let long = "قرطبة".repeat(20_000);
    assert_covers(&aligned(&[&long, ""], &["Cordoba", &long, "x"]), 2, 3);
    assert_covers(&aligned(&["سطر"], &["line"; 7_000]), 1, 7_000);
    assert_covers(&aligned(&["سطر"; 7_000], &[]), 7_000, 0);
    assert_covers(&aligned(&["سطر"; 900], &["line"; 700]), 900, 700);
}

#[test]
fn paragraphs_help_but_do_not_decide() {
    let run = |paragraphs: Option<Sides<&[u32]>>| {
        let bitext = Bitext {
            segments: Sides {
                ar: &ARABIC,
                en: &ENGLISH,
            },
            paragraphs,
        };
        align(&bitext, Lexicon::seed(), &AlignOptions::default())
    };
    let wrong: Vec<u32> = (0..20).map(|i| i / 3).collect();
    let other: Vec<u32> = (0..20).map(|i| (i + 1) / 4).collect();
    let misled = run(Some(Sides {
        ar: &wrong,
        en: &other,
    }));
    assert!(Quality::of(&ranges(&misled), &gold()).strict_f1() >= 0.85);
    let too_few = run(Some(Sides { ar: &[0], en: &[0] }));
    assert_eq!(too_few, run(None));
}

/// Segments of numbers, each with its own, so that neither side has a language.
fn numbered(count: usize) -> Vec<String> {
    (0..count)
        .map(|i| {
            let words = 2 + (i * 7) % 5;
            let numbers = (0..words).map(|k| (1000 + i * 10 + k).to_string());
            numbers.collect::<Vec<_>>().join(" ")
        })
        .collect()
}

#[test]
fn a_book_is_aligned_in_pieces() {
    let all = numbered(3600);
    let mut en: Vec<&str> = all.iter().map(String::as_str).collect();
    let ar = en.clone();
    en.drain(1000..1100);
    let alignment = aligned(&ar, &en);
    assert_covers(&alignment, 3600, 3500);
    let right = |r: &Sides<Range<usize>>| r.ar.len() == 1 && ar[r.ar.start] == en[r.en.start];
    let right = filled(&alignment).iter().filter(|r| right(r)).count();
    assert!(right > 3490, "{right}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn beads_cover_both_sides_once_in_order(
        ar in proptest::collection::vec("[ ابتثنمي٠-٩،؟.]{0,30}|\\PC{0,20}", 0..14),
        en in proptest::collection::vec("[ a-eA-E0-9,?.]{0,30}|\\PC{0,20}", 0..14),
    ) {
        let ar: Vec<&str> = ar.iter().map(String::as_str).collect();
        let en: Vec<&str> = en.iter().map(String::as_str).collect();
        assert_covers(&aligned(&ar, &en), ar.len(), en.len());
    }

    #[test]
    fn unrelated_text_behind_leaves_the_beads_alone(ar in 0_usize..5, en in 0_usize..5, last in 12_usize..20) {
        let gold = gold();
        let end = &gold[..last - 2].last().unwrap();
        let (before_ar, before_en) = (&ARABIC[..end.ar.end], &ENGLISH[..end.en.end]);
        let alone = ranges(&aligned(before_ar, before_en));
        let arabic = [before_ar, &UNRELATED.ar[..ar]].concat();
        let english = [before_en, &UNRELATED.en[..en]].concat();
        let longer = ranges(&aligned(&arabic, &english));
        // The last bead may take something of what is behind it.
        let kept = alone.iter().filter(|range| longer.contains(range)).count();
        prop_assert!(kept + 1 >= alone.len(), "{longer:?}");
    }

    #[test]
    fn swapping_sides_without_a_language_mirrors_the_beads(
        shapes in proptest::collection::vec(0_usize..6, 1..16),
    ) {
        let all = numbered(3 * shapes.len());
        let (mut left, mut right): (Vec<String>, Vec<String>) = Default::default();
        for (k, shape) in shapes.into_iter().enumerate() {
            let parts = &all[3 * k..3 * k + 3];
            match shape {
                0 | 1 => {
                    left.push(parts[0].clone());
                    right.push(parts[0].clone());
                }
                2 => {
                    left.push(parts.join(" "));
                    right.extend_from_slice(parts);
                }
                3 => {
                    left.extend_from_slice(&parts[..2]);
                    right.push(parts[..2].join(" "));
                }
                4 => left.push(parts[0].clone()),
                _ => right.push(parts[0].clone()),
            }
        }
        let left: Vec<&str> = left.iter().map(String::as_str).collect();
        let right: Vec<&str> = right.iter().map(String::as_str).collect();
        let options = AlignOptions {
            model: Model { length_mean: 0.0, ..Model::default() },
        };
        let run = |ar, en| {
            let bitext = Bitext { segments: Sides { ar, en }, paragraphs: None };
            filled(&align(&bitext, &Lexicon::default(), &options))
        };
        let mirrored: Vec<_> = run(&right, &left)
            .into_iter()
            .map(|r| Sides { ar: r.en, en: r.ar })
            .collect();
        prop_assert_eq!(run(&left, &right), mirrored);
    }
}
