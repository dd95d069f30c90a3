-- Rows of the exposure scan (assurance §4). Times are milliseconds since 1970 in
-- UTC; NULL is "never". Nothing here is personal: values are masked, or keyed
-- fingerprints; targets that are personal are masked too.

-- +goose Up
-- The agency's own key of fingerprints, sealed by the keyring of secrets.
CREATE TABLE exposure_key (
    place   INTEGER PRIMARY KEY CHECK (place = 1),
    sealed  BLOB    NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;

-- What happened before what: clocks are set, ticks only grow. Whatever is proven
-- later than something else is so by its tick.
CREATE TABLE exposure_tick (
    place INTEGER PRIMARY KEY CHECK (place = 1),
    last  INTEGER NOT NULL
) STRICT;
INSERT INTO exposure_tick (place, last) VALUES (1, 0);

-- The number that a year of Thailand gave last.
CREATE TABLE exposure_year (
    what TEXT    NOT NULL CHECK (what IN ('scan', 'task')),
    year INTEGER NOT NULL,
    last INTEGER NOT NULL CHECK (last > 0),
    PRIMARY KEY (what, year)
) STRICT;

-- roots and covers are JSON lists of texts, root_ids one of keyed ids. An import
-- of another tool's results counts as a scan by that tool.
CREATE TABLE scan (
    id         TEXT    PRIMARY KEY,
    begun_tick INTEGER NOT NULL UNIQUE,
    tool       TEXT    NOT NULL,
    version    TEXT    NOT NULL,
    rules      TEXT    NOT NULL,
    plan       BLOB    NOT NULL,
    roots      TEXT    NOT NULL,
    root_ids   TEXT    NOT NULL,
    covers     TEXT    NOT NULL DEFAULT '[]',
    by_actor   TEXT    NOT NULL,
    by_session TEXT    NOT NULL,
    begun_at   INTEGER NOT NULL,
    ended_at   INTEGER,
    ended_tick INTEGER,
    state      TEXT    NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'complete', 'incomplete', 'canceled')),
    reason     TEXT    NOT NULL DEFAULT '',
    baseline   TEXT    REFERENCES scan (id),
    summary    BLOB,
    changes    BLOB,
    holder     TEXT    NOT NULL DEFAULT '',
    held_until INTEGER NOT NULL DEFAULT 0,
    CHECK ((state = 'open') = (ended_at IS NULL))
) STRICT;
CREATE INDEX scan_state ON scan (state, begun_tick);

-- What a scan met at a place: that it is done, what it gave as JSON without its
-- findings, and what proves a takedown. began is the tick up to which everything
-- was recorded before the place was looked at.
CREATE TABLE scan_item (
    number       INTEGER PRIMARY KEY,
    scan         TEXT    NOT NULL REFERENCES scan (id),
    target_id    TEXT    NOT NULL,
    target       TEXT    NOT NULL,
    at           INTEGER NOT NULL,
    began        INTEGER NOT NULL,
    state        TEXT    NOT NULL,
    fingerprints TEXT    NOT NULL,
    lists        TEXT    NOT NULL,
    outcome      BLOB    NOT NULL,
    findings     BLOB    NOT NULL,
    UNIQUE (scan, target_id)
) STRICT;
CREATE INDEX scan_item_target ON scan_item (target_id, number);
CREATE INDEX scan_item_lists ON scan_item (target_id) WHERE lists <> '[]';

-- The register: each value in each target once, over all scans. item_id is the
-- target that is asked for: of a file in an archive, the archive.
CREATE TABLE finding (
    number     INTEGER PRIMARY KEY,
    id         TEXT    NOT NULL UNIQUE,
    tool       TEXT    NOT NULL,
    class      TEXT    NOT NULL,
    severity   TEXT    NOT NULL,
    rank       INTEGER NOT NULL,
    reach      TEXT    NOT NULL,
    target_id  TEXT    NOT NULL,
    item       TEXT    NOT NULL,
    item_id    TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('new', 'still', 'fixed', 'not_checked')),
    first_at   INTEGER NOT NULL,
    first_scan TEXT    NOT NULL REFERENCES scan (id),
    last_at    INTEGER NOT NULL,
    last_scan  TEXT    NOT NULL REFERENCES scan (id),
    seen_tick  INTEGER NOT NULL,
    fixed_at   INTEGER,
    fixed_scan TEXT    REFERENCES scan (id),
    finding    BLOB    NOT NULL,
    CHECK ((state = 'fixed') = (fixed_at IS NOT NULL))
) STRICT;
CREATE INDEX finding_item ON finding (item_id);
CREATE INDEX finding_target ON finding (target_id);
CREATE INDEX finding_rank ON finding (rank DESC, number);
CREATE INDEX finding_open ON finding (last_scan) WHERE state <> 'fixed';

