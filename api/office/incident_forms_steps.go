package office

import "chipproof/breach"

// checklistForm asks about every item of an area as it stood at the time of the
// breach.
func checklistForm(area, th, en string, besides ...field) form {
	f := form{
		ID: "checklist_" + area, Kind: "checklist", Step: 1, TH: th, EN: en, Fixed: map[string]string{"area": area},
		HelpTH: "ตอบตามที่เป็นอยู่ในขณะเกิดเหตุ พร้อมหลักฐาน ข้อที่ไม่ทราบให้เลือก ยังไม่ทราบ",
		HelpEN: "As it stood at the time of the breach, with evidence. Say so where it isn't known.",
	}
	for _, item := range breach.Area(area).Items() {
		words := itemWords[item]
		f.Fields = append(f.Fields, ask(item, inMeasure, words[0], words[1], need, from("inplace", inPlaceChoices())))
	}
	f.Fields = append(f.Fields, besides...)
	return f
}

// riskForms are the assessment: the seven factors, ENISA's figure beside them, and
// the officer's decision with its reason.
func riskForms() []form {
	circumstance := func(name, th, en string) field {
		return ask("severity."+name, inChoice, th, en, need, numbers("circumstance", circumstanceChoices()))
	}
	return []form{{
		ID: "assessed", Kind: "assessed", Step: 1, TH: "ประเมินความเสี่ยง", EN: "Assess the risk",
		HelpTH: "เจ้าหน้าที่เป็นผู้ตัดสินจากปัจจัยทั้งเจ็ด คะแนน ENISA เป็นเพียงข้อมูลประกอบ ฉบับก่อนยังอยู่ในประวัติ",
		HelpEN: "The officer decides by the seven factors; ENISA's figure only advises. Earlier versions stay.",
		Fields: []field{
			ask("factors.breach", inLines, "1. ลักษณะและประเภทของการละเมิด", "1. Nature and kind of the breach", need),
			ask("factors.data", inLines, "2. ลักษณะ ประเภท และปริมาณของข้อมูล", "2. Nature, kind and volume of the data", need),
			ask("factors.people", inLines, "3. ลักษณะและสถานะของเจ้าของข้อมูล (เด็ก ผู้พิการ กลุ่มเปราะบาง)", "3. Nature and status of the people (minors, disabled, vulnerable)", need),
			ask("factors.severity", inLines, "4. ความร้ายแรงต่อเจ้าของข้อมูล และประสิทธิผลของมาตรการ", "4. Severity for them, and how well the measures work", need),
			ask("factors.wide_effect", inLines, "5. ผลกระทบในวงกว้างต่อธุรกิจหรือสาธารณะ", "5. Wide effect on business or the public", need),
			ask("factors.storage", inLines, "6. ระบบที่จัดเก็บและมาตรการรักษาความมั่นคงปลอดภัย", "6. The storage system and its security", need),
			ask("factors.controller", inLines, "7. สถานะ ขนาด และประเภทของผู้ควบคุมข้อมูล", "7. Legal status, size and type of the controller", need),
			ask("severity.context", inChoice, "ENISA: ประเภทของข้อมูล", "ENISA: class of the data", need, from("context", contextChoices())),
			ask("severity.adjust", inChoice, "ปรับตามบริบท", "Adjusted by context", need, numbers("adjust", adjustChoices())),
			ask("severity.identification", inChoice, "ระบุตัวบุคคลได้ง่ายเพียงใด", "Ease of identification", need, numbers("ease", easeChoices())),
			circumstance("confidentiality", "เสียความลับ", "Confidentiality lost"),
			circumstance("integrity", "เสียความถูกต้อง", "Integrity lost"),
			circumstance("availability", "เสียความพร้อมใช้", "Availability lost"),
			ask("severity.malicious", inChoice, "เจตนาร้าย", "Intent", need, numbers("malice", maliceChoices())),
			ask("risk", inChoice, "คำตัดสินของเจ้าหน้าที่", "The officer's decision", need, from("risk", riskChoices())),
			ask("reason", inLines, "เหตุผลของคำตัดสิน", "Why", need),
		},
	}}
}

