package program

import (
	"fmt"
	"strings"
	"time"

	"chipproof/api"
	"chipproof/mfa"
)

// sheetRule is as wide as a sheet of A4 in a terminal's letters.
const sheetRule = "────────────────────────────────────────────────────────────────────────"

// sealedSheet is the break-glass sheet (mfa §7): printed, sealed in an envelope,
// locked away. It says what it is to somebody who opens it in a bad hour.
func (p *Program) sealedSheet(code mfa.Hidden) string {
	host := hostName()
	var page strings.Builder
	fmt.Fprintf(&page, "%s\n", sheetRule)
	for _, lang := range p.Say {
		fmt.Fprintf(&page, "%s\n", p.Kind.namedText(sheetText(host, time.Now())).In(lang))
	}
	fmt.Fprintf(&page, "\n        %s\n\n", code.Reveal())
	for _, lang := range p.Say {
		fmt.Fprintf(&page, "%s\n", p.Kind.namedText(sheetUse).In(lang))
	}
	for _, lang := range p.Say {
		fmt.Fprintf(&page, "\n%s\n", sheetSeal.In(lang))
	}
	fmt.Fprintf(&page, "%s\n", sheetRule)
	return page.String()
}

func sheetText(host string, now time.Time) api.Text {
	day := now.Local().Format("2006-01-02")
	return api.Text{
		TH: fmt.Sprintf("${program} — ซองฉุกเฉิน (เครื่อง %s, %s)\nรหัสฉุกเฉินสำหรับผู้ดูแลระบบ ใช้ได้ครั้งเดียว:", host, day),
		EN: fmt.Sprintf("${program} — sealed sheet (machine %s, %s)\nEmergency code for an administrator, good once:", host, day),
	}
}

var sheetUse = api.Text{
	TH: `เมื่อใด: ผู้ดูแลระบบไม่มีทั้งโทรศัพท์และรหัสสำรอง
อย่างไร: เข้าสู่ระบบด้วยชื่อและรหัสผ่านของผู้ดูแลระบบ แล้วใส่รหัสนี้แทนรหัสจากแอป
         ภายใน 5 นาที ลงทะเบียนแอปใหม่
หลังใช้: พิมพ์ซองใหม่ (${program} user sheet) บันทึกการตรวจสอบระบุว่าใครเปิดซองและเมื่อใด`,
	EN: `When: an administrator has neither the phone nor a backup code.
How:  log in with an administrator's name and password, and give this code in
      place of the app's. Within 5 minutes enrol a new app.
Then: print a new sheet (${program} user sheet). The audit log says who broke
      the seal, and when.`,
}

var sheetSeal = api.Text{
	TH: "พับ ใส่ซอง ปิดผนึก เก็บในตู้นิรภัย    ผู้ปิดผนึก ______________ พยาน ______________",
	EN: "Fold, seal in an envelope, lock away.    Sealed by ______________ Witness ______________",
}
