-- Rows of package mfa. Times are milliseconds since 1970 in UTC; NULL is "never".
-- Nothing here is a clear secret: tokens, codes and grants are hashes, keys of
-- authenticators are sealed, passwords are argon2id over a keyed hash.

-- +goose Up
CREATE TABLE account (
    id            TEXT    PRIMARY KEY,
    name          TEXT    NOT NULL UNIQUE,
    role          TEXT    NOT NULL CHECK (role IN ('staff', 'dpo', 'admin')),
    created_at    INTEGER NOT NULL,
    disabled_at   INTEGER,
    last_login_at INTEGER
) STRICT;

CREATE TABLE password (
    account_id TEXT    PRIMARY KEY REFERENCES account (id),
    phc        TEXT    NOT NULL,
    pepper_id  TEXT    NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE totp (
    id           TEXT    PRIMARY KEY,
    account_id   TEXT    NOT NULL REFERENCES account (id),
    label        TEXT    NOT NULL,
    secret       BLOB    NOT NULL,
    created_at   INTEGER NOT NULL,
    confirmed_at INTEGER,
    last_step    INTEGER NOT NULL DEFAULT 0,
    pending_for  TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX totp_account ON totp (account_id);

CREATE TABLE backup_code (
    id         TEXT    PRIMARY KEY,
    account_id TEXT    NOT NULL REFERENCES account (id),
    hash       BLOB    NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT;
CREATE INDEX backup_code_account ON backup_code (account_id);

CREATE TABLE emergency_code (
    id         TEXT    PRIMARY KEY,
    hash       BLOB    NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    used_at    INTEGER,
    used_by    TEXT    REFERENCES account (id),
    void_at    INTEGER
) STRICT;

CREATE TABLE enrolment_grant (
    id             TEXT    PRIMARY KEY,
    account_id     TEXT    NOT NULL REFERENCES account (id),
    purpose        TEXT    NOT NULL,
    hash           BLOB    NOT NULL UNIQUE,
    made_by        TEXT    NOT NULL,
    created_at     INTEGER NOT NULL,
    ends_at        INTEGER NOT NULL,
    started_at     INTEGER,
    used_at        INTEGER,
    void_at        INTEGER,
    pending_phc    TEXT    NOT NULL DEFAULT '',
    pending_pepper TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX enrolment_grant_account ON enrolment_grant (account_id);

-- The level of a session is not here: it is computed from its factors.
CREATE TABLE session (
    id           TEXT    PRIMARY KEY,
    account_id   TEXT    NOT NULL REFERENCES account (id),
    token_hash   BLOB    NOT NULL UNIQUE,
    key_id       TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    last_act_at  INTEGER NOT NULL,
    ends_at      INTEGER NOT NULL,
    logged_in_at INTEGER,
    locked_at    INTEGER,
    since_at     INTEGER,
    ended_at     INTEGER,
    ended_by     TEXT    NOT NULL DEFAULT '',
    ended_reason TEXT    NOT NULL DEFAULT '',
    address      TEXT    NOT NULL,
    agent        TEXT    NOT NULL
) STRICT;
CREATE INDEX session_account ON session (account_id);

CREATE TABLE session_factor (
    session_id    TEXT    NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    number        INTEGER NOT NULL,
    method        TEXT    NOT NULL,
    authenticator TEXT    NOT NULL,
    given_at      INTEGER NOT NULL,
    PRIMARY KEY (session_id, number)
) STRICT;

-- method is empty for the counter of an account over all its factors.
CREATE TABLE throttle (
    account    TEXT    NOT NULL,
    method     TEXT    NOT NULL,
    tries      INTEGER NOT NULL CHECK (tries >= 0),
    not_before INTEGER NOT NULL,
    last_at    INTEGER NOT NULL,
    PRIMARY KEY (account, method)
) STRICT;

CREATE TABLE desk (
    place      INTEGER PRIMARY KEY CHECK (place = 1),
    hold_id    TEXT    NOT NULL,
    session_id TEXT    NOT NULL,
    account_id TEXT    NOT NULL,
    since_at   INTEGER
) STRICT;
INSERT INTO desk (place, hold_id, session_id, account_id) VALUES (1, '', '', '');

CREATE TABLE notice (
    id         INTEGER PRIMARY KEY,
    account_id TEXT    NOT NULL REFERENCES account (id),
    at         INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    detail     TEXT    NOT NULL
) STRICT;
CREATE INDEX notice_account ON notice (account_id, at);

CREATE TABLE step_run (
    place  INTEGER PRIMARY KEY CHECK (place = 1),
    length INTEGER NOT NULL
) STRICT;
INSERT INTO step_run (place, length) VALUES (1, 0);

CREATE TABLE key_check (
    ring       TEXT    NOT NULL,
    key_id     TEXT    NOT NULL,
    value      BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (ring, key_id)
) STRICT;

-- +goose Down
DROP TABLE key_check;
DROP TABLE step_run;
DROP TABLE notice;
DROP TABLE desk;
DROP TABLE throttle;
DROP TABLE session_factor;
DROP TABLE session;
DROP TABLE enrolment_grant;
DROP TABLE emergency_code;
DROP TABLE backup_code;
DROP TABLE totp;
DROP TABLE password;
DROP TABLE account;
