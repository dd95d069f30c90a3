package corpus

import (
	"fmt"
	"strings"
	"time"
)

// Person is synthetic.
type Person struct {
	Title, First, Last string
	Number             string // 13 digits, right check digit, not issued
	Laser              string // 12 characters
	Phone              string // 10 digits
	Email              string
	Birth              time.Time
	House              string
	Moo                int
	place              place
	bangkok            bool
	Bank, Account      string
	Passport           string
	HN                 string
}

func (g *Generator) person() Person {
	r := &g.random
	p := Person{
		Number: g.number(), Laser: string(rune('A'+r.below(26))) + string(rune('A'+r.below(26))) + r.digits(10),
		Phone: "0" + pick(r, []string{"6", "8", "9"}) + r.digits(8),
		Birth: time.Date(r.between(1940, 2005), time.Month(r.between(1, 12)), r.between(1, 28), 0, 0, 0, 0, time.UTC),
		House: fmt.Sprintf("%d", r.between(1, 399)), Moo: r.between(1, 14), place: pick(r, places),
		Bank: pick(r, banks), Account: r.digits(10), Passport: "A" + string(rune('A'+r.below(26))) + r.digits(7), HN: r.digits(7),
		Last: pick(r, surnames),
	}
	if r.chance(50) {
		p.House += fmt.Sprintf("/%d", r.between(1, 99))
	}
	if r.chance(20) {
		p.bangkok, p.place = true, pick(r, bangkok)
	}
	switch {
	case r.chance(8):
		p.Title, p.First = pick(r, []string{"ด.ช.", "เด็กชาย"}), pick(r, men)
	case r.chance(50):
		p.Title, p.First = "นาย", pick(r, men)
	default:
		p.Title, p.First = pick(r, []string{"นาง", "นางสาว", "น.ส."}), pick(r, women)
	}
	p.Email = fmt.Sprintf("%s.%s%d@%s", pick(r, latin), string(rune('a'+r.below(26))), r.between(1, 9999), pick(r, freeMail))
	return p
}

// number has a right check digit, computed here by the rule as it is written and
// not by the product's code.
func (g *Generator) number() string {
	r := &g.random
	first := r.between(1, 8)
	if r.chance(3) {
		first = 0
	}
	twelve := fmt.Sprintf("%d0%s", first, r.digits(10))
	return twelve + checkDigit(twelve)
}

func checkDigit(twelve string) string {
	sum := 0
	for i, c := range twelve {
		sum += int(c-'0') * (13 - i)
	}
	return fmt.Sprint((11 - sum%11) % 10)
}

// Name with a title, and one or no space behind it.
func (g *Generator) name(p Person) string {
	space := ""
	if g.random.chance(50) {
		space = " "
	}
	return p.Title + space + p.First + " " + p.Last
}

// address in one of the ways that people write it.
func (g *Generator) address(p Person) string {
	r := &g.random
	at := p.place
	if p.bangkok {
		return fmt.Sprintf("%s ซอย%s แขวง%s เขต%s %s %s", p.House, pick(r, surnames), at.tambon, at.amphoe, at.province, at.postcode)
	}
	switch r.below(3) {
	case 0:
		return fmt.Sprintf("%s หมู่ที่ %d ตำบล%s อำเภอ%s จังหวัด%s %s", p.House, p.Moo, at.tambon, at.amphoe, at.province, at.postcode)
	case 1:
		return fmt.Sprintf("%s ม.%d ต.%s อ.%s จ.%s %s", p.House, p.Moo, at.tambon, at.amphoe, at.province, at.postcode)
	}
	return fmt.Sprintf("%s หมู่ %d ต.%s อ.%s จ.%s", p.House, p.Moo, at.tambon, at.amphoe, at.province)
}

// written is a citizen number in one of its forms.
func (g *Generator) written(number string) string {
	grouped := func(sep string) string {
		return strings.Join([]string{number[:1], number[1:5], number[5:10], number[10:12], number[12:]}, sep)
	}
	switch g.random.below(12) {
	case 0, 1, 2, 3:
		return number
	case 4, 5, 6:
		return grouped("-")
	case 7:
		return grouped(" ")
	case 8:
		return Thai(number)
	case 9:
		return Thai(grouped("-"))
	case 10:
		return grouped("–")
	}
	return number[:6] + "\u200b" + number[6:]
}

// Thai writes digits in Thai.
func Thai(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '๐'
		}
		return r
	}, s)
}

func (g *Generator) phone(number string) string {
	switch g.random.below(4) {
	case 0:
		return number
	case 1:
		return number[:3] + "-" + number[3:]
	case 2:
		return Thai(number[:3] + "-" + number[3:6] + "-" + number[6:])
	}
	return number[:3] + "-" + number[3:6] + "-" + number[6:]
}

var thaiMonths = []string{"มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"}

func (g *Generator) birth(p Person) string {
	switch g.random.below(3) {
	case 0:
		return fmt.Sprintf("%d/%d/%d", p.Birth.Day(), p.Birth.Month(), p.Birth.Year()+543)
	case 1:
		return fmt.Sprintf("%d %s %d", p.Birth.Day(), thaiMonths[p.Birth.Month()-1], p.Birth.Year()+543)
	}
	return p.Birth.Format(time.DateOnly)
}

func (g *Generator) laser(p Person) string {
	if g.random.chance(50) {
		return p.Laser
	}
	return p.Laser[:3] + "-" + p.Laser[3:10] + "-" + p.Laser[10:]
}
