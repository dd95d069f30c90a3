package counter

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"chipproof/api"
	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/proofing/thaiid"
)

// prove is the proofing itself. It ends with an outcome, and with that for the
// next one.
func (c *Counter) prove(a *attempt) {
	defer c.attempts.end(a)
	result, err := c.proveSafely(a)
	if cause := context.Cause(a.ctx); err != nil && cause != nil {
		err = cause // whatever it made of the reading
	}
	if err != nil {
		c.ended(a, err)
		c.turns.end(a.turn)
	}
	if attended := a.finish(result, err); !attended {
		c.turns.end(a.turn)
	}
	a.cancel(nil)
	time.AfterFunc(c.patience.Result, a.expire)
	c.hub.proofing(proofingEnded, a, nil)
}

// errPanic stands for a panic, whose value can hold anything.
var errPanic = errors.New("panic in a proofing")

// proveSafely does for a proofing what the server does for a request: a card that
// makes the program panic costs that proofing and nothing else. The value of the
// panic is not logged; the stack shows where it came from.
func (c *Counter) proveSafely(a *attempt) (result *proofing.Result, err error) {
	defer func() {
		if v := recover(); v != nil {
			c.log.Error("proofing panicked", "kind", fmt.Sprintf("%T", v), "stack", string(debug.Stack()), "request_id", a.caller.RequestID)
			result, err = nil, errPanic
		}
	}()
	return c.proveOnce(a)
}

func (c *Counter) proveOnce(a *attempt) (*proofing.Result, error) {
	if a.mustAsk() {
		if err := c.approved(a); err != nil {
			return nil, err
		}
	}
	p := a.caller.Person
	operator := proof.Operator{ID: p.ID, AMR: p.AMR, AuthTime: p.AuthTime.Unix()}
	asked := proofing.Asked{
		ID: a.id, Origin: a.origin(), Purpose: a.purpose, Fields: thaiFields(a.fields), Needs: a.needs, Evidence: a.evidence, Claimed: a.claimed,
		IssuerCheck: a.issuerCheck, Request: a.request, Operator: operator, By: actor(p), Reader: a.card.reader, Approval: a.turn.approval,
	}
	if a.request != nil {
		asked.Audience = a.request.Audience
	}
	if a.caller.Origin == "" {
		asked.Text = func(ctx context.Context, view proofing.View, number thaiid.CitizenID) error {
			return c.showProofingText(ctx, a, view, number)
		}
	}
	return c.prover.Prove(a.ctx, asked, clerk{c, a}, c.progressOf(a))
}

// progressOf tells the page how far the read has come, without the id: whoever
// has that may collect the result, and the stream goes to every program that
// forges the Origin (agent-security §5, A1).
func (c *Counter) progressOf(a *attempt) func(thaiid.Progress) {
	return func(p thaiid.Progress) {
		c.hub.progressed(a.caller.Origin, ProgressEvent{Step: p.Step, Of: p.Of})
	}
}

// approved waits for the clerk's word before anything is read (agent-security §5,
// P3). The calls of the page come and go meanwhile.
func (c *Counter) approved(a *attempt) error {
	for {
		err := c.approve(a.ctx, a.turn, a.caller.Person, a.fields, func(ctx context.Context) error { return c.stillAsked(ctx, a) })
		if errors.Is(err, errWaiting) {
			continue
		}
		if err == nil {
			err = c.stillIn(a.ctx, a.turn)
		}
		a.waitFor(time.Time{})
		return err
	}
}

// stillAsked says whether what is asked would be let in now: the same clerk holds
// the desk, and the entry of the origin is as it was (agent-security §6.10).
func (c *Counter) stillAsked(ctx context.Context, a *attempt) error {
	if err := api.StillAtDesk(ctx); err != nil {
		return err
	}
	if a.origin() == "" {
		return nil
	}
	now, found, err := c.records.Origin(ctx, a.origin())
	if err != nil {
		return fmt.Errorf("look up origin: %w", err)
	}
	if !found || !sameEntry(now, a.site) {
		return api.ErrOriginRefused
	}
	return nil
}
