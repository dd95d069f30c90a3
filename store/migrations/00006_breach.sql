-- The register of incidents (assurance §3). Times are milliseconds since 1970 in
-- UTC. No deadline, no state and no list of those affected is stored: all follows
-- from the events.

-- +goose Up
-- The number that a year of Thailand gave last to an incident or a proposal.
CREATE TABLE breach_year (
    what TEXT    NOT NULL CHECK (what IN ('incident', 'proposal')),
    year INTEGER NOT NULL,
    last INTEGER NOT NULL CHECK (last > 0),
    PRIMARY KEY (what, year)
) STRICT;

-- The history of every incident, as JSON. link is the SHA-256 of the link before,
-- the salt and the event; it stands in the event's entry of the audit log too.
-- The triggers keep our own mistakes out, not an attacker, who is found by the
-- links and the log.
CREATE TABLE incident_event (
    incident TEXT    NOT NULL,
    number   INTEGER NOT NULL CHECK (number > 0),
    entry    INTEGER NOT NULL UNIQUE REFERENCES audit_entry (number),
    salt     BLOB    NOT NULL CHECK (length(salt) = 16),
    link     BLOB    NOT NULL CHECK (length(link) = 32),
    event    BLOB    NOT NULL,
    PRIMARY KEY (incident, number)
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER incident_event_has_no_gap BEFORE INSERT ON incident_event
WHEN NEW.number <> (SELECT coalesce(max(number) + 1, 1) FROM incident_event WHERE incident = NEW.incident)
BEGIN SELECT RAISE(ABORT, 'events are numbered without gaps'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER incident_event_stays BEFORE UPDATE ON incident_event
BEGIN SELECT RAISE(ABORT, 'events are not changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER incident_event_is_kept BEFORE DELETE ON incident_event
BEGIN SELECT RAISE(ABORT, 'events are not removed'); END;
-- +goose StatementEnd

-- What our own programs take for a possible incident. state_key is the same for
-- the same state of the same thing, which is proposed once.
CREATE TABLE incident_proposal (
    id         TEXT    PRIMARY KEY,
    state_key  TEXT    NOT NULL UNIQUE,
    alarm      TEXT    NOT NULL,
    about      TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('open', 'accepted', 'dismissed')),
    proposed   INTEGER NOT NULL,
    proposal   BLOB    NOT NULL
) STRICT;
CREATE INDEX incident_proposal_about ON incident_proposal (alarm, about);

-- +goose StatementBegin
CREATE TRIGGER incident_proposal_is_settled_once BEFORE UPDATE ON incident_proposal
WHEN OLD.state <> 'open' OR NEW.state = 'open' OR NEW.id <> OLD.id OR NEW.state_key <> OLD.state_key
BEGIN SELECT RAISE(ABORT, 'proposals are settled once'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER incident_proposal_is_kept BEFORE DELETE ON incident_proposal
BEGIN SELECT RAISE(ABORT, 'proposals are not removed'); END;
-- +goose StatementEnd

-- The agency's own targets in seconds; no row where it has set none.
CREATE TABLE breach_settings (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    warn        INTEGER NOT NULL CHECK (warn >= 0),
    credibility INTEGER NOT NULL CHECK (credibility >= 0),
    facts       INTEGER NOT NULL CHECK (facts >= 0),
    contain     INTEGER NOT NULL CHECK (contain >= 0),
    subjects    INTEGER NOT NULL CHECK (subjects >= 0),
    prevent     INTEGER NOT NULL CHECK (prevent >= 0)
) STRICT;

-- +goose Down
DROP TABLE breach_settings;
DROP TABLE incident_proposal;
DROP TABLE incident_event;
DROP TABLE breach_year;
