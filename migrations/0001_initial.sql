-- The whole memory: sessions, units with their occurrences, and the index over both sides.
--
-- Text is stored once a pair (`unit`), however often it occurs; what belongs to a place and its history is in
-- `occurrence`. Costs, measured on 494 000 real units of 176 bytes of text: `unit` 229 bytes a row with its index,
-- `occurrence` 60 bytes with its two, the index of both sides 1.15 times the text.

create table memory (
    -- One row: what has to be known before anything else is read.
    id            integer primary key check (id = 1),
    created_at    integer not null,  -- Unix seconds
    -- Version of folding, features and posting bytes; another one means that all units are indexed anew.
    index_version integer not null
) strict;

create table session (
    id         integer primary key autoincrement,
    command    text    not null,
    author     text,
    source     text,               -- what was read, such as a file's path
    started_at integer not null,   -- Unix seconds
    undone_at  integer,            -- Unix seconds; null while the session stands
    read       integer not null default 0,
    added      integer not null default 0,
    merged     integer not null default 0,
    duplicates integer not null default 0,
    rejected   integer not null default 0
) strict;

create table document (
    id   integer primary key,
    name text not null unique
) strict;

create table unit (
    -- Never used again: runs of the index go on naming units that are gone until they are merged.
    id        integer primary key autoincrement,
    pair_hash integer not null,    -- of both texts; not unique, so that a collision is no loss
    ar        text    not null,
    en        text    not null
) strict;

-- Import: is this pair there already?
create index unit_by_pair on unit (pair_hash);

create table occurrence (
    id         integer primary key,
    unit       integer not null references unit (id) on delete cascade,
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

-- Import: is this pair at this place already? Lookup: where does this unit occur?
create index occurrence_by_unit on occurrence (unit, document, position);
-- Context matches: what stands before and behind? Export: documents in their order.
create index occurrence_by_place on occurrence (document, position) where document is not null;

create table index_run (
    id          integer primary key autoincrement,
    side        integer not null check (side in (0, 1)),  -- 0 Arabic, 1 English
    first_unit  integer not null,  -- the least and the greatest unit among the members
    last_unit   integer not null,
    first_chunk integer not null,  -- the run's chunks are first_chunk .. end_chunk - 1
    end_chunk   integer not null,
    sizes       blob    not null   -- where each feature count begins among the ordinals
) strict;

-- The units of a run by ordinal, in blocks of 1 000: block b holds ordinals 1000 b and on, each as a little-endian
-- 32-bit offset from the run's first unit, so that a block fills a page.
create table index_member (
    id    integer primary key,     -- 2^32 * run + block
    units blob    not null
) strict;

-- One row a run and feature: the postings, or, of a long list, the directory of its chunks. Runs are searched, merged
-- and deleted as ranges of this key.
create table index_list (
    run         integer not null,
    gram        integer not null,
    count       integer not null,
    first_chunk integer,           -- null where the postings stand in `bytes`
    bytes       blob    not null,
    primary key (run, gram)
) strict, without rowid;

create table index_chunk (
    id    integer primary key,
    bytes blob not null
) strict;

-- Units that no run has yet, with the features of both sides as ascending differences; lookup scans them.
create table index_pending (
    unit integer primary key references unit (id) on delete cascade,
    ar   blob not null,
    en   blob not null
) strict;
