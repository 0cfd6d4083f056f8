-- The treasury in full: budgets, escrows, approvals, streams, pauses, and a ledger of all that it holds.
-- An asset is stored as the account of its token, and the native currency as no bytes at all. Moments that governance
-- chooses are stored whole, also those beyond 2^63 ms: what a stream has accrued depends on them.

-- The ledger tells all that the movements told, and what came in without a message too.
DROP VIEW mirror.treasury_movements;
DROP TABLE mirror_2.treasury_movements;

-- What an account must hold to exist: the treasury never pays out of it. A row for each block that changed it.
CREATE TABLE raw.existential_deposits (
    height  bigint PRIMARY KEY REFERENCES raw.blocks,
    amount  numeric(39, 0) NOT NULL CHECK (amount >= 0)
);

-- What the treasury has of each asset, after the last row of the ledger.
CREATE TABLE mirror_2.treasury_assets (
    asset     bytea   PRIMARY KEY CHECK (octet_length(asset) IN (0, 32)),
    balance   numeric(39, 0) NOT NULL CHECK (balance >= 0),
    -- What escrows and streams still owe.
    reserved  numeric(39, 0) NOT NULL CHECK (reserved >= 0),
    -- Whether a budget was ever set in it. Anybody can send tokens of no worth.
    budgeted  boolean NOT NULL
);
CREATE INDEX treasury_assets_budgeted ON mirror_2.treasury_assets (asset) WHERE budgeted;

-- Everything that changed what the treasury holds.
CREATE TABLE mirror_2.treasury_ledger (
    height        bigint   NOT NULL,
    -- Position of its event. What came in or went out in a block without any is known of the native currency, by what its
    -- account holds after the block: what came in stands before all events, at -1, since they may have paid out of it;
    -- what went out stands after all, at 2147483647.
    index         integer  NOT NULL CHECK (index >= -1),
    moment        bigint   NOT NULL,
    asset         bytea    NOT NULL CHECK (octet_length(asset) IN (0, 32)),
    kind          text     NOT NULL CHECK (kind IN ('deposit', 'payment', 'release', 'stream_claim', 'transfer')),
    -- Whether it came in; otherwise it went out.
    incoming      boolean  NOT NULL,
    amount        numeric(39, 0) NOT NULL CHECK (amount >= 0),
    -- From whom or to whom, if that is known.
    counterparty  bytea    CHECK (octet_length(counterparty) = 32),
    -- What the treasury has of the asset after it.
    balance       numeric(39, 0) NOT NULL CHECK (balance >= 0),
    -- What of the amount is not in the balance: a token can tell of more than there was, or than can be counted.
    excess        numeric(39, 0) NOT NULL CHECK (excess BETWEEN 0 AND amount),
    category      integer,
    escrow        bigint,
    milestone     smallint,
    stream        bigint,
    -- The proposal whose execution paid it, or opened the escrow or stream that it comes from.
    proposal      bigint,
    PRIMARY KEY (height, index)
);
CREATE INDEX treasury_ledger_by_asset ON mirror_2.treasury_ledger (asset, height DESC, index DESC);
CREATE INDEX treasury_ledger_by_kind ON mirror_2.treasury_ledger (kind, height DESC, index DESC);
CREATE INDEX treasury_ledger_by_both ON mirror_2.treasury_ledger (asset, kind, height DESC, index DESC);

-- The budget of each category as it stands.
CREATE TABLE mirror_2.treasury_budgets (
    category   integer PRIMARY KEY CHECK (category BETWEEN 0 AND 65535),
    -- The budget and what was left when something was last committed, as SCALE: what is left at a moment follows.
    allotment  bytea   NOT NULL,
    -- When it was last set, and by the execution of which proposal.
    height     bigint  NOT NULL,
    moment     bigint  NOT NULL,
    proposal   bigint
);

