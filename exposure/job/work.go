package job

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"chipproof/exposure"
	"chipproof/exposure/crawl"
	"chipproof/exposure/formats"
)

// work is one run of a scan.
type work struct {
	*Runner
	plan    Plan
	scan    Scan
	book    Book
	scanner *exposure.Scanner

	follow  *follower
	scope   crawl.Scope
	fetcher *crawl.Fetcher // nil when nothing is fetched
	covers  []string
	reason  Reason // why it is incomplete
	cause   error
}

// begin makes what the targets need, and counts what was kept before.
func (w *work) begin(ctx context.Context, tell func(Progress)) error {
	w.follow = newFollower(w.scan.ID, w.o.Now, w.plan, tell)
	kept, err := w.book.Outcomes(ctx)
	if err != nil {
		return err
	}
	for _, o := range kept {
		w.follow.tally.Add(o)
	}
	if len(w.plan.Scope) == 0 {
		return nil
	}
	scope, err := crawl.ParseScope(w.plan.Scope, w.o.Now())
	if err != nil {
		w.incomplete(ScopeEnded, err)
		return nil
	}
	w.scope = scope
	o := w.o.Fetch
	o.Scope, o.Limits, o.Agent, o.Now = scope, w.plan.Limits, "chipproof-office/"+w.o.Version, w.o.Now
	w.fetcher = crawl.NewFetcher(o)
	return nil
}

func (w *work) close() {
	if w.fetcher != nil {
		_ = w.fetcher.Close() // its connections are idle
	}
}

// incomplete notes the first reason.
func (w *work) incomplete(why Reason, cause error) {
	if w.reason == "" {
		w.reason, w.cause = why, cause
	}
}

// targets runs over all of them: folders, then sites, then APIs, then the places
// that none of them has met. An error leaves the scan open.
func (w *work) targets(ctx context.Context) error {
	var starts []*url.URL
	for _, t := range w.plan.Targets {
		if t.Kind != Site {
			continue
		}
		if u, err := url.Parse(t.At); err == nil {
			starts = append(starts, u)
		}
	}
	for _, t := range w.plan.Targets {
		if t.Kind == Files {
			if err := w.settle(ctx, TargetGone, w.files(ctx, t)); err != nil {
				return err
			}
		}
	}
	if len(starts) > 0 && w.fetcher != nil {
		if err := w.settle(ctx, LimitReached, w.sites(ctx, starts)); err != nil {
			return err
		}
	}
	for _, t := range w.plan.Targets {
		if slices.Contains([]Kind{OpenAPI, List, HAR}, t.Kind) && w.fetcher != nil {
			if err := w.settle(ctx, TargetGone, w.api(ctx, t)); err != nil {
				return err
			}
		}
	}
	return w.settle(ctx, LimitReached, w.unmet(ctx))
}

// settle says what an error of one target means: the end of the run, or that the
// scan goes on with the next one and is incomplete.
func (w *work) settle(ctx context.Context, why Reason, err error) error {
	var kept *ledgerError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &kept):
		return kept
	case errors.Is(err, crawl.ErrLimit):
		w.incomplete(LimitReached, err)
	default:
		w.incomplete(why, err)
	}
	return nil
}

// end makes the report and ends the scan.
func (w *work) end(ctx context.Context) (exposure.Report, error) {
	outcomes, err := w.book.Outcomes(ctx)
	if err != nil {
		return exposure.Report{}, err
	}
	if !w.started(outcomes) {
		w.incomplete(NoStart, errors.New("a site did not answer"))
	}
	e := Ending{State: Complete, Reason: w.reason, Covers: w.covers, Gaps: gaps(outcomes) || slices.ContainsFunc(w.plan.Targets, w.emptyRoot)}
	if w.reason != "" {
		e.State = Incomplete
	}
	e.Report = w.report(outcomes, e.State)
	if err := w.o.Ledger.End(ctx, w.scan.ID, e); err != nil {
		return exposure.Report{}, err
	}
	w.follow.ended()
	if w.reason != "" {
		return e.Report, fmt.Errorf("%w: %s: %w", ErrIncomplete, w.reason, w.cause)
	}
	return e.Report, nil
}

// emptyRoot says that a folder that was to be scanned has nothing in it.
func (w *work) emptyRoot(t Target) bool { return t.Kind == Files && empty(t) }

func (w *work) report(outcomes []exposure.Outcome, s State) exposure.Report {
	return w.scanner.Report(exposure.Stamp{
		Version: w.o.Version, Started: w.scan.Begun, Ended: w.o.Now(), Complete: s == Complete, Roots: w.plan.Roots(),
	}, outcomes)
}

// started says that the first page of every site was there.
func (w *work) started(outcomes []exposure.Outcome) bool {
	read := map[string]bool{}
	for _, o := range outcomes {
		read[o.TargetID] = len(o.NotRead) == 0 && o.Files > 0
	}
	for _, t := range w.plan.Targets {
		if t.Kind == Site && !read[w.o.Key.TargetID(t.At)] {
			return false
		}
	}
	return true
}

// harmless are reasons for which nothing else can be hidden behind a target that
// was not read.
var harmless = []formats.Reason{
	formats.Image, formats.Encrypted, formats.Unsupported, formats.Nested, crawl.OutOfScope, crawl.NeedsValue,
}

// gaps says that something was not read behind which more may be.
func gaps(outcomes []exposure.Outcome) bool {
	for _, o := range outcomes {
		if slices.ContainsFunc(o.NotRead, func(n exposure.NotRead) bool { return !slices.Contains(harmless, n.Reason) }) {
			return true
		}
	}
	return false
}
