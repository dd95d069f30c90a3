package detect

import (
	"bytes"

	"chipproof/proofing/thaiid"
)

// sampleNumber is well formed and stands in half of all instructions.
const sampleNumber = "1234567890121"

var (
	goodForCitizen    = setOf(ofCitizen)
	taxWords          = setOf(ofTax)
	againstCitizen    = setOf(ofGoods, ofTime, ofBank, ofCard)
	againstJuristic   = setOf(ofJuristic, ofTax)
	canonicalCitizens = [...]int{1, 4, 5, 2, 1}
)

// citizen looks at run r as the beginning of a citizen number (assurance §4.1,
// §4.2): 13 digits together, in the groups of the card's face, or in others
// that words or a header vouch for.
func (d *Detector) citizen(t *Text, g *group, r int) {
	canonical := g.shape(r, canonicalCitizens[:]...)
	last, ok := g.spansOf(r, 13, 13)
	if canonical {
		last, ok = r+len(canonicalCitizens)-1, true
	}
	if !ok || r > 0 && g.runs[r].n != 13 && !canonical && g.runs[r].sep != 's' {
		return
	}
	plain := last == r
	number := g.text(r, last)
	start, end := g.bounds(r, last)
	right := thaiid.ValidCitizenID(string(number))
	if !right {
		if plain {
			a := d.context(t, start, end)
			explained := a.opposes(againstCitizen, goodForCitizen) || isGoods(number) || partOfSomethingElse(t.Bytes, g, r, start, end)
			d.found.Miss(Miss{start, end, explained})
		}
		return
	}
	d.lastCitizen = end
	a := d.context(t, start, end)
	hit := Hit{Class: CitizenID, Start: start, End: end, Checked: true}
	hit.Score = 60 + d.citizenEvidence(t, g, r, last, a, &hit)
	switch {
	case canonical:
		hit.Score += 15
		hit.Firm = true
	case !plain:
		hit.Score -= 25 // any other grouping needs words
		hit.Odd = true
	}
	hit.Score -= oddCitizen(number, plain && !hit.Firm)
	if hit.Score > 0 {
		hit.Value = NewValue(string(number))
		d.add(hit)
	}
}

// citizenEvidence is what words, header and neighbours say for or against.
func (d *Detector) citizenEvidence(t *Text, g *group, r, last int, a *around, hit *Hit) int {
	score := a.supports(goodForCitizen)
	if tax := a.supports(taxWords); tax > 0 && score == 0 && g.text(r, last)[0] != '0' {
		score = tax - 5
	}
	hit.Firm = score > 10
	hit.Bare = score == 0
	against := againstCitizen
	if g.text(r, last)[0] == '0' {
		against |= againstJuristic // a company's number has a 0 and the same check digit
		if a.says(setOf(ofJuristic)) && score < 30 {
			return -40
		}
	}
	switch {
	case a.header.any(againstCitizen) && !a.header.any(goodForCitizen):
		return -45
	case a.opposes(against, goodForCitizen|taxWords):
		if last > r {
			return -20
		}
		return -40
	case last == r && partOfSomethingElse(t.Bytes, g, r, hit.Start, hit.End):
		return score - 45
	case a.says(setOf(ofSample)):
		return score - 15
	}
	return score
}

// cacheBusters stand before the time at which a style sheet or picture changed.
var cacheBusters = [][]byte{[]byte("?v="), []byte("&v="), []byte("?ver="), []byte("&ver="), []byte("?_="), []byte("&_="), []byte("?t="), []byte("?ts=")}

// partOfSomethingElse says that a run is the fraction of a number, a cache
// buster, or a piece of a hash or other long hexadecimal token.
func partOfSomethingElse(b []byte, g *group, r, start, end int) bool {
	if r > 0 && g.runs[r].sep == '.' {
		return true
	}
	for _, buster := range cacheBusters {
		if bytes.HasSuffix(b[max(0, start-8):start], buster) {
			return true
		}
	}
	from, to := start, end
	for from > 0 && isHex(b[from-1]) && start-from < 64 {
		from--
	}
	for to < len(b) && isHex(b[to]) && to-end < 64 {
		to++
	}
	return start-from+to-end >= 11 // a hash has at least 24 characters
}

func isHex(b byte) bool { return isDigit(b) || b|0x20 >= 'a' && b|0x20 <= 'f' }

// oddCitizen is what is taken away for numbers that are rather something else.
func oddCitizen(number []byte, alone bool) int {
	switch {
	case string(number) == sampleNumber || allEqual(number):
		return 100
	case alone && string(number[4:]) == "000000000":
		return 40 // a round quantity: an hour has 3,600,000,000,000 ns
	case alone && isGoods(number):
		return 35
	case number[0] == '0':
		return 8 // lower confidence, not dropped (assurance §4.1)
	case number[0] == '9':
		return 5 // in no list of what first digits mean
	}
	return 0
}

func allEqual(digits []byte) bool {
	for _, c := range digits {
		if c != digits[0] {
			return false
		}
	}
	return true
}

// isGoods says that a number is a Thai barcode or an ISBN with its own check
// digit in order (GS1 prefixes 885, 978, 979).
func isGoods(number []byte) bool {
	switch string(number[:3]) {
	case "885", "978", "979":
	default:
		return false
	}
	sum := 0
	for i, c := range number {
		weight := 1
		if i%2 == 1 {
			weight = 3
		}
		sum += int(c-'0') * weight
	}
	return sum%10 == 0
}
