package formats_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"chipproof/exposure/corpus"
	"chipproof/exposure/formats"
)

func TestCellsHaveTheirHeaderAndTheirName(t *testing.T) {
	got := one(t, "a.csv", "ลำดับ,เลขประจำตัว\n1,ก42\n2,word\n", "word")
	assert.Equal(t, "เลขประจำตัว", got.header)
	assert.Equal(t, "B3", got.at.Cell)
	assert.Equal(t, uint64(3), got.record)
	got = one(t, "a.csv", "1101700230708;word\n1000000000190;x\n", "word")
	assert.Empty(t, got.header, "a first row that holds data is no header")
	assert.Equal(t, "B1", got.at.Cell)
	got = one(t, "a.csv", "a|b\n\"x\ny\"|word\n", "word")
	assert.Equal(t, "B2", got.at.Cell, "rows are records, not lines")
	assert.Equal(t, int64(3), got.at.Line)
}

func TestColumnsBehindZHaveTwoLetters(t *testing.T) {
	row := strings.Repeat("x,", 27) + "word"
	assert.Equal(t, "AB1", one(t, "a.csv", row+"\n", "word").at.Cell)
}

func TestMembersHaveTheirKeyAndPath(t *testing.T) {
	got := one(t, "a.json", `{"people":[{"a~/b":"x"},{"ชื่อ":{"th":["word"]}}]}`, "word")
	assert.Equal(t, "/people/1/ชื่อ/th/0", got.at.Path)
	assert.Equal(t, "th", got.header)
	got = one(t, "a.json", `{"a~/b":"word"}`, "word")
	assert.Equal(t, "/a~0~1b", got.at.Path)
	got = one(t, "a.json", `{"a":"\u0e01\u0e02 word \ud83d\ude00"}`, "word")
	assert.Equal(t, "กข word 😀", got.text)
	got = one(t, "a.ndjson", "{\"a\":1}\n{\"b\":\"word\"}\n", "word")
	assert.Equal(t, "/b", got.at.Path)
	assert.Equal(t, int64(2), got.at.Line)
	got = one(t, "a.json", `{"1101700230708":true}`, "1101700230708")
	assert.Equal(t, int64(2), offset(got.at), "a key may be somebody's number")
}

func TestValuesOfOneKeyAreOneColumnAndThoseOfOneObjectOneRecord(t *testing.T) {
	s, _ := read(t, "a.json", []byte(`[{"a":"word1","b":"word2"},{"a":"word3"}]`), "word", formats.Limits{})
	require.Len(t, s.pieces, 3)
	assert.Equal(t, s.pieces[0].column, s.pieces[2].column)
	assert.NotEqual(t, s.pieces[0].column, s.pieces[1].column)
	assert.Equal(t, s.pieces[0].record, s.pieces[1].record)
	assert.NotEqual(t, s.pieces[0].record, s.pieces[2].record)
}

func TestWhatIsNoJSONAnyMoreIsReadAsText(t *testing.T) {
	for _, broken := range []string{`{"a":"x",} word`, `{"a":"x"`, `[1,2,3 word`, `{"a":tru word`, strings.Repeat("[", 5000) + "word", `{"a":"` + strings.Repeat("x", 3<<20) + ` word"}`} {
		s, _ := read(t, "a.json", []byte(broken+" word"), "word", formats.Limits{Token: 1 << 20})
		assert.NotEmpty(t, s.pieces, "%.40q", broken)
	}
}

func TestElementsHaveTheirNameAndPath(t *testing.T) {
	got := one(t, "a.xml", `<people><p/><p><name>x &amp; word</name></p></people>`, "word")
	assert.Equal(t, "/people/p[2]/name", got.at.Path)
	assert.Equal(t, "name", got.header)
	assert.Equal(t, "x & word", got.text)
	got = one(t, "a.xml", `<people><p cid="the word"/></people>`, "word")
	assert.Equal(t, "/people/p/@cid", got.at.Path)
	assert.Equal(t, "cid", got.header)
	assert.NotEmpty(t, one(t, "a.xml", `<a><b>unclosed <c>word`, "word"))
	assert.NotEmpty(t, one(t, "a.xml", `<?xml version="1.0" encoding="TIS-620"?><a><!-- a word --></a>`, "word"))
}

