package office

import (
	"context"
	"database/sql"
	"fmt"

	"chipproof/exposure/job"
)

// Plan gives what a scan does or did, so that it can be made once more; the zero
// plan for an import. Error: [job.ErrScanUnknown].
func (s *Scans) Plan(ctx context.Context, id string) (p job.Plan, err error) {
	err = s.store.Read(ctx, func(tx *sql.Tx) error {
		row, err := readScan(ctx, tx, id)
		if err != nil || len(row.plan) == 0 {
			return err
		}
		p, err = job.DecodePlan(row.plan)
		return err
	})
	if err != nil {
		return job.Plan{}, fmt.Errorf("read plan of scan: %w", err)
	}
	p.ID = id
	return p, nil
}
