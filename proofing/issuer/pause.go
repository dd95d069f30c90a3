package issuer

import (
	"fmt"
	"sync"
	"time"
)

const (
	// faultsInARow is after how many of them nobody asks for a while.
	faultsInARow = 3
	firstPause   = 30 * time.Second
	longestPause = 5 * time.Minute
)

// pause keeps clerks from waiting, question after question, for a service that is
// down. When a pause is over one question tries; unless it is answered the next
// pause is twice as long.
type pause struct {
	now func() time.Time

	mu     sync.Mutex
	faults int
	length time.Duration // of the pause that is, or was last
	until  time.Time     // zero: nobody pauses
	trying bool          // one question is out to try
}

// turn is one question's; trial says that it is the one that tries.
type turn struct{ trial bool }

// begin asks whether a question may go out; then [pause.end] must follow. It
// returns [ErrPaused].
func (p *pause) begin() (turn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.until.IsZero() {
		return turn{}, nil
	}
	left := p.until.Sub(p.now())
	// A clock that was put back may not make a pause longer than any.
	if left > 0 && left <= p.length {
		return turn{}, fmt.Errorf("ask the issuer: %w: %v more", ErrPaused, left.Round(time.Second))
	}
	if p.trying {
		return turn{}, fmt.Errorf("ask the issuer: %w: somebody tries it at this moment", ErrPaused)
	}
	p.trying = true
	return turn{trial: true}, nil
}

// ending is what became of a question, as far as the service is concerned.
type ending int

const (
	answered ending = iota
	faulty          // no answer, or none that can be read
	unknown         // whoever asked went away: that says nothing of the service
)

// end takes note. It gives how long nobody asks from now on; zero, if they may.
func (p *pause) end(t turn, e ending) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if t.trial {
		p.trying = false
	}
	switch e {
	case answered:
		p.faults, p.length, p.until = 0, 0, time.Time{}
		return 0
	case unknown:
		return 0 // the next question tries
	case faulty:
	}
	p.faults++
	switch {
	case !t.trial && !p.until.IsZero():
		return 0 // was out already when the pause began
	case t.trial && !p.until.IsZero():
		p.length = min(2*p.length, longestPause)
	case p.faults < faultsInARow:
		return 0
	default:
		p.length = firstPause
	}
	p.until = p.now().Add(p.length)
	return p.length
}
