package formats

import (
	"bytes"
	"io"
	"unicode/utf8"
)

const (
	chunkSize = 256 << 10
	chunkTail = 256 // what the next chunk gets of the one before, for its words
	// holdBack is what a chunk without any border keeps for the next one, so
	// that no candidate is cut.
	holdBack = 512
)

// text reads flowing text from the stream's cursor to its end, in chunks that
// end at a line, or else at a space.
type text struct {
	s     *stream
	piece Piece
	at    int64 // of the piece's first byte, decoded
}

func (t *text) Locate(i int) Locator {
	offset, line := t.s.place(t.at + int64(i))
	return Locator{Line: line, Offset: &offset}
}

func readText(s *stream, sink Sink, inner string) error {
	t := &text{s: s, at: s.cursor}
	t.piece = Piece{Inner: inner, Place: t}
	s.oldest = max(s.oldest, s.cursor)
	buf := make([]byte, 0, chunkSize)
	skip := 0
	for {
		n, err := io.ReadFull(s, buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		last := err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !last {
			if n > 0 {
				t.piece.Bytes, t.piece.Skip = buf, skip
				if err := sink.Piece(&t.piece); err != nil {
					return err
				}
			}
			return err
		}
		end := len(buf)
		if !last {
			end = border(buf, skip)
		}
		t.piece.Bytes, t.piece.Skip = buf[:end], skip
		if err := sink.Piece(&t.piece); err != nil || last {
			return err
		}
		from := max(0, end-chunkTail)
		for from < end && !utf8.RuneStart(buf[from]) {
			from++
		}
		skip = end - from
		buf = append(buf[:0], buf[from:]...)
		t.at += int64(from)
		s.release(t.at)
	}
}

// border is where a chunk may end.
func border(b []byte, skip int) int {
	if i := bytes.LastIndexByte(b, '\n'); i >= skip+len(b)/8 {
		return i + 1
	}
	if i := bytes.LastIndexAny(b[len(b)-len(b)/4:], " \t,;"); i >= 0 {
		return len(b) - len(b)/4 + i + 1
	}
	end := len(b) - holdBack
	for end > skip && !utf8.RuneStart(b[end]) {
		end--
	}
	return end
}
