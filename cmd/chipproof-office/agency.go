package main

import (
	"strings"

	"chipproof/breach/letters"
	"chipproof/cmd/internal/program"
	"chipproof/exposure/report"
)

// agencyFlags are what stands on letters and reports of the agency, for every
// command that makes some. The configuration file is the place for them.
type agencyFlags struct {
	Agency   []string `sep:"none" help:"Name that the agency goes by, may be repeated. The first one heads letters and stands in authenticator apps; none of them is taken as a password." placeholder:"NAME"`
	Address  []string `sep:"none" help:"Address of the agency for the head of letters, a line each time." placeholder:"LINE"`
	Prefix   string   `name:"letter-prefix" help:"What the numbers of the agency's letters begin with." placeholder:"TEXT"`
	Unit     string   `help:"Section that writes the letters." placeholder:"NAME"`
	Phone    string   `help:"Its telephone." placeholder:"NUMBER"`
	Signer   string   `help:"Who signs letters. Without it the line is left to a pen." placeholder:"NAME"`
	Position string   `help:"Position of whoever signs." placeholder:"TEXT"`

	Templates string `name:"letter-templates" help:"Folder with the agency's own wordings of documents, as KIND.html; the others are ours." placeholder:"DIR"`
	Shell     string `name:"letter-shell" help:"The agency's own DOCX file around each letter, with {{letter}} where that belongs." placeholder:"FILE"`

	ContactOffice string `help:"Authority that reports name as the one to ask about personal data." placeholder:"NAME"`
	ContactPhone  string `help:"Its telephone." placeholder:"NUMBER"`
	ContactEmail  string `help:"Its e-mail address." placeholder:"ADDRESS"`
	ContactURL    string `name:"contact-url" help:"Its web address, which the report's QR code holds." placeholder:"URL"`

	Allow string `help:"File with the work contacts that the agency publishes on purpose, in YAML or JSON: lists of domains (of e-mail), phones (digits; 0324910* stands for all that begin so) and names. Scans count them and report none." placeholder:"FILE"`
}

func (f agencyFlags) name() string {
	if len(f.Agency) == 0 {
		return ""
	}
	return f.Agency[0]
}

// maker writes the documents of incidents, with templates and shell as they are
// now. Error: [letters.ErrTemplateInvalid].
func (f agencyFlags) maker() (letters.Maker, error) {
	templates, err := f.templates()
	if err != nil {
		return letters.Maker{}, err
	}
	shell, err := f.shell()
	return letters.Maker{
		Shell: shell,
		Agency: letters.Agency{
			Name: f.name(), Address: strings.Join(f.Address, "\n"), Prefix: f.Prefix, Unit: f.Unit, Phone: f.Phone, Signer: f.Signer, Position: f.Position,
		},
		Templates: templates,
	}, err
}

func (f agencyFlags) contact() report.Contact {
	return report.Contact{Office: f.ContactOffice, Phone: f.ContactPhone, Email: f.ContactEmail, URL: f.ContactURL}
}

// letterhead begins the official letters about findings.
func (f agencyFlags) letterhead() report.Letter {
	return report.Letter{
		Agency: f.name(), Address: f.Address, Unit: f.Unit, Phone: f.Phone, Signer: f.Signer, Position: f.Position, Contact: f.contact(),
	}
}

// site are the options by which a data folder is opened.
func (f agencyFlags) site(p *program.Program) program.SiteOptions {
	return program.SiteOptions{Agency: f.Agency, Log: p.Log}
}
