//! PO and POT: gettext's files of messages, as files to be filled.
//!
//! bytes ──`header`──▶ text ──`parse`──▶ entries ──[`open`]──▶ slots.
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
//! **Not kept.** `domain` lines are left as they are, and all entries taken as of one domain.
//!
//! Cost: linear; the file is held.

mod fill;
mod header;
mod parse;
mod placeholders;
mod quote;

pub use fill::open;
