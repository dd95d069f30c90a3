package office

import "chipproof/breach"

// The closed lists in the words of the law and of the five-step plan. A test
// holds that each has every word that package breach takes.

func roleChoices() []option {
	return []option{
		{string(breach.RoleController), "ผู้ควบคุมข้อมูลส่วนบุคคล (ข้อมูลเป็นของหน่วยงานเรา)", "Controller (the data is ours)"},
		{string(breach.RoleProcessor), "ผู้ประมวลผลข้อมูลส่วนบุคคล (เราทำให้หน่วยงานอื่น)", "Processor (we work for another)"},
	}
}

func sourceChoices() []option {
	return []option{
		{string(breach.FromStaff), "เจ้าหน้าที่", "Staff"},
		{string(breach.FromPublic), "ประชาชน", "The public"},
		{string(breach.FromProcessor), "ผู้ประมวลผลข้อมูลหรือผู้รับจ้าง", "A processor or contractor"},
		{string(breach.FromScanner), "ผลการสแกน", "A scan"},
		{string(breach.FromCERT), "ศูนย์ประสานงานไซเบอร์ (CERT)", "A CERT"},
		{string(breach.FromSystem), "โปรแกรมตรวจพบเอง", "Our own programs"},
		{string(breach.FromOther), "แหล่งอื่น", "Other"},
	}
}

func linkChoices() []option {
	return []option{
		{string(breach.LinkFinding), "รายการที่พบจากการสแกน", "A finding of a scan"},
		{string(breach.LinkTakedown), "การนำข้อมูลออก", "A takedown"},
		{string(breach.LinkAudit), "รายการในบันทึกการใช้งาน", "An entry of the audit log"},
		{string(breach.LinkIncident), "เรื่องอื่นในทะเบียน", "Another incident"},
	}
}

func effectChoices() []option {
	return []option{
		{string(breach.EffectLoss), "สูญหาย", "Loss"},
		{string(breach.EffectAccess), "เข้าถึง", "Access"},
		{string(breach.EffectUse), "ใช้", "Use"},
		{string(breach.EffectChange), "เปลี่ยนแปลง", "Change"},
		{string(breach.EffectAlteration), "แก้ไข", "Alteration"},
		{string(breach.EffectDisclosure), "เปิดเผย", "Disclosure"},
	}
}

func causeChoices() []option {
	return []option{
		{string(breach.CauseIntent), "เจตนา", "Intent"},
		{string(breach.CauseWilfulness), "ความจงใจ", "Wilfulness"},
		{string(breach.CauseNegligence), "ความประมาทเลินเล่อ", "Negligence"},
		{string(breach.CauseUnauthorised), "การกระทำโดยปราศจากอำนาจหรือโดยมิชอบ", "An unauthorised or wrongful act"},
		{string(breach.CauseOffence), "การกระทำความผิดเกี่ยวกับคอมพิวเตอร์", "A computer offence"},
		{string(breach.CauseThreat), "ภัยคุกคามทางไซเบอร์", "A cyber threat"},
		{string(breach.CauseError), "ข้อผิดพลาดบกพร่อง", "An error or defect"},
		{string(breach.CauseAccident), "อุบัติเหตุ", "An accident"},
		{string(breach.CauseOther), "เหตุอื่น (ระบุด้านล่าง)", "Another cause (say which below)"},
	}
}

func labelChoices() []option {
	return []option{
		{string(breach.Confidentiality), "ความลับ (Confidentiality)", "Confidentiality"},
		{string(breach.Integrity), "ความถูกต้องครบถ้วน (Integrity)", "Integrity"},
		{string(breach.Availability), "ความพร้อมใช้งาน (Availability)", "Availability"},
	}
}

func certaintyChoices() []option {
	return []option{
		{string(breach.Exact), "ทราบจำนวนแน่นอน", "Known exactly"},
		{string(breach.Estimate), "ประมาณการ", "An estimate"},
		{string(breach.Unknown), "ยังไม่ทราบ", "Not known yet"},
	}
}

func inPlaceChoices() []option {
	return []option{
		{string(breach.InPlaceYes), "มี", "In place"},
		{string(breach.InPlacePartly), "มีบางส่วน", "Partly"},
		{string(breach.InPlaceNo), "ไม่มี", "Not in place"},
		{string(breach.InPlaceUnknown), "ยังไม่ทราบ", "Not known"},
	}
}

func answerChoices() []option {
	return []option{
		{string(breach.Yes), "ใช่", "Yes"},
		{string(breach.No), "ไม่ใช่", "No"},
		{string(breach.NotKnown), "ยังไม่ทราบ", "Not known"},
	}
}

func effectiveChoices() []option {
	return []option{{string(breach.Yes), "ได้ผล", "It works"}, {string(breach.No), "ไม่ได้ผล", "It doesn't"}}
}

func credibleChoices() []option {
	return []option{
		{string(breach.Credible), "มีเหตุอันควรเชื่อ", "There is reasonable ground"},
		{string(breach.NotCredible), "ไม่มีเหตุอันควรเชื่อ", "There is none"},
	}
}

func confirmedChoices() []option {
	return []option{
		{string(breach.Confirmed), "ยืนยันว่ามีการละเมิด", "There was a breach"},
		{string(breach.NotConfirmed), "ไม่พบว่ามีการละเมิด", "There was none"},
	}
}

