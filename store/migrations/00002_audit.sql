-- The audit log (assurance §5.1). A row is never changed but to erase content,
-- and never removed; the triggers keep our own mistakes out, not an attacker,
-- who is found by the hashes and what others hold of them.

-- +goose Up
-- Salt and payload are NULL once erased: then the leaf in audit_hash is all
-- that is left, and an entry of kind erased or deleted names the number.
CREATE TABLE audit_entry (
    number  INTEGER PRIMARY KEY CHECK (number >= 0),
    salt    BLOB CHECK (length(salt) = 16),
    payload BLOB,
    CHECK ((salt IS NULL) = (payload IS NULL))
) STRICT;

-- The hashes that an entry completes in the tree of RFC 6962: its leaf, then
-- the roots of subtrees, 32 bytes each.
CREATE TABLE audit_hash (
    number INTEGER PRIMARY KEY CHECK (number >= 0),
    hashes BLOB    NOT NULL CHECK (length(hashes) > 0 AND length(hashes) % 32 = 0)
) STRICT;

-- Signed heads: the newest of each day.
CREATE TABLE audit_checkpoint (
    id   INTEGER PRIMARY KEY,
    day  TEXT    NOT NULL,
    size INTEGER NOT NULL,
    note BLOB    NOT NULL
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry
WHEN NEW.number <> OLD.number OR NEW.payload IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'audit entries are not changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_entry_is_kept BEFORE DELETE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'audit entries are not removed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_entry_has_no_gap BEFORE INSERT ON audit_entry
WHEN NEW.number <> (SELECT coalesce(max(number) + 1, 0) FROM audit_entry)
BEGIN SELECT RAISE(ABORT, 'audit entries are numbered without gaps'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_hash_has_no_gap BEFORE INSERT ON audit_hash
WHEN NEW.number <> (SELECT coalesce(max(number) + 1, 0) FROM audit_hash)
BEGIN SELECT RAISE(ABORT, 'audit hashes are numbered without gaps'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_hash_stays BEFORE UPDATE ON audit_hash
BEGIN SELECT RAISE(ABORT, 'audit hashes are not changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_hash_is_kept BEFORE DELETE ON audit_hash
BEGIN SELECT RAISE(ABORT, 'audit hashes are not removed'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE audit_checkpoint;
DROP TABLE audit_hash;
DROP TABLE audit_entry;
