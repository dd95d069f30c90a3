package compat

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"chipproof/api"
	"chipproof/cardreader"
	"chipproof/proofing"
)

// Desk is the counter that ports read at, always in the name of the request that
// ctx belongs to.
type Desk interface {
	// States are the readers now.
	States(ctx context.Context) ([]cardreader.State, error)
	// Watch tells f what is at the readers and then what happens. f waits for
	// nothing and asks the desk nothing.
	Watch(f func(cardreader.Event)) (stop func())
	// ReadForPort reads the card with the fields that the asking origin was
	// granted. When it returns nil the entry in the audit log is durable.
	ReadForPort(ctx context.Context, ask proofing.PortRead) (proofing.PortAnswer, error)
}

// Arms writes down which site may be sent the cards that are put in.
type Arms interface {
	// Arm refuses a site that is not listed for drop-in ports. Nothing is armed
	// without its entry.
	Arm(ctx context.Context, a proofing.Arming) error
}

// Options make [Ports]. Desk, Arms, Problems and Now are needed.
type Options struct {
	Desk Desk
	Arms Arms
	// Problems is the table of the program: what goes wrong with reader or card
	// has its code and text from there.
	Problems api.Table
	// Hold is how long an answer is given again to pages that poll. 60 s.
	Hold time.Duration
	// Idle is for how long a site stays armed without a card. An hour.
	Idle time.Duration
	// Recheck is the pause between two looks at whether whoever holds the desk
	// still does. 1 s.
	Recheck time.Duration
	// Busy is how long a push waits while somebody else is served. 15 s.
	Busy time.Duration
	// Now is the clock of what the console shows.
	Now func() time.Time
	Log *slog.Logger
}

// Ports are the drop-in ports of one program.
type Ports struct {
	o     Options
	keeps *keeper
	pages *pages
	arms  *arms

	mu   sync.Mutex
	open map[Agent]int // port numbers
}

var errOptions = errors.New("options lack a desk, arms, problems or a clock")

// New is a program's drop-in ports, none of which is open yet.
func New(o Options) (*Ports, error) {
	if o.Desk == nil || o.Arms == nil || len(o.Problems) == 0 || o.Now == nil {
		return nil, fmt.Errorf("make drop-in ports: %w", errOptions)
	}
	set(&o.Hold, time.Minute)
	set(&o.Idle, time.Hour)
	set(&o.Recheck, time.Second)
	set(&o.Busy, 15*time.Second)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	p := &Ports{o: o, keeps: newKeeper(o.Hold), pages: newPages(), open: map[Agent]int{}}
	p.arms = newArms(o.Idle, p.lapsed)
	return p, nil
}

func set(d *time.Duration, def time.Duration) {
	if *d <= 0 {
		*d = def
	}
}

// Server is the server of an agent's port, to be served on loopback there and
// nowhere else; from then on the console shows the port as open. From base it
// takes Origins, Gates, Rules, Refused, Limits, Log and Now: those of the program's
// own server, so that one list of origins and one desk stand behind both.
func (p *Ports) Server(a Agent, port int, base api.Options) (*api.Server, error) {
	base.Title, base.Version = "chipproof as "+string(a), "1"
	base.Problems, base.Own, base.Bare = p.o.Problems, api.Grant{}, true
	base.Limits.Rate = max(base.Limits.Rate, pollRate)
	s, err := api.NewServer(base)
	if err != nil {
		return nil, fmt.Errorf("make drop-in port: %w", err)
	}
	switch a {
	case NHSO:
		registerNHSO(s, p)
	case GoThai:
		registerGoThai(s, p)
	default:
		return nil, fmt.Errorf("make drop-in port: %w", errAgent)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open[a] = port
	return s, nil
}

// pollRate is how many requests a minute an origin may make: a few tabs that ask
// every 0.8 s for the readers and for the card.
const pollRate = 900

func (p *Ports) isOpen(a Agent) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open[a] != 0
}

// Run follows the readers, drops what is held when its time is over, and pushes.
// It returns ctx's error when ctx ends; then nothing is held and nobody is armed.
func (p *Ports) Run(ctx context.Context) error {
	defer p.keeps.dropAll()
	defer p.arms.clear()
	stop := p.o.Desk.Watch(p.happened)
	defer stop()
	var pushing sync.WaitGroup
	defer pushing.Wait()
	pushing.Go(func() { p.push(ctx) })

	recheck := time.NewTicker(p.o.Recheck)
	defer recheck.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-recheck.C:
			p.keeps.recheck(ctx)
			p.disarmLeft(ctx)
		}
	}
}

// happened takes a change at the readers. It is called under the desk's lock.
func (p *Ports) happened(e cardreader.Event) {
	p.keeps.happened(e)
	p.arms.happened(e)
	p.pages.happened(e, p.o.Problems)
}

// route is what every route of these ports has in common.
func route(path, id string) api.Route {
	return api.Route{Method: http.MethodGet, Path: path, Class: api.DropIn, Purpose: proofing.Compat, Roles: api.Clerks(), ID: id}
}
