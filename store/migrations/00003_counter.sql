-- Rows of the counter: which web sites may ask, and what waits for the clerk.
-- Times are milliseconds since 1970 in UTC; NULL is "never".

-- +goose Up
-- What is random for each installation. The name of the session's cookie is no
-- secret; it only keeps other local servers from using it by accident.
CREATE TABLE installation (
    place       INTEGER PRIMARY KEY CHECK (place = 1),
    cookie_name TEXT    NOT NULL
) STRICT;
INSERT INTO installation (place, cookie_name) VALUES (1, 'cp_' || lower(hex(randomblob(8))));

-- fields and purposes are words between blanks, return_urls one address a line;
-- key_set is a JWK set with public keys, or empty.
CREATE TABLE web_origin (
    id          TEXT    PRIMARY KEY,
    origin      TEXT    NOT NULL UNIQUE,
    audience    TEXT    NOT NULL,
    fields      TEXT    NOT NULL,
    purposes    TEXT    NOT NULL,
    return_urls TEXT    NOT NULL,
    key_set     TEXT    NOT NULL,
    ask         TEXT    NOT NULL CHECK (ask IN ('never', 'always')),
    plain_http  INTEGER NOT NULL CHECK (plain_http IN (0, 1)),
    approved_by TEXT    NOT NULL,
    approved_at INTEGER NOT NULL,
    last_use_at INTEGER
) STRICT;

-- answer is empty while it waits.
CREATE TABLE approval (
    id          TEXT    PRIMARY KEY,
    origin      TEXT    NOT NULL,
    purpose     TEXT    NOT NULL,
    fields      TEXT    NOT NULL,
    holder      TEXT    NOT NULL,
    session_id  TEXT    NOT NULL,
    hold_id     TEXT    NOT NULL,
    asked_at    INTEGER NOT NULL,
    ends_at     INTEGER NOT NULL,
    answer      TEXT    NOT NULL DEFAULT '' CHECK (answer IN ('', 'approved', 'declined', 'withdrawn')),
    answered_by TEXT    NOT NULL DEFAULT '',
    answered_at INTEGER
) STRICT;
CREATE INDEX approval_asked ON approval (asked_at);

-- +goose Down
DROP TABLE approval;
DROP TABLE web_origin;
DROP TABLE installation;
