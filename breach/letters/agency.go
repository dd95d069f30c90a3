package letters

import (
	"slices"
	"time"

	"chipproof/breach"
)

// Agency is who writes: what stands on every letter.
type Agency struct {
	Name     string // such as ที่ว่าการอำเภอตัวอย่าง
	Address  string // of the letterhead, lines apart
	Prefix   string // of its letter numbers, such as ตย 0101/
	Unit     string // ส่วนราชการเจ้าของเรื่อง
	Phone    string
	Signer   string // who signs; empty leaves the line to a pen
	Position string
}

// Own are the agency's texts that a public notice may hold.
func (a Agency) Own() []string {
	var own []string
	for _, s := range []string{a.Name, a.Address, a.Unit, a.Phone, a.Signer, a.Position} {
		if s != "" {
			own = append(own, s)
		}
	}
	return own
}

// Digits are the digits of a document.
type Digits int

// Arabic digits, or Thai ones as the rules for official letters prefer.
const (
	ArabicDigits Digits = iota
	ThaiDigits
)

// Draft is what a letter has of its own.
type Draft struct {
	At     time.Time // date and time of the letter
	Number string    // after the agency's prefix; empty leaves it to a pen
	Digits Digits
}

// Kind is a kind of document.
type Kind string

// The documents.
const (
	OfficeNotice   Kind = "office_notice"
	SubjectLetter  Kind = "subject_letter"
	PublicNotice   Kind = "public_notice"
	ProcessorOrder Kind = "processor_order"
	FileNote       Kind = "file_note"
)

// Kinds are all documents.
func Kinds() []Kind {
	return []Kind{OfficeNotice, SubjectLetter, PublicNotice, ProcessorOrder, FileNote}
}

// Maker writes documents. Shell is the DOCX file around each letter; nil is ours.
type Maker struct {
	Agency    Agency
	Templates Templates
	Shell     *Shell
}

// The names of contents that a letter needs beside those of the law.
const (
	contentAgency = "agency"
	contentDate   = "date"
	contentName   = "recipient"
	contentOrder  = "order"
	contentTitle  = "title"
)

// required is a content that must be there, and must be seen in the document.
type required struct{ name, text string }

func (m Maker) frame(d Draft) []required {
	date := ""
	if !d.At.IsZero() {
		date = thaiDate(d.At)
	}
	return []required{{contentAgency, m.Agency.Name}, {contentDate, date}}
}

// each demands every text of a list, and at least one.
func each(name string, texts []string) []required {
	if len(texts) == 0 {
		return []required{{name, ""}}
	}
	var list []required
	for _, t := range texts {
		list = append(list, required{name, t})
	}
	return list
}

// missing names the contents whose text is empty.
func missing(list []required) error {
	var what []string
	for _, r := range list {
		if squeeze(r.text) == "" && !slices.Contains(what, r.name) {
			what = append(what, r.name)
		}
	}
	if len(what) > 0 {
		return &breach.MissingError{What: what}
	}
	return nil
}
