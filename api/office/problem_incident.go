package office

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"chipproof/api"
	"chipproof/breach"
	"chipproof/breach/letters"
)

// IncidentProblems is the table of what can go wrong with incidents, their
// documents and letters, for HTTP and command line alike.
func IncidentProblems() api.Table {
	table := eventProblems()
	table = append(table, registerProblems()...)
	return append(table, letterProblems()...)
}

// joined joins names of our own for a problem's detail; what somebody wrote is
// never among them.
func joined[T ~string](list []T) string {
	names := make([]string, len(list))
	for n, w := range list {
		names[n] = string(w)
	}
	return strings.Join(names, ",")
}

// fieldsOf are the fields that an event breaks its form in.
func fieldsOf(err error) []string {
	if e, ok := errors.AsType[*breach.FieldsError](err); ok {
		return e.Fields
	}
	return nil
}

func firstOf(err error) string {
	if fields := fieldsOf(err); len(fields) > 0 {
		return fields[0]
	}
	return ""
}

// badRow is the row of a list that can't be read, counted from 1 without the
// heading; empty where no row is to blame.
func badRow(err error) string {
	if e, ok := errors.AsType[*letters.RowError](err); ok {
		return strconv.Itoa(e.Row)
	}
	return ""
}

func eventProblems() api.Table {
	return api.Table{
		{
			Cause: breach.ErrEventInvalid, Status: http.StatusUnprocessableEntity, Code: "event_invalid",
			Title: api.Text{TH: "ข้อมูลยังไม่ครบหรือไม่ถูกต้อง", EN: "Something is missing or wrong"},
			Remedy: api.Text{
				TH: "แก้ช่องที่ระบุไว้ แล้วบันทึกอีกครั้ง",
				EN: "Correct the fields that are named, then save again.",
			},
			Field:  firstOf,
			Detail: func(err error) string { return joined(fieldsOf(err)) },
		},
		{
			Cause: breach.ErrInFuture, Status: http.StatusUnprocessableEntity, Code: "time_in_future",
			Title: api.Text{TH: "เวลาที่ระบุยังมาไม่ถึง", EN: "That time is still to come"},
			Remedy: api.Text{
				TH: "ระบุเวลาที่ไม่เกินเวลาปัจจุบัน ถ้าถูกอยู่แล้วให้ตรวจนาฬิกาของเครื่องนี้",
				EN: "Give a time that isn't later than now. If it is right, check this machine's clock.",
			},
		},
		{
			Cause: breach.ErrRefused, Status: http.StatusConflict, Code: "event_refused",
			Title: api.Text{TH: "ยังบันทึกเรื่องนี้ไม่ได้ในขั้นตอนนี้", EN: "The incident can't take this at this point"},
			Remedy: api.Text{
				TH: "ทำขั้นตอนที่ต้องมาก่อน แล้วบันทึกอีกครั้ง",
				EN: "Take the step that must come first, then save again.",
			},
			Detail: func(err error) string {
				if e, ok := errors.AsType[*breach.RefusedError](err); ok {
					return string(e.Why)
				}
				return ""
			},
		},
		{
			Cause: breach.ErrContentMissing, Status: http.StatusUnprocessableEntity, Code: "content_missing",
			Title: api.Text{TH: "เนื้อหาที่กฎหมายกำหนดยังไม่ครบ", EN: "It lacks a content that the law requires"},
			Remedy: api.Text{
				TH: "บันทึกเนื้อหาที่ขาดตามที่ระบุไว้ แล้วทำอีกครั้ง",
				EN: "Record the contents that are named, then try again.",
			},
			Detail: func(err error) string {
				if e, ok := errors.AsType[*breach.MissingError](err); ok {
					return joined(e.What)
				}
				return ""
			},
		},
		{
			Cause: breach.ErrDutyOpen, Status: http.StatusConflict, Code: "duty_open",
			Title: api.Text{TH: "ปิดเรื่องไม่ได้ ยังมีหน้าที่ค้างอยู่", EN: "It can't be closed: something is still owed"},
			Remedy: api.Text{
				TH: "ทำหน้าที่ที่ค้างตามที่ระบุไว้ให้ครบ แล้วปิดเรื่องอีกครั้ง",
				EN: "Meet the duties that are named, then close it.",
			},
			Detail: func(err error) string {
				if e, ok := errors.AsType[*breach.OpenError](err); ok {
					return joined(e.Duties)
				}
				return ""
			},
		},
		exposes(breach.ErrNoticeExposes, "notice_exposes", api.Text{TH: "ประกาศมีข้อมูลส่วนบุคคลอยู่", EN: "The public notice holds personal data"}),
		exposes(breach.ErrTextExposes, "text_exposes", api.Text{TH: "ข้อความมีเลขบัตรประชาชนหรือรหัสหลังบัตร", EN: "The text holds a citizen number or a laser code"}),
		{
			Cause: breach.ErrNoReader, Status: http.StatusServiceUnavailable, Code: "scanner_unavailable",
			Title: api.Text{TH: "ตรวจหาข้อมูลส่วนบุคคลในข้อความไม่ได้ จึงยังไม่เผยแพร่หรือบันทึก", EN: "Nobody could look for personal data, so nothing was released"},
			Remedy: api.Text{
				TH: "ลองอีกครั้ง หากยังเป็นเหมือนเดิมให้แจ้งผู้ดูแลระบบ",
				EN: "Try once more. If it stays, call the administrator.",
			},
		},
	}
}

