package main

import (
	"fmt"
	"strings"

	"chipproof/api"
	"chipproof/cmd/internal/program"
	"chipproof/proofing/thaiid"
)

// identityText is an identity for a person to read: one line a value, labels in
// the languages of s. It is personal data, for stdout and nothing else.
func identityText(id *thaiid.Identity, s program.Speech) string {
	page := &page{say: s}
	if id.Fields.Has(thaiid.FieldCitizenID) {
		page.line(api.Text{TH: "เลขประจำตัวประชาชน", EN: "Citizen number"}, grouped(id.CitizenID.Reveal()))
	}
	if id.Fields.Has(thaiid.FieldName) {
		page.line(api.Text{TH: "ชื่อ", EN: "Name"}, id.Name.TH.Reveal())
		page.line(api.Text{TH: "ชื่ออังกฤษ", EN: "English name"}, id.Name.EN.Reveal())
	}
	if id.Fields.Has(thaiid.FieldBirthDate) {
		page.line(api.Text{TH: "วันเกิด", EN: "Born"}, page.date(id.BirthDate))
	}
	if id.Fields.Has(thaiid.FieldSex) {
		page.line(api.Text{TH: "เพศ", EN: "Sex"}, s.Label(sexText(id.Sex.Reveal())))
	}
	if id.Fields.Has(thaiid.FieldAddress) {
		page.line(api.Text{TH: "ที่อยู่", EN: "Address"}, id.Address.Text.Reveal())
	}
	if id.Fields.Has(thaiid.FieldCard) {
		page.card(id.Card)
	}
	if id.Fields.Has(thaiid.FieldPhoto) {
		page.line(api.Text{TH: "รูปถ่าย", EN: "Photo"},
			fmt.Sprintf("JPEG %d × %d, %d bytes", id.Photo.Width, id.Photo.Height, len(id.Photo.Bytes())))
	}
	if id.Fields.Has(thaiid.FieldLaserCode) {
		page.line(api.Text{TH: "เลขหลังบัตร", EN: "Laser code"}, id.LaserCode.Reveal())
	}
	if id.NHSO != nil {
		page.healthRight(*id.NHSO)
	}
	for _, f := range id.Findings {
		page.line(api.Text{TH: "ข้อสังเกต", EN: "Note"}, fmt.Sprintf("%s: %s — %s", f.Field, f.Code, s.Label(findingText(f.Code))))
	}
	return page.text.String()
}

// page collects lines.
type page struct {
	say  program.Speech
	text strings.Builder
}

// line adds one value; a blank one is shown as blank, never left out: that the
// card says nothing is what it says.
func (p *page) line(label api.Text, value string) {
	if strings.TrimSpace(value) == "" {
		value = "–"
	}
	fmt.Fprintf(&p.text, "%s: %s\n", p.say.Label(label), value)
}

func (p *page) card(c thaiid.Card) {
	p.line(api.Text{TH: "ออกบัตรโดย", EN: "Issued by"}, c.Issuer.Reveal())
	p.line(api.Text{TH: "วันออกบัตร", EN: "Issued on"}, p.date(c.IssueDate))
	p.line(api.Text{TH: "วันหมดอายุ", EN: "Expires on"}, p.date(c.ExpiryDate))
	p.line(api.Text{TH: "เลขคำขอ", EN: "Request number"}, c.RequestNumber.Reveal())
	p.line(api.Text{TH: "เลขใต้รูป", EN: "Number under the photo"}, c.PhotoNumber.Reveal())
	p.line(api.Text{TH: "เลขชิป", EN: "Chip number"}, c.ChipNumber.Reveal())
	p.line(api.Text{TH: "รุ่นและชนิดบัตร", EN: "Version and type"}, c.Version+", "+c.Type.Reveal())
	p.line(api.Text{TH: "รหัสผู้ออกบัตร", EN: "Issuer code"}, c.IssuerCode.Reveal())
}

