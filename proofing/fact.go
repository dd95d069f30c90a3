package proofing

import "slices"

// Kind names what can be established about a person at the counter
// (assurance §2.1).
type Kind string

// The kinds, in the order in which answers list them.
const (
	CardFaceTyped    Kind = "card_face_typed"
	IDChecksum       Kind = "id_checksum"
	LaserTyped       Kind = "laser_typed"
	TypedMatchesChip Kind = "typed_matches_chip"
	ChipRead         Kind = "chip_read"
	ChipPhoto        Kind = "chip_photo"
	CardNotExpired   Kind = "card_not_expired"
	IssuerStatus     Kind = "issuer_status"
	IssuerAttributes Kind = "issuer_attributes"
	CardInspected    Kind = "card_inspected"
	FaceVisual       Kind = "face_visual"
	FaceBiometric    Kind = "face_biometric"
	LivenessPAD      Kind = "liveness_pad"
	SecondEvidence   Kind = "second_evidence"
	ContactConfirmed Kind = "contact_confirmed"
	ThaIDLogin       Kind = "thaid_login"
)

// Kinds are all of them, in the order in which answers list them.
func Kinds() []Kind {
	return []Kind{
		CardFaceTyped, IDChecksum, LaserTyped, TypedMatchesChip, ChipRead, ChipPhoto, CardNotExpired, IssuerStatus,
		IssuerAttributes, CardInspected, FaceVisual, FaceBiometric, LivenessPAD, SecondEvidence, ContactConfirmed, ThaIDLogin,
	}
}

// Outcome is what became of establishing a fact.
type Outcome string

const (
	// NotDone: nobody tried.
	NotDone Outcome = "not_done"
	// Passed: done, and it agreed. It counts until it is stale.
	Passed Outcome = "passed"
	// Failed: done, and it disagreed. It never counts, and it can veto.
	Failed Outcome = "failed"
	// Indeterminate: tried, and there was no answer. It never counts.
	Indeterminate Outcome = "indeterminate"
)

// How says by which way a fact was established, in fixed words.
type How string

// The ways.
const (
	ByCheckDigit     How = "check digit"
	ByReader         How = "PC/SC reader"
	BySimulator      How = "simulator"
	ByExpiryOnChip   How = "expiry date on chip"
	ByLifelongOnChip How = "lifelong on chip"
	ByChipData       How = "chip data"        // of issuer_status: CheckCardByCID
	ByTypedLaserCode How = "typed laser code" // of issuer_status: CheckCardByLaser
	ByComparison     How = "typed against chip"
	ByTyping         How = "typed"
	InPerson         How = "in person"
	InPersonAgainst  How = "in person, against chip photo"
)

// PrintedExpiry is what the clerk read on the card, of the fact card_inspected.
type PrintedExpiry string

// What can be printed. Expired makes the fact failed.
const (
	PrintedInForce  PrintedExpiry = "in_force"
	PrintedLifelong PrintedExpiry = "lifelong"
	PrintedExpired  PrintedExpiry = "expired"
)

// The parties besides users that establish facts.
const (
	ByAgent = "agent"
	ByDOPA  = "dopa"
)

// Fact is what was established, by whom and how. It holds no personal data: not
// of the citizen at all, of a clerk the internal id.
type Fact struct {
	Kind    Kind    `json:"kind"`
	Outcome Outcome `json:"outcome"`
	// At, By and How are of a fact that was tried; By is "agent", "dopa" or a user id.
	At  Stamp  `json:"at,omitzero"`
	By  string `json:"by,omitzero"`
	How How    `json:"how,omitzero"`
	// ValidUntil is when it stops counting; never, if zero.
	ValidUntil Stamp `json:"valid_until,omitzero"`
	// Reference is what it was compared with, where a rule asks for that.
	Reference string `json:"reference,omitzero"`
	// PrintedExpiry is of card_inspected; empty where nobody looked.
	PrintedExpiry PrintedExpiry `json:"printed_expiry,omitzero"`
	// Fields are of typed_matches_chip: the names of those that differ.
	Fields []string `json:"fields,omitempty"`
	// Code and Desc are the issuer's own words, of issuer_status.
	Code string `json:"code,omitzero"`
	Desc string `json:"desc,omitzero"`
}

// Facts is one fact of every kind, in the order of [Kinds]; those that nobody
// tried are not_done.
type Facts []Fact

// NewFacts is every kind, not_done but for those given. Of two of a kind the
// later one counts.
func NewFacts(known ...Fact) Facts {
	facts := make(Facts, 0, len(Kinds()))
	for _, k := range Kinds() {
		facts = append(facts, Fact{Kind: k, Outcome: NotDone})
	}
	for _, f := range known {
		facts.Set(f)
	}
	return facts
}

// Set puts a fact in the place of the one of its kind.
func (f Facts) Set(known Fact) {
	if i := slices.IndexFunc(f, func(g Fact) bool { return g.Kind == known.Kind }); i >= 0 {
		f[i] = known
	}
}

// Of is the fact of a kind.
func (f Facts) Of(k Kind) Fact {
	for _, g := range f {
		if g.Kind == k {
			return g
		}
	}
	return Fact{Kind: k, Outcome: NotDone}
}
