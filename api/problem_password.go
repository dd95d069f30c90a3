package api

import (
	"errors"
	"net/http"

	"chipproof/mfa"
)

// passwordRemedies say what is wrong with a new password, since the user is told
// why it was refused (mfa §1).
func passwordRemedies() map[mfa.PasswordReason]Text {
	return map[mfa.PasswordReason]Text{
		mfa.PasswordMalformed: {
			"มีอักขระที่ใช้ไม่ได้ ให้พิมพ์ใหม่โดยไม่ใช้อักขระควบคุม",
			"It holds characters that cannot be used. Type it without control characters.",
		},
		mfa.PasswordTooShort: {
			"สั้นเกินไป ใช้อย่างน้อย 8 ตัวอักษร ประโยคสั้น ๆ จำง่ายและยาวพอ",
			"It is too short. Use 8 characters at least; a short sentence is easy to remember and long enough.",
		},
		mfa.PasswordTooLong: {
			"ยาวเกินไป ใช้ไม่เกิน 256 ตัวอักษร",
			"It is too long. Use 256 characters at most.",
		},
		mfa.PasswordUserName: {
			"เป็นชื่อผู้ใช้ของท่านเอง ให้เลือกรหัสผ่านอื่น",
			"It is your own user name. Choose another one.",
		},
		mfa.PasswordAgency: {
			"เป็นชื่อหน่วยงาน ให้เลือกรหัสผ่านอื่น",
			"It is the agency's name. Choose another one.",
		},
		mfa.PasswordNumber: {
			"เป็นวันที่ หมายเลขโทรศัพท์ หรือเลขประจำตัว ให้เลือกรหัสผ่านอื่น",
			"It is a date, a telephone number or a citizen number. Choose another one.",
		},
		mfa.PasswordPattern: {
			"เป็นแป้นพิมพ์เรียงกันหรือตัวซ้ำ ให้เลือกรหัสผ่านอื่น",
			"It is a run of keys or a repetition. Choose another one.",
		},
		mfa.PasswordPlace: {
			"เป็นชื่อสถานที่ ให้เลือกรหัสผ่านอื่น",
			"It is the name of a place. Choose another one.",
		},
		mfa.PasswordCommon: {
			"เป็นรหัสผ่านที่คนใช้กันมาก ให้เลือกรหัสผ่านอื่น",
			"It is one that many people use. Choose another one.",
		},
		mfa.PasswordUnchanged: {
			"เป็นรหัสผ่านเดิม ให้เลือกรหัสผ่านอื่น",
			"It is the one in force. Choose another one.",
		},
	}
}

func passwordProblems() Table {
	var table Table
	for _, reason := range mfa.PasswordReasons() {
		table = append(table, Row{
			Match: func(err error) bool {
				e, ok := errors.AsType[mfa.ErrPasswordRefused](err)
				return ok && e.Reason == reason
			},
			Status: http.StatusUnprocessableEntity, Code: "password_refused",
			Title:  Text{"รหัสผ่านใหม่นี้ใช้ไม่ได้", "This new password cannot be used"},
			Remedy: passwordRemedies()[reason],
			Field:  func(error) string { return "password" },
		})
	}
	return table
}
