-- What the chain said, as it said it. Written by the indexer only; every projection is derived from here.
CREATE SCHEMA raw;

-- Which chain and which contracts this database mirrors: one row, never changed.
CREATE TABLE raw.source (
    only_row      boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    genesis_hash  bytea   NOT NULL CHECK (octet_length(genesis_hash) = 32),
    chain         text    NOT NULL,
    token         bytea   NOT NULL CHECK (octet_length(token) = 32),
    governor      bytea   NOT NULL CHECK (octet_length(governor) = 32),
    treasury      bytea   NOT NULL CHECK (octet_length(treasury) = 32),
    -- First height that is mirrored: at or before the contracts' first event.
    start_height  bigint  NOT NULL CHECK (start_height >= 0)
);

-- The last mirrored block, moved in the same transaction as the rows of that block.
CREATE TABLE raw.cursor (
    only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    height    bigint  NOT NULL,
    hash      bytea   NOT NULL CHECK (octet_length(hash) = 32)
);

-- The finalised head that the indexer last saw, to tell how far behind the mirror is. Not part of the mirror.
CREATE TABLE raw.head (
    only_row     boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    height       bigint      NOT NULL,
    observed_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE raw.blocks (
    height           bigint  PRIMARY KEY,
    hash             bytea   NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
    parent_hash      bytea   NOT NULL CHECK (octet_length(parent_hash) = 32),
    state_root       bytea   NOT NULL CHECK (octet_length(state_root) = 32),
    -- Block timestamp, milliseconds since the Unix epoch: the contracts' clock.
    moment           bigint  NOT NULL CHECK (moment >= 0),
    spec_version     bigint  NOT NULL,
    -- Number of contract events in this block, so that a lost one shows.
    contract_events  integer NOT NULL CHECK (contract_events >= 0),
    finalized        boolean NOT NULL
);

CREATE TABLE raw.contract_events (
    height     bigint  NOT NULL REFERENCES raw.blocks,
    -- Position among all events of the block.
    index      integer NOT NULL CHECK (index >= 0),
    -- The extrinsic that caused it; null for block hooks.
    extrinsic  integer CHECK (extrinsic >= 0),
    contract   bytea   NOT NULL CHECK (octet_length(contract) = 32),
    topics     bytea[] NOT NULL,
    data       bytea   NOT NULL,
    PRIMARY KEY (height, index)
);
CREATE INDEX contract_events_by_contract ON raw.contract_events (contract, height, index);

-- The treasury's free native balance after each block that changed it. Currency can arrive by plain transfer, without
-- a contract event, so events alone cannot give it.
CREATE TABLE raw.native_balances (
    account  bytea  NOT NULL CHECK (octet_length(account) = 32),
    height   bigint NOT NULL REFERENCES raw.blocks,
    free     numeric(39, 0) NOT NULL CHECK (free >= 0),
    PRIMARY KEY (account, height)
);
