package proofing

import (
	"time"

	"chipproof/proofing/thaiid"
)

// readFacts are what a read establishes by itself, and what was claimed beside it.
func (p *Prover) readFacts(a Asked, t *attempt) error {
	at := p.Now()
	t.number = t.identity.CitizenID.Reveal()
	t.facts = chipFacts(t.identity, t.source, at)
	if a.Claimed.IsZero() {
		return nil
	}
	for _, f := range typedFacts(a.Claimed, at) {
		t.facts.Set(f)
	}
	compared, err := TypedAgainstChip(a.Claimed, t.identity, at)
	if err != nil {
		return err
	}
	t.facts.Set(compared)
	return nil
}

func chipFacts(id *thaiid.Identity, from Source, at time.Time) Facts {
	facts := NewFacts(
		Fact{Kind: ChipRead, Outcome: Passed, At: StampOf(at), By: ByAgent, How: from.how()},
		checksum(id.CitizenID.Reveal(), at),
		notExpired(id.Card.ExpiryDate, at),
	)
	if id.Fields.Has(thaiid.FieldPhoto) {
		facts.Set(Fact{Kind: ChipPhoto, Outcome: Passed, At: StampOf(at), By: ByAgent, How: from.how()})
	}
	return facts
}

// checksum is the fact id_checksum of a number, read or typed.
func checksum(number string, at time.Time) Fact {
	f := Fact{Kind: IDChecksum, Outcome: Failed, At: StampOf(at), By: ByAgent, How: ByCheckDigit}
	if thaiid.ValidCitizenID(number) {
		f.Outcome = Passed
	}
	return f
}