// containForms are step 2: what is done, by us or by order.
func containForms() []form {
	return []form{
		{
			ID: "action_started", Kind: "action_started", Step: 2, TH: "เริ่มดำเนินการ", EN: "Start an action",
			Fields: []field{
				ask("aim", inChoice, "เพื่อ", "What for", need, from("aim", aimChoices())),
				ask("means", inChoice, "มาตรการทาง", "By what", need, from("means", meansChoices())),
				ask("text", inLines, "ทำอะไร", "What is done", need),
				ask("started_at", inWhen, "เริ่มเมื่อ", "Started", now),
			},
		},
		{
			ID: "action_finished", Kind: "action_finished", Step: 2, TH: "ดำเนินการเสร็จ", EN: "Finish an action",
			Fields: []field{
				ask("action", inRef, "การดำเนินการใด", "Which action", of("actions")),
				ask("finished_at", inWhen, "เสร็จเมื่อ", "Finished", now),
			},
		},
		{
			ID: "ordered", Kind: "ordered", Step: 2, TH: "สั่งการผู้ประมวลผลหรือผู้เกี่ยวข้อง", EN: "Order a processor or others concerned",
			Fields: []field{
				ask("to", inText, "สั่งการไปยัง (ชื่อหน่วยงานหรือบริษัท)", "To (the organisation)", need),
				ask("means", inChoice, "มาตรการทาง", "By what", need, from("means", meansChoices())),
				ask("text", inLines, "ให้ทำอะไร", "What is to be done", need),
				ask("due_at", inWhen, "ให้เสร็จภายใน", "By when", need),
			},
		},
		{
			ID: "order_acknowledged", Kind: "order_acknowledged", Step: 2, TH: "ผู้รับคำสั่งรับทราบ", EN: "The order was acknowledged",
			Fields: []field{
				ask("order", inRef, "คำสั่งใด", "Which order", of("orders")),
				ask("acknowledged_at", inWhen, "รับทราบเมื่อ", "When", now),
				ask("reference", inText, "เลขที่หรือช่องทางที่ตอบรับ", "Its reference"),
			},
		},
		{
			ID: "order_done", Kind: "order_done", Step: 2, TH: "ผู้รับคำสั่งทำเสร็จ", EN: "The order was carried out",
			Fields: []field{
				ask("order", inRef, "คำสั่งใด", "Which order", of("orders")),
				ask("done_at", inWhen, "เสร็จเมื่อ", "When", now),
				ask("report", inLines, "ผลที่รายงาน", "What was reported", need),
			},
		},
		{
			ID: "order_withdrawn", Kind: "order_withdrawn", Step: 2, TH: "ยกเลิกคำสั่ง", EN: "Withdraw an order",
			Fields: []field{
				ask("order", inRef, "คำสั่งใด", "Which order", of("orders")),
				ask("reason", inLines, "เหตุผล", "Why", need),
			},
		},
		{
			ID: "contained", Kind: "contained", Step: 2, TH: "สรุปผลการระงับเหตุ", EN: "Say how containment ended",
			Fields: []field{
				ask("result", inChoice, "ผล", "The result", need, from("result", resultChoices())),
				ask("text", inLines, "รายละเอียด", "In words", need),
			},
		},
	}
}

// receipt is what came back for a notice. Left blank, there is none yet.
func receipt(th, en string, with ...more) []field {
	return []field{
		ask("receipt.reference", inText, th, en, with...),
		ask("receipt.received_at", inWhen, "ได้รับเมื่อ", "Received", with...),
		ask("receipt.document", inDigest, "ไฟล์หลักฐานการรับ", "The receipt's file"),
	}
}

