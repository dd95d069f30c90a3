package counter

import (
	"context"
	"errors"
	"fmt"
	"time"

	"chipproof/api"
	"chipproof/cardreader"
	"chipproof/proofing"
	"chipproof/proofing/thaiid"
)

// console stands in entries for our own pages, which have no origin to approve.
const console = "console"

func (c *Counter) entry(caller api.Caller, r ReadRequest, t *turn) proofing.Release {
	e := proofing.Release{
		Origin: entryOrigin(caller.Origin), Purpose: r.Purpose, Fields: plain(r.Fields),
		By: actor(caller.Person), Test: c.rules.Mode == api.Test, At: c.now(),
	}
	if t != nil {
		e.Approval, e.Port, e.ID = t.approval, t.port, t.shown
	}
	return e
}

func actor(p api.Person) proofing.Actor { return proofing.Actor{ID: p.ID, Session: p.Session} }

// release makes sure that nothing leaves without its entry, and nothing in the
// name of somebody who left: it asks before the entry, so that no entry tells of
// what did not happen, and once more when the entry stands, since writing it may
// have had to wait. An entry behind which nothing left is what a crash would
// leave, too (agent-security §11, 32).
func (c *Counter) release(ctx context.Context, caller api.Caller, r ReadRequest, t *turn, id string, number thaiid.CitizenID) error {
	if err := api.Still(ctx); err != nil {
		return c.failed(ctx, caller, r, t, fmt.Errorf("release read: %w", err))
	}
	e := c.entry(caller, r, t)
	e.ID = id
	var err error
	if e.Pseudonym, err = c.pseudonyms.Pseudonym(r.Purpose, e.At.In(proofing.Thailand()).Year(), number.Reveal()); err != nil {
		return fmt.Errorf("release read: %w", err)
	}
	if err := c.records.RecordRead(ctx, e); err != nil {
		return fmt.Errorf("release read: %w", err)
	}
	if err := api.Still(ctx); err != nil {
		return fmt.Errorf("release read: %w", err)
	}
	return nil
}

// releaseOnce is [Counter.release] for a read whose text our console has not shown:
// of one that it has, the entry stands, with all that was asked for.
func (c *Counter) releaseOnce(ctx context.Context, caller api.Caller, r ReadRequest, t *turn, id string, number thaiid.CitizenID) error {
	if t.shown == "" {
		return c.release(ctx, caller, r, t, id, number)
	}
	if err := api.Still(ctx); err != nil {
		return c.failed(ctx, caller, r, t, fmt.Errorf("release read: %w", err))
	}
	return nil
}

// failed writes the entry of a read that came as far as the card, or waited for
// a person, and gave nothing. The failure is what the client is told.
func (c *Counter) failed(ctx context.Context, caller api.Caller, r ReadRequest, t *turn, failure error) error {
	e := c.entry(caller, r, t)
	e.Code = Problems().Find(failure).Code
	switch {
	case ctx.Err() != nil:
		e.Code = "interrupted"
	case untouched(failure):
		return failure
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTime)
	defer cancel()
	if err := c.records.RecordRead(ctx, e); err != nil {
		c.log.Error("failed read not recorded", "code", e.Code, "cause", err)
	}
	return failure
}

// untouched says that no card was reached, as when a page tries again and again
// until there is one, or that there is an entry already.
func untouched(err error) bool {
	for _, cause := range []error{
		cardreader.ErrServiceDown, cardreader.ErrDenied, cardreader.ErrNotBuiltIn,
		cardreader.ErrReaderNotFound, cardreader.ErrReaderBusy, cardreader.ErrCardAbsent,
		ErrApprovalDeclined, // the clerk's word is an entry by itself
	} {
		if errors.Is(err, cause) {
			return true
		}
	}
	return false
}

// refuse writes the entry of what an approved origin may not have. Where that
// can't be written, that is what the client is told.
func (c *Counter) refuse(ctx context.Context, caller api.Caller, r ReadRequest, refusal error) error {
	e := c.entry(caller, r, nil)
	if errors.Is(refusal, ErrPurposeUnknown) {
		e.Purpose = "" // could be anything
	}
	err := c.records.RecordRefusal(ctx, proofing.Refusal{
		Origin: e.Origin, Purpose: e.Purpose, Fields: e.Fields, By: e.By, Code: Problems().Find(refusal).Code, At: e.At,
	})
	if err != nil {
		return fmt.Errorf("refuse read: %w", err)
	}
	return refusal
}

// noteUse writes the entry of an origin's first use of the day.
func (c *Counter) noteUse(ctx context.Context, origin string, person api.Person) error {
	if origin == "" {
		return nil
	}
	now := c.now()
	y, m, d := now.In(proofing.Thailand()).Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, proofing.Thailand())
	o, found, err := c.records.Origin(ctx, origin)
	if err == nil && !found {
		err = api.ErrOriginRefused // revoked since the guard looked
	}
	if err == nil && o.LastUse.Before(today) {
		err = c.records.UseOrigin(ctx, actor(person), origin, now, today)
	}
	if err != nil {
		return fmt.Errorf("note use of origin: %w", err)
	}
	return nil
}
