package counter

import (
	"maps"
	"slices"
	"sync"

	"chipproof/cardreader"
)

// backlog is how many events a stream may lag behind. A client that takes none
// for that long is cut off; it comes back and is told what is there.
const backlog = 64

// hub hands events to the streams and knows what is there, for a stream that
// begins.
type hub struct {
	mu          sync.Mutex
	subscribers map[*subscriber]struct{}
	readers     map[string]cardreader.Event // by name: the card in it, or that it was added
	lost        *cardreader.Event           // why the service is away
	watchers    map[*watcher]struct{}
}

// watcher is told of everything, as it is.
type watcher struct{ tell func(cardreader.Event) }

// subscriber is a stream of one origin. queue is closed when the stream lags.
type subscriber struct {
	origin string
	queue  chan message
}

func newHub() *hub {
	return &hub{subscribers: map[*subscriber]struct{}{}, readers: map[string]cardreader.Event{}, watchers: map[*watcher]struct{}{}}
}

// watch tells f what is there, and then what happens, in the order in which it
// does and before anything else happens.
func (h *hub) watch(f func(cardreader.Event)) (stop func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.present() {
		f(e)
	}
	w := &watcher{f}
	h.watchers[w] = struct{}{}
	return func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.watchers, w)
	}
}

// subscribe begins a stream with what is there now.
func (h *hub) subscribe(origin string) *subscriber {
	h.mu.Lock()
	defer h.mu.Unlock()
	present := h.present()
	s := &subscriber{origin: origin, queue: make(chan message, len(present)+backlog)}
	for _, e := range present {
		s.queue <- messageOf(e)
	}
	h.subscribers[s] = struct{}{}
	return s
}

// present is what is there, as events that would lead to it; the caller holds
// the lock.
func (h *hub) present() []cardreader.Event {
	var events []cardreader.Event
	if h.lost != nil {
		events = append(events, *h.lost)
	}
	for _, name := range slices.Sorted(maps.Keys(h.readers)) {
		events = append(events, cardreader.Event{Kind: cardreader.ReaderAdded, Reader: name})
		if e := h.readers[name]; e.Kind != cardreader.ReaderAdded {
			events = append(events, e)
		}
	}
	return events
}

func (h *hub) leave(s *subscriber) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.subscribers, s)
}

// happened takes a change at the readers.
func (h *hub) happened(e cardreader.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch e.Kind {
	case cardreader.ReaderAdded, cardreader.CardInserted, cardreader.CardMute:
		h.readers[e.Reader] = e
	case cardreader.CardRemoved:
		h.readers[e.Reader] = cardreader.Event{Kind: cardreader.ReaderAdded, Reader: e.Reader}
	case cardreader.ReaderRemoved:
		delete(h.readers, e.Reader)
	case cardreader.ServiceLost:
		clear(h.readers)
		h.lost = &e
	case cardreader.ServiceBack:
		h.lost = nil
	}
	m := messageOf(e)
	for s := range h.subscribers {
		h.send(s, m)
	}
	for w := range h.watchers {
		w.tell(e)
	}
}

// progressed takes a step of a read and tells the origin whose read it is, and
// nobody else.
func (h *hub) progressed(origin string, p ProgressEvent) {
	h.mu.Lock()
	defer h.mu.Unlock()
	m := newMessage(readProgress, p)
	for s := range h.subscribers {
		if s.origin == origin {
			h.send(s, m)
		}
	}
}

// proofing tells our own console what becomes of a proofing.
func (h *hub) proofing(name string, a *attempt, waiting []string) {
	h.console(newMessage(name, ProofingEvent{ID: a.id, Origin: a.origin(), Purpose: a.purpose.Name, WaitingFor: waiting}))
}

// console tells our own console, and nobody else.
func (h *hub) console(m message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subscribers {
		if s.origin == "" {
			h.send(s, m)
		}
	}
}

// send never waits; the caller holds the lock.
func (h *hub) send(s *subscriber, m message) {
	select {
	case s.queue <- m:
	default:
		delete(h.subscribers, s)
		close(s.queue)
	}
}
