package mfa

import (
	"context"
	"maps"
	"strconv"
	"time"
)

// AfterRestore undoes what a backup brings back to life, in a store that was
// just restored: backup codes, emergency code and grants are void, since some
// may have been used since the backup; all sessions end; every step guard moves
// to the present (assurance §5.1). The attributes, both heads of the log for
// example, go into its entry.
func (s *Service) AfterRestore(ctx context.Context, by By, attributes map[string]string) error {
	_, err := act(ctx, s, by, Demand{Act: "restore", Roles: administer, StepUp: true}, func(tx Tx, a actor) (struct{}, error) {
		now := s.now()
		if err := tx.VoidCodes(ctx, now); err != nil {
			return struct{}{}, err
		}
		if err := tx.EndAllSessions(ctx, End{At: now, By: a.id, Reason: EndRestore}); err != nil {
			return struct{}{}, err
		}
		// A code of the next step may have been taken before the restore.
		if err := tx.MoveStepGuards(ctx, Step(now)+stepWindow); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, tx.Record(ctx, Event{
			Kind: EventCredentialsVoided, At: now, Actor: a.id, Session: a.session(), Attributes: maps.Clone(attributes),
		})
	})
	return err
}

// How long what is over is kept: as long as traffic data must be (assurance
// §5.4), so that lists and log tell the same story.
const (
	keepOver    = 90 * 24 * time.Hour
	keepPending = 24 * time.Hour
)

// Sweep deletes rows that have been over for long: ended sessions, old grants,
// keys that were never confirmed. No counter of tries is ever swept, be it of an
// account or of a name without one: a lock that only unknown names forget tells
// which names are known. It is to be called once a day.
func (s *Service) Sweep(ctx context.Context) (Swept, error) {
	return update(ctx, s, func(tx Tx) (Swept, error) {
		now := s.now()
		over := now.Add(-keepOver)
		n, err := tx.Sweep(ctx, Housekeeping{Sessions: over, Grants: over, Pending: now.Add(-keepPending)})
		if err != nil || n == (Swept{}) {
			return n, err
		}
		return n, tx.Record(ctx, Event{Kind: EventSwept, At: now, Attributes: map[string]string{
			"sessions": strconv.FormatInt(n.Sessions, 10), "grants": strconv.FormatInt(n.Grants, 10),
			"pending": strconv.FormatInt(n.Pending, 10),
		}})
	})
}
