package counter

import (
	"cmp"
	"errors"
	"net/http"

	"chipproof/api"
	"chipproof/cardreader"
	"chipproof/proofing"
	"chipproof/proofing/thaiid"
)

// Problems is the table of everything that can go wrong at a counter (design
// §7), for HTTP and command line alike. What a reader did comes before what a
// card said, because a card that is gone explains every odd answer before that.
func Problems() api.Table {
	table := readerProblems()
	table = append(table, cardProblems()...)
	table = append(table, requestProblems()...)
	table = append(table, signedProblems()...)
	table = append(table, signingProblems()...)
	table = append(table, resultProblems()...)
	table = append(table, deskProblems()...)
	table = append(table, originProblems()...)
	return append(table, api.Problems()...)
}

func readerProblems() api.Table {
	return api.Table{
		{
			Cause: cardreader.ErrServiceDown, Status: http.StatusServiceUnavailable, Code: "reader_service_down",
			Title: api.Text{TH: "บริการเครื่องอ่านบัตรของระบบไม่ทำงาน", EN: "The system's card reader service is not running"},
			Remedy: api.Text{
				TH: "ถอดสายเครื่องอ่านบัตรแล้วเสียบใหม่ รอ 5 วินาทีแล้วลองอีกครั้ง ถ้ายังไม่ได้ให้แจ้งผู้ดูแลระบบ (คำสั่ง chipproof doctor บอกวิธีแก้)",
				EN: "Unplug the reader, plug it in again, wait 5 seconds and try once more. If that does not help, call the administrator (chipproof doctor says what to do).",
			},
		},
		{
			Cause: cardreader.ErrDenied, Status: http.StatusServiceUnavailable, Code: "reader_denied",
			Title: api.Text{TH: "ระบบไม่อนุญาตให้โปรแกรมใช้เครื่องอ่านบัตร", EN: "The system does not let chipproof use the card reader"},
			Remedy: api.Text{
				TH: "แจ้งผู้ดูแลระบบให้อนุญาตบัญชีที่รันโปรแกรม (คำสั่ง chipproof doctor แสดงกฎ polkit ที่ต้องติดตั้ง)",
				EN: "Ask the administrator to allow the account that runs chipproof (chipproof doctor prints the polkit rule to install).",
			},
		},
		{
			Cause: cardreader.ErrNotBuiltIn, Status: http.StatusServiceUnavailable, Code: "driver_missing",
			Title: api.Text{TH: "โปรแกรมชุดนี้ไม่มีส่วนที่ใช้เครื่องอ่านบัตรจริง", EN: "This build of chipproof cannot use real card readers"},
			Remedy: api.Text{
				TH: "ติดตั้งโปรแกรมชุดที่มี PC/SC หรือใช้บัตรจำลองด้วย --driver simulator",
				EN: "Install a build with PC/SC, or use the simulated card with --driver simulator.",
			},
		},
		{
			Cause: cardreader.ErrReaderNotFound, Status: http.StatusConflict, Code: "reader_not_found",
			Title: api.Text{TH: "ไม่พบเครื่องอ่านบัตร", EN: "Card reader not found"},
			Remedy: api.Text{
				TH: "ตรวจว่าเสียบสายเครื่องอ่านบัตรแน่นและมีไฟติด ถ้าระบุชื่อเครื่องอ่าน ให้ใช้ชื่อตามที่คำสั่ง chipproof readers แสดง แล้วลองอีกครั้ง",
				EN: "Check that the reader is plugged in and its light is on. If a reader was named, name it as 'chipproof readers' prints it. Then try again.",
			},
		},
		{
			Cause: cardreader.ErrReaderBusy, Status: http.StatusConflict, Code: "reader_busy",
			Title: api.Text{TH: "เครื่องอ่านบัตรกำลังถูกใช้งาน", EN: "The card reader is in use"},
			Remedy: api.Text{
				TH: "รอให้การอ่านที่ทำอยู่เสร็จ หรือปิดโปรแกรมอื่นที่ใช้เครื่องอ่าน แล้วลองอีกครั้ง ยังไม่ต้องดึงบัตรออก",
				EN: "Wait for the read that is running, or close the other program that uses the reader, then try again. Leave the card in.",
			},
		},
		{
			Cause: proofing.ErrReaderAmbiguous, Status: http.StatusConflict, Code: "reader_ambiguous",
			Title: api.Text{TH: "มีบัตรอยู่ในเครื่องอ่านมากกว่าหนึ่งเครื่อง", EN: "More than one reader holds a card"},
			Remedy: api.Text{
				TH: "เหลือบัตรของประชาชนที่อยู่ตรงหน้าไว้ใบเดียว หรือเลือกเครื่องอ่านในหน้าเว็บ",
				EN: "Leave in only the card of the citizen before you, or choose the reader on the page.",
			},
		},
	}
}