func TestAPageIsReadInAllItsParts(t *testing.T) {
	for what, page := range map[string]string{
		"text":      `<html><p>the <b>wo</b>rd</p>`,
		"attribute": `<html><div data-cid="the word">`,
		"comment":   `<html><!-- the word is here -->`,
		"script":    `<html><script>var x="the word"</script>`,
		"json":      `<html><script id="__NEXT_DATA__" type="application/json">{"a":"the word"}</script>`,
		"broken":    `<html><script>{"a":"the word",,}</script>`,
		"entities":  `<html><p>the &#119;&#x6f;rd`,
		"unclosed":  `<html><p title="the word`,
	} {
		assert.Contains(t, one(t, "a.html", page, "word").text, "word", what)
	}
	s, _ := read(t, "a.html", []byte(`<html><style>.word{}</style><p class="word">x`), "word", formats.Limits{})
	assert.Empty(t, s.pieces)
}

func TestCellsOfAPageHaveTheirHeader(t *testing.T) {
	table := `<html><table><tr><th>ชื่อ</th><th>เลขบัตร</th></tr><tr><td>ก</td><td>word</td></tr></table>`
	assert.Equal(t, "เลขบัตร", one(t, "a.html", table, "word").header)
	assert.Equal(t, "เลขบัตร", one(t, "a.html", strings.ReplaceAll(table, "th>", "td>"), "word").header, "a first row without data")
	assert.Equal(t, "ทะเบียน", one(t, "a.html", `<html><table><tr><th>ชื่อ</th><td>ก</td></tr><tr><th>ทะเบียน</th><td>word</td></tr></table>`, "word").header)
	assert.Equal(t, "citizen_id", one(t, "a.html", `<html><input name="citizen_id" value="word">`, "word").header)
	assert.Equal(t, "email", one(t, "a.html", `<html><meta property="email" content="a word">`, "word").header)
}

func TestASpreadsheetIsReadWithLongNumbersDaysAndNotes(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	require.NoError(t, f.SetSheetRow("Sheet1", "A1", &[]any{"ชื่อ", "เลขบัตร", "วันเกิด"}))
	require.NoError(t, f.SetSheetRow("Sheet1", "A2", &[]any{"ก", 1101700230708, 30316}))
	require.NoError(t, f.AddComment("Sheet1", excelize.Comment{Cell: "C2", Paragraph: []excelize.RichTextRun{{Text: "a word"}}}))
	_, err := f.NewSheet("ลับ")
	require.NoError(t, err)
	require.NoError(t, f.SetCellValue("ลับ", "D4", "hidden word"))
	require.NoError(t, f.SetSheetVisible("ลับ", false))
	b, err := f.WriteToBuffer()
	require.NoError(t, err)

	got := one(t, "a.xlsx", b.String(), "1101700230708")
	assert.Equal(t, formats.Locator{Cell: "Sheet1!B2"}, got.at)
	assert.Equal(t, "เลขบัตร", got.header)
	assert.Equal(t, "Sheet1!C2", one(t, "a.xlsx", b.String(), "1982-12-31").at.Cell, "the serial number of a day")
	s, _ := read(t, "a.bin", b.Bytes(), "word", formats.Limits{})
	require.Len(t, s.pieces, 2, "the content decides, not the name")
	assert.Equal(t, "Sheet1!C2", s.pieces[0].at.Cell)
	assert.Equal(t, "ลับ!D4", s.pieces[1].at.Cell)
}

