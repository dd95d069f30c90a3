package formats

import (
	"encoding/xml"
	"hash/maphash"
	"io"
	"strconv"
	"strings"
)

// element is an open XML element.
type element struct {
	name    string
	index   int // among the children of its parent with this name, from 1
	pattern uint64
	names   map[string]int
}

// document reads XML.
type document struct {
	s     *stream
	open  []element
	value mapped
	attr  string // name of the attribute that is handed over
	raw   []byte
	piece Piece
	seed  maphash.Seed
}

func (d *document) Locate(i int) Locator {
	offset, line := d.s.place(d.value.place(i))
	var b strings.Builder
	for _, e := range d.open {
		b.WriteString("/" + e.name)
		if e.index > 1 {
			b.WriteString("[" + strconv.Itoa(e.index) + "]")
		}
	}
	if d.attr != "" {
		b.WriteString("/@" + d.attr)
	}
	return Locator{Line: line, Offset: &offset, Path: b.String()}
}

// maxNames is how many different child names are counted under one element.
const maxNames = 1024

func readXML(s *stream, token int64, sink Sink, inner string) error {
	base := s.cursor
	s.ahead = token
	d := &document{s: s, seed: maphash.MakeSeed()}
	d.piece = Piece{Inner: inner, Place: d}
	dec := xml.NewDecoder(s)
	dec.Strict = false
	dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // decoded already
	for {
		from := base + dec.InputOffset()
		s.release(from)
		tok, err := dec.RawToken()
		to := base + dec.InputOffset()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			if s.failed != nil {
				return s.failed
			}
			s.rewind(from) // no XML from here on, or a value that is too long
			return readText(s, sink, inner)
		}
		if err := d.token(tok, from, to, sink); err != nil {
			return err
		}
		if len(d.open) > maxDepth {
			s.rewind(to)
			return readText(s, sink, inner)
		}
	}
}

func (d *document) token(tok xml.Token, from, to int64, sink Sink) error {
	switch tok := tok.(type) {
	case xml.StartElement:
		d.enter(tok.Name.Local)
		return d.attributes(tok.Attr, from, to, sink)
	case xml.EndElement:
		if len(d.open) > 0 {
			d.open = d.open[:len(d.open)-1]
		}
	case xml.CharData, xml.Comment:
		if to-from < 4 {
			return nil
		}
		d.raw = d.s.slice(d.raw[:0], from, to)
		return d.hand(d.raw, from, d.top(), sink)
	}
	return nil
}

func (d *document) enter(name string) {
	e := element{name: name, index: 1, pattern: maphash.String(d.seed, name)}
	if n := len(d.open); n > 0 {
		up := &d.open[n-1]
		if up.names == nil {
			up.names = map[string]int{}
		}
		if up.names[name] > 0 || len(up.names) < maxNames {
			up.names[name]++
			e.index = up.names[name]
		}
		e.pattern += up.pattern * 31
	}
	d.open = append(d.open, e)
}

func (d *document) top() string {
	if len(d.open) == 0 {
		return ""
	}
	return d.open[len(d.open)-1].name
}

func (d *document) attributes(attrs []xml.Attr, from, to int64, sink Sink) error {
	if len(attrs) == 0 {
		return nil
	}
	d.raw = d.s.slice(d.raw[:0], from, to)
	return eachAttribute(d.raw, func(name string, start, end int) error {
		if end-start < 4 || quietAttributes[name] || strings.HasPrefix(name, "xmlns") {
			return nil
		}
		d.attr = name
		defer func() { d.attr = "" }()
		return d.hand(d.raw[start:end], from+int64(start), name, sink)
	})
}

func (d *document) hand(raw []byte, at int64, header string, sink Sink) error {
	d.value.reset()
	d.value.entities(raw, at)
	d.piece.Bytes, d.piece.Header = d.value.text, header
	d.piece.Column = 0
	if n := len(d.open); n > 0 {
		d.piece.Column = d.open[n-1].pattern + maphash.String(d.seed, d.attr)
	}
	return sink.Piece(&d.piece)
}

// eachAttribute calls f with the name and the raw value of every attribute of a
// tag, entities and all, so that its place is known to the byte.
func eachAttribute(tag []byte, f func(name string, start, end int) error) error {
	i := 1
	for i < len(tag) && tag[i] > ' ' && tag[i] != '>' {
		i++
	}
	for i < len(tag) {
		for i < len(tag) && (tag[i] <= ' ' || tag[i] == '/' || tag[i] == '>') {
			i++
		}
		name := i
		for i < len(tag) && tag[i] > ' ' && tag[i] != '=' && tag[i] != '>' && tag[i] != '/' {
			i++
		}
		if i == name {
			i++
			continue
		}
		word := string(tag[name:i])
		for i < len(tag) && tag[i] <= ' ' {
			i++
		}
		if i >= len(tag) || tag[i] != '=' {
			continue
		}
		i++
		for i < len(tag) && tag[i] <= ' ' {
			i++
		}
		start, end := i, i
		if i < len(tag) && (tag[i] == '"' || tag[i] == '\'') {
			quote := tag[i]
			start++
			for i++; i < len(tag) && tag[i] != quote; i++ {
			}
			end = i
			i++
		} else {
			for i < len(tag) && tag[i] > ' ' && tag[i] != '>' {
				i++
			}
			end = i
		}
		if start <= end && end <= len(tag) {
			if err := f(strings.ToLower(word), start, end); err != nil {
				return err
			}
		}
	}
	return nil
}
