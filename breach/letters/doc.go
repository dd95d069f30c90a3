// Package letters writes the documents of an incident as Thai official forms:
// the notice to the Office, the letter and the public notice to data subjects,
// the order to a processor, and the file note. For the pages and commands of
// chipproof-office.
//
// A [Maker] fills a template with a case and refuses while a content that the
// law requires is missing, naming it. The same document comes as HTML for print
// and as DOCX. Templates, and the DOCX file around the letter (the agency's own,
// with its garuda), can be replaced; a template that leaves a required content
// out is refused as well.
//
//	templates, err := letters.Shipped()
//	maker := letters.Maker{Agency: agency, Templates: templates}
//	notice, err := maker.OfficeNotice(c, letters.Draft{At: now, Digits: letters.ThaiDigits}, nil)
//	page := notice.HTML()
//
// A mail merge reads the agency's list of those affected ([ReadList]), hands out
// one letter a row, and leaves nothing behind but counts and the status of each
// row. The package stores nothing and sends nothing itself.
package letters
