-- The lexicon that is learned from the memory's own units: which stems translate which. Lookup asks it how much of a
-- query the translation of a match covers; the aligner begins with it.
--
-- Costs: 1 to 4 MB and about a second for 20 000 pairs, whenever the memory has grown by a quarter.

create table lexicon (
    side     integer not null check (side in (0, 1)),  -- of the stem; 0 Arabic, 1 English
    stem     text    not null,
    evidence integer not null,  -- occurrences that its links were learned from
    weight   integer not null,  -- how much the word tells, ln(pairs / evidence) + 1/2, in thousandths
    links    text    not null,  -- lines of a stem of the other side, a space, and t(other | stem) in ten-thousandths
    primary key (side, stem)
) strict, without rowid;

-- How many units the memory had when its lexicon was learned.
alter table memory add column lexicon_units integer not null default 0;