func cardProblems() api.Table {
	return api.Table{
		{
			Cause: cardreader.ErrCardAbsent, Status: http.StatusConflict, Code: "card_absent",
			Title: api.Text{TH: "ยังไม่ได้เสียบบัตร", EN: "No card in the reader"},
			Remedy: api.Text{
				TH: "เสียบบัตรประชาชนให้สุด ด้านชิปเข้าเครื่อง แล้วลองอีกครั้ง",
				EN: "Push the ID card all the way in, chip first, then try again.",
			},
		},
		{
			Cause: cardreader.ErrCardRemoved, Status: http.StatusConflict, Code: "card_removed",
			Title: api.Text{TH: "บัตรถูกดึงออกระหว่างอ่าน", EN: "The card was taken out while it was read"},
			Remedy: api.Text{
				TH: "เสียบบัตรใหม่ให้สุด และอย่าดึงออกจนกว่าจะอ่านเสร็จ แล้วลองอีกครั้ง",
				EN: "Put the card back all the way and leave it in until the read is done, then try again.",
			},
		},
		cardChanged(cardreader.ErrCardChanged),
		cardChanged(thaiid.ErrChanged),
		cardUnsupported(cardreader.ErrCardUnsupported),
		cardUnsupported(thaiid.ErrUnsupported),
		{
			Cause: cardreader.ErrCardTimeout, Status: http.StatusGatewayTimeout, Code: "card_timeout",
			Title: api.Text{TH: "บัตรตอบช้าเกินไป", EN: "The card answers too slowly"},
			Remedy: api.Text{
				TH: "ดึงบัตรออก เช็ดชิปด้วยผ้าแห้ง เสียบใหม่แล้วลองอีกครั้ง ถ้ายังเป็นอยู่ให้ลองเครื่องอ่านอื่น",
				EN: "Take the card out, wipe the chip with a dry cloth, put it back and try again. If it stays so, try another reader.",
			},
		},
		cardError(cardreader.ErrCardReset),
		cardError(cardreader.ErrCardError),
		cardError(thaiid.ErrAnswer),
	}
}

func cardChanged(cause error) api.Row {
	return api.Row{
		Cause: cause, Status: http.StatusConflict, Code: "card_changed",
		Title: api.Text{TH: "บัตรถูกเปลี่ยนระหว่างอ่าน", EN: "The card was changed while it was read"},
		Remedy: api.Text{
			TH: "ตรวจว่าบัตรในเครื่องเป็นของประชาชนที่อยู่ตรงหน้า แล้วอ่านใหม่ตั้งแต่ต้น",
			EN: "Make sure that the card in the reader is that of the citizen before you, then read it again.",
		},
	}
}

func cardUnsupported(cause error) api.Row {
	return api.Row{
		Cause: cause, Status: http.StatusUnprocessableEntity, Code: "card_unsupported",
		Title: api.Text{TH: "ไม่ใช่บัตรประชาชนไทยที่โปรแกรมรู้จัก", EN: "Not a Thai ID card that chipproof knows"},
		Remedy: api.Text{
			TH: "ตรวจว่าเป็นบัตรประจำตัวประชาชนแบบมีชิปและเสียบถูกด้าน ถ้าใช่ ให้กรอกข้อมูลด้วยมือและแจ้งผู้ดูแลระบบ",
			EN: "Check that it is a Thai ID card with a chip, put in the right way round. If it is, type the data in by hand and tell the administrator.",
		},
	}
}

