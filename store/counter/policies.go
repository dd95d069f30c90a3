package counter

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"chipproof/audit"
	"chipproof/proofing"
)

// ErrPolicyVersionUsed: a policy under the version of another one. A proof names the
// version alone, so one version is one content for as long as there are records.
var ErrPolicyVersionUsed = errors.New("policy version used")

// UsePolicy notes which policy decides from now on, and keeps its content for
// working out again what was decided by it. There is an entry when it is another
// one than was in use last. Errors: [ErrPolicyVersionUsed], [audit.ErrUnavailable].
func (r *Records) UsePolicy(ctx context.Context, by proofing.Actor, version, digest string, content []byte, at time.Time) error {
	err := r.store.Write(ctx, func(tx *sql.Tx) error {
		var before string
		if err := tx.QueryRowContext(ctx, `SELECT policy_digest FROM installation`).Scan(&before); err != nil {
			return err
		}
		if before == digest {
			return nil
		}
		var used bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM policy WHERE version = ? AND digest <> ?)`, version, digest).Scan(&used); err != nil {
			return err
		}
		if used {
			return fmt.Errorf("version %q: %w", version, ErrPolicyVersionUsed)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO policy (digest, version, content, used_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			digest, version, content, ms(at)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE installation SET policy_digest = ?`, digest); err != nil {
			return err
		}
		attributes := map[string]string{"version": version, "digest": digest}
		addWords(attributes, map[string]string{"before": before})
		return r.append(ctx, tx, audit.Event{Kind: audit.KindPurposes, At: at, Actor: by.ID, Session: by.Session, Attributes: attributes})
	})
	if err != nil {
		return fmt.Errorf("use policy: %w", err)
	}
	return nil
}

// Policy is the content of one that was ever in use, by its digest.
func (r *Records) Policy(ctx context.Context, digest string) (content []byte, found bool, err error) {
	return r.policy(ctx, `SELECT content FROM policy WHERE digest = ?`, digest)
}

func (r *Records) policy(ctx context.Context, query string, args ...any) (content []byte, found bool, err error) {
	err = r.store.Read(ctx, func(tx *sql.Tx) error { return tx.QueryRowContext(ctx, query, args...).Scan(&content) })
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read policy: %w", err)
	}
	return content, true, nil
}

// PolicyInUse is the content of the one that was last in use; not found before
// the first.
func (r *Records) PolicyInUse(ctx context.Context) (content []byte, found bool, err error) {
	return r.policy(ctx, `SELECT content FROM policy WHERE digest = (SELECT policy_digest FROM installation)`)
}

// Policies are the contents of all that were ever in use, oldest first.
func (r *Records) Policies(ctx context.Context) (contents [][]byte, err error) {
	err = r.store.Read(ctx, func(tx *sql.Tx) error {
		contents, err = all(ctx, tx, func(s scanner) (content []byte, err error) {
			err = s.Scan(&content)
			return content, err
		}, `SELECT content FROM policy ORDER BY used_at, digest`)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read policies: %w", err)
	}
	return contents, nil
}

// AgentID is the name under which this installation's proofs call the agent when
// no other is given: "agent-" and eight hex digits.
func (r *Records) AgentID(ctx context.Context) (id string, err error) {
	err = r.store.Read(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT agent_id FROM installation`).Scan(&id)
	})
	if err != nil {
		return "", fmt.Errorf("read agent id: %w", err)
	}
	return id, nil
}
