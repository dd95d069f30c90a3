package mfa

import "strings"

// The two keyboards of a Thai PC, key by key: US English and Thai Kedmanee
// (TIS 820-2538), without and with Shift. People type a Thai word with the
// keyboard left on English and take the result for a good password.
const (
	keysEnglish = "`1234567890-=" + "qwertyuiop[]\\" + "asdfghjkl;'" + "zxcvbnm,./" +
		"~!@#$%^&*()_+" + "QWERTYUIOP{}|" + "ASDFGHJKL:\"" + "ZXCVBNM<>?"
	keysThai = "_ๅ/-ภถุึคตจขช" + "ๆไำพะัีรนยบลฃ" + "ฟหกดเ้่าสวง" + "ผปแอิืทมใฝ" +
		"%+๑๒๓๔ู฿๕๖๗๘๙" + "๐\"ฎฑธํ๊ณฯญฐ,ฅ" + "ฤฆฏโฌ็๋ษศซ." + "()ฉฮฺ์?ฒฬฦ"
)

var (
	englishToThai = keyMap(keysEnglish, keysThai)
	thaiToEnglish = keyMap(keysThai, keysEnglish)
)

func keyMap(from, to string) map[rune]rune {
	target := []rune(to)
	m := make(map[rune]rune, len(target))
	for i, r := range []rune(from) {
		m[r] = target[i]
	}
	return m
}

// toThaiLayout reads s as if its keys had been pressed on the Thai layout.
func toThaiLayout(s string) string { return mapRunes(s, englishToThai) }

// toEnglishLayout reads s as if its keys had been pressed on the English one.
// NFKC has split the vowel am into two code points, which is one key.
func toEnglishLayout(s string) string {
	return mapRunes(strings.ReplaceAll(s, "\u0e4d\u0e32", "\u0e33"), thaiToEnglish)
}

func mapRunes(s string, m map[rune]rune) string {
	return strings.Map(func(r rune) rune {
		if to, ok := m[r]; ok {
			return to
		}
		return r
	}, s)
}
