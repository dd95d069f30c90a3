package main

import (
	"io"
	"time"

	"chipproof/exposure"
	"chipproof/exposure/report"
)

// scanLetter is what an official letter says besides its head. None of it is kept.
type scanLetter struct {
	Number     string   `name:"letter-number" help:"Number of the letter, for --format letter." placeholder:"TEXT"`
	To         string   `name:"letter-to" help:"Whom it is addressed to." placeholder:"TEXT"`
	Reference  string   `name:"letter-reference" help:"What it refers to." placeholder:"TEXT"`
	Enclosed   []string `name:"letter-enclosed" sep:"none" help:"What is enclosed, may be repeated." placeholder:"TEXT"`
	Measures   []string `name:"letter-measure" sep:"none" help:"What was done to end the exposure, may be repeated; needed while anything is open." placeholder:"TEXT"`
	ThaiDigits bool     `help:"Write numbers in Thai digits, in letters and HTML."`
}

func (l scanLetter) digits() report.Digits {
	if l.ThaiDigits {
		return report.Thai
	}
	return report.Arabic
}

// letter is the official letter, of today.
func (c *scanCmd) letter() report.Letter {
	l := c.Agency.letterhead()
	l.Number, l.To, l.Reference, l.Enclosed, l.Measures = c.Letter.Number, c.Letter.To, c.Letter.Reference, c.Letter.Enclosed, c.Letter.Measures
	l.Date, l.Digits, l.Contact = time.Now(), c.Letter.digits(), c.Agency.contactOrOffice()
	return l
}

// complete says before a scan what its letter will lack; measures are a matter of
// what is found. Error: [report.ErrLetterIncomplete].
func complete(l report.Letter) error { return report.LetterText(io.Discard, l, exposure.Report{}, 0) }

// contactOrOffice is whom reports say to ask: the Office of the law where nothing
// else is set up.
func (f agencyFlags) contactOrOffice() report.Contact {
	if c := f.contact(); c != (report.Contact{}) {
		return c
	}
	return report.Contact{Office: "สำนักงานคณะกรรมการคุ้มครองข้อมูลส่วนบุคคล (สคส.)"}
}
