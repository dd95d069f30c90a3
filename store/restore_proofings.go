package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// skipped is how far the numbers of proofings jump when a day goes on after a
// restore. What was numbered since the backup is lost to the database and still
// stands on slips and in proofs, so none of those numbers may be given again.
const skipped = 100_000

// skipProofings moves the numbers of the present day beyond any that the agent
// can have given since the backup. Days that are over get no numbers any more.
func (s *Store) skipProofings(ctx context.Context, at time.Time) error {
	day := at.In(time.FixedZone("ICT", 7*60*60)).Format("20060102") // as store/counter counts days
	err := s.Write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO proofing_day (day, last) VALUES (?1, ?2)
			ON CONFLICT (day) DO UPDATE SET last = (last / ?2 + 1) * ?2`, day, skipped)
		return err
	})
	if err != nil {
		return fmt.Errorf("skip numbers of proofings: %w", err)
	}
	return nil
}
