-- The ledger and the contract of the rankings. Contracts of before there were any cannot be mirrored by this version:
-- their rows stay, and the indexer says so.
ALTER TABLE raw.source
    ADD COLUMN ledger   bytea CHECK (octet_length(ledger) = 32),
    ADD COLUMN rankings bytea CHECK (octet_length(rankings) = 32);
CREATE OR REPLACE VIEW mirror.source AS SELECT * FROM raw.source;

-- The governor's part that knows everybody's voting power is the ledger.
ALTER TABLE mirror_2.governor RENAME COLUMN token TO ledger;
ALTER VIEW mirror.governor RENAME COLUMN token TO ledger;
