package office

import (
	"errors"
	"net/http"
	"slices"

	"chipproof/api"
	"chipproof/exposure"
	"chipproof/exposure/crawl"
	"chipproof/exposure/job"
	"chipproof/exposure/report"
	"chipproof/mfa"
)

// Problems is the table of everything that can go wrong in an office (design §7),
// for HTTP and command line alike; the more particular causes come first.
func Problems() api.Table {
	return slices.Concat(planProblems(), scanProblems(), findingProblems(), taskProblems(), reportProblems(), uploadProblems(), nobodyProblems(), IncidentProblems(), api.Problems())
}

// nobodyProblems says who is missing, where the shared table speaks of a desk.
func nobodyProblems() api.Table {
	return api.Table{{
		Cause: mfa.ErrMFARequired, Status: http.StatusForbidden, Code: "mfa_required",
		Title:  api.Text{TH: "ยังไม่ได้เข้าสู่ระบบด้วยสองปัจจัย", EN: "Nobody is logged in here with both factors"},
		Remedy: api.Text{TH: "เข้าสู่ระบบในหน้านี้ แล้วทำอีกครั้ง", EN: "Log in on this page, then do it again."},
	}}
}

func planProblems() api.Table {
	return api.Table{
		{
			Cause: errOutOfScope, Status: http.StatusUnprocessableEntity, Code: "target_out_of_scope",
			Title: api.Text{TH: "เว็บไซต์นี้ไม่อยู่ในขอบเขตที่เจ้าของอนุญาต", EN: "This site is outside what its owner allows"},
			Remedy: api.Text{
				TH: "ให้เจ้าของเว็บไซต์เพิ่มบรรทัด host: ชื่อโฮสต์ ในไฟล์ขอบเขต หรือลบที่อยู่นี้ออก",
				EN: "Have the owner add a line host: NAME to the scope file, or leave this address out.",
			},
			Field: fieldOf, Detail: targetNumber,
		},
		{
			Cause: crawl.ErrScopeInvalid, Status: http.StatusUnprocessableEntity, Code: "scope_invalid",
			Title: api.Text{TH: "ไฟล์ขอบเขตใช้ไม่ได้", EN: "The scope file cannot be used"},
			Remedy: api.Text{
				TH: "บรรทัดแรกต้องเป็น # chipproof scope และต้องมี owner, contact, expires ที่ยังไม่ถึงกำหนด และ host อย่างน้อยหนึ่งบรรทัด ดูตัวอย่างในหน้าสแกน",
				EN: "Its first line is # chipproof scope; it needs owner, contact, expires in the future, and at least one host. The page of scans has an example.",
			},
			Field: func(error) string { return "scope" },
		},
		{
			Cause: crawl.ErrCredentialsInvalid, Status: http.StatusUnprocessableEntity, Code: "credentials_invalid",
			Title:  api.Text{TH: "ไฟล์สิทธิเข้าใช้ API ใช้ไม่ได้", EN: "The file of credentials cannot be used"},
			Remedy: api.Text{TH: "เขียนบรรทัดละหนึ่งส่วนหัว เช่น Authorization: Bearer … และให้อ่านได้เฉพาะบัญชีที่รันโปรแกรม", EN: "Write one header a line (Authorization: Bearer …), readable by this program's account alone."},
		},
		{
			Cause: crawl.ErrListInvalid, Status: http.StatusUnprocessableEntity, Code: "list_invalid",
			Title:  api.Text{TH: "รายการที่อยู่หรือเอกสาร OpenAPI อ่านไม่ได้", EN: "The list of addresses or OpenAPI document cannot be read"},
			Remedy: api.Text{TH: "ใช้ OpenAPI แบบ JSON, ไฟล์ HAR 1.2 หรือที่อยู่บรรทัดละหนึ่งแห่ง", EN: "Use OpenAPI in JSON, HAR 1.2, or one address a line."},
			Field:  func(error) string { return "targets" },
		},
		{
			Cause: job.ErrPlanInvalid, Status: http.StatusUnprocessableEntity, Code: "plan_invalid",
			Title: api.Text{TH: "สแกนที่นี้ไม่ได้", EN: "This cannot be scanned"},
			Remedy: api.Text{
				TH: "ตรวจว่าโฟลเดอร์หรือไฟล์มีอยู่ในเครื่องนี้และเปิดอ่านได้ ที่อยู่เว็บไซต์ขึ้นต้นด้วย https:// หรือ http:// และไม่มีชื่อหรือเลขของบุคคลในที่อยู่",
				EN: "See that the folder or file is on this machine and can be read, that a site's address begins with https:// or http://, and that no name or number of a person stands in it.",
			},
			Field: fieldOf, Detail: targetNumber,
		},
	}
}

