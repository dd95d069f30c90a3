package counter

import (
	"context"
	"net/http"

	"chipproof/api"
	"chipproof/cardreader"
)

// Title and Version stand in the OpenAPI document. Version is the interface's:
// it changes when a caller must change.
const (
	Title   = "chipproof"
	Version = "1.0.0"
)

// Options make a [Counter].
type Options struct {
	// Readers are needed.
	Readers *cardreader.Readers
}

// Counter answers for one counter: one clerk, one citizen, one read at a time.
type Counter struct {
	readers *cardreader.Readers
	hub     *hub
	serving chan struct{} // holds a token while a read runs
}

// New is a counter that reads at those readers.
func New(o Options) *Counter {
	return &Counter{readers: o.Readers, hub: newHub(), serving: make(chan struct{}, 1)}
}

// Run follows the readers and hands what happens there to the event streams. It
// returns ctx's error when ctx ends, and nothing else ends it.
func (c *Counter) Run(ctx context.Context) error {
	return c.readers.Follow(ctx, c.hub.happened)
}

// Register puts the counter's routes into a server, before it serves.
func Register(s *api.Server, c *Counter) {
	api.Handle(s, api.Route{
		Method: http.MethodGet, Path: "/v1/readers", Class: api.WebApp, ID: "list-readers",
		Summary:     "The readers, and whether a card is in them",
		Description: "Names, presence and answer to reset; never anything of a card.",
	}, c.listReaders)
	api.HandleStream(s, api.Route{
		Method: http.MethodGet, Path: "/v1/events", Class: api.WebApp, ID: "follow-events",
		Summary: "What happens at the readers",
		Description: "Begins with what is there. `read_progress` comes only to the origin whose read it is. " +
			"Read it with `fetch`; a comment comes every 15 s. The stream ends when the origin is revoked.",
	}, eventTypes(), c.followEvents)
	api.Handle(s, api.Route{
		Method: http.MethodPost, Path: "/v1/reads", Class: api.WebApp, ID: "read-card",
		Summary: "Read the citizen's card",
		Description: "Fills a form: what the chip says, without judgement and without signature. " +
			"Whoever can reach the reader could have read the same.",
	}, c.readCard)
}