func riskChoices() []option {
	return []option{
		{string(breach.RiskNone), "ไม่มีความเสี่ยง (ไม่ต้องแจ้ง เก็บหลักฐาน)", "No risk (nobody is notified; keep the evidence)"},
		{string(breach.RiskSome), "มีความเสี่ยง (แจ้งสำนักงาน)", "Risk (the Office is notified)"},
		{string(breach.RiskHigh), "มีความเสี่ยงสูง (แจ้งสำนักงานและเจ้าของข้อมูล)", "High risk (the Office and the people are notified)"},
	}
}

func contextChoices() []option {
	return []option{
		{string(breach.ContextSimple), "ข้อมูลทั่วไป (1)", "Simple data (1)"},
		{string(breach.ContextBehavioural), "ข้อมูลพฤติกรรม (2)", "Behavioural data (2)"},
		{string(breach.ContextFinancial), "ข้อมูลการเงิน (3)", "Financial data (3)"},
		{string(breach.ContextSensitive), "ข้อมูลอ่อนไหว (4)", "Sensitive data (4)"},
	}
}

func adjustChoices() []option {
	return []option{
		{"0", "ไม่ปรับ", "No change"},
		{"1", "เพิ่ม 1", "1 more"},
		{"2", "เพิ่ม 2", "2 more"},
		{"3", "เพิ่ม 3", "3 more"},
		{"-1", "ลด 1", "1 less"},
		{"-2", "ลด 2", "2 less"},
		{"-3", "ลด 3", "3 less"},
	}
}

func easeChoices() []option {
	return []option{
		{"0.25", "แทบระบุตัวไม่ได้ (0.25)", "Negligible (0.25)"},
		{"0.5", "ระบุตัวได้จำกัด (0.5)", "Limited (0.5)"},
		{"0.75", "ระบุตัวได้ค่อนข้างง่าย (0.75)", "Significant (0.75)"},
		{"1", "ระบุตัวได้ทันที เช่น เลขบัตรประชาชนพร้อมชื่อ (1)", "At once, as by citizen number and name (1)"},
	}
}

func circumstanceChoices() []option {
	return []option{
		{"0", "ไม่เกิด (0)", "None (0)"}, {"0.25", "เกิดในวงจำกัด (0.25)", "Limited (0.25)"}, {"0.5", "เกิดในวงกว้างหรือแก้คืนไม่ได้ (0.5)", "Wide, or beyond repair (0.5)"},
	}
}

func maliceChoices() []option {
	return []option{{"0", "ไม่มีเจตนาร้าย (0)", "No intent to harm (0)"}, {"0.5", "มีเจตนาร้าย (0.5)", "Intent to harm (0.5)"}}
}

func aimChoices() []option {
	return []option{
		{string(breach.AimContain), "ระงับเหตุ (ขั้นที่ 2)", "To contain (step 2)"},
		{string(breach.AimRecover), "ฟื้นฟู (ขั้นที่ 5)", "To recover (step 5)"},
	}
}

func meansChoices() []option {
	return []option{
		{string(breach.MeansPeople), "บุคลากร", "People"},
		{string(breach.MeansProcess), "กระบวนการ", "Process"},
		{string(breach.MeansTechnology), "เทคโนโลยี", "Technology"},
	}
}

func resultChoices() []option {
	return []option{
		{string(breach.ResultEnded), "การละเมิดสิ้นสุดแล้ว", "The breach has ended"},
		{string(breach.ResultEased), "บรรเทาแล้ว ไม่กระทบเพิ่มเติม", "It does no further harm"},
	}
}

func excusalChoices() []option {
	return []option{
		{string(breach.Excused), "ยกเว้นความผิดจากการแจ้งล่าช้า", "The delay is excused"},
		{string(breach.NotExcused), "ไม่ยกเว้นความผิด", "It isn't excused"},
		{string(breach.OtherWord), "เรื่องอื่น เช่น ขอข้อมูลเพิ่ม", "Other, as a question"},
	}
}

func byChoices() []option {
	return []option{{string(breach.ByLetter), "หนังสือ", "Letter"}, {string(breach.ByEmail), "อีเมล", "E-mail"}}
}

func wayChoices() []option {
	return []option{
		{string(breach.WayGroup), "แจ้งเป็นกลุ่ม", "To a group"},
		{string(breach.WayPublic), "แจ้งเป็นการทั่วไป", "To the public"},
	}
}

func groundChoices() []option {
	return []option{
		{string(breach.NoContact), "ไม่มีวิธีการติดต่อ", "There is no way to reach them"},
		{string(breach.OtherNecessity), "เหตุจำเป็นอื่น", "Another necessity"},
	}
}

func mediumChoices() []option {
	return []option{
		{string(breach.MediumWebsite), "เว็บไซต์", "Web site"},
		{string(breach.MediumSocial), "สื่อสังคมออนไลน์", "Social media"},
		{string(breach.MediumMedia), "สื่อสาธารณะ", "Public media"},
		{string(breach.MediumNotice), "ป้ายประกาศ", "Notice board"},
	}
}

func reachChoices() []option {
	return []option{
		{string(breach.ReachOpen), "เปิดได้และเห็นประกาศโดยไม่ต้องเข้าสู่ระบบ", "Shows the notice without login"},
		{string(breach.ReachLogin), "ต้องเข้าสู่ระบบก่อน", "Asks for a login"},
		{string(breach.ReachOther), "เปิดได้แต่ไม่พบประกาศ", "Shows another page"},
		{string(breach.ReachNothing), "เปิดไม่ได้", "Can't be reached"},
	}
}
