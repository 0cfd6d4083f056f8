-- Second version of the projection: kinds of proposal, every way of voting, delegation. Read only through the views of
-- schema `mirror`, which are switched here.
-- Amounts are base units; moments are block timestamps in milliseconds since the Unix epoch; shares are basis points.
CREATE SCHEMA mirror_2;

CREATE TABLE mirror_2.accounts (
    account  bytea PRIMARY KEY,
    balance  numeric(39, 0) NOT NULL CHECK (balance >= 0),
    -- Voting power at the moment of the cursor's block: what is not delegated away, and what others delegated here.
    power    numeric(39, 0) NOT NULL CHECK (power >= 0),
    -- Block of the last change.
    height   bigint NOT NULL
);
CREATE INDEX accounts_by_power ON mirror_2.accounts (power DESC, account);

-- Delegations in force at the cursor's block, one row for each representative.
CREATE TABLE mirror_2.delegations (
    delegator       bytea   NOT NULL,
    representative  bytea   NOT NULL,
    -- Position in the delegator's list.
    number          smallint NOT NULL,
    share_bps       integer NOT NULL CHECK (share_bps BETWEEN 1 AND 10000),
    -- First moment at which it no longer counts, if it ends by itself.
    ends            bigint,
    height          bigint  NOT NULL,
    PRIMARY KEY (delegator, representative)
);
CREATE INDEX delegations_by_representative ON mirror_2.delegations (representative, delegator);
CREATE INDEX delegations_due ON mirror_2.delegations (ends) WHERE ends IS NOT NULL;

CREATE TABLE mirror_2.transfers (
    height  bigint  NOT NULL,
    index   integer NOT NULL,
    moment  bigint  NOT NULL,
    sender    bytea,
    recipient bytea,
    value   numeric(39, 0) NOT NULL,
    PRIMARY KEY (height, index)
);

-- The token's supply from each moment on.
CREATE TABLE mirror_2.supply (
    since   bigint PRIMARY KEY,
    supply  numeric(39, 0) NOT NULL CHECK (supply >= 0)
);

-- The wallets of verified people.
CREATE TABLE mirror_2.identities (
    account   bytea  PRIMARY KEY,
    identity  bytea  NOT NULL,
    height    bigint NOT NULL
);
CREATE INDEX identities_by_identity ON mirror_2.identities (identity, account);

-- Who says which wallet belongs to whom: one row, once the registry has said so.
CREATE TABLE mirror_2.registry (
    only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    attestor  bytea   NOT NULL
);

-- Rules for new proposals of each kind.
CREATE TABLE mirror_2.rules (
    kind                text PRIMARY KEY,
    -- Names of the mechanisms that are allowed.
    mechanisms          text[] NOT NULL,
    proposal_threshold  numeric(39, 0) NOT NULL,
    deposit             numeric(39, 0) NOT NULL,
    voting_delay        bigint  NOT NULL,
    voting_period       bigint  NOT NULL,
    voting_freeze       bigint  NOT NULL,
    extension           bigint  NOT NULL,
    quorum_bps          integer NOT NULL,
    approval_bps        integer NOT NULL,
    plurality_bps       integer NOT NULL,
    credits             bigint  NOT NULL,
    execution_delay     bigint  NOT NULL,
    execution_window    bigint  NOT NULL,
    spend_cap           numeric(39, 0) NOT NULL,
    period_cap          numeric(39, 0) NOT NULL,
    period              bigint  NOT NULL,
    guarded             boolean NOT NULL,
    height              bigint  NOT NULL
);

-- The guardian, the limit of live proposals and the governor's parts: one row, once the governor has said any of them.
CREATE TABLE mirror_2.governor (
    only_row        boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    guardian        bytea,
    guardian_until  bigint,
    live_limit      bigint,
    token           bytea,
    polls           bytea,
    treasury        bytea
);

-- Contracts' changes of their code.
CREATE TABLE mirror_2.upgrades (
    height     bigint  NOT NULL,
    index      integer NOT NULL,
    moment     bigint  NOT NULL,
    contract   bytea   NOT NULL,
    -- What it runs from then on.
    code_hash  bytea   NOT NULL,
    -- The proposal whose execution ordered it.
    proposal   bigint,
    PRIMARY KEY (height, index)
);

