package office

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"chipproof/audit"
	"chipproof/breach"
	"chipproof/store"
)

// Mail remembers which warnings went out by e-mail. A warning that was sent is not
// sent again; one whose sender died or failed is. It is safe for concurrent use,
// also by several processes.
type Mail struct {
	store *store.Store
	log   *store.AuditLog
	clock func() time.Time
}

// NewMail gives the memory of an open store whose audit log is log.
func NewMail(s *store.Store, log *store.AuditLog, clock func() time.Time) *Mail {
	return &Mail{store: s, log: log, clock: clock}
}

// Hold gives those of the warnings that nobody has sent or is sending, and keeps
// them for this holder for a while: whoever dies in it leaves them to others.
func (m *Mail) Hold(ctx context.Context, holder string, hold time.Duration, list []breach.Reminder) (mine []breach.Reminder, err error) {
	err = m.store.Write(ctx, func(tx *sql.Tx) error {
		mine = []breach.Reminder{}
		now := m.clock()
		// A hold that would last longer than any is given for was given by a clock
		// that was wrong, and counts as over.
		longest := now.Add(2 * hold)
		for _, r := range list {
			done, err := tx.ExecContext(ctx, `INSERT INTO mail_warning (incident, duty, deadline, threshold, holder, held_until)
				VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (incident, duty, deadline, threshold) DO UPDATE
				SET holder = excluded.holder, held_until = excluded.held_until
				WHERE sent IS NULL AND (holder = '' OR held_until <= ?7 OR held_until > ?8)`,
				r.Incident, r.Duty.Duty, r.Deadline.Time().UnixMilli(), r.Threshold,
				holder, now.Add(hold).UnixMilli(), now.UnixMilli(), longest.UnixMilli())
			if err != nil {
				return err
			}
			n, err := done.RowsAffected()
			if err != nil {
				return err
			}
			if n == 1 {
				mine = append(mine, r)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("hold warnings: %w", err)
	}
	return mine, nil
}

// Sent notes that the server has taken the warnings, with an entry for each.
// Error: [audit.ErrUnavailable].
func (m *Mail) Sent(ctx context.Context, by breach.Actor, list []breach.Reminder) error {
	err := m.log.Write(ctx, func(tx *sql.Tx) error {
		now := m.clock()
		for _, r := range list {
			_, err := tx.ExecContext(ctx, `UPDATE mail_warning SET sent = ?, holder = '', held_until = 0
				WHERE incident = ? AND duty = ? AND deadline = ? AND threshold = ?`,
				now.UnixMilli(), r.Incident, r.Duty.Duty, r.Deadline.Time().UnixMilli(), r.Threshold)
			if err != nil {
				return err
			}
			_, err = m.log.AppendTx(ctx, tx, audit.Event{
				Kind: audit.KindIncidentWarned, At: now, Actor: by.ID, Subject: r.Incident, Session: by.Session,
				Attributes: map[string]string{"duty": string(r.Duty.Duty), "threshold": string(r.Threshold), "deadline": r.Deadline.String()},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note warnings: %w", err)
	}
	return nil
}

// Release lets go of warnings that were not sent, for the next try.
func (m *Mail) Release(ctx context.Context, holder string, list []breach.Reminder) error {
	err := m.store.Write(ctx, func(tx *sql.Tx) error {
		for _, r := range list {
			_, err := tx.ExecContext(ctx, `UPDATE mail_warning SET holder = '', held_until = 0
				WHERE incident = ? AND duty = ? AND deadline = ? AND threshold = ? AND holder = ?`,
				r.Incident, r.Duty.Duty, r.Deadline.Time().UnixMilli(), r.Threshold, holder)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("release warnings: %w", err)
	}
	return nil
}
