package formats

import (
	"bytes"
	"errors"
	"io"
	"strconv"
)

const (
	maxRecord = 1 << 20 // bytes of a row; a longer one is cut, as an unclosed quote makes one of half a file
	maxFields = 16384
	maxHeader = 200 // bytes kept of a column's header
	sniffRows = 8
)

// field is a value in table.row.
type field struct {
	start, end int
	at         int64 // decoded position of its first byte
}

// table reads CSV and its relatives (RFC 4180, any of four separators).
type table struct {
	s       *stream
	sep     byte
	row     []byte
	fields  []field
	headers []string
	number  int64 // of the row, from 1
	piece   Piece
	current int // field that the piece shows
	buf     []byte
	pos     int
	base    int64 // decoded position of buf[0]
	err     error
}

func (t *table) Locate(i int) Locator {
	f := t.fields[t.current]
	offset, line := t.s.place(f.at + int64(i))
	return Locator{Line: line, Offset: &offset, Cell: cellName(t.current, t.number)}
}

// cellName is a spreadsheet's name for a column, from 0, and a row, from 1: B7.
func cellName(column int, row int64) string { return columnName(column) + strconv.FormatInt(row, 10) }

func columnName(column int) string {
	name := ""
	for column++; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name
}

func readTable(s *stream, sep byte, sink Sink, inner string) error {
	t := &table{s: s, sep: sep, buf: make([]byte, 0, 64<<10)}
	t.piece = Piece{Inner: inner, Place: t}
	for {
		more, err := t.next()
		if err != nil {
			return err
		}
		if !more {
			return nil
		}
		if t.number == 1 && looksLikeHeader(t.row, t.fields) {
			for _, f := range t.fields {
				t.headers = append(t.headers, string(bytes.TrimSpace(t.row[f.start:min(f.end, f.start+maxHeader)])))
			}
		}
		if err := t.hand(sink); err != nil {
			return err
		}
	}
}

// hand gives every field of the row to the sink, the header's too: a file
// without one begins with a person.
func (t *table) hand(sink Sink) error {
	isHeader := t.number == 1 && t.headers != nil
	for i, f := range t.fields {
		if f.end-f.start < 4 {
			continue
		}
		t.current = i
		t.piece.Bytes = t.row[f.start:f.end]
		t.piece.Header = ""
		if i < len(t.headers) && !isHeader {
			t.piece.Header = t.headers[i]
		}
		t.piece.Column = uint64(i) + 1
		t.piece.Record = uint64(t.number)
		if err := sink.Piece(&t.piece); err != nil {
			return err
		}
	}
	return nil
}

// looksLikeHeader says that no field of a first row has five digits and that
// at least two are filled, or one that stands alone.
func looksLikeHeader(row []byte, fields []field) bool {
	filled := 0
	for _, f := range fields {
		cell := bytes.TrimSpace(row[f.start:f.end])
		if digitsIn(cell) >= 5 || bytes.IndexByte(cell, '@') >= 0 {
			return false
		}
		if len(cell) > 0 {
			filled++
		}
	}
	return filled > 0
}

func digitsIn(b []byte) int {
	n := 0
	for i, c := range b {
		if c-'0' <= 9 || c >= 0x90 && c <= 0x99 && i > 0 && b[i-1] == 0xB9 {
			n++
		}
	}
	return n
}

// next reads a row. It is false at the end.
func (t *table) next() (bool, error) {
	t.row, t.fields = t.row[:0], t.fields[:0]
	t.number++
	t.s.release(t.base + int64(t.pos))
	for {
		ended, any, err := t.field()
		if err != nil {
			return false, err
		}
		if ended {
			return any || len(t.fields) > 1 || len(t.row) > 0, nil
		}
	}
}

// peek is the next byte; ok is false at the end of the file.
func (t *table) peek() (byte, bool) {
	if t.pos == len(t.buf) {
		if t.err != nil {
			return 0, false
		}
		t.base += int64(len(t.buf))
		n, err := t.s.Read(t.buf[:cap(t.buf)])
		t.buf, t.pos = t.buf[:n], 0
		if err != nil {
			t.err = err
			if n == 0 {
				return 0, false
			}
		}
	}
	return t.buf[t.pos], true
}

// field reads one field and what ends it. ended says that the row is over; any,
// that a line was there at all.
func (t *table) field() (ended, any bool, err error) {
	f := field{start: len(t.row)}
	c, ok := t.peek()
	if !ok {
		return t.finish(f)
	}
	f.at = t.base + int64(t.pos)
	quoted := c == '"'
	if quoted {
		t.pos++
		f.at++
	}
	for {
		c, ok := t.peek()
		switch {
		case !ok:
			f.end = len(t.row)
			t.fields = append(t.fields, f)
			return t.finish(f)
		case quoted && c == '"':
			t.pos++
			next, more := t.peek()
			if more && next == '"' { // kept doubled, so that offsets stay
				t.row = append(t.row, '"', '"')
				t.pos++
				continue
			}
			quoted = false
			if more && next != t.sep && next != '\n' && next != '\r' {
				t.row = append(t.row, '"') // text behind a quote: kept for the same reason
			}
			continue
		case !quoted && c == t.sep:
			t.pos++
			t.close(f)
			return len(t.fields) >= maxFields, true, nil
		case !quoted && c == '\n' || len(t.row) >= maxRecord:
			if c == '\n' {
				t.pos++
			}
			t.close(f)
			return true, true, nil
		}
		t.take(quoted)
	}
}

// take appends bytes up to the next one that may mean something.
func (t *table) take(quoted bool) {
	rest := t.buf[t.pos:]
	n := 1
	if quoted {
		for n < len(rest) && rest[n] != '"' {
			n++
		}
	} else {
		for n < len(rest) && rest[n] != t.sep && rest[n] != '\n' && rest[n] != '"' {
			n++
		}
	}
	n = min(n, maxRecord-len(t.row)+1)
	t.row = append(t.row, rest[:n]...)
	t.pos += n
}

func (t *table) close(f field) {
	f.end = len(t.row)
	if f.end > f.start && t.row[f.end-1] == '\r' {
		f.end--
	}
	t.fields = append(t.fields, f)
}

func (t *table) finish(field) (ended, any bool, err error) {
	if errors.Is(t.err, io.EOF) {
		return true, false, nil
	}
	return true, false, t.err
}

// sniffSeparator finds what parts the fields of the first lines: the character
// that stands equally often in each. Zero when none does.
func sniffSeparator(head []byte, cut bool) byte {
	best, bestCount := byte(0), 0
	for _, sep := range []byte{',', '\t', ';', '|'} {
		if n := steady(head, sep, cut); n > bestCount {
			best, bestCount = sep, n
		}
	}
	return best
}

// steady is how often sep stands outside of quotes in each of the first records,
// 0 when they differ.
func steady(head []byte, sep byte, cut bool) int {
	count, rows, n, filled, quoted := -1, 0, 0, false, false
	record := func() bool {
		if filled {
			if count >= 0 && n != count {
				return false
			}
			count = n
			rows++
		}
		n, filled = 0, false
		return true
	}
	for _, c := range head {
		switch {
		case c == '"':
			quoted = !quoted
			filled = true
		case c == '\n' && !quoted:
			if !record() {
				return 0
			}
			if rows == sniffRows {
				return count
			}
		case c == sep && !quoted:
			n++
			filled = true
		case c > ' ':
			filled = true
		}
	}
	if !cut && !record() {
		return 0
	}
	return max(count, 0)
}
