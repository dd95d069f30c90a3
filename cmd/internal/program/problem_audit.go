package program

import (
	"chipproof/api"
	"chipproof/audit"
	"chipproof/store"
)

// auditProblems are the rows of what only commands do with the audit log and
// with backups.
func auditProblems() api.Table {
	return api.Table{
		{
			Cause: audit.ErrUnknown, Code: "audit_entry_unknown",
			Title:  api.Text{TH: "ไม่มีรายการนี้ หรือลบเนื้อหาไปแล้ว", EN: "There is no such entry, or its content is erased already"},
			Remedy: api.Text{TH: "ดูหมายเลขด้วย ${program} audit list ไม่มีอะไรถูกเปลี่ยน", EN: "See the numbers with ${program} audit list. Nothing was changed."},
		},
		{
			Cause: audit.ErrKept, Code: "audit_entry_kept",
			Title: api.Text{TH: "รายการนี้ต้องเก็บไว้", EN: "This entry must be kept"},
			Remedy: api.Text{
				TH: "รายการเกี่ยวกับตัวบันทึกเองลบไม่ได้ และทุกรายการต้องเก็บอย่างน้อย 90 วัน ไม่มีอะไรถูกเปลี่ยน",
				EN: "Entries about the log itself stay, and every class is kept for at least 90 days. Nothing was changed.",
			},
		},
		{
			Cause: store.ErrBackupInvalid, Code: "backup_invalid",
			Title: api.Text{TH: "เปิดไฟล์สำรองนี้ไม่ได้", EN: "This backup can't be opened"},
			Remedy: api.Text{
				TH: "ตรวจวลีรหัสผ่านหรือกุญแจ และตรวจว่าไฟล์ครบ ไม่มีอะไรถูกเปลี่ยน",
				EN: "Check the passphrase or key, and that the file is whole. Nothing was changed.",
			},
		},
		{
			Cause: store.ErrBackupOther, Code: "backup_other",
			Title: api.Text{TH: "ไฟล์สำรองนี้เป็นของการติดตั้งอื่น", EN: "The backup is of another installation"},
			Remedy: api.Text{
				TH: "กู้คืนลงโฟลเดอร์ใหม่ด้วย --data ไม่มีอะไรถูกเปลี่ยน",
				EN: "Restore it into a new folder with --data. Nothing was changed.",
			},
		},
		{
			Cause: store.ErrBackupExists, Code: "file_exists",
			Title:  api.Text{TH: "มีไฟล์นี้อยู่แล้ว", EN: "The file exists already"},
			Remedy: api.Text{TH: "ระบุชื่ออื่น", EN: "Name another file."},
		},
		{
			Cause: store.ErrInUse, Code: "store_in_use",
			Title:  api.Text{TH: "โปรแกรมยังใช้ข้อมูลนี้อยู่", EN: "A program still uses this data"},
			Remedy: api.Text{TH: "หยุด ${program} serve ก่อน แล้วลองอีกครั้ง ไม่มีอะไรถูกเปลี่ยน", EN: "Stop ${program} serve first, then try again. Nothing was changed."},
		},
		{
			Cause: audit.ErrWitnessInvalid, Code: "witness_invalid",
			Title: api.Text{TH: "พยานใช้ไม่ได้: พิมพ์ผิด เป็นของบันทึกอื่น หรือไม่ได้ลงนามด้วยกุญแจนี้", EN: "The witness is mistyped, of another log, or not signed by its key"},
			Remedy: api.Text{
				TH: "พิมพ์ใหม่ให้ตรงกับใบสรุปสิ้นวัน ระบบบอกคำที่ผิดถ้าทำได้",
				EN: "Type it as it stands on the sheet; where that can be told, the line below names the word.",
			},
		},
		{
			Cause: audit.ErrKeyInvalid, Code: "key_invalid",
			Title:  api.Text{TH: "ไฟล์กุญแจของบันทึกการตรวจสอบอ่านไม่ได้", EN: "A key file of the audit log can't be read"},
			Remedy: api.Text{TH: "นำไฟล์เดิมกลับมา หรือกู้คืนจากข้อมูลสำรอง (${program} restore)", EN: "Bring back the file as it was, or restore a backup (${program} restore)."},
		},
		{
			Cause: audit.ErrInvalid, Code: "audit_invalid",
			Title:  api.Text{TH: "รายการในบันทึกการตรวจสอบอ่านไม่ได้ตามรูปแบบ", EN: "An entry of the audit log breaks its form"},
			Remedy: api.Text{TH: "ตรวจบันทึกด้วย ${program} audit verify", EN: "Check the log with ${program} audit verify."},
		},
	}
}
