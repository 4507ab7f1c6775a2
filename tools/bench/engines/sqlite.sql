-- SQLite: tables, then the statements that sqlite.c prepares, each behind a line "-- : name".

PRAGMA page_size = 4096;
PRAGMA journal_mode = WAL;
PRAGMA cache_size = -524288;
PRAGMA wal_autocheckpoint = 20000;
PRAGMA temp_store = MEMORY;
PRAGMA locking_mode = EXCLUSIVE;

CREATE TABLE log (sequence INTEGER PRIMARY KEY, source TEXT, id TEXT, event TEXT, decision TEXT);
CREATE UNIQUE INDEX log_id ON log (source, id);
CREATE TABLE entity (noun TEXT, id TEXT, region TEXT, changed INTEGER, PRIMARY KEY (noun, id)) WITHOUT ROWID;
-- A region, itself and all above it.
CREATE TABLE path (region TEXT, above TEXT, PRIMARY KEY (region, above)) WITHOUT ROWID;
CREATE TABLE person (volunteer TEXT PRIMARY KEY, minutes INTEGER, records INTEGER, stars INTEGER, points INTEGER)
    WITHOUT ROWID;
CREATE TABLE person_month (volunteer TEXT, month TEXT, minutes INTEGER, records INTEGER, PRIMARY KEY (volunteer, month))
    WITHOUT ROWID;
CREATE TABLE record (sequence INTEGER PRIMARY KEY, record TEXT, volunteer TEXT, starts INTEGER, span INTEGER,
    minutes INTEGER, counted INTEGER, outcome TEXT, activity TEXT, organisation TEXT, region TEXT, method TEXT, month TEXT);
CREATE UNIQUE INDEX record_id ON record (record);
CREATE INDEX record_times ON record (volunteer, starts);
CREATE TABLE counter (id TEXT, month TEXT, minutes INTEGER, records INTEGER, PRIMARY KEY (id, month)) WITHOUT ROWID;
CREATE TABLE ledger (entry INTEGER PRIMARY KEY, account TEXT, amount INTEGER, balance INTEGER, record TEXT,
    sequence INTEGER);
INSERT INTO person VALUES ('issue', 0, 0, 0, 0);

-- : parse
SELECT ?1 ->> '$.source', ?1 ->> '$.id', ?1 ->> '$.type', unixepoch(?1 ->> '$.time') + 28800, ?1 ->> '$.data.record',
    ?1 ->> '$.data.volunteer', ?1 ->> '$.data.activity', ?1 ->> '$.data.organisation', ?1 ->> '$.data.method',
    unixepoch(starts) + 28800, unixepoch(?1 ->> '$.data.ends') + 28800, ?1 ->> '$.data.minutes',
    substr(starts, 1, 4) || substr(starts, 6, 2)
FROM (SELECT ?1 ->> '$.data.starts' AS starts LIMIT 1);
-- : find
SELECT a.region FROM entity a, entity v, entity o
WHERE a.noun = 'activity' AND a.id = ?1 AND v.noun = 'volunteer' AND v.id = ?2 AND o.noun = 'organisation' AND o.id = ?3;
-- : others
SELECT starts, span, counted, outcome = 'accepted' FROM record
WHERE volunteer = ?1 AND starts >= ?2 AND starts <= ?3 AND outcome <> 'refused';
-- : person
SELECT minutes, stars, points FROM person WHERE volunteer = ?1;
-- : log
INSERT INTO log VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING;
-- : record
INSERT INTO record VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13);
-- : total
INSERT INTO person VALUES (?1, ?2, 1, ?3, ?4)
ON CONFLICT DO UPDATE SET minutes = ?2, records = records + 1, stars = ?3, points = ?4;
-- : month
INSERT INTO person_month VALUES (?1, ?2, ?3, 1)
ON CONFLICT DO UPDATE SET minutes = minutes + ?3, records = records + 1;
-- : issue
UPDATE person SET points = points - ?1 WHERE volunteer = 'issue' RETURNING points;
-- : ledger
INSERT INTO ledger VALUES (NULL, ?1, ?2, ?3, ?4, ?5);
-- : entity
INSERT INTO entity SELECT noun, ?1 ->> ('$.data.' || noun), nullif(?1 ->> '$.data.region', ?1 ->> ('$.data.' || noun)), ?2
FROM (SELECT replace(substr(t, 1, instr(t, '.') - 1), 'service', 'record') AS noun FROM (SELECT ?1 ->> '$.type' AS t))
WHERE ?1 ->> ('$.data.' || noun) IS NOT NULL
ON CONFLICT DO UPDATE SET region = coalesce(excluded.region, region), changed = excluded.changed;
-- : path
INSERT INTO path SELECT ?1 ->> '$.data.region', above FROM path WHERE region = ?1 ->> '$.data.parent'
UNION SELECT ?1 ->> '$.data.region', ?1 ->> '$.data.region' WHERE true ON CONFLICT DO NOTHING;
-- : counters
INSERT INTO counter
SELECT id, month, sum(minutes), sum(records) FROM (
    WITH new AS MATERIALIZED (
        SELECT region, organisation, month, sum(counted) AS minutes, count(*) AS records FROM record
        WHERE sequence > ?1 AND outcome = 'accepted' GROUP BY region, organisation, month)
    SELECT above AS id, month, minutes, records FROM new JOIN path USING (region)
    UNION ALL SELECT above, 'all', minutes, records FROM new JOIN path USING (region)
    UNION ALL SELECT organisation, month, minutes, records FROM new
    UNION ALL SELECT organisation, 'all', minutes, records FROM new)
WHERE true GROUP BY id, month
ON CONFLICT DO UPDATE SET minutes = minutes + excluded.minutes, records = records + excluded.records;
-- : totals
SELECT (SELECT count(*) FROM log), (SELECT count(*) FROM record WHERE outcome = 'accepted'),
    (SELECT count(*) FROM record WHERE outcome = 'held'), (SELECT count(*) FROM record WHERE outcome = 'refused'),
    (SELECT sum(minutes) FROM person), (SELECT sum(minutes) FROM person_month),
    (SELECT minutes FROM counter WHERE id = '620500000000' AND month = 'all'),
    (SELECT records FROM counter WHERE id = '620500000000' AND month = 'all'),
    (SELECT sum(points) FROM person WHERE volunteer <> 'issue'), (SELECT points FROM person WHERE volunteer = 'issue'),
    (SELECT count(*) FROM ledger), (SELECT sum(stars) FROM person);
