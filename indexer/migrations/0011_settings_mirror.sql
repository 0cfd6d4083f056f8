-- What governance tells the systems: parameters, feature flags, releases, and anchors of audit logs.
-- Names are compared byte by byte, so that a prefix is a range of the index.

-- Parameters as they stand. The value at any later moment follows from the course, which holds the change to come.
CREATE TABLE mirror_2.parameters (
    key         text    COLLATE "C" PRIMARY KEY,
    -- Kind of the proposals that may change it.
    owner       text    NOT NULL,
    -- Owner, type, bounds and note, as SCALE.
    definition  bytea   NOT NULL,
    -- Value and change to come as they were last written, as SCALE.
    course      bytea   NOT NULL,
    -- Block, position and moment of the last change.
    height      bigint  NOT NULL,
    index       integer NOT NULL,
    moment      bigint  NOT NULL
);
CREATE INDEX parameters_by_owner ON mirror_2.parameters (owner, key);

-- All that was ever done to parameters. Between two rows of a parameter time alone moves its value, as the course says.
CREATE TABLE mirror_2.parameter_history (
    key         text    COLLATE "C" NOT NULL,
    height      bigint  NOT NULL,
    index       integer NOT NULL,
    moment      bigint  NOT NULL,
    action      text    NOT NULL CHECK (action IN ('define', 'set', 'schedule', 'cancel', 'retire')),
    -- What the parameter is from then on, as SCALE, where it was defined.
    definition  bytea   CHECK ((definition IS NOT NULL) = (action = 'define')),
    -- Value and change to come from then on, as SCALE.
    course      bytea   NOT NULL,
    -- The proposal whose execution ordered it.
    proposal    bigint,
    PRIMARY KEY (key, height, index)
);

-- Feature flags as they stand.
CREATE TABLE mirror_2.flags (
    key           text    COLLATE "C" PRIMARY KEY,
    -- Kind of the proposals that may set it.
    owner         text    NOT NULL,
    ceiling_bps   integer NOT NULL CHECK (ceiling_bps BETWEEN 0 AND 10000),
    exposure_bps  integer NOT NULL CHECK (exposure_bps BETWEEN 0 AND 10000),
    killed        boolean NOT NULL,
    -- What it says: meant to be flagd's JSON, but nobody has checked.
    body          text    NOT NULL,
    height        bigint  NOT NULL,
    index         integer NOT NULL,
    moment        bigint  NOT NULL
);
CREATE INDEX flags_by_killed ON mirror_2.flags (killed, key);

-- All that was ever done to flags: set by governance, or exposed, killed and revived by operators.
CREATE TABLE mirror_2.flag_history (
    key           text    COLLATE "C" NOT NULL,
    height        bigint  NOT NULL,
    index         integer NOT NULL,
    moment        bigint  NOT NULL,
    action        text    NOT NULL CHECK (action IN ('set', 'expose', 'kill', 'revive')),
    -- The operator; none where governance set it.
    operator      bytea   CHECK ((operator IS NULL) = (action = 'set')),
    -- The proposal whose execution set it.
    proposal      bigint,
    owner         text    NOT NULL,
    ceiling_bps   integer NOT NULL,
    exposure_bps  integer NOT NULL,
    killed        boolean NOT NULL,
    -- What it says from then on, where it was set.
    body          text    CHECK ((body IS NOT NULL) = (action = 'set')),
    PRIMARY KEY (key, height, index)
);

-- Releases of software, and how far they have come.
CREATE TABLE mirror_2.releases (
    release    bigint  PRIMARY KEY,
    component  text    COLLATE "C" NOT NULL,
    -- Component, digest, strategy and end of the approval, as SCALE.
    approved   bytea   NOT NULL,
    stage      text    NOT NULL CHECK (stage IN ('approved', 'running', 'completed', 'rolled_back', 'revoked')),
    -- While it runs: how many of its steps are over, and since when the present one is held.
    passed     smallint CHECK ((passed IS NOT NULL) = (stage = 'running')),
    since      bigint   CHECK ((since IS NOT NULL) = (stage = 'running')),
    -- Where it was approved.
    height     bigint  NOT NULL,
    index      integer NOT NULL,
    moment     bigint  NOT NULL,
    -- The proposal whose execution approved it.
    proposal   bigint
);
CREATE INDEX releases_by_component ON mirror_2.releases (component, release DESC);
CREATE INDEX releases_by_stage ON mirror_2.releases (stage, release DESC);
CREATE INDEX releases_by_component_and_stage ON mirror_2.releases (component, stage, release DESC);

-- What was reported of releases, and their being revoked.
CREATE TABLE mirror_2.release_reports (
    release   bigint  NOT NULL REFERENCES mirror_2.releases,
    height    bigint  NOT NULL,
    index     integer NOT NULL,
    moment    bigint  NOT NULL,
    report    text    NOT NULL
              CHECK (report IN ('started', 'step_passed', 'completed', 'rolled_back', 'revoked')),
    -- Which step has passed, from 0.
    step      smallint CHECK ((step IS NOT NULL) = (report = 'step_passed')),
    -- The operator; none where governance revoked it.
    operator  bytea   CHECK ((operator IS NULL) = (report = 'revoked')),
    -- The proposal whose execution revoked it.
    proposal  bigint,
    PRIMARY KEY (release, height, index)
);

-- Audit logs that were ever anchored, and how often.
CREATE TABLE mirror_2.origins (
    origin  text   COLLATE "C" PRIMARY KEY,
    times   bigint NOT NULL CHECK (times > 0)
);

-- What the logs were, at moments that the chain vouches for.
CREATE TABLE mirror_2.anchors (
    origin  text    COLLATE "C" NOT NULL REFERENCES mirror_2.origins,
    -- From 0, for each origin.
    number  bigint  NOT NULL,
    -- How many entries the log had; a u64.
    size    numeric(20, 0) NOT NULL CHECK (size > 0),
    -- Root of their Merkle tree.
    root    bytea   NOT NULL,
    -- Who anchored it.
    account bytea   NOT NULL,
    height  bigint  NOT NULL,
    index   integer NOT NULL,
    moment  bigint  NOT NULL,
    PRIMARY KEY (origin, number)
);
CREATE INDEX anchors_in_order ON mirror_2.anchors (height DESC, index DESC);
CREATE INDEX anchors_by_origin ON mirror_2.anchors (origin, height DESC, index DESC);

CREATE VIEW mirror.parameters        AS SELECT * FROM mirror_2.parameters;
CREATE VIEW mirror.parameter_history AS SELECT * FROM mirror_2.parameter_history;
CREATE VIEW mirror.flags             AS SELECT * FROM mirror_2.flags;
CREATE VIEW mirror.flag_history      AS SELECT * FROM mirror_2.flag_history;
CREATE VIEW mirror.releases          AS SELECT * FROM mirror_2.releases;
CREATE VIEW mirror.release_reports   AS SELECT * FROM mirror_2.release_reports;
CREATE VIEW mirror.origins           AS SELECT * FROM mirror_2.origins;
CREATE VIEW mirror.anchors           AS SELECT * FROM mirror_2.anchors;
