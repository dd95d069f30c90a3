package api

import (
	"errors"
	"net/http"
	"time"

	"chipproof/audit"
	"chipproof/mfa"
)

// loginProblems are the causes of package mfa (mfa §6.2). Those without a status
// are met by commands alone, since no route does what they are about.
func loginProblems() Table {
	table := Table{
		{
			Cause: mfa.ErrLoginFailed, Status: http.StatusUnauthorized, Code: "login_failed",
			Title: Text{"เข้าสู่ระบบไม่สำเร็จ", "The login failed"},
			Remedy: Text{
				"ตรวจชื่อผู้ใช้ รหัสผ่าน และรหัสที่พิมพ์ รหัสแต่ละรหัสใช้ได้ครั้งเดียว ให้รอรหัสถัดไป และเทียบเวลาของเครื่องนี้กับโทรศัพท์ ถ้ายังไม่ได้ให้ติดต่อผู้ดูแลระบบ",
				"Check user name, password and code. Each code works once: wait for the next one, and compare this machine's clock with the phone's. If that does not help, ask the administrator.",
			},
		},
		{
			Match:  func(err error) bool { e, ok := errors.AsType[mfa.ErrThrottled](err); return ok && e.Locked },
			Status: http.StatusTooManyRequests, Code: "throttled",
			Title: throttledTitle(),
			Remedy: Text{
				"ลองผิดหลายครั้งเกินไป ให้ผู้ดูแลระบบเปิดบัญชี (chipproof user unlock)",
				"Too many tries went wrong. An administrator must open the account (chipproof user unlock).",
			},
			RetryAfter: throttledFor,
		},
		{
			Match:  func(err error) bool { _, ok := errors.AsType[mfa.ErrThrottled](err); return ok },
			Status: http.StatusTooManyRequests, Code: "throttled",
			Title: throttledTitle(),
			Remedy: Text{
				"ลองผิดหลายครั้ง ให้รอตามเวลาใน Retry-After แล้วลองอีกครั้ง หรือให้ผู้ดูแลระบบเปิดบัญชี",
				"Several tries went wrong. Wait as long as Retry-After says, then try again, or ask an administrator to open the account.",
			},
			RetryAfter: throttledFor,
		},
		{
			Cause: mfa.ErrMFARequired, Status: http.StatusForbidden, Code: "mfa_required",
			Title: Text{"ยังไม่มีเจ้าหน้าที่ประจำโต๊ะ", "Nobody holds the desk"},
			Remedy: Text{
				"ให้เจ้าหน้าที่เข้าสู่ระบบด้วยสองปัจจัยในหน้าจอ chipproof แล้วลองอีกครั้ง",
				"A clerk must log in to the chipproof console with two factors. Then try again.",
			},
		},
		{
			Cause: mfa.ErrCSRFRefused, Status: http.StatusForbidden, Code: "csrf_refused",
			Title: Text{"คำขอนี้ไม่ได้มาจากหน้าที่เปิดอยู่", "The request does not come from the open page"},
			Remedy: Text{
				"โหลดหน้านี้ใหม่แล้วลองอีกครั้ง (ต้องส่งค่า csrf ของเซสชันปัจจุบันใน X-Chipproof-CSRF)",
				"Reload the page and try again (the csrf value of the present session belongs into X-Chipproof-CSRF).",
			},
		},
		{
			Cause: mfa.ErrRoleRefused, Status: http.StatusForbidden, Code: "role_refused",
			Title: Text{"บทบาทนี้ทำสิ่งนี้ไม่ได้", "This role may not do that"},
			Remedy: Text{
				"ให้ผู้ที่มีบทบาทที่เหมาะสมเป็นผู้ทำ หรือให้ผู้ดูแลระบบเปลี่ยนบทบาท",
				"Somebody with the right role must do it, or an administrator must change the role.",
			},
		},
		{
			Cause: mfa.ErrStepUpRequired, Status: http.StatusForbidden, Code: "step_up_required",
			Title: Text{"ต้องยืนยันด้วยรหัสอีกครั้ง", "A fresh code is needed"},
			Remedy: Text{
				"พิมพ์รหัสถัดไปจากแอป หรือรหัสสำรองหนึ่งรหัส แล้วทำต่อภายใน 5 นาที",
				"Give the next code of the app, or a backup code, and go on within 5 minutes.",
			},
		},
		{
			Cause: mfa.ErrGrantRefused, Status: http.StatusForbidden, Code: "grant_refused",
			Title: Text{"ใบลงทะเบียนใช้ไม่ได้", "The enrolment grant is refused"},
			Remedy: Text{
				"ตรวจว่าพิมพ์ครบทุกตัว ใบอนุญาตใช้ได้ครั้งเดียวและมีกำหนดเวลา ให้ผู้ดูแลระบบออกใบใหม่",
				"Check every character. A grant works once and for a limited time; ask the administrator for a new one.",
			},
		},
	}
	table = append(table, Row{ // before the next row: the error is both
		Cause: audit.ErrRewritten, Status: http.StatusServiceUnavailable, Code: "audit_rewritten",
		Title: Text{"บันทึกการตรวจสอบถูกตัดหรือเขียนใหม่ จึงไม่ปล่อยข้อมูลใด", "The audit log was cut or rewritten, so nothing is released"},
		Remedy: Text{
			"แจ้งผู้ดูแลระบบ: ดูด้วย chipproof audit verify แล้วทำต่อด้วย chipproof restore",
			"Call the administrator: look with 'chipproof audit verify', and go on with 'chipproof restore'.",
		},
	}, Row{
		Cause: audit.ErrUnavailable, Status: http.StatusServiceUnavailable, Code: "audit_unavailable",
		Title: Text{"เขียนบันทึกการตรวจสอบไม่ได้ จึงไม่ปล่อยข้อมูลใด", "The audit log can't be written, so nothing is released"},
		Remedy: Text{
			"แจ้งผู้ดูแลระบบ: ตรวจว่าดิสก์ยังไม่เต็ม และบัญชีนี้เขียนโฟลเดอร์ข้อมูลได้",
			"Call the administrator: see that the disk has room, and that this account can write the data folder.",
		},
	})
	table = append(table, passwordProblems()...)
	table = append(table, accountProblems()...)
	return append(table, keyProblems()...)
}

