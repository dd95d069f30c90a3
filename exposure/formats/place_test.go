package formats_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"

	"chipproof/exposure/formats"
)

// mark stands where the tests look; it has bytes of one and of three in UTF-8.
const mark = "หมายก42ข"

func tis620(tb testing.TB, s string) []byte {
	tb.Helper()
	out, err := charmap.Windows874.NewEncoder().String(s)
	require.NoError(tb, err)
	return []byte(out)
}

func utf16le(s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return out
}

// A locator points into the file as it is stored, whatever its encoding
// (assurance §4.2, §4.8).
func TestAPlaceIsALineAndAByteOfTheStoredFileInEveryEncoding(t *testing.T) {
	for name, document := range map[string]string{
		"a.txt":    "บรรทัดหนึ่ง\nสอง " + mark + " สาม\n",
		"a.csv":    "ชื่อ,ค่า\r\nก,\"ข\"\"ค " + mark + "\"\r\n",
		"a.tsv":    "ชื่อ\tค่า\nก\t" + mark + "\n",
		"a.json":   "{\"ก\":[1,\n{\"ค่า\":\"" + mark + "\"}]}",
		"a.ndjson": "{\"ก\":\"ข ค\"}\n{\"ค่า\":\"" + mark + "\"}\n",
		"a.xml":    "<?xml version=\"1.0\"?>\n<ก><ข>" + mark + "</ข></ก>",
		"a.html":   "<html><body>\n<p>ก &amp; ข " + mark + "</p></body></html>",
		"b.html":   "<html><body>\n<input name=\"ก\" value=\"" + mark + "\"></body></html>",
		"c.html":   "<html><body><!-- ก\n" + mark + " --></body></html>",
		"d.html":   "<html><script type=\"application/json\">\n{\"ค่า\":\"" + mark + "\"}</script></html>",
		"e.html":   "<html><script>var a=1;\nvar b='" + mark + "'</script></html>",
	} {
		if !strings.HasSuffix(name, "csv") && !strings.HasSuffix(name, "tsv") {
			document += strings.Repeat("\n", 3)
		}
		for encoding, stored := range map[string][]byte{
			"utf-8":            []byte(document),
			"utf-8 with mark":  append([]byte{0xEF, 0xBB, 0xBF}, document...),
			"utf-16le":         append([]byte{0xFF, 0xFE}, utf16le(document)...),
			"utf-16le no mark": utf16le(document),
			"tis-620":          tis620(t, document),
		} {
			s, _ := read(t, name, stored, mark, formats.Limits{})
			require.Len(t, s.pieces, 1, "%s %s: %q", name, encoding, s.all.String())
			want := bytes.Index(stored, []byte(mark))
			switch {
			case strings.HasPrefix(encoding, "utf-16"):
				want = bytes.Index(stored, utf16le(mark))
			case encoding == "tis-620":
				want = bytes.Index(stored, tis620(t, mark))
			}
			at := s.pieces[0].at
			assert.Equal(t, int64(want), offset(at), "%s %s", name, encoding)
			before, _, _ := strings.Cut(document, mark)
			assert.Equal(t, int64(1+strings.Count(before, "\n")), at.Line, "%s %s", name, encoding)
		}
	}
}

func TestPlacesAreRightFarIntoAFile(t *testing.T) {
	long := strings.Repeat("ข้อความยาว ๆ ที่ไม่มีอะไร\n", 40_000) // more than a few blocks
	for encoding, stored := range map[string][]byte{"utf-8": []byte(long + mark), "tis-620": tis620(t, long+mark), "utf-16le": append([]byte{0xFF, 0xFE}, utf16le(long+mark)...)} {
		for _, name := range []string{"a.txt", "a.csv"} {
			s, stats := read(t, name, stored, mark, formats.Limits{})
			require.Len(t, s.pieces, 1, encoding)
			assert.Equal(t, int64(40_001), s.pieces[0].at.Line, "%s %s", name, encoding)
			want := len(stored) - map[string]int{"utf-8": len(mark), "tis-620": 8, "utf-16le": 16}[encoding]
			assert.Equal(t, int64(want), offset(s.pieces[0].at), "%s %s", name, encoding)
			assert.Equal(t, int64(len(stored)), stats.Bytes)
		}
	}
}

func TestThaiIsReadFromTIS620AndFromUTF16(t *testing.T) {
	for _, stored := range [][]byte{tis620(t, "ภาษาไทย ๑๒๓"), utf16le("ภาษาไทย ๑๒๓ ทดสอบ"), append([]byte{0xFE, 0xFF}, swapped(utf16le("ภาษาไทย ๑๒๓"))...)} {
		s, _ := read(t, "a.txt", stored, "ภาษาไทย ๑๒๓", formats.Limits{})
		assert.Len(t, s.pieces, 1, "%x", stored)
	}
	// One wrong byte doesn't turn a UTF-8 file into CP874.
	s, _ := read(t, "a.txt", []byte("ภาษาไทย ทั้งบรรทัด \xff และต่อไป"), "ภาษาไทย ทั้งบรรทัด", formats.Limits{})
	assert.Len(t, s.pieces, 1)
}

func swapped(b []byte) []byte {
	out := make([]byte, len(b))
	for i := 0; i+1 < len(b); i += 2 {
		out[i], out[i+1] = b[i+1], b[i]
	}
	return out
}
