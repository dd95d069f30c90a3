package exposure

import (
	"context"
	"errors"
	"fmt"
	"time"

	"chipproof/exposure/detect"
	"chipproof/exposure/formats"
)

// Options make a [Scanner].
type Options struct {
	// Key makes the fingerprints.
	Key Key
	// Now is the clock; it is needed. Findings carry whole seconds of it.
	Now    func() time.Time
	Allow  Allow
	Limits formats.Limits
	// MaxFindings of one item are kept; more are counted. Default 50,000.
	MaxFindings int
}

// Scanner looks through items. It is safe for several goroutines. Close it at
// the end.
type Scanner struct {
	key         Key
	clock       func() time.Time
	allow       Allow
	reader      *formats.Reader
	maxFindings int
	detector    *detect.Detector // others are made of it
}

// errOptions is for options that lack something: a mistake in this program.
var errOptions = errors.New("options lack a clock")

// NewScanner makes a scanner. Error: [ErrKeyInvalid] when it has no key.
func NewScanner(o Options) (*Scanner, error) {
	if o.Now == nil {
		return nil, fmt.Errorf("make scanner: %w", errOptions)
	}
	if len(o.Key.Reveal()) != keySize {
		return nil, fmt.Errorf("make scanner: %w", ErrKeyInvalid)
	}
	if o.MaxFindings == 0 {
		o.MaxFindings = 50_000
	}
	return &Scanner{
		key: o.Key, clock: o.Now, allow: o.Allow, reader: formats.NewReader(o.Limits), maxFindings: o.MaxFindings,
		detector: detect.New(),
	}, nil
}

// Close stops the sandboxes in which PDFs are read.
func (s *Scanner) Close() error { return s.reader.PDF.Close() }

func (s *Scanner) now() time.Time { return s.clock().Truncate(time.Second) }

// Scan looks through one item. What the item itself is to blame for (damaged,
// encrypted, too large) stands in the outcome; an error means that the item was
// not looked through to its end, because the context was done or reading failed.
func (s *Scanner) Scan(ctx context.Context, item Item) (Outcome, error) {
	out := Outcome{Counts: map[Class]int{}, Findings: []Finding{}, NotRead: []NotRead{}}
	j := &judge{
		scanner: s, det: s.detector.Another(), side: s.detector.Another(), item: item, out: &out, people: newPeople(),
		columns: map[uint64]*column{}, names: map[string]target{}, cache: map[string]string{}, piece: &formats.Piece{},
	}
	own := j.target("")
	out.Target, out.TargetID = own.shown, own.id
	stats, err := s.reader.Read(ctx, item.Target, item.MediaType, item.Source, j)
	j.settle()
	out.People = j.people.count()
	out.Bytes, out.Format = stats.Bytes, stats.Format
	if stats.Format != "" {
		out.Files = max(1, stats.Files)
	}
	if err != nil {
		return out, fmt.Errorf("scan item: %w", err)
	}
	return out, nil
}
