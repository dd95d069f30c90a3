package counter

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"chipproof/api"
	"chipproof/cardreader"
	"chipproof/proofing"
	"chipproof/proofing/thaiid"
)

// What drop-in ports ask of a counter (package api/compat says so by interfaces of
// its own). Turns and insertions are the same as for our own API: whoever asks by
// whatever door, one request is served at a time, and one insertion gives one
// answer to each origin.

// ports is what a counter remembers of drop-in ports.
type ports struct {
	mu sync.Mutex
	// refused is the hold of the desk in which an entry tells of an origin's
	// refusal already, by origin and code: its pages poll.
	refused map[string]string
	// declined is the card of which the clerk said no to an origin: its pages poll,
	// and nobody is asked for the same again.
	declined map[string]stay
}

func (p *ports) decline(origin string, card stay) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.declined == nil {
		p.declined = map[string]stay{}
	}
	p.declined[origin] = card
}

func (p *ports) isDeclined(origin string, card stay) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	said, ok := p.declined[origin]
	return ok && said == card
}

// States are the readers now, for the origin whose request ctx is.
func (c *Counter) States(ctx context.Context) ([]cardreader.State, error) {
	caller := api.CallerOf(ctx)
	if err := c.noteUse(ctx, caller.Origin, caller.Person); err != nil {
		return nil, err
	}
	return c.readers.List(ctx)
}

// Watch tells f what is at the readers and then what happens, after the counter
// knows it itself. f may not wait for anything, and may not ask the counter.
func (c *Counter) Watch(f func(cardreader.Event)) (stop func()) { return c.hub.watch(f) }

// ReadForPort reads the card for the origin whose request ctx is, with the fields
// that it was granted, and hands it back when the entry in the audit log is
// durable. Its entry is asked for anew, since a request of a drop-in port may be
// as old as its connection. Errors besides those of a read:
// [proofing.ErrPortWaiting].
func (c *Counter) ReadForPort(ctx context.Context, ask proofing.PortRead) (proofing.PortAnswer, error) {
	caller := api.CallerOf(ctx)
	var err error
	if caller.Grant, err = c.Approved(ctx, caller.Origin); err != nil {
		return proofing.PortAnswer{}, fmt.Errorf("allow read: %w", err)
	}
	if err := c.noteUse(ctx, caller.Origin, caller.Person); err != nil {
		return proofing.PortAnswer{}, err
	}
	r := ReadRequest{Purpose: proofing.Compat, Fields: c.portFields(caller.Grant, ask.Fields)}
	if err := c.allowPort(caller, r); err != nil {
		return proofing.PortAnswer{}, c.refusePort(ctx, caller, r, fmt.Errorf("allow read: %w", err))
	}
	if ask.Insertion != nil {
		r.Reader = ask.Insertion.Reader
	}
	t, err := c.portTurn(ctx, caller, r, ask)
	if err != nil {
		return proofing.PortAnswer{}, err
	}
	defer func() {
		if !errors.Is(err, proofing.ErrPortWaiting) {
			c.turns.end(t)
		}
	}()
	var answer proofing.PortAnswer
	answer, err = c.readPort(ctx, caller, r, t, ask)
	return answer, err
}

// portFields are those that the origin was granted and that the purpose allows.
func (c *Counter) portFields(grant api.Grant, wanted []thaiid.Field) []field {
	purpose, _ := c.policy.Purpose(proofing.Compat)
	var fields []field
	for _, f := range wanted {
		if slices.Contains(grant.Fields, string(f)) && purpose.Allows(f) {
			fields = append(fields, field(f))
		}
	}
	return fields
}

func (c *Counter) allowPort(caller api.Caller, r ReadRequest) error {
	if _, err := allow(c.policy, proofing.UseCompat, caller.Origin, caller.Grant, r.Purpose, plain(r.Fields)); err != nil {
		return err
	}
	if len(r.Fields) == 0 {
		return ErrFieldRefused
	}
	return nil
}

// refusePort writes the entry of a refusal, once while the desk is held by the
// same person.
func (c *Counter) refusePort(ctx context.Context, caller api.Caller, r ReadRequest, refusal error) error {
	key := caller.Origin + " " + Problems().Find(refusal).Code
	c.ports.mu.Lock()
	known := c.ports.refused[key] == caller.Person.Hold
	c.ports.mu.Unlock()
	if known {
		return refusal
	}
	if err := c.refuse(ctx, caller, r, refusal); !errors.Is(err, refusal) {
		return err
	}
	c.ports.mu.Lock()
	defer c.ports.mu.Unlock()
	if c.ports.refused == nil {
		c.ports.refused = map[string]string{}
	}
	c.ports.refused[key] = caller.Person.Hold
	return refusal
}

