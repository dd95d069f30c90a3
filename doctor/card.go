package doctor

import (
	"bytes"
	"fmt"

	"chipproof/cardreader"
)

// thaiMark begins the historical bytes of every known Thai ID card's ATR, in
// ASCII (thai-id-card §3). It is a hint: only selecting the applet decides.
var thaiMark = []byte("TH NID")

// card judges what a reader holds, without connecting to it.
func card(r cardreader.State) Check {
	name := shown(r.Reader)
	c := Check{ID: IDCard, Subject: name, State: OK}
	switch {
	case r.Card == cardreader.Absent:
		c.Found = Text{TH: name + ": ไม่มีบัตร", EN: name + ": no card."}
		c.Remedy = Text{
			TH: "ถ้าต้องการทดสอบ ให้เสียบบัตรแล้วตรวจอีกครั้ง",
			EN: "To test it, insert a card and run this again.",
		}
	case r.Card == cardreader.Mute:
		c.State = Failed
		c.Found = Text{
			TH: name + ": มีบัตรอยู่แต่ไม่ตอบ",
			EN: name + ": something is in it that does not answer.",
		}
		c.Remedy = Text{
			TH: "ตรวจว่าหันด้านชิปเข้าเครื่องและเสียบจนสุด เช็ดหน้าสัมผัสทองด้วยผ้าแห้ง แล้วเสียบใหม่ ถ้ายังไม่ตอบให้ลองบัตรอื่น เพื่อดูว่าเสียที่บัตรหรือที่เครื่องอ่าน",
			EN: "See that the chip goes in first and all the way, wipe the gold contacts with a dry cloth, and insert it again. If it still doesn't answer, try another card to learn whether card or reader is broken.",
		}
	case bytes.Contains(r.ATR, thaiMark):
		c.Found = Text{
			TH: name + ": มีบัตร ดูเป็นบัตรประจำตัวประชาชนไทย",
			EN: name + ": a card, by its ATR a Thai ID card.",
		}
	default:
		c.State = Warning
		c.Found = Text{
			TH: fmt.Sprintf("%s: มีบัตร แต่ ATR ไม่ใช่แบบของบัตรประชาชนไทยที่รู้จัก (% X)", name, r.ATR),
			EN: fmt.Sprintf("%s: a card, but its ATR is not that of a known Thai ID card (% X).", name, r.ATR),
		}
		c.Remedy = Text{
			TH: "ถ้าเป็นบัตรประชาชน ให้ลองอ่าน: chipproof read ถ้าไม่ใช่ ให้เปลี่ยนบัตร",
			EN: "If it is an ID card, try it: chipproof read. If not, insert the ID card.",
		}
	}
	return c
}
