package detect

// Detector finds personal data in text. It keeps buffers, so it is for one
// goroutine; make another with [Detector.Another], which shares the lexicon.
type Detector struct {
	lexicon    *lexicon
	headers    map[string]set
	lastHeader string
	lastKinds  set
	window     normal
	near       around
	spans      []span
	group      group
	found      Found
	pending    []Hit // of one place, of which the best are kept
	deep       bool  // looks through decoded text already
	nested     *Detector
	plain      []byte
	plainAt    []int32
	// lastCitizen is where the last citizen number ended, 0 before.
	lastCitizen int

	encodedEnd, base64End, tokenEnd, addressEnd int
	nearStart, nearEnd                          int // what near was read for
}

// New makes a detector.
func New() *Detector {
	return &Detector{lexicon: newLexicon(), headers: map[string]set{}}
}

// Another makes a detector for another goroutine.
func (d *Detector) Another() *Detector {
	return &Detector{lexicon: d.lexicon, headers: map[string]set{}}
}

// What a byte may begin.
const (
	plain = iota
	digit
	at
	thai
	percent
	wide   // other characters that may be digits
	equals // the end of base64
)

// begins says for each byte what it may begin, so that the loop over text
// passes over all others.
var begins = func() (table [256]uint8) {
	for c := '0'; c <= '9'; c++ {
		table[c] = digit
	}
	table['@'], table['%'], table['&'], table[0xE0], table[0xEF], table['='] = at, percent, percent, thai, wide, equals
	return table
}()

// Thai characters that something may begin with, by the last six bits of their
// second byte's lowest bit and third byte: U+0E00 to U+0E7F.
var thaiBegins = func() (table [128]bool) {
	for _, r := range "นดเตแช๐๑๒๓๔๕๖๗๘๙" {
		table[r-0x0E00] = true
	}
	return table
}()

// Find looks through t and hands what it finds to found, in the order of the
// text. Of candidates that overlap, only the best is handed on.
func (d *Detector) Find(t *Text, found Found) {
	d.found = found
	d.encodedEnd, d.base64End, d.tokenEnd, d.addressEnd = 0, 0, 0, 0
	d.nearStart, d.nearEnd = -1, -1
	d.lastCitizen = 0
	d.pending = d.pending[:0]
	if t.Header != "" {
		d.cell(t)
	}
	d.blocks(t)
	b := t.Bytes
	for i := t.Skip; i < len(b); {
		switch begins[b[i]] {
		case plain:
			i++
			for i < len(b) && begins[b[i]] == plain {
				i++
			}
		case thai:
			i = d.thai(t, i)
		case digit:
			i = d.number(t, i)
		case at:
			i = d.email(t, i)
		case percent:
			i = d.encoded(t, i)
		case equals:
			if i >= base64Min && isBase64(b[i-1]) && isBase64(b[i-base64Min]) {
				d.base64Around(t, i-1)
			}
			i++
		case wide:
			if len(b)-i >= 3 && b[i+1] == 0xBC && b[i+2] >= 0x90 && b[i+2] <= 0x99 {
				i = d.number(t, i)
			} else {
				i++
			}
		}
	}
	d.flush()
}

// cell looks at the whole value under a header.
func (d *Detector) cell(t *Text) {
	ks := d.headerKinds(t.Header)
	if ks.any(setOf(ofFullName, ofPartName, ofName)) && !ks.has(ofEmail) {
		d.nameCell(t, ks)
	}
	if ks.has(ofAddress) && !ks.has(ofEmail) {
		d.addressCell(t)
	}
}

// thai passes over Thai text until something begins.
func (d *Detector) thai(t *Text, i int) int {
	b := t.Bytes
	for i+2 < len(b) && b[i] == 0xE0 {
		if b[i+1]&0xFE != 0xB8 {
			i += 3
			continue
		}
		c := b[i+1]&1<<6 | b[i+2]&0x3F
		if !thaiBegins[c] {
			i += 3
			continue
		}
		switch {
		case c >= 0x50: // ๐ to ๙
			return d.number(t, i)
		case c == 'ต'-0x0E00, c == 'แ'-0x0E00:
			if beginsTambon(b[i:]) {
				d.address(t, i)
			}
		case c == 'ช'-0x0E00:
			if len(b)-i > 12 && string(b[i:i+12]) == "ชื่อ" {
				return d.labelled(t, i)
			}
		default:
			if mayTitle(b[i:]) && titleAt(b[i:]) != "" {
				return d.name(t, i)
			}
		}
		i += 3
	}
	if i+2 >= len(b) && i < len(b) {
		return i + 1
	}
	return i
}

// number looks at the digits at i as whatever they could be.
func (d *Detector) number(t *Text, i int) int {
	g := &d.group
	next := g.read(t.Bytes, i)
	if g.nd == 0 {
		return i + 1
	}
	if g.cut && g.nr > 1 { // go on with the last run, which may be cut
		next = g.start(g.runs[g.nr-1].first)
		g.nr--
	}
	if g.nd < 4 && g.nr == 1 && next-i < 4 {
		d.short(t, g)
		d.long(t, i, next)
		return next
	}
	for r := 0; r < g.nr; r++ {
		d.citizen(t, g, r)
		d.phone(t, g, r)
		d.bank(t, g, r)
		d.card(t, g, r)
		d.birth(t, g, r)
		d.laser(t, g, r)
		d.passport(t, g, r)
		d.health(t, g, r)
		d.vehicle(t, g, r)
		d.geo(t, g, r)
		d.addressTail(t, g, r)
	}
	d.long(t, i, next)
	return max(next, i+1)
}

// short looks at one run of up to three digits.
func (d *Detector) short(t *Text, g *group) {
	d.vehicle(t, g, 0)
	if g.nd <= 2 {
		d.birth(t, g, 0)
	}
}

// long looks at the token that digits stand in, when letters touch them.
func (d *Detector) long(t *Text, i, next int) {
	b := t.Bytes
	if i > 0 && isBase64(b[i-1]) || next < len(b) && isBase64(b[next]) {
		d.token(t, i)
		d.base64Around(t, i)
	}
}

// add keeps a hit until all that may overlap it are known.
func (d *Detector) add(h Hit) {
	if h.Score < 20 {
		return
	}
	if n := len(d.pending); n >= maxPending {
		d.flush()
	}
	d.pending = append(d.pending, h)
}

const maxPending = 256

// flush hands pending hits on. Of two that overlap the better one stays; of two
// as good the earlier class in the order of [Classes] is what was added first.
func (d *Detector) flush() {
	hits := d.pending
	for i := range hits {
		for k := i; k > 0 && hits[k].Start < hits[k-1].Start; k-- {
			hits[k], hits[k-1] = hits[k-1], hits[k]
		}
	}
	for i := range hits {
		if beaten(hits, i) {
			continue
		}
		d.found.Hit(hits[i])
	}
	d.pending = hits[:0]
}

// beaten says that a better hit overlaps hit i.
func beaten(hits []Hit, i int) bool {
	h := &hits[i]
	for k := range hits {
		o := &hits[k]
		if k == i || o.End <= h.Start || o.Start >= h.End {
			continue
		}
		if o.Score > h.Score || o.Score == h.Score && k < i {
			return true
		}
	}
	return false
}
