package proofing

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"chipproof/proofing/thaiid"
)

// Clerk is the person at the desk, who alone can say what a person sees.
type Clerk interface {
	// State waits until the clerk has stated what is wanted, on our own console,
	// and returns the facts. Of each only Kind, Outcome (passed or failed), By (the
	// clerk's user id), At and PrintedExpiry count; of two of a kind the first.
	// When the clerk's time is over it returns what was stated by then and no
	// error. An error ends the proofing without a decision: the clerk said no, the
	// session or the hold of the desk is over. When ctx ends it returns at once:
	// the card has left then, or whoever asked.
	//
	// The view is for the clerk's eyes, and is dropped when State returns.
	State(ctx context.Context, view View, wanted []Kind) ([]Fact, error)
	// Second waits, where the purpose wants two persons, for another one's word on
	// what was stated, and returns that user's id; empty if nobody gave it in time.
	// It is asked after State, whatever that brought. Errors and ctx are as for State.
	Second(ctx context.Context, view View) (approver string, err error)
}

// View is what the clerk may see of a proofing: what was asked for, and the
// photo to compare the face with.
type View struct {
	// Identity holds the fields that were asked for, and the photo where
	// face_visual is wanted, asked for or not (agent-security §5, P13).
	Identity *thaiid.Identity
	// Facts are those made so far.
	Facts Facts
	// Wanted are the facts that the clerk is to state.
	Wanted []Kind
}

func viewOf(a Asked, id *thaiid.Identity, facts Facts, wanted []Kind) View {
	fields := slices.Clone(thaiid.Fields(a.Fields))
	if slices.Contains(wanted, FaceVisual) {
		fields = append(fields, thaiid.FieldPhoto)
	}
	return View{Identity: restrict(id, fields), Facts: slices.Clone(facts), Wanted: slices.Clone(wanted)}
}

// errStatement is a clerk that breaks its contract: a mistake in this program,
// so nothing may come of it.
var errStatement = errors.New("clerk stated what can't be stated")

// stated puts what the clerk said among the facts, the first of each kind. It
// takes nothing over but the statement itself.
func (p *Prover) stated(facts Facts, said []Fact, wanted []Kind) error {
	var done []Kind
	for _, s := range said {
		switch {
		case !slices.Contains(wanted, s.Kind), s.Outcome != Passed && s.Outcome != Failed, s.By == "":
			return fmt.Errorf("take clerk's statement: %w: %s", errStatement, s.Kind)
		case slices.Contains(done, s.Kind):
			continue
		}
		done = append(done, s.Kind)
		facts.Set(p.statement(s, facts))
	}
	return nil
}

func (p *Prover) statement(s Fact, facts Facts) Fact {
	f := Fact{Kind: s.Kind, Outcome: s.Outcome, At: s.At, By: s.By, How: InPerson}
	if f.At.IsZero() {
		f.At = StampOf(p.Now())
	}
	switch s.Kind {
	case FaceVisual:
		f.How = InPersonAgainst
		if facts.Of(ChipPhoto).Outcome != Passed && f.Outcome == Passed {
			f.Outcome = Indeterminate // there was nothing to compare with
		}
	case CardInspected:
		f.PrintedExpiry = s.PrintedExpiry
		if s.PrintedExpiry == PrintedExpired {
			f.Outcome = Failed // assurance §2.1
		}
	}
	return f
}
