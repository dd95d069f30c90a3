package formats

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sort"
)

const blockSize = 128 << 10

// errToken says that a parser asked for more than one value may be long.
var errToken = errors.New("a single value is too long")

// stream is a file as UTF-8, whatever its encoding, that knows for every
// position in the decoded text which byte and line of the file it is. It keeps
// the blocks that a parser has not yet released, and no more.
type stream struct {
	ctx    context.Context
	src    io.Reader
	enc    encoding
	raw    []byte // read and not yet decoded
	begun  bool
	ended  bool
	blocks []block
	cursor int64 // where Read goes on, in decoded bytes
	oldest int64 // what a parser still needs
	ahead  int64 // how far Read may go beyond that; 0 is no limit
	bytes  int64 // of the file, read so far
	limit  int64 // of them; 0 is none
	spare  [][]byte
	failed error // why reading stopped, which is no fault of the text
}

// block is decoded text and what lies before it.
type block struct {
	at, raw, line int64
	text          []byte
	enc           encoding // which its bytes had
}

func newStream(ctx context.Context, src io.Reader, limit int64) *stream {
	return &stream{ctx: ctx, src: src, limit: limit}
}

func (s *stream) end() int64 {
	if len(s.blocks) == 0 {
		return 0
	}
	b := &s.blocks[len(s.blocks)-1]
	return b.at + int64(len(b.text))
}

// more decodes the next block. At the end of the file it returns io.EOF.
func (s *stream) more() error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	if s.ended {
		return io.EOF
	}
	if s.raw == nil {
		s.raw = make([]byte, 0, blockSize)
	}
	for len(s.raw) < blockSize && !s.ended {
		n, err := s.src.Read(s.raw[len(s.raw):blockSize])
		s.raw = s.raw[:len(s.raw)+n]
		s.bytes += int64(n)
		if s.limit > 0 && s.bytes > s.limit {
			return &cut{OverLimit}
		}
		if err == io.EOF {
			s.ended = true
		} else if err != nil {
			return err
		}
	}
	mark := 0
	if !s.begun {
		s.begun = true
		s.enc, mark = sniffMarks(s.raw)
	}
	if s.enc == undecided {
		s.enc = decide(s.raw)
	}
	next := block{at: s.end(), raw: int64(mark), line: 1, enc: s.enc}
	if n := len(s.blocks); n > 0 {
		before := &s.blocks[n-1]
		next.raw = before.raw + before.enc.rawLength(before.text)
		next.line = before.line + int64(bytes.Count(before.text, newline))
	}
	text, took := s.enc.decode(s.buffer(), s.raw[mark:], s.ended)
	next.text = text
	s.raw = append(s.raw[:0], s.raw[mark+took:]...)
	s.release(s.oldest)
	s.blocks = append(s.blocks, next)
	if len(text) == 0 && !s.ended {
		return &cut{Unreadable}
	}
	return nil
}

var newline = []byte{'\n'}

func (s *stream) buffer() []byte {
	if n := len(s.spare); n > 0 {
		b := s.spare[n-1]
		s.spare = s.spare[:n-1]
		return b[:0]
	}
	return make([]byte, 0, blockSize)
}

// release says that nothing before at is needed any more. The block before it
// stays, so that the next one can be counted on.
func (s *stream) release(at int64) {
	s.oldest = max(s.oldest, at)
	for len(s.blocks) > 1 && s.blocks[1].at <= s.oldest && s.blocks[1].at <= s.cursor {
		if len(s.spare) < 4 {
			s.spare = append(s.spare, s.blocks[0].text)
		}
		s.blocks = append(s.blocks[:0], s.blocks[1:]...)
	}
}

// Read gives decoded text at the cursor.
func (s *stream) Read(p []byte) (int, error) {
	if s.ahead > 0 && s.cursor-s.oldest > s.ahead {
		return 0, errToken
	}
	for {
		if b := s.blockAt(s.cursor); b != nil && s.cursor < b.at+int64(len(b.text)) {
			n := copy(p, b.text[s.cursor-b.at:])
			s.cursor += int64(n)
			return n, nil
		}
		if err := s.more(); err != nil {
			if err != io.EOF {
				s.failed = err
			}
			return 0, err
		}
	}
}

// blockAt is the block that holds a position, the last one for its end.
func (s *stream) blockAt(at int64) *block {
	if n := len(s.blocks); n > 0 && at >= s.blocks[n-1].at {
		return &s.blocks[n-1]
	}
	i := sort.Search(len(s.blocks), func(i int) bool { return s.blocks[i].at > at })
	if i == 0 {
		return nil
	}
	return &s.blocks[i-1]
}

// place is the byte of the file and the line of a decoded position.
func (s *stream) place(at int64) (offset, line int64) {
	b := s.blockAt(at)
	if b == nil {
		return 0, 1
	}
	text := b.text[:min(at-b.at, int64(len(b.text)))]
	return b.raw + b.enc.rawLength(text), b.line + int64(bytes.Count(text, newline))
}

// slice appends the decoded text from a to b, which must not have been released.
func (s *stream) slice(dst []byte, a, b int64) []byte {
	for a < b {
		k := s.blockAt(a)
		if k == nil || a >= k.at+int64(len(k.text)) {
			return dst
		}
		part := k.text[a-k.at:]
		if int64(len(part)) > b-a {
			part = part[:b-a]
		}
		dst = append(dst, part...)
		a += int64(len(part))
	}
	return dst
}

// rewind goes back to a position that has not been released.
func (s *stream) rewind(at int64) {
	s.cursor = max(at, s.oldest)
	s.ahead = 0
}
