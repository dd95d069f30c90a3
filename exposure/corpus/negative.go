package corpus

import "fmt"

// What is no person's, and looks like it.

// milliseconds of the years 2020 to 2027.
func (g *Generator) milliseconds() string {
	return fmt.Sprint(1_577_836_800_000 + int64(g.random.next()%uint64(252_000_000_000)))
}

// barcode with Thailand's prefix and its own check digit (GS1).
func (g *Generator) barcode() string { return withEAN("885" + g.random.digits(9)) }

// isbn of thirteen digits.
func (g *Generator) isbn() string { return withEAN("978616" + g.random.digits(6)) }

func withEAN(twelve string) string {
	sum := 0
	for i, c := range twelve {
		weight := 1
		if i%2 == 1 {
			weight = 3
		}
		sum += int(c-'0') * weight
	}
	return twelve + fmt.Sprint((10-sum%10)%10)
}

// parcel of the Thai post.
func (g *Generator) parcel() string {
	return "E" + string(rune('A'+g.random.below(26))) + g.random.digits(9) + "TH"
}

// invoice of thirteen digits, every second of which has a citizen number's check
// digit by chance.
func (g *Generator) invoice() string {
	twelve := fmt.Sprintf("25%02d%s", g.random.between(60, 68), g.random.digits(8))
	if g.random.chance(50) {
		return twelve + checkDigit(twelve)
	}
	return twelve + g.random.digits(1)
}

// office phone, with an extension or as a fax.
func (g *Generator) office() string {
	r := &g.random
	number := fmt.Sprintf("032-49%d-%s", r.below(10), r.digits(3))
	switch r.below(3) {
	case 0:
		return fmt.Sprintf("%s โทร. %s ต่อ %d", pick(r, offices), number, r.between(10, 400))
	case 1:
		return fmt.Sprintf("%s โทรศัพท์ %s โทรสาร %s", pick(r, offices), number, number[:11]+"9")
	}
	return fmt.Sprintf("%s %s", pick(r, offices), number)
}

// line of flowing text with a negative in it.
func (g *Generator) negative() string {
	r := &g.random
	switch r.below(9) {
	case 0:
		return "เลขที่ใบแจ้งหนี้ " + g.invoice() + " ยอดชำระ 1,250.00 บาท"
	case 1:
		return "บาร์โค้ด " + g.barcode() + " จำนวน 12 ชิ้น"
	case 2:
		return "ISBN " + g.isbn()
	case 3:
		return "ส่งพัสดุเลขที่ " + g.parcel() + " แล้ว"
	case 4:
		return g.office()
	case 5:
		return "timestamp=" + g.milliseconds() + " level=info msg=\"request done\""
	case 6:
		return "สินค้ารหัส " + g.barcode()
	case 7:
		return "เลขที่อ้างอิง " + g.invoice()
	}
	return pick(r, filler)
}
