package proofing

import "strings"

// titles are titles in full and as they are abbreviated, without dots. Several
// ranks share an abbreviation, as they do on paper. What isn't here is compared
// as it is written.
var titles = []struct{ full, short string }{
	{"นางสาว", "นส"},
	{"เด็กชาย", "ดช"},
	{"เด็กหญิง", "ดญ"},
	{"ว่าที่ร้อยตรี", "ว่าที่รต"},
	{"mister", "mr"},
	{"missus", "mrs"},
	{"miss", "ms"},
	// police
	{"พลตำรวจเอก", "พลตอ"},
	{"พลตำรวจโท", "พลตท"},
	{"พลตำรวจตรี", "พลตต"},
	{"พันตำรวจเอก", "พตอ"},
	{"พันตำรวจโท", "พตท"},
	{"พันตำรวจตรี", "พตต"},
	{"ร้อยตำรวจเอก", "รตอ"},
	{"ร้อยตำรวจโท", "รตท"},
	{"ร้อยตำรวจตรี", "รตต"},
	{"ดาบตำรวจ", "ดต"},
	{"จ่าสิบตำรวจ", "จสต"},
	{"สิบตำรวจเอก", "สตอ"},
	{"สิบตำรวจโท", "สตท"},
	{"สิบตำรวจตรี", "สตต"},
	// army
	{"พลเอก", "พลอ"},
	{"พลโท", "พลท"},
	{"พลตรี", "พลต"},
	{"พันเอก", "พอ"},
	{"พันโท", "พท"},
	{"พันตรี", "พต"},
	{"ร้อยเอก", "รอ"},
	{"ร้อยโท", "รท"},
	{"ร้อยตรี", "รต"},
	{"จ่าสิบเอก", "จสอ"},
	{"จ่าสิบโท", "จสท"},
	{"จ่าสิบตรี", "จสต"},
	{"สิบเอก", "สอ"},
	{"สิบโท", "สท"},
	{"สิบตรี", "สต"},
	// navy
	{"พลเรือเอก", "พลรอ"},
	{"พลเรือโท", "พลรท"},
	{"พลเรือตรี", "พลรต"},
	{"นาวาเอก", "นอ"},
	{"นาวาโท", "นท"},
	{"นาวาตรี", "นต"},
	{"เรือเอก", "รอ"},
	{"เรือโท", "รท"},
	{"เรือตรี", "รต"},
	{"พันจ่าเอก", "พจอ"},
	{"พันจ่าโท", "พจท"},
	{"พันจ่าตรี", "พจต"},
	{"จ่าเอก", "จอ"},
	{"จ่าโท", "จท"},
	{"จ่าตรี", "จต"},
	// air force
	{"พลอากาศเอก", "พลออ"},
	{"พลอากาศโท", "พลอท"},
	{"พลอากาศตรี", "พลอต"},
	{"นาวาอากาศเอก", "นอ"},
	{"นาวาอากาศโท", "นท"},
	{"นาวาอากาศตรี", "นต"},
	{"เรืออากาศเอก", "รอ"},
	{"เรืออากาศโท", "รท"},
	{"เรืออากาศตรี", "รต"},
	{"พันจ่าอากาศเอก", "พออ"},
	{"พันจ่าอากาศโท", "พอท"},
	{"พันจ่าอากาศตรี", "พอต"},
	{"จ่าอากาศเอก", "จอ"},
	{"จ่าอากาศโท", "จท"},
	{"จ่าอากาศตรี", "จต"},
}

// shortTitle is the abbreviation of a title, without dots.
func shortTitle(title string) string {
	bare := strings.ReplaceAll(plain(title), ".", "")
	for _, t := range titles {
		if bare == plain(t.full) {
			return t.short
		}
	}
	return bare
}

// titleForms are the ways to write a title before a name: as it is on the card,
// without dots, in full, and abbreviated with a dot behind each letter.
func titleForms(title string) []string {
	if plain(title) == "" {
		return nil
	}
	short := shortTitle(title)
	forms := []string{plain(title), strings.ReplaceAll(plain(title), ".", ""), short}
	for _, t := range titles {
		if t.short == short {
			forms = append(forms, plain(t.full), dotted(short))
		}
	}
	return forms
}

func dotted(short string) string {
	var out strings.Builder
	for _, r := range short {
		out.WriteRune(r)
		out.WriteByte('.')
	}
	return out.String()
}
