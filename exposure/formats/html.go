package formats

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// inline elements don't part the words round them.
var inline = map[atom.Atom]bool{
	atom.A: true, atom.B: true, atom.Strong: true, atom.I: true, atom.Em: true, atom.Span: true, atom.U: true, atom.Font: true, atom.Small: true, atom.Big: true,
	atom.Sub: true, atom.Sup: true, atom.Mark: true, atom.Code: true, atom.Abbr: true, atom.Wbr: true, atom.Img: true, atom.S: true, atom.Tt: true, atom.Time: true,
}

// quietAttributes hold no text.
var quietAttributes = map[string]bool{
	"class": true, "style": true, "d": true, "points": true, "viewbox": true, "integrity": true, "nonce": true, "rel": true, "type": true, "lang": true,
	"width": true, "height": true, "target": true, "charset": true, "xmlns": true, "role": true, "method": true, "media": true, "transform": true, "srcset": true,
}

// page reads HTML: visible text, attributes, comments and scripts.
type page struct {
	s      *stream
	z      *html.Tokenizer
	sink   Sink
	at     int64 // decoded position of the token
	block  mapped
	before []byte // the end of the block before, for its words
	attr   mapped
	piece  Piece
	shown  *mapped // what piece shows
	skip   int     // bytes of piece before what shown holds
	grid   grid
	script string // type of the script that is read; "-" outside
	joined []byte
	token  int64
}

func (p *page) Locate(i int) Locator {
	offset, line := p.s.place(p.shown.place(max(0, i-p.skip)))
	return Locator{Line: line, Offset: &offset}
}

const wordsKept = 150 // bytes of the block before

func readHTML(s *stream, token int64, sink Sink, inner string) error {
	s.ahead = 2*token + blockSize
	p := &page{s: s, z: html.NewTokenizer(s), sink: sink, at: s.cursor, script: "-", token: token}
	p.z.SetMaxBuf(int(token))
	p.piece = Piece{Inner: inner, Place: p}
	for {
		kind := p.z.Next()
		size := int64(len(p.z.Raw()))
		if kind == html.ErrorToken {
			return p.ended(size, inner)
		}
		if err := p.one(kind); err != nil {
			return err
		}
		p.at += size
		if len(p.block.text) == 0 {
			s.release(p.at)
		} else if int64(len(p.block.text)) > token/4 {
			if err := p.flush(); err != nil {
				return err
			}
		}
	}
}

// ended is the end of the page, or of what can be parsed of it.
func (p *page) ended(size int64, inner string) error {
	err := p.z.Err()
	if rest := p.z.Raw(); err == io.EOF && size > 0 { // a tag that is never closed
		p.block.entities(rest, p.at)
	}
	if e := p.flush(); e != nil {
		return e
	}
	switch {
	case err == io.EOF:
		return nil
	case errors.Is(err, html.ErrBufferExceeded), errors.Is(err, errToken):
		p.s.rewind(p.at)
		return readText(p.s, p.sink, inner)
	}
	return err
}

func (p *page) one(kind html.TokenType) error {
	switch kind {
	case html.TextToken:
		raw := p.z.Raw()
		if p.script != "-" {
			return p.code(raw)
		}
		p.block.entities(raw, p.at)
	case html.CommentToken:
		return p.aside(p.z.Raw(), p.at)
	case html.StartTagToken, html.SelfClosingTagToken:
		return p.start()
	case html.EndTagToken:
		name, _ := p.z.TagName()
		a := atom.Lookup(name)
		p.script = "-"
		if inline[a] {
			return nil
		}
		if err := p.flush(); err != nil {
			return err
		}
		p.grid.end(a)
	}
	return nil
}

func (p *page) start() error {
	raw := p.z.Raw()
	name, more := p.z.TagName()
	a := atom.Lookup(name)
	if !inline[a] {
		if err := p.flush(); err != nil {
			return err
		}
		p.grid.start(a)
	}
	if a == atom.Script || a == atom.Style {
		p.script = string(name)
	}
	if !more {
		return nil
	}
	return p.attributes(raw, a)
}

// attributes hands over the values of a tag. A form's field is headed by its
// name, a meta element by its property.
func (p *page) attributes(raw []byte, a atom.Atom) error {
	head := ""
	err := eachAttribute(raw, func(name string, start, end int) error {
		switch name {
		case "name", "id", "property", "itemprop", "placeholder", "aria-label":
			if head == "" {
				head = string(raw[start:min(end, start+maxHeader)])
			}
		case "type":
			if a == atom.Script {
				p.script = strings.ToLower(string(raw[start:end]))
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return eachAttribute(raw, func(name string, start, end int) error {
		if quietAttributes[name] || end-start < 4 {
			return nil
		}
		header := name
		if name == "value" || name == "content" {
			header = head
		}
		p.attr.reset()
		p.attr.entities(raw[start:end], p.at+int64(start))
		p.shown, p.skip = &p.attr, 0
		p.piece.Text.Bytes, p.piece.Skip, p.piece.Header = p.attr.text, 0, header
		p.piece.Column, p.piece.Record = 0, p.grid.record()
		return p.sink.Piece(&p.piece)
	})
}

// aside hands over a comment.
func (p *page) aside(raw []byte, at int64) error {
	if len(raw) < 12 {
		return nil
	}
	p.attr.reset()
	p.attr.entities(raw, at)
	p.shown, p.skip = &p.attr, 0
	p.piece.Bytes, p.piece.Skip, p.piece.Header, p.piece.Column, p.piece.Record = p.attr.text, 0, "", 0, 0
	return p.sink.Piece(&p.piece)
}

// code reads a script: JSON as JSON, the rest as text; a style sheet not at all.
func (p *page) code(raw []byte) error {
	if p.script == "style" || len(raw) < 4 {
		return nil
	}
	trimmed := bytes.TrimSpace(raw)
	if strings.Contains(p.script, "json") || len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[') {
		t := newTree(p.s, bytes.NewReader(raw), p.at, p.piece.Inner, "")
		err := t.walk(p.sink, false)
		if err == io.EOF {
			return nil
		}
		if !t.broken(err) {
			return err
		}
		return p.plainCode(raw[t.dec.InputOffset():], p.at+t.dec.InputOffset())
	}
	return p.plainCode(raw, p.at)
}

func (p *page) plainCode(raw []byte, at int64) error {
	p.attr.reset()
	p.attr.plain(raw, at)
	p.shown, p.skip = &p.attr, 0
	p.piece.Bytes, p.piece.Skip, p.piece.Header, p.piece.Column, p.piece.Record = p.attr.text, 0, "", 0, 0
	return p.sink.Piece(&p.piece)
}

// flush hands over the block of visible text that is complete, with the end of
// the block before it, in which its label may stand.
func (p *page) flush() error {
	text := bytes.TrimSpace(p.block.text)
	if len(text) == 0 {
		p.block.reset()
		return nil
	}
	header := p.grid.cell(text)
	p.joined = p.joined[:0]
	if header == "" {
		p.joined = append(append(p.joined, p.before...), '\n')
	}
	p.skip = len(p.joined)
	p.joined = append(p.joined, p.block.text...)
	p.shown = &p.block
	p.piece.Bytes, p.piece.Skip, p.piece.Header = p.joined, p.skip, header
	p.piece.Column, p.piece.Record = p.grid.column(), p.grid.record()
	err := p.sink.Piece(&p.piece)
	p.before = append(p.before[:0], tail(text, wordsKept)...)
	p.block.reset()
	return err
}
