package corpus

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
)

// prose is letters, forms, lists and log lines with people in them, and lines
// between them that hold nobody.
func (g *Generator) prose(people int) string {
	if g.random.chance(20) {
		return g.log(people)
	}
	var b strings.Builder
	for range people {
		for range g.random.below(4) {
			b.WriteString(g.thing() + "\n")
		}
		if g.random.chance(40) {
			b.WriteString("\n" + g.hardMention() + "\n\n")
			continue
		}
		b.WriteString("\n" + g.mention() + "\n\n")
	}
	return b.String()
}

// thing is a line without a person in it.
func (g *Generator) thing() string {
	if g.random.chance(40) {
		return g.hardNegative()
	}
	return g.negative()
}

// mention is one person in flowing text.
func (g *Generator) mention() string {
	p := g.person()
	g.plantNumber(p)
	r := &g.random
	switch r.below(8) {
	case 0: // a form
		address := g.address(p)
		g.plantName(p)
		g.plantAddress(address)
		g.plantPhone(p)
		g.plantBirth(p)
		return fmt.Sprintf("ชื่อ-สกุล: %s\nเลขประจำตัวประชาชน: %s\nวันเกิด %s\nที่อยู่: %s\nโทรศัพท์ %s",
			g.name(p), g.written(p.Number), g.birth(p), address, g.phone(p.Phone))
	case 1: // a petition
		address := g.address(p)
		g.plantName(p)
		g.plantAddress(address)
		return fmt.Sprintf("ข้าพเจ้า %s อายุ %d ปี เลขประจำตัวประชาชน %s อยู่บ้านเลขที่ %s ขอร้องเรียนเรื่องน้ำท่วมขัง",
			g.name(p), r.between(20, 80), g.written(p.Number), address)
	case 2: // glued to the words beside it
		return "เลข" + p.Number + "บาท"
	case 3: // alone
		return g.written(p.Number)
	case 4: // a log line
		return fmt.Sprintf("GET /citizen?cid=%s HTTP/1.1", url.QueryEscape(g.written(p.Number)))
	case 5: // encoded once more
		return "payload=" + base64.StdEncoding.EncodeToString([]byte(`{"citizen_id":"`+p.Number+`"}`))
	case 6: // a list of winners
		g.plantName(p)
		g.plantPhone(p)
		g.plantEmail(p)
		return fmt.Sprintf("%d. %s บัตรประชาชน %s เบอร์โทร %s อีเมล %s", r.between(1, 99), g.name(p), g.written(p.Number), g.phone(p.Phone), p.Email)
	}
	g.plantName(p)
	g.plantLaser(p)
	g.plantAccount(p)
	g.plantPassport(p)
	g.plantHN(p)
	return fmt.Sprintf("%s\nเลขบัตรประชาชน %s เลขหลังบัตร %s\n%s เลขที่บัญชี %s-%s-%s-%s\nหนังสือเดินทาง %s\nHN %s",
		g.name(p), g.written(p.Number), g.laser(p), p.Bank, p.Account[:3], p.Account[3:4], p.Account[4:9], p.Account[9:], p.Passport, p.HN)
}

// log is a server's, whose lines begin with milliseconds that no word explains;
// some of them have a citizen number in them.
func (g *Generator) log(people int) string {
	var b strings.Builder
	for range people {
		for range g.random.between(2, 8) {
			fmt.Fprintf(&b, "%s INFO GET /news/%d 200 %dms\n", g.milliseconds(), g.random.below(900), g.random.below(90))
		}
		p := g.person()
		g.plantNumber(p)
		fmt.Fprintf(&b, "%s INFO GET /api/citizens?cid=%s 200 %dms\n", g.milliseconds(), url.QueryEscape(g.written(p.Number)), g.random.below(90))
	}
	return b.String()
}
