package store

import (
	"context"
	"fmt"
	"time"

	"chipproof/mfa"
)

// reserveTry is one statement: it makes the row, or takes a try of the one that
// is there if its limit and its wait allow. The wait is an expression over the
// row's own count, so that a stale read can't shorten it (mfa §4). A shift by
// more than 30 can't be: the CASE before it holds it below.
const reserveTry = `
INSERT INTO throttle AS t (account, method, tries, not_before, last_at) VALUES (?1, ?2, 1, ?3 + CASE WHEN ?4 < 1 THEN ?5 ELSE 0 END, ?3)
ON CONFLICT (account, method) DO UPDATE SET
    tries      = t.tries + 1,
    last_at    = ?3,
    not_before = ?3 + CASE
        WHEN t.tries < ?4 THEN 0
        WHEN t.tries - ?4 > 30 THEN ?6
        ELSE min(?6, ?5 << (t.tries - ?4)) END
WHERE t.tries < ?7 AND t.not_before <= ?3
RETURNING not_before`

// ReserveTry implements [mfa.ThrottleGuard].
func (t *tx) ReserveTry(ctx context.Context, key mfa.ThrottleKey, b mfa.Backoff, now time.Time) (mfa.Reservation, bool, error) {
	before, err := t.Throttle(ctx, key)
	if err != nil {
		return mfa.Reservation{}, false, err
	}
	r := mfa.Reservation{Key: key, Previous: before.NotBefore}
	set, ok, err := first(ctx, t, "reserve try", func(s scanner) (at time.Time, err error) {
		err = s.Scan(moment{&at})
		return at, err
	}, reserveTry, key.Account, key.Method, now.UnixMilli(), b.Free, b.First.Milliseconds(), b.Longest.Milliseconds(), b.Limit)
	r.Set = set
	return r, ok, err
}

// ReturnTry implements [mfa.ThrottleGuard]. A wait that another try has set
// meanwhile stays.
func (t *tx) ReturnTry(ctx context.Context, r mfa.Reservation) error {
	return t.run(ctx, "return try",
		`UPDATE throttle SET tries = max(tries - 1, 0), not_before = CASE WHEN not_before = ?3 THEN ?4 ELSE not_before END
		WHERE account = ?1 AND method = ?2`,
		r.Key.Account, r.Key.Method, r.Set.UnixMilli(), max(r.Previous.UnixMilli(), 0))
}

// Throttle implements [mfa.ThrottleRows].
func (t *tx) Throttle(ctx context.Context, key mfa.ThrottleKey) (mfa.Throttle, error) {
	row, _, err := first(ctx, t, "read throttle", func(s scanner) (row mfa.Throttle, err error) {
		err = s.Scan(&row.Tries, moment{&row.NotBefore})
		return row, err
	}, `SELECT tries, not_before FROM throttle WHERE account = ? AND method = ?`, key.Account, key.Method)
	return row, err
}

// ResetTries implements [mfa.ThrottleRows].
func (t *tx) ResetTries(ctx context.Context, account string) error {
	return t.run(ctx, "reset tries", `DELETE FROM throttle WHERE account = ?`, account)
}

// Sweep implements [mfa.KeyRows]. Sessions that the desk still names, and
// all throttle rows, stay.
func (t *tx) Sweep(ctx context.Context, h mfa.Housekeeping) (mfa.Swept, error) {
	var n mfa.Swept
	for _, step := range []struct {
		count     *int64
		statement string
		before    time.Time
	}{
		{&n.Sessions, `DELETE FROM session WHERE coalesce(ended_at, ends_at) < ? AND id NOT IN (SELECT session_id FROM desk)`, h.Sessions},
		{&n.Grants, `DELETE FROM enrolment_grant WHERE coalesce(used_at, void_at, ends_at) < ?`, h.Grants},
		{&n.Pending, `DELETE FROM totp WHERE confirmed_at IS NULL AND pending_for LIKE 'session:%' AND created_at < ?1
			OR confirmed_at IS NULL AND pending_for LIKE 'grant:%' AND substr(pending_for, 7) NOT IN (SELECT id FROM enrolment_grant) AND created_at < ?1`, h.Pending},
	} {
		var err error
		if *step.count, err = t.exec(ctx, "sweep", step.statement, step.before.UnixMilli()); err != nil {
			return mfa.Swept{}, fmt.Errorf("sweep store: %w", err)
		}
	}
	return n, nil
}
