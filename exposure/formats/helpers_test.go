package formats_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"chipproof/exposure/formats"
)

// pdf is started once for all tests, as programs do it.
var pdf formats.PDF

func TestMain(m *testing.M) {
	code := m.Run()
	if err := pdf.Close(); err != nil {
		fmt.Fprintln(os.Stderr, "close PDF pool:", err)
		code = 1
	}
	os.Exit(code)
}

func newReader(l formats.Limits) *formats.Reader {
	r := formats.NewReader(l)
	r.PDF = &pdf
	return r
}

// content is a source in memory.
type content []byte

func (c content) Open(context.Context) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(c)), nil
}
func (c content) Size() int64 { return int64(len(c)) }

// seen is a piece as it was handed over.
type seen struct {
	text, header, inner string
	at                  formats.Locator // of the word that is looked for, or of the first byte
	column, record      uint64
}

// sink keeps pieces that hold a word.
type sink struct {
	word    string
	pieces  []seen
	skipped map[string]formats.Reason
	all     strings.Builder
}

func (s *sink) Piece(p *formats.Piece) error {
	text := string(p.Bytes)
	s.all.WriteString(text[p.Skip:] + "\x00")
	i := strings.Index(text[p.Skip:], s.word)
	if i < 0 {
		return nil
	}
	s.pieces = append(s.pieces, seen{text[p.Skip:], p.Header, p.Inner, p.Place.Locate(p.Skip + i), p.Column, p.Record})
	return nil
}

func (s *sink) NotRead(inner string, why formats.Reason) {
	if s.skipped == nil {
		s.skipped = map[string]formats.Reason{}
	}
	s.skipped[inner] = why
}

// read reads content and keeps the pieces that hold word.
func read(tb testing.TB, name string, data []byte, word string, l formats.Limits) (*sink, formats.Stats) {
	tb.Helper()
	r := newReader(l)
	s := &sink{word: word}
	stats, err := r.Read(tb.Context(), name, "", content(data), s)
	require.NoError(tb, err)
	return s, stats
}

// one expects the word in exactly one piece.
func one(tb testing.TB, name, data, word string) seen {
	tb.Helper()
	s, _ := read(tb, name, []byte(data), word, formats.Limits{})
	require.Len(tb, s.pieces, 1, "%q in %q", word, s.all.String())
	return s.pieces[0]
}

// packed makes an archive of names and contents, in pairs.
func packed(tb testing.TB, pairs ...string) []byte {
	tb.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.Create(pairs[i])
		require.NoError(tb, err)
		_, err = w.Write([]byte(pairs[i+1]))
		require.NoError(tb, err)
	}
	require.NoError(tb, z.Close())
	return out.Bytes()
}

func offset(l formats.Locator) int64 {
	if l.Offset == nil {
		return -1
	}
	return *l.Offset
}