// officeForms are step 3: the notice to the Office, or to our controller.
func officeForms() []form {
	return []form{
		{
			ID: "contact", Kind: "contact", Step: 3, TH: "กำหนดผู้ติดต่อ", EN: "Name whom to ask",
			HelpTH: "เจ้าหน้าที่คุ้มครองข้อมูลหรือจุดติดต่อของหน่วยงาน ชื่อตำแหน่งก็พอ จะพิมพ์ในหนังสือและประกาศ",
			HelpEN: "The data protection officer or a contact point of the office; a post is enough. It is printed in letters and notices.",
			Fields: []field{
				ask("name", inText, "ชื่อหรือตำแหน่ง", "Name or post", need),
				ask("phone", inText, "โทรศัพท์ของหน่วยงาน", "The office's phone"),
				ask("email", inText, "อีเมลของหน่วยงาน", "The office's e-mail"),
				ask("address", inLines, "ที่อยู่ของหน่วยงาน", "The office's address"),
			},
		},
		{
			ID: "office_notified", Kind: "office_notified", Step: 3, TH: "บันทึกการแจ้งสำนักงาน", EN: "Record the notice to the Office",
			HelpTH: "บันทึกเมื่อส่งแล้ว หลักฐานการรับเพิ่มภายหลังได้", HelpEN: "Record it once it was sent. The receipt may follow.",
			Fields: append(append([]field{
				ask("sent_at", inWhen, "ส่งเมื่อ", "Sent", now),
				ask("channel", inText, "ส่งทาง", "By what way", need, help("เช่น ระบบแจ้งเหตุของสำนักงาน อีเมล หนังสือ", "As: the Office's portal, e-mail, letter")),
				ask("document", inDigest, "ไฟล์หนังสือที่ส่ง", "The notice's file"),
			}, receipt("เลขที่รับของสำนักงาน (ถ้าได้แล้ว)", "The Office's receipt number (if it came)")...),
				ask("delay.necessity", inLines, "เหตุจำเป็นที่แจ้งเกิน 72 ชั่วโมง (เฉพาะเมื่อช้า)", "Why it came after 72 hours (only when late)"),
				ask("delay.details", inLines, "รายละเอียดที่แสดงความจำเป็น (เฉพาะเมื่อช้า)", "The details that show it (only when late)")),
		},
		{
			ID: "office_receipt", Kind: "office_receipt", Step: 3, TH: "บันทึกหลักฐานการรับแจ้ง", EN: "Record the Office's receipt",
			Fields: append([]field{ask("notice", inRef, "การแจ้งครั้งใด", "Which notice", of("notices"))}, receipt("เลขที่รับของสำนักงาน", "The Office's receipt number", need)...),
		},
		{
			ID: "delay_explained", Kind: "delay_explained", Step: 3, TH: "ชี้แจงเหตุที่แจ้งล่าช้า", EN: "Explain the delay",
			Fields: []field{
				ask("sent_at", inWhen, "ส่งคำชี้แจงเมื่อ", "Sent", now),
				ask("delay.necessity", inLines, "เหตุจำเป็น", "Why it was late", need),
				ask("delay.details", inLines, "รายละเอียดที่แสดงความจำเป็น", "The details that show it", need),
			},
		},
		{
			ID: "office_decided", Kind: "office_decided", Step: 3, TH: "บันทึกคำสั่งของสำนักงาน", EN: "Record the Office's decision",
			Fields: []field{
				ask("decision", inChoice, "คำสั่ง", "The decision", need, from("excusal", excusalChoices())),
				ask("decided_at", inWhen, "ลงวันที่", "Dated", need),
				ask("reference", inText, "หนังสือเลขที่", "Its reference", need),
				ask("document", inDigest, "ไฟล์หนังสือ", "Its file", need),
				ask("text", inLines, "สาระสำคัญ", "In brief"),
			},
		},
		{
			ID: "controller_told", Kind: "controller_told", Step: 3, TH: "บันทึกการแจ้งผู้ควบคุมข้อมูล", EN: "Record the notice to our controller",
			Fields: []field{
				ask("told_at", inWhen, "แจ้งเมื่อ", "Told", now),
				ask("channel", inText, "แจ้งทาง", "By what way", need),
				ask("text", inLines, "แจ้งว่าอย่างไร", "What was told", need),
				ask("document", inDigest, "ไฟล์หนังสือ", "Its file"),
			},
		},
		{
			ID: "controller_acknowledged", Kind: "controller_acknowledged", Step: 3, TH: "ผู้ควบคุมข้อมูลรับทราบ", EN: "The controller acknowledged",
			Fields: receipt("เลขที่หรือช่องทางที่ตอบรับ", "Its reference", need),
		},
	}
}

