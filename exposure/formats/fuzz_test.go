package formats_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"chipproof/exposure/corpus"
	"chipproof/exposure/formats"
)

// checking holds what must be true of every piece, whatever the file.
type checking struct {
	tb   testing.TB
	size int64
}

func (c checking) Piece(p *formats.Piece) error {
	require.LessOrEqual(c.tb, p.Skip, len(p.Bytes))
	for _, i := range []int{p.Skip, len(p.Bytes)} {
		at := p.Place.Locate(i)
		require.True(c.tb, at.Offset == nil || *at.Offset >= 0 && (*at.Offset <= c.size || p.Inner != ""), "offset %d of %d", offset(at), c.size)
		require.GreaterOrEqual(c.tb, at.Line, int64(0))
		require.True(c.tb, utf8.ValidString(at.Cell))
	}
	return nil
}

func (checking) NotRead(string, formats.Reason) {}

// small limits, so that what is found is a fault and not a long wait.
var small = formats.Limits{Document: 1 << 20, Unpacked: 4 << 20, Entries: 100, Pages: 20, Cells: 100_000, Token: 1 << 16, PDF: 5 * time.Second}

// fuzzFormat feeds a reader with documents of one format and what grows of them.
func fuzzFormat(f *testing.F, name string, c corpus.Combination, seeds ...string) {
	d, err := corpus.New(3).Document(c)
	require.NoError(f, err)
	if len(d.Content) > 8<<10 && !strings.HasPrefix(string(d.Content), "PK") && !strings.HasPrefix(string(d.Content), "%PDF") {
		d.Content = d.Content[:8<<10]
	}
	f.Add(d.Content)
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	r := newReader(small)
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<20 {
			return
		}
		_, err := r.Read(t.Context(), name, "", content(data), checking{t, int64(len(data))})
		require.NoError(t, err)
	})
}

func FuzzText(f *testing.F) {
	fuzzFormat(f, "a.txt", corpus.Combination{Format: "text", Encoding: "utf-8"}, "", "\xff\xfe", "\xff\xfea", "\xfe\xff\x00a", "\xef\xbb\xbf", "\xe0\xb8", "\xa1\xa2\xf0", "\xff\xfe\x00\xd8\x00\xdc\x00\xd8")
}

func FuzzCSV(f *testing.F) {
	fuzzFormat(f, "a.csv", corpus.Combination{Format: "csv", Encoding: "tis-620"}, `"`, `a,"b`, "a,\"b\"\"c\"\r\n,,\n", "\"\"\"\n", "a;b\nc;d", "\n\n\n")
}

func FuzzJSON(f *testing.F) {
	fuzzFormat(f, "a.json", corpus.Combination{Format: "json", Encoding: "utf-8"}, `{"a":"\u0e01\ud83d\ude00\ud800"}`, `[1,[2,{"a":[]}]]`, "{", `{"a"`, `"\`, "1\n2\n3")
}

func FuzzXML(f *testing.F) {
	fuzzFormat(f, "a.xml", corpus.Combination{Format: "xml", Encoding: "utf-8"}, "<?xml version='1.0'?><a b='c &amp; d'><![CDATA[x]]></a>", "<?xml?><a", "<?xml?></a></b>", "<?xml?><!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>")
}

func FuzzHTML(f *testing.F) {
	fuzzFormat(f, "a.html", corpus.Combination{Format: "html", Encoding: "utf-8"}, "<html><a href='", "<html><script>{", "<html><table><tr><th>a<td>b", "<html><!-- ", "<html>&#x110000;&#0;&bogus;", "<html><p a=b c d='e' f = \"g\"/>")
}

func FuzzXLSX(f *testing.F) { fuzzFormat(f, "a.xlsx", corpus.Combination{Format: "xlsx"}) }

func FuzzDOCX(f *testing.F) { fuzzFormat(f, "a.docx", corpus.Combination{Format: "docx"}) }

func FuzzPDF(f *testing.F) {
	fuzzFormat(f, "a.pdf", corpus.Combination{Format: "pdf"}, "%PDF-1.7\n", string(sheetsOf(scanned, formed)))
}

func FuzzZIP(f *testing.F) { fuzzFormat(f, "a.zip", corpus.Combination{Format: "zip"}) }
