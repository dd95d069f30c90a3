package proofing

import (
	"errors"
	"fmt"
	"time"

	"chipproof/proofing/proof"
	"chipproof/proofing/thaiid"
)

// Comparison is how what a citizen claimed stands against the chip, by the names
// of what was claimed and never by values.
type Comparison struct {
	// Differing are those that the chip contradicts.
	Differing []string
	// Unknown are those about which the chip says nothing: a blank birth date, no
	// English name, no laser code.
	Unknown []string
}

var errNotRead = errors.New("the field was not read")

// ClaimFields are what must be read from the chip to compare what was claimed.
func ClaimFields(claimed proof.Claimed) thaiid.Fields {
	var fields thaiid.Fields
	for _, name := range claimed.Names() {
		if f := claimField(name); !fields.Has(f) {
			fields = append(fields, f)
		}
	}
	return fields
}

func claimField(name string) thaiid.Field {
	switch name {
	case "title", "first_name", "middle_name", "last_name":
		return thaiid.FieldName
	default: // the others are named alike
		return thaiid.Field(name)
	}
}

// Compare sets what was claimed against the chip. It overlooks how people write:
// spaces, invisible characters, Thai digits, capitals, the title before a name
// and its abbreviation, the era and form of a date, dashes in a number, and
// abbreviated words in an address. Of a birth date it asks what the chip knows.
// A claim of nothing but what is overlooked never agrees.
// The error says that a field of [ClaimFields] was not read.
func Compare(claimed proof.Claimed, id *thaiid.Identity) (Comparison, error) {
	var c Comparison
	for _, name := range claimed.Names() {
		if !id.Fields.Has(claimField(name)) {
			return Comparison{}, fmt.Errorf("compare %s: %w", name, errNotRead)
		}
		switch compareOne(name, claimed.Reveal(name), id) {
		case differs:
			c.Differing = append(c.Differing, name)
		case unknown:
			c.Unknown = append(c.Unknown, name)
		case agrees:
		}
	}
	return c, nil
}

// TypedAgainstChip is [Compare] as the fact typed_matches_chip: failed with the
// names of what differs; indeterminate where the chip is silent on a part;
// not_done where nothing was claimed.
func TypedAgainstChip(claimed proof.Claimed, id *thaiid.Identity, at time.Time) (Fact, error) {
	if claimed.IsZero() {
		return Fact{Kind: TypedMatchesChip, Outcome: NotDone}, nil
	}
	c, err := Compare(claimed, id)
	if err != nil {
		return Fact{}, err
	}
	f := Fact{Kind: TypedMatchesChip, Outcome: Passed, At: StampOf(at), By: ByAgent, How: ByComparison}
	switch {
	case len(c.Differing) > 0:
		f.Outcome, f.Fields = Failed, c.Differing
	case len(c.Unknown) > 0:
		f.Outcome = Indeterminate
	}
	return f, nil
}

// agreement is how one claimed value stands against the chip.
type agreement int

const (
	differs agreement = iota
	agrees
	unknown
)

func agreementOf(same bool) agreement {
	if same {
		return agrees
	}
	return differs
}

func compareOne(name, claim string, id *thaiid.Identity) agreement {
	th, en := id.Name.TH, id.Name.EN
	noEnglish := en.Reveal() == ""
	switch name {
	case "citizen_id":
		return compareNumber(claim, id.CitizenID.Reveal())
	case "title":
		return compareTitle(claim, th.Title.Reveal(), en.Title.Reveal(), noEnglish)
	case "first_name":
		return compareFirst(claim, th, en, noEnglish)
	case "middle_name":
		return compareMiddle(claim, th, en, noEnglish)
	case "last_name":
		return comparePart(claim, th.Last.Reveal(), en.Last.Reveal(), noEnglish)
	case "birth_date":
		year, month, day := id.BirthDate.Parts()
		return compareDate(claim, year, month, day)
	case "laser_code":
		return compareNumber(claim, id.LaserCode.Reveal())
	case "address":
		return compareAddress(claim, id.Address.Text.Reveal())
	}
	return differs
}

// compareNumber compares a number or code, which is printed in groups with
// dashes between.
func compareNumber(claim, chip string) agreement {
	if number(chip) == "" {
		return unknown
	}
	return agreementOf(number(claim) == number(chip))
}
