package store

import (
	"context"
	"time"

	"chipproof/mfa"
)

// KeyChecks implements [mfa.KeyRows].
func (t *tx) KeyChecks(ctx context.Context) ([]mfa.KeyCheck, error) {
	return all(ctx, t, "read key checks", func(s scanner) (c mfa.KeyCheck, err error) {
		err = s.Scan(&c.Ring, &c.KeyID, &c.Value, moment{&c.Created})
		return c, err
	}, `SELECT ring, key_id, value, created_at FROM key_check ORDER BY ring, created_at, key_id`)
}

// InsertKeyCheck implements [mfa.KeyRows].
func (t *tx) InsertKeyCheck(ctx context.Context, c mfa.KeyCheck) (bool, error) {
	return t.one(ctx, "add key check",
		`INSERT INTO key_check (ring, key_id, value, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (ring, key_id) DO NOTHING`,
		c.Ring, c.KeyID, c.Value, ms(c.Created))
}

// PepperUse implements [mfa.KeyUse].
func (t *tx) PepperUse(ctx context.Context, now time.Time) (map[string]int, error) {
	type use struct {
		id string
		n  int
	}
	rows, err := all(ctx, t, "read pepper use", func(s scanner) (u use, err error) {
		err = s.Scan(&u.id, &u.n)
		return u, err
	}, `SELECT pepper_id, count(*) FROM (
			SELECT pepper_id FROM password
			UNION ALL
			SELECT pending_pepper FROM enrolment_grant WHERE pending_pepper <> ''`+grantIsOpen+`
		) GROUP BY pepper_id`, ms(now))
	uses := make(map[string]int, len(rows))
	for _, u := range rows {
		uses[u.id] = u.n
	}
	return uses, err
}

// VoidCodes implements [mfa.Restoring].
func (t *tx) VoidCodes(ctx context.Context, at time.Time) error {
	for _, step := range []struct {
		statement string
		args      []any
	}{
		{`DELETE FROM backup_code WHERE used_at IS NULL`, nil},
		{`UPDATE emergency_code SET void_at = ? WHERE void_at IS NULL`, []any{ms(at)}},
		{`UPDATE enrolment_grant SET void_at = ?, pending_phc = '', pending_pepper = '' WHERE used_at IS NULL AND void_at IS NULL`, []any{ms(at)}},
	} {
		if err := t.run(ctx, "void codes", step.statement, step.args...); err != nil {
			return err
		}
	}
	return nil
}

// EndAllSessions implements [mfa.Restoring].
func (t *tx) EndAllSessions(ctx context.Context, e mfa.End) error {
	if err := t.run(ctx, "end all sessions", endSession, ms(e.At), e.By, e.Reason); err != nil {
		return err
	}
	return t.run(ctx, "empty desk", `UPDATE desk SET hold_id = '', session_id = '', account_id = '', since_at = NULL`)
}

// MoveStepGuards implements [mfa.Restoring].
func (t *tx) MoveStepGuards(ctx context.Context, to int64) error {
	return t.run(ctx, "move step guards", `UPDATE totp SET last_step = max(last_step, ?) WHERE confirmed_at IS NOT NULL`, to)
}
