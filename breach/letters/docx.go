package letters

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
)

// DOCX is the document as a file for a word processor: in the agency's own shell
// if the maker has one, else in a plain one that names Sarabun.
func (d Document) DOCX() ([]byte, error) {
	return docx(d.body.reveal().shell, d.body.reveal())
}

// docx puts letters one after the other into one file, each on a page of its own.
func docx(shell *Shell, letters ...content) ([]byte, error) {
	var b strings.Builder
	for i, c := range letters {
		w := writer{b: &b, thai: c.thai(), breakNext: i > 0}
		if c.root != nil {
			w.blocks(c.root)
		}
	}
	if shell == nil {
		plain, err := plainShell()
		if err != nil {
			return nil, err
		}
		shell = plain
	}
	return shell.around(b.String())
}

// writer writes WordprocessingML (ECMA-376 part 1, §17). Formatting is direct, so
// that a shell needs no styles of ours.
type writer struct {
	b         *strings.Builder
	thai      bool
	breakNext bool // the next paragraph begins a page
}

// blocks writes what lies in a node, paragraph by paragraph.
func (w *writer) blocks(n *node) {
	number := 0
	for _, child := range n.children {
		switch child.tag {
		case "p", "h1", "h2":
			w.paragraph(child, "")
		case "ol", "ul":
			w.blocks(child)
		case "li":
			number++
			label := "–\u00a0"
			if n.tag == "ol" {
				label = strconv.Itoa(number) + ".\u00a0"
			}
			if w.thai {
				label = thaiDigits(label)
			}
			w.paragraph(child, label)
		case "table":
			w.table(child)
		}
	}
}

func (w *writer) paragraph(n *node, label string) {
	w.b.WriteString("<w:p><w:pPr>")
	if n.tag == "h1" || n.tag == "h2" {
		w.b.WriteString("<w:keepNext/>")
	}
	if w.breakNext || n.class == "break" {
		w.b.WriteString("<w:pageBreakBefore/>")
		w.breakNext = false
	}
	w.b.WriteString(`<w:spacing w:after="120"/>`)
	switch {
	case label != "":
		w.b.WriteString(`<w:ind w:left="680" w:hanging="454"/>`)
	case n.class == "sign":
		w.b.WriteString(`<w:ind w:left="4536"/>`)
	case n.class == "indent":
		w.b.WriteString(`<w:ind w:firstLine="1418"/>`)
	}
	switch {
	case n.tag == "h1" || n.class == "center" || n.class == "sign":
		w.b.WriteString(`<w:jc w:val="center"/>`)
	case n.class == "right":
		w.b.WriteString(`<w:jc w:val="right"/>`)
	}
	w.b.WriteString("</w:pPr>")
	if label != "" {
		w.run(label, false)
	}
	w.inline(n, n.tag == "h1" || n.tag == "h2" || n.tag == "th")
	w.b.WriteString("</w:p>")
}

func (w *writer) inline(n *node, strong bool) {
	for _, child := range n.children {
		switch child.tag {
		case "":
			w.run(collapse(child.text), strong)
		case "br":
			w.b.WriteString("<w:r><w:br/></w:r>")
		default:
			w.inline(child, strong || child.tag == "strong")
		}
	}
}

// run writes a text. Thai is complex script: bold needs bCs, and cs chooses the
// font of that script for the whole run.
func (w *writer) run(text string, strong bool) {
	if text == "" {
		return
	}
	w.b.WriteString("<w:r><w:rPr>")
	if strong {
		w.b.WriteString("<w:b/><w:bCs/>")
	}
	w.b.WriteString(`<w:cs/><w:lang w:bidi="th-TH"/></w:rPr><w:t xml:space="preserve">`)
	escape(w.b, text)
	w.b.WriteString("</w:t></w:r>")
}

func escape(b *strings.Builder, text string) {
	// A strings.Builder takes everything, so there is no error to lose.
	_ = xml.EscapeText(b, []byte(text))
}

func (w *writer) table(n *node) {
	w.b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/>`)
	if n.class == "grid" {
		w.b.WriteString("<w:tblBorders>")
		for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
			w.b.WriteString("<w:" + side + ` w:val="single" w:sz="4" w:space="0" w:color="auto"/>`)
		}
		w.b.WriteString("</w:tblBorders>")
	}
	w.b.WriteString("</w:tblPr><w:tblGrid>")
	for range columns(n) {
		w.b.WriteString("<w:gridCol/>")
	}
	w.b.WriteString("</w:tblGrid>")
	for _, row := range n.children {
		if row.tag != "tr" {
			continue
		}
		w.b.WriteString("<w:tr>")
		for _, cell := range row.children {
			if cell.tag == "th" || cell.tag == "td" {
				w.b.WriteString("<w:tc><w:tcPr/>")
				w.paragraph(cell, "")
				w.b.WriteString("</w:tc>")
			}
		}
		w.b.WriteString("</w:tr>")
	}
	w.b.WriteString("</w:tbl>")
}

func columns(table *node) int {
	most := 0
	for _, row := range table.children {
		n := 0
		for _, cell := range row.children {
			if cell.tag == "th" || cell.tag == "td" {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// zipped writes files in the order given.
func zipped(files []file) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate})
		if err == nil {
			_, err = w.Write(f.content)
		}
		if err != nil {
			return nil, fmt.Errorf("write docx: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("write docx: %w", err)
	}
	return out.Bytes(), nil
}

type file struct {
	name    string
	content []byte
}