// portTurn begins a turn, or goes on with the one that waits for the clerk.
func (c *Counter) portTurn(ctx context.Context, caller api.Caller, r ReadRequest, ask proofing.PortRead) (*turn, error) {
	a := askedBy(caller, r)
	a.port = ask.Port
	t, former, err := c.turns.take(a)
	if err != nil {
		return nil, fmt.Errorf("begin read: %w", err)
	}
	if former != nil {
		c.withdraw(former.approval)
	}
	if !caller.Grant.Ask {
		return t, nil
	}
	if t.approval == "" {
		card, err := c.cardIn(ctx, r.Reader)
		if err != nil {
			c.turns.end(t)
			return nil, fmt.Errorf("begin read: %w", err) // nobody is asked without a card
		}
		if c.insertions.has(card, caller.Origin) {
			// A page that polls would have the clerk asked for ever.
			c.turns.end(t)
			return nil, c.already(card, caller.Origin, func(already error) error { return c.refuse(ctx, caller, r, already) })
		}
		if c.ports.isDeclined(caller.Origin, card) {
			c.turns.end(t)
			return nil, fmt.Errorf("begin read: %w", ErrApprovalDeclined)
		}
		c.turns.bind(t, card)
	}
	return t, nil
}

// readPort has the clerk agree, where that is asked for, and reads.
func (c *Counter) readPort(ctx context.Context, caller api.Caller, r ReadRequest, t *turn, ask proofing.PortRead) (proofing.PortAnswer, error) {
	if caller.Grant.Ask {
		err := c.approve(ctx, t, caller.Person, plain(r.Fields), api.Still)
		if errors.Is(err, errWaiting) {
			c.turns.keep(t, c.patience.Again, func() { c.withdraw(t.approval) })
			return proofing.PortAnswer{}, fmt.Errorf("read for port: %w", proofing.ErrPortWaiting)
		}
		if errors.Is(err, ErrApprovalDeclined) {
			c.ports.decline(caller.Origin, t.card)
		}
		if err != nil {
			return proofing.PortAnswer{}, c.failed(ctx, caller, r, t, err)
		}
	}
	if err := c.isInsertion(ctx, ask.Insertion); err != nil {
		return proofing.PortAnswer{}, fmt.Errorf("read for port: %w", err)
	}
	card, identity, err := c.readIdentity(ctx, caller, r, t, newID())
	if err != nil {
		return proofing.PortAnswer{}, err
	}
	identity.Fields = withNumber(r.Fields)[:len(r.Fields)]
	settle := func(left bool) { c.insertions.settle(card, caller.Origin, left) }
	if ask.Insertion != nil && ask.Insertion.Counter != card.counter {
		settle(false)
		return proofing.PortAnswer{}, fmt.Errorf("read for port: %w", cardreader.ErrCardChanged)
	}
	return proofing.PortAnswer{
		Identity: identity, Insertion: proofing.PortInsertion{Reader: card.reader, Counter: card.counter}, Settle: settle,
	}, nil
}

// isInsertion says whether the card that is meant is the one that is in.
func (c *Counter) isInsertion(ctx context.Context, meant *proofing.PortInsertion) error {
	if meant == nil {
		return nil
	}
	state, err := c.stateOf(ctx, meant.Reader)
	switch {
	case err != nil:
		return err
	case state.Card == cardreader.Absent:
		return cardreader.ErrCardAbsent
	case state.Counter != meant.Counter:
		return cardreader.ErrCardChanged
	}
	return nil
}

// Arm writes down that the clerk arms a site, or that it is no longer armed. Only
// a listed one that was granted the purpose of drop-in ports is armed:
// [ErrOriginUnknown], [ErrPurposeRefused].
func (c *Counter) Arm(ctx context.Context, a proofing.Arming) error {
	if a.Armed {
		o, found, err := c.records.Origin(ctx, a.Origin)
		switch {
		case err != nil:
			return fmt.Errorf("arm site: %w", err)
		case !found:
			return fmt.Errorf("arm site: %w", ErrOriginUnknown)
		case !slices.Contains(o.Purposes, proofing.Compat):
			return fmt.Errorf("arm site: %w", &api.FieldError{Field: "origin", Err: ErrPurposeRefused})
		}
	}
	a.At = c.now()
	if err := c.records.RecordArming(ctx, a); err != nil {
		return fmt.Errorf("arm site: %w", err)
	}
	return nil
}
