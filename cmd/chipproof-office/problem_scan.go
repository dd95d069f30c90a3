package main

import (
	"chipproof/api"
)

// scanProblems are causes of the commands scan and finding that no page meets.
func scanProblems() api.Table {
	return api.Table{
		{
			Cause: errScanStopped, Code: "scan_stopped",
			Title:  api.Text{TH: "หยุดสแกนแล้ว สิ่งที่อ่านไปแล้วเก็บไว้", EN: "The scan was stopped; what it has read is kept"},
			Remedy: api.Text{TH: "ทำต่อด้วยบรรทัดด้านล่าง ถ้า serve ทำงานอยู่ serve จะทำต่อเอง", EN: "Go on with the line below. A 'serve' that runs goes on with it by itself."},
		},
		{
			Cause: errBaselineForeign, Code: "baseline_foreign",
			Title:  api.Text{TH: "รายงานที่ใช้เทียบทำด้วยกุญแจของหน่วยงานอื่น จึงเทียบไม่ได้", EN: "The baseline was made with another agency's key, so that nothing in it can be known again"},
			Remedy: api.Text{TH: "ใช้รายงาน JSON หรือหมายเลขการสแกนของโฟลเดอร์ข้อมูลนี้", EN: "Use a report in JSON, or a scan, of this data folder."},
		},
		{
			Cause: errAllowInvalid, Code: "allow_invalid",
			Title: api.Text{TH: "ไฟล์รายชื่อติดต่อราชการใช้ไม่ได้", EN: "The file of work contacts cannot be used"},
			Remedy: api.Text{
				TH: "เป็น YAML หรือ JSON ที่มีรายการ domains, phones, names ห้ามใส่โดเมนรวม เช่น go.th และเบอร์ต้องยาวอย่างน้อย 4 หลัก",
				EN: "YAML or JSON with lists domains, phones and names; no domain of all agencies such as go.th, and four digits of a phone at least.",
			},
		},
		{
			Cause: errAssetsInvalid, Code: "assets_unreadable",
			Title: api.Text{TH: "ไฟล์ทะเบียนระบบอ่านไม่ได้", EN: "The file of systems cannot be read"},
			Remedy: api.Text{
				TH: "เป็น YAML หรือ JSON ที่มีรายการ assets แต่ละระบบมี name, owner, targets และอาจมี classes, processor ดูตัวอย่างด้วย chipproof-office finding assets --json",
				EN: "YAML or JSON with a list assets, each with name, owner, targets, and perhaps classes and processor; 'chipproof-office finding assets --json' prints one.",
			},
		},
		{
			Cause: errInputUnreadable, Code: "file_unreadable",
			Title:  api.Text{TH: "อ่านไฟล์ไม่ได้", EN: "The file can't be read"},
			Remedy: api.Text{TH: "ตรวจชื่อไฟล์และสิทธิ์อ่าน", EN: "See that the name is right, and that this account may read it."},
		},
	}
}
