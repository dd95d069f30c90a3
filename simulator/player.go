package simulator

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"chipproof/apdu"
	"chipproof/cardreader"
)

// bay is where a plan is played: a reader's slot, or a bare card.
type bay interface {
	// chip is the card that lies there now, nil if none does.
	chip() Chip
	// perform does what only the bay can: take the card out, swap it, reset it,
	// unplug, stop the service. It answers as the open connection sees it; nil
	// and nil means that the exchange goes on.
	perform(f Fault) ([]byte, error)
	// living ends when the open connection does.
	living() life
}

// player plays a plan against the exchanges of one bay, and follows what is
// selected whether a plan is loaded or not.
type player struct {
	mu       sync.Mutex
	plan     Plan
	happened []int  // how often, by fault
	over     []bool // whether a reset ended it, by fault
	loaded   life   // ends when another plan takes this one's place
	count    int    // exchanges since the connection
	tracker  tracker
}

func newPlayer() *player { return &player{loaded: newLife(context.Background())} }

// load takes a plan in the place of what was there.
func (p *player) load(plan Plan) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.loaded.end(loss{err: cardreader.ErrCardTimeout})
	p.loaded = newLife(context.Background())
	p.plan = slices.Clone(plan)
	p.happened = make([]int, len(plan))
	p.over = make([]bool, len(plan))
}

// connected lets the count of exchanges begin again.
func (p *player) connected() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count = 0
}

// reset notes that the card forgot what was selected, and ends what lasts until then.
func (p *player) reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tracker = tracker{}
	for i, f := range p.plan {
		p.over[i] = p.over[i] || f.endsByReset() && p.happened[i] > 0
	}
}

// left counts the faults that can still happen.
func (p *player) left() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for i := range p.plan {
		if p.open(i) {
			n++
		}
	}
	return n
}

func (p *player) open(i int) bool {
	ends := p.plan[i].ends()
	return !p.over[i] && (ends == 0 || p.happened[i] < ends)
}

// occurrence is a fault that happens now, for the nth time (from 0).
type occurrence struct {
	Fault
	nth int
}

// take marks as happened, and returns, the faults that happen now. Those that
// pass on to the next (delay, swap) may be several, one that answers ends the list.
func (p *player) take(due func(Fault) bool) []occurrence {
	var now []occurrence
	for i, f := range p.plan {
		if !p.open(i) || !due(f) {
			continue
		}
		now = append(now, occurrence{f, p.happened[i]})
		p.happened[i]++
		if !f.passes() {
			break
		}
	}
	return now
}

func (f Fault) passes() bool { return f.Do == DoDelay || f.Do == DoSwap || f.bringer() }

// connect plays what is due when a connection is made.
func (p *player) connect(ctx context.Context, b bay) error {
	p.mu.Lock()
	now := p.take(func(f Fault) bool { return f.At == AtConnect })
	loaded := p.loaded
	p.mu.Unlock()
	for _, f := range now {
		switch f.Do {
		case DoSharing:
			return cardreader.ErrSharing
		case DoRemove, DoUnplug, DoServiceStop:
			// What is gone now, the driver finds out when it goes on.
			_, _ = b.perform(f.Fault)
			return nil
		}
		if _, done, err := f.act(ctx, apdu.Command{}, loaded, b); done {
			return err
		}
	}
	return nil
}

// play is one exchange, as far as the plan lets it be one.
func (p *player) play(ctx context.Context, command []byte, b bay) ([]byte, error) {
	cmd, err := apdu.ParseCommand(command)
	if err != nil {
		cmd = apdu.Command{CLA: 0xFF} // asks for nothing; the card refuses it by itself
	}
	now, loaded := p.before(cmd)
	for _, f := range now {
		if answer, done, err := f.act(ctx, cmd, loaded, b); done {
			return answer, err
		}
	}
	chip := b.chip()
	if chip == nil {
		return nil, fmt.Errorf("transmit to simulated card: %w", cardreader.ErrCardRemoved)
	}
	answer, err := chip.Transmit(ctx, command)
	if err != nil {
		return nil, err
	}
	return p.after(cmd, answer), nil
}

func (p *player) before(cmd apdu.Command) ([]occurrence, life) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count++
	wanted := p.tracker.asks(cmd)
	due := func(f Fault) bool {
		if f.bringer() || f.At != "" {
			return false
		}
		if f.Field == "" {
			return p.count >= f.Exchange
		}
		// GET RESPONSE fetches what a READ has asked for already.
		return cmd.INS != insGetResponse &&
			slices.ContainsFunc(wanted.parts(wanted.left), func(s segment) bool { return isCalled(s, f.Field) })
	}
	return p.take(due), p.loaded
}

// after notes the answer and changes its data where the plan says so.
func (p *player) after(cmd apdu.Command, answer []byte) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	res, err := apdu.ParseResponse(answer)
	if err != nil {
		return answer
	}
	brought := p.tracker.asks(cmd)
	p.tracker.answered(cmd, brought, res)

	now := p.take(func(f Fault) bool {
		return f.bringer() && (f.Field != "" || p.count >= f.Exchange) && f.At == "" && f.bites(brought, res.Data)
	})
	for _, f := range now {
		res.Data = f.distort(brought, res.Data, p.count)
	}
	return res.Bytes()
}
