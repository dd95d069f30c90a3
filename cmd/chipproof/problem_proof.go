package main

import (
	"chipproof/api"
	"chipproof/proofing"
	"chipproof/proofing/proof/keyring"
	"chipproof/store/counter"
)

// proofProblems are the rows of what only commands meet about keys for proofs,
// and about the files that `serve` starts with.
func proofProblems() api.Table {
	return api.Table{
		{
			Cause: errKeyNeeded, Code: "key_needed",
			Title:  api.Text{TH: "ยังทิ้งกุญแจนี้ไม่ได้", EN: "This key can't be dropped yet"},
			Remedy: api.Text{TH: "ดูว่าอะไรยังใช้อยู่ด้วย chipproof keys list", EN: "See with chipproof keys list what still needs it."},
		},
		{ // before the row of any other key: this one can be made anew
			Cause: errProofKeyMissing, Code: "key_unavailable",
			Title: api.Text{TH: "ไม่มีไฟล์กุญแจสำหรับลงนามผลพิสูจน์", EN: "The key file for proofs is missing"},
			Remedy: api.Text{
				TH: "นำไฟล์เดิมของเครื่องนี้กลับมา หรือสร้างใหม่ด้วย chipproof keys rotate proof (โหมดทดสอบ: proof-test) แล้วส่ง chipproof keys export ให้ผู้รับผลพิสูจน์",
				EN: "Put this machine's own file back, or make a new one with 'chipproof keys rotate proof' (test mode: proof-test), and hand 'chipproof keys export' to the relying parties.",
			},
		},
		{
			Cause: keyring.ErrRingInvalid, Code: "key_invalid",
			Title: api.Text{TH: "ไฟล์กุญแจสำหรับลงนามผลพิสูจน์ใช้ไม่ได้", EN: "The key file for proofs can't be used"},
			Remedy: api.Text{
				TH: "นำไฟล์เดิมกลับมา หรือย้ายไฟล์นี้ออกแล้วสร้างใหม่ด้วย chipproof keys rotate proof และแจ้งผู้รับผลพิสูจน์ให้เลิกใช้กุญแจเก่า",
				EN: "Bring back the file as it was; or move it away, make a new one with 'chipproof keys rotate proof', and tell the relying parties to drop the old keys.",
			},
		},
		{
			Cause: keyring.ErrRingMode, Code: "key_wrong",
			Title:  api.Text{TH: "ไฟล์กุญแจนี้เป็นของอีกโหมดหนึ่ง", EN: "This key file is that of the other mode"},
			Remedy: api.Text{TH: "proof.keys เป็นของการใช้งานจริง proof-test.keys เป็นของโหมดทดสอบ นำไฟล์ที่ถูกต้องกลับมา", EN: "proof.keys is for production and proof-test.keys for test mode; put the right file back."},
		},
		{
			Cause: keyring.ErrNoKey, Code: "key_unavailable",
			Title:  api.Text{TH: "ไม่มีกุญแจที่ลงนามผลพิสูจน์ได้", EN: "No key may sign proofs"},
			Remedy: api.Text{TH: "สร้างกุญแจด้วย chipproof keys rotate proof", EN: "Make one with 'chipproof keys rotate proof'."},
		},
		{
			Cause: keyring.ErrKeyUnknown, Code: "key_unknown",
			Title:  api.Text{TH: "ไม่มีกุญแจนี้", EN: "There is no such key"},
			Remedy: api.Text{TH: "ดูรายชื่อด้วย chipproof keys list กุญแจของโหมดทดสอบให้ใส่ --test", EN: "See them with 'chipproof keys list'; say --test for a key of test mode."},
		},
		{
			Cause: keyring.ErrRotationPending, Code: "rotation_pending",
			Title: api.Text{TH: "กุญแจใหม่ครั้งก่อนยังไม่เริ่มใช้", EN: "The new key of the last rotation still waits for its day"},
			Remedy: api.Text{
				TH: "รอให้ถึงเวลา หรือเพิกถอนกุญแจที่รั่วด้วย chipproof keys revoke ซึ่งมีผลทันที",
				EN: "Wait for it; or revoke a key that leaked with 'chipproof keys revoke', which acts at once.",
			},
		},
		{
			Cause: proofing.ErrPolicyInvalid, Code: "policy_invalid",
			Title:  api.Text{TH: "ไฟล์นโยบายของหน่วยงานใช้ไม่ได้", EN: "The agency's policy can't be used"},
			Remedy: api.Text{TH: "แก้ตามบรรทัดด้านล่าง แล้วเริ่มใหม่", EN: "Mend it as the line below says, then start again."},
		},
		{
			Cause: counter.ErrPolicyVersionUsed, Code: "policy_version_used",
			Title: api.Text{TH: "นโยบายฉบับอื่นใช้ชื่อ version นี้ไปแล้ว", EN: "Another policy had this version already"},
			Remedy: api.Text{
				TH: "ตั้ง version ใหม่ในไฟล์นโยบาย แล้วเริ่มใหม่ ผลพิสูจน์อ้างนโยบายด้วยชื่อนี้ ชื่อหนึ่งจึงเป็นของเนื้อหาเดียว",
				EN: "Give the policy file a new version, then start again. Proofs name a policy by its version, so one version stands for one content.",
			},
		},
		{
			Cause: counter.ErrRecordChanged, Code: "record_changed",
			Title:  api.Text{TH: "ข้อมูลการพิสูจน์ที่เก็บไว้ไม่ตรงกับบันทึกการตรวจสอบ", EN: "What is kept of a proofing is not what the audit log says"},
			Remedy: api.Text{TH: "มีผู้แก้ฐานข้อมูล ตรวจบันทึกด้วย chipproof audit verify", EN: "Somebody has changed the database; check the log with 'chipproof audit verify'."},
		},
	}
}