// exposes is the row of a text with personal data; its detail names classes and
// nothing of the text.
func exposes(cause error, code string, title api.Text) api.Row {
	return api.Row{
		Cause: cause, Status: http.StatusUnprocessableEntity, Code: code, Title: title,
		Remedy: api.Text{
			TH: "ลบข้อมูลของบุคคลออกจากข้อความ บอกเพียงประเภทของข้อมูล แล้วทำอีกครั้ง",
			EN: "Take the person's data out, name its kind only, then try again.",
		},
		Detail: func(err error) string {
			if e, ok := errors.AsType[*breach.ExposesError](err); ok {
				return joined(e.Classes)
			}
			if e, ok := errors.AsType[*breach.TextError](err); ok {
				return joined(e.Classes)
			}
			return ""
		},
	}
}

func registerProblems() api.Table {
	return api.Table{
		{
			Cause: breach.ErrIncidentUnknown, Status: http.StatusNotFound, Code: "incident_unknown",
			Title:  api.Text{TH: "ไม่มีเรื่องเลขนี้ในทะเบียน", EN: "The register has no such incident"},
			Remedy: api.Text{TH: "ตรวจเลขเรื่อง แล้วเลือกจากหน้าเหตุละเมิด", EN: "Check its number, and choose it from the list of incidents."},
		},
		{
			Cause: breach.ErrIncidentChanged, Status: http.StatusConflict, Code: "incident_changed",
			Title: api.Text{TH: "มีผู้อื่นบันทึกเรื่องนี้ก่อน", EN: "Somebody recorded something meanwhile"},
			Remedy: api.Text{
				TH: "อ่านรายการล่าสุดในประวัติ ข้อความที่กรอกยังอยู่ ถ้ายังต้องการให้บันทึกอีกครั้ง",
				EN: "Read what was added to the history. What you typed is still there: save again if it still holds.",
			},
		},
		{
			Cause: breach.ErrProposalUnknown, Status: http.StatusNotFound, Code: "proposal_unknown",
			Title:  api.Text{TH: "ไม่มีข้อเสนอเลขนี้", EN: "There is no such proposal"},
			Remedy: api.Text{TH: "โหลดหน้าเหตุละเมิดใหม่ แล้วเลือกจากรายการ", EN: "Reload the list of incidents and choose from it."},
		},
		{
			Cause: breach.ErrProposalSettled, Status: http.StatusConflict, Code: "proposal_settled",
			Title:  api.Text{TH: "ข้อเสนอนี้มีผู้ตัดสินไปแล้ว", EN: "Somebody settled this proposal already"},
			Remedy: api.Text{TH: "โหลดหน้าเหตุละเมิดใหม่เพื่อดูผล", EN: "Reload the list of incidents to see how."},
		},
		{
			Cause: breach.ErrHistoryBroken, Status: http.StatusInternalServerError, Code: "history_broken",
			Title: api.Text{TH: "ประวัติของเรื่องนี้ในฐานข้อมูลเสียหาย", EN: "The stored history of this incident is damaged"},
			Remedy: api.Text{
				TH: "อย่าเพิ่งแก้อะไร ให้ผู้ดูแลระบบตรวจบันทึกการใช้งาน แล้วกู้คืนจากสำเนาสำรองล่าสุด",
				EN: "Change nothing. The administrator verifies the audit log and restores the latest backup.",
			},
		},
		{
			Cause: breach.ErrSettingsInvalid, Status: http.StatusUnprocessableEntity, Code: "breach_settings_invalid",
			Title: api.Text{TH: "ระยะเวลาเป้าหมายใช้ไม่ได้", EN: "These targets can't be used"},
			Remedy: api.Text{
				TH: "ระบุระยะเวลาเป็นวินาทีเต็ม ตั้งแต่ 0 ถึง 10 ปี",
				EN: "Give whole seconds, from none to ten years.",
			},
		},
	}
}