func cardError(cause error) api.Row {
	return api.Row{
		Cause: cause, Status: http.StatusBadGateway, Code: "card_error",
		Title: api.Text{TH: "บัตรตอบผิดปกติ", EN: "The card answers wrongly"},
		Remedy: api.Text{
			TH: "ดึงบัตรออก เช็ดชิปด้วยผ้าแห้ง เสียบใหม่แล้วลองอีกครั้ง ถ้ายังเป็นอยู่ ชิปอาจเสีย ให้กรอกข้อมูลด้วยมือและแนะนำให้ทำบัตรใหม่",
			EN: "Take the card out, wipe the chip with a dry cloth, put it back and try again. If it stays so, the chip may be broken: type the data in by hand and advise a new card.",
		},
		Field: cardPart,
	}
}

// cardPart names the part of the card that was answered wrongly.
func cardPart(err error) string {
	if e, ok := errors.AsType[*thaiid.ReadError](err); ok {
		return string(e.Field)
	}
	return ""
}

func requestProblems() api.Table {
	return api.Table{
		{
			Cause: ErrPurposeUnknown, Status: http.StatusUnprocessableEntity, Code: "purpose_unknown",
			Title: api.Text{TH: "ไม่รู้จักวัตถุประสงค์นี้", EN: "This purpose is not known"},
			Remedy: api.Text{
				TH: "ให้ผู้พัฒนาเว็บใช้ purpose ที่อยู่ในนโยบายของหน่วยงาน การกรอกแบบฟอร์มใช้ form_fill",
				EN: "The web developer must use a purpose that the agency's policy defines. To fill a form it is form_fill.",
			},
			Field: purposeField,
		},
		{
			Cause: ErrPurposeRefused, Status: http.StatusForbidden, Code: "purpose_refused",
			Title: api.Text{TH: "ใช้วัตถุประสงค์นี้ที่นี่ไม่ได้", EN: "This purpose is not allowed here"},
			Remedy: api.Text{
				TH: "การอ่านบัตรเพื่อกรอกแบบฟอร์มใช้ form_fill การพิสูจน์ตัวตนใช้ purpose สำหรับพิสูจน์ในคำขอที่ลงลายมือชื่อ ถ้าถูกต้องอยู่แล้วให้ผู้ดูแลระบบอนุญาตเว็บไซต์นี้",
				EN: "A plain read is for form_fill and its like, a signed request for a purpose of proofs. If it was the right one, the administrator must grant it to this site.",
			},
			Field: purposeField,
		},
		{
			Cause: ErrFieldRefused, Status: http.StatusForbidden, Code: "field_refused",
			Title: api.Text{TH: "เว็บไซต์นี้ไม่ได้รับอนุญาตให้อ่านข้อมูลนี้", EN: "This site was not granted that field"},
			Remedy: api.Text{
				TH: "ให้ผู้พัฒนาเว็บตัดข้อมูลที่ระบุใน field ออก หรือให้ผู้ดูแลระบบอนุญาตเพิ่ม",
				EN: "The web developer must leave out what field names, or the administrator must grant it.",
			},
			Field: entryField,
		},
		{
			Cause: thaiid.ErrFieldUnknown, Status: http.StatusUnprocessableEntity, Code: "field_unknown",
			Title: api.Text{TH: "ไม่รู้จักชื่อข้อมูลนี้", EN: "There is no field of that name"},
			Remedy: api.Text{
				TH: "ใช้ชื่อเหล่านี้ ไม่ซ้ำกัน: " + fieldNames(),
				EN: "Use these names, none twice: " + fieldNames(),
			},
			Field: entryField,
		},
	}
}

// purposeField is the member of a read's body, unless it was one of an entry.
func purposeField(err error) string {
	return cmp.Or(entryField(err), "purpose")
}

// entryField is the member that an error is about, where it says so.
func entryField(err error) string {
	if e, ok := errors.AsType[*api.FieldError](err); ok {
		return e.Field
	}
	return ""
}
