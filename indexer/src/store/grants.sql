-- What each role may do, and nothing else. Run after every migration, so that new tables and views are covered.
-- Notices come into the log of whoever runs it.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'gaia_indexer') THEN
        -- What the chain said is added to and never changed, not even by its only writer.
        GRANT USAGE ON SCHEMA raw, mirror_2 TO gaia_indexer;
        GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA raw, mirror_2 TO gaia_indexer;
        GRANT UPDATE ON raw.cursor, raw.head TO gaia_indexer;
        -- What stands can change; what happened stays: transfers, overrides, sponsors, rounds, upgrades, and who did what
        -- in the registry.
        GRANT UPDATE ON mirror_2.accounts, mirror_2.supply, mirror_2.identities, mirror_2.attestors, mirror_2.rules,
            mirror_2.governor, mirror_2.proposals, mirror_2.options, mirror_2.votes, mirror_2.identity_votes,
            mirror_2.rankings, mirror_2.members, mirror_2.population, mirror_2.freezes, mirror_2.link_nonces,
            mirror_2.roles, mirror_2.keys TO gaia_indexer;
        -- Of the treasury the ledger, releases, statements, and what was set stay.
        GRANT UPDATE ON mirror_2.treasury_assets, mirror_2.treasury_budgets, mirror_2.treasury_escrows,
            mirror_2.treasury_escrow_payees, mirror_2.treasury_milestones, mirror_2.treasury_approvals,
            mirror_2.treasury_streams TO gaia_indexer;
        -- Of what governance tells the systems the histories, reports and anchors stay.
        GRANT UPDATE ON mirror_2.parameters, mirror_2.flags, mirror_2.releases, mirror_2.origins TO gaia_indexer;
        GRANT DELETE ON mirror_2.delegations, mirror_2.attestors, mirror_2.options, mirror_2.calls, mirror_2.rankings,
            mirror_2.members, mirror_2.freezes, mirror_2.roles TO gaia_indexer;
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
