package detect

import "unicode/utf8"

const (
	maxDigits = 48
	maxRuns   = 20
)

// run is digits that stand together.
type run struct {
	first, n int  // in group.digits
	sep      byte // what parts it from the run before: 's' space, '-', '.', '/', 0 at the first
}

// group is digits and the separators that people write between them, read once
// and then looked at as whatever number it could be. Thai and full-width digits
// are ASCII here; zero-width characters don't part a run.
type group struct {
	digits [maxDigits]byte
	at     [maxDigits]int32 // where each digit begins
	past   [maxDigits]int32 // and ends
	runs   [maxRuns]run
	nd, nr int
	cut    bool // there was more than fits
}

// start and end are where digit number i begins, and digit number j-1 ends.
func (g *group) start(i int) int { return int(g.at[i]) }
func (g *group) end(j int) int   { return int(g.past[j-1]) }

// read fills the group from the digit at i and returns where to go on.
func (g *group) read(b []byte, i int) int {
	g.nd, g.nr, g.cut = 0, 0, false
	var sep byte
	for {
		n := g.readRun(b, i, sep)
		if n == i {
			return i
		}
		i = n
		if g.nr == maxRuns || g.nd == maxDigits {
			g.cut = true
			return i
		}
		next, s := separator(b, i)
		if s == 0 {
			return i
		}
		i, sep = next, s
	}
}

func (g *group) readRun(b []byte, i int, sep byte) int {
	first := g.nd
	end := i
	for i < len(b) {
		c := b[i]
		size := 1
		if !isDigit(c) {
			if c < utf8.RuneSelf {
				break
			}
			r, n := utf8.DecodeRune(b[i:])
			size = n
			d, ok := thaiDigit(r)
			if !ok {
				if isZeroWidth(r) && g.nd > first {
					i += size
					continue
				}
				break
			}
			c = d
		}
		if g.nd == maxDigits { // the rest of an endless run is no number of a person
			for i < len(b) && isDigit(b[i]) {
				i++
			}
			end = i
			break
		}
		g.digits[g.nd], g.at[g.nd], g.past[g.nd] = c, int32(i), int32(i+size)
		g.nd++
		i += size
		end = i
	}
	if g.nd > first {
		g.runs[g.nr] = run{first, g.nd - first, sep}
		g.nr++
	}
	return end
}

// separator reads what may stand between two runs of one number: up to three
// spaces and dashes, or one point or slash, with a digit behind. Zero when
// something else stands there.
func separator(b []byte, i int) (next int, kind byte) {
	for n := 0; n < 4 && i < len(b); n++ {
		c := b[i]
		if isDigit(c) {
			return i, kind
		}
		switch {
		case c == ' ' || c == '+': // a plus is a space in a query
			if kind == '.' || kind == '/' {
				return i, 0
			}
			if kind == 0 {
				kind = 's'
			}
			i++
			continue
		case c == '-':
			if kind == '.' || kind == '/' {
				return i, 0
			}
			i, kind = i+1, '-'
			continue
		case c == '.' || c == '/':
			if kind != 0 {
				return i, 0
			}
			i, kind = i+1, c
			continue
		case c == ')' && n == 0: // (02) 123…
			i, kind = i+1, 's'
			continue
		case c < utf8.RuneSelf:
			return i, 0
		}
		r, size := utf8.DecodeRune(b[i:])
		if _, ok := thaiDigit(r); ok {
			return i, kind
		}
		switch {
		case isZeroWidth(r):
		case isSpace(r):
			if kind == 0 {
				kind = 's'
			}
		case isDash(r):
			kind = '-'
		default:
			return i, 0
		}
		i += size
	}
	return i, 0
}

// spansOf gives the end run for a number of exactly n digits that begins with
// run r and whose parts are separated by spaces or dashes, in at most parts
// runs. ok is false when the runs don't add up.
func (g *group) spansOf(r, n, parts int) (last int, ok bool) {
	sum := 0
	for k := r; k < g.nr && k < r+parts; k++ {
		if k > r && (g.runs[k].sep == '/' || g.runs[k].sep == '.') {
			return 0, false
		}
		sum += g.runs[k].n
		if sum == n {
			return k, true
		}
		if sum > n {
			return 0, false
		}
	}
	return 0, false
}

// shape says that the runs from r have these lengths.
func (g *group) shape(r int, lengths ...int) bool {
	if r+len(lengths) > g.nr {
		return false
	}
	for k, n := range lengths {
		if g.runs[r+k].n != n {
			return false
		}
	}
	return true
}

// text is the digits of runs r to last.
func (g *group) text(r, last int) []byte {
	return g.digits[g.runs[r].first : g.runs[last].first+g.runs[last].n]
}

// bounds is where runs r to last begin and end in the text.
func (g *group) bounds(r, last int) (start, end int) {
	return g.start(g.runs[r].first), g.end(g.runs[last].first + g.runs[last].n)
}
