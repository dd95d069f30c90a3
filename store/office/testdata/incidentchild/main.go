// Command incidentchild tells the story of B14 into the register of a data
// directory, over and over, until it is killed. It says what has become durable:
// a line "event INCIDENT NUMBER EVENT DUTIES", the last two SHA-256 of the event as
// it is stored and of what the case owed at that moment. The test of store/office
// that kills it builds it, without the race detector.
package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"chipproof/audit"
	"chipproof/breach"
	"chipproof/store"
	"chipproof/store/office"
	"chipproof/store/office/testdata/story"
)

func main() {
	if err := run(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir string) error {
	file, err := os.ReadFile(store.KeyFilesIn(dir).Audit)
	if err != nil {
		return err
	}
	key, err := audit.ParseKey(file)
	if err != nil {
		return err
	}
	log, err := store.NewAuditLog(store.AuditOptions{Key: key, Interval: 3 * time.Millisecond})
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, dir, store.Options{Recorder: log})
	if err != nil {
		return err
	}
	log.Attach(s)
	w := &writer{incidents: office.NewIncidents(s, log, office.IncidentOptions{})}
	cases, broken, err := w.incidents.List(ctx)
	if err != nil || len(broken) > 0 {
		return errors.Join(err, fmt.Errorf("broken: %v", broken))
	}
	var begun []breach.Case // what the last kill cut off goes on first
	for _, c := range cases {
		if c.State() != breach.StateClosed {
			begun = append(begun, c)
		}
	}
	failures := make(chan error)
	for n := range 2 { // two officers at once
		go func() { failures <- w.tell(ctx, n, begun) }()
	}
	return <-failures
}

type writer struct {
	incidents *office.Incidents
	out       sync.Mutex // one line is one write
}

func (w *writer) tell(ctx context.Context, n int, begun []breach.Case) error {
	by := breach.Actor{ID: fmt.Sprintf("u-%d", n)}
	steps := story.Steps()
	for ; ; n += 2 {
		var c breach.Case
		if n < len(begun) {
			c = begun[n]
		}
		for len(c.Events) < len(steps) {
			var err error
			body := steps[len(c.Events)](time.Now())
			if len(c.Events) == 0 {
				c, err = w.incidents.Open(ctx, by, body.(breach.Reported))
			} else {
				c, err = w.incidents.Record(ctx, by, c.ID, len(c.Events), body)
			}
			if err != nil {
				return err
			}
			if err := w.say(c); err != nil {
				return err
			}
		}
	}
}

func (w *writer) say(c breach.Case) error {
	e := c.Events[len(c.Events)-1]
	event, err := json.Marshal(e)
	if err != nil {
		return err
	}
	duties, err := json.Marshal(breach.Duties(c, e.At.Time()))
	if err != nil {
		return err
	}
	w.out.Lock()
	defer w.out.Unlock()
	// Whoever reads it may be gone, and we are soon.
	_, _ = fmt.Fprintf(os.Stdout, "event %s %d %x %x\n", c.ID, e.Number, sha256.Sum256(event), sha256.Sum256(duties))
	return nil
}
