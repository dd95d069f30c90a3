package proofing

import (
	"context"
	"fmt"
)

// complete adds the facts that somebody has to be waited for. It returns when all
// are there, or the clerk's time is over, and only if the card stayed all the
// while: what was said of a card that is gone by now counts for nothing.
func (p *Prover) complete(ctx context.Context, a Asked, t *attempt, clerk Clerk) error {
	ask := p.question(a, t)
	var wanted []Kind
	two := false
	if clerk != nil && t.identity != nil { // typed evidence is judged by itself
		wanted, two = a.Purpose.Wants(a.Needs, t.facts), a.Purpose.TwoPersons
	}
	if ask == nil && len(wanted) == 0 && !two {
		return p.still(ctx, t)
	}
	err := p.whileIn(ctx, t, func(ctx context.Context) error {
		said, err := p.wait(ctx, ask, t, func(ctx context.Context) ([]Fact, error) {
			if len(wanted) == 0 {
				return nil, nil
			}
			return clerk.State(ctx, viewOf(a, t.identity, t.facts, wanted), wanted)
		})
		if err == nil {
			err = p.stated(t.facts, said, wanted)
		}
		if err == nil && two {
			t.approver, err = clerk.Second(ctx, viewOf(a, t.identity, t.facts, wanted))
		}
		return err
	})
	if err == nil {
		err = p.still(ctx, t)
	}
	return err
}

// wait asks the issuer beside the clerk, so that no clerk waits for a server
// (docs/adr 0010). A clerk who ends the proofing ends the question too.
func (p *Prover) wait(ctx context.Context, ask question, t *attempt, listen func(context.Context) ([]Fact, error)) ([]Fact, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var status Fact
	answered := make(chan error, 1)
	if ask == nil {
		answered <- nil
	} else {
		go func() {
			err := p.guarded(ctx, func() error { status = ask(ctx); return nil })
			if err != nil {
				stop() // no clerk waits for what can't come any more
			}
			answered <- err
		}()
	}
	said, err := listen(ctx)
	if err != nil {
		stop()
		err = fmt.Errorf("wait for clerk: %w", err)
	}
	if broken := <-answered; broken != nil {
		return nil, fmt.Errorf("ask issuer: %w", broken)
	}
	if ask != nil {
		t.facts.Set(status)
	}
	return said, err
}

// whileIn calls f with a context that ends when the card's stay does, and then
// the end of the stay is the error, whatever f made of it.
func (p *Prover) whileIn(ctx context.Context, t *attempt, f func(context.Context) error) error {
	if t.identity == nil {
		return f(ctx)
	}
	ctx, leave := context.WithCancelCause(ctx)
	defer leave(nil) // also where f breaks
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		leave(p.guarded(ctx, func() error { return p.Readers.Stay(ctx, t.stay) }))
	}()
	err := f(ctx)
	if gone := context.Cause(ctx); gone != nil {
		err = gone
	}
	leave(nil)
	<-watched
	return err
}

// still says whether the card is in, and ctx not over.
func (p *Prover) still(ctx context.Context, t *attempt) error {
	if t.identity == nil {
		return ctx.Err()
	}
	return p.Readers.Still(ctx, t.stay)
}