CREATE TABLE mirror_2.proposals (
    proposal          bigint  PRIMARY KEY,
    proposer          bytea   NOT NULL,
    kind              text    NOT NULL,
    mechanism         text    NOT NULL,
    title             text    NOT NULL,
    link              text    NOT NULL,
    content_hash      bytea   NOT NULL,
    -- State at the moment of the cursor's block; the indexer moves it on when time alone changes it.
    state             text    NOT NULL,
    -- Last moment of that state, if time alone can end it.
    holds_until       bigint,
    -- As a draft: when it was first written, how often since, whose power counts for it, how much it has found.
    drafted_at        bigint,
    revision          bigint,
    draft_snapshot    bigint,
    sponsored         numeric(39, 0) NOT NULL DEFAULT 0,
    -- When it was proposed; nothing of what follows is known of a draft.
    created_at        bigint,
    created_height    bigint,
    deposit           numeric(39, 0),
    snapshot          bigint,
    -- Last moment of voting, as extended.
    voting_ends       bigint,
    voting_period     bigint,
    voting_freeze     bigint,
    extension         bigint,
    quorum_bps        integer,
    approval_bps      integer,
    plurality_bps     integer,
    credits           bigint,
    execution_delay   bigint,
    execution_window  bigint,
    spend_cap         numeric(39, 0),
    period_cap        numeric(39, 0),
    period            bigint,
    guarded           boolean,
    -- The poll. The electorate is known from the first vote on.
    electorate        numeric(39, 0),
    quorum_reached_at bigint,
    votes_for         numeric(39, 0) NOT NULL DEFAULT 0,
    votes_against     numeric(39, 0) NOT NULL DEFAULT 0,
    votes_abstain     numeric(39, 0) NOT NULL DEFAULT 0,
    turnout           numeric(39, 0) NOT NULL DEFAULT 0,
    -- What of the turnout counts towards the quorum.
    backing           numeric(39, 0) NOT NULL DEFAULT 0,
    -- Distinct rankings, in a ranked vote.
    rankings          bigint  NOT NULL DEFAULT 0,
    voters            bigint  NOT NULL DEFAULT 0,
    counted_at        bigint,
    stopped_at        bigint,
    -- The option that is to be carried out, once that is decided; 0 in a majority vote that carried.
    winner            smallint,
    queued_at         bigint,
    ready_at          bigint,
    expires_at        bigint,
    executed_at       bigint,
    executor          bytea,
    spent             numeric(39, 0),
    cancelled_at      bigint,
    cancelled_by      bytea,
    vetoed_at         bigint,
    abuse             boolean,
    settled_at        bigint,
    deposit_to        bytea
);
CREATE INDEX proposals_by_state ON mirror_2.proposals (state, proposal DESC);
CREATE INDEX proposals_by_kind ON mirror_2.proposals (kind, proposal DESC);
CREATE INDEX proposals_by_proposer ON mirror_2.proposals (proposer, proposal DESC);
CREATE INDEX proposals_due ON mirror_2.proposals (holds_until) WHERE holds_until IS NOT NULL;

-- What can be decided. In a poll with several options the last is "none of the above".
CREATE TABLE mirror_2.options (
    proposal  bigint   NOT NULL REFERENCES mirror_2.proposals,
    number    smallint NOT NULL,
    title     text     NOT NULL,
    -- Power behind it (approval, weighted) or votes bought for it (quadratic).
    votes     numeric(39, 0) NOT NULL DEFAULT 0,
    PRIMARY KEY (proposal, number)
);

-- What an option does. Code hashes are pinned when it is proposed, and unknown in a draft.
CREATE TABLE mirror_2.calls (
    proposal   bigint   NOT NULL,
    option     smallint NOT NULL,
    number     smallint NOT NULL,
    target     bytea    NOT NULL,
    selector   bytea    NOT NULL,
    input      bytea    NOT NULL,
    value      numeric(39, 0) NOT NULL,
    code_hash  bytea,
    PRIMARY KEY (proposal, option, number),
    FOREIGN KEY (proposal, option) REFERENCES mirror_2.options
);

CREATE TABLE mirror_2.sponsors (
    proposal  bigint  NOT NULL REFERENCES mirror_2.proposals,
    revision  bigint  NOT NULL,
    sponsor   bytea   NOT NULL,
    power     numeric(39, 0) NOT NULL,
    moment    bigint  NOT NULL,
    PRIMARY KEY (proposal, revision, sponsor)
);

-- The vote of each account as it stands.
CREATE TABLE mirror_2.votes (
    proposal  bigint  NOT NULL REFERENCES mirror_2.proposals,
    voter     bytea   NOT NULL,
    -- The ballot, as SCALE.
    choice    bytea   NOT NULL,
    -- What it says in a majority vote.
    support   text    CHECK (support IN ('for', 'against', 'abstain')),
    -- Power it counts with now; 0 in a quadratic vote.
    power     numeric(39, 0) NOT NULL,
    -- How often it was changed.
    changes   bigint  NOT NULL DEFAULT 0,
    -- Block, position and moment at which its voter last cast or changed it.
    height    bigint  NOT NULL,
    index     integer NOT NULL,
    moment    bigint  NOT NULL,
    PRIMARY KEY (proposal, voter)
);
CREATE INDEX votes_in_order ON mirror_2.votes (proposal, height DESC, index DESC);
CREATE INDEX votes_by_voter ON mirror_2.votes (voter, height DESC, index DESC);

-- Holders who voted themselves with power they had delegated.
CREATE TABLE mirror_2.overrides (
    proposal        bigint  NOT NULL REFERENCES mirror_2.proposals,
    representative  bytea   NOT NULL,
    holder          bytea   NOT NULL,
    power           numeric(39, 0) NOT NULL,
    height          bigint  NOT NULL,
    index           integer NOT NULL,
    moment          bigint  NOT NULL,
    PRIMARY KEY (proposal, representative, holder)
);

