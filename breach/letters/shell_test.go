package letters_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach/letters"
)

const (
	shellHead = `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` +
		`<w:p><w:r><w:t>ตราครุฑของหน่วยงาน</w:t></w:r></w:p>`
	shellTail = `<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>`
)

// pack is a DOCX file of our own plain one's parts, with another text.
func pack(tb testing.TB, document string) []byte {
	tb.Helper()
	plain, err := documents(tb, letters.ArabicDigits)[0].DOCX()
	require.NoError(tb, err)
	z, err := zip.NewReader(bytes.NewReader(plain), int64(len(plain)))
	require.NoError(tb, err)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		content := []byte(document)
		if f.Name != "word/document.xml" {
			content = []byte(part(tb, plain, f.Name))
		}
		file, err := w.Create(f.Name)
		require.NoError(tb, err)
		_, err = file.Write(content)
		require.NoError(tb, err)
	}
	require.NoError(tb, w.Close())
	return out.Bytes()
}

func agencyShell(tb testing.TB, place string) []byte {
	return pack(tb, shellHead+place+shellTail)
}

func wellFormed(tb testing.TB, text string) {
	tb.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			require.NoError(tb, err)
		}
	}
}

func TestTheLetterTakesThePlaceInTheAgencysOwnShell(t *testing.T) {
	for name, place := range map[string]string{
		"in one run":   `<w:p><w:r><w:t>{{letter}}</w:t></w:r></w:p>`,
		"cut in two":   `<w:p><w:pPr/><w:r><w:t>{{let</w:t></w:r><w:r><w:t>ter}}</w:t></w:r></w:p>`,
		"in a textbox": `<w:p><w:r><w:p><w:r><w:t> {{letter}} </w:t></w:r></w:p></w:r></w:p>`,
	} {
		shell, err := letters.ParseShell(agencyShell(t, place))
		require.NoError(t, err, name)
		m := maker(t)
		m.Shell = shell
		doc, err := m.SubjectLetter(whole(t), draft(letters.ArabicDigits), recipient)
		require.NoError(t, err)
		docx, err := doc.DOCX()
		require.NoError(t, err)
		text := part(t, docx, "word/document.xml")
		wellFormed(t, text)
		assert.True(t, strings.HasPrefix(text, shellHead), "%s: what stands before is untouched", name)
		assert.True(t, strings.HasSuffix(text, shellTail), "%s: what stands after is untouched", name)
		assert.Contains(t, text, "นางสาวสมมติ")
		assert.NotContains(t, text, "{{")
	}
}

func TestAShellThatCannotHoldALetterIsRefused(t *testing.T) {
	const other = `<?xml version="1.0"?><x:document xmlns:x="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><x:p><x:r><x:t>{{letter}}</x:t></x:r></x:p></x:document>`
	for name, packed := range map[string][]byte{
		"nothing":                 nil,
		"no archive":              []byte("PK nonsense"),
		"no place":                agencyShell(t, `<w:p/>`),
		"the place inside a text": agencyShell(t, `<w:p><w:r><w:t>เรียน {{letter}}</w:t></w:r></w:p>`),
		"the place beside a box":  agencyShell(t, `<w:p><w:r><w:p><w:r><w:t>ข้อความ</w:t></w:r></w:p><w:t>{{letter}}</w:t></w:r></w:p>`),
		"boxes in boxes":          agencyShell(t, strings.Repeat(`<w:p>`, 100)+strings.Repeat(`</w:p>`, 100)),
		"broken XML":              agencyShell(t, `<w:p><w:r>`),
		"another prefix":          pack(t, other),
		"too large":               make([]byte, 32<<20+1),
		"a bomb":                  pack(t, strings.Repeat(" ", 33<<20)),
	} {
		_, err := letters.ParseShell(packed)
		assert.ErrorIs(t, err, letters.ErrTemplateInvalid, name)
	}
}

func TestEveryDocumentIsWellFormedInBothForms(t *testing.T) {
	for _, doc := range documents(t, letters.ThaiDigits) {
		docx, err := doc.DOCX()
		require.NoError(t, err)
		for _, name := range []string{"word/document.xml", "word/styles.xml", "[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels"} {
			wellFormed(t, part(t, docx, name))
		}
		assert.NotEmpty(t, doc.Title())
		assert.Contains(t, string(doc.HTML()), doc.Fragment())
		assert.Contains(t, string(doc.HTML()), letters.Style())
	}
}

// Whatever is taken as a shell gives a file that can be opened again.
func FuzzParseShell(f *testing.F) {
	f.Add([]byte(shellHead + `<w:p><w:r><w:t>{{letter}}</w:t></w:r></w:p>` + shellTail))
	f.Add([]byte(shellHead + `<w:p><w:p>{{letter}}</w:p></w:p>` + shellTail))
	m, c := maker(f), whole(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		shell, err := letters.ParseShell(pack(t, string(text)))
		if err != nil {
			assert.ErrorIs(t, err, letters.ErrTemplateInvalid)
			return
		}
		m := m
		m.Shell = shell
		doc, err := m.SubjectLetter(c, draft(letters.ArabicDigits), recipient)
		require.NoError(t, err)
		docx, err := doc.DOCX()
		require.NoError(t, err)
		assert.Contains(t, part(t, docx, "word/document.xml"), "นางสาวสมมติ")
	})
}
