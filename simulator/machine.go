package simulator

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"chipproof/cardreader"
)

// What a [Machine] refuses to whoever stands before it.
var (
	// ErrReaderOccupied: there is a card in that reader already.
	ErrReaderOccupied = errors.New("reader occupied")
	// ErrReaderExists: a reader of that name is plugged in already.
	ErrReaderExists = errors.New("reader plugged in already")
)

// Machine is a computer with virtual readers and the service that serves them.
// Below, it is a [cardreader.Driver] like PC/SC; above, it has the hands that
// insert, remove and unplug. All methods may be called from several goroutines.
type Machine struct {
	mu        sync.Mutex
	slots     map[string]*slot
	service   service
	running   life // of the service
	behaviour Behaviour
	cards     CardOptions
	watchers  map[*watcher]struct{}
}

var _ cardreader.Driver = (*Machine)(nil)

// service is what the reader service does.
type service int

const (
	serviceRuns service = iota
	serviceStopped
	serviceRefuses
)

// Behaviour is how machines differ. The zero value is the kindest: what happens
// is seen at once, once, and by its name.
type Behaviour struct {
	// Removal is how a card that is pulled looks to an open connection.
	Removal Shape
	// Lag is for how long a reader still says "present" after that. pcsc-lite
	// takes up to about 400 ms (agent-security §9).
	Lag time.Duration
	// Repeat is how often each change is notified again.
	Repeat int
	// Lose is how many of the next changes nobody is told of.
	Lose int
	// Late is how long after the change the notification comes.
	Late time.Duration
	// Idle, if not zero, resets the card when a connection makes no call for so
	// long: 5 s on Windows.
	Idle time.Duration
	// LastReader says what happens when the last reader is unplugged.
	LastReader LastReader
}

// LastReader is the fate of the service without readers.
type LastReader int

const (
	// ServiceStays, as on Linux and macOS.
	ServiceStays LastReader = iota
	// ServiceStops until a reader is plugged in, as on Windows.
	ServiceStops
)

// NewMachine is a machine whose service runs, with these readers plugged in.
func NewMachine(readers ...string) *Machine {
	m := &Machine{
		slots:    map[string]*slot{},
		running:  newLife(context.Background()),
		watchers: map[*watcher]struct{}{},
	}
	for _, name := range readers {
		m.slots[name] = newSlot(name, m.running)
	}
	return m
}

// Behave changes how the machine behaves from now on.
func (m *Machine) Behave(b Behaviour) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.behaviour = b
}

// Cards says how the cards behave that are put in by person: by
// [Machine.Command], by [Control], or by a fault that swaps cards.
func (m *Machine) Cards(o CardOptions) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cards = o
}

// Plug plugs in a reader, new or known; a known one still holds the card that
// it was unplugged with. It starts a service that stopped with the last reader.
// It returns [ErrReaderExists].
func (m *Machine) Plug(reader string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, known := m.slots[reader]
	if known && s.plugged {
		return fmt.Errorf("plug reader: %w", ErrReaderExists)
	}
	if m.service == serviceStopped && m.behaviour.LastReader == ServiceStops && m.plugged() == 0 {
		m.start()
	}
	if known {
		s.plug(m.running)
	} else {
		m.slots[reader] = newSlot(reader, m.running)
	}
	m.changed()
	return nil
}

// Unplug pulls a reader out. Connections to it are dead for good. It returns
// [cardreader.ErrReaderNotFound].
func (m *Machine) Unplug(reader string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, err := m.slot(reader)
	if err != nil {
		return fmt.Errorf("unplug reader: %w", err)
	}
	m.unplug(s)
	return nil
}

func (m *Machine) unplug(s *slot) {
	s.settle()
	s.plugged = false
	s.attached.end(loss{err: cardreader.ErrReaderNotFound})
	m.changed()
	if m.behaviour.LastReader == ServiceStops && m.plugged() == 0 {
		m.stop(serviceStopped)
	}
}

// StopService ends the reader service: every connection and every watch is dead.
func (m *Machine) StopService() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stop(serviceStopped)
}

// DenyService lets the service refuse this account from now on, as polkit does.
func (m *Machine) DenyService() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stop(serviceRefuses)
}

// StartService lets the service run, and serve, again. Cards are powered anew.
func (m *Machine) StartService() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.service != serviceRuns {
		m.start()
		m.changed()
	}
}

func (m *Machine) stop(s service) {
	m.service = s
	m.running.end(loss{err: cardreader.ErrServiceDown})
}

func (m *Machine) start() {
	m.service = serviceRuns
	m.running = newLife(context.Background())
	for _, s := range m.slots {
		if s.plugged {
			s.plug(m.running)
		}
	}
}

// refusal is why the service doesn't serve, nil if it does.
func (m *Machine) refusal() error {
	switch m.service {
	case serviceStopped:
		return cardreader.ErrServiceDown
	case serviceRefuses:
		return cardreader.ErrDenied
	case serviceRuns:
	}
	return nil
}

func (m *Machine) plugged() int {
	n := 0
	for _, s := range m.slots {
		if s.plugged {
			n++
		}
	}
	return n
}

// slot finds a reader that is plugged in.
func (m *Machine) slot(reader string) (*slot, error) {
	s, known := m.slots[reader]
	if !known || !s.plugged {
		return nil, cardreader.ErrReaderNotFound
	}
	return s, nil
}

// List gives every reader's state, by name. It returns [cardreader.ErrServiceDown]
// or [cardreader.ErrDenied].
func (m *Machine) List(ctx context.Context) ([]cardreader.State, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list simulated readers: %w", err)
	}
	if err := m.refusal(); err != nil {
		return nil, fmt.Errorf("list simulated readers: %w", err)
	}
	return m.states(), nil
}

func (m *Machine) states() []cardreader.State {
	states := []cardreader.State{}
	for _, name := range slices.Sorted(maps.Keys(m.slots)) {
		if s := m.slots[name]; s.plugged {
			states = append(states, s.state())
		}
	}
	return states
}
