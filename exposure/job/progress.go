package job

import (
	"sync"
	"time"

	"chipproof/exposure"
)

// Stage is what a scan does just now.
type Stage string

// The stages.
const (
	Waits Stage = "waits" // for its turn
	Runs  Stage = "runs"
	Ended Stage = "ended"
)

// Progress is how far a scan is, over all its targets. What was kept by an earlier
// run of the same scan counts in Findings and People.
type Progress struct {
	Scan  string `json:"scan"`
	Stage Stage  `json:"stage"`
	// Part of Parts is which of the plan's parts runs: each folder, all sites
	// together, each API, and at the end the places that were not met.
	Part  int `json:"part"`
	Parts int `json:"parts"`
	// Items of the part that are done, and that are known by now: a crawl finds
	// more as it goes.
	Items      int   `json:"items"`
	TotalItems int   `json:"total_items"`
	Bytes      int64 `json:"bytes"`
	TotalBytes int64 `json:"total_bytes"` // of a folder; 0 for what is fetched
	People     int   `json:"people"`
	Findings   int   `json:"findings"`
	// Current is the item that was finished last, masked.
	Current string `json:"current"`
	// ElapsedMS since this run began, and LeftMS of the part, in milliseconds. Left
	// is an estimate by bytes, or by addresses that are known; 0 while nothing can
	// be said.
	ElapsedMS int64 `json:"elapsed_ms"`
	LeftMS    int64 `json:"left_ms"`
}

// Elapsed is the time since this run began.
func (p Progress) Elapsed() time.Duration { return time.Duration(p.ElapsedMS) * time.Millisecond }

// Left is an estimate for the part that runs.
func (p Progress) Left() time.Duration { return time.Duration(p.LeftMS) * time.Millisecond }

// follower counts along and tells.
type follower struct {
	mu      sync.Mutex
	now     func() time.Time
	tell    func(Progress)
	tally   *exposure.Tally
	p       Progress
	begun   time.Time
	longest time.Duration // a crawl has at most this long

	part time.Time // when the part began
	// What was passed over because an earlier run had done it says nothing about
	// the pace.
	passedItems int
	passedBytes int64
}

func newFollower(id string, now func() time.Time, p Plan, tell func(Progress)) *follower {
	f := &follower{now: now, tell: tell, tally: exposure.NewTally(), begun: now(), longest: p.Limits.Time}
	f.p = Progress{Scan: id, Stage: Runs, Parts: parts(p)}
	f.part = f.begun
	return f
}

// parts counts what a plan runs one after the other.
func parts(p Plan) int {
	n, sites := 0, 0
	for _, t := range p.Targets {
		if t.Kind == Site {
			sites = 1
			continue
		}
		n++
	}
	return n + sites + 1
}

// stage begins the next part, of so many items.
func (f *follower) stage(items int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.p.Part = min(f.p.Part+1, f.p.Parts)
	f.p.Items, f.p.TotalItems, f.p.Bytes, f.p.TotalBytes, f.p.LeftMS = 0, items, 0, 0, 0
	f.part, f.passedItems, f.passedBytes = f.now(), 0, 0
	f.say()
}

// say tells; the caller holds the lock.
func (f *follower) say() {
	f.p.ElapsedMS = max(0, f.now().Sub(f.begun).Milliseconds())
	if f.tell != nil {
		f.tell(f.p)
	}
}

// kept counts what an item gave.
func (f *follower) kept(o exposure.Outcome) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tally.Add(o)
	sum := f.tally.Summary()
	f.p.People, f.p.Findings = sum.People, sum.Findings
}

// files gives what [exposure.Run] tells.
func (f *follower) files() func(exposure.Progress) {
	f.stage(0)
	return func(p exposure.Progress) {
		f.mu.Lock()
		defer f.mu.Unlock()
		if p.Current == "" {
			f.passedItems++
			f.passedBytes += p.Bytes - f.p.Bytes
		} else {
			f.p.Current = p.Current
		}
		f.p.Items, f.p.TotalItems, f.p.Bytes, f.p.TotalBytes = p.Items, p.TotalItems, p.Bytes, p.TotalBytes
		f.p.LeftMS = left(f.now().Sub(f.part), float64(p.Bytes-f.passedBytes), float64(p.TotalBytes-p.Bytes))
		f.say()
	}
}

// page counts an address; waiting are those that are known and were not asked
// for, or -1 where the part is a list.
func (f *follower) page(target string, waiting int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.p.Current = target
	f.next(waiting)
	f.p.LeftMS = left(f.now().Sub(f.part), float64(f.p.Items-f.passedItems), float64(f.p.TotalItems-f.p.Items))
	if f.longest > 0 {
		f.p.LeftMS = min(f.p.LeftMS, max(0, (f.longest-f.now().Sub(f.part)).Milliseconds()))
	}
	f.say()
}

// passed counts an address that was done before; it is asked for again all the
// same, for its links.
func (f *follower) passed(waiting int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next(waiting)
	f.say()
}

func (f *follower) next(waiting int) {
	f.p.Items++
	if waiting >= 0 {
		f.p.TotalItems = f.p.Items + waiting
	}
	f.p.TotalItems = max(f.p.TotalItems, f.p.Items)
}

// ended tells for the last time.
func (f *follower) ended() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.p.Stage, f.p.Part, f.p.LeftMS = Ended, f.p.Parts, 0
	f.say()
}

// left is how long the rest takes at the pace until now, in milliseconds.
func left(spent time.Duration, done, rest float64) int64 {
	if done <= 0 || rest <= 0 || spent <= 0 {
		return 0
	}
	return int64(float64(spent.Milliseconds()) / done * rest)
}
