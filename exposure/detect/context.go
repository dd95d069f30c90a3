package detect

import (
	"bytes"
	"unicode/utf8"
)

// How far round a candidate words are looked for, in bytes of UTF-8; a Thai
// letter has three.
const (
	wordsBefore = 192
	wordsAfter  = 72
	// near is the distance up to which a word speaks with its whole weight.
	near = 66
)

// around is what the words beside a candidate and the header above it say.
type around struct {
	header  set // kinds named by header, key or attribute
	before  []span
	after   []span
	length  int // of the normalised text before
	barrier int // where in it the last other number of four digits or more ends
	line    int // where in it the line of the candidate begins
}

// context looks round the candidate at start to end. It is good until the next
// call. What stands before a place is read once, however many things a number
// there could be.
func (d *Detector) context(t *Text, start, end int) *around {
	a := &d.near
	a.header = d.headerKinds(t.Header)
	if start != d.nearStart {
		d.nearStart, d.nearEnd = start, -1
		d.lookBefore(t, start)
	}
	if end != d.nearEnd {
		d.nearEnd = end
		to := min(len(t.Bytes), end+wordsAfter)
		for to > end && to < len(t.Bytes) && !utf8.RuneStart(t.Bytes[to]) {
			to--
		}
		if nl := bytes.IndexByte(t.Bytes[end:to], '\n'); nl >= 0 {
			to = end + nl // what follows on another line speaks of something else
		}
		d.window.of(t.Bytes[end:to])
		a.after = d.lexicon.scan(d.window.text, a.after[:0])
	}
	return a
}

func (d *Detector) lookBefore(t *Text, start int) {
	a := &d.near
	from := max(0, start-wordsBefore)
	for from < start && !utf8.RuneStart(t.Bytes[from]) {
		from++
	}
	d.window.of(t.Bytes[from:start])
	a.before = d.lexicon.scan(d.window.text, a.before[:0])
	a.length = len(d.window.text)
	a.barrier = lastNumber(d.window.text)
	a.line = 0
	if nl := bytes.LastIndexByte(t.Bytes[from:start], '\n'); nl >= 0 {
		for a.line < len(d.window.at) && int(d.window.at[a.line]) <= nl {
			a.line++
		}
	}
}

// lastNumber is the end of the last number of four or more digits.
func lastNumber(text []byte) int {
	digits := 0
	for i := len(text) - 1; i >= 0; i-- {
		switch {
		case isDigit(text[i]):
			digits++
		case digits >= 4:
			return i + 1 + digits
		default:
			digits = 0
		}
	}
	if digits >= 4 {
		return digits
	}
	return 0
}

// distance to the last word of one of these kinds before the candidate, or
// far when there is none.
func (a *around) behind(ks set) int {
	for i := len(a.before) - 1; i >= 0; i-- {
		if ks.has(a.before[i].kind) {
			return a.length - a.before[i].end
		}
	}
	return far
}

const far = 1 << 20

// supports says how strongly words speak for these kinds: 30 in the header, 25
// close before, 15 farther off, 12 where another number stands between on the
// same line ("โทร 081…, 089…"), 10 behind the candidate. What stands on an
// earlier line, before another number, speaks for that one.
func (a *around) supports(ks set) int {
	if a.header.any(ks) {
		return 30
	}
	if at := a.behind(ks); at < far {
		end := a.length - at
		switch {
		case end >= a.barrier && at <= near:
			return 25
		case end >= a.barrier && end >= a.line:
			return 15
		case end >= a.line:
			return 12
		}
	}
	for _, s := range a.after {
		if ks.has(s.kind) && s.start <= near/2 {
			return 10
		}
	}
	return 0
}

// opposes says that the nearest word before the candidate is of one of these
// kinds, that no other number stands between and that no word of the kinds it
// could be good for is nearer. A header speaks first.
func (a *around) opposes(against, good set) bool {
	if a.header.any(good) {
		return false
	}
	if a.header.any(against) {
		return true
	}
	for i := len(a.before) - 1; i >= 0; i-- {
		s := a.before[i]
		switch {
		case a.length-s.end > near || s.end < a.barrier:
			return false
		case good.has(s.kind):
			return false
		case against.has(s.kind):
			return true
		}
	}
	return false
}

// says that a word of these kinds stands anywhere near: before on the same line
// or just behind.
func (a *around) says(ks set) bool {
	for _, s := range a.before {
		if ks.has(s.kind) && s.start >= a.line {
			return true
		}
	}
	for _, s := range a.after {
		if ks.has(s.kind) && s.start <= near {
			return true
		}
	}
	return a.header.any(ks)
}

// headerKinds is what a header, key or attribute name speaks for. Exports have
// few of them, so they are kept; a file of a million keys doesn't fill the
// memory, because the kept ones are dropped when they are too many.
func (d *Detector) headerKinds(header string) set {
	if header == "" {
		return 0
	}
	if header == d.lastHeader {
		return d.lastKinds
	}
	ks, known := d.headers[header]
	if !known {
		if len(d.headers) >= maxHeaders {
			clear(d.headers)
		}
		ks = d.readHeader(header)
		d.headers[header] = ks
	}
	d.lastHeader, d.lastKinds = header, ks
	return ks
}

const (
	maxHeaders   = 1024
	headerLength = 120
)

func (d *Detector) readHeader(header string) set {
	if len(header) > headerLength {
		header = header[:headerLength]
	}
	d.window.of([]byte(header))
	text := d.window.text
	d.spans = d.lexicon.scan(text, d.spans[:0])
	var ks set
	for _, s := range d.spans {
		ks |= setOf(s.kind)
	}
	// A bare "at", "time" or "ms" at the end: publishedAt, read_time, took_ms.
	for _, end := range []string{" at", " time", " ts", " ms", " on", " date"} {
		if len(text) > len(end) && string(text[len(text)-len(end):]) == end && !ks.has(ofBirth) {
			ks |= setOf(ofTime)
		}
	}
	return ks
}
