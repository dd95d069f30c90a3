package detect

import "bytes"

// goodFor are the kinds of words that speak for a class.
var goodFor = map[Class]set{
	Phone:       setOf(ofPhone),
	BankAccount: setOf(ofBank),
	Passport:    setOf(ofPassport),
	BirthDate:   setOf(ofBirth),
	Card:        setOf(ofCard),
	LaserCode:   setOf(ofLaser, ofCitizen),
	Health:      setOf(ofHealth),
	Vehicle:     setOf(ofVehicle),
	Geo:         setOf(ofGeo),
}

// phone: 0[689]x with ten digits, 02 and 03x to 07x with nine, or +66 in place
// of the 0. It needs a word, a header, or a person in the same record.
func (d *Detector) phone(t *Text, g *group, r int) {
	digits, last, ok := g.phone(t.Bytes, r)
	if !ok {
		return
	}
	start, end := g.bounds(r, last)
	a := d.context(t, start, end)
	mobile := len(digits) == 10
	score := 22
	if mobile {
		score = 38
	}
	switch {
	case g.phoneShape(r, last):
		score += 7
	case last > r:
		score -= 20 // groups that no phone is written in
	}
	support := a.supports(goodFor[Phone])
	score += support
	switch {
	case a.opposes(setOf(ofGoods, ofTime, ofBank, ofCitizen, ofCard, ofHealth, ofSecret), goodFor[Phone]):
		score -= 40
	case a.says(setOf(ofOffice)) && (!mobile || !a.header.any(goodFor[Phone])):
		score -= 30 // an office's phone, not a person's
	case !mobile && followedByExtension(t.Bytes, end):
		score -= 30
	}
	if r > 0 && g.runs[r].sep == '.' || allEqual(digits[1:]) || last == r && partOfSomethingElse(t.Bytes, g, r, start, end) {
		score -= 30
	}
	d.add(Hit{Class: Phone, Start: start, End: end, Value: NewValue(string(digits)), Score: score, Bare: support == 0})
}

// phoneShapes are the groups in which people write phones, behind +66 too.
var phoneShapes = [][]int{
	{3, 7}, {3, 3, 4}, {2, 4, 4}, {2, 8}, {6, 4}, {3, 4, 3}, // mobile
	{2, 7}, {2, 3, 4}, {3, 6}, {3, 3, 3}, {1, 4, 4}, {2, 4, 3}, {5, 4}, // with wires
	{2, 9}, {2, 2, 3, 4}, {2, 2, 7}, {2, 3, 6}, {2, 1, 4, 4}, {2, 1, 8}, {2, 1, 3, 4}, {2, 1, 7}, {2, 2, 6}, {2, 2, 3, 3}, {2, 1, 2, 3, 4},
}

func (g *group) phoneShape(r, last int) bool {
	for _, s := range phoneShapes {
		if last-r+1 == len(s) && g.shape(r, s...) {
			return true
		}
	}
	return false
}

func (g *group) phone(b []byte, r int) (digits []byte, last int, ok bool) {
	first := g.digits[g.runs[r].first]
	start := g.start(g.runs[r].first)
	plus := start > 0 && b[start-1] == '+'
	switch {
	case first == '0':
		for _, n := range [...]int{10, 9} {
			if last, ok = g.joined(r, n); ok {
				digits = g.text(r, last)
				break
			}
		}
	case plus && first == '6':
		for _, n := range [...]int{11, 10} {
			if last, ok = g.joined(r, n); ok && string(g.text(r, last)[:2]) == "66" {
				digits = append([]byte{'0'}, g.text(r, last)[2:]...)
				break
			}
		}
		// +66 (0) 81 …
		if last, more := g.joined(r, 12); digits == nil && more && string(g.text(r, last)[:3]) == "660" {
			return validPhone(g.text(r, last)[2:], last)
		}
	}
	return validPhone(digits, last)
}

func validPhone(digits []byte, last int) ([]byte, int, bool) {
	switch {
	case len(digits) == 10 && bytes.IndexByte([]byte("689"), digits[1]) >= 0,
		len(digits) == 9 && digits[1] >= '2' && digits[1] <= '7' && digits[1] != '6':
		return digits, last, true
	}
	return nil, 0, false
}