func scanProblems() api.Table {
	return api.Table{
		{
			Cause: job.ErrScanUnknown, Status: http.StatusNotFound, Code: "scan_unknown",
			Title:  api.Text{TH: "ไม่มีการสแกนนี้", EN: "There is no such scan"},
			Remedy: api.Text{TH: "เลือกจากรายการในหน้าสแกน", EN: "Choose one from the page of scans."},
		},
		{
			Cause: job.ErrScanEnded, Status: http.StatusConflict, Code: "scan_ended",
			Title:  api.Text{TH: "การสแกนนี้จบแล้ว", EN: "This scan has ended"},
			Remedy: api.Text{TH: "โหลดหน้านี้ใหม่เพื่อดูผล หรือสแกนที่เดิมอีกครั้ง", EN: "Reload the page to see what it came to, or scan the same again."},
		},
		{
			Cause: job.ErrScanHeld, Status: http.StatusConflict, Code: "scan_held",
			Title:  api.Text{TH: "โปรแกรมอื่นกำลังสแกนรายการนี้", EN: "Another program runs this scan"},
			Remedy: api.Text{TH: "รอให้คำสั่ง chipproof-office scan ที่เปิดอยู่จบก่อน แล้วลองอีกครั้ง", EN: "Wait for the 'chipproof-office scan' that runs, then try again."},
		},
		{
			Cause: job.ErrIncomplete, Status: http.StatusConflict, Code: "scan_incomplete",
			Title:  api.Text{TH: "การสแกนจบก่อนครบ", EN: "The scan ended before it was complete"},
			Remedy: api.Text{TH: "ที่ยังไม่ได้อ่านไม่นับว่าสะอาด ดูรายการที่อ่านไม่ได้ แล้วสแกนอีกครั้งเป็นส่วนที่เล็กลง", EN: "What was not read is not clean. See what was not read, and scan again in smaller parts."},
		},
		{
			Cause: exposure.ErrKeyInvalid, Status: http.StatusInternalServerError, Code: "internal_error",
			Title:  api.Text{TH: "กุญแจลายนิ้วมือข้อมูลของหน่วยงานเสียหาย", EN: "The agency's fingerprint key is damaged"},
			Remedy: api.Text{TH: "แจ้งผู้ดูแลระบบให้กู้คืนโฟลเดอร์ข้อมูล (chipproof-office restore) ห้ามสร้างกุญแจใหม่ เพราะจะเทียบกับผลเดิมไม่ได้", EN: "Ask the administrator to restore the data folder (chipproof-office restore). With a new key nothing could be compared with earlier scans."},
		},
	}
}

func findingProblems() api.Table {
	return api.Table{
		{
			Cause: job.ErrFindingUnknown, Status: http.StatusNotFound, Code: "finding_unknown",
			Title:  api.Text{TH: "ไม่มีรายการนี้", EN: "There is no such finding"},
			Remedy: api.Text{TH: "เลือกจากหน้ารายการที่พบ", EN: "Choose one from the page of findings."},
		},
		{
			Cause: job.ErrFindingFixed, Status: http.StatusConflict, Code: "finding_fixed",
			Title:  api.Text{TH: "การสแกนครั้งหลังไม่พบรายการนี้แล้ว", EN: "A later scan found this no more"},
			Remedy: api.Text{TH: "ไม่ต้องมอบหมาย เลือกรายการที่ยังเปิดเผยอยู่", EN: "No task is needed. Choose a finding that is open."},
		},
		{
			Cause: job.ErrImportInvalid, Status: http.StatusUnprocessableEntity, Code: "import_invalid",
			Title:  api.Text{TH: "ไฟล์นี้ไม่ใช่ผลสแกนที่อ่านได้", EN: "This file holds no results that can be read"},
			Remedy: api.Text{TH: "ใช้ SARIF 2.1.0 หรือ JSON ที่ได้จาก chipproof-office scan --json หรือ chipproof doctor --leaks --json โดยไม่แก้ไข", EN: "Use SARIF 2.1.0, or the JSON of 'chipproof-office scan --json' or 'chipproof doctor --leaks --json' as it came."},
		},
		{
			Cause: job.ErrAssetInvalid, Status: http.StatusUnprocessableEntity, Code: "asset_invalid",
			Title:  api.Text{TH: "ทะเบียนระบบบันทึกไม่ได้", EN: "The register cannot be kept like this"},
			Remedy: api.Text{TH: "ทุกระบบต้องมีชื่อไม่ซ้ำ ผู้รับผิดชอบเป็นหน่วยงาน และที่อยู่อย่างน้อยหนึ่งแห่ง ห้ามมีเลขหรือข้อมูลของบุคคล", EN: "Each system needs a name of its own, a unit that answers for it, and at least one address; nothing about a person."},
		},
	}
}

