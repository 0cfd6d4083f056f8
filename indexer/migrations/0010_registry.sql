-- The registry in full: identities and their accounts, freezes, links, roles, signing keys, and who did what to whom.
-- Nothing personal: identities and commitments are salted hashes, reasons are codes.
DROP VIEW mirror.identities;
DROP TABLE mirror_2.identities;

-- Which account belongs to which identity.
CREATE TABLE mirror_2.members (
    account      bytea   PRIMARY KEY CHECK (octet_length(account) = 32),
    identity     bytea   NOT NULL CHECK (octet_length(identity) = 32),
    -- The account whose identity it joined as both signed; null where an attestor said that it belongs there.
    linked_with  bytea   CHECK (octet_length(linked_with) = 32),
    -- Block and moment since which it does.
    height       bigint  NOT NULL,
    moment       bigint  NOT NULL
);
CREATE INDEX members_by_identity ON mirror_2.members (identity, account);

-- What was last said of every identity that was ever attested.
CREATE TABLE mirror_2.identities (
    identity    bytea    PRIMARY KEY CHECK (octet_length(identity) = 32),
    attestor    bytea    NOT NULL CHECK (octet_length(attestor) = 32),
    tier        smallint NOT NULL CHECK (tier BETWEEN 0 AND 15),
    -- Last moment at which it holds.
    expires     bigint   NOT NULL,
    commitment  bytea    NOT NULL CHECK (octet_length(commitment) = 32),
    -- Whether it counts in the population: until it is revoked, or somebody notes that it has expired.
    counts      boolean  NOT NULL,
    revoked     boolean  NOT NULL CHECK (NOT (revoked AND counts)),
    -- Whether the identity is frozen; by whom and why is told in the freezes.
    frozen      boolean  NOT NULL,
    -- Block of the last change.
    height      bigint   NOT NULL
);
-- A filtered list walks an index of its own. What is attested and what has expired is told by the clock, so every one
-- of them ends with the moment.
CREATE INDEX identities_in_order ON mirror_2.identities (expires, identity);
CREATE INDEX identities_by_attestor ON mirror_2.identities (attestor, expires, identity);
CREATE INDEX identities_by_state ON mirror_2.identities (tier, revoked, frozen, expires, identity);
CREATE INDEX identities_by_attestor_and_state
    ON mirror_2.identities (attestor, tier, revoked, frozen, expires, identity);

-- How many identities counted from each moment on.
CREATE TABLE mirror_2.population (
    since       bigint PRIMARY KEY,
    population  bigint NOT NULL CHECK (population >= 0)
);

-- Whom nobody can pay.
CREATE TABLE mirror_2.freezes (
    kind     text    NOT NULL CHECK (kind IN ('account', 'identity')),
    subject  bytea   NOT NULL CHECK (octet_length(subject) = 32),
    reason   integer NOT NULL,
    -- Who froze it.
    actor    bytea   NOT NULL CHECK (octet_length(actor) = 32),
    -- Where that was said.
    height   bigint  NOT NULL,
    index    integer NOT NULL,
    moment   bigint  NOT NULL,
    PRIMARY KEY (kind, subject)
);
CREATE INDEX freezes_in_order ON mirror_2.freezes (height DESC, index DESC);
CREATE INDEX freezes_by_kind ON mirror_2.freezes (kind, height DESC, index DESC);

-- How often accounts were linked: the nonce of their next link.
CREATE TABLE mirror_2.link_nonces (
    account  bytea  PRIMARY KEY CHECK (octet_length(account) = 32),
    nonce    bigint NOT NULL CHECK (nonce > 0)
);

-- Roles that were granted and not revoked, over or not.
CREATE TABLE mirror_2.roles (
    account  bytea  NOT NULL CHECK (octet_length(account) = 32),
    role     text   NOT NULL,
    -- Last moment at which the account has it.
    until    bigint NOT NULL,
    -- Block and moment of its granting.
    height   bigint NOT NULL,
    moment   bigint NOT NULL,
    PRIMARY KEY (account, role)
);
CREATE INDEX roles_in_order ON mirror_2.roles (until, account, role);
CREATE INDEX roles_by_account ON mirror_2.roles (account, until, role);
CREATE INDEX roles_by_role ON mirror_2.roles (role, until, account);
CREATE INDEX roles_by_both ON mirror_2.roles (account, role, until);

-- Keys that sign the checkpoints of audit logs. Each took a proposal to publish, so they are few.
CREATE TABLE mirror_2.keys (
    number   bigint  PRIMARY KEY,
    origin   text    NOT NULL,
    holder   bytea   NOT NULL CHECK (octet_length(holder) = 32),
    -- The public key, of Ed25519.
    key      bytea   NOT NULL CHECK (octet_length(key) = 32),
    -- First and last moment at which it is good.
    begins   bigint  NOT NULL,
    until    bigint  NOT NULL,
    revoked  boolean NOT NULL,
    -- Block of the last change.
    height   bigint  NOT NULL
);
CREATE INDEX keys_by_origin ON mirror_2.keys (origin, number);

-- Who did what to whom, and why: added to and never changed.
CREATE TABLE mirror_2.registry_events (
    height      bigint   NOT NULL,
    index       integer  NOT NULL,
    moment      bigint   NOT NULL,
    kind        text     NOT NULL,
    -- About which identity. Of a frozen account: the one to which it belonged then.
    identity    bytea,
    -- About which account.
    account     bytea,
    -- With whom it was linked.
    linked_with bytea,
    -- Who did it, as far as the registry tells.
    actor       bytea,
    -- The proposal whose execution ordered it.
    proposal    bigint,
    reason      integer,
    tier        smallint,
    -- Last moment of an attestation, a role or a key.
    until       bigint,
    commitment  bytea,
    nonce       bigint,
    -- What an attestor may do.
    tiers       smallint[],
    daily_cap   bigint,
    role        text,
    -- Number and origin of a signing key.
    key         bigint,
    origin      text,
    PRIMARY KEY (height, index)
);
CREATE INDEX registry_events_by_kind ON mirror_2.registry_events (kind, height DESC, index DESC);
CREATE INDEX registry_events_by_identity ON mirror_2.registry_events (identity, height DESC, index DESC);
CREATE INDEX registry_events_by_identity_and_kind
    ON mirror_2.registry_events (identity, kind, height DESC, index DESC);
CREATE INDEX registry_events_by_account ON mirror_2.registry_events (account, height DESC, index DESC);
CREATE INDEX registry_events_by_account_and_kind
    ON mirror_2.registry_events (account, kind, height DESC, index DESC);
CREATE INDEX registry_events_by_actor ON mirror_2.registry_events (actor, height DESC, index DESC);
CREATE INDEX registry_events_by_actor_and_kind ON mirror_2.registry_events (actor, kind, height DESC, index DESC);

CREATE VIEW mirror.members         AS SELECT * FROM mirror_2.members;
CREATE VIEW mirror.identities      AS SELECT * FROM mirror_2.identities;
CREATE VIEW mirror.population      AS SELECT * FROM mirror_2.population;
CREATE VIEW mirror.freezes         AS SELECT * FROM mirror_2.freezes;
CREATE VIEW mirror.link_nonces     AS SELECT * FROM mirror_2.link_nonces;
CREATE VIEW mirror.roles           AS SELECT * FROM mirror_2.roles;
CREATE VIEW mirror.keys            AS SELECT * FROM mirror_2.keys;
CREATE VIEW mirror.registry_events AS SELECT * FROM mirror_2.registry_events;