// joined is spansOf for numbers that are also written with points.
func (g *group) joined(r, n int) (last int, ok bool) {
	sum := 0
	for k := r; k < g.nr && k < r+5; k++ {
		if k > r && g.runs[k].sep == '/' {
			return 0, false
		}
		sum += g.runs[k].n
		if sum >= n {
			return k, sum == n
		}
	}
	return 0, false
}

// followedByExtension: "032-491-000 ต่อ 12", "02-123-4567 ext. 3".
func followedByExtension(b []byte, end int) bool {
	rest := bytes.TrimLeft(b[end:min(len(b), end+16)], " -,")
	return bytes.HasPrefix(rest, []byte("ต่อ")) || bytes.HasPrefix(rest, []byte("ext")) || bytes.HasPrefix(rest, []byte("#"))
}

// bank: 10 to 12 digits and a bank word.
func (d *Detector) bank(t *Text, g *group, r int) {
	for n := 12; n >= 10; n-- {
		last, ok := g.spansOf(r, n, 5)
		if !ok {
			continue
		}
		start, end := g.bounds(r, last)
		a := d.context(t, start, end)
		support := a.supports(goodFor[BankAccount])
		if support == 0 || a.opposes(setOf(ofPhone, ofGoods, ofTime, ofCitizen), goodFor[BankAccount]) {
			return
		}
		score := 25 + support
		if g.shape(r, 3, 1, 5, 1) {
			score += 15
		}
		d.add(Hit{Class: BankAccount, Start: start, End: end, Value: NewValue(string(g.text(r, last))), Score: score})
		return
	}
}

// card: a payment card's number, by its issuer's prefix and the Luhn digit.
func (d *Detector) card(t *Text, g *group, r int) {
	var last int
	switch {
	case g.runs[r].n >= 14 && g.runs[r].n <= 19:
		last = r
	case g.shape(r, 4, 4, 4, 4):
		last = r + 3
	case g.shape(r, 4, 6, 5):
		last = r + 2
	default:
		return
	}
	number := g.text(r, last)
	if !cardPrefix(number) || !luhn(number) || allEqual(number) {
		return
	}
	start, end := g.bounds(r, last)
	a := d.context(t, start, end)
	score := 45 + a.supports(goodFor[Card])
	if last > r {
		score += 20
	}
	if a.opposes(setOf(ofGoods, ofTime, ofPhone, ofBank), goodFor[Card]) ||
		last == r && partOfSomethingElse(t.Bytes, g, r, start, end) {
		score -= 40
	}
	d.add(Hit{Class: Card, Start: start, End: end, Value: NewValue(string(number)), Score: score, Checked: true})
}

// cardPrefix knows the ranges of Visa, Mastercard, American Express, JCB,
// UnionPay and Discover, each with the lengths it has.
func cardPrefix(n []byte) bool {
	four := int(n[0]-'0')*1000 + int(n[1]-'0')*100 + int(n[2]-'0')*10 + int(n[3]-'0')
	switch {
	case n[0] == '4':
		return len(n) == 16 || len(n) == 19
	case four >= 5100 && four <= 5599, four >= 2221 && four <= 2720:
		return len(n) == 16
	case four/100 == 34, four/100 == 37:
		return len(n) == 15
	case four >= 3528 && four <= 3589:
		return len(n) >= 16
	case four/100 == 62:
		return len(n) >= 16
	case four == 6011, four/100 == 65:
		return len(n) == 16
	}
	return false
}

func luhn(n []byte) bool {
	sum := 0
	for i, c := range n {
		v := int(c - '0')
		if (len(n)-i)%2 == 0 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}

// geo: a latitude and longitude in Thailand, or one of them under a header,
// with at least four decimals.
func (d *Detector) geo(t *Text, g *group, r int) {
	if r+1 >= g.nr || g.runs[r+1].sep != '.' || g.runs[r+1].n < 4 || g.runs[r].n > 3 {
		return
	}
	whole := 0
	for _, c := range g.text(r, r) {
		whole = whole*10 + int(c-'0')
	}
	if !(whole >= 5 && whole <= 20 || whole >= 97 && whole <= 105) {
		return
	}
	start, end := g.bounds(r, r+1)
	a := d.context(t, start, end)
	support := a.supports(goodFor[Geo])
	if support == 0 {
		return
	}
	d.add(Hit{Class: Geo, Start: start, End: end, Value: NewValue(string(t.Bytes[start:end])), Score: 30 + support})
}
