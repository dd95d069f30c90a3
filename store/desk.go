package store

import (
	"context"

	"chipproof/mfa"
)

// Desk implements [mfa.DeskRows].
func (t *tx) Desk(ctx context.Context) (mfa.Hold, error) {
	h, _, err := first(ctx, t, "read desk", func(s scanner) (h mfa.Hold, err error) {
		err = s.Scan(&h.ID, &h.Session, &h.User, moment{&h.Since})
		return h, err
	}, `SELECT hold_id, session_id, account_id, since_at FROM desk`)
	return h, err
}

// TakeDesk implements [mfa.DeskRows].
func (t *tx) TakeDesk(ctx context.Context, h mfa.Hold, former string) (bool, error) {
	return t.one(ctx, "take desk",
		`UPDATE desk SET hold_id = ?, session_id = ?, account_id = ?, since_at = ? WHERE hold_id = ?`,
		h.ID, h.Session, h.User, ms(h.Since), former)
}

// LeaveDesk implements [mfa.DeskRows].
func (t *tx) LeaveDesk(ctx context.Context, session string) (bool, error) {
	return t.one(ctx, "leave desk",
		`UPDATE desk SET hold_id = '', session_id = '', account_id = '', since_at = NULL WHERE session_id = ? AND session_id <> ''`, session)
}
