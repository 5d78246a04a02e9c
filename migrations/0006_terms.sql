-- Glossaries: concepts with their terms in any language.
--
-- Costs nothing where there are none. An entry of two terms takes about 500 bytes, a third of it the keys.

create table term_entry (
    id         integer primary key autoincrement,
    session    integer not null references session (id),
    removed_by integer references session (id),  -- null while the entry stands
    body_hash  integer not null,   -- not unique, so that a collision is no loss
    body       text    not null    -- the entry as JSON: {"id","facts":[...],"languages":[{"tag","facts","terms":[...]}]}
) strict;

-- Import: is this entry there already?
create index term_entry_by_body on term_entry (body_hash);

-- Lookup: which terms may be in a segment? A hash of a language and of the trunks of a term's first word, or of its first
-- two words.
create table term_key (
    key   integer not null,
    entry integer not null references term_entry (id) on delete cascade,
    primary key (key, entry)
) strict, without rowid;

-- Undo: the keys of an entry.
create index term_key_by_entry on term_key (entry);

-- Version of the keys; another one means that they are made anew.
alter table memory add column term_key_version integer not null default 0;