func taskProblems() api.Table {
	return api.Table{
		{
			Cause: job.ErrTaskUnknown, Status: http.StatusNotFound, Code: "task_unknown",
			Title:  api.Text{TH: "ไม่มีงานนี้ หรือไม่ได้มอบหมายให้ท่าน", EN: "There is no such task, or it is not yours"},
			Remedy: api.Text{TH: "เลือกจากหน้างานแก้ไข", EN: "Choose one from the page of tasks."},
		},
		{
			Cause: job.ErrTaskExists, Status: http.StatusConflict, Code: "task_exists",
			Title:  api.Text{TH: "มีงานแก้ไขสำหรับรายการนี้แล้ว", EN: "There is a task for this finding already"},
			Remedy: api.Text{TH: "เปิดงานเดิมในหน้างานแก้ไข", EN: "Open it from the page of tasks."},
		},
		{
			Cause: job.ErrTaskInvalid, Status: http.StatusUnprocessableEntity, Code: "task_invalid",
			Title:  api.Text{TH: "งานต้องมีผู้รับผิดชอบ และกำหนดเสร็จที่ยังไม่ผ่านไป", EN: "A task needs an owner and a day that is not past"},
			Remedy: api.Text{TH: "เลือกผู้รับผิดชอบจากรายชื่อ และเลือกวันตั้งแต่วันนี้เป็นต้นไป", EN: "Choose an owner from the list, and today or a later day."},
			Field:  fieldOf,
		},
		{
			Cause: job.ErrTaskStopped, Status: http.StatusConflict, Code: "task_stopped",
			Title:  api.Text{TH: "งานนี้พิสูจน์แล้วว่านำข้อมูลออก", EN: "This task is proven to be done"},
			Remedy: api.Text{TH: "ไม่ต้องแจ้งอีก โหลดหน้านี้ใหม่เพื่อดูหลักฐาน", EN: "Nothing more is needed. Reload the page to see the proof."},
		},
	}
}

func reportProblems() api.Table {
	return api.Table{
		{
			Cause: report.ErrLetterIncomplete, Status: http.StatusUnprocessableEntity, Code: "letter_incomplete",
			Title:  api.Text{TH: "หนังสือยังขาดข้อมูล", EN: "The letter lacks something"},
			Remedy: api.Text{TH: "กรอกเลขที่ ผู้รับ ผู้ลงนาม ตำแหน่ง และหัวหนังสือให้ครบ หากยังมีรายการค้าง ต้องเขียนสิ่งที่ทำเพื่อยุติการเปิดเผยด้วย", EN: "Fill in number, addressee, signer, position and letterhead; while anything is open, also what was done to end it."},
			Field:  fieldOf,
		},
		{
			Cause: report.ErrDutyUnknown, Status: http.StatusUnprocessableEntity, Code: "duty_unknown",
			Title:  api.Text{TH: "ไม่มีข้อสั่งการนี้", EN: "There is no such duty"},
			Remedy: api.Text{TH: "ใช้รหัส A01 ถึง A18", EN: "Use A01 to A18."},
		},
		{
			Cause: report.ErrInvalid, Status: http.StatusUnprocessableEntity, Code: "report_invalid",
			Title:  api.Text{TH: "ไฟล์นี้ไม่ใช่รายงานที่อ่านได้", EN: "This file is no report that can be read"},
			Remedy: api.Text{TH: "ใช้ SARIF 2.1.0 หรือ JSON ที่ได้จาก chipproof-office scan --json โดยไม่แก้ไข", EN: "Use SARIF 2.1.0, or the JSON of 'chipproof-office scan --json' as it came."},
		},
		{
			Cause: report.ErrUnsafe, Status: http.StatusInternalServerError, Code: "internal_error",
			Title:  api.Text{TH: "รายงานนี้จะมีเลข 13 หลัก จึงไม่ส่งออก", EN: "The report would hold 13 digits in a row, so it is not given out"},
			Remedy: api.Text{TH: "แจ้งผู้ดูแลระบบพร้อมรหัสคำขอ เพื่อแจ้งผู้พัฒนา", EN: "Give the request's id to the administrator, for the developers."},
		},
	}
}

// uploadProblems says how large a file may be, where the shared table speaks of
// requests alone.
func uploadProblems() api.Table {
	return api.Table{{
		Cause: api.ErrBodyTooLarge, Status: http.StatusRequestEntityTooLarge, Code: "body_too_large",
		Title:  api.Text{TH: "ไฟล์หรือข้อมูลใหญ่เกินไป", EN: "The file or body is too large"},
		Remedy: api.Text{TH: "ไฟล์ที่นำเข้าไม่เกิน 8 MiB ไฟล์ที่ใหญ่กว่านั้นใช้คำสั่ง chipproof-office finding import คำขออื่นไม่เกิน 64 KiB", EN: "8 MiB at most for a file to take in; for larger ones use 'chipproof-office finding import'. 64 KiB for other requests."},
	}}
}

// fieldOf names the field of a request that an error is about, where that is known.
func fieldOf(err error) string {
	if e, ok := errors.AsType[*api.FieldError](err); ok {
		return e.Field
	}
	return ""
}
