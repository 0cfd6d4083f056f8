-- What changed lately, whatever it belongs to: live readers follow the mirror block by block.
SELECT raw.project_anew();

-- The last block in which anything of a proposal changed: something happened to it, somebody voted, or its time came.
ALTER TABLE mirror_2.proposals ADD COLUMN changed_height bigint NOT NULL DEFAULT 0;
CREATE INDEX proposals_by_change ON mirror_2.proposals (changed_height, proposal);
CREATE OR REPLACE VIEW mirror.proposals AS SELECT * FROM mirror_2.proposals;

-- All blocks that the projection has come to.
CREATE VIEW mirror.blocks AS
    SELECT b.height, b.hash, b.moment, b.finalized
    FROM raw.blocks b WHERE b.height <= (SELECT projected FROM raw.cursor);

CREATE INDEX votes_by_place ON mirror_2.votes (height, index);

-- The projection that a rebuilt one took the place of, if it is still there, and up to which block it was projected.
CREATE TABLE raw.projection_before (
    only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    projected  bigint
);

-- Puts an empty projection of the same form in the live one's place, which is mirror_2_before from then on. Until the
-- transaction is committed nobody else sees it: everybody reads and writes the live tables as before.
CREATE FUNCTION raw.set_projection_aside() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    statements text[];
    statement  text;
BEGIN
    -- Written down while their texts name the tables as they are to be called again.
    SELECT array_agg(line ORDER BY step, line) INTO statements FROM (
        SELECT 1 AS step,
            format('CREATE TABLE mirror_2.%1$I (LIKE mirror_2_before.%1$I INCLUDING ALL EXCLUDING INDEXES)', relname) AS line
        FROM pg_class WHERE relkind = 'r' AND relnamespace = 'mirror_2'::regnamespace
        UNION ALL
        -- Keys before those that refer to them.
        SELECT CASE contype WHEN 'f' THEN 4 ELSE 2 END,
            format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE connamespace = 'mirror_2'::regnamespace AND contype IN ('p', 'u', 'f')
        UNION ALL
        SELECT 3, pg_get_indexdef(indexrelid)
        FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE relnamespace = 'mirror_2'::regnamespace
            AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))
    ) AS laid_out;
    DROP SCHEMA IF EXISTS mirror_2_before CASCADE;
    ALTER SCHEMA mirror_2 RENAME TO mirror_2_before;
    CREATE SCHEMA mirror_2;
    FOREACH statement IN ARRAY statements LOOP
        EXECUTE statement;
    END LOOP;
END
$$;
REVOKE ALL ON FUNCTION raw.set_projection_aside() FROM PUBLIC;

-- Lets every view that reads the projection before read the one that is called mirror_2 now.
CREATE FUNCTION raw.show_projection() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    seen  record;
BEGIN
    FOR seen IN SELECT relname, pg_get_viewdef(oid) AS definition
        FROM pg_class WHERE relkind = 'v' AND relnamespace = 'mirror'::regnamespace
    LOOP
        EXECUTE format('CREATE OR REPLACE VIEW mirror.%I AS %s', seen.relname,
            replace(seen.definition, 'mirror_2_before.', 'mirror_2.'));
    END LOOP;
END
$$;
REVOKE ALL ON FUNCTION raw.show_projection() FROM PUBLIC;

-- Puts the projection before in the live one's place again, and the live one in its. What was mirrored since is projected
-- into it by the indexer.
CREATE FUNCTION raw.switch_projection_back() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    upto  bigint;
BEGIN
    ALTER SCHEMA mirror_2 RENAME TO mirror_2_live;
    ALTER SCHEMA mirror_2_before RENAME TO mirror_2;
    ALTER SCHEMA mirror_2_live RENAME TO mirror_2_before;
    PERFORM raw.show_projection();
    SELECT projected INTO upto FROM raw.projection_before;
    UPDATE raw.projection_before SET projected = (SELECT projected FROM raw.cursor);
    UPDATE raw.cursor SET projected = upto;
END
$$;
REVOKE ALL ON FUNCTION raw.switch_projection_back() FROM PUBLIC;

-- A projection of before a migration has another form, and nothing can be switched back to it.
CREATE OR REPLACE FUNCTION raw.project_anew() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    tables text;
BEGIN
    DROP SCHEMA IF EXISTS mirror_2_before CASCADE;
    DELETE FROM raw.projection_before;
    SELECT string_agg(oid::regclass::text, ', ') INTO tables
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'mirror_2'::regnamespace;
    EXECUTE 'TRUNCATE ' || tables;
    UPDATE raw.cursor SET projected = NULL;
END
$$;
