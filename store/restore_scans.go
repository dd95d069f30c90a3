package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// skippedScans is how far the numbers of scans and tasks jump when a year goes on
// after a restore: what was numbered since the backup is lost to the database and
// still stands in reports.
const skippedScans = 1000

// skipScans moves the numbers of the present year. Years that are over get no numbers any
// more.
func (s *Store) skipScans(ctx context.Context, at time.Time) error {
	year := at.In(time.FixedZone("ICT", 7*60*60)).Year() // as store/office counts years
	err := s.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO exposure_year (what, year, last) VALUES ('scan', ?1, ?2), ('task', ?1, ?2)
			ON CONFLICT (what, year) DO UPDATE SET last = (last / ?2 + 1) * ?2`, year, skippedScans)
		return err
	})
	if err != nil {
		return fmt.Errorf("skip numbers of scans: %w", err)
	}
	return nil
}
