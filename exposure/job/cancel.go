package job

import (
	"context"
	"fmt"

	"chipproof/exposure"
)

// Cancel ends an open scan for good: what it met until now counts, and its report
// says that it is not complete. A run of it that is under way finds that out with
// its next item. Errors: [ErrScanUnknown], [ErrScanEnded], those of the ledger.
func (r *Runner) Cancel(ctx context.Context, by Actor, id string) error {
	plan, scan, book, err := r.o.Ledger.Open(ctx, id)
	if err != nil {
		return fmt.Errorf("cancel scan: %w", err)
	}
	scanner, err := exposure.NewScanner(exposure.Options{Key: r.o.Key, Now: r.o.Now, Allow: r.o.Allow, Limits: r.o.Formats})
	if err != nil {
		return fmt.Errorf("cancel scan: %w", err)
	}
	defer scanner.Close() //nolint:errcheck // nothing is lost when a sandbox won't stop
	outcomes, err := book.Outcomes(ctx)
	if err != nil {
		return fmt.Errorf("cancel scan: %w", err)
	}
	w := &work{Runner: r, plan: plan, scan: scan, scanner: scanner}
	e := Ending{By: by, State: Canceled, Reason: ByHand, Gaps: true, Report: w.report(outcomes, Canceled)}
	if err := r.o.Ledger.End(ctx, id, e); err != nil {
		return fmt.Errorf("cancel scan: %w", err)
	}
	return nil
}
