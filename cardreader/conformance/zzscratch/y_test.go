package zzscratch

import (
	"context"
	"testing"
	"time"

	"chipproof/cardreader"
	"chipproof/cardreader/pcsc"
	"chipproof/cardreader/pcsc/pcsctest"
)

func TestLoop(t *testing.T) {
	pcsctest.Run(t, func(t *testing.T, d *pcsctest.Daemon) {
		r := cardreader.New(pcsc.New(), cardreader.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		ev := make(chan cardreader.Event, 1000)
		go r.Follow(ctx, func(e cardreader.Event) { ev <- e })
		next := func(round int, want cardreader.EventKind, reader string) {
			for {
				select {
				case e := <-ev:
					if e.Reader != "" && e.Reader != d.Slots()[0].Reader { continue }
					if e.Kind != want { t.Errorf("round %d: want %s got %+v", round, want, e); continue }
					return
				case <-time.After(20 * time.Second):
					t.Fatalf("round %d: no %s", round, want)
				}
			}
		}
		next(0, cardreader.ReaderAdded, "")
		for i := 1; i < 60; i++ {
			d.Kill()
			next(i, cardreader.ServiceLost, "")
			if err := d.Start(ctx); err != nil { t.Fatal(err) }
			next(i, cardreader.ServiceBack, "")
			next(i, cardreader.ReaderAdded, "")
		}
	})
}
