package proof

import (
	"fmt"
	"io"
	"log/slog"
)

// Evidence is what a request wants judged.
type Evidence string

const (
	// Chip: the card is read. It is meant where a request says nothing.
	Chip Evidence = "chip"
	// Typed: nothing is read; what is claimed alone is judged.
	Typed Evidence = "typed"
)

// requestAudience is who every request is for: any agent that lists the origin.
const requestAudience = "chipproof"

// Request is what a relying party's backend signs before anything is signed for
// it (proof §11). It hides itself: whoever has it in time can have a clerk asked.
type Request struct {
	// Issuer is the asking origin, as the agent lists it.
	Issuer string
	// ID is the jti, 22 characters; [SignRequest] makes one if it is empty.
	ID string
	// Nonce is 43 to 255 characters of base64url ([NewNonce]); it comes back in
	// the proof.
	Nonce string
	// Audience is wanted as aud of the proof: the one registered for the origin,
	// by default the origin itself.
	Audience string
	// Purpose is one of the agency's policy; it comes back in the proof.
	Purpose string
	// IssuedAt and ExpiresAt are in seconds since 1970, at most [RequestLife]
	// apart. [SignRequest] fills ExpiresAt if it is zero.
	IssuedAt, ExpiresAt int64
	// Fields are 1 to 9 different names of [FieldNames], among them one of the
	// first five.
	Fields []string
	// Needs are facts that the clerk must state besides those the purpose needs:
	// face_visual, card_inspected, each at most once.
	Needs []string
	// Evidence is [Chip] if empty.
	Evidence Evidence
	// Claimed is compared with the chip; needed if Evidence is [Typed].
	Claimed Claimed
	// IssuerCheck asks the issuer, if the desk is set up for it, though the
	// purpose doesn't need it.
	IssuerCheck bool
	// ReturnURL and State are of the page road only: a registered address, and 1
	// to 512 printable ASCII characters that come back as they are.
	ReturnURL, State string
}

// FieldNames are the names that a request may ask for (design §5).
func FieldNames() []string {
	return []string{"citizen_id", "name", "birth_date", "sex", "address", "card", "photo", "laser_code", "nhso"}
}

// aboutPerson are those of them that give a member of the proof's claims.
func aboutPerson() []string { return FieldNames()[:5] }

// needNames are the facts that a request may want stated.
func needNames() []string { return []string{"face_visual", "card_inspected"} }

// Format hides the request, whatever the verb.
func (r Request) Format(f fmt.State, _ rune) { io.WriteString(f, mask) }

// String hides the request.
func (r Request) String() string { return mask }

// LogValue hides the request.
func (r Request) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalText hides the request; its only clear form is the signed one.
func (r Request) MarshalText() ([]byte, error) { return []byte(mask), nil }
