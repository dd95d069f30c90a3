package proofing

import (
	"fmt"
	"strings"

	"chipproof/proofing/proof"
	"chipproof/proofing/thaiid"
)

// personOf is the table "Card data to claims" of proof §3, for the fields that
// are there. What the card leaves blank is left out. laser_code and nhso have no
// claim: they travel beside the proof and are worth no more than form filling.
func personOf(given *thaiid.Identity) proof.PersonClaims {
	c := proof.PersonClaims{
		SalutationTH: given.Name.TH.Title.Reveal(), SalutationEN: given.Name.EN.Title.Reveal(),
		GivenNameTH: given.Name.TH.First.Reveal(), GivenNameEN: given.Name.EN.First.Reveal(),
		MiddleNameTH: given.Name.TH.Middle.Reveal(), MiddleNameEN: given.Name.EN.Middle.Reveal(),
		FamilyNameTH: given.Name.TH.Last.Reveal(), FamilyNameEN: given.Name.EN.Last.Reveal(),
		Gender:    genderOf(given.Sex),
		CitizenID: given.CitizenID.Reveal(),
		Address:   addressOf(given.Address),
	}
	if given.Fields.Has(thaiid.FieldBirthDate) {
		c.Birthdate, c.BirthDateParts = birthOf(given.BirthDate)
	}
	return c
}

// genderOf has the two values that OpenID Connect defines and the card knows.
func genderOf(s thaiid.Sex) string {
	switch sex := s.Reveal(); sex {
	case thaiid.SexMale, thaiid.SexFemale:
		return sex
	}
	return ""
}

// birthOf never makes up a day: OpenID Connect Core §5.1 has a form for a year
// alone, and what the card knows beyond that stands in a claim of our own.
func birthOf(d thaiid.Date) (birthdate string, parts *proof.BirthDate) {
	year, _, _ := d.Parts()
	switch d.Precision() {
	case thaiid.PrecisionDay:
		return d.Reveal(), nil
	case thaiid.PrecisionMonth, thaiid.PrecisionYear:
		birthdate = fmt.Sprintf("%04d", year)
	case thaiid.PrecisionNone:
	}
	return birthdate, &proof.BirthDate{Date: d.Reveal(), Precision: string(d.Precision()), Buddhist: d.Buddhist()}
}

// addressOf has no post code, as the card has none; nil if the card has no
// address, or none was asked for.
func addressOf(a thaiid.Address) *proof.AddressClaims {
	if a.Text.Reveal() == "" {
		return nil
	}
	return &proof.AddressClaims{
		Formatted:     a.Text.Reveal(),
		StreetAddress: inOneLine(a.HouseNo, a.Moo, a.Trok, a.Soi, a.Road),
		Locality:      inOneLine(a.Subdistrict, a.District),
		Region:        a.Province.Reveal(),
		CountryCode:   thailand,
	}
}

// inOneLine joins the parts that are not empty.
func inOneLine(parts ...thaiid.Text) string {
	var words []string
	for _, p := range parts {
		if word := p.Reveal(); word != "" {
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}
