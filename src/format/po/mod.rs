//! PO and POT: gettext's files of messages, as files to be filled, as a source of units, and as a compendium.
//!
//! bytes ──`header`──▶ text ──`parse`──▶ entries ──[`open`]──▶ slots, or ──[`read`]──▶ units. Units ──[`PoWriter`]──▶ bytes.
//!
//! **Encodings.** The header's `charset`, or a byte order mark; UTF-8 where neither is there. A file is written in the
//! encoding that it has, and a translation with a character that it can't hold is left out and reported.
//!
//! **Filling.** An entry is a slot, or as many as it has plural forms; the header and obsolete entries are none. What is
//! not confirmed is `#, fuzzy`, with its previous source in `#|`; a translation that gettext would refuse is mended where
//! that is plain (line ends at its edges as in `msgid`), else it is fuzzy: other placeholders than those of a `*-format`
//! entry, or an entry that has not all of its forms. Of three and more forms those but the one for one thing are never
//! confirmed, since a memory does not know for which numbers its plural is. Strings are wrapped as gettext does it. Where
//! anything is filled, a template's header gets its encoding, language and plural forms.
//!
//! **Units.** A message is a unit, or as many as it has plural forms; what becomes of its parts the table of [`read`]'s
//! module says. The target's language is the header's `Language`, the source's `X-Source-Language`;
//! where they are not named the scripts tell. A file from or into any
//! other language has all of its messages rejected, as is what isn't translated. Messages that are commented out are units
//! too, unless the caller doesn't want them. Bytes that are no text cost their message alone.
//!
//! **Compendium.** A message for each English segment and context; what is written twice or in several ways is one message
//! with its alternatives in comments. `msgfmt --check` finds nothing to say against it.
//!
//! **Not kept.** `domain` lines are left as they are, and all entries taken as of one domain. A unit has neither previous
//! sources (`#|`), nor references but for the first, nor the header's names and dates; a compendium has no inline codes,
//! authors, dates, confidences, nor properties other than those of a message.
//!
//! Cost: linear; the file is held.

mod fill;
mod header;
mod parse;
mod placeholders;
mod quote;
mod units;
mod write;

pub use fill::open;
pub use units::{UNIT_LIMIT, read};
pub use write::PoWriter;

/// Whether a file that begins with these bytes is one of messages.
pub(super) fn is_begun_by(head: &[u8]) -> bool {
    let mut lines = head.split(|b| *b == b'\n');
    lines.any(|line| line.starts_with(b"msgid \"") || line.starts_with(b"msgctxt \""))
}