-- When a finding opened (1) and closed (-1), for the trend.
CREATE TABLE finding_turn (
    finding  TEXT    NOT NULL REFERENCES finding (id),
    scan     TEXT    NOT NULL REFERENCES scan (id),
    at       INTEGER NOT NULL,
    turn     INTEGER NOT NULL CHECK (turn IN (1, -1)),
    severity TEXT    NOT NULL
) STRICT;
CREATE INDEX finding_turn_at ON finding_turn (at);

-- Which findings an ended scan compared, and what became of each.
CREATE TABLE scan_change (
    scan    TEXT    NOT NULL REFERENCES scan (id),
    number  INTEGER NOT NULL,
    finding TEXT    NOT NULL REFERENCES finding (id),
    change  TEXT    NOT NULL,
    PRIMARY KEY (scan, number)
) STRICT;
CREATE INDEX scan_change_finding ON scan_change (finding);

-- A takedown or remediation. Its state is not here: it follows from what scans
-- met.
CREATE TABLE task (
    id           TEXT    PRIMARY KEY,
    finding      TEXT    NOT NULL REFERENCES finding (id),
    owner        TEXT    NOT NULL REFERENCES account (id),
    due_at       INTEGER NOT NULL,
    opened_at    INTEGER NOT NULL,
    opened_tick  INTEGER NOT NULL,
    opened_by    TEXT    NOT NULL,
    claimed_at   INTEGER,
    claimed_tick INTEGER,
    severity     TEXT    NOT NULL,
    CHECK ((claimed_at IS NULL) = (claimed_tick IS NULL))
) STRICT;

CREATE TABLE task_finding (
    task    TEXT NOT NULL REFERENCES task (id),
    finding TEXT NOT NULL REFERENCES finding (id),
    PRIMARY KEY (task, finding)
) STRICT;
CREATE INDEX task_finding_finding ON task_finding (finding);

-- Where it must be gone. item_id is what a scan asks for.
CREATE TABLE task_place (
    task      TEXT    NOT NULL REFERENCES task (id),
    number    INTEGER NOT NULL,
    kind      TEXT    NOT NULL,
    target    TEXT    NOT NULL,
    target_id TEXT    NOT NULL,
    item      TEXT    NOT NULL,
    item_id   TEXT    NOT NULL,
    PRIMARY KEY (task, number)
) STRICT;
CREATE INDEX task_place_item ON task_place (item_id);

-- What a scan proved of a task when it ended. Rows are only added.
CREATE TABLE task_mark (
    task  TEXT    NOT NULL REFERENCES task (id),
    tick  INTEGER NOT NULL,
    scan  TEXT    NOT NULL REFERENCES scan (id),
    at    INTEGER NOT NULL,
    state TEXT    NOT NULL CHECK (state IN ('stopped', 'again')),
    PRIMARY KEY (task, tick)
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER task_mark_stays BEFORE UPDATE ON task_mark
BEGIN SELECT RAISE(ABORT, 'proofs are not changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER scan_stays_ended BEFORE UPDATE ON scan
WHEN OLD.state <> 'open' AND NEW.state <> OLD.state
BEGIN SELECT RAISE(ABORT, 'a scan ends once'); END;
-- +goose StatementEnd

-- The register of systems (A05), one JSON object each.
CREATE TABLE asset (
    name   TEXT    PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    asset  BLOB    NOT NULL
) STRICT;

-- +goose Down
DROP TABLE asset;
DROP TABLE task_mark;
DROP TABLE task_place;
DROP TABLE task_finding;
DROP TABLE task;
DROP TABLE scan_change;
DROP TABLE finding_turn;
DROP TABLE finding;
DROP TABLE scan_item;
DROP TABLE scan;
DROP TABLE exposure_year;
DROP TABLE exposure_tick;
DROP TABLE exposure_key;
