-- Up to which block the events are projected. That is the cursor's block, except after a migration that changed what
-- follows from events: then the projection is made anew from what is kept here, before anything more is mirrored.
ALTER TABLE raw.cursor ADD COLUMN projected bigint;

-- Empties the projection. A migration that changes it ends with this; the indexer then fills it from the raw events.
CREATE FUNCTION raw.project_anew() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    tables text;
BEGIN
    SELECT string_agg(oid::regclass::text, ', ') INTO tables
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'mirror_2'::regnamespace;
    EXECUTE 'TRUNCATE ' || tables;
    UPDATE raw.cursor SET projected = NULL;
END
$$;
REVOKE ALL ON FUNCTION raw.project_anew() FROM PUBLIC;
SELECT raw.project_anew();

-- What answers stand at: never a block whose events are not all projected.
CREATE OR REPLACE VIEW mirror.block AS
    SELECT b.height, b.hash, b.moment, b.finalized
    FROM raw.cursor c JOIN raw.blocks b ON b.height = c.projected;
