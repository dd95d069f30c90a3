package thaiid

import "errors"

var errNotCitizenID = errors.New("not 13 digits")

// CitizenID is a citizen number of 13 digits, whose check digit may be wrong:
// what a chip says is shown as it is, with a finding (thai-id-card §10.1). It
// hides itself; Reveal shows the digits.
type CitizenID struct{ Text }

// ParseCitizenID takes exactly 13 ASCII digits, without dashes or spaces. The
// error doesn't hold the value.
func ParseCitizenID(s string) (CitizenID, error) {
	if len(s) != 13 {
		return CitizenID{}, errNotCitizenID
	}
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return CitizenID{}, errNotCitizenID
		}
	}
	return CitizenID{newText(s)}, nil
}

// ValidCitizenID says whether s is 13 ASCII digits, the last of which fits.
func ValidCitizenID(s string) bool {
	id, err := ParseCitizenID(s)
	return err == nil && id.Checksum()
}

// Checksum says whether the check digit fits: d12 = (11 − Σ d_i·(13−i) mod 11)
// mod 10. Without the last mod 10 good numbers are refused whose sum leaves 0
// or 1 (JOMDIESEL/Golang-thaiID). The zero CitizenID doesn't fit.
func (id CitizenID) Checksum() bool {
	digits := id.Reveal()
	if digits == "" {
		return false
	}
	return checkDigit(digits) == digits[12]
}

// checkDigit is the one that fits the first twelve digits.
func checkDigit(digits string) byte {
	sum := 0
	for i := range 12 {
		sum += int(digits[i]-'0') * (13 - i)
	}
	return byte('0' + (11-sum%11)%10)
}

// Category is what the first digit says of how a person came into the register
// (thai-id-card §10.1). It is reported, never judged.
type Category string

// The categories, by first digit. Which of 0, 6, 7 and 8 get a chip card is
// stated nowhere.
const (
	CategoryNoStatus       Category = "no_registration_status"      // 0
	CategoryBornInTime     Category = "born_registered_in_time"     // 1
	CategoryBornLate       Category = "born_registered_late"        // 2
	CategoryRegister1984   Category = "registered_1984"             // 3
	CategoryMoved1984      Category = "registered_1984_moved"       // 4
	CategoryAddedLater     Category = "added_later"                 // 5
	CategoryTemporary      Category = "entered_temporarily"         // 6
	CategoryBornTemporary  Category = "born_to_entered_temporarily" // 7
	CategoryAlienOrNatural Category = "alien_or_naturalised"        // 8
	CategoryUnlisted       Category = "unlisted"                    // 9: in no list
)

// Category is the holder's category, empty for the zero CitizenID.
func (id CitizenID) Category() Category {
	digits := id.Reveal()
	if digits == "" {
		return ""
	}
	return [10]Category{
		CategoryNoStatus, CategoryBornInTime, CategoryBornLate, CategoryRegister1984, CategoryMoved1984,
		CategoryAddedLater, CategoryTemporary, CategoryBornTemporary, CategoryAlienOrNatural, CategoryUnlisted,
	}[digits[0]-'0']
}
