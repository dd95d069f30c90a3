package detect

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Masked shows of a value what helps to find it and no more (assurance §4.7).
func Masked(c Class, value, rule string) string {
	switch c {
	case CitizenID:
		if len(value) == 13 {
			return value[:1] + "-xxxx-xxxxx-" + value[10:12] + "-" + value[12:]
		}
	case LaserCode:
		return "xxx-xxxxxxx-xx" // never shown, not in part (A14)
	case Phone:
		if len(value) >= 9 {
			return value[:2] + "x-xxx-xx" + value[len(value)-2:]
		}
	case Name:
		return "xxxx xxxx"
	case Address:
		for name := range provinces {
			if strings.Contains(value, name) && !shadowed(name, value) {
				return "xx ต.xxxx อ.xxxx จ." + name
			}
		}
		return "xx ต.xxxx อ.xxxx"
	case BankAccount:
		return "xxx-x-xxx" + value[max(0, len(value)-2):] + "-x"
	case Card:
		return "xxxx-xxxx-xxxx-" + value[max(0, len(value)-4):]
	case Passport:
		return "xx-xxxxxxx"
	case BirthDate:
		return "xx/xx/xxxx"
	case Email:
		return maskEmail(value)
	case Health:
		return "HN xxxxxx"
	case Vehicle:
		return "xx xxxx"
	case Geo:
		return "xx.xxxx"
	case Secret:
		return "xxxx (" + rule + ")"
	}
	return "xxxx"
}

// shadowed says that a longer province name with this one inside it is meant.
func shadowed(name, value string) bool {
	for other := range provinces {
		if len(other) > len(name) && strings.Contains(other, name) && strings.Contains(value, other) {
			return true
		}
	}
	return false
}

// freeMail are domains that name nobody.
var freeMail = []string{"gmail.com", "hotmail.com", "outlook.com", "yahoo.com", "yahoo.co.th", "icloud.com", "live.com", "hotmail.co.th"}

func maskEmail(value string) string {
	_, domain, _ := strings.Cut(value, "@")
	for _, known := range freeMail {
		if domain == known {
			return "xxxx@" + domain
		}
	}
	if i := strings.LastIndexByte(domain, '.'); i >= 0 {
		for _, end := range []string{".go.th", ".ac.th", ".or.th", ".co.th", ".in.th", ".mi.th"} {
			if strings.HasSuffix(domain, end) {
				return "xxxx@xxxx" + end
			}
		}
		return "xxxx@xxxx" + domain[i:]
	}
	return "xxxx@xxxx"
}

const snippetReach = 90 // bytes at each side

// Snippet shows what stands round a hit with everything masked: only words of
// the lexicon stay readable, since what the detector has not recognised may be
// personal too.
func (d *Detector) Snippet(t *Text, h Hit, masked string) string {
	from, to := max(0, h.Start-snippetReach), min(len(t.Bytes), h.End+snippetReach)
	for from < h.Start && !utf8.RuneStart(t.Bytes[from]) {
		from++
	}
	for to > h.End && to < len(t.Bytes) && !utf8.RuneStart(t.Bytes[to]) {
		to--
	}
	return d.veil(t.Bytes[from:h.Start]) + masked + d.veil(t.Bytes[h.End:to])
}

// veil replaces letters and digits by x, but for words of the lexicon.
func (d *Detector) veil(b []byte) string {
	d.nearStart, d.nearEnd = -1, -1 // the window is used for something else
	d.window.of(b)
	d.spans = d.lexicon.scan(d.window.text, d.spans[:0])
	var out strings.Builder
	next, veiled := 0, false
	for i := 0; i < len(b); {
		for next < len(d.spans) && int(d.window.at[d.spans[next].start]) < i {
			next++
		}
		if next < len(d.spans) && int(d.window.at[d.spans[next].start]) == i {
			s := d.spans[next]
			end := len(b)
			if s.end < len(d.window.at) {
				end = int(d.window.at[s.end])
			}
			out.Write(d.window.text[s.start:s.end])
			i, veiled = max(end, i+1), false
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		i += size
		switch {
		case isZeroWidth(r):
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.M, r), r == utf8.RuneError:
			if !veiled {
				out.WriteString("xxx")
			}
			veiled = true
		case unicode.IsSpace(r):
			out.WriteByte(' ')
			veiled = false
		default:
			out.WriteRune(r)
			veiled = false
		}
	}
	return out.String()
}

// Plain masks everything personal in a short text that stands in reports: a
// target, a path, a cell. It gives also what was found in it.
func (d *Detector) Plain(s string) (string, []Hit) {
	if !interesting(s) {
		return s, nil
	}
	t := &Text{Bytes: []byte(s)}
	var k keep
	d.Find(t, &k)
	var out strings.Builder
	at := 0
	var passing []Hit
	for _, h := range k.hits {
		if h.Score < Threshold || h.Start < at {
			continue
		}
		passing = append(passing, h)
		out.WriteString(withoutRuns(s[at:h.Start]))
		out.WriteString(Masked(h.Class, h.Value.Reveal(), h.Rule))
		at = h.End
	}
	out.WriteString(withoutRuns(s[at:]))
	return out.String(), passing
}

// interesting says that a text may hold anything at all.
func interesting(s string) bool {
	digits := 0
	for i := range len(s) {
		switch c := s[i]; {
		case isDigit(c):
			digits++
		case c == '@' || c == '%' || c >= utf8.RuneSelf:
			return true
		}
	}
	return digits >= 5
}

// withoutRuns masks runs of 13 digits and more, whatever they are: no report
// holds one (assurance §4.7).
func withoutRuns(s string) string {
	var out strings.Builder
	run := 0
	flush := func(end int) {
		if run >= 13 {
			out.WriteString(strings.Repeat("x", run))
		} else {
			for _, r := range lastRunes(s[:end], run) {
				out.WriteRune(r)
			}
		}
		run = 0
	}
	for i, r := range s {
		_, thai := thaiDigit(r)
		if thai || r >= '0' && r <= '9' {
			run++
			continue
		}
		flush(i)
		out.WriteRune(r)
	}
	flush(len(s))
	return out.String()
}

func lastRunes(s string, n int) []rune {
	if n == 0 {
		return nil
	}
	all := []rune(s)
	return all[len(all)-n:]
}

type keep struct{ hits []Hit }

func (k *keep) Hit(h Hit) { k.hits = append(k.hits, h) }
func (k *keep) Miss(Miss) {}

// Veiled masks a text that another program wrote: ASCII words without digits
// stay, since they are its own, everything else but words of the lexicon goes.
func (d *Detector) Veiled(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		if !plainWord(w) {
			words[i] = d.veil([]byte(w))
		}
	}
	shown, _ := d.Plain(strings.Join(words, " "))
	return shown
}

func plainWord(w string) bool {
	for i := range len(w) {
		if w[i] >= utf8.RuneSelf || isDigit(w[i]) || w[i] == '@' || w[i] == '=' {
			return false
		}
	}
	return len(w) <= 24
}
