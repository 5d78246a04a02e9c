-- Inline codes of units, and a name for the memory.
--
-- Costs nothing where there are none: a row without codes is as long as before.

-- The codes of both sides as JSON, {"ar":[{"at","kind","number","raw"}],"en":[...]}; null where there are none. Units that
-- differ in codes are different units.
alter table unit add column codes text;

-- What tells the memory from others, in the reports of batches: 32 random hexadecimal digits. A copy keeps it.
alter table memory add column uid text;
update memory set uid = lower(hex(randomblob(16)));
