package detect

import "unicode/utf8"

// lexicon is an Aho-Corasick automaton over the words: one pass over a window
// finds all of them, however many there are. It is built once and then only
// read, so detectors share it.
type lexicon struct {
	alphabet [256]uint8 // byte -> column; 0 stands in no word
	columns  int
	next     []uint16 // state*columns + column -> state
	found    [][]entry
}

// entry is a word that ends in a state.
type entry struct {
	kind   kind
	length int  // bytes
	latin  bool // begins and ends at a border of Latin letters
}

// span is a word found in a window.
type span struct {
	kind       kind
	start, end int
}

func newLexicon() *lexicon {
	l := &lexicon{columns: 1}
	for _, row := range words {
		for _, w := range row.words {
			for i := range len(w) {
				if l.alphabet[w[i]] == 0 {
					l.alphabet[w[i]] = uint8(l.columns)
					l.columns++
				}
			}
		}
	}
	l.grow()
	for _, row := range words {
		for _, w := range row.words {
			l.add(w, row.kind)
		}
	}
	l.link()
	return l
}

func (l *lexicon) grow() uint16 {
	l.next = append(l.next, make([]uint16, l.columns)...)
	l.found = append(l.found, nil)
	return uint16(len(l.found) - 1)
}

func (l *lexicon) add(word string, k kind) {
	state := uint16(0)
	for i := range len(word) {
		at := int(state)*l.columns + int(l.alphabet[word[i]])
		if l.next[at] == 0 {
			to := l.grow()
			l.next[at] = to
		}
		state = l.next[at]
	}
	l.found[state] = append(l.found[state], entry{k, len(word), word[0] < utf8.RuneSelf})
}

// link turns the tree into an automaton, breadth first: a missing step goes
// where the longest suffix that is a beginning of some word would go.
func (l *lexicon) link() {
	fail := make([]uint16, len(l.found))
	queue := []uint16{}
	for c := 1; c < l.columns; c++ {
		if to := l.next[c]; to != 0 {
			queue = append(queue, to)
		}
	}
	for len(queue) > 0 {
		state := queue[0]
		queue = queue[1:]
		l.found[state] = append(l.found[state], l.found[fail[state]]...)
		for c := range l.columns {
			at := int(state)*l.columns + c
			beside := l.next[int(fail[state])*l.columns+c]
			if to := l.next[at]; to != 0 {
				fail[to] = beside
				queue = append(queue, to)
			} else {
				l.next[at] = beside
			}
		}
	}
}

// scan appends the words of a normalised window to out: of those that begin at
// one place the longest speaks, and a word inside a longer one is silent, so
// that "บัญชี" says nothing in "ชื่อบัญชี".
func (l *lexicon) scan(window []byte, out []span) []span {
	first := len(out)
	state := uint16(0)
	for i, b := range window {
		state = l.next[int(state)*l.columns+int(l.alphabet[b])]
		for _, e := range l.found[state] {
			start := i + 1 - e.length
			if e.latin && !latinBorders(window, start, i+1) {
				continue
			}
			for len(out) > first && out[len(out)-1].start >= start && e.length > out[len(out)-1].end-out[len(out)-1].start {
				out = out[:len(out)-1]
			}
			if len(out) > first && out[len(out)-1].end >= i+1 && out[len(out)-1].start <= start {
				continue
			}
			out = append(out, span{e.kind, start, i + 1})
		}
	}
	return out
}

// latinBorders says that no Latin letter touches a word, so that "cid" is not
// found in "acid", and no digit before it, as in 0x1baac. Digits may follow:
// id1101….
func latinBorders(window []byte, start, end int) bool {
	return (start == 0 || !isLatin(window[start-1]) && !isDigit(window[start-1])) && (end == len(window) || !isLatin(window[end]))
}

func isLatin(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

func isDigit(b byte) bool { return b-'0' <= 9 }