func TestADocumentIsReadByParagraph(t *testing.T) {
	docx := packed(t, "word/document.xml", `<w:document><w:body><w:p><w:r><w:t>one</w:t></w:r></w:p><w:p><w:r><w:t>the wo</w:t></w:r><w:r><w:t>rd</w:t></w:r></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>เลขบัตร</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:r><w:t>cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>`,
		"word/header1.xml", `<w:hdr><w:p><w:r><w:t>in the head</w:t></w:r></w:p></w:hdr>`, "word/media/image1.png", "\x89PNG\r\n")
	s, stats := read(t, "a.docx", docx, "the wo", formats.Limits{})
	require.Len(t, s.pieces, 1)
	assert.Equal(t, formats.Locator{Path: "paragraph 2"}, s.pieces[0].at)
	assert.Equal(t, "docx", stats.Format)
	assert.Equal(t, map[string]formats.Reason{"": formats.Image}, s.skipped, "the pictures in it are not read")
	assert.Equal(t, "เลขบัตร", one(t, "a.docx", string(docx), "cell").header)
	assert.Equal(t, "header1 paragraph 1", one(t, "a.docx", string(docx), "head").at.Path)
}

func TestAPDFIsReadByPage(t *testing.T) {
	lines := []string{"บรรทัดแรก"}
	for range 60 {
		lines = append(lines, "ข้อความ")
	}
	lines = append(lines, "เลขประจำตัวประชาชน ๑๑๐๑๗๐๐๒๓๐๗๐๘ word")
	got := one(t, "a.pdf", string(corpus.PDF(lines)), "word")
	assert.Equal(t, formats.Locator{Path: "page 2"}, got.at)
	assert.Contains(t, got.text, "เลขประจำตัวประชาชน ๑๑๐๑๗๐๐๒๓๐๗๐๘")
}

func TestAnArchiveIsReadOneLevelDeep(t *testing.T) {
	inner := packed(t, "deep.txt", "a word")
	z := packed(t, "a/one.txt", "first word", "two.csv", "x,word\n", "three.zip", string(inner), "dir/", "", "pic.jpg", "\xff\xd8\xff\xe0")
	s, stats := read(t, "a.zip", z, "word", formats.Limits{})
	require.Len(t, s.pieces, 2)
	assert.Equal(t, "a/one.txt", s.pieces[0].inner)
	assert.Equal(t, int64(6), offset(s.pieces[0].at), "an offset is in the inner file")
	assert.Equal(t, "B1", s.pieces[1].at.Cell)
	assert.Equal(t, map[string]formats.Reason{"three.zip": formats.Nested, "pic.jpg": formats.Image}, s.skipped)
	assert.Equal(t, 4, stats.Files)
}

func TestWhatIsNotReadHasAReason(t *testing.T) {
	ole := "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
	for name, c := range map[string]struct {
		data string
		want formats.Reason
	}{
		"a.png":  {"\x89PNG\r\n\x1a\n", formats.Image},
		"a.jpg":  {"\xff\xd8\xff\xe0", formats.Image},
		"a.webp": {"RIFF\x00\x00\x00\x00WEBPVP8 ", formats.Image},
		"a.exe":  {"MZ\x90\x00\x03", formats.Unsupported},
		"a.xls":  {ole + "\x00\x00", formats.Unsupported},
		"a.xlsx": {ole + "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00", formats.Encrypted},
		"b.xlsx": {"PK\x03\x04 and nothing else", formats.Unreadable},
		"a.pdf":  {"%PDF-1.7 and nothing else", formats.Unreadable},
		"a.gz":   {"\x1f\x8b\x08\x00", formats.Unsupported},
		"a.bin":  {"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09", formats.Unsupported},
	} {
		s, _ := read(t, name, []byte(c.data), "word", formats.Limits{})
		assert.Equal(t, map[string]formats.Reason{"": c.want}, s.skipped, name)
	}
}

func TestAReadEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := formats.NewReader(formats.Limits{})
	_, err := r.Read(ctx, "a.txt", "", content("text"), &sink{})
	assert.ErrorIs(t, err, context.Canceled)
}

type failing struct{ sink }

func (*failing) Piece(*formats.Piece) error { return assert.AnError }

func TestAnErrorOfTheSinkEndsTheReadInEveryFormat(t *testing.T) {
	g := corpus.New(1)
	r := newReader(formats.Limits{})
	for _, c := range corpus.Matrix() {
		d, err := g.Document(c)
		require.NoError(t, err)
		_, err = r.Read(t.Context(), d.Name, "", content(d.Content), &failing{})
		assert.ErrorIs(t, err, assert.AnError, fmt.Sprint(c))
	}
}