func throttledTitle() Text { return Text{"ลองถี่เกินไป", "Too many tries"} }

func throttledFor(err error) time.Duration {
	e, _ := errors.AsType[mfa.ErrThrottled](err)
	return e.RetryAfter
}

func accountProblems() Table {
	return Table{
		{
			Cause: mfa.ErrSessionUnknown, Status: http.StatusNotFound, Code: "session_unknown",
			Title:  Text{"ไม่มีเซสชันนี้", "There is no such session"},
			Remedy: Text{"โหลดรายการใหม่ เซสชันอาจสิ้นสุดไปแล้ว", "Load the list again; the session may have ended."},
		},
		{
			Cause: mfa.ErrAuthenticatorUnknown, Status: http.StatusNotFound, Code: "authenticator_unknown",
			Title:  Text{"ไม่มีแอปยืนยันตัวตนรายการนี้", "There is no such authenticator"},
			Remedy: Text{"โหลดรายการใหม่ หรือเริ่มเพิ่มแอปใหม่ตั้งแต่ต้น", "Load the list again, or begin to add it anew."},
		},
		{
			Cause: mfa.ErrLastAuthenticator, Status: http.StatusConflict, Code: "authenticator_last",
			Title:  Text{"นี่คือแอปยืนยันตัวตนรายการสุดท้าย", "This is the last authenticator"},
			Remedy: Text{"เพิ่มแอปใหม่ก่อน แล้วจึงลบรายการนี้", "Add another one first, then remove this one."},
		},
		{
			Cause: mfa.ErrTooManyAuthenticator, Status: http.StatusConflict, Code: "authenticator_limit",
			Title:  Text{"มีแอปยืนยันตัวตนครบจำนวนแล้ว", "There are as many authenticators as there may be"},
			Remedy: Text{"ลบรายการที่ไม่ใช้แล้วก่อน", "Remove one that is no longer used first."},
		},
		{
			Cause: mfa.ErrUserUnknown, Status: http.StatusNotFound, Code: "user_unknown",
			Title:  Text{"ไม่มีผู้ใช้นี้", "There is no such user"},
			Remedy: Text{"โหลดรายชื่อใหม่ หรือตรวจชื่อกับ chipproof user list", "Load the list again, or compare the name with chipproof user list."},
		},
		{
			Cause: mfa.ErrUserExists, Status: http.StatusConflict, Code: "user_exists",
			Title:  Text{"มีผู้ใช้ชื่อนี้อยู่แล้ว", "There is a user of that name already"},
			Remedy: Text{"ใช้ชื่ออื่น หรือตั้งใหม่ให้ผู้ใช้เดิม (chipproof user reset)", "Use another name, or reset the one that exists (chipproof user reset)."},
		},
		{
			Cause: mfa.ErrUserDisabled, Status: http.StatusConflict, Code: "user_disabled",
			Title:  Text{"ผู้ใช้นี้ถูกปิดอยู่", "This user is disabled"},
			Remedy: Text{"เปิดบัญชีก่อน (chipproof user enable)", "Enable the account first (chipproof user enable)."},
		},
		{
			Cause: mfa.ErrUserNameInvalid, Status: http.StatusUnprocessableEntity, Code: "user_name_invalid",
			Title: Text{"ชื่อผู้ใช้นี้ใช้ไม่ได้", "This user name cannot be used"},
			Remedy: Text{
				"ใช้ตัวอักษรไทยหรืออังกฤษ ตัวเลข จุด ขีดกลาง และขีดล่าง ไม่มีเว้นวรรค",
				"Use letters, Thai ones too, digits, dot, hyphen and underscore, no spaces.",
			},
		},
		{
			Cause: mfa.ErrRoleInvalid, Status: http.StatusUnprocessableEntity, Code: "role_invalid",
			Title:  Text{"ไม่มีบทบาทนี้", "There is no such role"},
			Remedy: Text{"ใช้ staff, dpo หรือ admin", "Use staff, dpo or admin."},
		},
		{
			Cause: mfa.ErrLostInvalid, Status: http.StatusUnprocessableEntity, Code: "reset_invalid",
			Title:  Text{"ไม่รู้ว่าต้องตั้งสิ่งใดใหม่", "It is not said what was lost"},
			Remedy: Text{"ใช้ phone, password หรือ both", "Use phone, password or both."},
		},
		{
			Cause: mfa.ErrOwnAccount, Status: http.StatusConflict, Code: "account_own",
			Title:  Text{"ทำกับบัญชีของตนเองไม่ได้", "Not for one's own account"},
			Remedy: Text{"ให้ผู้ดูแลระบบคนอื่นเป็นผู้ทำ", "Another administrator must do it."},
		},
		{
			Cause: mfa.ErrLastAdmin, Status: http.StatusConflict, Code: "admin_last",
			Title:  Text{"นี่คือผู้ดูแลระบบคนสุดท้าย", "This is the last administrator"},
			Remedy: Text{"ตั้งผู้ดูแลระบบคนใหม่ก่อน", "Make another administrator first."},
		},
	}
}

