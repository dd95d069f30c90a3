package report

import (
	"chipproof/exposure"
	"chipproof/exposure/crawl"
	"chipproof/exposure/detect"
	"chipproof/exposure/formats"
)

// Thai names of what stands in reports.
var classNames = map[exposure.Class]string{
	detect.CitizenID: "เลขประจำตัวประชาชน", detect.LaserCode: "รหัสหลังบัตร (Laser code)", detect.Phone: "หมายเลขโทรศัพท์", detect.Name: "ชื่อ - นามสกุล",
	detect.Address: "ที่อยู่", detect.BankAccount: "เลขบัญชีธนาคาร", detect.Passport: "หนังสือเดินทาง", detect.BirthDate: "วันเกิด", detect.Email: "อีเมล",
	detect.Card: "บัตรเครดิต/เดบิต", detect.Health: "เลขผู้ป่วย (HN)", detect.Vehicle: "ทะเบียนรถ", detect.Geo: "พิกัดที่ตั้ง", detect.Secret: "รหัสผ่านหรือกุญแจ",
	exposure.OpenAgent: "โปรแกรมอ่านบัตรที่เปิดให้ใครก็ได้", exposure.Weakness: "จุดอ่อนที่เครื่องมืออื่นพบ",
}

var severityNames = map[exposure.Severity]string{
	exposure.Critical: "ร้ายแรงมาก", exposure.High: "ร้ายแรง", exposure.Medium: "ปานกลาง", exposure.Low: "ต่ำ",
}

var reachNames = map[exposure.Reachability]string{
	exposure.Anonymous: "ทุกคนเข้าถึงได้", exposure.LinkOnly: "ผู้ที่มีลิงก์เข้าถึงได้", exposure.Login: "ผู้ที่เข้าสู่ระบบเข้าถึงได้", exposure.Internal: "ภายในหน่วยงาน",
}

var changeNames = map[exposure.Change]string{
	exposure.New: "พบใหม่", exposure.Still: "ยังคงอยู่", exposure.Fixed: "แก้ไขแล้ว", exposure.Unchecked: "ยังไม่ได้ตรวจซ้ำ", "": "",
}

var reasonNames = map[formats.Reason]string{
	formats.Image: "เป็นภาพ ไม่ได้อ่านข้อความในภาพ", formats.Encrypted: "มีรหัสผ่าน", formats.OverLimit: "ใหญ่เกินกำหนด", formats.TimedOut: "ใช้เวลาเกินกำหนด",
	formats.Unreadable: "อ่านไม่ได้หรือเสียหาย", formats.Unsupported: "รูปแบบที่ไม่รองรับ", formats.Nested: "ไฟล์บีบอัดซ้อนกัน",
	crawl.OutOfScope: "อยู่นอกขอบเขตที่ได้รับอนุญาต", crawl.Robots: "robots.txt ขอไม่ให้อ่าน", crawl.Address: "ที่อยู่เครือข่ายภายใน ไม่ได้รับอนุญาต",
	crawl.NoAnswer: "ไม่ตอบ", crawl.NeedsValue: "ต้องระบุค่าพารามิเตอร์", crawl.Status: "เซิร์ฟเวอร์ปฏิเสธ",
	exposure.NotAsked: "ไม่ได้ถาม (ถามได้แต่ข้อมูลบุคคล)",
}

// namedClasses is the order in which reports for people count: our own classes,
// then those of other programs.
func namedClasses() []exposure.Class {
	return append(detect.Classes(), exposure.OpenAgent, exposure.Weakness)
}
