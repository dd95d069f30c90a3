package job

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"chipproof/exposure"
	"chipproof/exposure/crawl"
	"chipproof/exposure/formats"
)

// Options make a [Runner].
type Options struct {
	Ledger Ledger
	Places Places
	Holds  Holds
	// Key makes fingerprints: the agency's own.
	Key exposure.Key
	// Version of the program, for reports and User-Agent.
	Version string
	Now     func() time.Time // default time.Now
	// Allow are the work contacts that are counted and not reported.
	Allow   exposure.Allow
	Formats formats.Limits
	// Workers, ItemTime and MaxFiles are those of [exposure.Run].
	Workers  int
	ItemTime time.Duration
	MaxFiles int
	// Fetch has resolver, dialler and transport; the rest of it is the plan's.
	Fetch crawl.Options
}

// Runner runs scans. It is safe for several goroutines.
type Runner struct{ o Options }

// NewRunner makes one.
func NewRunner(o Options) *Runner {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Runner{o: o}
}

// How long a scan is held without a sign of life, and how often one is given.
const (
	holdFor  = 20 * time.Second
	holdEach = 5 * time.Second
)

// Begin keeps a plan, so that it can be run.
func (r *Runner) Begin(ctx context.Context, by Actor, p Plan) (Scan, error) {
	return r.o.Ledger.Begin(ctx, by, p, r.o.Version, r.o.Now())
}

// Run runs a scan that was begun, or goes on with one that was cut off: what was
// done is passed over. tell is called as it goes, from several goroutines but
// never at once; it may be nil.
//
// A done context leaves the scan open, and it can go on. Any other end is for
// good: the report comes with [ErrIncomplete] when the scan did not get to the end
// of its targets. Other errors: [ErrScanUnknown], [ErrScanEnded], [ErrScanHeld],
// those of the ledger.
func (r *Runner) Run(ctx context.Context, id string, tell func(Progress)) (exposure.Report, error) {
	report, err := r.run(ctx, id, tell)
	if err != nil {
		return report, fmt.Errorf("run scan: %w", err)
	}
	return report, nil
}

func (r *Runner) run(ctx context.Context, id string, tell func(Progress)) (exposure.Report, error) {
	ctx, release, err := r.hold(ctx, id)
	if err != nil {
		return exposure.Report{}, err
	}
	defer release()
	plan, scan, book, err := r.o.Ledger.Open(ctx, id)
	if err != nil {
		return exposure.Report{}, err
	}
	scanner, err := exposure.NewScanner(exposure.Options{Key: r.o.Key, Now: r.o.Now, Allow: r.o.Allow, Limits: r.o.Formats})
	if err != nil {
		return exposure.Report{}, err
	}
	defer scanner.Close() //nolint:errcheck // nothing is lost when a sandbox won't stop
	w := &work{Runner: r, plan: plan, scan: scan, book: book, scanner: scanner}
	if err := w.begin(ctx, tell); err != nil {
		return exposure.Report{}, err
	}
	defer w.close()
	if err := w.targets(ctx); err != nil {
		return exposure.Report{}, err
	}
	return w.end(ctx)
}

// hold takes a scan for this run, and gives signs of life until release. The
// context ends when somebody else has taken it meanwhile.
func (r *Runner) hold(ctx context.Context, id string) (context.Context, func(), error) {
	var name [8]byte
	_, _ = rand.Read(name[:]) // never fails, see crypto/rand
	holder := hex.EncodeToString(name[:])
	take := func(ctx context.Context) error {
		now := r.o.Now()
		ok, err := r.o.Holds.Hold(ctx, id, holder, now, now.Add(holdFor))
		if err == nil && !ok {
			err = ErrScanHeld
		}
		return err
	}
	if err := take(ctx); err != nil {
		return nil, nil, err
	}
	held, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		alive := time.NewTicker(holdEach)
		defer alive.Stop()
		for {
			select {
			case <-held.Done():
				return
			case <-alive.C:
				// A busy disk is no reason to give up; somebody else's hold is.
				if err := take(held); errors.Is(err, ErrScanHeld) {
					cancel(err)
				}
			}
		}
	}()
	return held, func() {
		cancel(nil)
		<-done
		// Should that fail, the hold ends by itself.
		_ = r.o.Holds.Release(context.WithoutCancel(ctx), id, holder)
	}, nil
}
