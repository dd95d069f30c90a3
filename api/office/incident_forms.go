package office

// intakeForms are the report and its times.
func intakeForms() []form {
	return []form{
		{
			ID: "reported", Kind: "reported", Step: 1, TH: "แจ้งเหตุผิดปกติ", EN: "Report something abnormal",
			HelpTH: "แจ้งทันทีที่สงสัย ไม่ต้องรอให้แน่ใจ การแจ้งนี้ยังไม่เริ่มนับเวลาตามกฎหมาย อย่าใส่ชื่อหรือเลขประจำตัวของผู้ใด",
			HelpEN: "Report at once, without waiting to be sure. This starts no clock of the law. Put in no name or number of anybody.",
			Fields: []field{
				ask("title", inText, "เกิดอะไรขึ้น (หนึ่งบรรทัด)", "What happened (in a line)", need, help("เช่น ไฟล์รายชื่อผู้รับบริการเปิดได้จากอินเทอร์เน็ต", "As: a list of clients can be opened from the internet")),
				ask("source", inChoice, "ทราบจาก", "Where it came from", need, from("source", sourceChoices())),
				ask("role", inChoice, "หน่วยงานเราเป็น", "Which role we have", need, from("role", roleChoices())),
				ask("controller", inText, "ชื่อหน่วยงานที่เราทำให้ (เมื่อเราเป็นผู้ประมวลผล)", "Whom we work for (when we are the processor)"),
				ask("summary", inLines, "รายละเอียดเท่าที่ทราบ", "What is known so far"),
				ask("reported_at", inWhen, "รับแจ้งเมื่อ", "When it was reported", now),
				ask("processor_aware_at", inWhen, "ผู้รับจ้างทราบเหตุเมื่อ (ถ้าผู้รับจ้างเป็นผู้แจ้ง)", "When the processor knew (if it told us)"),
			},
		},
		{
			ID: "reported_corrected", Kind: "reported_corrected", Step: 1, TH: "แก้เวลารับแจ้ง", EN: "Correct the time of the report",
			Fields: []field{
				ask("reported_at", inWhen, "เวลารับแจ้งที่ถูกต้อง", "The right time", need),
				ask("reason", inLines, "เหตุผลที่แก้", "Why it is corrected", need),
			},
		},
		{
			ID: "aware", Kind: "aware", Step: 1, TH: "ระบุเวลาที่ทราบเหตุ", EN: "Set the time of awareness",
			HelpTH: "เวลา 72 ชั่วโมงและ 15 วันนับจากเวลานี้ ระบุได้ครั้งเดียว ภายหลังแก้ได้โดยให้เหตุผล",
			HelpEN: "The 72 hours and the 15 days run from here. It is set once; later it can only be corrected, with a reason.",
			Fields: []field{
				ask("aware_at", inWhen, "ทราบเหตุเมื่อ", "When we knew of it", now),
				ask("basis", inLines, "ทราบจากอะไร", "What that rests on"),
			},
		},
		{
			ID: "aware_corrected", Kind: "aware_corrected", Step: 1, TH: "แก้เวลาที่ทราบเหตุ", EN: "Correct the time of awareness",
			HelpTH: "กำหนดเวลาตามกฎหมายจะเลื่อนตาม ทั้งเวลาเดิมและเวลาใหม่ยังอยู่ในประวัติ",
			HelpEN: "The deadlines of the law move with it. Both times stay in the history.",
			Fields: []field{
				ask("aware_at", inWhen, "เวลาที่ทราบเหตุที่ถูกต้อง", "The right time", need),
				ask("reason", inLines, "เหตุผลที่แก้", "Why it is corrected", need),
			},
		},
		{
			ID: "linked", Kind: "linked", TH: "ผูกหลักฐาน", EN: "Link evidence",
			Fields: []field{
				ask("to", inChoice, "หลักฐานคือ", "What it is", need, from("link", linkChoices())),
				ask("ref", inText, "เลขอ้างอิง", "Its number", need),
				ask("digest", inDigest, "ไฟล์หลักฐาน", "The evidence's file"),
				ask("note", inLines, "หมายเหตุ", "Note"),
			},
		},
		{
			ID: "credibility", Kind: "credibility", Step: 1, TH: "ประเมินความน่าเชื่อถือ", EN: "Weigh its credibility",
			HelpTH: "ขั้นที่ 1: มีเหตุอันควรเชื่อว่ามีการละเมิดหรือไม่", HelpEN: "Step 1: is there reasonable ground to believe that there was a breach?",
			Fields: []field{
				ask("verdict", inChoice, "ผลการประเมิน", "The verdict", need, from("credible", credibleChoices())),
				ask("reason", inLines, "เหตุผล", "Why", need),
			},
		},
	}
}

