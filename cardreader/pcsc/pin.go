//go:build cgo || windows

package pcsc

import (
	"strings"
	"sync"
)

// pins keeps reader names alive while C code reads them.
//
// GetStatusChange of the binding hands C a bare pointer to each name and holds
// the memory by one map of its own, keyed by the name, for the whole process.
// A second call on the same reader takes the first one's place there, and the
// garbage collector then frees the name that the first still waits on, perhaps
// for hours. So every context has a slot, and names carry it behind a NUL, where
// C does not look. Slots are used again, so the binding's map stays small.
//
// The binding for Windows keeps no map and refuses a NUL, and winscard.dll takes
// the names over at the start of the call; there names stay bare.
type pins struct {
	mu   sync.Mutex
	free []int
	next int
}

// slots is shared by the whole process because the binding's map is.
var slots pins

func (p *pins) take() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.free); n > 0 {
		slot := p.free[n-1]
		p.free = p.free[:n-1]
		return slot
	}
	p.next++
	return p.next
}

func (p *pins) giveBack(slot int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = append(p.free, slot)
}

// unpinned is the name without what [pinned] put behind it.
func unpinned(reader string) string {
	name, _, _ := strings.Cut(reader, "\x00")
	return name
}
