package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// skippedIncidents is how far the numbers of incidents and proposals jump when a
// year goes on after a restore: what was numbered since the backup is lost to the
// database and still stands in letters, so none of those numbers may be given again.
const skippedIncidents = 1000

// skipIncidents moves the numbers of the present year. Years that are over get no
// numbers any more.
func (s *Store) skipIncidents(ctx context.Context, at time.Time) error {
	year := at.In(time.FixedZone("ICT", 7*60*60)).Year() // as store/office counts years
	err := s.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO breach_year (what, year, last) VALUES ('incident', ?1, ?2), ('proposal', ?1, ?2)
			ON CONFLICT (what, year) DO UPDATE SET last = (last / ?2 + 1) * ?2`, year, skippedIncidents)
		return err
	})
	if err != nil {
		return fmt.Errorf("skip numbers of incidents: %w", err)
	}
	return nil
}
