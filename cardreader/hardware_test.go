package cardreader_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"chipproof/cardreader"
)

var (
	thaiATR   = []byte{0x3B, 0x79, 0x96, 0x00, 0x00, 0x54, 0x48, 0x20, 0x4E, 0x49, 0x44, 0x20, 0x31, 0x37}
	ok9000    = []byte{0x90, 0x00}
	selectMOI = []byte{0x00, 0xA4, 0x04, 0x00, 0x08, 0xA0, 0x00, 0x00, 0x00, 0x54, 0x48, 0x00, 0x01}
	synthetic = []byte("1101700230708") // the synthetic citizen of all tests
)

const desk, back = "Desk reader 00", "Back office reader 01"

// hardware stands in for a PC/SC service with readers and cards. It does what a
// driver must; the hooks make it do what drivers do on a bad day.
type hardware struct {
	mu      sync.Mutex
	readers map[string]cardreader.State
	changed chan struct{} // closed, and replaced, on each change
	failure error         // of the service
	open    map[string]*contact

	watches, watching, connects int
	sent                        []byte        // the last command that a card answered
	gap                         time.Duration // the longest that a transaction stood idle
	complaints                  []string

	onList     func(ctx context.Context) error
	onWatch    func(ctx context.Context, report func([]cardreader.State)) error
	onConnect  func(ctx context.Context, try int) error
	onTransmit func(ctx context.Context, index int, plain func() ([]byte, error)) ([]byte, error)
	onClose    func()
}

// newHardware has the named readers, empty. At the end of the test it complains
// if a card was used against the contract of cardreader.Card.
func newHardware(t testing.TB, readers ...string) *hardware {
	h := &hardware{
		readers: make(map[string]cardreader.State),
		changed: make(chan struct{}),
		open:    make(map[string]*contact),
	}
	for _, name := range readers {
		h.readers[name] = cardreader.State{Reader: name}
	}
	t.Cleanup(func() { assert.Empty(t, h.complaints, "the driver was used against its contract") })
	return h
}

func (h *hardware) change(f func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f()
	close(h.changed)
	h.changed = make(chan struct{})
}

// set puts a reader into a state, plugging it in if need be.
func (h *hardware) set(s cardreader.State) { h.change(func() { h.readers[s.Reader] = s }) }

func (h *hardware) insert(reader string) {
	h.move(reader, cardreader.Present, thaiATR)
}

func (h *hardware) remove(reader string) {
	h.move(reader, cardreader.Absent, nil)
}

func (h *hardware) move(reader string, card cardreader.Presence, atr []byte) {
	h.change(func() {
		h.readers[reader] = cardreader.State{Reader: reader, Card: card, ATR: atr, Counter: h.readers[reader].Counter + 1}
	})
}

func (h *hardware) plug(reader string) {
	h.set(cardreader.State{Reader: reader})
}

func (h *hardware) unplug(reader string) {
	h.change(func() { delete(h.readers, reader) })
}

// stop lets the service answer everything with err, until start.
func (h *hardware) stop(err error) { h.change(func() { h.failure = err }) }
func (h *hardware) start()         { h.change(func() { h.failure = nil }) }

func (h *hardware) snapshot() ([]cardreader.State, chan struct{}, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	states := slices.Collect(maps.Values(h.readers))
	slices.SortFunc(states, func(a, b cardreader.State) int { return bytes.Compare([]byte(a.Reader), []byte(b.Reader)) })
	return states, h.changed, h.failure
}

func (h *hardware) List(ctx context.Context) ([]cardreader.State, error) {
	if h.onList != nil {
		if err := h.onList(ctx); err != nil {
			return nil, err
		}
	}
	states, _, err := h.snapshot()
	if err != nil {
		return nil, err
	}
	return states, nil
}

