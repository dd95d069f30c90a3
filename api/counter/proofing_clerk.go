package counter

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"chipproof/api"
	"chipproof/proofing"
	"chipproof/proofing/thaiid"
)

// ErrFactEarly is for a fact that is stated before the clerk is asked.
var ErrFactEarly = errors.New("clerk is not asked yet")

// CurrentProofing is a proofing as our own console follows it: nothing of the
// card, which a GET never returns.
type CurrentProofing struct {
	ID         string     `json:"id" doc:"Names it"`
	Origin     string     `json:"origin" doc:"The site that asks, exactly as it is listed; empty for our own console" example:"https://app.example.go.th"`
	Purpose    string     `json:"purpose" doc:"What it is for" example:"identity_proofing"`
	Fields     []string   `json:"fields" nullable:"false" doc:"What it asks for" example:"[\"citizen_id\",\"name\"]"`
	State      string     `json:"state" enum:"running,waiting" doc:"Whether a person has to act" example:"waiting"`
	WaitingFor []string   `json:"waiting_for" nullable:"false" doc:"What a person has to do" example:"[\"face_visual\"]"`
	EndsAt     *time.Time `json:"ends_at,omitzero" doc:"When it is too late for that"`
}

// ProofingView is what the clerk must see.
type ProofingView struct {
	CurrentProofing
	Identity *thaiid.Document `json:"identity,omitzero" doc:"What the chip says, with the photo where a face is to be compared. Absent before the card is read"`
	Differs  []string         `json:"differs" nullable:"false" doc:"What the citizen gave otherwise, by name"`
	Facts    []Fact           `json:"facts" nullable:"false" doc:"What is established so far"`
}

type (
	currentOutput struct {
		Body struct {
			Proofing *CurrentProofing `json:"proofing" doc:"null when none goes on"`
		}
	}
	viewOutput struct{ Body ProofingView }
	factInput  struct {
		ID   string `path:"id" maxLength:"64" doc:"The proofing's id"`
		Body struct {
			Kind          need    `json:"kind" doc:"What was looked at" example:"face_visual"`
			Outcome       seen    `json:"outcome" doc:"What was seen" example:"passed"`
			PrintedExpiry printed `json:"printed_expiry,omitempty" doc:"Of card_inspected: the expiry date that is printed on the card. expired goes with failed" example:"in_force"`
		}
	}
)

// seen is an outcome that a person can state.
type seen proofing.Outcome

// Schema lists the words.
func (seen) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Enum: []any{string(proofing.Passed), string(proofing.Failed)}}
}

// printed is a word of [proofing.PrintedExpiry].
type printed proofing.PrintedExpiry

// Schema lists the words.
func (printed) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Enum: []any{string(proofing.PrintedInForce), string(proofing.PrintedLifelong), string(proofing.PrintedExpired)}}
}

// now is an attempt as the console follows it, and what the clerk may see.
func (a *attempt) now() (CurrentProofing, *proofing.View, phase) {
	a.mu.Lock()
	defer a.mu.Unlock()
	current := CurrentProofing{
		ID: a.id, Origin: a.origin(), Purpose: a.purpose.Name, Fields: list(a.fields), State: "running", WaitingFor: list(a.waiting),
	}
	if len(a.waiting) > 0 {
		current.State = "waiting"
	}
	if !a.ends.IsZero() {
		current.EndsAt = new(a.ends)
	}
	return current, a.view, a.phase
}

func (c *Counter) currentProofing(ctx context.Context, _ *struct{}) (*currentOutput, error) {
	var out currentOutput
	a := c.attempts.current()
	if a == nil || api.CallerOf(ctx).Person.SameHold(a.caller.Person) != nil {
		return &out, nil
	}
	if current, _, phase := a.now(); phase == running {
		out.Body.Proofing = &current
	}
	return &out, nil
}