func (p *page) healthRight(r thaiid.HealthRight) {
	p.line(api.Text{TH: "สิทธิหลัก", EN: "Health right"}, r.MainRight.Reveal())
	p.line(api.Text{TH: "สิทธิย่อย", EN: "Kind of right"}, r.SubRight.Reveal())
	p.line(api.Text{TH: "โรงพยาบาลหลัก", EN: "Main hospital"}, r.MainHospital.Reveal())
	p.line(api.Text{TH: "หน่วยบริการรอง", EN: "Primary care unit"}, r.SubHospital.Reveal())
	p.line(api.Text{TH: "วันเริ่มสิทธิ", EN: "Right begins"}, p.date(r.IssueDate))
	p.line(api.Text{TH: "วันสิ้นสุดสิทธิ", EN: "Right ends"}, p.date(r.ExpiryDate))
	p.line(api.Text{TH: "ปรับปรุงล่าสุด", EN: "Last update"}, p.date(r.UpdateDate))
	p.line(api.Text{TH: "รหัสผู้จ่าย", EN: "Payer"}, r.PaidType.Reveal())
	p.line(api.Text{TH: "จำนวนครั้งที่เปลี่ยนหน่วยบริการ", EN: "Hospital changes"}, r.HospitalChanges.Reveal())
}

// date is as exact as the card: the Thai date, and the common era behind it.
func (p *page) date(d thaiid.Date) string {
	year, month, day := d.Parts()
	switch {
	case d.Lifelong():
		return p.say.Label(api.Text{TH: "ตลอดชีพ", EN: "lifelong"})
	case d.Precision() == thaiid.PrecisionNone:
		return ""
	}
	thai := fmt.Sprintf("พ.ศ. %d", year+buddhistEra)
	if month != 0 {
		thai = fmt.Sprintf("%s %d", thaiMonths[month-1], year+buddhistEra)
	}
	if day != 0 {
		thai = fmt.Sprintf("%d %s", day, thai)
	}
	return thai + " (" + d.Reveal() + ")"
}

// buddhistEra is what the Buddhist year is ahead of the common era.
const buddhistEra = 543

var thaiMonths = [12]string{
	"มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
	"กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
}

// grouped is a citizen number as the card's face shows it: 1 1017 00230 70 8.
func grouped(number string) string {
	if len(number) != 13 {
		return number
	}
	return strings.Join([]string{number[:1], number[1:5], number[5:10], number[10:12], number[12:]}, " ")
}

func sexText(word string) api.Text {
	switch word {
	case thaiid.SexMale:
		return api.Text{TH: "ชาย", EN: "male"}
	case thaiid.SexFemale:
		return api.Text{TH: "หญิง", EN: "female"}
	case thaiid.SexUnspecified:
		return api.Text{TH: "ไม่ระบุ", EN: "unspecified"}
	}
	return api.Text{TH: "ไม่ทราบ", EN: "unknown"}
}

func findingText(code thaiid.FindingCode) api.Text {
	switch code {
	case thaiid.FindingChecksumFailed:
		return api.Text{TH: "หลักตรวจสอบของเลขประจำตัวไม่ถูกต้อง", EN: "the check digit of the citizen number is wrong"}
	case thaiid.FindingDateInvalid:
		return api.Text{TH: "ส่วนหนึ่งของวันที่เป็นไปไม่ได้", EN: "a part of the date is impossible"}
	case thaiid.FindingSexUnknown:
		return api.Text{TH: "รหัสเพศที่ไม่รู้จัก", EN: "a code that is not known"}
	case thaiid.FindingPartUnplaced:
		return api.Text{TH: "ที่อยู่บางส่วนจัดเข้าช่องไม่ได้", EN: "a part of the address fits no field"}
	case thaiid.FindingNotAvailable:
		return api.Text{TH: "บัตรไม่มีหรือไม่ให้ข้อมูลนี้", EN: "the card has it not, or refuses it"}
	case thaiid.FindingVersionUnproven:
		return api.Text{TH: "โครงสร้างของบัตรรุ่นนี้ยังไม่เคยยืนยันกับบัตรจริง", EN: "the layout of this card's version was never proven on a real card"}
	}
	return api.Text{TH: "ไม่ทราบความหมาย", EN: "unknown"}
}
