-- First version of the projection: tables in a schema of their own, read only through the views of schema `mirror`.
-- A later version is built beside it and the views are switched.
-- Amounts are base units; moments are block timestamps in milliseconds since the Unix epoch.
CREATE SCHEMA mirror_1;

CREATE TABLE mirror_1.accounts (
    account  bytea PRIMARY KEY,
    balance  numeric(39, 0) NOT NULL CHECK (balance >= 0),
    power    numeric(39, 0) NOT NULL CHECK (power >= 0),
    -- Block of the last change.
    height   bigint NOT NULL
);
CREATE INDEX accounts_by_power ON mirror_1.accounts (power DESC, account);

CREATE TABLE mirror_1.transfers (
    height  bigint  NOT NULL,
    index   integer NOT NULL,
    moment  bigint  NOT NULL,
    sender    bytea,
    recipient bytea,
    value   numeric(39, 0) NOT NULL,
    PRIMARY KEY (height, index)
);

-- The token's supply from each moment on.
CREATE TABLE mirror_1.supply (
    since   bigint PRIMARY KEY,
    supply  numeric(39, 0) NOT NULL CHECK (supply >= 0)
);

CREATE TABLE mirror_1.proposals (
    proposal          bigint  PRIMARY KEY,
    proposer          bytea   NOT NULL,
    title             text    NOT NULL,
    link              text    NOT NULL,
    content_hash      bytea   NOT NULL,
    snapshot          bigint  NOT NULL,
    voting_ends       bigint  NOT NULL,
    execution_delay   bigint  NOT NULL,
    execution_window  bigint  NOT NULL,
    quorum_bps        integer NOT NULL,
    approval_bps      integer NOT NULL,
    votes_for         numeric(39, 0) NOT NULL DEFAULT 0,
    votes_against     numeric(39, 0) NOT NULL DEFAULT 0,
    votes_abstain     numeric(39, 0) NOT NULL DEFAULT 0,
    voters            bigint  NOT NULL DEFAULT 0,
    -- State at the moment of the cursor's block; the indexer moves it on when time alone changes it.
    state             text    NOT NULL,
    -- Last moment of that state, if time alone can end it.
    holds_until       bigint,
    created_at        bigint  NOT NULL,
    created_height    bigint  NOT NULL,
    queued_at         bigint,
    ready_at          bigint,
    expires_at        bigint,
    executed_at       bigint,
    executor          bytea,
    cancelled_at      bigint
);
CREATE INDEX proposals_by_state ON mirror_1.proposals (state, proposal DESC);
CREATE INDEX proposals_by_proposer ON mirror_1.proposals (proposer, proposal DESC);
CREATE INDEX proposals_due ON mirror_1.proposals (holds_until) WHERE holds_until IS NOT NULL;

CREATE TABLE mirror_1.calls (
    proposal   bigint   NOT NULL REFERENCES mirror_1.proposals,
    number     smallint NOT NULL,
    target     bytea    NOT NULL,
    selector   bytea    NOT NULL,
    input      bytea    NOT NULL,
    value      numeric(39, 0) NOT NULL,
    code_hash  bytea    NOT NULL,
    PRIMARY KEY (proposal, number)
);

CREATE TABLE mirror_1.votes (
    proposal  bigint  NOT NULL REFERENCES mirror_1.proposals,
    voter     bytea   NOT NULL,
    support   text    NOT NULL CHECK (support IN ('for', 'against', 'abstain')),
    power     numeric(39, 0) NOT NULL,
    height    bigint  NOT NULL,
    index     integer NOT NULL,
    moment    bigint  NOT NULL,
    PRIMARY KEY (proposal, voter)
);
CREATE INDEX votes_in_order ON mirror_1.votes (proposal, height DESC, index DESC);
CREATE INDEX votes_by_voter ON mirror_1.votes (voter, height DESC, index DESC);

CREATE TABLE mirror_1.treasury_movements (
    height    bigint  NOT NULL,
    index     integer NOT NULL,
    moment    bigint  NOT NULL,
    kind      text    NOT NULL CHECK (kind IN ('deposit', 'payment')),
    -- The depositor or the payee.
    account   bytea   NOT NULL,
    amount    numeric(39, 0) NOT NULL,
    -- The proposal whose execution made a payment.
    proposal  bigint,
    PRIMARY KEY (height, index)
);

-- Contract events that no projection understood: kept, counted, and decoded later.
CREATE TABLE mirror_1.undecoded (
    height  bigint  NOT NULL,
    index   integer NOT NULL,
    reason  text    NOT NULL,
    PRIMARY KEY (height, index)
);

CREATE SCHEMA mirror;
CREATE VIEW mirror.accounts           AS SELECT * FROM mirror_1.accounts;
CREATE VIEW mirror.transfers          AS SELECT * FROM mirror_1.transfers;
CREATE VIEW mirror.supply             AS SELECT * FROM mirror_1.supply;
CREATE VIEW mirror.proposals          AS SELECT * FROM mirror_1.proposals;
CREATE VIEW mirror.calls              AS SELECT * FROM mirror_1.calls;
CREATE VIEW mirror.votes              AS SELECT * FROM mirror_1.votes;
CREATE VIEW mirror.treasury_movements AS SELECT * FROM mirror_1.treasury_movements;
CREATE VIEW mirror.undecoded          AS SELECT * FROM mirror_1.undecoded;
CREATE VIEW mirror.source             AS SELECT * FROM raw.source;
CREATE VIEW mirror.head               AS SELECT * FROM raw.head;
CREATE VIEW mirror.native_balances    AS SELECT * FROM raw.native_balances;
CREATE VIEW mirror.block AS
    SELECT b.height, b.hash, b.moment, b.finalized
    FROM raw.cursor c JOIN raw.blocks b USING (height);
