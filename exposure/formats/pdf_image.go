package formats

import (
	"bytes"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// maxDrawn is how many things of one page are looked at to find an image. A page
// without text that draws more than that is no blank one, and counts as one.
const maxDrawn = 2000

// pictured says that a page shows an image and no text: scanned paper.
func pictured(sandbox pdfium.Pdfium, doc references.FPDF_DOCUMENT, index int, text []byte) (bool, error) {
	if len(bytes.TrimSpace(text)) > 0 {
		return false, nil
	}
	page := requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: index}}
	count, err := sandbox.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
	if err != nil {
		return false, &sandboxError{err}
	}
	d := drawn{sandbox: sandbox, left: maxDrawn}
	for i := range count.Count {
		object, err := sandbox.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: i})
		if err != nil {
			return false, &sandboxError{err}
		}
		if found, err := d.image(object.PageObject); found || err != nil {
			return found, err
		}
	}
	return false, nil
}

// drawn goes through what a page draws, with the forms that it draws; forms may
// draw forms, so that there is no end but the count.
type drawn struct {
	sandbox pdfium.Pdfium
	left    int
}

func (d *drawn) image(object references.FPDF_PAGEOBJECT) (bool, error) {
	if d.left--; d.left < 0 {
		return true, nil
	}
	kind, err := d.sandbox.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: object})
	if err != nil {
		return false, &sandboxError{err}
	}
	switch kind.Type {
	case enums.FPDF_PAGEOBJ_IMAGE:
		return true, nil
	case enums.FPDF_PAGEOBJ_FORM:
	default:
		return false, nil
	}
	count, err := d.sandbox.FPDFFormObj_CountObjects(&requests.FPDFFormObj_CountObjects{PageObject: object})
	if err != nil {
		return false, &sandboxError{err}
	}
	for i := range count.Count {
		inner, err := d.sandbox.FPDFFormObj_GetObject(&requests.FPDFFormObj_GetObject{PageObject: object, Index: uint64(i)})
		if err != nil {
			return false, &sandboxError{err}
		}
		if found, err := d.image(inner.PageObject); found || err != nil {
			return found, err
		}
	}
	return false, nil
}
