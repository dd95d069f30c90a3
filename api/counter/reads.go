package counter

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"chipproof/api"
	"chipproof/proofing"
	"chipproof/proofing/thaiid"
)

// ReadRequest is the body of POST /v1/reads.
type ReadRequest struct {
	Purpose string  `json:"purpose" minLength:"1" maxLength:"64" doc:"What the data is for. A plain read is for form_fill alone" example:"form_fill"`
	Fields  []field `json:"fields" minItems:"1" nullable:"false" doc:"What to read, each once. photo costs most of the time; laser_code and nhso must have been granted" example:"[\"citizen_id\",\"name\"]"`
	Reader  string  `json:"reader,omitempty" maxLength:"256" doc:"Which reader, by its name in GET /v1/readers. Without it: the only one with a card"`
}

// ReadAnswer is the answer of POST /v1/reads.
type ReadAnswer struct {
	ID       string          `json:"id" doc:"Names this read: 128 random bits in hex" example:"5f0c1e7a9b3d4c2f8e6a0d1b2c3f4e5d"`
	Identity thaiid.Document `json:"identity" doc:"What the chip says; only the fields that were asked for"`
}

// WaitingAnswer says that a person must act first.
type WaitingAnswer struct {
	State      string   `json:"state" enum:"waiting" doc:"Repeat the same call at once: it goes on waiting" example:"waiting"`
	WaitingFor []string `json:"waiting_for" nullable:"false" enum:"approval" doc:"What the clerk has to do" example:"[\"approval\"]"`
}

type (
	readInput  struct{ Body ReadRequest }
	readOutput struct {
		Status int
		Body   readBody
	}
	// readBody is the one or the other.
	readBody struct {
		answer  *ReadAnswer
		waiting *WaitingAnswer
	}
)

// Schema is that of the answer; the other one stands with its own status.
func (readBody) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[ReadAnswer](), true, "ReadAnswer")
}

// MarshalJSONTo writes the one that is there.
func (b readBody) MarshalJSONTo(e *jsontext.Encoder) error {
	if b.waiting != nil {
		return json.MarshalEncode(e, b.waiting)
	}
	return json.MarshalEncode(e, b.answer)
}

// readCard reads the card for the origin that asks. Everything that can be
// refused is refused before a reader is looked at; then one request at a time: a
// second one is told so and does not wait. When the client goes away ctx ends,
// and with it the read. The turn ends when the answer has left.
func (c *Counter) readCard(ctx context.Context, in *readInput) (*readOutput, error) {
	caller := api.CallerOf(ctx)
	if err := distinct(in.Body.Fields); err != nil {
		return nil, fmt.Errorf("allow read: %w", err)
	}
	if err := c.noteUse(ctx, caller.Origin, caller.Person); err != nil {
		return nil, err
	}
	if _, err := allow(c.policy, proofing.UseRead, caller.Origin, caller.Grant, in.Body.Purpose, plain(in.Body.Fields)); err != nil {
		return nil, c.refuse(ctx, caller, in.Body, fmt.Errorf("allow read: %w", err))
	}
	t, former, err := c.turns.take(askedBy(caller, in.Body))
	if err != nil {
		return nil, fmt.Errorf("begin read: %w", err)
	}
	if former != nil {
		c.withdraw(former.approval)
	}
	over := true
	defer func() {
		if over {
			c.turns.end(t)
		}
	}()
	if caller.Grant.Ask {
		if t.approval == "" {
			card, err := c.cardIn(ctx, in.Body.Reader)
			if err != nil {
				return nil, fmt.Errorf("begin read: %w", err) // nobody is asked without a card
			}
			c.turns.bind(t, card)
		}
		err := c.approve(ctx, t, caller.Person, plain(in.Body.Fields), api.Still)
		if errors.Is(err, errWaiting) {
			over = false
			c.turns.keep(t, c.patience.Again, func() { c.withdraw(t.approval) })
			return waiting(), nil
		}
		if err != nil {
			return nil, c.failed(ctx, caller, in.Body, t, err)
		}
	}
	got, err := c.readOnce(ctx, caller, in.Body, t)
	if err != nil {
		return nil, err
	}
	over = false
	api.AfterAnswer(ctx, func(left bool) {
		c.insertions.settle(got.card, caller.Origin, left)
		c.turns.end(t)
	})
	return &readOutput{Status: http.StatusOK, Body: readBody{answer: &got.answer}}, nil
}

func waiting() *readOutput {
	return &readOutput{
		Status: http.StatusAccepted,
		Body:   readBody{waiting: &WaitingAnswer{State: "waiting", WaitingFor: []string{"approval"}}},
	}
}

func askedBy(caller api.Caller, r ReadRequest) asked {
	by := caller.Person.Hold
	if caller.Origin == "" {
		by = caller.Person.Session
	}
	return asked{origin: caller.Origin, purpose: r.Purpose, fields: names(plain(r.Fields)), reader: r.Reader, hold: by}
}

// reading is a read whose entry stands and that may be released.
type reading struct {
	card   stay
	answer ReadAnswer
}

// readOnce reads, and records before it hands anything back.
func (c *Counter) readOnce(ctx context.Context, caller api.Caller, r ReadRequest, t *turn) (reading, error) {
	id := newID()
	card, identity, err := c.readIdentity(ctx, caller, r, t, id)
	if err != nil {
		return reading{}, err
	}
	return reading{card: card, answer: ReadAnswer{ID: id, Identity: identity.Document()}}, nil
}

