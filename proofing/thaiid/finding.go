package thaiid

// Finding is something about a card that a person should know, beside a value
// that is shown as it is. It is no error, and it judges nothing. It holds no
// personal data.
type Finding struct {
	Field Part        `json:"field" doc:"What it is about, as a path in this document" example:"citizen_id"`
	Code  FindingCode `json:"code" enum:"checksum_failed,date_invalid,sex_unknown,part_unplaced,not_available,version_unproven" doc:"checksum_failed: the check digit of the citizen number is wrong. date_invalid: a part of the date is impossible, buddhist keeps the digits. sex_unknown: a code that is not known. part_unplaced: a part of the address stands in text only. not_available: the card has it not, or refuses it. version_unproven: the layout of this card's version was never proven on a real card." example:"checksum_failed"`
}

// FindingCode says what a [Finding] found.
type FindingCode string

const (
	// FindingChecksumFailed: the citizen number's check digit is wrong.
	FindingChecksumFailed FindingCode = "checksum_failed"
	// FindingDateInvalid: a part of the date is impossible; Buddhist keeps the digits.
	FindingDateInvalid FindingCode = "date_invalid"
	// FindingSexUnknown: there is a code, but not a known one.
	FindingSexUnknown FindingCode = "sex_unknown"
	// FindingPartUnplaced: a part of the address fits no field and stands in the text only.
	FindingPartUnplaced FindingCode = "part_unplaced"
	// FindingNotAvailable: the card refuses the chip number, the laser code or the
	// health-insurance right, or has no sensible one. A card without the NHSO
	// applet is not worth a finding.
	FindingNotAvailable FindingCode = "not_available"
	// FindingVersionUnproven: the card is of version 0002, whose layout nobody has
	// proven (see [MOI0002]). It stands on [PartCard] and whatever was asked for.
	FindingVersionUnproven FindingCode = "version_unproven"
)
