package counter

import (
	"context"
	"errors"
	"fmt"

	"chipproof/proofing"
	"chipproof/proofing/proof"
)

// proofs is the ledger as a proofing writes it: with the last look at who asks
// and at the card before a decision becomes durable.
type proofs struct{ counter *Counter }

var _ proofing.Ledger = proofs{}

// RecordProofing makes sure that nothing is decided in the name of somebody who
// left, and nothing signed: it asks before the record, so that none tells of what
// did not happen, and once more when it stands, since writing it may have had to
// wait.
func (p proofs) RecordProofing(ctx context.Context, record proofing.Record) (string, error) {
	c, a := p.counter, p.counter.attempts.find(record.ID)
	if a == nil {
		return "", fmt.Errorf("record proofing: %w", ErrResultUnknown)
	}
	if err := c.stillIn(ctx, a.turn); err != nil {
		return "", err
	}
	if err := c.stillAsked(ctx, a); err != nil {
		return "", err
	}
	txn, err := c.records.RecordProofing(ctx, record)
	if err != nil {
		return "", fmt.Errorf("record proofing: %w", err)
	}
	a.change(func() { a.decided = true })
	return txn, c.stillAsked(ctx, a)
}

// ended writes down that an attempt ended without a decision. Its request is free
// again, but for the clerk's no (proof §11). What came no further than the reader
// leaves no entry, as a page tries again and again until there is a card.
func (c *Counter) ended(a *attempt, failure error) {
	declined := errors.Is(failure, ErrApprovalDeclined)
	if untouched(failure) && !declined {
		c.free(a)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), recordTime)
	defer cancel()
	end := proofing.Ending{
		ID: a.id, Origin: entryOrigin(a.origin()), Purpose: a.purpose.Name, Fields: a.fields, By: actor(a.caller.Person),
		Code: endCode(failure), At: c.now(), Test: c.prover.Test, Use: proofing.UseOf(a.request), Final: declined,
	}
	a.mu.Lock()
	if a.decided {
		end.Use, end.Final = proofing.RequestUse{}, false // it is used for good already
	}
	a.mu.Unlock()
	if err := c.records.EndProofing(ctx, end); err != nil {
		c.log.Error("end of proofing not recorded", "code", end.Code, "cause", err)
		if !declined {
			c.free(a)
		}
	}
}

// endCode is what the client is told, or that it did not wait for that.
func endCode(failure error) string {
	if errors.Is(failure, context.Canceled) {
		return "interrupted"
	}
	return Problems().Find(failure).Code
}

// free lets a reserved request be asked again.
func (c *Counter) free(a *attempt) {
	use := proofing.UseOf(a.request)
	if use.IsZero() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), recordTime)
	defer cancel()
	if err := c.records.FreeRequest(ctx, use, a.id); err != nil {
		c.log.Error("request not freed", "cause", err)
	}
}

// refuseProofing writes the entry of what an origin may not have. What nobody
// verified is not repeated in it.
func (c *Counter) refuseProofing(ctx context.Context, a *attempt, refusal error) error {
	if !refused(refusal) {
		return refusal
	}
	purpose := a.purpose.Name
	if errors.Is(refusal, ErrPurposeUnknown) {
		purpose = "" // could be anything
	}
	err := c.records.RecordRefusal(ctx, proofing.Refusal{
		Origin: entryOrigin(a.origin()), Purpose: purpose, Fields: a.fields, By: actor(a.caller.Person),
		Code: Problems().Find(refusal).Code, At: c.now(),
	})
	if err != nil {
		return fmt.Errorf("refuse proofing: %w", err)
	}
	return refusal
}

// refused says whether an error is a refusal of what was asked, and no failure.
func refused(err error) bool {
	for _, cause := range []error{
		proof.ErrRequestRefused, proof.ErrRequestExpired, proof.ErrClockWrong, ErrRequestReused,
		ErrPurposeUnknown, ErrPurposeRefused, ErrFieldRefused, ErrReadAlready,
	} {
		if errors.Is(err, cause) {
			return true
		}
	}
	return false
}

// entryOrigin is how entries name who asks.
func entryOrigin(origin string) string {
	if origin == "" {
		return console
	}
	return origin
}
