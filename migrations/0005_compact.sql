-- Half of the file: segments packed, one index less.
--
-- Measured on 490 754 real units of 176 bytes of text with 648 288 occurrences: a `unit` takes 107 bytes instead of 209,
-- with its index 121 instead of 228; an `occurrence` 44 instead of 60. `packed` and `pair_hash` are functions of
-- src/store/packing; whatever changes them is a migration as well.

create table new_unit (
    -- Never used again: runs of the index go on naming units that are gone until they are merged.
    id        integer primary key autoincrement,
    pair_hash integer not null,    -- of both segments and the codes, 32 bits; not unique, so that a collision is no loss
    ar        blob    not null,    -- packed
    en        blob    not null,
    codes     text                 -- as before
) strict;

-- The numbers go on where they were, even if no unit is left.
insert into sqlite_sequence (name, seq) select 'new_unit', seq from sqlite_sequence where name = 'unit';
insert into new_unit (id, pair_hash, ar, en, codes)
    select id, pair_hash(packed('ar', ar), packed('en', en), codes), packed('ar', ar), packed('en', en), codes
    from unit order by id;

-- An occurrence's number says of which unit it is, 2^24 a unit, so that those of a unit stand together and need no index.
-- A number is not used again while an undo refers to it.
create table new_occurrence (
    id         integer primary key,
    unit       integer not null generated always as (id >> 24) virtual,
    session    integer not null references session (id),
    document   integer references document (id),
    position   integer,            -- place in the document
    author     text,
    created_at integer,            -- Unix seconds
    changed_at integer,            -- Unix seconds
    state      integer not null,   -- 0 initial, 1 translated, 2 reviewed, 3 final
    confidence integer check (confidence between 0 and 1000),  -- of the aligner, in thousandths
    extra      text                -- notes and properties as JSON; null where there are none
) strict;

create table renumbered (old integer primary key, new integer not null);
insert into renumbered
    select id, (unit << 24) + row_number() over (partition by unit order by id) - 1 from occurrence;
insert into new_occurrence (id, session, document, position, author, created_at, changed_at, state, confidence, extra)
    select new, session, document, position, author, created_at, changed_at, state, confidence, extra
    from renumbered join occurrence on id = old order by new;

-- As before, with packed segments. What is there no longer has no unit: its number becomes a negative one.
create table new_replaced_occurrence (
    session    integer not null references session (id),  -- that replaced it
    occurrence integer not null,   -- its number
    brought_by integer not null references session (id),
    document   text    not null,
    position   integer,
    author     text,
    created_at integer,
    changed_at integer,
    state      integer not null,
    confidence integer,
    extra      text,
    ar         blob,               -- of its unit, packed; null where the occurrence itself is still there
    en         blob,
    codes      text,
    primary key (session, occurrence)
) strict, without rowid;

insert into new_replaced_occurrence
    select session, iif(ar is null, coalesce(new, -occurrence), -occurrence), brought_by, document, position, author, created_at, changed_at, state,
           confidence, extra, packed('ar', ar), packed('en', en), codes
    from replaced_occurrence left join renumbered on old = occurrence;

drop table renumbered;
drop table replaced_occurrence;
drop table occurrence;
drop table unit;
alter table new_unit rename to unit;
alter table new_occurrence rename to occurrence;
alter table new_replaced_occurrence rename to replaced_occurrence;

-- Import: is this pair there already?
create index unit_by_pair on unit (pair_hash);

-- Context matches: what stands before and behind? Export: documents in their order. Import: is this pair at this place?
create index occurrence_by_place on occurrence (document, position) where document is not null;

-- Undo: has a later session replaced what this one brought?
create index replaced_by_origin on replaced_occurrence (brought_by);

-- Import: which numbers of a unit's occurrences are taken?
create index replaced_by_number on replaced_occurrence (occurrence);
