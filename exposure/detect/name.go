package detect

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// titles before a name, longest first among those that begin alike.
var titles = []string{"นางสาว", "นาง", "นาย", "น.ส.", "นส.", "เด็กชาย", "เด็กหญิง", "ด.ช.", "ด.ญ."}

// notTitles begin like a title and are offices, trades and places. Longer than
// they need be where a first name may begin alike: นายกิตติ, นายพลากร.
var notTitles = []string{
	"นายกเทศ", "นายกสมาคม", "นายกรัฐ", "นายกองค์", "นายกอบต", "นายกอบจ", "นายกฯ", "นายก ", "นายกเมือง", "นายกสภา", "นายกกิตติมศักดิ์", "นายกสโมสร",
	"นายอำเภอ", "นายทะเบียน", "นายจ้าง", "นายหน้า", "นายตรวจ", "นายทุน", "นายท่า", "นายช่าง", "นายสถานี", "นายประกัน", "นายเวร", "นายด่าน", "นายตำรวจ", "นายทหาร", "นายแบบ", "นายพราน", "นายประจำ",
	"นางงาม", "นางรอง", "นางเลิ้ง", "นางพญา", "นางแบบ", "นางฟ้า", "นางเอก", "นางสงกรานต์", "นางกวัก", "นางนวล", "นางบำเรอ", "นางไม้", "นางพยาบาล", "นางร้าย",
}

// stops are beginnings that no part of a name has and that follow names in
// running text.
var stops = []string{
	"และ", "หรือ", "แล้ว", "เป็น", "ซึ่ง", "กล่าว", "เพื่อ", "ตำแหน่ง", "อายุ", "เลขที่", "เลขประจำ", "เลขบัตร", "โทรศัพท์", "บ้านเลขที่", "หมายเลข", "เกิดวันที่", "เกิดเมื่อ", "ผู้", "พร้อม",
	"เข้า", "จาก", "ตาม", "ไม่", "เมื่อ", "เบอร์", "วันเกิด", "เชื้อชาติ", "สัญชาติ", "รหัส", "ประธาน", "รองประธาน", "เลขานุการ", "กรรมการ", "นายก", "ปลัด", "เดินทาง", "เปิดเผย", "ลงชื่อ", "นามสกุล", "ชื่อ",
}

// stopWords are words of running text that some names begin with: มานพ, มีชัย,
// ณัฐพล, ที่รัก. Only the word itself stops.
var stopWords = []string{"ได้", "ที่", "จะ", "มี", "ใน", "ของ", "เลข", "โทร", "อยู่", "เกิด", "ถือ", "ให้", "กับ", "ว่า", "ไป", "มา", "ณ", "ขอ", "สกุล", "ทำ", "ยื่น", "แจ้ง"}

const (
	wordMin = 2  // letters of a part of a name, marks included
	wordMax = 30 // Thai surnames can be long
)

// name looks at a title at i: title and two words. It returns where to go on.
func (d *Detector) name(t *Text, i int) int {
	b := t.Bytes
	title := titleAt(b[i:])
	if title == "" {
		return i + 3
	}
	at := i + len(title)
	if title == "นาย" && bytes.HasPrefix(b[at:], []byte("แพทย์")) {
		at += len("แพทย์")
	} else {
		for _, no := range notTitles {
			if bytes.HasPrefix(b[i:], []byte(no)) {
				return i + len(title)
			}
		}
	}
	at, gap := skipSpaces(b, at)
	first, at := nameWord(b, at)
	if first == "" || gap > 3 {
		return i + len(title)
	}
	if beginsWithStop(first) {
		return i + len(title)
	}
	next, gap := skipSpaces(b, at)
	last, end := nameWord(b, next)
	switch {
	case gap >= 1 && gap <= 6 && last != "" && !beginsWithStop(last):
		kept := cutAtStop(last)
		end -= len(last) - len(kept)
		d.addName(t, i, end, first, kept, 60)
		return end
	case t.Loose == Unspaced && utf8.RuneCountInString(first) >= 6:
		kept := cutAtStop(first)
		d.addName(t, i, at-(len(first)-len(kept)), kept, "", 52)
		return at
	}
	return at
}

// mayTitle looks at the second letter only: นา, น., นส, ด., เด.
func mayTitle(b []byte) bool {
	if len(b) < 6 {
		return false
	}
	if b[3] == '.' {
		return true
	}
	switch b[5] {
	case 0xB2, 0xAA, 0x94: // า, ส, ด
		return b[3] == 0xE0 && b[4] == 0xB8
	}
	return false
}

// titleAt is the title that b begins with.
func titleAt(b []byte) string {
	for _, title := range titles {
		if len(b) >= len(title) && string(b[:len(title)]) == title {
			return title
		}
	}
	return ""
}

// labels after which a name without a title stands, up to a colon and spaces.
var labels = []string{"ชื่อ-นามสกุล", "ชื่อ-สกุล", "ชื่อ - นามสกุล", "ชื่อ - สกุล", "ชื่อ–นามสกุล", "ชื่อ–สกุล", "ชื่อ นามสกุล", "ชื่อ สกุล", "ชื่อและนามสกุล", "ชื่อผู้ป่วย", "ชื่อผู้ขอ", "ชื่อผู้สมัคร"}

