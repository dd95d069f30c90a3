package tree

import (
	"encoding/hex"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// synthetic is every number with a right check digit that may stand in the
// repository. None is a person's: the first six are the test values of the
// project's notes on the card, the others are those of the shipped people.
var synthetic = map[string]string{
	"1101700230708": "the default person, used as a sample by many projects",
	"1234567890121": "the digits in order; the sum has remainder 0",
	"1000000000190": "a one and zeros; the sum has remainder 1",
	"0123456789016": "the digits in order, first digit 0: no registration status",
	"6123456789015": "the digits in order, first digit 6",
	"8123456789011": "the digits in order, first digit 8",
	"1000000000017": "a one, zeros, and the next number",
	"1000000000025": "a one, zeros, and the next number",
	"1000000000033": "a one, zeros, and the next number",
	"1000000000203": "a one, zeros and the next number: what a transcript puts in a second person's place",
	"2000000000007": "a two and zeros",
	"3000000000005": "a three and zeros",
	"3111111111115": "a three and ones",
	"3222222222225": "a three and twos",
	"3333333333335": "threes only",
	"5000000000001": "a five and zeros",
}

// checkDigitHolds is the rule of the citizen number, written here once more and
// on purpose: the product's own could be wrong together with its test.
func checkDigitHolds(number string) bool {
	sum := 0
	for i := range 12 {
		sum += int(number[i]-'0') * (13 - i)
	}
	return (11-sum%11)%10 == int(number[12]-'0')
}

// 13 digits, as people write them: together, or in the groups of the card's
// face with dashes or spaces, in Arabic or Thai digits.
var thirteen = regexp.MustCompile(`(?:[0-9๐-๙][ -]?){12}[0-9๐-๙]`)

// citizenNumbers gives what could be citizen numbers in text.
func citizenNumbers(text string) []string {
	var found []string
	for _, at := range thirteen.FindAllStringIndex(text, -1) {
		if at[0] > 0 && isDigit(text[at[0]-1]) || at[1] < len(text) && isDigit(text[at[1]]) {
			continue // part of a longer number
		}
		number := strings.Map(plainDigit, text[at[0]:at[1]])
		if checkDigitHolds(number) {
			found = append(found, number)
		}
	}
	return found
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func plainDigit(r rune) rune {
	switch {
	case r >= '0' && r <= '9':
		return r
	case r >= '๐' && r <= '๙':
		return r - '๐' + '0'
	}
	return -1
}

// hexDigits is 13 digits of ASCII as a transcript shows bytes.
var hexDigits = regexp.MustCompile(`(?i)(?:3[0-9] ?){13,}`)

func TestNoRealPersonIsInTheRepository(t *testing.T) {
	for name, content := range files(t) {
		text := string(content)
		if name == "go.sum" { // hashes
			continue
		}
		for _, run := range hexDigits.FindAllString(text, -1) {
			if plain, err := hex.DecodeString(strings.ReplaceAll(run, " ", "")); err == nil {
				text += "\n" + string(plain)
			}
		}
		for _, number := range citizenNumbers(text) {
			assert.NotEmpty(t, synthetic[number], "%s holds the number %s******%s, which could be a person's: "+
				"use one of the synthetic ones, or add yours to the table and say how it was made", name, number[:4], number[10:])
		}
	}
}

func TestTheSearchForCitizenNumbersSeesHowPeopleWriteThem(t *testing.T) {
	for written, want := range map[string]int{
		"1101700230708":           1,
		"1-1017-00230-70-8":       1,
		"1 1017 00230 70 8":       1,
		"๑๑๐๑๗๐๐๒๓๐๗๐๘":           1,
		"x=1101700230708.":        1,
		"1101700230709":           0, // check digit
		"11017002307081":          0, // longer
		"110170023070":            0, // shorter
		"เลข 1234567890121 และ":   1,
		`"1000000000190","other"`: 1,
	} {
		assert.Len(t, citizenNumbers(written), want, written)
	}
}

func TestTheSyntheticNumbersHaveRightCheckDigits(t *testing.T) {
	for number, how := range synthetic {
		assert.Len(t, number, 13)
		assert.True(t, checkDigitHolds(number), "%s needs no row", number)
		assert.NotEmpty(t, how, number)
	}
}

func TestNoKeyIsInTheRepository(t *testing.T) {
	key := regexp.MustCompile(`-----BEGIN [A-Z0-9 ]*(PRIVATE KEY|CERTIFICATE)-----`)
	for name, text := range texts(t) {
		assert.False(t, key.MatchString(text), "%s holds a private key or a certificate: tests make their own", name)
	}
}
