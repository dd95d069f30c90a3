package mfa

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// walks are the ways that a finger takes over a keyboard, and the alphabets, as
// skeletons. A password that is cut from a few of them is no password.
var walks = skeletons(
	"01234567890", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "abcdefghijklmnopqrstuvwxyz",
	"1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik,", "9ol.", "0p;/", "qaz", "wsx", "edc", "rfv", "tgb", "yhn", "ujm",
	"!@#$%^&*()_+", "147", "258", "369", "159", "357", "741", "852", "963", "789", "456",
	"ๅ/ภถุึคตจขช", "ๆไำพะัีรนยบล", "ฟหกดเ้่าสวง", "ผปแอิืทมใฝ",
	"กขคงจฉชซญดตถทธนบปผฝพฟมยรลวศสหอฮ", "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ", "๐๑๒๓๔๕๖๗๘๙๐",
)

func skeletons(words ...string) []string {
	for i, w := range words {
		words[i] = skeleton(w)
	}
	return words
}

// maxRuns is how many runs a password may be cut into and still count as one
// pattern: 1qaz2wsx3edc has three.
const maxRuns = 4

const maxPatternLength = 64

// isPattern says whether a whole skeleton is one short unit over and over, or
// a few runs along walks, forwards or backwards, of three signs and more.
func isPattern(s string) bool {
	runes := []rune(s)
	return isRepetition(runes) || cutsIntoRuns(runes, maxRuns)
}

func isRepetition(runes []rune) bool {
	for unit := 1; unit <= 4 && unit < len(runes); unit++ {
		same := true
		for i := unit; i < len(runes) && same; i++ {
			same = runes[i] == runes[i-unit]
		}
		if same {
			return true
		}
	}
	return false
}

// cutsIntoRuns finds the fewest runs that make up runes, prefix by prefix. Long
// passwords are spared the work: four runs make no more than that.
func cutsIntoRuns(runes []rune, most int) bool {
	if len(runes) > maxPatternLength {
		return false
	}
	fewest := make([]int, len(runes)+1)
	for end := 1; end <= len(runes); end++ {
		fewest[end] = most + 1
		for start := 0; start+3 <= end; start++ {
			if fewest[start] < fewest[end]-1 && isRun(runes[start:end]) {
				fewest[end] = fewest[start] + 1
			}
		}
	}
	return fewest[len(runes)] <= most
}

func isRun(runes []rune) bool {
	forwards := string(runes)
	back := slices.Clone(runes)
	slices.Reverse(back)
	backwards := string(back)
	for _, walk := range walks {
		if strings.Contains(walk, forwards) || strings.Contains(walk, backwards) {
			return true
		}
	}
	return isRepetitionOfOne(runes)
}

func isRepetitionOfOne(runes []rune) bool {
	return !slices.ContainsFunc(runes, func(r rune) bool { return r != runes[0] })
}

// isPersonalNumber finds the numbers that half the country uses: a date in
// either calendar, a telephone number, a number with the length of a citizen
// number. Signs between the digits don't matter, and Thai digits are digits.
func isPersonalNumber(password string) bool {
	digits, other := onlyDigits(password)
	if other {
		return false
	}
	switch len(digits) {
	case 8:
		return isDate(digits[4:], digits[2:4], digits[:2]) || isDate(digits[:4], digits[4:6], digits[6:])
	case 9, 10:
		return digits[0] == '0'
	case 13:
		return true
	}
	return false
}

func onlyDigits(s string) (digits string, other bool) {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r >= '๐' && r <= '๙':
			b.WriteRune('0' + r - '๐')
		case !strings.ContainsRune(" -./()+", r):
			return "", true
		}
	}
	return b.String(), false
}

// isDate takes years of the common and of the Buddhist era.
func isDate(year, month, day string) bool {
	y, err := strconv.Atoi(year)
	if err != nil {
		return false
	}
	if y > 2400 {
		y -= 543
	}
	if y < 1880 || y > 2100 {
		return false
	}
	_, err = time.Parse("20060102", strconv.Itoa(y)+month+day)
	return err == nil
}
