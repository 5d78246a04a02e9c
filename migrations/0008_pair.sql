-- The hashes of pairs in a table of their own, so that those of many new units can be stored in their order: as an index
-- of `unit` each would be stored with its unit, at a random place.
--
-- Measured on 1 000 000 units of 144 bytes of text: 6 bytes a unit less.

create table pair (
    -- Import: is this pair there already?
    hash integer not null,    -- of both segments and the codes, 32 bits; not unique, so that a collision is no loss
    unit integer not null,    -- goes when its unit goes
    primary key (hash, unit)
) strict, without rowid;

insert into pair (hash, unit) select pair_hash, id from unit order by pair_hash, id;

drop index unit_by_pair;
alter table unit drop column pair_hash;
