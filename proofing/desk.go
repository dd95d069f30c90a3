package proofing

// Desk is what a counter is set up to do. It is stored with each proofing,
// since next steps and a few rules depend on it.
type Desk struct {
	// Attended: a clerk is there, sees card and person, and states facts.
	Attended bool `json:"attended"`
	// Issuer: the issuer can be asked about a card.
	Issuer bool `json:"issuer"`
}

// StatedByClerk are the facts that only a person can state, on our own console.
func StatedByClerk() []Kind { return []Kind{CardInspected, FaceVisual} }

// would is the fact that this desk makes by doing what it can for a kind; false
// where it can do nothing. Chip and photo are read at any desk.
func (d Desk) would(k Kind) (Fact, bool) {
	f := Fact{Kind: k, Outcome: Passed}
	switch k {
	case ChipRead, ChipPhoto:
		return f, true
	case IssuerStatus:
		f.By, f.How = ByDOPA, ByChipData
		return f, d.Issuer
	case CardInspected:
		f.How = InPerson
		return f, d.Attended
	case FaceVisual:
		f.How = InPersonAgainst
		return f, d.Attended
	default:
		return Fact{}, false
	}
}