func keyProblems() Table {
	return Table{
		{
			Cause: mfa.ErrKeyInvalid, Code: "key_invalid",
			Title:  Text{"ไฟล์กุญแจอ่านไม่ได้", "A key file cannot be read"},
			Remedy: Text{"ตรวจว่าเป็นไฟล์กุญแจของ chipproof และไม่ถูกตัด หรือกู้จากข้อมูลสำรอง", "See that it is a key file of chipproof and whole, or restore it from the backup."},
		},
		{
			Cause: mfa.ErrKeyWrong, Code: "key_wrong",
			Title:  Text{"กุญแจนี้ไม่ใช่ของฐานข้อมูลนี้", "This key is not the one of this database"},
			Remedy: Text{"ใช้ไฟล์กุญแจที่สร้างมาพร้อมกับฐานข้อมูลนี้", "Use the key file that was made with this database."},
		},
		{
			Cause: mfa.ErrKeyMissing, Code: "key_missing",
			Title:  Text{"ไม่มีกุญแจที่ข้อมูลบางส่วนต้องใช้", "A key that some data needs is not there"},
			Remedy: Text{"นำไฟล์กุญแจเดิมกลับมา กุญแจเก่าลบได้เมื่อไม่มีข้อมูลใช้แล้ว (chipproof keys list)", "Bring the former key file back. An old key may go when nothing uses it any more (chipproof keys list)."},
		},
		{
			Cause: mfa.ErrSealBroken, Status: http.StatusInternalServerError, Code: "seal_broken",
			Title:  Text{"ข้อมูลลับในฐานข้อมูลถูกแก้ไขหรือเสียหาย", "A secret in the database was changed or damaged"},
			Remedy: Text{"หยุดใช้และแจ้งผู้ดูแลระบบ ให้กู้จากข้อมูลสำรอง", "Stop, and tell the administrator: restore from the backup."},
		},
		{
			Cause: mfa.ErrHashInvalid, Status: http.StatusInternalServerError, Code: "hash_invalid",
			Title:  Text{"รหัสผ่านที่เก็บไว้เสียหาย", "A stored password is damaged"},
			Remedy: Text{"แจ้งผู้ดูแลระบบให้ตั้งรหัสผ่านใหม่ (chipproof user reset)", "Ask the administrator to reset it (chipproof user reset)."},
		},
		{
			Cause: mfa.ErrConfigInvalid, Code: "login_config_invalid",
			Title:  Text{"ค่าที่ตั้งของระบบเข้าสู่ระบบไม่ถูกต้อง", "The configuration of the login is wrong"},
			Remedy: Text{"ตรวจไฟล์ตั้งค่ากับคู่มือผู้ดูแลระบบ", "Compare the configuration with the administrator's manual."},
		},
	}
}
