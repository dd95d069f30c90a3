package formats_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/exposure/formats"
)

// bomb is an archive whose members are zeros, packed a thousandfold.
func bomb(tb testing.TB, members int, size int64, name string) []byte {
	tb.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	for i := range members {
		w, err := z.Create(fmt.Sprintf("%03d%s", i, name))
		require.NoError(tb, err)
		chunk := bytes.Repeat([]byte("0 "), 1<<19)
		for n := int64(0); n < size; n += int64(len(chunk)) {
			_, err := w.Write(chunk)
			require.NoError(tb, err)
		}
	}
	require.NoError(tb, z.Close())
	return out.Bytes()
}

func TestABombIsStoppedByItsRatio(t *testing.T) {
	b := bomb(t, 2, 64<<20, ".txt")
	s, stats := read(t, "a.zip", b, "word", formats.Limits{})
	assert.Equal(t, map[string]formats.Reason{"000.txt": formats.OverLimit, "001.txt": formats.OverLimit}, s.skipped)
	assert.Less(t, stats.Bytes, int64(8<<20))
}

func TestABombIsStoppedByWhatAllOfItUnpacks(t *testing.T) {
	b := bomb(t, 20, 4<<20, ".txt")
	s, stats := read(t, "a.zip", b, "word", formats.Limits{Ratio: 1 << 20, Unpacked: 10 << 20})
	assert.Equal(t, formats.OverLimit, s.skipped["019.txt"])
	assert.Less(t, stats.Bytes, int64(12<<20))
}

// The 42-zip: archives in archives, five levels deep. None is opened.
func TestA42ZipEndsAtItsFirstLevel(t *testing.T) {
	level := bomb(t, 1, 1<<20, ".txt")
	for range 5 {
		var pairs []string
		for i := range 16 {
			pairs = append(pairs, fmt.Sprintf("lib %d.zip", i), string(level))
		}
		level = packed(t, pairs...)
		if len(level) > 4<<20 {
			break
		}
	}
	begun := time.Now()
	s, _ := read(t, "42.zip", level, "word", formats.Limits{})
	assert.Len(t, s.skipped, 16)
	for _, why := range s.skipped {
		assert.Equal(t, formats.Nested, why)
	}
	assert.Less(t, time.Since(begun), 30*time.Second)
}

func TestAnArchiveOfTooManyEntriesIsNotRead(t *testing.T) {
	var pairs []string
	for i := range 50 {
		pairs = append(pairs, fmt.Sprint(i), "x")
	}
	s, _ := read(t, "a.zip", packed(t, pairs...), "x", formats.Limits{Entries: 49})
	assert.Equal(t, map[string]formats.Reason{"": formats.OverLimit}, s.skipped)
}

func TestASpreadsheetThatIsABombIsNotUnpacked(t *testing.T) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range []string{"xl/workbook.xml", "xl/worksheets/sheet1.xml"} {
		w, err := z.Create(name)
		require.NoError(t, err)
		for range 64 {
			_, err := w.Write(bytes.Repeat([]byte(" "), 1<<20))
			require.NoError(t, err)
		}
	}
	require.NoError(t, z.Close())
	s, _ := read(t, "a.xlsx", out.Bytes(), "word", formats.Limits{})
	assert.Equal(t, map[string]formats.Reason{"": formats.OverLimit}, s.skipped)
}

func TestADocumentThatIsABombIsCut(t *testing.T) {
	xml := "<w:document><w:body><w:p>" + strings.Repeat("<w:r><w:t>x</w:t></w:r>", 400_000) + "</w:p></w:body></w:document>"
	s, _ := read(t, "a.docx", packed(t, "word/document.xml", xml), "word", formats.Limits{})
	assert.Equal(t, map[string]formats.Reason{"": formats.OverLimit}, s.skipped)
}

func TestADocumentThatIsTooLargeIsNotRead(t *testing.T) {
	pdf := "%PDF-1.7\n" + strings.Repeat("x", 2<<20)
	s, _ := read(t, "a.pdf", []byte(pdf), "word", formats.Limits{Document: 1 << 20})
	assert.Equal(t, map[string]formats.Reason{"": formats.OverLimit}, s.skipped)
	s, _ = read(t, "a.txt", []byte(strings.Repeat("x", 2<<20)), "word", formats.Limits{File: 1 << 20})
	assert.Equal(t, map[string]formats.Reason{"": formats.OverLimit}, s.skipped)
}

// Forms that draw forms, ten times each and many levels deep: drawn out it would
// take years.
func TestAPDFThatNeverEndsIsStopped(t *testing.T) {
	var b strings.Builder
	b.WriteString("%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Count 1 /Kids [3 0 R] >>\nendobj\n" +
		"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /X 5 0 R >> >> /Contents 4 0 R >>\nendobj\n" +
		"4 0 obj\n<< /Length 5 >>\nstream\n/X Do\nendstream\nendobj\n")
	draw := strings.Repeat("/X Do ", 40)
	for i := range 10 {
		fmt.Fprintf(&b, "%d 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >> /Length %d >>\nstream\n%s\nendstream\nendobj\n", 5+i, 6+i, len(draw), draw)
	}
	b.WriteString("15 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 2 >>\nstream\nq \nendstream\nendobj\ntrailer << /Root 1 0 R /Size 16 >>\n%%EOF\n")
	begun := time.Now()
	s, _ := read(t, "a.pdf", []byte(b.String()), "word", formats.Limits{PDF: 4 * time.Second})
	assert.Equal(t, map[string]formats.Reason{"": formats.TimedOut}, s.skipped)
	assert.Less(t, time.Since(begun), 60*time.Second)
}
