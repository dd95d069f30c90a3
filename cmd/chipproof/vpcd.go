package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"chipproof/cardreader"
	"chipproof/simulator"
)

// vpcdBridge keeps vpcd's slots as the readers of a simulated machine are: a
// card that is put in there is put in here. So commands and fault plans are the
// machine's, and pcscd sees what they do.
type vpcdBridge struct {
	machine *simulator.Machine
	addrs   map[string]string // by reader
	links   map[string]*vpcdLink
	emptied map[string]time.Time // by reader, when a card was taken out last
	log     *slog.Logger
}

// run follows the machine until ctx ends; then every card is taken out.
func (b *vpcdBridge) Run(ctx context.Context, readers *cardreader.Readers) {
	_ = readers.Follow(ctx, func(e cardreader.Event) { // ends with ctx and no other way
		switch e.Kind {
		case cardreader.CardInserted:
			b.unlink(e.Reader)
			b.link(ctx, e.Reader)
		case cardreader.CardRemoved, cardreader.ReaderRemoved:
			b.unlink(e.Reader)
		case cardreader.ServiceLost:
			for reader := range b.links {
				b.unlink(reader)
			}
		case cardreader.ReaderAdded, cardreader.CardMute, cardreader.ServiceBack: // nothing that vpcd could show
		}
	})
	for reader := range b.links {
		b.unlink(reader)
	}
}

// handling is how long it takes to put one card in after another. pcscd looks
// every 0.4 s, at times every other time, whether a slot of vpcd is empty; a
// card that comes back sooner was never away for it.
const handling = time.Second

// vpcdLink is one card in one slot.
type vpcdLink struct {
	stop context.CancelFunc
	done chan struct{}
}

func (b *vpcdBridge) link(ctx context.Context, reader string) {
	addr, known := b.addrs[reader]
	if !known {
		return // a reader that was plugged in by command has no slot
	}
	ctx, stop := context.WithCancel(ctx)
	link := &vpcdLink{stop: stop, done: make(chan struct{})}
	b.links[reader] = link
	free := b.emptied[reader].Add(handling)
	go func() {
		defer close(link.done)
		if waitUntil(ctx, free) == nil {
			b.serve(ctx, reader, addr)
		}
	}()
}

func (b *vpcdBridge) unlink(reader string) {
	if link, ok := b.links[reader]; ok {
		link.stop()
		<-link.done
		delete(b.links, reader)
		b.emptied[reader] = time.Now()
	}
}

// waitUntil returns ctx's error when that ends first.
func waitUntil(ctx context.Context, t time.Time) error {
	timer := time.NewTimer(time.Until(t))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// serve keeps the card in the slot. A fault that fails an exchange and leaves
// the card where it is looks to pcscd as if it had been out for a moment: vpcd
// has no other way to fail.
func (b *vpcdBridge) serve(ctx context.Context, reader, addr string) {
	var away sync.Once
	lost := func(err error) {
		away.Do(func() { b.log.Info("vpcd away, the card waits", "slot", reader, "cause", err) })
	}
	for ctx.Err() == nil {
		card := &vpcdCard{ctx: ctx, machine: b.machine, reader: reader}
		if err := card.connect(); err != nil {
			b.log.Info("card not put in", "slot", reader, "cause", err)
			return
		}
		err := simulator.ServeVPCD(ctx, addr, card, lost)
		card.close()
		if ctx.Err() == nil {
			b.log.Info("card out", "slot", reader, "cause", err)
			_ = waitUntil(ctx, time.Now().Add(handling)) // the loop asks ctx itself
		}
	}
}

// vpcdCard is a connection to a card of the machine, made anew at each reset.
type vpcdCard struct {
	ctx     context.Context // of the link
	machine *simulator.Machine
	reader  string
	card    cardreader.Card
	failed  error // why there is no connection
}

var _ simulator.VPCDCard = (*vpcdCard)(nil)

func (c *vpcdCard) connect() error {
	c.card, c.failed = c.machine.Connect(c.ctx, c.reader)
	return c.failed
}

func (c *vpcdCard) close() {
	if c.card != nil {
		_ = c.card.Close() // a simulated connection ends without fail
	}
}

// Transmit is one exchange with the card in the machine.
func (c *vpcdCard) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	if c.failed != nil {
		return nil, fmt.Errorf("card after reset: %w", c.failed)
	}
	return c.card.Transmit(ctx, command)
}

// ATR is the card's answer to reset, nothing when it didn't come back from one.
func (c *vpcdCard) ATR() []byte {
	if c.failed != nil {
		return nil
	}
	return c.card.ATR()
}

// Reset is a power-on or reset by pcscd.
func (c *vpcdCard) Reset() {
	c.close()
	if err := c.machine.Reset(c.reader); err != nil {
		c.failed = err
		return
	}
	_ = c.connect() // kept in failed, and told at the next exchange
}
