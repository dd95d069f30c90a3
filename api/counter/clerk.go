package counter

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"chipproof/proofing"
)

// clerk is the person at the desk, as a proofing asks them.
type clerk struct {
	counter *Counter
	attempt *attempt
}

var _ proofing.Clerk = clerk{}

// State waits until the clerk has stated what is wanted, for as long as a clerk
// has. It ends early when the card leaves, which ends ctx, and when the clerk or
// the asker is not the same any more.
func (k clerk) State(ctx context.Context, view proofing.View, wanted []proofing.Kind) ([]proofing.Fact, error) {
	c, a := k.counter, k.attempt
	if err := c.stillIn(ctx, a.turn); err != nil { // between the look and the read
		return nil, err
	}
	patience := c.patience.Clerk
	if a.purpose.TwoPersons {
		patience -= c.patience.Answer // which is the second person's, of the same five minutes
	}
	a.open(&view, c.now().Add(patience), wanted)
	defer a.close()
	c.hub.proofing(proofingWaiting, a, kindNames(wanted))

	late := time.NewTimer(patience)
	defer late.Stop()
	look := time.NewTicker(c.patience.Look)
	defer look.Stop()
	for {
		news := a.news()
		if statedAll(a.facts(), wanted) {
			return a.close(), nil
		}
		select {
		case <-news:
		case <-late.C:
			return a.close(), nil
		case <-look.C:
			if err := c.stillAsked(ctx, a); err != nil {
				return nil, fmt.Errorf("wait for the clerk: %w", err)
			}
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for the clerk: %w", ctx.Err())
		}
	}
}

func statedAll(facts []proofing.Fact, wanted []proofing.Kind) bool {
	for _, kind := range wanted {
		if !slices.ContainsFunc(facts, func(f proofing.Fact) bool { return f.Kind == kind }) {
			return false
		}
	}
	return true
}

// Second waits for another person's word on what the first one stated, where the
// purpose asks for two (assurance §2.2, 6). Nobody in time is nobody.
func (k clerk) Second(ctx context.Context, view proofing.View) (string, error) {
	c, a := k.counter, k.attempt
	question := &turn{asked: a.turn.asked, card: a.card, approval: newID()}
	defer c.attempts.second(question.approval)()
	if err := c.ask(ctx, question, a.caller.Person, a.fields); err != nil {
		return "", err
	}
	a.show(&view, c.now().Add(c.patience.Answer), waitsSecond)
	defer a.close()
	c.hub.proofing(proofingWaiting, a, []string{waitsSecond})
	err := c.secondAnswer(ctx, a, question)
	switch {
	case errors.Is(err, ErrApprovalTimeout):
		return "", nil
	case err != nil:
		return "", err
	}
	given, _, err := c.records.Approval(ctx, question.approval)
	if err != nil {
		return "", fmt.Errorf("look for approval: %w", err)
	}
	if given.AnsweredBy == a.caller.Person.ID {
		return "", ErrSecondPerson
	}
	return given.AnsweredBy, nil
}

func (c *Counter) secondAnswer(ctx context.Context, a *attempt, question *turn) error {
	for {
		err := c.awaitAnswer(ctx, question, func(ctx context.Context) error { return c.stillAsked(ctx, a) })
		if errors.Is(err, errWaiting) {
			continue
		}
		if err != nil && !errors.Is(err, ErrApprovalDeclined) {
			c.withdraw(question.approval)
		}
		return err
	}
}
