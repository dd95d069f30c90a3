package issuer

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"chipproof/proofing/thaiid"
	"chipproof/simulator"
	"chipproof/simulator/dopa"
)

// noon is when tests with a clock of their own begin.
var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// clock is one that stands still until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// people are those who ship, made once: each has a photo to be drawn.
var people = sync.OnceValue(simulator.People)

func person(tb testing.TB, key string) simulator.Person {
	tb.Helper()
	at := slices.IndexFunc(people(), func(p simulator.Person) bool { return p.Key == key })
	require.GreaterOrEqual(tb, at, 0, key)
	return people()[at]
}

// inserted is the card of a shipped person, changed and then read from its chip:
// there is no other way to come by one.
func inserted(tb testing.TB, key string, change ...func(*simulator.Person)) Card {
	tb.Helper()
	holder := person(tb, key)
	for _, c := range change {
		c(&holder)
	}
	card, err := simulator.NewCard(holder, simulator.CardOptions{})
	require.NoError(tb, err)
	identity, err := thaiid.Read(context.Background(), card, card.ATR(), thaiid.Options{Fields: thaiid.Fields{thaiid.FieldCitizenID, thaiid.FieldCard}})
	require.NoError(tb, err)
	return CardOf(identity)
}

// typed is what somebody who has seen that person's card types.
func typed(tb testing.TB, key string) Holder {
	tb.Helper()
	p := person(tb, key)
	return Holder{
		Number: Hide(p.CitizenID), FirstName: Hide(p.Name.TH.First), LastName: Hide(p.Name.TH.Last),
		BirthDate: Hide(p.BirthDate), Laser: Hide(p.LaserCode),
	}
}

// register is a service that knows the people who ship.
func register(tb testing.TB) *dopa.Service {
	tb.Helper()
	service, err := dopa.New(dopa.Options{People: people()})
	require.NoError(tb, err)
	return service
}

// bench is a client and the service that it asks, over TLS on loopback.
type bench struct {
	*Client
	service   *dopa.Service
	authority *dopa.Authority
	clock     *clock
	log       *bytes.Buffer
}

func newBench(tb testing.TB, options ...func(*Options)) *bench {
	tb.Helper()
	b := &bench{service: register(tb), clock: &clock{at: noon}, log: &bytes.Buffer{}}
	var err error
	b.authority, err = dopa.NewAuthority(noon)
	require.NoError(tb, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(tb, err)
	served := make(chan error, 1)
	ctx, stop := context.WithCancel(context.Background())
	go func() { served <- b.service.Serve(ctx, listener, b.authority, dopa.AnyClient) }()
	tb.Cleanup(func() {
		stop()
		require.NoError(tb, <-served)
	})
	o := Options{
		URL: "https://" + listener.Addr().String() + "/CheckCardStatus/CheckCardService.asmx", CA: b.authority.Pool(), Now: b.clock.now,
		Log: slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, change := range options {
		change(&o)
	}
	b.Client, err = New(o)
	require.NoError(tb, err)
	return b
}

func (b *bench) plan(tb testing.TB, yaml string) {
	tb.Helper()
	plan, err := dopa.ParsePlan([]byte(yaml))
	require.NoError(tb, err)
	require.NoError(tb, b.service.SetPlan(plan))
}

func bothVersions(tb testing.TB, run func(o func(*Options), version Version)) {
	tb.Helper()
	for _, v := range []Version{Version11, Version12} {
		run(func(o *Options) { o.SOAP = v }, v)
	}
}