// readIdentity is a read whose entry stands, and of which insertion it was.
func (c *Counter) readIdentity(ctx context.Context, caller api.Caller, r ReadRequest, t *turn, id string) (stay, *thaiid.Identity, error) {
	card, err := c.begin(ctx, caller, r, t)
	if err != nil {
		return stay{}, nil, err
	}
	options := proofing.ReadOptions{
		Fields: withNumber(r.Fields),
		Progress: func(p thaiid.Progress) {
			c.hub.progressed(caller.Origin, ProgressEvent{ID: id, Step: p.Step, Of: p.Of})
		},
	}
	var unreleased error
	if caller.Origin == "" {
		defer c.glimpses.show(nil)
		options.Text = func(ctx context.Context, text *thaiid.Identity) (err error) {
			if card, err = c.compare(ctx, card, caller, t); err == nil {
				unreleased = c.showText(ctx, caller, r, t, card, id, text)
				err = unreleased
			}
			return err
		}
	}
	identity, err := proofing.Read(ctx, c.readers, card.reader, options)
	if unreleased != nil {
		return stay{}, nil, unreleased // and says so itself
	}
	if err != nil {
		return stay{}, nil, c.failed(ctx, caller, r, t, err)
	}
	if card, err = c.compare(ctx, card, caller, t); err != nil {
		return stay{}, nil, c.failed(ctx, caller, r, t, err)
	}
	if err := c.releaseOnce(ctx, caller, r, t, id, identity.CitizenID); err != nil {
		c.insertions.settle(card, caller.Origin, false)
		return stay{}, nil, err
	}
	only(identity, r.Fields)
	return card, identity, nil
}

// begin finds the card to read. An approval has named it already, and is the
// click that grants one more answer; else an origin gets one of an insertion. The
// first refusal of a second is an entry, and not each of a page that tries again
// and again.
func (c *Counter) begin(ctx context.Context, caller api.Caller, r ReadRequest, t *turn) (stay, error) {
	if t.approval != "" {
		if err := c.stillIn(ctx, t); err != nil {
			return stay{}, c.failed(ctx, caller, r, t, fmt.Errorf("begin read: %w", err))
		}
		return t.card, nil
	}
	reader, err := proofing.Choose(ctx, c.readers, r.Reader)
	if err != nil {
		return stay{}, err
	}
	counter, err := c.insertionIn(ctx, reader)
	card := stay{reader, counter}
	if err != nil || !c.insertions.has(card, caller.Origin) {
		return card, err
	}
	return stay{}, c.already(card, caller.Origin, func(already error) error { return c.refuse(ctx, caller, r, already) })
}

// already is the refusal of a second answer of an insertion, with its entry if it
// is the first.
func (c *Counter) already(card stay, origin string, refuse func(error) error) error {
	already := fmt.Errorf("look at insertion: %w", ErrReadAlready)
	c.hub.console(newMessage(readAlready, AlreadyEvent{Origin: origin, Reader: card.reader}))
	if c.insertions.told(card, origin) {
		return already
	}
	err := refuse(already)
	if errors.Is(err, ErrReadAlready) {
		c.insertions.tell(card, origin)
	}
	return err
}

// compare says of which insertion the read was, and claims its answer. The card
// may have been changed between the look and the connection: then it is of the
// one that was there last, or of one that is over; what was approved is of no
// other than was asked about.
func (c *Counter) compare(ctx context.Context, card stay, caller api.Caller, t *turn) (stay, error) {
	if t.approval != "" {
		err := c.stillIn(ctx, t)
		if err == nil {
			c.insertions.claimAgain(card, caller.Origin)
		}
		return card, err
	}
	counter, err := c.insertionIn(ctx, card.reader)
	card.counter = counter
	if err == nil && !c.insertions.claim(card, caller.Origin) {
		err = ErrReadAlready
	}
	if err != nil {
		err = fmt.Errorf("finish read: %w", err)
	}
	return card, err
}

// distinct refuses a field that is named twice. huma's own rule for that
// (uniqueItems) panics on an item that is no scalar, in v2.37.2.
func distinct(fields []field) error {
	for i, f := range fields {
		if slices.Contains(fields[:i], f) {
			return fmt.Errorf("%w: a field is named twice", api.ErrBodyInvalid)
		}
	}
	return nil
}

// withNumber adds the citizen number, which every read gets from the chip
// anyway, for the pseudonym in the audit log.
func withNumber(names []field) thaiid.Fields {
	fields := make(thaiid.Fields, len(names), len(names)+1)
	for i, n := range names {
		fields[i] = thaiid.Field(n)
	}
	if !fields.Has(thaiid.FieldCitizenID) {
		fields = append(fields, thaiid.FieldCitizenID)
	}
	return fields
}

// only takes the citizen number out again, and what was found about it, where
// it was not asked for.
func only(identity *thaiid.Identity, names []field) {
	if slices.Contains(names, field(thaiid.FieldCitizenID)) {
		return
	}
	identity.CitizenID = thaiid.CitizenID{}
	identity.Findings = slices.DeleteFunc(identity.Findings, func(f thaiid.Finding) bool {
		return f.Field == thaiid.PartCitizenID
	})
}

// plain are fields as words.
func plain(fields []field) []string {
	words := make([]string, len(fields))
	for i, f := range fields {
		words[i] = string(f)
	}
	return words
}

// newID is 128 random bits in hex.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return hex.EncodeToString(b[:])
}
