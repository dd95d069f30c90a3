package letters

import (
	"archive/zip"
	"bytes"
	"embed"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

//go:embed templates/docx/*.xml
var shellParts embed.FS

// Shell is a DOCX file around a letter: the agency's own, with its garuda, its
// letterhead and its margins. One paragraph of it holds {{letter}} and nothing
// else; the letter takes that paragraph's place.
type Shell struct {
	files         []file
	document      int // which of the files is the text
	before, after []byte
}

const (
	place        = "{{letter}}"
	documentPart = "word/document.xml"
	wordML       = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	maxShell     = 32 << 20 // bytes, packed and unpacked
	maxParts     = 1000
)

// ParseShell reads a DOCX file with a place for the letter. Error:
// [ErrTemplateInvalid].
func ParseShell(packed []byte) (*Shell, error) {
	if len(packed) > maxShell {
		return nil, fmt.Errorf("read docx shell: %w: larger than %d bytes", ErrTemplateInvalid, maxShell)
	}
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil || len(z.File) > maxParts {
		return nil, fmt.Errorf("read docx shell: %w: no DOCX file", ErrTemplateInvalid)
	}
	var files []file
	left := int64(maxShell)
	for _, f := range z.File {
		content, err := unpack(f, left)
		if err != nil {
			return nil, fmt.Errorf("read docx shell: %w", err)
		}
		left -= int64(len(content))
		files = append(files, file{f.Name, content})
	}
	return newShell(files)
}

func unpack(f *zip.File, left int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTemplateInvalid, err)
	}
	content, err := io.ReadAll(io.LimitReader(r, left+1))
	err = errors.Join(err, r.Close())
	if err != nil || int64(len(content)) > left {
		return nil, fmt.Errorf("%w: damaged, or larger than %d bytes unpacked", ErrTemplateInvalid, maxShell)
	}
	return content, nil
}

// plainShell is ours: A4, Sarabun, no letterhead.
func plainShell() (*Shell, error) {
	var files []file
	for _, part := range [][2]string{
		{"[Content_Types].xml", "content_types.xml"},
		{"_rels/.rels", "rels.xml"},
		{documentPart, "document.xml"},
		{"word/_rels/document.xml.rels", "document_rels.xml"},
		{"word/styles.xml", "styles.xml"},
	} {
		content, err := shellParts.ReadFile("templates/docx/" + part[1])
		if err != nil {
			return nil, fmt.Errorf("read docx shell: %w", err)
		}
		files = append(files, file{part[0], content})
	}
	return newShell(files)
}

func newShell(files []file) (*Shell, error) {
	at := slices.IndexFunc(files, func(f file) bool { return f.name == documentPart })
	if at < 0 {
		return nil, fmt.Errorf("read docx shell: %w: no %s", ErrTemplateInvalid, documentPart)
	}
	text := files[at].content
	from, to, err := findPlace(text)
	if err != nil {
		return nil, fmt.Errorf("read docx shell: %w", err)
	}
	return &Shell{files: files, document: at, before: text[:from], after: text[to:]}, nil
}

// findPlace gives where the paragraph with the place stands. A word processor
// may cut a text into several runs, so the texts of a paragraph are joined.
func findPlace(text []byte) (from, to int64, err error) {
	type paragraph struct {
		begin int64
		text  strings.Builder
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	var open []*paragraph // they nest in text boxes
	bound := false
	for {
		offset := d.InputOffset()
		token, err := d.Token()
		if err != nil {
			return 0, 0, fmt.Errorf("%w: no paragraph holds just %s", ErrTemplateInvalid, place)
		}
		switch t := token.(type) {
		case xml.StartElement:
			for _, a := range t.Attr {
				// The letter is written with this prefix.
				bound = bound || a.Name.Space == "xmlns" && a.Name.Local == "w" && a.Value == wordML
			}
			if isParagraph(t.Name) {
				open = append(open, &paragraph{begin: offset})
			}
			if len(open) > maxDepth {
				return 0, 0, fmt.Errorf("%w: paragraphs nested deeper than %d", ErrTemplateInvalid, maxDepth)
			}
		case xml.CharData:
			for _, p := range open {
				p.text.Write(t)
			}
		case xml.EndElement:
			if !isParagraph(t.Name) {
				continue
			}
			p := open[len(open)-1]
			open = open[:len(open)-1]
			if strings.TrimSpace(p.text.String()) == place && bound {
				return p.begin, d.InputOffset(), nil
			}
		}
	}
}

func isParagraph(name xml.Name) bool { return name.Space == wordML && name.Local == "p" }

// around is the shell with a letter in its place.
func (s *Shell) around(letter string) ([]byte, error) {
	files := slices.Clone(s.files)
	files[s.document].content = slices.Concat(s.before, []byte(letter), s.after)
	return zipped(files)
}
