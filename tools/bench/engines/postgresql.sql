-- PostgreSQL: a function that takes the events of a message and works on them as sets. It gives a
-- number for each: its sequence, 0 where it is refused, and at the end the negative sequences of
-- those that are known already. What everybody adds to (counters of the city, the account that points come
-- from) has a row for each connection, its slot, so that no transaction waits for another's sync.

CREATE SEQUENCE log_sequence CACHE 100;
CREATE TABLE log (sequence bigint PRIMARY KEY, source text NOT NULL, id text NOT NULL, event text NOT NULL,
    decision text, UNIQUE (source, id));
CREATE TABLE entity (noun text, id text, region text, changed bigint, PRIMARY KEY (id, noun)) WITH (fillfactor = 80);
-- A region, itself and all above it.
CREATE TABLE path (region text, above text, PRIMARY KEY (region, above));
CREATE TABLE person (volunteer text PRIMARY KEY, minutes bigint NOT NULL DEFAULT 0, records int NOT NULL DEFAULT 0,
    stars int NOT NULL DEFAULT 0, points bigint NOT NULL DEFAULT 0) WITH (fillfactor = 60);
CREATE TABLE person_month (volunteer text, month text, minutes bigint, records int, PRIMARY KEY (volunteer, month))
    WITH (fillfactor = 80);
CREATE TABLE record (record text PRIMARY KEY, volunteer text, starts int, span int, minutes int, counted int,
    outcome text, activity text, organisation text, region text, method text, month text, sequence bigint);
CREATE INDEX ON record (volunteer, starts);
CREATE TABLE counter (id text, month text, slot int, minutes bigint, records bigint, PRIMARY KEY (id, month, slot))
    WITH (fillfactor = 50);
CREATE TABLE ledger (account text, amount bigint, balance bigint, record text, sequence bigint);
CREATE TABLE issue (slot int PRIMARY KEY, balance bigint NOT NULL) WITH (fillfactor = 10);
INSERT INTO issue SELECT slot, 0 FROM generate_series(0, 15) AS slot;

CREATE TYPE event AS (position bigint, sequence bigint, known bigint, source text, id text, type text, noun text,
    subject text, region text, record text, volunteer text, activity text, organisation text, method text, starts int,
    span int, minutes int, is_late boolean, month text, data jsonb, raw text);

