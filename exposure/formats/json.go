package formats

import (
	"bytes"
	"errors"
	"hash/maphash"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxDepth of objects and arrays. What lies deeper is read as text.
const maxDepth = 256

// frame is an open object or array.
type frame struct {
	kind    byte
	key     string // of the member that is read, in an object
	index   int64  // of the element, in an array
	named   bool   // the next string of an object is a value
	pattern uint64 // stands for the path without indexes
}

// tree reads JSON values one after the other, so that NDJSON needs nothing of
// its own.
type tree struct {
	s      *stream
	dec    *jsontext.Decoder
	base   int64 // stream position of the decoder's first byte
	frames []frame
	top    int64 // top-level values, from 1
	value  mapped
	piece  Piece
	seed   maphash.Seed
	prefix string // of every path: where this JSON stands in another file
}

func (t *tree) Locate(i int) Locator {
	offset, line := t.s.place(t.value.place(i))
	return Locator{Line: line, Offset: &offset, Path: t.prefix + t.path()}
}

// path is a JSON pointer (RFC 6901).
func (t *tree) path() string {
	var b strings.Builder
	for _, f := range t.frames {
		b.WriteByte('/')
		if f.kind == '[' {
			b.WriteString(strconv.FormatInt(f.index, 10))
		} else {
			b.WriteString(pointerEscape.Replace(f.key))
		}
	}
	return b.String()
}

var pointerEscape = strings.NewReplacer("~", "~0", "/", "~1")

// newTree reads from r, which gives the stream's text from base on.
func newTree(s *stream, r io.Reader, base int64, inner, prefix string) *tree {
	t := &tree{
		s: s, base: base, prefix: prefix, seed: maphash.MakeSeed(),
		dec: jsontext.NewDecoder(r, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)),
	}
	t.piece = Piece{Inner: inner, Place: t}
	return t
}

// readJSON reads the stream from its cursor. Where it is no JSON any more, the
// rest is read as text.
func readJSON(s *stream, token int64, sink Sink, inner string) error {
	base := s.cursor
	s.ahead = token
	t := newTree(s, s, base, inner, "")
	err := t.walk(sink, true)
	if err == nil || errors.Is(err, io.EOF) {
		return nil
	}
	if !t.broken(err) {
		return err
	}
	s.rewind(t.base + t.dec.InputOffset())
	return readText(s, sink, inner)
}

// broken says that the document is at fault, not the reading of it.
func (t *tree) broken(err error) bool {
	var syntactic *jsontext.SyntacticError
	return errors.As(err, &syntactic) || errors.Is(err, errToken) || errors.Is(err, errDeep) || errors.Is(err, io.ErrUnexpectedEOF)
}

var errDeep = errors.New("nested too deep")

// walk reads values until the end. whole says that the stream may be released
// as far as it was read.
func (t *tree) walk(sink Sink, whole bool) error {
	for {
		if whole {
			t.s.release(t.base + t.dec.InputOffset())
		}
		kind := t.dec.PeekKind()
		switch kind {
		case '{', '[':
			if len(t.frames) >= maxDepth {
				return errDeep
			}
			if _, err := t.dec.ReadToken(); err != nil {
				return err
			}
			t.enter(byte(kind))
		case '}', ']':
			if _, err := t.dec.ReadToken(); err != nil {
				return err
			}
			t.frames = t.frames[:len(t.frames)-1]
			t.done()
		default:
			raw, err := t.dec.ReadValue()
			if err != nil {
				return err
			}
			if err := t.scalar(raw, sink); err != nil {
				return err
			}
		}
	}
}

func (t *tree) enter(kind byte) {
	if len(t.frames) == 0 {
		t.top++
	}
	t.frames = append(t.frames, frame{kind: kind, pattern: t.pattern()})
}

// pattern stands for the path of the value that is read, indexes left out.
func (t *tree) pattern() uint64 {
	if len(t.frames) == 0 {
		return 1
	}
	f := &t.frames[len(t.frames)-1]
	if f.kind == '[' {
		return f.pattern*31 + 7
	}
	return f.pattern*31 + maphash.String(t.seed, f.key)
}

// done moves on to the next member or element.
func (t *tree) done() {
	if len(t.frames) == 0 {
		return
	}
	f := &t.frames[len(t.frames)-1]
	f.index++
	f.named = false
}

// record is the element of the innermost array, or the top-level value.
func (t *tree) record() uint64 {
	var h maphash.Hash
	h.SetSeed(t.seed)
	last := -1
	for i := range t.frames {
		if t.frames[i].kind == '[' && t.frames[i].index >= 0 {
			last = i
		}
	}
	h.WriteString(strconv.FormatInt(t.top, 10))
	for i := 0; i <= last; i++ {
		h.WriteByte('/')
		if t.frames[i].kind == '[' {
			h.WriteString(strconv.FormatInt(t.frames[i].index, 10))
		} else {
			h.WriteString(t.frames[i].key)
		}
	}
	return h.Sum64() | 1
}

// scalar takes a string, number or literal: a member's name, or a value.
func (t *tree) scalar(raw []byte, sink Sink) error {
	at := t.base + t.dec.InputOffset() - int64(len(raw))
	isString := raw[0] == '"'
	t.value.reset()
	if isString {
		t.value.quoted(raw[1:len(raw)-1], at+1)
	} else {
		t.value.plain(raw, at)
	}
	if n := len(t.frames); n > 0 && t.frames[n-1].kind == '{' && !t.frames[n-1].named {
		f := &t.frames[n-1]
		f.named = true
		f.key = string(t.value.text[:min(len(t.value.text), maxHeader)])
		if digitsIn(t.value.text) < 5 && bytes.IndexByte(t.value.text, '@') < 0 {
			return nil
		}
		// A key may itself be somebody's number.
		t.piece.Text.Bytes, t.piece.Header, t.piece.Column, t.piece.Record = t.value.text, "", 0, t.record()
		return sink.Piece(&t.piece)
	}
	if len(t.frames) == 0 {
		t.top++
	}
	defer t.done()
	if len(t.value.text) < 4 {
		return nil
	}
	t.piece.Bytes, t.piece.Header = t.value.text, t.header()
	t.piece.Column, t.piece.Record = t.pattern(), t.record()
	return sink.Piece(&t.piece)
}

// header is the nearest key.
func (t *tree) header() string {
	for i := len(t.frames) - 1; i >= 0; i-- {
		if t.frames[i].kind == '{' {
			return t.frames[i].key
		}
	}
	return ""
}
