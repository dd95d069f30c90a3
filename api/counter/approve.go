package counter

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"chipproof/api"
	"chipproof/proofing"
)

// Why a request that needs the clerk's word is not answered (agent-security §5, P3).
var (
	// ErrApprovalDeclined: the clerk said no.
	ErrApprovalDeclined = errors.New("clerk declined")
	// ErrApprovalTimeout: nobody answered in time.
	ErrApprovalTimeout = errors.New("nobody approved in time")
	// ErrSecondPerson: the word is another person's to give, because whoever
	// stated a fact can't approve the proofing.
	ErrSecondPerson = errors.New("another person must approve")
	// ErrApprovalUnknown: no such request waits at this session's desk, or no more.
	ErrApprovalUnknown = errors.New("approval unknown")
)

// errWaiting is no failure: the page repeats the same call.
var errWaiting = errors.New("waiting for the clerk")

// Patience is how long a request waits for the clerk. A zero takes its default,
// which is the one that pages are told.
type Patience struct {
	// Answer is how long the clerk has. 60 s.
	Answer time.Duration
	// Call is how long one call waits before it is told to come again. 25 s.
	Call time.Duration
	// Clerk is how long the clerk has to state what a person saw, and Result how
	// long a result can be asked for once it is there. 5 minutes each.
	Clerk, Result time.Duration
	// Again is how long a page may take to come again. 10 s.
	Again time.Duration
	// Look is the pause between two looks at the answer. It may come from another
	// process, so it is looked for in the database. 200 ms.
	Look time.Duration
}

func (p Patience) withDefaults() Patience {
	set := func(d *time.Duration, def time.Duration) {
		if *d <= 0 {
			*d = def
		}
	}
	set(&p.Answer, 60*time.Second)
	set(&p.Call, 25*time.Second)
	set(&p.Clerk, 5*time.Minute)
	set(&p.Result, 5*time.Minute)
	set(&p.Again, 10*time.Second)
	set(&p.Look, 200*time.Millisecond)
	return p
}

// approve waits for the clerk's word about a turn: nil, errWaiting, or why not.
// The word is about the card that is in when the clerk is asked, and about no
// other: it is void when that card leaves, also after it was given.
// still is asked meanwhile whether it is still wanted.
func (c *Counter) approve(ctx context.Context, t *turn, person api.Person, fields []string, still func(context.Context) error) error {
	if t.approval == "" {
		t.approval = newID()
		if err := c.ask(ctx, t, person, fields); err != nil {
			return err
		}
	}
	err := c.awaitAnswer(ctx, t, still)
	if err == nil || errors.Is(err, errWaiting) || errors.Is(err, ErrApprovalDeclined) {
		return err
	}
	// Whatever ended the wait, nobody may agree to it any more.
	c.withdraw(t.approval)
	return err
}

func (c *Counter) ask(ctx context.Context, t *turn, person api.Person, fields []string) error {
	now := c.now()
	a := proofing.Approval{
		ID: t.approval, Origin: t.origin, Purpose: t.purpose, Fields: fields,
		Holder: person.ID, Session: person.Session, Hold: person.Hold, Asked: now, Ends: now.Add(c.patience.Answer),
	}
	if err := c.records.AskApproval(ctx, a); err != nil {
		return fmt.Errorf("ask for approval: %w", err)
	}
	t.late = make(chan struct{})
	time.AfterFunc(c.patience.Answer, func() { close(t.late) })
	return nil
}

func (c *Counter) awaitAnswer(ctx context.Context, t *turn, still func(context.Context) error) error {
	call := time.NewTimer(c.patience.Call)
	defer call.Stop()
	look := time.NewTicker(c.patience.Look)
	defer look.Stop()
	for {
		a, found, err := c.records.Approval(ctx, t.approval)
		switch {
		case err != nil:
			return fmt.Errorf("look for approval: %w", err)
		case found && a.Answer == proofing.Declined:
			return ErrApprovalDeclined
		case !found || a.Answer == proofing.Withdrawn:
			return ErrApprovalTimeout
		}
		if err := c.stillIn(ctx, t); err != nil {
			return fmt.Errorf("wait for approval: %w", err)
		}
		if a.Answer == proofing.Approved {
			return nil
		}
		if err := still(ctx); err != nil {
			return fmt.Errorf("wait for approval: %w", err)
		}
		select {
		case <-look.C:
		case <-t.late:
			if c.withdraw(t.approval) {
				return ErrApprovalTimeout
			} // else the answer came at the last moment
		case <-call.C:
			return errWaiting
		case <-ctx.Done():
			return fmt.Errorf("wait for approval: %w", ctx.Err())
		}
	}
}

// withdraw takes a question back that nobody asks any more, and says whether it
// was still open. It runs also when the page that asked has gone.
func (c *Counter) withdraw(id string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), recordTime)
	defer cancel()
	open, err := c.records.AnswerApproval(ctx, proofing.Actor{}, id, proofing.Withdrawn, c.now())
	if err != nil {
		c.log.Error("approval not withdrawn", "cause", err)
	}
	return open
}

// recordTime bounds what is written after a request has ended.
const recordTime = 10 * time.Second

// names joins fields as records and comparisons have them.
func names(fields []string) string { return strings.Join(fields, " ") }
