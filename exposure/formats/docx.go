package formats

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"strings"
)

// parts of a DOCX that hold text a reader sees, the document first.
func isTextPart(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(name, "word/") && path.Ext(name) == ".xml" &&
		(base == "document.xml" || strings.HasPrefix(base, "header") || strings.HasPrefix(base, "footer") ||
			base == "footnotes.xml" || base == "endnotes.xml" || base == "comments.xml")
}

// words reads one part of a DOCX.
type words struct {
	part     string
	number   int // paragraphs so far
	text     []byte
	cell     []byte // of a table: all its paragraphs
	depth    int    // of tables
	row, col int
	tables   uint64
	heads    []string
	plain    bool
	rows     uint64
	piece    Piece
	sink     Sink
	before   []byte
	joined   []byte
}

func (w *words) Locate(int) Locator {
	return Locator{Path: fmt.Sprintf("%sparagraph %d", w.part, w.number)}
}

func (r *Reader) docx(ctx context.Context, z *zip.Reader, sink Sink, inner string, stats *Stats) error {
	left := r.limits.Unpacked
	pictures(z, sink)
	for _, f := range z.File {
		if !isTextPart(f.Name) {
			continue
		}
		part := ""
		if base := strings.TrimSuffix(path.Base(f.Name), ".xml"); base != "document" {
			part = base + " "
		}
		w := &words{part: part, sink: sink}
		w.piece = Piece{Inner: inner, Place: w}
		in, err := (&member{r, f, &left}).Open(ctx)
		if err != nil {
			return err
		}
		err = w.read(in, r.limits.Token, stats)
		in.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *words) read(in io.Reader, token int64, stats *Stats) error {
	counted := &counting{r: in}
	dec := xml.NewDecoder(counted)
	dec.Strict = false
	inText := false
	for {
		counted.allowed = dec.InputOffset() + token
		tok, err := dec.RawToken()
		stats.Bytes += counted.n
		counted.n = 0
		if err == io.EOF {
			return w.flush()
		}
		if err != nil {
			if counted.failed != nil {
				return counted.failed
			}
			return &cut{Unreadable}
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			inText = tok.Name.Local == "t" || tok.Name.Local == "instrText" || tok.Name.Local == "delText"
			err = w.start(tok.Name.Local)
		case xml.EndElement:
			inText = false
			err = w.end(tok.Name.Local)
		case xml.CharData:
			if inText && int64(len(w.text)) < token {
				w.text = append(w.text, tok...)
			}
		}
		if err != nil {
			return err
		}
	}
}

func (w *words) start(name string) error {
	switch name {
	case "tab":
		w.text = append(w.text, ' ')
	case "br", "cr":
		w.text = append(w.text, '\n')
	case "tbl":
		if w.depth++; w.depth == 1 {
			w.tables++
			w.row, w.heads, w.plain = 0, w.heads[:0], false
		}
	case "tr":
		if w.depth == 1 {
			w.row++
			w.rows++
			w.col = 0
		}
	case "tc":
		if w.depth == 1 {
			w.col++
			w.cell = w.cell[:0]
		}
	}
	return nil
}

func (w *words) end(name string) error {
	switch name {
	case "p":
		w.number++
		if w.depth > 0 {
			w.cell = append(append(w.cell, w.text...), '\n')
			w.text = w.text[:0]
			return nil
		}
		return w.flush()
	case "tc":
		if w.depth == 1 {
			return w.endCell()
		}
	case "tbl":
		w.depth = max(0, w.depth-1)
	}
	return nil
}

// flush hands over a paragraph, with the end of the one before it.
func (w *words) flush() error {
	if len(bytes.TrimSpace(w.text)) == 0 {
		w.text = w.text[:0]
		return nil
	}
	w.joined = append(append(append(w.joined[:0], w.before...), '\n'), w.text...)
	w.piece.Bytes, w.piece.Skip, w.piece.Header = w.joined, len(w.before)+1, ""
	w.piece.Column, w.piece.Record = 0, 0
	err := w.sink.Piece(&w.piece)
	w.before = append(w.before[:0], tail(w.text, wordsKept)...)
	w.text = w.text[:0]
	return err
}

func (w *words) endCell() error {
	text := bytes.TrimSpace(w.cell)
	header := ""
	if w.row == 1 {
		w.plain = w.plain || digitsIn(text) >= 5
		if len(w.heads) < maxFields {
			w.heads = append(w.heads, string(text[:min(len(text), maxHeader)]))
		}
	} else if !w.plain && w.col >= 1 && w.col <= len(w.heads) {
		header = w.heads[w.col-1]
	}
	if len(text) < 4 {
		return nil
	}
	w.piece.Bytes, w.piece.Skip, w.piece.Header = text, 0, header
	w.piece.Column, w.piece.Record = w.tables<<16|uint64(w.col), w.rows
	if w.col > 1 && header == "" { // a form: the label stands in the cell before
		w.joined = append(append(append(w.joined[:0], w.before...), '\n'), text...)
		w.piece.Bytes, w.piece.Skip = w.joined, len(w.before)+1
	}
	w.before = append(w.before[:0], tail(text, wordsKept)...)
	return w.sink.Piece(&w.piece)
}

// counting counts bytes and ends when a parser asks for more than it may.
type counting struct {
	r        io.Reader
	n, total int64
	allowed  int64
	failed   error
}

func (c *counting) Read(p []byte) (int, error) {
	if c.total > c.allowed {
		c.failed = &cut{OverLimit}
		return 0, c.failed
	}
	n, err := c.r.Read(p)
	if err != nil && err != io.EOF {
		c.failed = err
	}
	c.n += int64(n)
	c.total += int64(n)
	return n, err
}
