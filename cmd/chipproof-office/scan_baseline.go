package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"chipproof/exposure"
	"chipproof/exposure/report"
)

// errBaselineForeign is for a report whose fingerprints another key has made:
// nothing in it could be known again.
var errBaselineForeign = errors.New("baseline is another agency's")

var scanID = regexp.MustCompile(`^s-[0-9]{4}-[0-9]+$`)

// longestReport is the largest report that is read, in bytes.
const longestReport = 1 << 30

// before is the report that the scan is held against; nil where none is named.
// Errors: [job.ErrScanUnknown], [report.ErrInvalid], [errBaselineForeign].
func (c *scanCmd) before(ctx context.Context, b *bureau) (*exposure.Report, error) {
	switch {
	case c.Baseline == "":
		return nil, nil
	case scanID.MatchString(c.Baseline):
		result, err := b.scans.Result(ctx, c.Baseline)
		if err != nil {
			return nil, fmt.Errorf("read baseline: %w", err)
		}
		return &result.Report, nil
	}
	file, err := readInput(c.Baseline, nil, longestReport)
	if err != nil {
		return nil, fmt.Errorf("read baseline: %w: %w", report.ErrInvalid, err)
	}
	r, err := report.ParseJSON(file)
	if err != nil {
		return nil, fmt.Errorf("read baseline: %w", err)
	}
	// Roots are never masked: what would be is no target.
	for i, root := range r.Roots {
		if i >= len(r.RootIDs) || b.key.TargetID(root) != r.RootIDs[i] {
			return nil, fmt.Errorf("read baseline: %w", errBaselineForeign)
		}
	}
	return &r, nil
}