// viewProofing shows the clerk the card that is in. The card is looked for each
// time, because nobody should see it when it has left.
func (c *Counter) viewProofing(ctx context.Context, in *proofingID) (*viewOutput, error) {
	a, err := c.atDesk(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	current, view, phase := a.now()
	if phase != running {
		return nil, fmt.Errorf("view proofing: %w", ErrResultGone)
	}
	if err := c.stillIn(ctx, a.turn); err != nil {
		return nil, fmt.Errorf("view proofing: %w", err)
	}
	out := &viewOutput{Body: ProofingView{CurrentProofing: current, Differs: []string{}, Facts: []Fact{}}}
	if view != nil {
		out.Body.Differs = list(view.Facts.Of(proofing.TypedMatchesChip).Fields)
		out.Body.Facts = factsOf(view.Facts)
		if view.Identity != nil {
			document := view.Identity.Document()
			out.Body.Identity = &document
		}
	}
	return out, nil
}

// stateFact takes the clerk's word: the first of each kind, and only when it is
// written down.
func (c *Counter) stateFact(ctx context.Context, in *factInput) (*struct{}, error) {
	a, err := c.atDesk(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	fact := proofing.Fact{
		Kind: proofing.Kind(in.Body.Kind), Outcome: proofing.Outcome(in.Body.Outcome), PrintedExpiry: proofing.PrintedExpiry(in.Body.PrintedExpiry),
		At: proofing.StampOf(c.now()), By: api.CallerOf(ctx).Person.ID,
	}
	if err := fits(fact); err != nil {
		return nil, fmt.Errorf("state fact: %w", err)
	}
	a.word.Lock()
	defer a.word.Unlock()
	heard, err := a.heard(fact)
	if heard || err != nil {
		return nil, err
	}
	err = c.records.RecordStated(ctx, proofing.Stated{
		Proofing: a.id, Fact: fact.Kind, Outcome: fact.Outcome, PrintedExpiry: fact.PrintedExpiry,
		By: actor(api.CallerOf(ctx).Person), At: c.now(),
	})
	if err != nil {
		return nil, fmt.Errorf("state fact: %w", err)
	}
	return nil, a.hear(fact)
}

// fits says whether a fact can be stated like that (assurance §2.1).
func fits(f proofing.Fact) error {
	wrong := func(member, why string) error {
		return &api.FieldError{Field: member, Err: fmt.Errorf("%w: %s", api.ErrBodyInvalid, why)}
	}
	switch {
	case f.PrintedExpiry != "" && f.Kind != proofing.CardInspected:
		return wrong("printed_expiry", "it is of card_inspected")
	case f.PrintedExpiry == proofing.PrintedExpired && f.Outcome != proofing.Failed:
		return wrong("outcome", "a card that has expired fails")
	}
	return nil
}

// heard says whether a fact of that kind counts already, or whether none can. A
// face can't agree with a photo that nobody has.
func (a *attempt) heard(f proofing.Fact) (bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.phase != running || a.heardOut:
		return false, fmt.Errorf("state fact: %w", ErrResultGone)
	case a.hears == nil:
		return false, fmt.Errorf("state fact: %w", ErrFactEarly)
	case !slices.Contains(a.hears, f.Kind):
		return false, &api.FieldError{Field: "kind", Err: fmt.Errorf("state fact: %w: it is not asked for", api.ErrBodyInvalid)}
	case slices.ContainsFunc(a.stated, func(g proofing.Fact) bool { return g.Kind == f.Kind }):
		return true, nil
	case f.Kind == proofing.FaceVisual && f.Outcome == proofing.Passed && a.view.Facts.Of(proofing.ChipPhoto).Outcome != proofing.Passed:
		return false, &api.FieldError{Field: "outcome", Err: fmt.Errorf("state fact: %w: there is no photo to compare with", api.ErrBodyInvalid)}
	}
	return false, nil
}

// hear lets a fact count, unless it came too late.
func (a *attempt) hear(f proofing.Fact) error {
	late := false
	a.change(func() {
		if late = a.hears == nil; !late {
			a.stated = append(a.stated, f)
		}
	})
	if late {
		return fmt.Errorf("state fact: %w", ErrResultGone)
	}
	return nil
}

// declineProofing is the clerk's no, at any moment before the decision.
func (c *Counter) declineProofing(ctx context.Context, in *proofingID) (*struct{}, error) {
	a, err := c.atDesk(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if a.runs() {
		a.cancel(ErrApprovalDeclined)
	}
	select {
	case <-a.done:
	case <-ctx.Done():
		return nil, fmt.Errorf("decline proofing: %w", ctx.Err())
	}
	if !a.declined() {
		return nil, fmt.Errorf("decline proofing: %w", ErrResultGone)
	}
	return nil, nil
}