-- Every budget that was ever set.
CREATE TABLE mirror_2.treasury_budget_changes (
    height     bigint  NOT NULL,
    index      integer NOT NULL,
    moment     bigint  NOT NULL,
    category   integer NOT NULL,
    -- As SCALE.
    budget     bytea   NOT NULL,
    -- What could be committed of it just then.
    available  numeric(39, 0) NOT NULL,
    proposal   bigint,
    PRIMARY KEY (height, index)
);
CREATE INDEX treasury_budget_changes_in_order
    ON mirror_2.treasury_budget_changes (category, height DESC, index DESC);

CREATE TABLE mirror_2.treasury_escrows (
    escrow      bigint   PRIMARY KEY,
    category    integer  NOT NULL,
    asset       bytea    NOT NULL CHECK (octet_length(asset) IN (0, 32)),
    milestones  smallint NOT NULL,
    -- Of all milestones together: what was reserved, was released, and is still reserved.
    amount      numeric(39, 0) NOT NULL,
    paid        numeric(39, 0) NOT NULL,
    remaining   numeric(39, 0) NOT NULL CHECK (remaining >= 0),
    -- Whether anything is still reserved.
    open        boolean  NOT NULL,
    height      bigint   NOT NULL,
    moment      bigint   NOT NULL,
    proposal    bigint
);
CREATE INDEX treasury_escrows_by_state ON mirror_2.treasury_escrows (open, escrow DESC);

-- Who is to be paid out of which escrow.
CREATE TABLE mirror_2.treasury_escrow_payees (
    payee   bytea   NOT NULL,
    escrow  bigint  NOT NULL REFERENCES mirror_2.treasury_escrows,
    -- As the escrow's.
    open    boolean NOT NULL,
    PRIMARY KEY (payee, escrow)
);
CREATE INDEX treasury_escrow_payees_by_state ON mirror_2.treasury_escrow_payees (payee, open, escrow DESC);
CREATE INDEX treasury_escrow_payees_by_escrow ON mirror_2.treasury_escrow_payees (escrow);

CREATE TABLE mirror_2.treasury_milestones (
    escrow       bigint   NOT NULL REFERENCES mirror_2.treasury_escrows,
    milestone    smallint NOT NULL,
    payee        bytea    NOT NULL,
    amount       numeric(39, 0) NOT NULL,
    -- First and last moment of a release.
    earliest     numeric(20, 0) NOT NULL,
    latest       numeric(20, 0) NOT NULL,
    deliverable  bytea    NOT NULL CHECK (octet_length(deliverable) = 32),
    paid         numeric(39, 0) NOT NULL,
    remaining    numeric(39, 0) NOT NULL CHECK (remaining >= 0),
    -- How many releases it has had: the nonce of the next.
    releases     bigint   NOT NULL,
    -- What became of the rest, if it is free again: how much, how, when, and by the execution of which proposal.
    freed        numeric(39, 0),
    freed_how    text     CHECK (freed_how IN ('lapsed', 'clawed_back')),
    freed_height bigint,
    freed_moment bigint,
    freed_by     bigint,
    PRIMARY KEY (escrow, milestone)
);
-- Those that something can still be released of, by when that ends.
CREATE INDEX treasury_milestones_open
    ON mirror_2.treasury_milestones (latest, escrow, milestone) WHERE remaining > 0;

-- Every release that was made.
CREATE TABLE mirror_2.treasury_releases (
    escrow     bigint   NOT NULL,
    milestone  smallint NOT NULL,
    nonce      bigint   NOT NULL,
    payee      bytea    NOT NULL,
    amount     numeric(39, 0) NOT NULL,
    height     bigint   NOT NULL,
    index      integer  NOT NULL,
    moment     bigint   NOT NULL,
    PRIMARY KEY (escrow, milestone, nonce)
);

-- What each signer last said of a release.
CREATE TABLE mirror_2.treasury_approvals (
    escrow     bigint   NOT NULL,
    milestone  smallint NOT NULL,
    nonce      bigint   NOT NULL,
    amount     numeric(39, 0) NOT NULL,
    signer     bytea    NOT NULL,
    -- Which change of the signers named this one: it counts as long as that is so. Null if it withdrew.
    since      bigint,
    height     bigint   NOT NULL,
    index      integer  NOT NULL,
    moment     bigint   NOT NULL,
    PRIMARY KEY (escrow, milestone, nonce, amount, signer)
);
CREATE INDEX treasury_approvals_in_order
    ON mirror_2.treasury_approvals (escrow, milestone, nonce, height DESC, index DESC);