CREATE FUNCTION parse(texts text[]) RETURNS SETOF event LANGUAGE sql AS $$
    SELECT position, CASE WHEN known IS NULL THEN nextval('log_sequence') END, known, j ->> 'source', j ->> 'id', type, noun,
        d ->> noun, nullif(d ->> 'region', d ->> noun), d ->> 'record', d ->> 'volunteer', d ->> 'activity',
        d ->> 'organisation', d ->> 'method', floor((starts + 28800) / 60)::int, floor((ends - starts) / 60)::int,
        coalesce((d ->> 'minutes')::int, floor((ends - starts) / 60)::int), entered - ends >= (30 * 1440 + 1) * 60,
        left(d ->> 'starts', 4) || substr(d ->> 'starts', 6, 2), d, raw
    FROM (SELECT position, raw, j, j -> 'data' AS d, j ->> 'type' AS type,
            replace(split_part(j ->> 'type', '.', 1), 'service', 'record') AS noun,
            (SELECT sequence FROM log WHERE source = j ->> 'source' AND id = j ->> 'id') AS known,
            date_part('epoch', (j #>> '{data,starts}')::timestamptz) AS starts,
            date_part('epoch', (j #>> '{data,ends}')::timestamptz) AS ends,
            date_part('epoch', (j ->> 'time')::timestamptz) AS entered
        FROM (SELECT position, raw, raw::jsonb AS j FROM unnest(texts) WITH ORDINALITY AS given (raw, position)) AS read
        OFFSET 0) AS event
$$;

-- The events that are no service: what they are about gets its changes.
CREATE FUNCTION entities_put(events event[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    e event;
BEGIN
    INSERT INTO entity
    SELECT noun, subject, (array_agg(region ORDER BY position DESC) FILTER (WHERE region IS NOT NULL))[1], max(sequence)
    FROM unnest(events) WHERE type <> 'service.recorded' AND subject IS NOT NULL AND sequence IS NOT NULL
    GROUP BY noun, subject ORDER BY subject, noun
    ON CONFLICT (id, noun) DO UPDATE SET region = coalesce(excluded.region, entity.region), changed = excluded.changed;
    INSERT INTO person (volunteer) SELECT subject FROM unnest(events) WHERE type = 'volunteer.registered'
    ORDER BY subject ON CONFLICT DO NOTHING;
    FOR e IN SELECT * FROM unnest(events) WHERE type = 'region.defined' ORDER BY position LOOP
        INSERT INTO path SELECT e.subject, e.subject UNION SELECT e.subject, above FROM path WHERE region = e.data ->> 'parent'
        ON CONFLICT DO NOTHING;
    END LOOP;
END $$;

CREATE FUNCTION stars_of(minutes bigint) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT width_bucket(minutes, ARRAY[6000, 18000, 36000, 60000, 90000]::bigint[])
$$;

-- Of `minutes` from `starts` on, those before midnight.
CREATE FUNCTION before_midnight(starts int, minutes int) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT least(minutes, (starts / 1440 + 1) * 1440 - starts)
$$;

CREATE FUNCTION ingest(texts text[], own_slot int) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    events event[] := ARRAY(SELECT e FROM parse(texts) AS e ORDER BY position);
    own_issue bigint := (SELECT balance FROM issue WHERE slot = own_slot);
    answers bigint[];
BEGIN
    IF EXISTS (SELECT FROM unnest(events) WHERE type <> 'service.recorded') THEN
        PERFORM entities_put(events);
    END IF;
    -- Two messages about one person follow one another; in order, so that they never wait for each other.
    PERFORM FROM person WHERE volunteer = ANY (ARRAY(SELECT volunteer FROM unnest(events) WHERE type = 'service.recorded'))
    ORDER BY volunteer FOR UPDATE;
    WITH found AS MATERIALIZED (
        SELECT e.*, activity.region AS place, before_midnight(e.starts, e.minutes) AS first, person.minutes AS minutes_before,
            person.points AS points_before, count(*) OVER (PARTITION BY e.volunteer) AS of_person,
            activity.region IS NOT NULL AND organisation.id IS NOT NULL AND person.volunteer IS NOT NULL AS is_service
        FROM (SELECT *, type = 'service.recorded' AS wants FROM unnest(events)) AS e
            LEFT JOIN entity AS activity ON wants AND activity.id = e.activity AND activity.noun = 'activity'
            LEFT JOIN entity AS organisation ON wants AND organisation.id = e.organisation AND organisation.noun = 'organisation'
            LEFT JOIN person ON wants AND person.volunteer = e.volunteer
        WHERE known IS NULL
    ), compared AS MATERIALIZED (
        SELECT f.*, coalesce(used, 0) AS used, coalesce(used_next, 0) AS used_next,
            coalesce(overlapping, false) AS overlapping
        FROM found AS f CROSS JOIN LATERAL (
            SELECT sum(CASE r.starts / 1440 - f.starts / 1440 WHEN 0 THEN first WHEN -1 THEN counted - first ELSE 0 END)
                    FILTER (WHERE outcome = 'accepted') AS used,
                sum(CASE r.starts / 1440 - f.starts / 1440 WHEN 0 THEN counted - first WHEN 1 THEN first ELSE 0 END)
                    FILTER (WHERE outcome = 'accepted') AS used_next,
                bool_or(r.starts < f.starts + f.span AND f.starts < r.starts + r.span) AS overlapping
            FROM (SELECT *, before_midnight(starts, counted) AS first FROM record
                WHERE volunteer = f.volunteer AND starts BETWEEN f.starts - 2880 AND f.starts + 1440
                    AND outcome <> 'refused') AS r
            WHERE f.is_service) AS others
    ), judged AS MATERIALIZED (
        -- With those of the same person that stand before it in the message.
        SELECT c.*, (CASE WHEN span > 1440 THEN 0 ELSE least(first, greatest(0, 720 - used - coalesce(more, 0)))
                + least(minutes - first, greatest(0, 720 - used_next - coalesce(more_next, 0))) END)::int AS counted,
            overlapping OR is_late OR coalesce(also_overlapping, false) AS is_held
        FROM compared AS c CROSS JOIN LATERAL (
            SELECT sum(CASE b.starts / 1440 - c.starts / 1440 WHEN 0 THEN b.first WHEN -1 THEN b.minutes - b.first ELSE 0 END)
                    FILTER (WHERE NOT (b.overlapping OR b.is_late)) AS more,
                sum(CASE b.starts / 1440 - c.starts / 1440 WHEN 0 THEN b.minutes - b.first WHEN 1 THEN b.first ELSE 0 END)
                    FILTER (WHERE NOT (b.overlapping OR b.is_late)) AS more_next,
                bool_or(b.starts < c.starts + c.span AND c.starts < b.starts + b.span) AS also_overlapping
            FROM compared AS b
            WHERE c.is_service AND c.of_person > 1 AND b.is_service AND b.volunteer = c.volunteer
                AND b.position < c.position AND b.span <= 1440) AS earlier
    ), valued AS MATERIALIZED (
        SELECT *, CASE WHEN is_service THEN CASE WHEN counted = 0 THEN 'refused' WHEN is_held THEN 'held' ELSE 'accepted' END
            END AS outcome, CASE WHEN NOT is_service OR counted = 0 OR is_held THEN 0 ELSE counted END AS credit,
            CASE WHEN NOT is_service OR counted = 0 OR is_held OR method = 'manual' THEN 0 ELSE counted / 30 * 50 END AS points
        FROM judged
    ), decided AS MATERIALIZED (
        SELECT *, points_before + sum(points) OVER so_far AS balance, sum(points) OVER (ORDER BY position) AS issued,
            stars_of(minutes_before + sum(credit) OVER so_far - credit) AS stars_before,
            stars_of(minutes_before + sum(credit) OVER so_far) AS stars
        FROM valued WINDOW so_far AS (PARTITION BY volunteer ORDER BY position)
    ), accepted AS MATERIALIZED (
        SELECT * FROM decided WHERE outcome = 'accepted'
    ), recorded AS (
        INSERT INTO record SELECT record, volunteer, starts, span, minutes, counted, outcome, activity, organisation, place,
            method, month, sequence FROM decided WHERE is_service
    ), of_person AS (
        UPDATE person SET minutes = person.minutes + a.minutes, records = person.records + a.records,
            points = person.points + a.points, stars = stars_of(person.minutes + a.minutes)
        FROM (SELECT volunteer, sum(counted) AS minutes, count(*) AS records, sum(points) AS points
            FROM accepted GROUP BY volunteer) AS a
        WHERE person.volunteer = a.volunteer
    ), of_month AS (
        INSERT INTO person_month SELECT volunteer, month, sum(counted), count(*) FROM accepted GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (volunteer, month) DO UPDATE
            SET minutes = person_month.minutes + excluded.minutes, records = person_month.records + excluded.records
    ), posted AS (
        INSERT INTO ledger
        SELECT volunteer, points, balance, record, sequence FROM accepted WHERE points > 0
        UNION ALL SELECT 'issue ' || own_slot, -points, own_issue - issued, record, sequence FROM accepted WHERE points > 0
    ), of_issue AS (
        UPDATE issue SET balance = own_issue - (SELECT coalesce(sum(points), 0) FROM accepted) WHERE slot = own_slot
    ), of_place AS MATERIALIZED (
        SELECT place, organisation, month, sum(counted) AS minutes, count(*) AS records FROM accepted GROUP BY 1, 2, 3
    ), counted AS (
        INSERT INTO counter SELECT id, period, own_slot, sum(minutes), sum(records)
        FROM (SELECT above AS id, month, minutes, records FROM of_place JOIN path ON region = place
            UNION ALL SELECT organisation, month, minutes, records FROM of_place) AS changes,
            LATERAL (VALUES (month), ('all')) AS periods (period)
        GROUP BY id, period ORDER BY id, period
        ON CONFLICT (id, month, slot) DO UPDATE
            SET minutes = counter.minutes + excluded.minutes, records = counter.records + excluded.records
    ), logged AS (
        INSERT INTO log SELECT sequence, source, id, raw, '{"outcome":"' || outcome || '","minutes":' || counted ||
            CASE WHEN stars <> stars_before THEN ',"stars":[' || stars_before || ',' || stars || ']' ELSE '' END || '}'
        FROM decided WHERE is_service OR type <> 'service.recorded'
    )
    SELECT ARRAY(SELECT CASE WHEN is_service OR type <> 'service.recorded' THEN sequence ELSE 0 END FROM decided)
        || ARRAY(SELECT -known FROM unnest(events) WHERE known IS NOT NULL) INTO answers;
    RETURN answers;
END $$;

-- What engine.h has as totals, in its order, from where each is kept.
CREATE FUNCTION totals() RETURNS bigint[] LANGUAGE sql AS $$
    SELECT ARRAY[(SELECT count(*) FROM log), (SELECT count(*) FROM record WHERE outcome = 'accepted'),
        (SELECT count(*) FROM record WHERE outcome = 'held'), (SELECT count(*) FROM record WHERE outcome = 'refused'),
        (SELECT sum(minutes) FROM person), (SELECT sum(minutes) FROM person_month),
        (SELECT sum(minutes) FROM counter WHERE id = '620500000000' AND month = 'all'),
        (SELECT sum(records) FROM counter WHERE id = '620500000000' AND month = 'all'),
        (SELECT sum(points) FROM person), (SELECT sum(balance) FROM issue), (SELECT count(*) FROM ledger),
        (SELECT sum(stars) FROM person)]::bigint[]
$$;
