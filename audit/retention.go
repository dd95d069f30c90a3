package audit

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// LeastRetention is how long every entry is kept: traffic data at least 90 days
// (Computer Crime Act s. 26, by assurance §5.4).
const LeastRetention = 90 * 24 * time.Hour

// Policy says for how long the entries of a class are kept. A class that it
// doesn't name is kept for ever, and so is [ClassLog] always: it accounts for
// what was deleted.
type Policy map[Class]time.Duration

// Check makes sure that a policy can be followed. Errors: [ErrKept] for a time
// below [LeastRetention] and for [ClassLog], [ErrInvalid] for an unknown class.
func (p Policy) Check() error {
	for _, class := range slices.Sorted(maps.Keys(p)) {
		switch {
		case !slices.Contains(Classes(), class):
			return fmt.Errorf("check retention: %w: class %q", ErrInvalid, class)
		case class == ClassLog:
			return fmt.Errorf("check retention: %w: class %s", ErrKept, class)
		case p[class] < LeastRetention:
			return fmt.Errorf("check retention: %w: class %s for at least 90 days", ErrKept, class)
		}
	}
	return nil
}

// Due says whether an entry is older than its class is kept.
func (p Policy) Due(e Entry, now time.Time) bool {
	keep, limited := p[e.Class]
	return limited && e.Class != ClassLog && e.At.Before(now.Add(-keep))
}
