package office

import (
	"strings"

	"chipproof/api"
)

// lawWords turn the fixed phrases of package breach into Thai. They are phrases
// and no sentences, so that a new row there needs no new row here.
var lawWords = strings.NewReplacer(
	"PDPA s. ", "พ.ร.บ. คุ้มครองข้อมูลส่วนบุคคล พ.ศ. 2562 มาตรา ",
	", s. ", ", มาตรา ",
	"PDPC notification 2565", "ประกาศคณะกรรมการฯ เรื่องการแจ้งเหตุละเมิด พ.ศ. 2565",
	" cl. ", " ข้อ ",
	"up to THB ", "โทษปรับทางปกครองไม่เกิน ",
	"3,000,000", "3,000,000 บาท",
	"(secondary source)", "(จากแหล่งอ้างอิงชั้นรอง)",
	"(clause unconfirmed)", "(เลขข้อไม่ได้รับการยืนยัน)",
	"(unconfirmed)", "(ไม่ได้รับการยืนยัน)",
)

// lawIn is the law or the penalty of a duty in a language.
func lawIn(text string, lang api.Lang) string {
	if lang == api.English {
		return text
	}
	return lawWords.Replace(text)
}
