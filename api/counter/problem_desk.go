package counter

import (
	"net/http"

	"chipproof/api"
	"chipproof/proofing"
	"chipproof/proofing/proof"
)

// deskProblems are about one citizen at a time and the clerk's word.
func deskProblems() api.Table {
	return api.Table{
		{
			Cause: ErrReadAlready, Status: http.StatusConflict, Code: "read_already",
			Title: api.Text{TH: "บัตรใบนี้อ่านให้เว็บไซต์นี้ไปแล้ว", EN: "This site had its answer of this card already"},
			Remedy: api.Text{
				TH: "ถ้าต้องการอ่านอีก ให้ดึงบัตรออกแล้วเสียบใหม่ หรือให้เจ้าหน้าที่กดอ่านอีกครั้งในหน้าจอ chipproof",
				EN: "To read it once more, take the card out and put it back, or let the clerk click once more on the chipproof console.",
			},
		},
		{
			Cause: ErrApprovalDeclined, Status: http.StatusForbidden, Code: "approval_declined",
			Title:  api.Text{TH: "เจ้าหน้าที่ไม่อนุญาต", EN: "The clerk declined"},
			Remedy: api.Text{TH: "สอบถามเจ้าหน้าที่ก่อนขออีกครั้ง", EN: "Ask the clerk before trying again."},
		},
		{
			Cause: ErrApprovalTimeout, Status: http.StatusGatewayTimeout, Code: "approval_timeout",
			Title: api.Text{TH: "ไม่มีใครตอบคำขออนุญาตในเวลา", EN: "Nobody approved in time"},
			Remedy: api.Text{
				TH: "ลองอีกครั้งเมื่อเจ้าหน้าที่อยู่หน้าจอ chipproof มีเวลาตอบ 60 วินาที",
				EN: "Try again while the clerk is at the chipproof console; there are 60 seconds to answer.",
			},
		},
		{
			Cause: proofing.ErrPortWaiting, Status: http.StatusConflict, Code: "approval_waiting",
			Title: api.Text{TH: "รอเจ้าหน้าที่อนุญาตในหน้าจอ chipproof", EN: "The clerk must agree on the chipproof console first"},
			Remedy: api.Text{
				TH: "ให้เจ้าหน้าที่ตอบในหน้าจอ chipproof โดยไม่ดึงบัตรออก หน้าเว็บถามซ้ำเอง",
				EN: "Let the clerk answer on the chipproof console, with the card left in. The page asks again by itself.",
			},
		},
		{
			Cause: proofing.ErrPortClosed, Status: http.StatusConflict, Code: "compat_closed",
			Title: api.Text{TH: "พอร์ตสำหรับโปรแกรมเดิมไม่ได้เปิด", EN: "The port for older pages is not open"},
			Remedy: api.Text{
				TH: "ให้ผู้ดูแลระบบเริ่ม chipproof ด้วย serve --compat go-thai-smartcard",
				EN: "The administrator must start chipproof with serve --compat go-thai-smartcard.",
			},
		},
		{
			Cause: ErrApprovalUnknown, Status: http.StatusNotFound, Code: "approval_unknown",
			Title:  api.Text{TH: "ไม่มีคำขอนี้รออยู่แล้ว", EN: "No such request waits any more"},
			Remedy: api.Text{TH: "โหลดรายการใหม่ อาจมีผู้ตอบไปแล้ว หรือหมดเวลา", EN: "Load the list again: somebody may have answered, or it was too late."},
		},
	}
}

// originProblems are about entries of the list of origins.
func originProblems() api.Table {
	return api.Table{
		{
			Cause: ErrOriginUnknown, Status: http.StatusNotFound, Code: "origin_unknown",
			Title:  api.Text{TH: "ไม่มี origin นี้ในรายการ", EN: "This origin is not in the list"},
			Remedy: api.Text{TH: "โหลดรายการใหม่ และเทียบให้ตรงทุกตัวอักษร", EN: "Load the list again, and compare every character."},
		},
		{
			Cause: proof.ErrKeysInvalid, Status: http.StatusUnprocessableEntity, Code: "keys_invalid",
			Title: api.Text{TH: "ไฟล์กุญแจของเว็บไซต์ใช้ไม่ได้", EN: "The site's key file cannot be used"},
			Remedy: api.Text{
				TH: "ขอไฟล์ JWK Set ที่มีแต่กุญแจสาธารณะ ES256 (kty EC, crv P-256, use sig, alg ES256, kid เป็น thumbprint) ถ้ามีกุญแจลับปนมา ให้เว็บไซต์สร้างกุญแจใหม่",
				EN: "Ask the site for a JWK set of public ES256 keys alone (kty EC, crv P-256, use sig, alg ES256, kid its thumbprint). If it held a private one, the site must make a new key.",
			},
			Field: func(error) string { return "jwks" },
		},
		{
			Cause: ErrReturnURLInvalid, Status: http.StatusUnprocessableEntity, Code: "return_url_invalid",
			Title: api.Text{TH: "ที่อยู่ส่งกลับใช้ไม่ได้", EN: "A return URL cannot be used"},
			Remedy: api.Text{
				TH: "ระบุที่อยู่เต็มของ origin เดียวกัน เช่น https://ชื่อเว็บ/เส้นทาง ไม่มี # และไม่ใช้ ..",
				EN: "Give whole addresses of that same origin, as https://host/path, without a fragment and without dots to resolve.",
			},
			Field: entryField,
		},
		{
			Cause: ErrAudienceInvalid, Status: http.StatusUnprocessableEntity, Code: "audience_invalid",
			Title:  api.Text{TH: "audience ใช้ไม่ได้", EN: "The audience cannot be used"},
			Remedy: api.Text{TH: "ใช้ตัวอักษร ASCII ไม่มีเว้นวรรค ไม่เกิน 255 ตัว หรือเว้นว่างเพื่อใช้ origin", EN: "Use up to 255 printable ASCII characters without blanks, or leave it out: then it is the origin."},
			Field:  entryField,
		},
		{
			Cause: ErrAskInvalid, Status: http.StatusUnprocessableEntity, Code: "ask_invalid",
			Title:  api.Text{TH: "ค่า ask ใช้ไม่ได้", EN: "The value of ask cannot be used"},
			Remedy: api.Text{TH: "ใช้ always หรือ never", EN: "Use always or never."},
			Field:  entryField,
		},
	}
}
