package simulator

import (
	"context"
	"fmt"
	"sync"
	"time"

	"chipproof/cardreader"
)

// connection is an open connection to the card in a slot. It holds the
// transaction until it is closed, dead or not: who forgets to close it keeps
// everybody else waiting, as with PC/SC.
type connection struct {
	bayOf
	atr   []byte
	life  life
	turn  chan struct{}
	close sync.Once

	idle  *time.Timer // nil on a machine that lets connections be idle
	limit time.Duration
}

// bayOf is a slot as a place to play a plan.
type bayOf struct {
	machine *Machine
	slot    *slot
}

// Connect opens a connection to the card in a reader. It waits for its turn
// while another connection has the transaction. See [cardreader.Driver].
func (m *Machine) Connect(ctx context.Context, reader string) (cardreader.Card, error) {
	c, err := m.connect(ctx, reader)
	if err != nil {
		return nil, fmt.Errorf("connect to simulated card: %w", err)
	}
	return c, nil
}

func (m *Machine) connect(ctx context.Context, reader string) (*connection, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	bay, attached, turn, err := m.bay(reader)
	if err != nil {
		return nil, err
	}
	if err := bay.slot.player.connect(ctx, bay); err != nil {
		return nil, err
	}
	select {
	case turn <- struct{}{}:
	case <-attached.ctx.Done():
		why, _ := attached.over()
		return nil, why.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	c, err := m.open(bay, attached, turn)
	if err != nil {
		<-turn
	}
	return c, err
}

// bay finds a reader with a card that answers, since when it is attached, and
// where to wait for one's turn.
func (m *Machine) bay(reader string) (bayOf, life, chan struct{}, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.refusal(); err != nil {
		return bayOf{}, life{}, nil, err
	}
	s, err := m.slot(reader)
	if err != nil {
		return bayOf{}, life{}, nil, err
	}
	return bayOf{m, s}, s.attached, s.turn, s.empty()
}

// empty says why a card in s can't be connected to.
func (s *slot) empty() error {
	switch {
	case s.mute:
		return cardreader.ErrCardError // SCARD_W_UNRESPONSIVE_CARD
	case s.chip == nil:
		return cardreader.ErrCardAbsent
	}
	return nil
}

// open makes the connection once its turn has come; much may have happened
// since it began to wait.
func (m *Machine) open(bay bayOf, attached life, turn chan struct{}) (*connection, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if why, over := attached.over(); over {
		return nil, why.err
	}
	if err := bay.slot.empty(); err != nil {
		return nil, err
	}
	bay.slot.player.connected()
	c := &connection{bayOf: bay, turn: turn, atr: bay.slot.chip.ATR(), life: newLife(bay.slot.powered.ctx)}
	if c.limit = m.behaviour.Idle; c.limit > 0 {
		c.idle = time.AfterFunc(c.limit, c.resetIdle)
	}
	return c, nil
}

// ATR is the answer to reset of the card that was connected to.
func (c *connection) ATR() []byte { return c.atr }

// Transmit is one exchange as the plan, the card and the people before the
// machine let it be.
func (c *connection) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	if why, over := c.life.over(); over {
		return why.show()
	}
	if c.idle != nil {
		c.idle.Stop()
		defer c.idle.Reset(c.limit)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(c.life.ctx, cancel)()

	answer, err := c.slot.player.play(ctx, command, c)
	if why, over := c.life.over(); over && err != nil {
		return why.show()
	}
	return answer, err
}

// Close ends the transaction. It can be called twice.
func (c *connection) Close() error {
	c.close.Do(func() {
		if c.idle != nil {
			c.idle.Stop()
		}
		c.life.end(loss{err: cardreader.ErrCardError}) // an invalid handle from now on
		<-c.turn
	})
	return nil
}

func (c *connection) living() life { return c.life }

// living, before there is a connection, is as long as the reader is attached.
func (b bayOf) living() life {
	b.machine.mu.Lock()
	defer b.machine.mu.Unlock()
	return b.slot.attached
}

func (b bayOf) chip() Chip {
	b.machine.mu.Lock()
	defer b.machine.mu.Unlock()
	return b.slot.chip
}

// resetIdle is Windows, which resets the card of a transaction that does nothing.
func (c *connection) resetIdle() {
	c.machine.mu.Lock()
	defer c.machine.mu.Unlock()
	if _, over := c.life.over(); !over && c.slot.chip != nil {
		c.slot.reset()
	}
}
