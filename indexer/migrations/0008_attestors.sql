-- Who says which account belongs to whom; before, there was one who did.
DROP VIEW mirror.registry;
DROP TABLE mirror_2.registry;
CREATE TABLE mirror_2.attestors (
    account    bytea      PRIMARY KEY CHECK (octet_length(account) = 32),
    -- The tiers that it may grant, in ascending order.
    tiers      smallint[] NOT NULL,
    -- How often it may attest and renew in a day of UTC.
    daily_cap  bigint     NOT NULL CHECK (daily_cap >= 0),
    height     bigint     NOT NULL
);
CREATE VIEW mirror.attestors AS SELECT * FROM mirror_2.attestors;
