-- What undoes the decisions of a review, also in a later run.
--
-- Costs nothing but where documents are reviewed: a row for each of the last decisions, and one for each bead that it
-- changed.

-- A decision, in the order in which they were made over all documents.
create table alignment_review_step (
    document text    not null references alignment_review (document) on delete cascade,
    number   integer not null,
    at_hand  integer not null,   -- of its beads the one that was at hand, from 0
    primary key (document, number)
) strict, without rowid;

-- The beads that stood there before, side by side, by the numbers of their segments, ends excluded.
create table alignment_review_step_bead (
    document   text    not null,
    number     integer not null,
    ordinal    integer not null,
    ar_from    integer not null,
    ar_to      integer not null,
    en_from    integer not null,
    en_to      integer not null,
    standing   integer not null check (standing in (0, 1, 2, 3)),  -- 0 edited, 1 confirmed, 2 dropped, 3 the aligner's
    confidence integer check ((confidence is not null) = (standing = 3)),  -- in thousandths
    primary key (document, number, ordinal),
    foreign key (document, number) references alignment_review_step (document, number) on delete cascade
) strict, without rowid;
