package counter

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"chipproof/api"
	"chipproof/proofing"
)

// await waits for the outcome of an attempt, up to 25 s, and hands it out; or
// says for what a person is waited, at once where the page was not told so yet.
func (c *Counter) await(ctx context.Context, a *attempt) (*proofingOutput, error) {
	a.change(func() { a.waiters++ })
	defer c.leave(a)
	call := time.NewTimer(c.patience.Call)
	defer call.Stop()
	for {
		news := a.news()
		result, err := a.take()
		if err != nil {
			return nil, fmt.Errorf("prove: %w", err)
		}
		if result != nil {
			return c.handOut(ctx, a, result)
		}
		if what, news := a.tell(); news {
			return waitingProofing(a.id, what), nil
		}
		select {
		case <-news:
		case <-call.C:
			what, _ := a.tell()
			return waitingProofing(a.id, what), nil
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for result: %w", ctx.Err())
		}
	}
}

// leave ends a call that waited. The turn is over once there is an outcome that
// nobody is there to take.
func (c *Counter) leave(a *attempt) {
	var over bool
	a.change(func() {
		a.waiters--
		over = a.waiters == 0 && (a.phase == ready || a.phase == gone)
	})
	if over {
		c.turns.end(a.turn)
	}
}

// handOut lets a result go. It counts as the origin's answer of its insertion,
// once it has left; of an insertion that is over nobody counts.
func (c *Counter) handOut(ctx context.Context, a *attempt, result *proofing.Result) (*proofingOutput, error) {
	claimed, err := c.claimFor(ctx, a)
	if err != nil {
		a.left(false)
		return nil, err
	}
	api.AfterAnswer(ctx, func(left bool) {
		if claimed {
			c.insertions.settle(a.card, a.origin(), left)
		}
		a.left(left)
		c.turns.end(a.turn)
	})
	return &proofingOutput{Status: http.StatusOK, Body: proofingBody{answer: answerOf(a, result)}}, nil
}

func (c *Counter) claimFor(ctx context.Context, a *attempt) (claimed bool, err error) {
	if a.card == (stay{}) {
		return false, nil
	}
	counter, err := c.insertionIn(ctx, a.card.reader)
	switch {
	case err != nil || counter != a.card.counter:
		return false, nil // the card has left: clerks pull it as soon as they have answered
	case a.mustAsk():
		c.insertions.claimAgain(a.card, a.origin())
	case !c.insertions.claim(a.card, a.origin()):
		return false, fmt.Errorf("hand out result: %w", ErrReadAlready)
	}
	return true, nil
}

// proofingResult waits for what became of a proofing, for the origin that asked for it.
func (c *Counter) proofingResult(ctx context.Context, in *proofingID) (*proofingOutput, error) {
	a, err := c.askedBy(api.CallerOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return c.await(ctx, a)
}
