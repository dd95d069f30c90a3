package counter

import (
	"fmt"
	"log/slog"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"chipproof/api"
	"chipproof/proofing"
	"chipproof/proofing/proof"
)

// ProofingRequest is the body of POST /v1/proofings. A web app sends request,
// which its backend signed, and reader at most: its page can add nothing. Our own
// console sends the request of the page road, or what the counter wants for its
// own use, which ends without a proof.
type ProofingRequest struct {
	Request signed   `json:"request,omitempty" doc:"What the site's backend signed, as a compact JWS"`
	Purpose string   `json:"purpose,omitempty" minLength:"1" maxLength:"64" doc:"Our own console only: what it is for" example:"identity_proofing"`
	Fields  []field  `json:"fields,omitempty" minItems:"1" nullable:"false" doc:"Our own console only: what to read, each once" example:"[\"citizen_id\",\"name\"]"`
	Claimed *Claimed `json:"claimed,omitempty" nullable:"false" doc:"Our own console only: what the citizen gave, compared with the chip"`
	Needs   []need   `json:"needs,omitempty" nullable:"false" doc:"Our own console only: what the clerk must state besides what the purpose needs, each once" example:"[\"face_visual\"]"`
	Reader  string   `json:"reader,omitempty" maxLength:"256" doc:"Which reader, by its name in GET /v1/readers. Without it: the only one with a card"`
}

// Claimed is what a citizen gave, by name.
type Claimed struct {
	CitizenID  claim `json:"citizen_id,omitempty" doc:"Citizen number"`
	Title      claim `json:"title,omitempty" doc:"Title"`
	FirstName  claim `json:"first_name,omitempty" doc:"First name"`
	MiddleName claim `json:"middle_name,omitempty" doc:"Middle name"`
	LastName   claim `json:"last_name,omitempty" doc:"Last name"`
	BirthDate  claim `json:"birth_date,omitempty" doc:"Date of birth"`
	LaserCode  claim `json:"laser_code,omitempty" doc:"Code on the back of the card"`
	Address    claim `json:"address,omitempty" doc:"Address"`
}

// values are those that were given, by the names of [proof.ClaimedNames].
func (c *Claimed) values() map[string]string {
	if c == nil {
		return nil
	}
	values := map[string]string{}
	for name, value := range map[string]claim{
		"citizen_id": c.CitizenID, "title": c.Title, "first_name": c.FirstName, "middle_name": c.MiddleName,
		"last_name": c.LastName, "birth_date": c.BirthDate, "laser_code": c.LaserCode, "address": c.Address,
	} {
		if value != "" {
			values[name] = string(value)
		}
	}
	return values
}

// signed is a signed request. Whoever has it in time can have a clerk asked, so
// it prints as a fixed word. How long it may be is its own first check, and no
// matter of the body.
type signed string

// Format hides the request from every verb.
func (signed) Format(s fmt.State, _ rune) { fmt.Fprint(s, "[hidden]") }

// LogValue hides the request from structured logs.
func (signed) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Schema says no more than that it is text.
func (signed) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, MinLength: new(1)}
}

// claim is a citizen's own word. It prints as a fixed word.
type claim string

// Format hides the value from every verb.
func (claim) Format(s fmt.State, _ rune) { fmt.Fprint(s, "[hidden]") }

// LogValue hides the value from structured logs.
func (claim) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Schema bounds it as a signed request does (proof §11).
func (claim) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, MinLength: new(1), MaxLength: new(200)}
}

// need is a fact that a clerk states.
type need proofing.Kind

// Schema lists the facts.
func (need) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, k := range proofing.StatedByClerk() {
		s.Enum = append(s.Enum, string(k))
	}
	return s
}

// check says whether the members fit together and who sends them (agent-security
// §5, P2; proof §11, Q22).
func (b ProofingRequest) check(fromOrigin string) error {
	wrong := func(member, why string) error {
		return &api.FieldError{Field: member, Err: fmt.Errorf("%w: %s", api.ErrBodyInvalid, why)}
	}
	own := b.Purpose != "" || b.Fields != nil || b.Needs != nil || b.Claimed != nil
	switch {
	case b.Request == "" && fromOrigin != "":
		return wrong("request", "a site's backend must have signed it")
	case b.Request != "" && own:
		return wrong("request", "nothing stands beside it but the reader")
	case b.Request != "":
		return nil
	case b.Purpose == "":
		return wrong("purpose", "it is missing")
	case len(b.Fields) == 0:
		return wrong("fields", "there are none")
	case b.Claimed != nil && reflect.ValueOf(*b.Claimed).IsZero():
		return wrong("claimed", "it is empty")
	}
	for i, n := range b.Needs {
		if slices.Contains(b.Needs[:i], n) {
			return wrong("needs", "one is named twice")
		}
	}
	return distinct(b.Fields)
}

// claimed are the citizen's words for whoever compares them.
func (b ProofingRequest) claimed() proof.Claimed { return proof.NewClaimed(b.Claimed.values()) }

// needs are the facts that the clerk must state.
func (b ProofingRequest) needs() []proofing.Kind {
	kinds := make([]proofing.Kind, len(b.Needs))
	for i, n := range b.Needs {
		kinds[i] = proofing.Kind(n)
	}
	return kinds
}
