package proofing

import "time"

// Origin is a web site that an administrator approved, and what it may ask for
// (agent-security §6). Whoever makes one has checked it; this type only carries
// it between what decides, what keeps it and what shows it.
type Origin struct {
	// ID names the entry: 128 random bits in hex. A changed entry keeps it.
	ID string
	// Origin is in the one form in which browsers send it.
	Origin string
	// Audience is the aud of proofs that are made for it.
	Audience string
	// Fields and Purposes are what it may ask for, by their names in the API.
	Fields, Purposes []string
	// ReturnURLs are whole addresses of this origin, where the page road may end.
	ReturnURLs []string
	// Keys is a JWK set with the public keys of its backend; nil without any.
	Keys []byte
	Ask  Ask
	// PlainHTTP: listed although it is plain http. It has the page road only,
	// and its proofs travel unencrypted.
	PlainHTTP bool

	ApprovedBy string // user id or "os:<uid>", whoever added or changed it last
	ApprovedAt time.Time
	LastUse    time.Time // zero before the first
}

// Ask says when the clerk must agree to what an origin asks.
type Ask string

const (
	// AskNever: the desk being held is enough.
	AskNever Ask = "never"
	// AskAlways: the clerk's click comes before each read and each proof.
	AskAlways Ask = "always"
)

// Actor is who does something to an entry, as audit entries name it.
type Actor struct {
	ID      string // user id or "os:<uid>"
	Session string // empty for a command
}
