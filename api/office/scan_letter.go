package office

import (
	"cmp"
	"context"
	"errors"
	"io"

	"chipproof/api"
	"chipproof/exposure"
	"chipproof/exposure/report"
)

type letterInput struct {
	ID   string `path:"id" maxLength:"64" doc:"The scan's number"`
	Body struct {
		Number     string   `json:"number,omitempty" maxLength:"100" doc:"ที่"`
		To         string   `json:"to,omitempty" maxLength:"200" doc:"เรียน"`
		Reference  string   `json:"reference,omitempty" maxLength:"300" doc:"อ้างถึง"`
		Signer     string   `json:"signer,omitempty" maxLength:"200" doc:"Who signs; not kept"`
		Position   string   `json:"position,omitempty" maxLength:"200" doc:"The signer's position"`
		Measures   []string `json:"measures,omitempty" maxItems:"50" doc:"What was done to end the exposure"`
		Agency     string   `json:"agency,omitempty" maxLength:"200" doc:"Left out: as it is set up"`
		Address    []string `json:"address,omitempty" maxItems:"10" doc:"By line; left out: as it is set up"`
		Unit       string   `json:"unit,omitempty" maxLength:"200" doc:"Left out: as it is set up"`
		Phone      string   `json:"phone,omitempty" maxLength:"60" doc:"Left out: as it is set up"`
		ThaiDigits bool     `json:"thai_digits,omitempty" doc:"๒๕๖๙ in place of 2569"`
		Baseline   string   `json:"baseline,omitempty" maxLength:"64" doc:"An earlier scan to hold it against"`
	}
}

// writeLetter makes the official letter from what a person typed. Nothing of it is
// kept: the signer is a person.
func (e *Exposures) writeLetter(ctx context.Context, in *letterInput) (*fileOutput, error) {
	b := in.Body
	result, err := e.against(ctx, in.ID, b.Baseline)
	if err != nil {
		return nil, err
	}
	l := e.Letterhead
	l.Number, l.To, l.Reference, l.Signer, l.Position, l.Measures = b.Number, b.To, b.Reference, b.Signer, b.Position, b.Measures
	l.Agency, l.Unit, l.Phone = cmp.Or(b.Agency, l.Agency), cmp.Or(b.Unit, l.Unit), cmp.Or(b.Phone, l.Phone)
	if len(b.Address) > 0 {
		l.Address = b.Address
	}
	if b.ThaiDigits {
		l.Digits = report.Thai
	}
	l.Date, l.Contact = e.Now(), e.contact()
	out, err := e.file(ctx, in.ID, "letter", func(w io.Writer) error {
		return report.LetterHTML(w, l, result.Report, exposure.Open(comparedOf(result)))
	})
	if errors.Is(err, report.ErrLetterIncomplete) {
		return nil, &api.FieldError{Field: missingIn(l), Err: err}
	}
	return out, err
}

// missingIn is the first field that a letter lacks.
func missingIn(l report.Letter) string {
	for _, f := range []struct{ name, value string }{
		{"number", l.Number},
		{"to", l.To},
		{"signer", l.Signer},
		{"position", l.Position},
		{"agency", l.Agency},
		{"unit", l.Unit},
		{"phone", l.Phone},
	} {
		if f.value == "" {
			return f.name
		}
	}
	if len(l.Address) == 0 {
		return "address"
	}
	return "measures"
}

// dots are where a person writes by hand.
const dots = "………………………………"

// draft is the letter with everything left open that is not set up.
func (e *Exposures) draft() report.Letter {
	l := e.Letterhead
	for _, field := range []*string{&l.Number, &l.To, &l.Signer, &l.Position, &l.Agency, &l.Unit, &l.Phone} {
		*field = cmp.Or(*field, dots)
	}
	if len(l.Address) == 0 {
		l.Address = []string{dots}
	}
	if len(l.Measures) == 0 {
		l.Measures = []string{dots}
	}
	l.Date, l.Digits, l.Contact = e.Now(), report.Thai, e.contact()
	return l
}

// contact is whom every report says to ask; the Office of the law where nothing
// else is set up.
func (e *Exposures) contact() report.Contact {
	if e.Contact == (report.Contact{}) {
		return report.Contact{Office: "สำนักงานคณะกรรมการคุ้มครองข้อมูลส่วนบุคคล (สคส.)"}
	}
	return e.Contact
}