// factForms are the checks of step 1.
func factForms() []form {
	return []form{
		{
			ID: "fact", Kind: "fact", Step: 1, TH: "เพิ่มข้อเท็จจริง", EN: "Add a fact",
			HelpTH: "บันทึกแล้วแก้หรือลบไม่ได้ ถ้าผิดให้เพิ่มข้อเท็จจริงใหม่", HelpEN: "It can't be changed or removed; a later fact can contradict it.",
			Fields: []field{
				ask("seen_at", inWhen, "พบเมื่อ", "When it was seen", now),
				ask("source", inText, "แหล่งที่มา", "The source", need, help("เช่น บันทึกของเซิร์ฟเวอร์ ผู้ดูแลเว็บ", "As: the server's log, the web master")),
				ask("text", inLines, "ข้อเท็จจริง", "The fact", need),
			},
		},
		checklistForm("organisational", "ตรวจมาตรการเชิงองค์กร", "Check organisational measures"),
		checklistForm("technical", "ตรวจมาตรการเชิงเทคนิค", "Check technical measures",
			ask("unintelligible", inChoice, "ผู้ที่ได้ข้อมูลไปอ่านไม่ออก (เข้ารหัสหรือแฝงข้อมูล)", "Whoever got the data can't read it", need, from("answer", answerChoices())),
			ask("key_lost", inChoice, "กุญแจถอดรหัสหลุดไปด้วย", "Its key was lost as well", need, from("answer", answerChoices()))),
		checklistForm("physical", "ตรวจมาตรการทางกายภาพ", "Check physical measures"),
		{
			ID: "nature", Kind: "nature", Step: 1, TH: "บันทึกลักษณะของเหตุ", EN: "Say what the breach is",
			HelpTH: "บันทึกใหม่ได้เมื่อทราบเพิ่ม ฉบับหลังใช้แทนฉบับก่อน บอกประเภทของข้อมูลเท่านั้น ไม่ใส่ข้อมูลของผู้ใด",
			HelpEN: "Record it again when more is known: the later one counts. Name kinds of data, never anybody's.",
			Fields: []field{
				ask("description", inLines, "ลักษณะของเหตุ", "What happened", need),
				ask("labels", inMany, "ละเมิดด้าน (เลือกได้หลายข้อ)", "Breach of (one or more)", need, from("label", labelChoices())),
				ask("effects", inMany, "ข้อมูลถูก (เลือกได้หลายข้อ)", "What happened to the data (one or more)", need, from("effect", effectChoices())),
				ask("causes", inMany, "เกิดจาก (เลือกได้หลายข้อ)", "Caused by (one or more)", need, from("cause", causeChoices())),
				ask("other_cause", inText, "เหตุอื่น คือ", "The other cause"),
				ask("data", inText, "ประเภทของข้อมูล", "Kinds of data", need, help("เช่น ชื่อ ที่อยู่ เบอร์โทรศัพท์", "As: names, addresses, phone numbers")),
				ask("subjects", inText, "เจ้าของข้อมูลคือ", "Whose data", need, help("เช่น ผู้ขอรับเบี้ยยังชีพ", "As: applicants for an allowance")),
				ask("people", inCount, "จำนวนเจ้าของข้อมูล", "How many people", need, from("certainty", certaintyChoices())),
				ask("records", inCount, "จำนวนรายการข้อมูล", "How many records", need, from("certainty", certaintyChoices())),
				ask("consequences", inLines, "ผลกระทบที่อาจเกิดขึ้น", "Possible consequences", help("ต้องมีก่อนแจ้งสำนักงาน", "Needed for the notice to the Office")),
			},
		},
		{
			ID: "established", Kind: "established", Step: 1, TH: "สรุปว่ามีการละเมิดหรือไม่", EN: "Confirm the breach or not",
			Fields: []field{
				ask("verdict", inChoice, "ผลการตรวจสอบ", "The verdict", need, from("confirmed", confirmedChoices())),
				ask("reason", inLines, "เหตุผล", "Why", need),
			},
		},
	}
}

// itemWords are the items of the checklists.
var itemWords = map[string][2]string{
	"policy": {"นโยบายคุ้มครองข้อมูล", "Policy"}, "risk_assessment": {"การประเมินความเสี่ยง", "Risk assessment"},
	"awareness": {"การสร้างความตระหนัก", "Awareness"}, "training": {"การอบรม", "Training"},
	"encryption": {"การเข้ารหัส (encryption)", "Encryption"}, "pseudonymisation": {"การแฝงข้อมูล (pseudonymisation)", "Pseudonymisation"},
	"access_control": {"การควบคุมสิทธิการเข้าถึง", "Access control"}, "two_factors": {"การยืนยันตัวตนหลายปัจจัย", "Two factors at login"},
	"logging": {"บันทึกการใช้งาน (log)", "Logging"}, "patching": {"การปรับปรุงซอฟต์แวร์", "Patching"},
	"entry_control": {"การควบคุมการเข้าออก", "Entry control"}, "cctv": {"กล้องวงจรปิด", "CCTV"}, "server_room": {"ห้องเซิร์ฟเวอร์", "Server room"},
}
