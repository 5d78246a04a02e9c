//! The gold table: original sentences, `‖` where a cut belongs, white space around it kept.

use proptest::prelude::*;

use super::{SegmentOptions, is_visible, segments};

const CUT: char = '‖';

const ENGLISH: &[&str] = &[
    // Plain stops.
    "The rain stopped. ‖The market opened again.",
    "Who paid? ‖Nobody knows! ‖We will ask again.",
    "It was late. ‖2019 was not their year. ‖5 people left.",
    "A last line without a stop",
    "First one. ‖A last line without a stop",
    "Is it true?! ‖Yes!!! ‖Good.",
    "A space came before the stop . ‖Then another ? ‖Done !",
    "He waited . . . ‖She left.",
    "It ends here.. ‖Nobody saw it.",
    // Closing quotes and brackets.
    "“Come in.” ‖She opened the door.",
    "\"Come in.\" ‖She opened the door.",
    "He called it \"a gift.\" ‖They laughed.",
    "He said: 'Not yet.' ‖They waited.",
    "(The shop was closed.) ‖We went home.",
    "They agreed (after a long talk). ‖Work began.",
    "The vote passed [by two].‖ The hall was silent.",
    "\"I saw him (twice!).\" ‖He smiled.",
    "\"We are ready,\" she said. ‖\"We leave at noon.\"",
    "He wrote \"done\". ‖\"So soon?\" ‖\"Yes.\"",
    "She said, \"Wait.\"‖Then she ran.",
    // Attribution behind a question or an exclamation.
    "\"Really?\" he asked.",
    "\"Stop!\" cried the guard. ‖Nobody did.",
    "“Why now?” asked the minister. ‖He got no answer.",
    "\"Why now?\" President Haddad asked. ‖He got no answer.",
    "\"Who is there?\" I whispered.",
    "\"Who is there?\" ‖He opened the door.",
    "\"Is it over?\" ‖They looked at each other.",
    "He left (or did he?) Paris in May.",
    "The film Help! is older than you think.",
    // Titles.
    "Dr. Karim met Mr. and Mrs. Stone. ‖They talked.",
    "Prof. Nadia Saleh of St. Mary spoke to Gen. Adel. ‖He listened.",
    "Sen. Brown and Rep. Green met Gov. White on Monday. ‖Lt. Col. Hart came too.",
    "DR. KARIM IS IN. ‖ASK HIM.",
    "Messrs. Hill and Wood own it. ‖The Rev. Adams agrees.",
    // Abbreviations inside a sentence.
    "Bring fruit, e.g. Dates or figs. ‖We have none.",
    "The north, i.e. Mosul and its villages, was hit.",
    "It was Ahly vs. Zamalek again. ‖The city stood still.",
    "See Fig. 3 and Eq. 2 on p. 14. ‖Both are new.",
    "Ask for No. 5 in Vol. 2. ‖It is red.",
    "She said no. ‖He said no. ‖Nobody moved.",
    "Her answer was No. ‖It stayed that way.",
    "It weighs approx. 20 kg. ‖Take two.",
    "The paper by Said et al. 2020 is short. ‖Read it.",
    "Apples, pears, etc. are cheap. ‖Meat is not.",
    "Apples, pears, etc. ‖Meat is dear.",
    "apples, pears, etc. which are cheap",
    "Doors close at 5 p.m. ‖Money is not everything.",
    "It is done. ‖/usr/bin is clean. ‖%s stays.",
    "They met on Jan. 5 and Feb. 7. ‖March was calm.",
    "It opens in Sept. and closes in Dec. ‖The rest is winter.",
    // Abbreviations that may close a sentence.
    "He lives in the U.S. ‖He likes it.",
    "The U.S. Senate met. ‖The U.N. did not.",
    "She works for the U.N. ‖The office is small.",
    "He moved to Washington, D.C. ‖They stayed.",
    "Haddad Foods Inc. said sales rose. ‖Prices fell.",
    "It was sold to Haddad Foods Inc. ‖The price is secret.",
    "Noor Ltd. Chairman Sami Aziz resigned.",
    "He shops at Hill & Co. ‖She does not.",
    "Doors open at 8 a.m. and close at 5 p.m. ‖Entry is free.",
    "Doors close at 5 p.m. ‖Children pay nothing.",
    "The talk is at 7 p.m. Monday in the old hall.",
    "It starts at 9 a.m. EST on both days.",
    "She holds a Ph.D. from Cairo. ‖Her brother has a B.A. ‖They teach.",
    "Omar Hill Jr. Avenue is long. ‖They live on Wall St. ‖It is loud.",
    // Initials.
    "J. K. Rowling wrote it. ‖J.R.R. Tolkien did not.",
    "The poem is by T. S. Eliot. ‖Read it aloud.",
    "George W. Stone spoke. ‖Nobody listened to George W. ‖The hall was empty.",
    "There is no Plan B. ‖We go on.",
    "It was my friend and I. ‖We were young.",
    // Numbers, dates, times.
    "It rose 3.5 percent to $1,200.75. ‖That is a lot.",
    "The match ended 2.1 to 1.0 on 12.05.2019. ‖Nobody cheered.",
    "The bus leaves at 10.30. ‖The train leaves at 11.15.",
    "That was in 1998. ‖In 1999 they came back.",
    "Prices fell by .5 percent. ‖Rents did not.",
    // List numbers.
    "1. Wash the rice. ‖2. Boil it. ‖3. Eat.",
    "a. Open the box. ‖b. Read the note.",
    "(a) Open the box. ‖(b) Read the note.",
    "IV. The road home",
    "1.2. Scope of the law",
    "- Bread. ‖- Salt.",
    "12) Close the door. ‖13) Sleep.",
    // Addresses, names of files, versions.
    "Visit https://example.org/a.html?b=1. ‖It is new.",
    "Write to info@example.org. ‖We answer.",
    "Open notes.txt and main.rs. ‖Then run it.",
    "Version 2.1.3 is out. ‖Node.js and .NET are not affected.",
    "Go to example.com. ‖Sign in.",
    "The bus came.‖He left with System.Out in hand.",
    "Hana Aziz (b. 1970) paints. ‖Her son (d. 1999) did too.",
    "Is it at www.example.org? ‖Yes.",
    // Ellipses.
    "Well... maybe. ‖Or not.",
    "Well… maybe.",
    "I thought... ‖Nobody knows what I thought.",
    "She waited… ‖The phone rang.",
    "It was... well, odd.",
    "\"And then...\" ‖He fell asleep.",
    "The rest... ...is silence.",
    // Letters that abbreviate nothing, text without capitals.
    "Oranges are rich in vitamin C. ‖Lemons too.",
    "She is older than I. ‖Tarek is not.",
    "He won the Super-G. ‖Nobody cheered.",
    "are you home? ‖did you eat? ‖call me. ‖bye.",
    "a. open the box.",
    "\"Why me?\" ‖Sami said: \"Why not?\"",
    // Names in lower case, footnote marks, other marks.
    "They make phones. ‖iPhone sales fell.",
    "The river is long.[3] ‖It is also deep.[4][5] ‖Fish abound.",
    "It is known.² ‖It is proved.",
    "“Yes.”‖ “No.” ‖“Perhaps.”",
    "He came; she left; nobody minded.",
    "Three things: bread, salt, oil. ‖That is all.",
    "Stop. ‖– Why? ‖– Because.",
];

