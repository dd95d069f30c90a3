package office

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"time"

	"chipproof/audit"
	"chipproof/exposure"
	"chipproof/exposure/job"
	"chipproof/mfa"
	"chipproof/store"
)

// keyPlace is what the sealed key is bound to.
var keyPlace = mfa.Place{Table: "exposure_key", Column: "sealed", Row: "1"}

// ExposureKey gives the agency's own key of fingerprints. It stands in the
// database, sealed by the ring of secrets as the keys of authenticator apps are,
// so a backup has it; it is made at first use, with the entry of that, in the name
// of by. One that is sealed under an old key of the ring is sealed anew. Errors:
// [mfa.ErrKeyMissing], [mfa.ErrSealBroken], [exposure.ErrKeyInvalid],
// [audit.ErrUnavailable].
func ExposureKey(ctx context.Context, s *store.Store, log *store.AuditLog, ring *mfa.Keyring, by job.Actor, random io.Reader, now time.Time) (key exposure.Key, err error) {
	var stale bool
	err = s.Read(ctx, func(tx *sql.Tx) error {
		key, stale, err = openKey(ctx, tx, ring)
		return err
	})
	if err == nil && !stale {
		return key, nil
	}
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		err = log.Write(ctx, func(tx *sql.Tx) error {
			key, err = makeKey(ctx, tx, log, ring, by, random, now)
			return err
		})
	}
	if err != nil {
		return exposure.Key{}, fmt.Errorf("open fingerprint key: %w", err)
	}
	return key, nil
}

func openKey(ctx context.Context, tx *sql.Tx, ring *mfa.Keyring) (key exposure.Key, stale bool, err error) {
	var sealed []byte
	if err := tx.QueryRowContext(ctx, `SELECT sealed FROM exposure_key`).Scan(&sealed); err != nil {
		return key, false, err
	}
	text, stale, err := ring.Open(keyPlace, sealed)
	if err != nil {
		return key, false, err
	}
	key, err = exposure.ParseKey(string(text))
	return key, stale, err
}

// makeKey makes the key, or seals it anew, unless somebody else just did.
func makeKey(ctx context.Context, tx *sql.Tx, log *store.AuditLog, ring *mfa.Keyring, by job.Actor, random io.Reader, now time.Time) (exposure.Key, error) {
	key, stale, err := openKey(ctx, tx, ring)
	fresh := errors.Is(err, sql.ErrNoRows)
	switch {
	case err == nil && !stale:
		return key, nil
	case fresh:
		key, err = exposure.NewKey(random)
	}
	if err != nil {
		return exposure.Key{}, err
	}
	sealed, err := ring.Seal(random, keyPlace, []byte(key.Text()))
	if err != nil {
		return exposure.Key{}, err
	}
	err = run(ctx, tx, `INSERT INTO exposure_key (place, sealed, made_at) VALUES (1, ?, ?)
		ON CONFLICT (place) DO UPDATE SET sealed = excluded.sealed`, sealed, msOf(now))
	if err != nil || !fresh {
		return key, err
	}
	_, err = log.AppendTx(ctx, tx, audit.Event{
		Kind: audit.KindKeyAdded, At: now, Actor: by.ID, Session: by.Session, Attributes: map[string]string{"ring": "fingerprints"},
	})
	return key, err
}
