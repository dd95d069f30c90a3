package report

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"strings"
	texttemplate "text/template"
	"time"

	"chipproof/exposure"
)

// ErrLetterIncomplete: an official letter lacks fields; the error names them.
var ErrLetterIncomplete = errors.New("letter incomplete")

// Letter is what an official letter needs besides the scan (A08, A22), in the
// form of the regulation of the Office of the Prime Minister on correspondence.
type Letter struct {
	Number    string   // ที่: พบ 0618/123
	Agency    string   // ส่วนราชการ
	Address   []string // its address, by line
	Date      time.Time
	To        string   // เรียน
	Reference string   // อ้างถึง; may be empty
	Enclosed  []string // สิ่งที่ส่งมาด้วย; may be empty
	Signer    string   // the signer's name
	Position  string   // and position
	Unit      string   // ส่วนราชการเจ้าของเรื่อง
	Phone     string
	Measures  []string // what was done to end it (A04, A07)
	Digits    Digits
	Contact   Contact
}

// check names all fields that lack.
func (l Letter) check(open int) error {
	var missing []string
	for _, f := range []struct {
		name  string
		there bool
	}{
		{"number", l.Number != ""},
		{"agency", l.Agency != ""},
		{"address", len(l.Address) > 0},
		{"date", !l.Date.IsZero()},
		{"to", l.To != ""},
		{"signer", l.Signer != ""},
		{"position", l.Position != ""},
		{"unit", l.Unit != ""},
		{"phone", l.Phone != ""},
		{"contact", !l.Contact.empty()},
		{"measures", open == 0 || len(l.Measures) > 0},
	} {
		if !f.there {
			missing = append(missing, f.name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("write letter: %w: %s", ErrLetterIncomplete, strings.Join(missing, ", "))
	}
	return nil
}

//go:embed letter.txt
var letterText string

//go:embed letter.html
var letterHTML string

// filled is what both templates show. They write digits through a function, so
// that those of addresses on the net stay as they are.
type filled struct {
	Letter
	Subject, When, Scanned string
	People, Findings, Open string
	Files, NotRead         string
	Classes                []string
	Estimated, Incomplete  bool
	QR                     template.HTML
}

// LetterText writes the report on the letter's points as plain text. open is
// the number of open exposures, by [exposure.Open]. Errors:
// [ErrLetterIncomplete], [ErrUnsafe].
func LetterText(w io.Writer, l Letter, r exposure.Report, open int) error {
	f, err := l.fill(r, open)
	if err != nil {
		return err
	}
	t, err := texttemplate.New("letter").Funcs(texttemplate.FuncMap{"d": l.Digits.text}).Parse(letterText)
	if err != nil {
		return fmt.Errorf("write letter: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, f); err != nil {
		return fmt.Errorf("write letter: %w", err)
	}
	return give(w, "letter", out.Bytes())
}

// LetterHTML writes the same for printing, on A4, with the contact's QR code.
// Errors: [ErrLetterIncomplete], [ErrUnsafe].
func LetterHTML(w io.Writer, l Letter, r exposure.Report, open int) error {
	f, err := l.fill(r, open)
	if err != nil {
		return err
	}
	t, err := template.New("letter").Funcs(template.FuncMap{"d": l.Digits.text}).Parse(letterHTML)
	if err != nil {
		return fmt.Errorf("write letter: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, f); err != nil {
		return fmt.Errorf("write letter: %w", err)
	}
	return give(w, "letter", out.Bytes())
}

func (l Letter) fill(r exposure.Report, open int) (filled, error) {
	if err := l.check(open); err != nil {
		return filled{}, err
	}
	f := filled{
		Letter: l, Subject: "รายงานผลการตรวจสอบการเผยแพร่และการรั่วไหลของข้อมูลส่วนบุคคล", When: date(l.Date), Scanned: date(r.Ended),
		People: number(int64(r.Summary.People)), Findings: number(int64(r.Summary.Findings)), Open: number(int64(open)),
		Files: number(int64(r.Summary.Files)), NotRead: number(int64(len(r.NotRead))),
		Estimated: r.Summary.PeopleEstimated, Incomplete: !r.Complete,
	}
	for _, c := range namedClasses() {
		if n := r.Summary.Classes[c]; n > 0 {
			f.Classes = append(f.Classes, fmt.Sprintf("%s จำนวน %s แห่ง", classNames[c], number(int64(n))))
		}
	}
	var err error
	if f.QR, err = l.Contact.code(); err != nil {
		return filled{}, err
	}
	return f, nil
}
