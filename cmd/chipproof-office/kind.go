package main

import (
	"chipproof/api"
	"chipproof/cmd/internal/program"
	"chipproof/mfa"
	"chipproof/store"
)

// kind is this program, for all that the two of them share. Its log names no
// citizens, and it signs nothing for others: it has no keys of its own besides.
func kind() program.Kind {
	return program.Kind{
		Name:        "chipproof-office",
		Description: description,
		Env:         "CHIPPROOF_OFFICE",
		Store:       store.Office,
		Own:         append(mailProblems(), scanProblems()...),
		Served:      append(ownProblems(), served()...),
		Unverified:  proposeUnverified,
		Vars: map[string]string{
			"event_kinds": eventKinds(), "factor_names": factorNames(), "also_kinds": joined(kindsAlso),
			"audit_found": " A log of the data folder that doesn't hold is proposed as an incident, once a day: 'chipproof-office breach proposal list'.",
		},
		Texts: program.Texts{
			Roles: `What the person may do: staff (reports incidents, sees the tasks that they own), dpo (data protection officer: scans, findings, incidents, reads the audit log) or admin (accounts, reads the audit log).`,
			Returned: api.Text{
				TH: "ไม่มีฐานข้อมูลเดิมที่เทียบได้: ผู้ใช้ที่ปิดไปแล้วและปัจจัยที่ถอดหลังสำรองข้อมูลกลับมาใช้ได้อีก ตรวจด้วย chipproof-office user list",
				EN: "no former database to compare with: accounts disabled and factors removed since the backup are good again; look with chipproof-office user list",
			},
		},
	}
}

// ownProblems are rows of causes that both programs have, where what to do about
// them is another thing here.
func ownProblems() api.Table {
	missing := api.Problems().Find(mfa.ErrKeyMissing)
	missing.Cause = mfa.ErrKeyMissing
	missing.Remedy = api.Text{
		TH: "นำไฟล์กุญแจเดิมกลับมา หรือกู้คืนจากข้อมูลสำรอง (chipproof-office restore)",
		EN: "Bring the former key file back, or restore a backup (chipproof-office restore).",
	}
	nobody := api.Problems().Find(mfa.ErrMFARequired) // there is no desk to be held
	nobody.Cause = mfa.ErrMFARequired
	nobody.Title = api.Text{TH: "ยังไม่ได้เข้าสู่ระบบด้วยสองปัจจัย", EN: "Nobody is logged in with two factors"}
	nobody.Remedy = api.Text{TH: "เข้าสู่ระบบด้วยรหัสผ่านและรหัสจากแอป แล้วลองอีกครั้ง", EN: "Log in with password and the app's code, then try again."}
	return api.Table{missing, nobody}
}
