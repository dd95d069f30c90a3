package storetest

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"chipproof/mfa"
)

// Recorder writes events as plain rows of a table that it makes itself. It is
// for tests only: such rows prove nothing, unlike the audit log's.
type Recorder struct{}

// Record writes one event.
func (Recorder) Record(ctx context.Context, tx *sql.Tx, e mfa.Event) error {
	if err := makeTable(ctx, tx); err != nil {
		return err
	}
	attributes, err := json.Marshal(e.Attributes)
	if err != nil {
		return fmt.Errorf("record test event: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO test_event (kind, at, actor, subject, session, attributes) VALUES (?, ?, ?, ?, ?, ?)`,
		e.Kind, e.At.UnixMilli(), e.Actor, e.Subject, e.Session, string(attributes))
	if err != nil {
		return fmt.Errorf("record test event: %w", err)
	}
	return nil
}

func makeTable(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS test_event (
		id INTEGER PRIMARY KEY, kind TEXT, at INTEGER, actor TEXT, subject TEXT, session TEXT, attributes TEXT)`)
	if err != nil {
		return fmt.Errorf("make table of test events: %w", err)
	}
	return nil
}

// Events reads back what was recorded, oldest first. tx must be one that may
// write.
func Events(ctx context.Context, tx *sql.Tx) ([]mfa.Event, error) {
	if err := makeTable(ctx, tx); err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT kind, at, actor, subject, session, attributes FROM test_event ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("read test events: %w", err)
	}
	defer rows.Close()
	var list []mfa.Event
	for rows.Next() {
		var (
			e          mfa.Event
			at         int64
			attributes []byte
		)
		if err := rows.Scan(&e.Kind, &at, &e.Actor, &e.Subject, &e.Session, &attributes); err != nil {
			return nil, fmt.Errorf("read test events: %w", err)
		}
		e.At = time.UnixMilli(at).UTC()
		if err := json.Unmarshal(attributes, &e.Attributes); err != nil {
			return nil, fmt.Errorf("read test events: %w", err)
		}
		list = append(list, e)
	}
	return list, rows.Err()
}
