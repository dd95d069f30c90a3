package issuer

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"chipproof/proofing/thaiid"
)

// Card is what the issuer is asked about: three values that nobody can type,
// since their types come from a chip that was read. They hide themselves.
type Card struct {
	Chip      thaiid.ChipNumber
	Number    thaiid.CitizenID
	RequestNo thaiid.RequestNumber

	holder *thaiid.Identity // never sent: its words are taken out of the answer
}

// CardOf takes from an identity what the issuer asks for. The fields citizen_id
// and card must have been read. Of name, birth date and address the issuer's words
// are freed as far as those were read, so who keeps [Answer.Desc] reads them too.
func CardOf(id *thaiid.Identity) Card {
	return Card{Chip: id.Card.ChipNumber, Number: id.CitizenID, RequestNo: id.Card.RequestNumber, holder: id}
}

// Holder is what the laser road is asked with. It comes from the card's face and
// back, so anyone who has seen the card once can fill it in.
type Holder struct {
	// Number is 13 digits; dashes and spaces are dropped.
	Number Hidden
	// FirstName and LastName are in Thai, without title and middle name.
	FirstName, LastName Hidden
	// BirthDate is eight digits, YYYYMMDD of the Buddhist era, 0 for what is unknown.
	BirthDate Hidden
	// Laser is two letters and ten digits; dashes and spaces are dropped.
	Laser Hidden
}

var (
	isChipNumber = regexp.MustCompile(`^[0-9a-f]{16}$`)
	isNumber     = regexp.MustCompile(`^[0-9]{13}$`)
	// The card has room for 20 characters; how long the issuer's number is,
	// sources disagree about (thai-id-card §14.3).
	isRequestNumber = regexp.MustCompile(`^[0-9]{1,20}$`)
	isBirthDate     = regexp.MustCompile(`^[0-9]{8}$`)
	isLaserCode     = regexp.MustCompile(`^[A-Z]{2}[0-9]{10}$`)
)

// question is one operation and what goes with it, in the order in which the
// service wants it.
type question struct {
	operation string
	fields    []field
	holder    *thaiid.Identity // as far as it was read; nil beside typed evidence
}

// field is one element of a request. It holds personal data and is never printed.
type field struct{ name, value string }

// question says what of the card is missing or of another form, by name only.
// Nothing is sent then: the issuer would answer that a field is empty, and a
// guessed form would look like guessing at people (thai-id-card §11).
func (c Card) question() (question, error) {
	chip, number, request := c.Chip.Reveal(), c.Number.Reveal(), c.RequestNo.BP1NO()
	switch {
	case !isNumber.MatchString(number):
		return question{}, incomplete("citizen number")
	case !isChipNumber.MatchString(chip):
		return question{}, incomplete("chip number")
	case !isRequestNumber.MatchString(request):
		return question{}, incomplete("request number")
	}
	fields := []field{{"ChipNo", chip}, {"pid", number}, {"bp1no", request}}
	return question{operation: "CheckCardByCID", fields: fields, holder: c.holder}, nil
}

func (h Holder) question() (question, error) {
	number, laser := joined(h.Number), joined(h.Laser)
	first, last := strings.TrimSpace(h.FirstName.reveal()), strings.TrimSpace(h.LastName.reveal())
	switch {
	case !isNumber.MatchString(number):
		return question{}, incomplete("citizen number")
	case !isName(first):
		return question{}, incomplete("first name")
	case !isName(last):
		return question{}, incomplete("last name")
	case !isBirthDate.MatchString(h.BirthDate.reveal()):
		return question{}, incomplete("birth date")
	case !isLaserCode.MatchString(laser):
		return question{}, incomplete("laser code")
	}
	return question{operation: "CheckCardByLaser", fields: []field{
		{"PID", number}, {"FirstName", first}, {"LastName", last}, {"BirthDay", h.BirthDate.reveal()}, {"Laser", laser},
	}}, nil
}

func incomplete(what string) error {
	return fmt.Errorf("ask the issuer: %w: %s", ErrIncomplete, what)
}

// joined drops what people put between digits.
func joined(h Hidden) string {
	return strings.NewReplacer("-", "", " ", "").Replace(h.reveal())
}

// isName says whether s can be a part of a name: something to be seen, and
// nothing that XML could not carry.
func isName(s string) bool {
	return s != "" && utf8.RuneCountInString(s) <= 200 && utf8.ValidString(s) &&
		!strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsGraphic(r) })
}
