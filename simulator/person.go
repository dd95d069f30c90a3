package simulator

import (
	"fmt"
	"log/slog"
)

// Person is an invented holder of a simulated card, as a file under people/
// describes one. Texts are as on the card; the simulator encodes them by itself
// (TIS-620, padding, separators) and never through the reader's decoder.
//
// Nothing here may be a real person's: [ParsePerson] demands `synthetic: true`.
type Person struct {
	// Key is the name of the person's file, `default` for example; `--person`
	// and every command that inserts a card take it. Empty if there is no file.
	Key string `yaml:"-"`
	// Synthetic is always true.
	Synthetic bool `yaml:"synthetic"`
	// About says in one line what the person is there to show.
	About string `yaml:"about"`

	// CitizenID is 13 digits.
	CitizenID string `yaml:"citizen_id"`
	// CheckDigit is `wrong` if the last digit of CitizenID is wrong on purpose.
	CheckDigit string `yaml:"check_digit"`

	Name Names `yaml:"name"`
	// BirthDate is eight digits, YYYYMMDD of the Buddhist era with zeros for
	// what is unknown, or empty for a blank.
	BirthDate string `yaml:"birth_date"`
	// Sex is `1`, `2`, `3`, or empty for a blank.
	Sex     string  `yaml:"sex"`
	Address Address `yaml:"address"`
	Card    Face    `yaml:"card"`
	Chip    Silicon `yaml:"chip"`
	// LaserCode is two letters and ten digits. Empty: the card has no ADM applet,
	// as lifelong cards from before the chip.
	LaserCode string `yaml:"laser_code"`
	Photo     Photo  `yaml:"photo"`
	// NHSO is nil on a card without that applet.
	NHSO *NHSO `yaml:"nhso"`

	// Overwrite puts bytes of any kind, in hex, at the start of a part of the
	// MOI or NHSO applet, over what the lines above made. It is for cards that
	// lie: text that isn't TIS-620, a photo length beyond the area, month 13.
	Overwrite map[string]string `yaml:"overwrite"`
}

// Names are the two names on a card. EN is nil when that part is blank.
type Names struct {
	TH Name  `yaml:"th"`
	EN *Name `yaml:"en"`
}

// Name is a name's four parts; on the card they are joined by `#`.
type Name struct {
	Title  string `yaml:"title"`
	First  string `yaml:"first"`
	Middle string `yaml:"middle"`
	Last   string `yaml:"last"`
}

// Address is an address's eight parts, prefixes included; on the card they are
// joined by `#`.
type Address struct {
	HouseNo     string `yaml:"house_no"`
	Moo         string `yaml:"moo"`
	Trok        string `yaml:"trok"`
	Soi         string `yaml:"soi"`
	Road        string `yaml:"road"`
	Subdistrict string `yaml:"subdistrict"`
	District    string `yaml:"district"`
	Province    string `yaml:"province"`
}

// Face is what is printed about the card itself.
type Face struct {
	// Version is the version of the data on the chip: 0003 if empty; 0002 gives
	// an old card, which reads its text by INS B1.
	Version string `yaml:"version"`
	// Type is two digits, 01 (national ID card) if empty.
	Type   string `yaml:"type"`
	Issuer string `yaml:"issuer"`
	// IssuerCode is up to 13 characters; perhaps an officer's number.
	IssuerCode string `yaml:"issuer_code"`
	// IssueDate and ExpiryDate are as a birth date; 99999999 is a card for life.
	IssueDate  string `yaml:"issue_date"`
	ExpiryDate string `yaml:"expiry_date"`
	// RequestNumber is up to 20 characters.
	RequestNumber string `yaml:"request_number"`
	// PhotoNumber is up to 14 digits and dashes, printed under the photo. Cards
	// of version 0002 have no place for it.
	PhotoNumber string `yaml:"photo_number"`
}

// Silicon is the chip below the applets.
type Silicon struct {
	// ATR is the answer to reset in hex; a current card's (TH NID 18) if empty.
	ATR string `yaml:"atr"`
	// Number is the chip number, 16 lower-case hex digits. Empty: the card
	// refuses to tell it.
	Number string `yaml:"number"`
	// Manager is `hidden` on a chip that refuses the default SELECT and answers
	// GET DATA all the same.
	Manager string `yaml:"manager"`
}

// Photo says how the photo is drawn.
type Photo struct {
	// Bytes is the length that the JPEG is padded to by a comment of spaces, at
	// most 5118; zero leaves it as it is drawn.
	Bytes int `yaml:"bytes"`
}

// NHSO is the health-insurance applet's content.
type NHSO struct {
	MainRight       string `yaml:"main_right"`
	SubRight        string `yaml:"sub_right"`
	MainHospital    string `yaml:"main_hospital"`
	SubHospital     string `yaml:"sub_hospital"`
	PaidType        string `yaml:"paid_type"`
	IssueDate       string `yaml:"issue_date"`
	ExpiryDate      string `yaml:"expiry_date"`
	UpdateDate      string `yaml:"update_date"`
	HospitalChanges string `yaml:"hospital_changes"`
}

// String names the file and no content: a person typed in by somebody may
// resemble one who lives.
func (p Person) String() string { return fmt.Sprintf("synthetic person %q", p.Key) }

// GoString is what [Person.String] prints.
func (p Person) GoString() string { return p.String() }

// LogValue is what [Person.String] prints.
func (p Person) LogValue() slog.Value { return slog.StringValue(p.String()) }
