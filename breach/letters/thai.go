package letters

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"chipproof/breach"
)

// buddhistEra is what the Buddhist year is ahead.
const buddhistEra = 543

var thaiMonths = [...]string{
	"มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
	"กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
}

// thaiDate is a day in Thailand in the Buddhist era: 31 ธันวาคม 2569.
func thaiDate(t time.Time) string {
	t = t.In(breach.Bangkok())
	return fmt.Sprintf("%d %s %d", t.Day(), thaiMonths[t.Month()-1], t.Year()+buddhistEra)
}

// thaiMoment is a day with the time: 31 ธันวาคม 2569 เวลา 23.30 น. Empty when not set.
func thaiMoment(m breach.Moment) string {
	if m.IsZero() {
		return ""
	}
	t := m.Time()
	clock := fmt.Sprintf("%02d.%02d", t.Hour(), t.Minute())
	if t.Second() != 0 { // clocks of the law run in seconds
		clock += fmt.Sprintf(".%02d", t.Second())
	}
	return thaiDate(t) + " เวลา " + clock + " น."
}

// thaiCount is a number of people or records with its unit and how well it is known.
func thaiCount(n breach.Count, unit string) string {
	switch n.Certainty {
	case breach.Exact:
		return "จำนวน " + thousands(n.Number) + " " + unit
	case breach.Estimate:
		return "จำนวนประมาณ " + thousands(n.Number) + " " + unit
	}
	return "จำนวนยังไม่ทราบแน่ชัด อยู่ระหว่างตรวจสอบและจะแจ้งเพิ่มเติม"
}

func thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// thaiDigits turns Arabic digits into Thai ones, but in words that a machine must
// read: an address on the web or of e-mail.
func thaiDigits(s string) string {
	words := strings.SplitAfter(s, " ")
	for i, w := range words {
		if !strings.Contains(w, "@") && !strings.Contains(w, "://") && !strings.HasPrefix(w, "www.") {
			words[i] = strings.Map(thaiDigit, w)
		}
	}
	return strings.Join(words, "")
}

func thaiDigit(r rune) rune {
	if r >= '0' && r <= '9' {
		return r - '0' + '๐'
	}
	return r
}

// squeeze drops all white space, so that texts compare whatever their lines.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// lines are the lines of a text that hold something.
func lines(s string) []string {
	var out []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