const ARABIC: &[&str] = &[
    // علامات الوقف
    "توقف المطر. ‖فتح السوق أبوابه من جديد.",
    "لا نوافق. ‖سنرفض العرض.",
    "من دفع الثمن؟ ‖لا أحد يعلم! ‖سنسأل مرة أخرى.",
    "هذا سطر بلا نقطة في آخره",
    "جملة أولى. ‖ثم سطر بلا نقطة",
    "أهذا صحيح؟! ‖نعم!!! ‖حسنا.",
    "أهذا صحيح!؟ ‖نعم ؟! ‖حسنا.",
    "سبقت النقطةَ مسافة . ‖ثم سبقت السؤالَ ؟ ‖انتهى !",
    "كان العام صعبا. ‖2019 أصعب منه. ‖٥ أشخاص رحلوا.",
    "وصل الوفد صباحا.\u{200F} ‖واستقبله الوزير.",
    "انتهت الجلسة۔ ‖خرج الجميع.",
    "وَصَلَ الوَفْدُ. ‖ثُمَّ غَادَرَ.",
    // الأقواس وعلامات التنصيص
    "قال: «سنعود غدا.» ‖وغادر القاعة.",
    "قال: «سنعود غدا». ‖وغادر القاعة.",
    "قال: \"سنعود غدا.\" ‖وغادر القاعة.",
    "قالت: “لم أره.” ‖ثم صمتت.",
    "(كان المتجر مغلقا.) ‖عدنا إلى البيت.",
    "اتفقوا (بعد نقاش طويل). ‖بدأ العمل.",
    "أعلن ذلك [أمس]. ‖لم يعلق أحد.",
    "قال « نعم . » ‖ثم خرج.",
    "كتب «انتهى.»‖وغادر.",
    "كتب \"انتهى\". ‖\"بهذه السرعة؟\" ‖\"نعم.\"",
    "«نحن جاهزون»، قالت المديرة. ‖«ننطلق ظهرا.»",
    // السؤال والتعجب داخل التنصيص
    "«حقا؟» سأل الرجل.",
    "«حقا؟» سأَلَت الأم. ‖لم يجب أحد.",
    "\"قف!\" صرخ الحارس. ‖لم يقف أحد.",
    "«من هناك؟» ‖فتح الباب فلم يجد أحدا.",
    "«هل انتهى الأمر؟» ‖وقال الوزير إن الجواب غدا.",
    "سؤال «إلى أين؟» الذي طرحه الكاتب ما زال قائما.",
    "«لماذا الآن؟» قائلا إن الوقت غير مناسب.",
    "غادر (أم لم يغادر؟) المدينة في الصيف.",
    "حقا؟ ‖سأل نفسه طويلا.",
    "«من أنت؟» ‖قال سامي: «صديق.»",
    "«لا...» ‖«بلى!» قال سامي.",
    "«يا له من يوم!» ‖رد قائلا: «صدقت.»",
    // الألقاب والحروف المفردة
    "وصل د. سامي ومعه م. خالد. ‖ثم بدأ اللقاء.",
    "ألقى أ. د. نبيل المحاضرة. ‖حضرها كثيرون.",
    "ألقى أ.د. نبيل المحاضرة. ‖حضرها كثيرون.",
    "التقى د. كريم ود. سلمى وأ.د. هناء. ‖تحدثوا ساعة.",
    "كتبت أ. ب. يوسف المقالة. ‖لم تنشر.",
    "د. منى طبيبة أطفال.",
    "في السمك فيتامين د. ‖في اللحم الحديد.",
    "الطريق من A إلى B. ‖تستغرق الرحلة ساعة.",
    "انظر ص. 25 من ج. 2. ‖الطبعة قديمة.",
    "الكتاب (ط. 3، بيروت) نادر. ‖اشتريته أمس.",
    "راجع مج. 4، ص. 17. ‖ستجد الشرح.",
    "توفي الشاعر (ت. 354 هـ) شابا. ‖بقي شعره.",
    "تبث سي.إن.إن. الخبر كل ساعة. ‖يتابعه كثيرون.",
    "عمل في أمازون.كوم سنة. ‖ثم تركها.",
    "أرسل الطلب إلى ص.ب. 1234 في عمان. ‖لم يصل الرد.",
    // التواريخ
    "ولد عام 1990م. ‖درس الطب.",
    "ولد عام 1990 م. ‖درس الطب.",
    "كان ذلك عام 1445هـ. ‖عاد بعده بعام.",
    "كان ذلك عام ١٤٤٥ هـ. ‖عاد بعده بعام.",
    "بني المعبد عام 500 ق.م. في جنوب البلاد. ‖ما زال قائما.",
    "بني المعبد عام 500 ق.م. ‖وقد رمم مرتين.",
    "يعود النقش إلى القرن الخامس ق.م. تقريبا.",
    "اشترى خبزا وزيتا إلخ. ‖لم يشتر لحما.",
    // الأعداد
    "ارتفع 3.5 بالمئة إلى 1200.75 دينار. ‖هذا كثير.",
    "ارتفع ٣٫٥ بالمئة. ‖وانخفض ٢.١ بعدها.",
    "انتهت المباراة في 12.05.2019. ‖لم يفرح أحد.",
    "تنطلق الحافلة الساعة 10.30. ‖القطار بعدها بساعة.",
    "بلغ العدد ٥٠٠. ‖لم يكن متوقعا.",
    // القوائم
    "1. اغسل الأرز. ‖2. اسلقه. ‖3. كله.",
    "١. اغسل الأرز. ‖٢. اسلقه.",
    "أ. افتح العلبة. ‖ب. اقرأ الورقة.",
    "(أ) افتح العلبة. ‖(ب) اقرأ الورقة.",
    "- خبز. ‖- ملح.",
    "أولا: نطاق القانون",
    // العناوين وأسماء الملفات
    "زوروا https://example.org/ar?q=1. ‖الموقع جديد.",
    "راسلونا على info@example.org. ‖نجيب الجميع.",
    "افتح notes.txt ثم main.rs. ‖شغله بعدها.",
    "الإصدار 2.1.3 متاح. ‖جربوه.",
    "ادخل إلى git. ‖npm ليس لازما.",
    "استخدم أداة Node.js. ‖الشرح أدناه.",
    // نقاط الحذف
    "انتظر… ثم خرج.",
    "انتظر... ثم خرج. ‖لم يعد.",
    "كاد يقول شيئا… لكنه صمت.",
    "حسنا… وماذا بعد؟",
    "هل تعرف... الطريق؟",
    "\"لا أدري...\" تنهد سامي.",
    "«كنت أظن...» ‖نام قبل أن يكمل.",
    // مسافة ناقصة
    "قال نعم.‖ثم خرج.",
    "هل جاء؟‖لم يأت بعد.",
    "انتهى الأمر!‖عادوا إلى البيت.",
    "كتب على موقع بي.بي.سي خبرا.",
    // الفاصلة المنقوطة والنقطتان
    "تأخر؛ فالطريق مزدحم. ‖وصل ليلا.",
    "ثلاثة أشياء: خبز وملح وزيت. ‖هذا كل شيء.",
    "سأل: أين؟، ثم سكت.",
    "قال (نعم!)، ثم سكت. ‖لم يزد.",
    // نص مختلط
    "زار د. سامي شركة Noor Inc. ‖وقد أعجبته.",
    "يعمل في U.S. Steel منذ عام. ‖هو راض.",
    "تنتج الشركة iPhone. ‖الهاتف غال.",
    "قال Smith: \"Yes.\" ‖ثم خرج.",
];

