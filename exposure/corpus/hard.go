package corpus

import (
	"fmt"
	"strings"
	"time"
)

// hardMention is a person as people write when no form holds them: other words,
// no words, other groupings. Not everything here is within what the classes
// promise; what is missed shows in the figures.
func (g *Generator) hardMention() string {
	r := &g.random
	p := g.person()
	g.plantNumber(p)
	switch r.below(10) {
	case 0: // columns by spaces
		g.plantName(p)
		g.plantPhone(p)
		return fmt.Sprintf("%-4d%s%s %s      %s    %s", r.between(1, 99), p.Title, p.First, p.Last, p.Number, p.Phone)
	case 1: // boxes of a form
		return "เลขประจำตัวประชาชน " + strings.Join(strings.Split(p.Number, ""), " ")
	case 2: // several in a row, without a word
		q := g.person()
		g.plantNumber(q)
		return p.Number + ", " + q.Number
	case 3: // a label that is no title
		g.plantName(p)
		return fmt.Sprintf("ชื่อ-นามสกุล : %s %s  ปชช. %s", p.First, p.Last, g.written(p.Number))
	case 4: // English
		g.plantPhone(p)
		g.plantEmail(p)
		return fmt.Sprintf("Citizen ID: %s, Tel: +66 %s %s %s, E-mail %s", p.Number, p.Phone[1:3], p.Phone[3:6], p.Phone[6:], p.Email)
	case 5: // a house in Bangkok, shortened
		at := pick(r, bangkok)
		written := fmt.Sprintf("%s ถ.พหลโยธิน แขวง%s เขต%s กทม. %s", p.House, at.tambon, at.amphoe, at.postcode)
		g.plantAddress(written)
		return "ผู้ถือบัตรเลขที่ " + p.Number + " ที่อยู่ " + written
	case 6: // Thai digits throughout
		g.plantPhone(p)
		return Thai(fmt.Sprintf("บัตรประชาชนเลขที่ %s โทร.%s", g.grouped(p.Number, " "), p.Phone))
	case 7: // a sentence without spaces round the number
		g.plantName(p)
		return fmt.Sprintf("ตามที่%s%s %s ผู้ถือบัตรเลขที่%sได้ยื่นคำร้องไว้", p.Title, p.First, p.Last, p.Number)
	case 8: // SQL
		g.plantName(p)
		g.plantEmail(p)
		return fmt.Sprintf("INSERT INTO citizen VALUES (%d,'%s%s %s','%s','%s');", r.between(1, 9999), p.Title, p.First, p.Last, p.Number, p.Email)
	}
	g.plantPhone(p)
	g.plantBirth(p)
	return fmt.Sprintf("pid=%s;mobile=%s;dob=%s", p.Number, p.Phone, p.Birth.Format(time.DateOnly))
}

func (g *Generator) grouped(n, sep string) string {
	return strings.Join([]string{n[:1], n[1:5], n[5:10], n[10:12], n[12:]}, sep)
}

// juristic is a company's number: it begins with 0 and has a citizen number's
// check digit.
func (g *Generator) juristic() string {
	twelve := "0105" + g.random.digits(8)
	return twelve + checkDigit(twelve)
}

// hex of a hash or UUID, in which digits may stand in a row.
func (g *Generator) hex(n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte("01234567890123456789abcdef"[g.random.below(26)])
	}
	return b.String()
}

// hardNegative is a number of a thing with a word that doesn't name it, or none.
func (g *Generator) hardNegative() string {
	r := &g.random
	switch r.below(11) {
	case 0:
		return "บริษัท ก่อสร้างดี จำกัด เลขประจำตัวผู้เสียภาษี " + g.juristic()
	case 1:
		return "เลขทะเบียนนิติบุคคล " + g.grouped(g.juristic(), "-")
	case 2:
		return "commit " + g.hex(40)
	case 3:
		return fmt.Sprintf("%s-%s-%s-%s-%s", g.hex(8), g.hex(4), g.hex(4), g.hex(4), g.hex(12))
	case 4:
		return "ค่าเฉลี่ย 0." + g.random.digits(13) + " หน่วย"
	case 5:
		return "Ref1 " + g.invoice() + " Ref2 " + g.random.digits(8)
	case 6:
		return fmt.Sprintf("<img src=\"/logo.png?v=%s\" alt=\"ตราสัญลักษณ์\">", g.milliseconds())
	case 7:
		return "ติดต่อสอบถาม สำนักงานเทศบาล โทรศัพท์ 0-3249-1" + g.random.digits(3) + " สายด่วน 1567"
	case 8:
		return "เลขครุภัณฑ์ 416-" + g.random.digits(4) + "-" + g.random.digits(4) + " จำนวน 1 เครื่อง"
	case 9:
		return "วันที่เอกสาร 31/12/2567 เวลา 13.30 น. อีเมล saraban@banlat.go.th"
	}
	return "TH" + g.random.digits(12) + "A ส่งแล้ว"
}
