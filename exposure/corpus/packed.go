package corpus

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"strings"
)

// Archive packs files, by name, in order.
func Archive(files ...[2]string) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range files {
		w, err := z.Create(f[0])
		if err != nil {
			return nil, fmt.Errorf("add to archive: %w", err)
		}
		if _, err := w.Write([]byte(f[1])); err != nil {
			return nil, fmt.Errorf("write to archive: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("close archive: %w", err)
	}
	return out.Bytes(), nil
}

func (g *Generator) zip(people int) ([]byte, error) {
	table, err := encode(separated(g.table(people/2), ","), "tis-620")
	if err != nil {
		return nil, err
	}
	return Archive([2]string{"people.csv", string(table)}, [2]string{"letters/letters.txt", g.prose(people - people/2)})
}

// docx has paragraphs of prose and a table.
func (g *Generator) docx(people int) ([]byte, error) {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`)
	for line := range strings.SplitSeq(g.prose(people/2), "\n") {
		// Word cuts a paragraph into runs wherever it likes.
		r := []rune(line)
		cut := 0
		if len(r) > 1 {
			cut = g.random.below(len(r))
		}
		fmt.Fprintf(&b, "<w:p><w:r><w:t xml:space=\"preserve\">%s</w:t></w:r><w:r><w:t xml:space=\"preserve\">%s</w:t></w:r></w:p>",
			html.EscapeString(string(r[:cut])), html.EscapeString(string(r[cut:])))
	}
	b.WriteString("<w:tbl>")
	for _, row := range g.table(people - people/2) {
		b.WriteString("<w:tr>")
		for _, v := range row {
			b.WriteString("<w:tc><w:p><w:r><w:t xml:space=\"preserve\">" + html.EscapeString(v) + "</w:t></w:r></w:p></w:tc>")
		}
		b.WriteString("</w:tr>")
	}
	b.WriteString("</w:tbl></w:body></w:document>")
	return Archive([2]string{"[Content_Types].xml", contentTypes}, [2]string{"word/document.xml", b.String()})
}

const contentTypes = `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`