// labelled looks at a label at i: two words behind it are a name. It returns
// where to go on.
func (d *Detector) labelled(t *Text, i int) int {
	b := t.Bytes
	for _, label := range labels {
		if len(b)-i < len(label) || string(b[i:i+len(label)]) != label {
			continue
		}
		at, _ := skipSpaces(b, i+len(label))
		if at < len(b) && (b[at] == ':' || b[at] == '=') {
			at, _ = skipSpaces(b, at+1)
		}
		if at == i+len(label) || titleAt(b[at:]) != "" {
			return at // what has a title is found by it
		}
		start := at
		first, at := nameWord(b, at)
		next, gap := skipSpaces(b, at)
		last, end := nameWord(b, next)
		if first == "" || last == "" || gap == 0 || gap > 6 || beginsWithStop(first) || beginsWithStop(last) {
			return i + len(label)
		}
		kept := cutAtStop(last)
		d.addName(t, start, end-(len(last)-len(kept)), first, kept, 48)
		return end
	}
	return i + 3
}

func (d *Detector) addName(t *Text, start, end int, first, last string, score int) {
	a := d.context(t, start, end)
	support := a.supports(setOf(ofName, ofFullName, ofPartName))
	if a.says(setOf(ofSample)) {
		score -= 20
	}
	d.add(Hit{Class: Name, Start: start, End: end, Value: NewValue(nameValue(first + last)), Score: score + support/2, Bare: support == 0})
}

// nameValue is a name without its spaces, so that it is the same where a PDF
// has lost them (assurance §4.5).
func nameValue(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if isZeroWidth(r) || unicode.IsSpace(r) || isSpace(r) {
			return -1
		}
		return r
	}, s))
}

func skipSpaces(b []byte, i int) (at, n int) {
	for i < len(b) {
		r, size := utf8.DecodeRune(b[i:])
		switch {
		case r == ' ' || isSpace(r):
			n++
		case isZeroWidth(r):
		default:
			return i, n
		}
		i += size
	}
	return i, n
}

// nameWord reads Thai letters, with zero-width characters among them. It is
// empty when there are too few or too many, or when they begin as no word does.
func nameWord(b []byte, i int) (word string, end int) {
	letters, start := 0, i
	for i < len(b) && letters <= wordMax+8 {
		r, size := utf8.DecodeRune(b[i:])
		if !isThaiLetter(r) && !isZeroWidth(r) || r == 'ฯ' || r == 'ๆ' {
			break
		}
		if letters == 0 && !beginsWord(r) {
			return "", i
		}
		if !isZeroWidth(r) {
			letters++
		}
		i += size
	}
	if letters < wordMin || letters > wordMax {
		return "", i
	}
	// "ต." or "โทร." behind a name is an abbreviation, no part of it.
	if letters <= 3 && i < len(b) && b[i] == '.' {
		return "", i
	}
	return string(b[start:i]), i
}

// beginsWord: a consonant, or a vowel that is written before one.
func beginsWord(r rune) bool { return r >= 'ก' && r <= 'ฮ' || r >= 'เ' && r <= 'ไ' }

func beginsWithStop(word string) bool {
	for _, s := range stops {
		if strings.HasPrefix(word, s) {
			return true
		}
	}
	if slices.Contains(stopWords, word) {
		return true
	}
	return titleAt([]byte(word)) != "" && len(word) <= len("เด็กหญิง")
}

// cutAtStop ends a surname where running text goes on without a space.
func cutAtStop(word string) string {
	for _, s := range [...]string{"เป็น", "ได้", "อายุ", "ตำแหน่ง", "เลขประจำตัว", "เลขบัตร", "โทรศัพท์", "อยู่บ้าน", "บ้านเลขที่", "ซึ่ง", "กล่าวว่า", "เกิดวันที่", "หมายเลข", "ผู้ถือ", "ที่อยู่"} {
		if i := strings.Index(word, s); i >= 3*wordMin {
			return word[:i]
		}
	}
	return word
}

// nameCell is a whole value under a header for names: words of Thai or Latin
// letters, without digits.
func (d *Detector) nameCell(t *Text, ks set) {
	cell := bytes.TrimSpace(t.Bytes[t.Skip:])
	start := t.Skip + bytes.Index(t.Bytes[t.Skip:], cell)
	if len(cell) < 4 || len(cell) > 240 {
		return
	}
	text := string(cell)
	title := titleAt(cell)
	rest := strings.TrimLeft(text[len(title):], " \u00a0")
	parts := strings.FieldsFunc(rest, func(r rune) bool { return unicode.IsSpace(r) || isSpace(r) })
	letters := 0
	for _, r := range rest {
		switch {
		case unicode.IsLetter(r) || unicode.Is(unicode.M, r):
			letters++
		case unicode.IsSpace(r), isSpace(r), isZeroWidth(r), r == '.', r == '-', r == '\'':
		default:
			return
		}
	}
	score := 0
	switch {
	case letters < 3 || letters > 70:
		return
	case title != "" && len(parts) >= 2:
		score = 75
	case ks.has(ofFullName) && len(parts) >= 2 && len(parts) <= 5:
		score = 70
	case ks.has(ofPartName) && len(parts) <= 3 && !ks.any(setOf(ofGoods, ofOffice, ofJuristic)):
		score = 62
	case len(parts) == 2 && ks.has(ofName) && !ks.any(setOf(ofGoods, ofOffice, ofJuristic, ofTime)):
		score = 38 // a "name" may be a thing's: the record must tell
	default:
		return
	}
	end := start + len(cell)
	d.add(Hit{Class: Name, Start: start, End: end, Value: NewValue(nameValue(rest)), Score: score})
}

// NormalName is a name as values of class [Name] are: without title and spaces.
func NormalName(s string) string {
	s = strings.TrimSpace(s)
	return nameValue(s[len(titleAt([]byte(s))):])
}
