package counter

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"

	"chipproof/api"
	"chipproof/cardreader"
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

type (
	readInput  struct{ Body ReadRequest }
	readOutput struct{ Body ReadAnswer }
)

// readCard reads the card for the origin that asks. Everything that can be
// refused is refused before a reader is looked at; then one read at a time,
// since there is one clerk with one citizen: a second one is told so and does
// not wait. When the client goes away ctx ends, and with it the read.
func (c *Counter) readCard(ctx context.Context, in *readInput) (*readOutput, error) {
	caller := api.CallerOf(ctx)
	if err := distinct(in.Body.Fields); err != nil {
		return nil, fmt.Errorf("allow read: %w", err)
	}
	if err := allow(caller.Grant, in.Body.Purpose, in.Body.Fields); err != nil {
		return nil, fmt.Errorf("allow read: %w", err)
	}
	select {
	case c.serving <- struct{}{}:
		defer func() { <-c.serving }()
	default:
		return nil, fmt.Errorf("begin read: %w", cardreader.ErrReaderBusy)
	}
	reader, err := proofing.Choose(ctx, c.readers, in.Body.Reader)
	if err != nil {
		return nil, err
	}
	id := newID()
	identity, err := proofing.Read(ctx, c.readers, reader, proofing.ReadOptions{
		Fields: fieldsOf(in.Body.Fields),
		Progress: func(p thaiid.Progress) {
			c.hub.progressed(caller.Origin, ProgressEvent{ID: id, Step: p.Step, Of: p.Of})
		},
	})
	if err != nil {
		return nil, err
	}
	return &readOutput{Body: ReadAnswer{ID: id, Identity: identity.Document()}}, nil
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

func fieldsOf(names []field) thaiid.Fields {
	fields := make(thaiid.Fields, len(names))
	for i, n := range names {
		fields[i] = thaiid.Field(n)
	}
	return fields
}

// newID is 128 random bits in hex.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return hex.EncodeToString(b[:])
}
