package corpus

import (
	"fmt"
	"html"
	"strings"
)

// member of an object: written so that numbers stand as numbers or strings.
func quoted(key, value string) string { return fmt.Sprintf("%q:%s", key, jsonString(value)) }

// jsonString escapes Thai in every second document's manner: \u0e01.
func jsonString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}

func escaped(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

func (g *Generator) object(p Person) string {
	address := g.address(p)
	g.plantNumber(p)
	g.plantName(p)
	g.plantAddress(address)
	g.plantPhone(p)
	g.plantEmail(p)
	number := quoted(pick(&g.random, []string{"citizen_id", "cid", "nationalId", "idCard", "pid", "code", "value"}), g.written(p.Number))
	if g.random.chance(30) && p.Number[0] != '0' {
		number = `"citizenId":` + p.Number
	}
	return "{" + strings.Join([]string{
		`"id":` + fmt.Sprint(g.random.between(1, 99999)), number, quoted("fullName", p.Title+p.First+" "+p.Last), quoted("address", address),
		quoted("phone", g.phone(p.Phone)), quoted("email", p.Email), `"createdAt":` + g.milliseconds(), `"v":` + g.milliseconds(), `"etag":"` + g.hex(32) + `"`,
		quoted("barcode", g.barcode()), quoted("invoiceNo", g.invoice()),
	}, ",") + "}"
}

func (g *Generator) objects(people int) []string {
	var out []string
	for range people {
		o := g.object(g.person())
		if g.random.chance(30) {
			o = escaped(o)
		}
		out = append(out, o)
	}
	return out
}

func (g *Generator) json(people int) string {
	return `{"data":[` + strings.Join(g.objects(people), ",\n") + `],"points":[` + strings.Join(g.series(40), ",") + `]}`
}

func (g *Generator) ndjson(people int) string { return strings.Join(g.objects(people), "\n") + "\n" }

func (g *Generator) xml(people int, encoding string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<?xml version=\"1.0\" encoding=\"%s\"?>\n<people>\n", strings.ToUpper(encoding))
	for range people {
		p := g.person()
		address := g.address(p)
		g.plantNumber(p)
		g.plantName(p)
		g.plantAddress(address)
		g.plantPhone(p)
		fmt.Fprintf(&b, "<person created=\"%s\"><citizenId>%s</citizenId><fullName>%s</fullName><address>%s</address><phone>%s</phone><barcode>%s</barcode></person>\n",
			g.milliseconds(), g.written(p.Number), p.Title+p.First+" "+p.Last, address, g.phone(p.Phone), g.barcode())
	}
	return b.String() + "</people>\n"
}

// html has people in a table, a form, a comment, a script and a paragraph.
func (g *Generator) html(people int) string {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html><html lang=\"th\"><head><title>ประกาศรายชื่อ</title><style>.a{color:#112233}</style></head><body>\n<h1>ประกาศรายชื่อ</h1>\n<table><tr>")
	rows := g.table(people / 2)
	for _, h := range rows[0] {
		b.WriteString("<th>" + h + "</th>")
	}
	b.WriteString("</tr>\n")
	for _, row := range rows[1:] {
		b.WriteString("<tr>")
		for _, v := range row {
			b.WriteString("<td>" + html.EscapeString(v) + "</td>")
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</table>\n")
	for range people - people/2 {
		p := g.person()
		g.plantNumber(p)
		number := g.written(p.Number)
		switch g.random.below(6) {
		case 0:
			fmt.Fprintf(&b, `<form><label>เลขบัตร</label><input type="hidden" name="citizen_id" value="%s"></form>`, number)
		case 1:
			fmt.Fprintf(&b, "<!-- ทดสอบ cid=%s -->", number)
		case 2:
			fmt.Fprintf(&b, `<script id="__NEXT_DATA__" type="application/json">{"props":{"user":%s}}</script>`, `{"cid":"`+p.Number+`","ts":`+g.milliseconds()+`}`)
		case 3:
			g.plantName(p)
			fmt.Fprintf(&b, "<p>%s <b>เลขประจำตัวประชาชน</b> <span>%s</span></p>", html.EscapeString(g.name(p)), number)
		case 4:
			var coded strings.Builder
			for _, r := range p.Number {
				fmt.Fprintf(&coded, "&#%d;", r)
			}
			fmt.Fprintf(&b, "<p>เลขบัตรประชาชน %s</p>", coded.String())
		default:
			fmt.Fprintf(&b, `<a href="/people/%s/view">รายละเอียด</a><p>%s</p>`, p.Number, html.EscapeString(g.negative()))
		}
		b.WriteString("\n")
	}
	return b.String() + "</body></html>\n"
}

// series is numbers of a chart, times without a word for it.
func (g *Generator) series(n int) []string {
	var out []string
	for range n {
		out = append(out, "["+g.milliseconds()+","+fmt.Sprint(g.random.below(100))+"]")
	}
	return out
}
