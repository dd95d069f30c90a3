-- The warnings by e-mail that went out before deadlines of incidents, so that a
-- restart sends none of them again. Times are milliseconds since 1970 in UTC. What
-- is to be warned about follows from the events; neither addresses nor texts are kept.

-- +goose Up
CREATE TABLE mail_warning (
    incident   TEXT    NOT NULL,
    duty       TEXT    NOT NULL,
    deadline   INTEGER NOT NULL,
    threshold  TEXT    NOT NULL CHECK (threshold IN ('warning', 'last_hours', 'overdue')),
    holder     TEXT    NOT NULL, -- the process that is sending it; empty for none
    held_until INTEGER NOT NULL, -- after that, it is taken for dead
    sent       INTEGER,          -- when the server had taken it
    PRIMARY KEY (incident, duty, deadline, threshold)
) STRICT;

-- +goose Down
DROP TABLE mail_warning;
