package proofing

import (
	"strings"

	"chipproof/proofing/thaiid"
)

// restrict is a copy of an identity with these fields and no other, nor what was
// found about others. It is the one door through which a card's data leaves a
// proofing.
func restrict(id *thaiid.Identity, fields thaiid.Fields) *thaiid.Identity {
	out := &thaiid.Identity{}
	for _, f := range fields {
		if !id.Fields.Has(f) || out.Fields.Has(f) {
			continue
		}
		out.Fields = append(out.Fields, f)
		switch f {
		case thaiid.FieldCitizenID:
			out.CitizenID = id.CitizenID
		case thaiid.FieldName:
			out.Name = id.Name
		case thaiid.FieldBirthDate:
			out.BirthDate = id.BirthDate
		case thaiid.FieldSex:
			out.Sex = id.Sex
		case thaiid.FieldAddress:
			out.Address = id.Address
		case thaiid.FieldCard:
			out.Card = id.Card
		case thaiid.FieldPhoto:
			out.Photo = id.Photo
		case thaiid.FieldLaserCode:
			out.LaserCode = id.LaserCode
		case thaiid.FieldNHSO:
			out.NHSO = id.NHSO
		}
	}
	for _, f := range id.Findings {
		if f.Code == thaiid.FindingVersionUnproven || out.Fields.Has(fieldOf(f.Field)) {
			out.Findings = append(out.Findings, f)
		}
	}
	return out
}

// fieldOf is the field that a part belongs to: a part's path begins with it.
func fieldOf(p thaiid.Part) thaiid.Field {
	name, _, _ := strings.Cut(string(p), ".")
	return thaiid.Field(name)
}
