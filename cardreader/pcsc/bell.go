//go:build cgo || windows

package pcsc

import "sync"

// bell lets calls tell the waits of this process that they may have been
// disturbed.
//
// pcsc-lite 1.9.9 keeps the readers' states in one unlocked variable for the
// whole process. A call that fetches them while a wait looks at those it just
// fetched can put older ones under its eyes; the wait then sees no change, and
// sees the next one up to a minute later (measured: some in a thousand with
// twelve watches). So whoever fetched states rings, and every wait is checked
// against a fresh look soon after. Those looks don't ring, or two watches would
// keep each other busy for ever.
type bell struct {
	mu   sync.Mutex
	rung chan struct{}
}

// disturbed is one for the process, as the library's variable is.
var disturbed bell

// listen is closed at the next ring.
func (b *bell) listen() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rung == nil {
		b.rung = make(chan struct{})
	}
	return b.rung
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rung != nil {
		close(b.rung)
		b.rung = nil
	}
}
