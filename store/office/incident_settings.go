package office

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"chipproof/audit"
	"chipproof/breach"
)

// Settings are the agency's own targets; the shipped ones where it has set none.
func (i *Incidents) Settings(ctx context.Context) (s breach.Settings, err error) {
	err = i.store.Read(ctx, func(tx *sql.Tx) error {
		s, err = readSettings(ctx, tx)
		return err
	})
	return s, err
}

// SaveSettings sets the agency's own targets; no clock of the law moves with them.
// Errors: [breach.ErrSettingsInvalid], [audit.ErrUnavailable].
func (i *Incidents) SaveSettings(ctx context.Context, by breach.Actor, s breach.Settings) error {
	if err := s.Check(); err != nil {
		return fmt.Errorf("save breach settings: %w", err)
	}
	err := i.log.Write(ctx, func(tx *sql.Tx) error {
		attributes := map[string]string{"what": "breach"}
		values := []any{}
		for _, t := range targets(&s) {
			values = append(values, int64(*t.value/time.Second))
			attributes[t.name] = strconv.FormatInt(int64(*t.value/time.Second), 10)
		}
		_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO breach_settings (id, warn, credibility, facts, contain, subjects, prevent)
			VALUES (1, ?, ?, ?, ?, ?, ?)`, values...)
		if err != nil {
			return err
		}
		_, err = i.log.AppendTx(ctx, tx, audit.Event{
			Kind: audit.KindConfiguration, At: i.clock(), Actor: by.ID, Session: by.Session, Attributes: attributes,
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("save breach settings: %w", err)
	}
	return nil
}

// namedTarget is a setting with the name of its column.
type namedTarget struct {
	name  string
	value *time.Duration
}

func targets(s *breach.Settings) []namedTarget {
	return []namedTarget{
		{"warn", &s.Warn},
		{"credibility", &s.Credibility},
		{"facts", &s.Facts},
		{"contain", &s.Contain},
		{"subjects", &s.Subjects},
		{"prevent", &s.Prevent},
	}
}

func readSettings(ctx context.Context, tx *sql.Tx) (s breach.Settings, err error) {
	var seconds [6]int64
	err = tx.QueryRowContext(ctx, `SELECT warn, credibility, facts, contain, subjects, prevent FROM breach_settings`).
		Scan(&seconds[0], &seconds[1], &seconds[2], &seconds[3], &seconds[4], &seconds[5])
	if errors.Is(err, sql.ErrNoRows) {
		return breach.Shipped(), nil
	}
	if err != nil {
		return breach.Settings{}, fmt.Errorf("read breach settings: %w", err)
	}
	for n, t := range targets(&s) {
		*t.value = time.Duration(seconds[n]) * time.Second
	}
	return s, nil
}
