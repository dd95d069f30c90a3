package proofing

import (
	"fmt"
	"slices"
	"time"

	"chipproof/proofing/issuer"
	"chipproof/proofing/proof"
	"chipproof/proofing/thaiid"
)

// claimedLaser is the one claim that is not of the card's face (proof §11).
const claimedLaser = "laser_code"

// typed takes what was claimed for all there is: no reader, no clerk, and never
// enough (assurance §2.2, property 3).
func (p *Prover) typed(a Asked) *attempt {
	at := p.Now()
	t := &attempt{source: FromTyping, facts: NewFacts(typedFacts(a.Claimed, at)...)}
	if claim := a.Claimed.Reveal("citizen_id"); claim != "" {
		digits := number(claim)
		t.facts.Set(checksum(digits, at))
		if thaiid.ValidCitizenID(digits) {
			t.number = digits
		}
	}
	return t
}

// typedFacts say that somebody typed something, and nothing of whether it is so.
func typedFacts(c proof.Claimed, at time.Time) []Fact {
	var facts []Fact
	names := c.Names()
	if slices.ContainsFunc(names, func(name string) bool { return name != claimedLaser }) {
		facts = append(facts, Fact{Kind: CardFaceTyped, Outcome: Passed, At: StampOf(at), By: ByAgent, How: ByTyping})
	}
	if slices.Contains(names, claimedLaser) {
		facts = append(facts, Fact{Kind: LaserTyped, Outcome: Passed, At: StampOf(at), By: ByAgent, How: ByTyping})
	}
	return facts
}

// holderOf is what the issuer's laser road is asked with. What is missing or of
// another form the issuer's client refuses to send.
func holderOf(c proof.Claimed) issuer.Holder {
	return issuer.Holder{
		Number:    issuer.Hide(number(c.Reveal("citizen_id"))),
		FirstName: issuer.Hide(c.Reveal("first_name")),
		LastName:  issuer.Hide(c.Reveal("last_name")),
		BirthDate: issuer.Hide(issuerDate(c.Reveal("birth_date"))),
		Laser:     issuer.Hide(number(c.Reveal(claimedLaser))),
	}
}

// issuerDate is a typed date in the issuer's form, YYYYMMDD of the Buddhist era
// with 0 for what is unknown; empty for what is no date, since a guess would look
// like guessing at people (thai-id-card §11).
func issuerDate(typed string) string {
	year, month, day, ok := claimedDate(typed)
	if !ok || year == 0 {
		return ""
	}
	return fmt.Sprintf("%04d%02d%02d", year+543, month, day)
}
