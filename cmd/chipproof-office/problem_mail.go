package main

import (
	"chipproof/api"
	"chipproof/breach/post"
)

// mailProblems are the rows of e-mail that a command sends; what the console sends
// has rows of its own in the API's table.
func mailProblems() api.Table {
	return api.Table{
		{
			Cause: post.ErrSettingsInvalid, Code: "mail_settings_invalid",
			Title:  api.Text{TH: "ค่าที่ตั้งไว้สำหรับเซิร์ฟเวอร์อีเมลใช้ไม่ได้", EN: "The settings of the mail server can't be used"},
			Remedy: api.Text{TH: "แก้ค่า --smtp ตามที่ระบุไว้", EN: "Correct the --smtp settings that are named."},
		},
		{
			Cause: post.ErrUnsent, Code: "mail_unsent",
			Title: api.Text{TH: "ส่งอีเมลไม่ได้", EN: "The e-mail was not sent"},
			Remedy: api.Text{
				TH: "แก้ตามสาเหตุที่ระบุ แล้วสั่งอีกครั้ง ที่ส่งแล้วบันทึกไว้ ไม่ส่งซ้ำ ที่ยังไม่ส่งไม่หาย",
				EN: "Mend the cause that is named and run it again. What went out is recorded and not sent twice; what didn't is not lost.",
			},
		},
	}
}