-- What the wallets of each identity vote together in a quadratic poll.
CREATE TABLE mirror_2.identity_votes (
    proposal  bigint NOT NULL REFERENCES mirror_2.proposals,
    identity  bytea  NOT NULL,
    -- Votes per option, as SCALE.
    votes     bytea  NOT NULL,
    -- What they cost of its credits.
    cost      bigint NOT NULL,
    PRIMARY KEY (proposal, identity)
);

-- The distinct rankings of a ranked poll.
CREATE TABLE mirror_2.rankings (
    proposal  bigint NOT NULL REFERENCES mirror_2.proposals,
    -- The options in order of preference, a byte for each.
    ranking   bytea  NOT NULL,
    -- Power behind it; more than 0.
    power     numeric(39, 0) NOT NULL,
    PRIMARY KEY (proposal, ranking)
);

-- The rounds of a ranked count.
CREATE TABLE mirror_2.rounds (
    proposal    bigint   NOT NULL REFERENCES mirror_2.proposals,
    round       integer  NOT NULL,
    exhausted   numeric(39, 0) NOT NULL,
    -- Options that went out at its end; empty in the last.
    eliminated  smallint[] NOT NULL,
    -- The option that won it, in the last.
    elected     smallint,
    -- What broke a tie between those that could have gone out: 'earlier_round' or 'index'.
    tie_break   text,
    moment      bigint   NOT NULL,
    PRIMARY KEY (proposal, round)
);

CREATE TABLE mirror_2.round_tallies (
    proposal  bigint   NOT NULL,
    round     integer  NOT NULL,
    option    smallint NOT NULL,
    votes     numeric(39, 0) NOT NULL,
    PRIMARY KEY (proposal, round, option),
    FOREIGN KEY (proposal, round) REFERENCES mirror_2.rounds
);

CREATE TABLE mirror_2.treasury_movements (
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
CREATE TABLE mirror_2.undecoded (
    height  bigint  NOT NULL,
    index   integer NOT NULL,
    reason  text    NOT NULL,
    PRIMARY KEY (height, index)
);

-- A filtered list walks an index of its own: otherwise a page of a rare kind reads all rows of the others.
CREATE INDEX votes_by_support ON mirror_2.votes (proposal, support, height DESC, index DESC);
CREATE INDEX treasury_movements_by_kind ON mirror_2.treasury_movements (kind, height DESC, index DESC);

-- The ballot box and the registry. Contracts of before there were any cannot be mirrored by this version: their rows
-- stay, and the indexer says so.
ALTER TABLE raw.source
    ADD COLUMN polls    bytea CHECK (octet_length(polls) = 32),
    ADD COLUMN registry bytea CHECK (octet_length(registry) = 32);

DROP SCHEMA mirror CASCADE;
DROP SCHEMA mirror_1 CASCADE;
CREATE SCHEMA mirror;
CREATE VIEW mirror.accounts           AS SELECT * FROM mirror_2.accounts;
CREATE VIEW mirror.delegations        AS SELECT * FROM mirror_2.delegations;
CREATE VIEW mirror.transfers          AS SELECT * FROM mirror_2.transfers;
CREATE VIEW mirror.supply             AS SELECT * FROM mirror_2.supply;
CREATE VIEW mirror.identities         AS SELECT * FROM mirror_2.identities;
CREATE VIEW mirror.registry           AS SELECT * FROM mirror_2.registry;
CREATE VIEW mirror.rules              AS SELECT * FROM mirror_2.rules;
CREATE VIEW mirror.governor           AS SELECT * FROM mirror_2.governor;
CREATE VIEW mirror.upgrades           AS SELECT * FROM mirror_2.upgrades;
CREATE VIEW mirror.proposals          AS SELECT * FROM mirror_2.proposals;
CREATE VIEW mirror.options            AS SELECT * FROM mirror_2.options;
CREATE VIEW mirror.calls              AS SELECT * FROM mirror_2.calls;
CREATE VIEW mirror.sponsors           AS SELECT * FROM mirror_2.sponsors;
CREATE VIEW mirror.votes              AS SELECT * FROM mirror_2.votes;
CREATE VIEW mirror.overrides          AS SELECT * FROM mirror_2.overrides;
CREATE VIEW mirror.identity_votes     AS SELECT * FROM mirror_2.identity_votes;
CREATE VIEW mirror.rankings           AS SELECT * FROM mirror_2.rankings;
CREATE VIEW mirror.rounds             AS SELECT * FROM mirror_2.rounds;
CREATE VIEW mirror.round_tallies      AS SELECT * FROM mirror_2.round_tallies;
CREATE VIEW mirror.treasury_movements AS SELECT * FROM mirror_2.treasury_movements;
CREATE VIEW mirror.undecoded          AS SELECT * FROM mirror_2.undecoded;
CREATE VIEW mirror.source             AS SELECT * FROM raw.source;
CREATE VIEW mirror.head               AS SELECT * FROM raw.head;
CREATE VIEW mirror.native_balances    AS SELECT * FROM raw.native_balances;
CREATE VIEW mirror.block AS
    SELECT b.height, b.hash, b.moment, b.finalized
    FROM raw.cursor c JOIN raw.blocks b USING (height);
