package issuer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"chipproof/proofing/thaiid"
)

// known are patterns of what was read of a holder, so that the issuer's words can
// be freed of them: parts of name and address, with the words of the administration
// and without, and the dates on the card. Titles and sex name nobody. Longer ones
// come first, so that no part of one stays when a shorter one is taken out of it.
func known(id *thaiid.Identity) []pattern {
	if id == nil {
		return nil
	}
	var values []string
	for _, name := range []thaiid.Name{id.Name.TH, id.Name.EN} {
		for _, part := range []thaiid.Text{name.First, name.Middle, name.Last} {
			values = append(values, withWords(part.Reveal())...)
		}
	}
	values = append(values, addressParts(id.Address)...)
	slices.SortStableFunc(values, func(a, b string) int { return cmp.Compare(utf8.RuneCountInString(b), utf8.RuneCountInString(a)) })

	patterns := datePatterns(id)
	for _, value := range slices.Compact(values) {
		if value != "" {
			patterns = append(patterns, textPattern(value))
		}
	}
	return patterns
}

// withWords is a part and, where it is made of several, each of its words. A single
// letter, such as the ณ of some last names, says nothing by itself.
func withWords(part string) []string {
	values := []string{part}
	for _, word := range strings.Fields(part) {
		if utf8.RuneCountInString(word) > 1 {
			values = append(values, word)
		}
	}
	return values
}

// addressParts are the parts of an address as they are on the card, and as they
// are when somebody abbreviates or leaves out what stands before them.
func addressParts(a thaiid.Address) []string {
	values := []string{a.Text.Reveal()}
	rest := a.Text.Reveal() // in the end, what had no place among the parts
	for _, part := range []thaiid.Text{a.HouseNo, a.Moo, a.Trok, a.Soi, a.Road, a.Subdistrict, a.District, a.Province} {
		whole := part.Reveal()
		if whole == "" {
			continue
		}
		rest = strings.Replace(rest, whole, "", 1)
		values = append(values, whole)
		for _, word := range []string{"หมู่ที่", "ตรอก", "ซอย", "ถนน", "ตำบล", "แขวง", "อำเภอ", "เขต", "จังหวัด"} {
			if bare, begins := strings.CutPrefix(whole, word); begins {
				values = append(values, strings.TrimSpace(bare))
			}
		}
		if whole == "กรุงเทพมหานคร" {
			values = append(values, "กรุงเทพ", "กทม")
		}
	}
	return append(values, withWords(strings.TrimSpace(rest))...)
}

// datePatterns are the dates on the card in the forms in which people write dates:
// either order, either era, the year short or whole, the month as a number or as
// any word. The year of birth counts also where it stands alone.
func datePatterns(id *thaiid.Identity) []pattern {
	var patterns []pattern
	for _, date := range []thaiid.Date{id.BirthDate, id.Card.IssueDate, id.Card.ExpiryDate} {
		if year, month, day := date.Parts(); day != 0 {
			patterns = append(patterns, fullDate(year, month, day)...)
		}
	}
	if year, _, _ := id.BirthDate.Parts(); year != 0 {
		patterns = append(patterns, newPattern(digits(fmt.Sprintf("(?:%04d|%04d)", year, year+543)), number, number))
	}
	return patterns
}

func fullDate(year int, month time.Month, day int) []pattern {
	const between, word = `[\s/.,-]*`, `[\p{L}\p{M}][\p{L}\p{M}.\s]{1,30}?`
	d, m := digits(fmt.Sprintf("0?%d", day)), "(?:"+digits(fmt.Sprintf("0?%d", month))+"|"+word+")"
	whole := digits(fmt.Sprintf("(?:%04d|%04d)", year, year+543))
	short := digits(fmt.Sprintf("(?:%02d|%02d)", year%100, (year+543)%100))
	return []pattern{
		newPattern(d+between+m+between+whole, number, number),
		newPattern(whole+between+m+between+d, number, number),
		newPattern(d+between+m+between+short, number, number),
	}
}
