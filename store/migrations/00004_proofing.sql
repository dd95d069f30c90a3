-- Rows of proofings. Times are milliseconds since 1970 in UTC.

-- +goose Up
-- The name under which this installation's proofs call the agent, until an
-- administrator gives it another one (serve --agent-id).
ALTER TABLE installation ADD COLUMN agent_id TEXT NOT NULL DEFAULT '';
UPDATE installation SET agent_id = 'agent-' || lower(hex(randomblob(4)));

-- Which policy is in use: the digest of its content.
ALTER TABLE installation ADD COLUMN policy_digest TEXT NOT NULL DEFAULT '';

-- Every policy that was ever in use, so that what was decided by it can be
-- worked out again.
CREATE TABLE policy (
    digest   TEXT    PRIMARY KEY,
    version  TEXT    NOT NULL,
    content  BLOB    NOT NULL,
    used_at  INTEGER NOT NULL
) STRICT;

-- Signed requests that are being answered, or were. jti and nonce stand here as
-- SHA-256: whoever reads the database learns none that is still good. They come
-- along in a backup; what was used since the backup is not known after a restore,
-- but no request lives for longer than three minutes.
CREATE TABLE signed_request (
    issuer   TEXT    NOT NULL,
    jti      BLOB    NOT NULL CHECK (length(jti) = 32),
    nonce    BLOB    NOT NULL CHECK (length(nonce) = 32),
    proofing TEXT    NOT NULL,
    used     INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1)),
    until_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, jti),
    UNIQUE (issuer, nonce)
) STRICT;
CREATE INDEX signed_request_until ON signed_request (until_at);

-- The number that a day of Thailand gave last to a proofing.
CREATE TABLE proofing_day (
    day  TEXT    PRIMARY KEY,
    last INTEGER NOT NULL CHECK (last > 0)
) STRICT;

-- What was decided, on which facts and by which rules, as JSON; nothing of the
-- citizen but a pseudonym. A row lives as long as the content of its entry in the
-- audit log: retention and erasure take both in one transaction.
CREATE TABLE proofing (
    txn    TEXT    PRIMARY KEY,
    id     TEXT    NOT NULL UNIQUE,
    entry  INTEGER NOT NULL UNIQUE REFERENCES audit_entry (number),
    at     INTEGER NOT NULL,
    record BLOB    NOT NULL
) STRICT;

-- +goose Down
DROP TABLE proofing;
DROP TABLE proofing_day;
DROP TABLE signed_request;
DROP TABLE policy;
ALTER TABLE installation DROP COLUMN policy_digest;
ALTER TABLE installation DROP COLUMN agent_id;
