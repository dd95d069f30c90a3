package counter

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"chipproof/api"
	"chipproof/proofing"
	"chipproof/proofing/thaiid"
)

// The text of a card comes in a few exchanges and the photo in many. So that a
// clerk need not wait for the photo to see whom the card names, our own console,
// and nobody else, may ask for the text while the photo is read (docs/adr 0013).
// The entry of the read stands before it can.

// glimpse is the text of a read whose photo is being read.
type glimpse struct {
	id       string // the read's
	session  string // that asked for it
	card     stay
	document thaiid.Document
}

// glimpses holds the one of the read that runs; nil when there is none.
type glimpses struct {
	mu  sync.Mutex
	now *glimpse
}

func (g *glimpses) show(now *glimpse) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.now = now
}

func (g *glimpses) of(id, session string) *glimpse {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.now == nil || g.now.id != id || g.now.session != session {
		return nil
	}
	return g.now
}

// textOutput is the text of a read, and never a photo.
type textOutput struct {
	Body struct {
		Identity thaiid.Document `json:"identity" doc:"What the chip says in text; the photo comes with the read's own answer"`
	}
}

// readText hands the text of the read that runs to the session that asked for it.
// The card is looked for each time.
func (c *Counter) readText(ctx context.Context, in *readID) (*textOutput, error) {
	g := c.glimpses.of(in.ID, api.CallerOf(ctx).Person.Session)
	if g == nil {
		return nil, fmt.Errorf("look for text: %w", ErrResultUnknown)
	}
	if err := c.sameCard(ctx, g.card); err != nil {
		return nil, fmt.Errorf("look for text: %w", err)
	}
	var out textOutput
	out.Body.Identity = g.document
	return &out, nil
}

type readID struct {
	ID string `path:"id" maxLength:"64" doc:"The read's id, as the stream told it"`
}

// showText makes the text of a read of our own console ready to be asked for: of
// the card that is in, with its entry, and without what was not asked for.
func (c *Counter) showText(ctx context.Context, caller api.Caller, r ReadRequest, t *turn, card stay, id string, text *thaiid.Identity) error {
	if err := c.release(ctx, caller, r, t, id, text.CitizenID); err != nil {
		return err
	}
	t.shown = id
	shown := *text
	shown.Findings = slices.Clone(text.Findings)
	only(&shown, r.Fields)
	c.glimpses.show(&glimpse{id: id, session: caller.Person.Session, card: card, document: shown.Document()})
	c.hub.console(newMessage(textRead, TextEvent{ID: id}))
	return nil
}

// showProofingText does the same for a proofing that our own console asked for:
// the clerk may see the text, and is not asked yet. Its entry says that our console
// showed it; what is decided is another entry, and has not happened yet.
func (c *Counter) showProofingText(ctx context.Context, a *attempt, view proofing.View, number thaiid.CitizenID) error {
	if len(view.Identity.Fields) == 0 {
		return nil // nothing of it was asked for
	}
	if err := c.stillIn(ctx, a.turn); err != nil {
		return err
	}
	if err := c.stillAsked(ctx, a); err != nil {
		return err
	}
	fields := make([]string, len(view.Identity.Fields))
	for i, f := range view.Identity.Fields {
		fields[i] = string(f)
	}
	at := c.now()
	pseudonym, err := c.pseudonyms.Pseudonym(a.purpose.Name, at.In(proofing.Thailand()).Year(), number.Reveal())
	if err == nil {
		err = c.records.RecordRead(ctx, proofing.Release{
			ID: a.id, Origin: console, Purpose: a.purpose.Name, Fields: fields, Pseudonym: pseudonym,
			By: actor(a.caller.Person), Test: c.prover.Test, At: at,
		})
	}
	if err != nil {
		return fmt.Errorf("show text: %w", err)
	}
	if err := c.stillAsked(ctx, a); err != nil {
		return err
	}
	a.change(func() { a.view = &view })
	c.hub.console(newMessage(textRead, TextEvent{ID: a.id, Proofing: true}))
	return nil
}
