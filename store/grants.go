package store

import (
	"context"
	"time"

	"chipproof/mfa"
)

// GrantByHash implements [mfa.GrantRows].
func (t *tx) GrantByHash(ctx context.Context, hash []byte) (mfa.Grant, error) {
	g, _, err := first(ctx, t, "read grant", func(s scanner) (g mfa.Grant, err error) {
		err = s.Scan(&g.ID, &g.User, &g.Purpose, &g.Hash, &g.MadeBy, moment{&g.Created}, moment{&g.Ends},
			moment{&g.Started}, moment{&g.Used}, moment{&g.Void}, &g.Pending.PHC, &g.Pending.Pepper)
		return g, err
	}, `SELECT id, account_id, purpose, hash, made_by, created_at, ends_at, started_at, used_at, void_at, pending_phc, pending_pepper
		FROM enrolment_grant WHERE hash = ?`, hash)
	return g, err
}

// InsertGrant implements [mfa.GrantRows].
func (t *tx) InsertGrant(ctx context.Context, g mfa.Grant) error {
	return t.run(ctx, "add grant",
		`INSERT INTO enrolment_grant (id, account_id, purpose, hash, made_by, created_at, ends_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		g.ID, g.User, g.Purpose, g.Hash, g.MadeBy, ms(g.Created), ms(g.Ends))
}

const grantIsOpen = ` AND used_at IS NULL AND void_at IS NULL AND ends_at > ?1`

// UseGrant implements [mfa.GrantRows]. The password that waited in it is in its
// own row by then.
func (t *tx) UseGrant(ctx context.Context, id string, now time.Time) (bool, error) {
	return t.one(ctx, "use grant",
		`UPDATE enrolment_grant SET used_at = ?1, pending_phc = '', pending_pepper = '' WHERE id = ?2 AND started_at IS NOT NULL`+grantIsOpen,
		ms(now), id)
}

// StartGrant implements [mfa.GrantEdits].
func (t *tx) StartGrant(ctx context.Context, id string, pending mfa.Password, now time.Time) (bool, error) {
	return t.one(ctx, "start grant",
		`UPDATE enrolment_grant SET started_at = ?1, pending_phc = ?3, pending_pepper = ?4 WHERE id = ?2`+grantIsOpen,
		ms(now), id, pending.PHC, pending.Pepper)
}

// VoidGrants implements [mfa.GrantEdits].
func (t *tx) VoidGrants(ctx context.Context, user string, at time.Time) error {
	return t.run(ctx, "void grants",
		`UPDATE enrolment_grant SET void_at = ?, pending_phc = '', pending_pepper = '' WHERE account_id = ? AND used_at IS NULL AND void_at IS NULL`,
		ms(at), user)
}