fn cut(text: &str) -> Vec<&str> {
    segments(text, &SegmentOptions::default())
        .into_iter()
        .map(|range| &text[range])
        .collect()
}

#[test]
fn the_gold_table_holds() {
    let mut wrong = Vec::new();
    for case in ENGLISH.iter().chain(ARABIC) {
        let text = case.replace(CUT, "");
        let expected: Vec<&str> = case.split(CUT).map(str::trim).collect();
        if cut(&text) != expected {
            wrong.push(format!(
                "expected {expected:#?}\n     got {:#?}",
                cut(&text)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn segments_of_the_gold_table_stay_whole() {
    for case in ENGLISH.iter().chain(ARABIC) {
        let text = case.replace(CUT, "");
        for segment in cut(&text) {
            assert_eq!(cut(segment), [segment]);
        }
    }
}

#[test]
fn headings_and_lines_are_segments() {
    let text =
        "عنوان الخبر\n\nتوقف المطر. فتح السوق.\nسطر ثان بلا نقطة\r\n\r\nA heading\nOne. Two.\n";
    assert_eq!(
        cut(text),
        [
            "عنوان الخبر",
            "توقف المطر.",
            "فتح السوق.",
            "سطر ثان بلا نقطة",
            "A heading",
            "One.",
            "Two."
        ]
    );
}

#[test]
fn long_runs_of_anything_come_to_an_end() {
    // A pass that is quadratic in any of them takes minutes.
    let pieces = [
        ".",
        "د. ",
        "\"",
        "«",
        ". \"",
        ".(",
        ". (",
        " .",
        "?\" ",
        "...x",
        "؟»",
        ". \u{200F}",
        "[1]",
        ".\n",
        "ا.",
        "!)",
        ". a",
        "! a",
        "a. ",
        "?\" A b ",
        "?\" قال ",
    ];
    for piece in pieces {
        let text = piece.repeat((1 << 17) / piece.len());
        assert!(cut(&text).len() <= text.len(), "{piece:?}");
    }
}

fn running_text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "The",
        "he",
        "U.S.",
        "Dr.",
        "3.5",
        "د.",
        "ثم",
        "قال",
        "نعم",
        "هـ",
        "«",
        "»",
        "\"",
        "'",
        "(",
        ")",
        "[1]",
        ".",
        "...",
        "…",
        "!",
        "?",
        "؟",
        "؛",
        ",",
        "،",
        " ",
        " ",
        "  ",
        "\n",
        "\n\n",
        "\r\n",
        "\u{200F}",
        "\u{FEFF}",
        "\u{A0}",
        "😀",
        "-",
        "1.",
        "http://a.b/c?d",
        "e.g.",
    ]);
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn segments_and_separators_give_the_text_back(
        text in prop_oneof![running_text(), "\\PC{0,80}", any::<String>()],
        semicolon_ends in any::<bool>(),
    ) {
        let options = SegmentOptions { semicolon_ends, ..SegmentOptions::default() };
        let mut end = 0;
        for range in segments(&text, &options) {
            prop_assert!(end <= range.start && range.start < range.end && range.end <= text.len());
            prop_assert!(!is_visible(&text[end..range.start]), "{:?}", &text[end..range.start]);
            let segment = &text[range.clone()];
            prop_assert_eq!(segment, segment.trim());
            prop_assert!(is_visible(segment));
            end = range.end;
        }
        prop_assert!(!is_visible(&text[end..]));
    }
}
