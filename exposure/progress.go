package exposure

import (
	"sync"
	"time"
)

// Progress is how far a scan is.
type Progress struct {
	Items, TotalItems int
	Bytes, TotalBytes int64
	// People and Findings so far.
	People, Findings int
	// Current is the item that was finished last, masked.
	Current string
	Elapsed time.Duration
	// Left is an estimate by bytes, zero while nothing can be said.
	Left time.Duration
}

// follower counts along and tells.
type follower struct {
	mu    sync.Mutex
	now   func() time.Time
	begun time.Time
	p     Progress
	tally *Tally
	tell  func(Progress)
}

func newFollower(now func() time.Time, tell func(Progress)) *follower {
	return &follower{now: now, begun: now(), tally: NewTally(), tell: tell}
}

func (f *follower) total(items int, bytes int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.p.TotalItems, f.p.TotalBytes = items, bytes
}

// finished takes an item of so many bytes on disk.
func (f *follower) finished(o Outcome, size int64) {
	if f.tell == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tally.Add(o)
	f.p.Items++
	f.p.Bytes += size
	f.p.Current = o.Target
	sum := f.tally.sum
	f.p.Findings, f.p.People = sum.Findings, f.tally.people.count()+f.tally.extra
	f.p.Elapsed = f.now().Sub(f.begun)
	f.p.Left = 0
	if f.p.Bytes > 0 && f.p.TotalBytes > f.p.Bytes {
		f.p.Left = time.Duration(float64(f.p.Elapsed) / float64(f.p.Bytes) * float64(f.p.TotalBytes-f.p.Bytes))
	}
	f.tell(f.p)
}
