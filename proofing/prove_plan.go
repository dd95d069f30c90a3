package proofing

import (
	"slices"

	"chipproof/proofing/thaiid"
)

// plan is what is read from the chip for a proofing: what was asked for, and what
// facts are made of. The latter is judged and dropped (proof §2): only restrict
// decides what is handed on.
//
// The citizen number gives id_checksum and the pseudonym; the card's part gives
// card_not_expired and, with the chip and request numbers, the issuer's question.
// Name, birth date and address are what the issuer's words are freed of, so that
// issuer_status names nobody.
func (p *Prover) plan(a Asked) thaiid.Fields {
	fields := slices.Clone(thaiid.Fields(a.Fields))
	add := func(f thaiid.Field) {
		if !fields.Has(f) {
			fields = append(fields, f)
		}
	}
	add(thaiid.FieldCitizenID)
	add(thaiid.FieldCard)
	for _, f := range ClaimFields(a.Claimed) {
		add(f)
	}
	if p.asksIssuer(a) {
		add(thaiid.FieldName)
		add(thaiid.FieldBirthDate)
		add(thaiid.FieldAddress)
	}
	if a.needsPhoto() {
		add(thaiid.FieldPhoto)
	}
	return fields
}

// needsPhoto says whether the photo is read although it may not have been asked
// for: the clerk can't compare a face with nothing (agent-security §5, P13).
func (a Asked) needsPhoto() bool {
	return slices.Contains(a.Purpose.Needed(a.Needs), ChipPhoto) ||
		slices.Contains(a.Purpose.Wants(a.Needs, NewFacts()), FaceVisual)
}
