package cardreader

import (
	"fmt"
	"slices"
	"sync"
)

// maxLeftovers is how many connections to one reader may hang in the driver. A
// reader that swallows that many calls would swallow the next one too, with a
// thread of the operating system each.
const maxLeftovers = 4

// claims says who has which reader. A reader in use is an answer, never a queue
// (design §6); what an ended session left behind in the driver does not count as
// use, or one stuck call would block the reader for ever.
type claims struct {
	mu     sync.Mutex
	owners map[string][]*owner
}

// take gives o its reader, and those who had it before and are not gone yet.
// Errors: [ErrReaderBusy]; [ErrCardTimeout] when too many calls hang.
func (c *claims) take(o *owner) ([]*owner, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before := c.owners[o.reader]
	for _, other := range before {
		if other.ended() == nil {
			return nil, fmt.Errorf("%w: another read is going on", ErrReaderBusy)
		}
	}
	if len(before) >= maxLeftovers {
		return nil, fmt.Errorf("%w: %d earlier calls have not come back", ErrCardTimeout, len(before))
	}
	c.owners[o.reader] = append(slices.Clone(before), o)
	return before, nil
}

// forget takes out an owner that is gone.
func (c *claims) forget(o *owner) {
	c.mu.Lock()
	defer c.mu.Unlock()
	rest := slices.DeleteFunc(slices.Clone(c.owners[o.reader]), func(other *owner) bool { return other == o })
	if len(rest) == 0 {
		delete(c.owners, o.reader) // names come from callers: no row stays for each that was asked for
		return
	}
	c.owners[o.reader] = rest
}
