package letters_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
	"chipproof/breach/letters"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got), "%s: look at the difference, then run with -update", name)
}

// part takes one file out of a DOCX file.
func part(tb testing.TB, docx []byte, name string) string {
	tb.Helper()
	z, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	require.NoError(tb, err)
	f, err := z.Open(name)
	require.NoError(tb, err)
	content, err := io.ReadAll(f)
	require.NoError(tb, err)
	return string(content)
}

func TestTheDocumentsAreAsTheyWereReviewed(t *testing.T) {
	for suffix, digits := range map[string]letters.Digits{"": letters.ArabicDigits, "_thai": letters.ThaiDigits} {
		for _, doc := range documents(t, digits) {
			golden(t, string(doc.Kind)+suffix+".html", doc.HTML())
			docx, err := doc.DOCX()
			require.NoError(t, err)
			golden(t, string(doc.Kind)+suffix+".document.xml", []byte(strings.ReplaceAll(part(t, docx, "word/document.xml"), "</w:p>", "</w:p>\n")))
		}
	}
}

func TestALateNoticeIsAsItWasReviewed(t *testing.T) {
	m, c, d := maker(t), whole(t), draft(letters.ThaiDigits)
	d.At = start.Add(breach.DelayClock + 1e9)
	doc, err := m.OfficeNotice(c, d, &breach.Delay{Necessity: "เครือข่ายของอำเภอขัดข้อง", Details: "มีหนังสือรับรองของผู้ให้บริการ"})
	require.NoError(t, err)
	golden(t, "office_notice_out_of_time.html", doc.HTML())
}

func TestTheFormIsThaiAndNamesSarabun(t *testing.T) {
	for _, doc := range documents(t, letters.ThaiDigits) {
		page := string(doc.HTML())
		assert.Contains(t, page, "Sarabun")
		assert.Contains(t, page, `<html lang="th">`)
		assert.NotContains(t, page, "<script")
		assert.NotContains(t, page, "src=")
		docx, err := doc.DOCX()
		require.NoError(t, err)
		assert.Contains(t, part(t, docx, "word/styles.xml"), `w:cs="Sarabun"`)
		if doc.Kind != letters.FileNote && doc.Kind != letters.ProcessorOrder {
			assert.Contains(t, doc.Text(), "๓๗ (๔)", "the law's section")
		}
		assert.Contains(t, doc.Text(), "๒๕๖๙", "the Buddhist era")
	}
}

func TestThaiDigitsLeaveAddressesOnTheNetAlone(t *testing.T) {
	for _, doc := range documents(t, letters.ThaiDigits) {
		if doc.Kind != letters.FileNote {
			assert.Contains(t, doc.Text(), "dpo2@example.go.th", "%s", doc.Kind)
			assert.Contains(t, doc.Text(), "๐ ๒๐๐๐ ๐๐๐๐", "%s", doc.Kind)
		}
	}
	c := whole(t)
	prepared := *c.Prepared
	prepared.Advice = "ดู 2 ช่องทาง ที่ https://example.go.th/2570 หรือ www.example1.go.th หรือ help1@example.go.th ภายใน 30 วัน"
	c.Prepared = &prepared
	doc, err := maker(t).SubjectLetter(c, draft(letters.ThaiDigits), recipient)
	require.NoError(t, err)
	assert.Contains(t, doc.Text(), "ดู ๒ ช่องทาง ที่ https://example.go.th/2570 หรือ www.example1.go.th หรือ help1@example.go.th ภายใน ๓๐ วัน")
}

// Both forms say the same, paragraph by paragraph.
func TestTheWordProcessorsFileSaysWhatThePageSays(t *testing.T) {
	for _, doc := range documents(t, letters.ThaiDigits) {
		docx, err := doc.DOCX()
		require.NoError(t, err)
		var text strings.Builder
		d := xml.NewDecoder(strings.NewReader(part(t, docx, "word/document.xml")))
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			if chars, ok := token.(xml.CharData); ok {
				text.Write(chars)
			}
		}
		seen := squeeze(text.String())
		for line := range strings.Lines(doc.Text()) {
			assert.Contains(t, seen, squeeze(line), "%s", doc.Kind)
		}
	}
}
