package program

import (
	"errors"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/store"
)

// What can be wrong with the data folder and what people do with it by command.
var (
	errDataDenied     = errors.New("data folder denied")
	errDataOpen       = errors.New("other accounts may look into it")
	ErrKeyFileMissing = errors.New("key file missing")
	errAuditKeyWrong  = errors.New("audit key is not one of this log")
	errPassphrase     = errors.New("passphrase refused")
)

// ServedProblems is the table of a running program: all that it serves, and what
// the store can meet, which no part of the API knows. Nothing is released then.
func (k Kind) ServedProblems() api.Table {
	table := k.served()
	unavailable := table.Find(audit.ErrUnavailable)
	full, busy := unavailable, unavailable
	full.Cause, busy.Cause = store.ErrUnwritable, store.ErrBusy
	return append(api.Table{full, busy}, table...)
}

// dataProblems are the rows of the store, and of this program's handling of it,
// for whoever types a command. No web app meets them.
func dataProblems() api.Table {
	return api.Table{
		{
			Cause: store.ErrMissing, Code: "store_missing",
			Title: api.Text{TH: "ยังไม่มีข้อมูลของโปรแกรมในโฟลเดอร์นี้", EN: "There is no data of ${program} in this folder"},
			Remedy: api.Text{
				TH: "เริ่มต้นด้วย ${program} setup หรือระบุโฟลเดอร์ที่ถูกต้องด้วย --data",
				EN: "Begin with ${program} setup, or name the right folder with --data.",
			},
		},
		{
			Cause: store.ErrExists, Code: "store_exists",
			Title: api.Text{TH: "โฟลเดอร์นี้มีข้อมูลหรือกุญแจอยู่แล้ว", EN: "This folder holds data or keys already"},
			Remedy: api.Text{
				TH: "ไม่มีอะไรถูกเปลี่ยน ถ้าต้องการเริ่มใหม่ให้ระบุโฟลเดอร์อื่นด้วย --data หรือย้ายของเดิมออกไปเก็บไว้ก่อน",
				EN: "Nothing was changed. To begin anew name another folder with --data, or move what is there away and keep it.",
			},
		},
		{
			Cause: store.ErrOtherProgram, Code: "store_other",
			Title: api.Text{TH: "ข้อมูลนี้เป็นของอีกโปรแกรมหนึ่ง", EN: "This is the data of the other program"},
			Remedy: api.Text{
				TH: "เคาน์เตอร์กับสำนักงานต้องมีโฟลเดอร์ของตนเอง ระบุโฟลเดอร์ที่ถูกต้องด้วย --data หรือใช้อีกโปรแกรมหนึ่ง ไม่มีอะไรถูกเปลี่ยน",
				EN: "Counter and office each have a folder of their own. Name the right one with --data, or use the other program. Nothing was changed.",
			},
		},
		{
			Cause: store.ErrStoreNewer, Code: "store_newer",
			Title: api.Text{TH: "ข้อมูลนี้สร้างโดย ${program} รุ่นใหม่กว่า", EN: "A newer ${program} has written this data"},
			Remedy: api.Text{
				TH: "ใช้โปรแกรมรุ่นเดิมที่ใหม่กว่า หรือกู้คืนข้อมูลสำรองที่ทำไว้ก่อนปรับรุ่น",
				EN: "Use that newer program, or restore the backup from before the update.",
			},
		},
		{
			Cause: store.ErrCheckpointConflict, Code: "checkpoint_conflict",
			Title: api.Text{TH: "โฟลเดอร์จุดตรวจมีจุดตรวจที่ไม่ใช่ของบันทึกนี้", EN: "The checkpoint folder holds a checkpoint that this log doesn't contain"},
			Remedy: api.Text{
				TH: "ไม่มีอะไรถูกเขียนทับ ดูด้วย ${program} audit verify --checkpoint-dir และให้แต่ละบันทึกมีโฟลเดอร์ของตนเอง",
				EN: "Nothing was overwritten. Look with '${program} audit verify --checkpoint-dir', and give each log a folder of its own.",
			},
		},
		{
			Cause: store.ErrBusy, Code: "store_busy",
			Title: api.Text{TH: "ข้อมูลถูกโปรแกรมอื่นใช้อยู่นานเกินไป", EN: "Another process kept the data for too long"},
			Remedy: api.Text{
				TH: "ลองอีกครั้ง ถ้ายังเป็นอยู่ ตรวจว่าไม่มีโปรแกรมอื่นเปิดไฟล์ฐานข้อมูลค้างไว้",
				EN: "Try again. If it stays, see that no other program holds the database open.",
			},
		},
		{
			Cause: store.ErrUnwritable, Code: "audit_unavailable",
			Title: api.Text{TH: "เขียนบันทึกการตรวจสอบไม่ได้ จึงไม่ปล่อยข้อมูลใด", EN: "The audit log can't be written, so nothing is released"},
			Remedy: api.Text{
				TH: "แจ้งผู้ดูแลระบบ: ตรวจว่าดิสก์ยังไม่เต็ม และบัญชีนี้เขียนโฟลเดอร์ข้อมูลได้",
				EN: "Call the administrator: see that the disk has room, and that this account can write the data folder.",
			},
		},
		{
			Cause: errDataDenied, Code: "data_denied",
			Title: api.Text{TH: "บัญชีนี้ไม่มีสิทธิ์ใช้ข้อมูลของโปรแกรม", EN: "This account may not use the data of ${program}"},
			Remedy: api.Text{
				TH: "ให้ผู้ดูแลระบบสั่งด้วยบัญชีที่เป็นเจ้าของโฟลเดอร์ข้อมูล ด้วย sudo -u NAME",
				EN: "An administrator must do it, as the account that owns the data folder: sudo -u NAME.",
			},
		},
		{
			Match: func(err error) bool { _, ok := errors.AsType[*strangerError](err); return ok },
			Code:  "data_account_other",
			Title: api.Text{TH: "บัญชีอื่นแก้โฟลเดอร์นี้ได้ root จึงไม่ทำงานในนั้น", EN: "Another account can change this folder, so root does not work in it"},
			Remedy: api.Text{ // [Program.complain] names the account
				TH: "สั่งด้วยบัญชีที่เป็นเจ้าของโฟลเดอร์: sudo -u NAME ${program} … ไม่มีอะไรถูกเปลี่ยน",
				EN: "Run it as the account that owns the folder: sudo -u NAME ${program} … Nothing was changed.",
			},
		},
		{
			Cause: errIrregular, Code: "file_irregular",
			Title: api.Text{TH: "กุญแจ ฐานข้อมูล จุดตรวจ หรือพยาน เป็นลิงก์ ไปป์ หรืออุปกรณ์ ไม่ใช่ไฟล์ธรรมดา", EN: "A key, database, checkpoint or witness is a link, pipe or device, not a plain file"},
			Remedy: api.Text{
				TH: "หาว่าใครวางไว้ แล้วนำไฟล์จริงมาแทน ไม่มีอะไรถูกเปลี่ยน",
				EN: "Find out who put it there, and put the file itself in its place. Nothing was changed.",
			},
		},
		{
			Cause: errTooLarge, Code: "file_too_large",
			Title:  api.Text{TH: "ไฟล์ใหญ่เกินกว่าจะเป็นไฟล์ชนิดนี้", EN: "The file is too large for one of its kind"},
			Remedy: api.Text{TH: "ระบุไฟล์ที่ถูกต้อง", EN: "Name the right file."},
		},
		{
			Cause: errDataOpen, Code: "data_exposed",
			Title:  api.Text{TH: "บัญชีอื่นเปิดดูข้อมูลหรือกุญแจได้", EN: "Other accounts can look into the data or the keys"},
			Remedy: api.Text{TH: "แก้สิทธิ์ตามคำสั่งด้านล่าง แล้วลองใหม่", EN: "Close it as the line below says, then try again."},
		},
		{
			Cause: ErrKeyFileMissing, Code: "key_unavailable",
			Title: api.Text{TH: "ไม่มีไฟล์กุญแจ", EN: "A key file is missing"},
			Remedy: api.Text{
				TH: "นำไฟล์กุญแจกลับมาไว้ที่เดิม หรือกู้คืนจากข้อมูลสำรอง (${program} restore) อย่าสร้างกุญแจใหม่แทน",
				EN: "Put the key file back, or restore a backup (${program} restore). A new key can't take its place.",
			},
		},
		{
			Cause: errAuditKeyWrong, Code: "key_wrong",
			Title: api.Text{TH: "กุญแจบันทึกการตรวจสอบไม่ใช่ของข้อมูลชุดนี้", EN: "The audit key is not one of this data's log"},
			Remedy: api.Text{
				TH: "นำ audit.key และ audit.pub ที่อยู่คู่กับฐานข้อมูลนี้กลับมา หรือกู้คืนจากข้อมูลสำรอง (${program} restore)",
				EN: "Bring back the audit.key and audit.pub that belong to this database, or restore a backup (${program} restore).",
			},
		},
		{
			Cause: errPassphrase, Code: "passphrase_refused",
			Title: api.Text{TH: "ไม่ได้รับวลีรหัสผ่าน", EN: "No passphrase that can be used"},
			Remedy: api.Text{
				TH: "พิมพ์ที่หน้าจอ หรือส่งหนึ่งบรรทัดทาง stdin ไม่รับเป็นอาร์กิวเมนต์ เพราะบัญชีอื่นในเครื่องจะเห็น",
				EN: "Type it at the terminal, or send one line on stdin. It is never an argument, which other accounts of the machine would see.",
			},
		},
	}
}
