package store

import (
	"context"
	"time"

	"chipproof/mfa"
)

const selectSession = `SELECT id, account_id, token_hash, key_id, created_at, last_act_at, ends_at, logged_in_at, locked_at, since_at,
	ended_at, ended_by, ended_reason, address, agent FROM session`

func scanSession(s scanner) (r mfa.SessionRow, err error) {
	err = s.Scan(&r.ID, &r.User, &r.TokenHash, &r.KeyID, moment{&r.Created}, moment{&r.LastAct}, moment{&r.Ends},
		moment{&r.LoggedIn}, moment{&r.Locked}, moment{&r.Since},
		moment{&r.Ended.At}, &r.Ended.By, &r.Ended.Reason, &r.Address, &r.Agent)
	return r, err
}

// SessionByToken implements [mfa.SessionRows].
func (t *tx) SessionByToken(ctx context.Context, hash []byte) (mfa.SessionRow, error) {
	return t.session(ctx, selectSession+` WHERE token_hash = ?`, hash)
}

// Session implements [mfa.SessionEnds].
func (t *tx) Session(ctx context.Context, id string) (mfa.SessionRow, error) {
	return t.session(ctx, selectSession+` WHERE id = ?`, id)
}

func (t *tx) session(ctx context.Context, query string, key any) (mfa.SessionRow, error) {
	row, found, err := first(ctx, t, "read session", scanSession, query, key)
	if err != nil || !found {
		return mfa.SessionRow{}, err
	}
	row.Factors, err = t.factors(ctx, row.ID)
	return row, err
}

// factors finds the owner of each factor in the row of its own authenticator,
// so that one that is gone, or another user's, shows as such.
func (t *tx) factors(ctx context.Context, session string) ([]mfa.Factor, error) {
	return all(ctx, t, "read factors", func(s scanner) (f mfa.Factor, err error) {
		err = s.Scan(&f.Method, &f.Authenticator, moment{&f.At}, &f.Owner)
		return f, err
	}, `SELECT method, authenticator, given_at, coalesce(CASE method
			WHEN 'password'       THEN (SELECT account_id FROM password WHERE account_id = authenticator)
			WHEN 'totp'           THEN (SELECT account_id FROM totp WHERE id = authenticator AND confirmed_at IS NOT NULL)
			WHEN 'backup_code'    THEN (SELECT account_id FROM backup_code WHERE id = authenticator AND used_at IS NOT NULL)
			WHEN 'emergency_code' THEN (SELECT used_by FROM emergency_code WHERE id = authenticator)
		END, '') FROM session_factor WHERE session_id = ? ORDER BY number`, session)
}

// Sessions implements [mfa.SessionRows].
func (t *tx) Sessions(ctx context.Context, user string) ([]mfa.SessionRow, error) {
	rows, err := all(ctx, t, "read sessions", scanSession,
		selectSession+` WHERE account_id = ? AND ended_at IS NULL ORDER BY created_at DESC, id`, user)
	for i := range rows {
		if err == nil {
			rows[i].Factors, err = t.factors(ctx, rows[i].ID)
		}
	}
	return rows, err
}

// InsertSession implements [mfa.SessionRows].
func (t *tx) InsertSession(ctx context.Context, r mfa.SessionRow) error {
	err := t.run(ctx, "add session",
		`INSERT INTO session (id, account_id, token_hash, key_id, created_at, last_act_at, ends_at, logged_in_at, locked_at, since_at, address, agent)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.User, r.TokenHash, r.KeyID, ms(r.Created), ms(r.LastAct), ms(r.Ends), ms(r.LoggedIn), ms(r.Locked), ms(r.Since), r.Address, r.Agent)
	for _, f := range r.Factors {
		if err == nil {
			err = t.addFactor(ctx, r.ID, f)
		}
	}
	return err
}

func (t *tx) addFactor(ctx context.Context, session string, f mfa.Factor) error {
	return t.run(ctx, "add factor",
		`INSERT INTO session_factor (session_id, number, method, authenticator, given_at)
		VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM session_factor WHERE session_id = ?1), ?2, ?3, ?4)`,
		session, f.Method, f.Authenticator, ms(f.At))
}

// RaiseSession implements [mfa.SessionEdits].
func (t *tx) RaiseSession(ctx context.Context, r mfa.Rise) (bool, error) {
	ok, err := t.one(ctx, "raise session",
		`UPDATE session SET token_hash = ?, key_id = ?, last_act_at = ?, ends_at = ?, logged_in_at = ?, since_at = ?, locked_at = NULL
		WHERE id = ? AND token_hash = ? AND ended_at IS NULL`,
		r.To, r.KeyID, ms(r.At), ms(r.Ends), ms(r.LoggedIn), ms(r.Since), r.Session, r.From)
	if err != nil || !ok || r.Factor.Method == "" {
		return ok, err
	}
	return true, t.addFactor(ctx, r.Session, r.Factor)
}

// TouchSession implements [mfa.SessionEdits].
func (t *tx) TouchSession(ctx context.Context, id string, now, idleSince time.Time) (bool, error) {
	return t.one(ctx, "touch session",
		`UPDATE session SET last_act_at = ? WHERE id = ? AND ended_at IS NULL AND locked_at IS NULL AND last_act_at > ?`,
		ms(now), id, ms(idleSince))
}

// LockSession implements [mfa.SessionEdits].
func (t *tx) LockSession(ctx context.Context, id string, at time.Time) (bool, error) {
	return t.one(ctx, "lock session",
		`UPDATE session SET locked_at = ? WHERE id = ? AND ended_at IS NULL AND locked_at IS NULL`, ms(at), id)
}

const endSession = `UPDATE session SET ended_at = ?, ended_by = ?, ended_reason = ? WHERE ended_at IS NULL`

// EndSession implements [mfa.SessionEnds].
func (t *tx) EndSession(ctx context.Context, id string, e mfa.End) (bool, error) {
	return t.one(ctx, "end session", endSession+` AND id = ?`, ms(e.At), e.By, e.Reason, id)
}

// EndSessions implements [mfa.SessionEnds].
func (t *tx) EndSessions(ctx context.Context, user, except string, e mfa.End) (int64, error) {
	return t.exec(ctx, "end sessions", endSession+` AND account_id = ? AND id <> ?`, ms(e.At), e.By, e.Reason, user, except)
}
