package corpus

import (
	"bytes"
	"fmt"
	"unicode/utf16"
)

const linesOfPage = 40

// PDF writes lines of text as a document with a font that is not embedded and a
// table from its codes to Unicode (PDF 32000-1 §9.10.3), as word processors do
// for Thai. Characters outside the basic plane are left out.
func PDF(lines []string) []byte {
	w := &pdfWriter{}
	w.out.WriteString("%PDF-1.7\n")
	pages := (len(lines) + linesOfPage - 1) / linesOfPage
	var kids bytes.Buffer
	for i := range pages {
		fmt.Fprintf(&kids, "%d 0 R ", 6+2*i)
	}
	w.object("<< /Type /Catalog /Pages 2 0 R >>")
	w.object(fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", pages, kids.String()))
	w.object("<< /Type /Font /Subtype /Type0 /BaseFont /Sarabun /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>")
	w.object("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Sarabun /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 600 >>")
	w.stream("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n" +
		"1 begincodespacerange <0000> <FFFF> endcodespacerange\n" +
		"2 beginbfrange <0020> <007E> <0020> <0E00> <0E7F> <0E00> endbfrange\n1 beginbfrange <2010> <201F> <2010> endbfrange\nendcmap end end")
	for i := range pages {
		w.object(fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>", 7+2*i))
		var page bytes.Buffer
		page.WriteString("BT /F1 10 Tf 40 800 Td 18 TL\n")
		for _, line := range lines[i*linesOfPage : min(len(lines), (i+1)*linesOfPage)] {
			page.WriteByte('<')
			for _, u := range utf16.Encode([]rune(line)) {
				fmt.Fprintf(&page, "%04X", u)
			}
			page.WriteString("> Tj T*\n")
		}
		page.WriteString("ET")
		w.stream(page.String())
	}
	return w.finish()
}

type pdfWriter struct {
	out     bytes.Buffer
	offsets []int
}

func (w *pdfWriter) object(body string) {
	w.offsets = append(w.offsets, w.out.Len())
	fmt.Fprintf(&w.out, "%d 0 obj\n%s\nendobj\n", len(w.offsets), body)
}

func (w *pdfWriter) stream(content string) {
	w.object(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content))
}

func (w *pdfWriter) finish() []byte {
	start := w.out.Len()
	fmt.Fprintf(&w.out, "xref\n0 %d\n0000000000 65535 f \n", len(w.offsets)+1)
	for _, o := range w.offsets {
		fmt.Fprintf(&w.out, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&w.out, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(w.offsets)+1, start)
	return w.out.Bytes()
}