func letterProblems() api.Table {
	return api.Table{
		{
			Cause: letters.ErrTemplateInvalid, Status: http.StatusUnprocessableEntity, Code: "template_invalid",
			Title: api.Text{TH: "แบบหนังสือของหน่วยงานใช้ไม่ได้", EN: "The agency's template can't be used"},
			Remedy: api.Text{
				TH: "ให้ผู้ดูแลระบบแก้แบบหนังสือ หรือเอาออกเพื่อใช้แบบที่มากับโปรแกรม",
				EN: "Ask the administrator to correct it, or to take it out and use the one that ships.",
			},
		},
		{
			Cause: letters.ErrListInvalid, Status: http.StatusUnprocessableEntity, Code: "recipients_invalid",
			Title: api.Text{TH: "อ่านรายชื่อผู้ได้รับผลกระทบไม่ได้", EN: "The list of those affected can't be read"},
			Remedy: api.Text{
				TH: "บันทึกไฟล์เป็น CSV (UTF-8) บรรทัดแรกเป็นหัวคอลัมน์ ชื่อ-สกุล, ที่อยู่, อีเมล แต่ละแถวมีจำนวนช่องเท่ากัน แล้วเลือกไฟล์อีกครั้ง",
				EN: "Save it as CSV (UTF-8) with the headings name, address, email and as many fields in each row, then choose it again.",
			},
			Detail: badRow,
		},
		{
			Cause: letters.ErrSenderDown, Status: http.StatusServiceUnavailable, Code: "sender_unavailable",
			Title: api.Text{TH: "ส่งอีเมลไม่ได้ในขณะนี้", EN: "No e-mail can be sent for now"},
			Remedy: api.Text{
				TH: "แถวที่ส่งแล้วบันทึกไว้แล้ว ตรวจเซิร์ฟเวอร์อีเมล แล้วเลือกไฟล์เดิมและส่งต่อ",
				EN: "Rows that went out are recorded. Check the mail server, then go on with the same file.",
			},
		},
		{
			Cause: ErrMailOff, Status: http.StatusConflict, Code: "mail_off",
			Title: api.Text{TH: "ยังไม่ได้ตั้งค่าเซิร์ฟเวอร์อีเมล", EN: "No mail server is set up"},
			Remedy: api.Text{
				TH: "พิมพ์หนังสือแทน หรือให้ผู้ดูแลระบบตั้งค่าเซิร์ฟเวอร์อีเมล",
				EN: "Print the letters instead, or ask the administrator to set up the mail server.",
			},
		},
	}
}