func (h *hardware) Watch(ctx context.Context, report func([]cardreader.State)) error {
	h.count(&h.watches, 1)
	h.count(&h.watching, 1)
	defer h.count(&h.watching, -1)
	if h.onWatch != nil {
		return h.onWatch(ctx, report)
	}
	for {
		states, changed, err := h.snapshot()
		if err != nil {
			return err
		}
		report(states)
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (h *hardware) count(what *int, by int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	*what += by
}

func (h *hardware) counted(what *int) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return *what
}

func (h *hardware) complain(format string, args ...any) {
	h.complaints = append(h.complaints, fmt.Sprintf(format, args...))
}

func (h *hardware) Connect(ctx context.Context, reader string) (cardreader.Card, error) {
	h.count(&h.connects, 1)
	if h.onConnect != nil {
		if err := h.onConnect(ctx, h.counted(&h.connects)); err != nil {
			return nil, err
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	state, ok := h.readers[reader]
	switch {
	case h.failure != nil:
		return nil, h.failure
	case !ok:
		return nil, cardreader.ErrReaderNotFound
	case state.Card == cardreader.Absent:
		return nil, cardreader.ErrCardAbsent
	case state.Card == cardreader.Mute:
		return nil, cardreader.ErrCardError
	case h.open[reader] != nil:
		return nil, cardreader.ErrSharing
	}
	c := &contact{hardware: h, state: state, goroutine: goroutine(), last: time.Now()}
	h.open[reader] = c
	return c, nil
}

// contacts is how many cards are connected.
func (h *hardware) contacts() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.open)
}

// contact is a connection to a card of the hardware. The card answers every READ
// with the synthetic citizen's number, in the manner of T=0.
type contact struct {
	hardware  *hardware
	state     cardreader.State
	goroutine string
	exchanges int
	inCall    bool
	closed    bool
	last      time.Time
}

func (c *contact) ATR() []byte { return c.state.ATR }

func (c *contact) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	defer c.enter("transmit")()
	index := c.exchanges
	c.exchanges++
	plain := func() ([]byte, error) { return c.plain(command) }
	if hook := c.hardware.onTransmit; hook != nil {
		return hook(ctx, index, plain)
	}
	return plain()
}

func (c *contact) plain(command []byte) ([]byte, error) {
	c.hardware.mu.Lock()
	defer c.hardware.mu.Unlock()
	state, ok := c.hardware.readers[c.state.Reader]
	switch {
	case c.hardware.failure != nil:
		return nil, c.hardware.failure
	case !ok:
		return nil, cardreader.ErrReaderNotFound
	case state.Counter != c.state.Counter:
		return nil, cardreader.ErrCardRemoved
	}
	c.hardware.sent = slices.Clone(command)
	switch command[1] {
	case 0xB0:
		return []byte{0x61, byte(len(synthetic))}, nil
	case 0xC0:
		return slices.Concat(synthetic, ok9000), nil
	}
	return slices.Clone(ok9000), nil
}

func (c *contact) Close() error {
	defer c.enter("close")()
	if hook := c.hardware.onClose; hook != nil {
		hook()
	}
	c.hardware.mu.Lock()
	defer c.hardware.mu.Unlock()
	if !c.closed {
		c.closed = true
		delete(c.hardware.open, c.state.Reader)
	}
	return nil
}

// enter notes a call on the card and gives what to do at its end. It holds the
// contract: one goroutine makes every call, one call at a time.
func (c *contact) enter(what string) func() {
	h := c.hardware
	h.mu.Lock()
	defer h.mu.Unlock()
	if id := goroutine(); id != c.goroutine {
		h.complain("%s on %s, but %s connected", what, id, c.goroutine)
	}
	if c.inCall {
		h.complain("%s during another call", what)
	}
	if c.closed && what != "close" {
		h.complain("%s after close", what)
	}
	c.inCall = true
	if !c.closed {
		h.gap = max(h.gap, time.Since(c.last))
	}
	return func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		c.inCall = false
		c.last = time.Now()
	}
}

// goroutine names the goroutine that calls it ("goroutine 7").
func goroutine() string {
	buf := make([]byte, 64)
	fields := bytes.Fields(buf[:runtime.Stack(buf, false)])
	return string(bytes.Join(fields[:2], []byte(" ")))
}

// pass lets time go by in hardware that is slow. In a bubble it costs nothing.
func pass(d time.Duration) { <-time.After(d) }
