package formats_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"chipproof/exposure/corpus"
	"chipproof/exposure/formats"
)

// Contents of pages: what they draw.
const (
	blank     = ""
	words     = "BT /F 12 Tf 40 700 Td (a word) Tj ET"
	spaces    = "BT /F 12 Tf 40 700 Td (   ) Tj ET q 500 0 0 700 0 0 cm /I Do Q"
	scanned   = "q 595 0 0 842 0 0 cm /I Do Q"
	captioned = scanned + " " + words // as a scanner with text recognition makes it
	formed    = "/X Do"               // a form that draws the image
	inline    = "q 595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x7f EI Q"
	ruled     = "40 40 500 700 re S"
)

// sheetsOf makes a PDF with a page for each content, on which /I is an image of one
// dot and /X a form that draws it.
func sheetsOf(contents ...string) []byte {
	var b, kids strings.Builder
	object := func(n int, dict, stream string) {
		fmt.Fprintf(&b, "%d 0 obj\n<< %s ", n, dict)
		if stream == "" {
			b.WriteString(">>\nendobj\n")
			return
		}
		fmt.Fprintf(&b, "/Length %d >>\nstream\n%s\nendstream\nendobj\n", len(stream), stream)
	}
	const resources = "/Resources << /XObject << /I 4 0 R /X 5 0 R >> /Font << /F 3 0 R >> >>"
	b.WriteString("%PDF-1.7\n")
	object(1, "/Type /Catalog /Pages 2 0 R", "")
	object(3, "/Type /Font /Subtype /Type1 /BaseFont /Helvetica", "")
	object(4, "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8", "\x7f")
	object(5, "/Type /XObject /Subtype /Form /BBox [0 0 595 842] "+resources, scanned)
	for i, content := range contents {
		object(10+2*i, fmt.Sprintf("/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] %s /Contents %d 0 R", resources, 11+2*i), "")
		object(11+2*i, "", content+" ")
		fmt.Fprintf(&kids, "%d 0 R ", 10+2*i)
	}
	object(2, fmt.Sprintf("/Type /Pages /Count %d /Kids [%s]", len(contents), kids.String()), "")
	fmt.Fprintf(&b, "trailer << /Root 1 0 R /Size %d >>\n%%%%EOF\n", 10+2*len(contents))
	return []byte(b.String())
}

func TestAPageThatIsAPictureOfPaperIsNotRead(t *testing.T) {
	notRead := map[string]formats.Reason{"": formats.Image}
	for what, c := range map[string]struct {
		pages []string
		want  map[string]formats.Reason
	}{
		"scanned paper":                     {[]string{scanned}, notRead},
		"a scanned page behind one of text": {[]string{words, blank, scanned}, notRead},
		"an image in a form":                {[]string{formed}, notRead},
		"an image within the page":          {[]string{inline}, notRead},
		"an image and spaces":               {[]string{spaces}, notRead},
		"a picture with text beside it":     {[]string{captioned}, nil},
		"text":                              {[]string{words}, nil},
		"an empty page":                     {[]string{blank}, nil},
		"a frame and nothing in it":         {[]string{ruled}, nil},
	} {
		s, stats := read(t, "a.pdf", sheetsOf(c.pages...), "word", formats.Limits{})
		assert.Equal(t, c.want, s.skipped, what)
		assert.Equal(t, "pdf", stats.Format, what)
		assert.Len(t, s.pieces, strings.Count(strings.Join(c.pages, ""), "word"), "%s: text is read all the same", what)
	}
	s, _ := read(t, "a.pdf", corpus.PDF([]string{"ข้อความ"}), "word", formats.Limits{})
	assert.Empty(t, s.skipped)
}

func TestAPictureInAnArchivesDocumentIsTheDocuments(t *testing.T) {
	docx := packed(t, "word/document.xml", "<w:document/>", "word/media/a.png", "x", "word/media/b.png", "y", "docProps/thumbnail.jpeg", "z")
	z := packed(t, "scan.pdf", string(sheetsOf(scanned, scanned)), "letter.docx", string(docx), "clean.pdf", string(sheetsOf(words)))
	s, _ := read(t, "a.zip", z, "word", formats.Limits{})
	assert.Equal(t, map[string]formats.Reason{"scan.pdf": formats.Image, "letter.docx": formats.Image}, s.skipped)
}

func TestAPictureInASpreadsheetIsNotRead(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	require.NoError(t, f.SetCellValue("Sheet1", "A1", "a word"))
	clean, err := f.WriteToBuffer()
	require.NoError(t, err)
	s, _ := read(t, "a.xlsx", clean.Bytes(), "word", formats.Limits{})
	assert.Empty(t, s.skipped)
	assert.Len(t, s.pieces, 1)
	var dot bytes.Buffer
	require.NoError(t, png.Encode(&dot, image.NewGray(image.Rect(0, 0, 1, 1))))
	require.NoError(t, f.AddPictureFromBytes("Sheet1", "C3", &excelize.Picture{Extension: ".png", File: dot.Bytes(), Format: &excelize.GraphicOptions{}}))
	pictured, err := f.WriteToBuffer()
	require.NoError(t, err)
	s, _ = read(t, "a.xlsx", pictured.Bytes(), "word", formats.Limits{})
	assert.Equal(t, map[string]formats.Reason{"": formats.Image}, s.skipped)
	assert.Len(t, s.pieces, 1, "its cells are")
}
