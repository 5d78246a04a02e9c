-- What people decided about alignments, and what a session that updates a document took away.
--
-- Costs nothing but where documents are reviewed or aligned again: a reviewed document keeps 8 bytes a segment and a
-- row for each bead that was decided, a changed document one row for each occurrence that was moved, changed or removed.

-- A document under review. By name, since it is reviewed before it has occurrences. Its segments are known by the
-- hashes of their texts, 8 bytes each, little-endian, so that decisions are found again once the document has changed.
create table alignment_review (
    document    text    primary key,
    ar_segments blob    not null,
    en_segments blob    not null,
    changed_at  integer not null   -- Unix seconds
) strict, without rowid;

-- The beads that a person had a hand in, by the numbers of their segments, ends excluded.
create table alignment_review_bead (
    document text    not null references alignment_review (document) on delete cascade,
    ordinal  integer not null,
    ar_from  integer not null,
    ar_to    integer not null,
    en_from  integer not null,
    en_to    integer not null,
    standing integer not null check (standing in (0, 1, 2)),  -- 0 edited, 1 confirmed, 2 dropped
    primary key (document, ordinal)
) strict, without rowid;

-- Occurrences as they were before a session moved, changed or removed them: undoing the session brings them back.
create table replaced_occurrence (
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
    ar         text,               -- of its unit; null where the occurrence itself is still there
    en         text,
    codes      text,
    primary key (session, occurrence)
) strict, without rowid;

-- Undo: has a later session replaced what this one brought?
create index replaced_by_origin on replaced_occurrence (brought_by);
