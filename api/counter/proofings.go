package counter

import (
	"context"
	"errors"
	"fmt"

	"chipproof/api"
	"chipproof/cardreader"
	"chipproof/proofing"
)

// startProofing checks what is asked for, in the order of agent-security §4, and
// sets it going. The answer waits for the card to be read: what goes wrong with
// that is told here. Then it is the result, or that a person must act first.
func (c *Counter) startProofing(ctx context.Context, in *proofingInput) (*proofingOutput, error) {
	caller := api.CallerOf(ctx)
	if err := in.Body.check(caller.Origin); err != nil {
		return nil, fmt.Errorf("begin proofing: %w", err)
	}
	if err := c.noteUse(ctx, caller.Origin, caller.Person); err != nil {
		return nil, err
	}
	q, err := c.examine(ctx, caller, in.Body)
	a := newAttempt(ctx, caller, q)
	if err == nil {
		err = c.reserve(ctx, a)
	}
	if err != nil {
		return nil, c.refuseProofing(ctx, a, fmt.Errorf("begin proofing: %w", err))
	}
	if err := c.setGoing(ctx, a); err != nil {
		c.free(a)
		return nil, fmt.Errorf("begin proofing: %w", err)
	}
	out, err := c.await(ctx, a)
	if err != nil && ctx.Err() != nil && len(a.waits()) == 0 {
		// Nobody waits for the card to be read any more, and no page knows the id.
		a.cancel(context.Cause(ctx))
	}
	return out, err
}

// reserve is step 10 of proof §11. What our own console asks has nothing that
// could be used twice.
func (c *Counter) reserve(ctx context.Context, a *attempt) error {
	use := proofing.UseOf(a.request)
	if use.IsZero() {
		return nil
	}
	if a.clicked {
		if err := c.noteUse(ctx, a.origin(), a.caller.Person); err != nil {
			return err
		}
	}
	first, err := c.records.ReserveRequest(ctx, use, a.id, c.now())
	if err == nil && !first {
		err = ErrRequestReused
	}
	if err != nil {
		return fmt.Errorf("reserve request: %w", err)
	}
	return nil
}

// setGoing asks whatever can be asked before the card is touched, and begins:
// able to sign, nobody else being served, the card that the clerk is asked about,
// one answer an insertion, a reader that may be used.
func (c *Counter) setGoing(ctx context.Context, a *attempt) error {
	if a.request != nil {
		if err := c.signing.Ready(a.source()); err != nil {
			return err
		}
	}
	t, former, err := c.turns.take(asked{origin: a.origin(), purpose: a.purpose.Name, hold: a.caller.Person.Hold, proofing: a.id})
	if err != nil {
		return err
	}
	if former != nil {
		c.withdraw(former.approval)
	}
	a.turn = t
	if !a.typed() {
		err = c.findCard(ctx, a)
	}
	if err == nil {
		err = c.attempts.begin(a)
	}
	if err != nil {
		c.turns.end(t)
		return err
	}
	if a.mustAsk() {
		a.waitFor(c.now().Add(c.patience.Answer), waitsApproval)
		c.hub.proofing(proofingWaiting, a, []string{waitsApproval})
	}
	go c.prove(a)
	return nil
}

// mustAsk says whether the clerk's click comes before the card is read. On the
// page road the clerk has given it already, on our own page.
func (a *attempt) mustAsk() bool { return a.site.Ask == proofing.AskAlways && !a.clicked }

// source is where the evidence comes from, as far as it is known before a reader
// is.
func (a *attempt) source() proofing.Source {
	if a.typed() {
		return proofing.FromTyping
	}
	return proofing.FromReader
}

// findCard finds the card that it will be about. A clerk who will be asked is
// asked for nothing that could not be done then, and gives the word for one more
// answer; else an origin gets one of an insertion.
func (c *Counter) findCard(ctx context.Context, a *attempt) error {
	state, err := c.chosen(ctx, a.reader)
	if err != nil && !errors.Is(err, cardreader.ErrCardAbsent) {
		return err
	}
	a.card = stay{state.Reader, state.Counter}
	if err == nil && !a.mustAsk() && c.insertions.has(a.card, a.origin()) {
		return c.already(a.card, a.origin(), func(already error) error { return c.refuseProofing(ctx, a, already) })
	}
	if state.Simulated && c.rules.Mode != api.Test {
		return proofing.ErrSimulatorRefused
	}
	c.turns.bind(a.turn, a.card)
	return err
}

// chosen is the reader that is meant, also where no card is in it: with
// [cardreader.ErrCardAbsent], and without a name if several readers are empty.
func (c *Counter) chosen(ctx context.Context, name string) (cardreader.State, error) {
	reader, err := proofing.Choose(ctx, c.readers, name)
	if errors.Is(err, cardreader.ErrCardAbsent) {
		return c.onlyEmpty(ctx), err
	}
	if err != nil {
		return cardreader.State{}, err
	}
	state, err := c.stateOf(ctx, reader)
	if err == nil && state.Card == cardreader.Absent {
		err = fmt.Errorf("choose reader: %w", cardreader.ErrCardAbsent)
	}
	return state, err
}

// onlyEmpty is the one reader, of those that are all empty.
func (c *Counter) onlyEmpty(ctx context.Context) cardreader.State {
	states, err := c.readers.List(ctx)
	if err != nil || len(states) != 1 {
		return cardreader.State{}
	}
	return states[0]
}
