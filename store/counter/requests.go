package counter

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"chipproof/proofing"
)

// ErrNotReserved is for a proofing whose request is not reserved for it. Nothing
// is recorded of it, and so nothing released.
var ErrNotReserved = errors.New("request is not reserved for this proofing")

// requestKept is how long a row outlives its request. Beyond the time until which
// it is good, because a proofing may still run then, and because a clock that
// jumps ahead and back must not make room for a request that was used (proof §11,
// step 10; agent-security §11, row 29). A month is longer than a wrong clock goes
// unnoticed at a desk, whose logins need the right time.
const requestKept = 30 * 24 * time.Hour

// ReserveRequest reserves a verified request for a proofing: its jti and its
// nonce together, in one step that counts across processes and restarts. False
// means that its asker has used one of the two before.
func (r *Records) ReserveRequest(ctx context.Context, use proofing.RequestUse, proofingID string, at time.Time) (reserved bool, err error) {
	jti, nonce := digests(use)
	err = r.store.Write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM signed_request WHERE until_at < ?`, ms(at.Add(-requestKept))); err != nil {
			return err
		}
		reserved, err = one(ctx, tx, `INSERT INTO signed_request (issuer, jti, nonce, proofing, until_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT DO NOTHING`, use.Issuer, jti, nonce, proofingID, ms(use.Until))
		return err
	})
	if err != nil {
		return false, fmt.Errorf("reserve request: %w", err)
	}
	return reserved, nil
}

// FreeRequest lets a request be asked again that is reserved for this proofing,
// because the attempt ended without a decision. One that is used stays used, and
// one that another attempt has reserved meanwhile stays reserved.
func (r *Records) FreeRequest(ctx context.Context, use proofing.RequestUse, proofingID string) error {
	err := r.store.Write(ctx, func(tx *sql.Tx) error { return freeRequest(ctx, tx, use, proofingID) })
	if err != nil {
		return fmt.Errorf("free request: %w", err)
	}
	return nil
}

func freeRequest(ctx context.Context, tx *sql.Tx, use proofing.RequestUse, proofingID string) error {
	jti, nonce := digests(use)
	_, err := tx.ExecContext(ctx, `DELETE FROM signed_request WHERE issuer = ? AND jti = ? AND nonce = ? AND proofing = ? AND used = 0`,
		use.Issuer, jti, nonce, proofingID)
	return err
}

// useRequest uses a reserved request for good. What our own console asks has
// none. Error: [ErrNotReserved].
func useRequest(ctx context.Context, tx *sql.Tx, use proofing.RequestUse, proofingID string) error {
	if use.IsZero() {
		return nil
	}
	jti, nonce := digests(use)
	used, err := one(ctx, tx, `UPDATE signed_request SET used = 1 WHERE issuer = ? AND jti = ? AND nonce = ? AND proofing = ? AND used = 0`,
		use.Issuer, jti, nonce, proofingID)
	if err == nil && !used {
		err = ErrNotReserved
	}
	return err
}

// digests are what the rows hold in the place of jti and nonce. Both are random
// and long, so a bare hash tells nothing.
func digests(use proofing.RequestUse) (jti, nonce []byte) {
	j, n := sha256.Sum256([]byte(use.JTI)), sha256.Sum256([]byte(use.Nonce))
	return j[:], n[:]
}