-- All that signers ever said.
CREATE TABLE mirror_2.treasury_statements (
    height     bigint   NOT NULL,
    index      integer  NOT NULL,
    moment     bigint   NOT NULL,
    escrow     bigint   NOT NULL,
    milestone  smallint NOT NULL,
    nonce      bigint   NOT NULL,
    amount     numeric(39, 0) NOT NULL,
    signer     bytea    NOT NULL,
    -- As above.
    since      bigint,
    PRIMARY KEY (height, index)
);
CREATE INDEX treasury_statements_by_signer ON mirror_2.treasury_statements (signer, height DESC, index DESC);

-- Every set of signers; the latest is the present one.
CREATE TABLE mirror_2.treasury_signers (
    height    bigint  NOT NULL,
    index     integer NOT NULL,
    moment    bigint  NOT NULL,
    -- Who they are, how many must approve, and how often they were set, as SCALE.
    signers   bytea   NOT NULL,
    proposal  bigint,
    PRIMARY KEY (height, index)
);

CREATE TABLE mirror_2.treasury_streams (
    stream      bigint  PRIMARY KEY,
    category    integer NOT NULL,
    asset       bytea   NOT NULL CHECK (octet_length(asset) IN (0, 32)),
    payee       bytea   NOT NULL,
    amount      numeric(39, 0) NOT NULL,
    begins      numeric(20, 0) NOT NULL,
    ends        numeric(20, 0) NOT NULL,
    claimed     numeric(39, 0) NOT NULL CHECK (claimed <= amount),
    -- When it was stopped, and by the execution of which proposal.
    stopped     bigint,
    stopped_by  bigint,
    height      bigint  NOT NULL,
    moment      bigint  NOT NULL,
    proposal    bigint
);
CREATE INDEX treasury_streams_by_payee ON mirror_2.treasury_streams (payee, stream DESC);

-- Every pause and its end; the latest is how it stands.
CREATE TABLE mirror_2.treasury_pauses (
    height    bigint  NOT NULL,
    index     integer NOT NULL,
    moment    bigint  NOT NULL,
    -- Who paused it; null where a pause ended.
    guardian  bytea,
    -- The proposal whose execution ended it.
    proposal  bigint,
    PRIMARY KEY (height, index)
);

CREATE VIEW mirror.existential_deposits    AS SELECT * FROM raw.existential_deposits;
CREATE VIEW mirror.treasury_assets         AS SELECT * FROM mirror_2.treasury_assets;
CREATE VIEW mirror.treasury_ledger         AS SELECT * FROM mirror_2.treasury_ledger;
CREATE VIEW mirror.treasury_budgets        AS SELECT * FROM mirror_2.treasury_budgets;
CREATE VIEW mirror.treasury_budget_changes AS SELECT * FROM mirror_2.treasury_budget_changes;
CREATE VIEW mirror.treasury_escrows        AS SELECT * FROM mirror_2.treasury_escrows;
CREATE VIEW mirror.treasury_escrow_payees  AS SELECT * FROM mirror_2.treasury_escrow_payees;
CREATE VIEW mirror.treasury_milestones     AS SELECT * FROM mirror_2.treasury_milestones;
CREATE VIEW mirror.treasury_releases       AS SELECT * FROM mirror_2.treasury_releases;
CREATE VIEW mirror.treasury_approvals      AS SELECT * FROM mirror_2.treasury_approvals;
CREATE VIEW mirror.treasury_statements     AS SELECT * FROM mirror_2.treasury_statements;
CREATE VIEW mirror.treasury_signers        AS SELECT * FROM mirror_2.treasury_signers;
CREATE VIEW mirror.treasury_streams        AS SELECT * FROM mirror_2.treasury_streams;
CREATE VIEW mirror.treasury_pauses         AS SELECT * FROM mirror_2.treasury_pauses;