// subjectForms are step 4: the people whose data it is.
func subjectForms() []form {
	return []form{
		{
			ID: "subjects_prepared", Kind: "subjects_prepared", Step: 4, TH: "เขียนเนื้อหาแจ้งเจ้าของข้อมูล", EN: "Write what data subjects are told",
			HelpTH: "เขียนให้คนทั่วไปเข้าใจ ไม่มีแนวทางเยียวยาและสิ่งที่เจ้าของข้อมูลทำได้ จะส่งไม่ได้",
			HelpEN: "In plain words. Without remedies and advice nothing is sent.",
			Fields: []field{
				ask("nature", inLines, "เกิดอะไรขึ้น โดยย่อ", "What happened, in brief", need),
				ask("effects", inLines, "ผลที่อาจเกิดกับท่าน", "Possible effects on the person", need),
				ask("remedies", inLines, "แนวทางการเยียวยา", "Remedies", need),
				ask("measures", inLines, "สิ่งที่หน่วยงานทำแล้วหรือกำลังทำ", "Measures taken", need),
				ask("advice", inLines, "สิ่งที่ท่านทำได้เอง", "What the person can do", need),
			},
		},
		{
			ID: "delivered", Kind: "delivered", Step: 4, TH: "บันทึกผลการส่งตามแถว", EN: "Record delivery by row",
			HelpTH: "เก็บเฉพาะเลขแถวและผล ไม่เก็บชื่อหรือที่อยู่", HelpEN: "Row numbers and how they fared; no name and no address.",
			Fields: []field{
				ask("list", inNumber, "รายชื่อชุดที่", "List number", need),
				ask("rows", inNumber, "จำนวนแถวทั้งหมด", "Rows in all", need),
				ask("by", inChoice, "ส่งทาง", "By", need, from("by", byChoices())),
				ask("done", inRows, "แถว", "Rows", need, help("เช่น 1-240, 250", "As: 1-240, 250")),
			},
		},
		{
			ID: "published", Kind: "published", Step: 4, TH: "บันทึกการประกาศ", EN: "Record a group or public notice",
			HelpTH: "ใช้แทนการแจ้งรายบุคคลได้เมื่อมีเหตุเท่านั้น ข้อความจะถูกตรวจก่อน ถ้ามีข้อมูลส่วนบุคคลจะไม่รับ",
			HelpEN: "In place of letters only with a ground. Its text is read first, and refused while it holds personal data.",
			Fields: []field{
				ask("way", inChoice, "วิธีแจ้ง", "To whom", need, from("way", wayChoices())),
				ask("ground", inChoice, "เพราะ", "The ground", need, from("ground", groundChoices())),
				ask("reason", inLines, "เหตุผลโดยละเอียด", "Why", need),
				ask("medium", inChoice, "สื่อ", "The medium", need, from("medium", mediumChoices())),
				ask("where", inText, "ที่อยู่หน้าเว็บ หรือชื่อสื่อ", "The page's address, or the medium's name", need),
				ask("published_at", inWhen, "ประกาศเมื่อ", "When", now),
				ask("text", inLines, "ข้อความที่ประกาศ", "Its text", need),
				ask("evidence", inDigest, "ไฟล์หลักฐานการประกาศ", "Proof of publication", need),
			},
		},
		{
			ID: "reach_checked", Kind: "reach_checked", Step: 4, TH: "ตรวจว่าทุกคนเปิดประกาศได้", EN: "Check that anyone can reach it",
			HelpTH: "เปิดหน้าเว็บในหน้าต่างส่วนตัวที่ไม่ได้เข้าสู่ระบบ", HelpEN: "Open the page in a private window, without login.",
			Fields: []field{
				ask("publication", inRef, "ประกาศใด", "Which notice", of("published")),
				ask("checked_at", inWhen, "ตรวจเมื่อ", "When", now),
				ask("reach", inChoice, "ผล", "How it was met", need, from("reach", reachChoices())),
			},
		},
	}
}
