-- What each role may do, and nothing else. Run after every migration, so that new tables and views are covered.
-- Notices come into the log of whoever runs it.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'gaia_indexer') THEN
        -- What the chain said is added to and never changed, not even by its only writer.
        GRANT USAGE ON SCHEMA raw, mirror_1 TO gaia_indexer;
        GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA raw, mirror_1 TO gaia_indexer;
        GRANT UPDATE ON raw.cursor, raw.head TO gaia_indexer;
        GRANT UPDATE ON mirror_1.accounts, mirror_1.supply, mirror_1.proposals TO gaia_indexer;
        GRANT SELECT ON _sqlx_migrations TO gaia_indexer;
    ELSE
        RAISE NOTICE 'there is no role gaia_indexer: nothing was granted to it';
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'gaia_api') THEN
        -- The views read with their owner's rights, so their tables need no grant.
        GRANT USAGE ON SCHEMA mirror TO gaia_api;
        GRANT SELECT ON ALL TABLES IN SCHEMA mirror TO gaia_api;
    ELSE
        RAISE NOTICE 'there is no role gaia_api: nothing was granted to it';
    END IF;
END
$$;
