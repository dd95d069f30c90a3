package simulator

import (
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"chipproof/proofing/thaiid"
)

// ErrPersonInvalid is what [ParsePerson] and [NewCard] return for a person whom
// no card can hold. The message names what is wrong, never the value.
var ErrPersonInvalid = errors.New("person invalid")

// ParsePerson reads one person from YAML, strictly: unknown and repeated keys
// are refused, and so is a file that doesn't say `synthetic: true`. It returns
// [ErrPersonInvalid] with everything that is wrong, not only the first.
func ParsePerson(content []byte) (Person, error) {
	var p Person
	if err := decodeYAML(content, &p); err != nil {
		return Person{}, fmt.Errorf("parse person: %w: %w", ErrPersonInvalid, err)
	}
	p.Card.Version = orText(p.Card.Version, "0003")
	p.Card.Type = orText(p.Card.Type, "01")
	p.Chip.ATR = orText(p.Chip.ATR, currentATR)
	if _, err := p.encode(); err != nil {
		return Person{}, fmt.Errorf("parse person: %w", err)
	}
	return p, nil
}

// currentATR is the one of the newest card in public captures: TH NID 18, TA1
// 96 (thai-id-card §3).
const currentATR = "3b799600005448204e4944203138"

func orText(text, def string) string {
	if text == "" {
		return def
	}
	return text
}

var (
	laserCode  = regexp.MustCompile(`^[A-Z]{2}[0-9]{10}$`) // thai-id-card §10.2
	chipNumber = regexp.MustCompile(`^[0-9a-f]{16}$`)
)

// encode is what a card holds whose holder is p. It returns [ErrPersonInvalid].
func (p Person) encode() (memory, error) {
	if err := p.check(); err != nil {
		return memory{}, err
	}
	m, err := p.memory()
	if err != nil {
		return memory{}, fmt.Errorf("%w: %w", ErrPersonInvalid, err)
	}
	return m, nil
}

// check says everything that is wrong with p's values, before they are encoded.
func (p Person) check() error {
	var wrong []error
	demand := func(holds bool, what string) {
		if !holds {
			wrong = append(wrong, fmt.Errorf("%w: %s", ErrPersonInvalid, what))
		}
	}
	demand(p.Synthetic, "synthetic must be true: people here are invented")
	demand(p.CheckDigit == "" || p.CheckDigit == "wrong", "check_digit is `wrong` or left out")
	if isDigits(p.CitizenID, 13) {
		right := p.CitizenID[12] == checkDigit(p.CitizenID)
		demand(right == (p.CheckDigit == ""), "citizen_id and check_digit disagree")
	} else {
		demand(false, "citizen_id must be 13 digits")
	}
	dates := p.dates()
	for _, field := range slices.Sorted(maps.Keys(dates)) {
		demand(dates[field] == "" || isDigits(dates[field], 8), field+" must be eight digits or empty")
	}
	demand(p.Sex == "" || isDigits(p.Sex, 1), "sex must be one digit or empty")
	demand(isDigits(p.Card.Version, 4), "card.version must be four digits")
	demand(isDigits(p.Card.Type, 2), "card.type must be two digits")
	demand(p.LaserCode == "" || laserCode.MatchString(p.LaserCode), "laser_code must be two letters and ten digits, or empty")
	demand(p.Chip.Number == "" || chipNumber.MatchString(p.Chip.Number), "chip.number must be 16 lower-case hex digits, or empty")
	demand(p.Chip.Manager == "" || p.Chip.Manager == "hidden", "chip.manager is `hidden` or left out")
	_, err := hex.DecodeString(p.Chip.ATR)
	demand(err == nil, "chip.atr must be hex")
	demand(p.Photo.Bytes >= 0 && p.Photo.Bytes <= photoArea, fmt.Sprintf("photo.bytes must be 0 to %d", photoArea))

	return errors.Join(wrong...)
}

func (p Person) dates() map[string]string {
	dates := map[string]string{
		"birth_date":       p.BirthDate,
		"card.issue_date":  p.Card.IssueDate,
		"card.expiry_date": p.Card.ExpiryDate,
	}
	if p.NHSO != nil {
		dates["nhso.issue_date"] = p.NHSO.IssueDate
		dates["nhso.expiry_date"] = p.NHSO.ExpiryDate
		dates["nhso.update_date"] = p.NHSO.UpdateDate
	}
	return dates
}

// overwrites are p.Overwrite by part, decoded.
func (p Person) overwrites() (map[thaiid.Part][]byte, error) {
	decoded := map[thaiid.Part][]byte{}
	for _, name := range slices.Sorted(maps.Keys(p.Overwrite)) {
		part := thaiid.Part(name)
		at := slices.IndexFunc(allSegments(), func(s thaiid.Segment) bool { return s.Part == part })
		if at < 0 {
			return nil, fmt.Errorf("overwrite: no part is called %.40q", name)
		}
		content, err := hex.DecodeString(strings.ReplaceAll(p.Overwrite[name], " ", ""))
		if err != nil {
			return nil, fmt.Errorf("overwrite %s: not hex", name)
		}
		if room := allSegments()[at].Length; len(content) > room {
			return nil, fmt.Errorf("overwrite %s: %d bytes, the part has room for %d", name, len(content), room)
		}
		decoded[part] = content
	}
	return decoded, nil
}

func allSegments() []thaiid.Segment { return slices.Concat(thaiid.MOI, thaiid.NHSO) }
