package counter

import (
	"errors"
	"net/http"

	"chipproof/api"
	"chipproof/proofing"
	"chipproof/proofing/proof"
)

// signedProblems are about signed requests (proof §11).
func signedProblems() api.Table {
	return api.Table{
		{
			Cause: proof.ErrRequestRefused, Status: http.StatusBadRequest, Code: "request_refused",
			Title: api.Text{TH: "คำขอที่ลงลายมือชื่อใช้ไม่ได้", EN: "The signed request is refused"},
			Remedy: api.Text{
				TH: "ให้ผู้พัฒนาเว็บแก้คำขอตามขั้นที่ detail บอก ถ้าเป็น key ให้ผู้ดูแลระบบลงทะเบียนกุญแจสาธารณะของเว็บไซต์ด้วย chipproof origin add --jwks",
				EN: "The web developer must correct what detail names. If that is key, the administrator must register the site's public key with chipproof origin add --jwks.",
			},
			Detail: requestStep,
		},
		{
			Cause: proof.ErrRequestExpired, Status: http.StatusBadRequest, Code: "request_expired",
			Title: api.Text{TH: "คำขอหมดอายุแล้ว", EN: "The request has expired"},
			Remedy: api.Text{
				TH: "ลองอีกครั้งจากหน้าเว็บ ถ้ายังเป็นอยู่ นาฬิกาเครื่องนี้อาจเดินเร็ว ให้ผู้ดูแลระบบตั้งเวลาให้ตรง (seconds คืออายุคำขอตามนาฬิกาเครื่องนี้)",
				EN: "Try again from the site's page. If it stays so, this machine's clock may run ahead: the administrator must set it. seconds is the request's age by this clock.",
			},
			Seconds: secondsOff,
		},
		{
			Cause: proof.ErrClockWrong, Status: http.StatusUnprocessableEntity, Code: "clock_wrong",
			Title: api.Text{TH: "นาฬิกาของเครื่องนี้กับของเว็บไซต์ไม่ตรงกัน", EN: "This machine's clock and the site's do not agree"},
			Remedy: api.Text{
				TH: "ให้ผู้ดูแลระบบตั้งเวลาเครื่องนี้ให้ตรง คำขอมาจากเวลาที่นำหน้าเครื่องนี้อยู่ตามจำนวนวินาทีใน seconds",
				EN: "The administrator must set this machine's clock. The request was made as many seconds ahead of it as seconds says.",
			},
			Seconds: secondsOff,
		},
		{
			Cause: ErrRequestReused, Status: http.StatusConflict, Code: "request_reused",
			Title: api.Text{TH: "คำขอนี้ใช้ไปแล้ว", EN: "This request was used already"},
			Remedy: api.Text{
				TH: "เริ่มใหม่จากหน้าเว็บ เพื่อให้เว็บไซต์ออกคำขอใหม่ คำขอหนึ่งใช้ได้ครั้งเดียว",
				EN: "Start again from the site's page, so that its backend makes a new one: a request counts once.",
			},
		},
	}
}

// requestStep is the step of proof §11 that a request failed.
func requestStep(err error) string {
	if e, ok := errors.AsType[*proof.RequestError](err); ok {
		return e.Step
	}
	return ""
}

// secondsOff is the age of a request, or how far it lies ahead.
func secondsOff(err error) int64 {
	if e, ok := errors.AsType[*proof.ClockError](err); ok {
		return max(e.Age, e.Ahead)
	}
	return 0
}

// signingProblems are about this agent's own ability to sign.
func signingProblems() api.Table {
	return api.Table{
		{
			Cause: proofing.ErrIssuerNotSet, Status: http.StatusServiceUnavailable, Code: "issuer_not_set",
			Title: api.Text{TH: "ยังไม่ได้ตั้งชื่อหน่วยงานผู้ออกผลพิสูจน์", EN: "The organisation that answers for proofs is not set"},
			Remedy: api.Text{
				TH: "ให้ผู้ดูแลระบบเปิดโปรแกรมด้วย serve --issuer https://ชื่อหน่วยงาน",
				EN: "The administrator must start it with serve --issuer https://organisation.",
			},
		},
		{
			Cause: proofing.ErrKeyUnavailable, Status: http.StatusServiceUnavailable, Code: "key_unavailable",
			Title: api.Text{TH: "ใช้กุญแจลงลายมือชื่อไม่ได้", EN: "The signing key is not available"},
			Remedy: api.Text{
				TH: "แจ้งผู้ดูแลระบบ (คำสั่ง chipproof keys list แสดงกุญแจ และ keys rotate proof ทำกุญแจใหม่) ยังไม่ได้ลงลายมือชื่ออะไร",
				EN: "Call the administrator (chipproof keys list shows the keys, keys rotate proof makes one). Nothing was signed.",
			},
		},
		{
			Cause: proofing.ErrSimulatorRefused, Status: http.StatusForbidden, Code: "simulator_refused",
			Title: api.Text{TH: "ไม่รับบัตรจำลองในการใช้งานจริง", EN: "A simulated card is refused in production"},
			Remedy: api.Text{
				TH: "ใช้เครื่องอ่านและบัตรจริง หรือเปิดโปรแกรมในโหมดทดสอบด้วย serve --test",
				EN: "Use a real reader and card, or start it in test mode with serve --test.",
			},
		},
	}
}

// resultProblems are about proofings that were begun.
func resultProblems() api.Table {
	return api.Table{
		{
			Cause: ErrResultUnknown, Status: http.StatusNotFound, Code: "result_unknown",
			Title: api.Text{TH: "ไม่มีการพิสูจน์ตัวตนนี้", EN: "There is no such proofing"},
			Remedy: api.Text{
				TH: "ใช้ id ที่ได้จากคำขอของเว็บไซต์เดียวกัน หรือเริ่มใหม่",
				EN: "Use the id that this same site was given, or start again.",
			},
		},
		{
			Cause: ErrResultGone, Status: http.StatusGone, Code: "result_gone",
			Title: api.Text{TH: "ผลการพิสูจน์ตัวตนนี้ไม่อยู่แล้ว", EN: "The result of this proofing is gone"},
			Remedy: api.Text{
				TH: "เริ่มใหม่ ผลมอบให้ครั้งเดียว ภายใน 5 นาที",
				EN: "Start again: a result is handed out once, within 5 minutes.",
			},
		},
		{
			Cause: ErrFactEarly, Status: http.StatusConflict, Code: "fact_early",
			Title: api.Text{TH: "ยังไม่ถึงเวลาตอบ", EN: "The clerk is not asked yet"},
			Remedy: api.Text{
				TH: "รอให้อ่านบัตรเสร็จก่อน แล้วจึงยืนยันสิ่งที่เห็น",
				EN: "Wait until the card is read, then state what was seen.",
			},
		},
		{
			Cause: ErrSecondPerson, Status: http.StatusForbidden, Code: "second_person_required",
			Title: api.Text{TH: "ต้องให้เจ้าหน้าที่อีกคนเป็นผู้อนุมัติ", EN: "Another person must approve this"},
			Remedy: api.Text{
				TH: "ให้ผู้ดูแลระบบหรือหัวหน้าอนุมัติด้วยคำสั่ง chipproof approve ผู้ที่ยืนยันสิ่งที่เห็นอนุมัติเองไม่ได้",
				EN: "Let a supervisor approve it with chipproof approve: whoever stated the facts cannot.",
			},
		},
	}
}
