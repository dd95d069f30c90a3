package compat

import (
	"context"
	"errors"
	"time"

	"chipproof/api"
	"chipproof/proofing"
	"chipproof/proofing/thaiid"
)

// push reads each card that is put in for the sites that are armed, one after the
// other, until ctx ends.
func (p *Ports) push(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.pages.news:
		}
		for {
			insertion, more := p.pages.next()
			if !more {
				break
			}
			for _, origin := range p.pages.connected() {
				if ctx.Err() == nil && p.pages.isIn(insertion) {
					p.pushTo(ctx, origin, insertion)
				}
			}
		}
	}
}

// busyPause is the pause before the next try while somebody else is served.
const busyPause = 250 * time.Millisecond

// pushTo reads a card for one site and sends it to each of its pages. Somebody who
// is being served makes it wait, since nobody is there to ask again.
func (p *Ports) pushTo(ctx context.Context, origin string, insertion proofing.PortInsertion) {
	busy := time.NewTimer(p.o.Busy)
	defer busy.Stop()
	for {
		desk := p.arms.desk(origin)
		page := p.pages.of(origin, desk)
		if desk == "" || page == nil {
			return
		}
		if api.Still(page.ctx) != nil {
			return // nothing is read for who has left; the connection ends by itself
		}
		answer, err := p.o.Desk.ReadForPort(page.ctx, proofing.PortRead{Port: string(GoThai), Fields: gothaiFields(), Insertion: &insertion})
		if err == nil {
			p.send(origin, desk, answer)
			return
		}
		if page.ctx.Err() != nil {
			continue // that page has gone; there may be another
		}
		switch p.o.Problems.Find(err).Code {
		case "approval_waiting":
			if ctx.Err() == nil && p.pages.isIn(insertion) {
				continue
			}
			return
		case "reader_busy":
			if p.wait(ctx, busy.C) && p.pages.isIn(insertion) {
				continue
			}
		}
		p.tellFailure(origin, err)
		return
	}
}

// wait pauses before another try; false when it is too late for one.
func (p *Ports) wait(ctx context.Context, late <-chan time.Time) bool {
	pause := time.NewTimer(busyPause)
	defer pause.Stop()
	select {
	case <-pause.C:
		return true
	case <-late:
	case <-ctx.Done():
	}
	return false
}

// send hands an answer out, if the site is armed still by the same person.
func (p *Ports) send(origin, desk string, answer proofing.PortAnswer) {
	if p.arms.desk(origin) != desk {
		answer.Settle(false)
		return
	}
	data, err := document(message[gothaiData]{"smc-data", gothaiPerson(answer.Identity)})
	if err != nil {
		answer.Settle(false)
		p.o.Log.Error("card not sent", "cause", err)
		return
	}
	p.pages.give(origin, desk, answer.Insertion, data, answer.Settle)
}

// tellFailure: what is wrong with reader, card or log. Who may not be here any
// more is told nothing; the connection ends by itself.
func (p *Ports) tellFailure(origin string, err error) {
	row := p.o.Problems.Find(err)
	p.o.Log.Info("card not sent", "code", row.Code, "cause", err)
	if failureOf(p.o.Problems, err, api.Thai) == nil && row.Code != "audit_unavailable" && row.Code != "field_refused" && row.Code != "purpose_refused" {
		return
	}
	if errors.Is(err, context.Canceled) {
		return
	}
	p.pages.tell(origin, func(lang api.Lang) frame { return errorFrame(p.o.Problems, err, lang) })
}

// gothaiFields is everything that agent knows. It sends laser code and health
// right, too, and here they go to whoever was granted them by name.
func gothaiFields() []thaiid.Field { return thaiid.AllFields() }
