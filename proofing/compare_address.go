package proofing

import "strings"

// Words of an address, one sign each. They are from the private use area, which
// [plain] takes out of what was typed.
const (
	signMoo         = "\uE001"
	signTrok        = "\uE002"
	signSoi         = "\uE003"
	signRoad        = "\uE004"
	signSubdistrict = "\uE005"
	signDistrict    = "\uE006"
	signProvince    = "\uE007"
	signBangkok     = "\uE008"
)

// compareAddress compares an address with the card's text of it. The words of
// the administration may be abbreviated or left out, those that stand before a
// number only abbreviated; a post code, which no card has, may follow.
func compareAddress(claim, chip string) agreement {
	typed, card := addressKey(claim), shortMueang(addressKey(chip))
	if strings.Trim(card, signSubdistrict+signDistrict+signProvince) == "" { // all of which may be left out
		return unknown
	}
	return agreementOf(sameAddress(shortMueang(typed), card) || sameAddress(shortMueang(withoutPostCode(typed)), card))
}

// sameAddress walks both; only what the card has may be left out.
func sameAddress(typed, card string) bool {
	rest := []rune(typed)
	for _, r := range card {
		switch {
		case len(rest) > 0 && rest[0] == r:
			rest = rest[1:]
		case !strings.ContainsRune(signSubdistrict+signDistrict+signProvince, r):
			return false
		}
	}
	return len(rest) == 0
}

// withoutPostCode takes five digits off the end.
func withoutPostCode(key string) string {
	body := strings.TrimRight(key, "0123456789")
	if len(key)-len(body) != 5 {
		return key
	}
	return strings.TrimSuffix(body, "รหัสไปรษณีย์")
}

// addressKey is an address with one sign for each of its words, whatever form
// they have, and without spaces and commas.
func addressKey(s string) string {
	words := strings.Fields(strings.ReplaceAll(spaced(s), ",", " "))
	for i, word := range words {
		words[i] = bareLetter(word)
	}
	key := addressWords().Replace(strings.Join(words, ""))
	return strings.ReplaceAll(key, signProvince+signBangkok, signBangkok)
}

// bareLetter gives an abbreviation that lost its dot the dot back: it stands
// alone, or, as in ม3, before a number.
func bareLetter(word string) string {
	for _, letter := range []string{"ม", "ซ", "ถ", "ต", "อ", "จ"} {
		rest, begins := strings.CutPrefix(word, letter)
		if begins && (rest == "" || letter == "ม" && rest[0] >= '0' && rest[0] <= '9') {
			return letter + "." + rest
		}
	}
	return word
}

func addressWords() *strings.Replacer {
	return strings.NewReplacer(
		"บ้านเลขที่", "", "เลขที่", "",
		"หมู่บ้าน", "หมู่บ้าน", "หมู่ที่", signMoo, "หมู่", signMoo, "ม.", signMoo,
		"ตรอก", signTrok, "ซอย", signSoi, "ซ.", signSoi, "ถนน", signRoad, "ถ.", signRoad,
		plain("ตำบล"), signSubdistrict, "แขวง", signSubdistrict, "ต.", signSubdistrict,
		plain("อำเภอ"), signDistrict, "เขต", signDistrict, "อ.", signDistrict,
		"จังหวัด", signProvince, "จ.", signProvince,
		"กรุงเทพมหานคร", signBangkok, "กรุงเทพฯ", signBangkok, "กรุงเทพ", signBangkok, "กทม.", signBangkok, "กทม", signBangkok,
	)
}

// shortMueang: the chief district is written เมือง alone, or with the name of
// the province that follows it anyway.
func shortMueang(key string) string {
	before, after, found := strings.Cut(key, signDistrict+"เมือง")
	name, province, both := strings.Cut(after, signProvince)
	if !found || !both || name != province {
		return key
	}
	return before + signDistrict + "เมือง" + signProvince + province
}
