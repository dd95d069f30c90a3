package office

import (
	"slices"

	web "chipproof/api/console"
)

// say is one text in both languages.
func say(key, th, en string) web.Message { return web.Message{Key: key, TH: th, EN: en} }

// messages are the texts of the pages about scans, findings, tasks and systems.
func messages() []web.Message {
	return slices.Concat(homeMessages(), planMessages(), scanMessages(), reportMessages(), findingMessages(), taskMessages(), assetMessages(), officeWords())
}

func homeMessages() []web.Message {
	return []web.Message{
		say("home.title", "ภาพรวม", "Overview"),
		say("home.unknown", "ยังไม่รู้ว่ามีข้อมูลของใครเปิดเผยอยู่", "Nobody knows yet whose data is exposed"),
		say("home.exposed", "พบ %s รายการที่ยังไม่พิสูจน์ว่านำออกแล้ว ใน %s ที่", "Findings that are not proven to be gone: %s. Places: %s."),
		say("home.clean", "ไม่มีรายการที่ค้างอยู่ สแกนซ้ำเป็นประจำ และดูว่ามีระบบใดที่ยังไม่เคยสแกน", "Nothing is open. Scan again regularly, and see below what was never scanned."),
		say("home.no_scan", "ยังไม่เคยสแกน เริ่มจากเว็บไซต์ของหน่วยงาน", "Nothing was scanned yet. Begin with the agency's own web site."),
		say("home.scan", "เริ่มสแกน", "Start a scan"),
		say("home.findings", "ดูรายการที่พบ", "See the findings"),
		say("home.tasks", "งานแก้ไขถัดไป", "Next tasks"),
		say("home.no_tasks", "ไม่มีงานค้าง เปิดรายการที่พบ แล้วมอบหมายผู้รับผิดชอบและกำหนดเสร็จ", "No task is open. Open a finding, and give it an owner and a date."),
		say("home.admin_title", "งานของผู้ดูแลระบบ", "For administrators"),
		say("home.admin_text", "ท่านดูแลผู้ใช้และบันทึกการตรวจสอบ ผลสแกนเป็นหน้าที่ของเจ้าหน้าที่คุ้มครองข้อมูลฯ (DPO) งานที่มอบหมายให้ท่านอยู่ด้านบน", "You look after users and the audit log. What scans find is the data protection officer's; tasks that are yours stand above."),
		say("people.count", "ข้อมูลของ %s คน", "Data of %s people"),
		say("people.about", "ข้อมูลของประมาณ %s คน", "Data of about %s people"),
		say("people.none", "ไม่พบข้อมูลของบุคคลใด", "Nobody's data"),
		say("trend.title", "แนวโน้มข้อมูลที่เปิดเผยอยู่", "Open exposures over time"),
		say("trend.says", "ค้างอยู่ %s รายการเมื่อ %s จากเดิม %s รายการเมื่อ %s", "%s open on %s; %s on %s."),
		say("trend.today", "วันนี้ค้างอยู่ %s รายการ แนวโน้มจะแสดงตั้งแต่พรุ่งนี้", "%s are open today. The trend shows from tomorrow on."),
		say("trend.none", "จะแสดงที่นี่หลังการสแกนครั้งแรก", "It shows here after the first scan."),
		say("trend.table", "ดูเป็นตาราง", "As a table"),
		say("trend.day", "วันที่", "Day"),
		say("trend.open", "รายการที่ค้าง", "Open findings"),
		say("clock.left_hours", "เหลือ %s ชั่วโมง", "%s hours left"),
		say("clock.left_days", "เหลือ %s วัน", "%s days left"),
		say("clock.over_hours", "เกินกำหนด %s ชั่วโมง", "%s hours over"),
		say("clock.over_days", "เกินกำหนด %s วัน", "%s days over"),
		say("span.seconds", "%s วินาที", "%s seconds"),
		say("span.minutes", "%s นาที", "%s minutes"),
		say("span.hours", "%s ชั่วโมง", "%s hours"),
	}
}

func planMessages() []web.Message {
	return []web.Message{
		say("scans.title", "สแกนหาข้อมูลส่วนบุคคล", "Scan for personal data"),
		say("scans.menu", "สแกน", "Scans"),
		say("scans.list", "การสแกนที่ผ่านมา", "Scans"),
		say("scans.none", "ยังไม่มีการสแกน กรอกแบบด้านบนเพื่อเริ่ม", "There is none yet. Fill in the form above."),
		say("plan.title", "เริ่มสแกน", "Start a scan"),
		say("plan.targets", "จะสแกนที่ใด (บรรทัดละหนึ่งแห่ง)", "What to scan (one a line)"),
		say("plan.targets_help", "เว็บไซต์ เช่น https://www.example.go.th หรือโฟลเดอร์ในเครื่องนี้ เช่น /srv/web หรือ D:\\web ห้ามใส่ชื่อหรือเลขของบุคคล", "Web sites (https://www.example.go.th) or folders of this machine (/srv/web, D:\\web). No name or number of a person."),
		say("plan.scope", "ขอบเขตที่เจ้าของอนุญาต (จำเป็นสำหรับเว็บไซต์)", "What the owner allows (needed for web sites)"),
		say("plan.scope_help", "เจ้าของเว็บไซต์เขียนไฟล์นี้ โปรแกรมจะไม่เรียกโฮสต์ใดนอกไฟล์ รวมถึงลิงก์และการเปลี่ยนเส้นทาง", "The sites' owner writes this file. No host outside it is asked, not even by a link or a redirect."),
		say("plan.scope_file", "เลือกไฟล์ขอบเขต", "Choose a scope file"),
		say("plan.scope_text", "หรือวางข้อความของไฟล์", "Or paste its text"),
		say("plan.scope_example", "ใส่ตัวอย่าง", "Fill in an example"),
		say("plan.example_owner", "ชื่อหน่วยงานเจ้าของเว็บไซต์", "Name of the agency that owns the sites"),
		say("plan.needs_scope", "การสแกนเว็บไซต์ต้องมีขอบเขตที่เจ้าของอนุญาต เลือกไฟล์หรือวางข้อความด้านบน", "A web site is scanned only within what its owner allows: choose or paste the scope file above."),
		say("plan.line", "บรรทัดที่ %s: %s", "Line %s: %s"),
		say("plan.check", "ตรวจก่อนเริ่ม", "Check it first"),
		say("plan.checked", "จะเรียกเฉพาะที่เหล่านี้", "Only these will be asked"),
		say("plan.checked_text", "ยังไม่ได้เรียกที่ใด ตรวจทีละบรรทัดว่าเป็นของหน่วยงานหรือได้รับอนุญาตแล้ว", "Nothing was asked yet. Read each line: it must be yours, or you must have leave."),
		say("plan.folder", "(โฟลเดอร์หรือไฟล์ในเครื่องนี้)", "(folder or file of this machine)"),
		say("plan.owner", "เจ้าของ", "Owner"),
		say("plan.contact", "ติดต่อ", "Contact"),
		say("plan.expires", "ใช้ได้ถึง", "Good until"),
		say("plan.starts", "เริ่มจาก", "Begins at"),
		say("plan.private", "เครือข่ายภายในที่อนุญาต", "Private networks allowed"),
		say("plan.ignore_robots", "ไม่ทำตาม robots.txt", "ignores robots.txt"),
		say("plan.step_ids", "ลองเลื่อนเลขในที่อยู่", "steps ids in addresses"),
		say("plan.start", "เริ่มสแกนตามนี้", "Start this scan"),
		say("plan.change", "แก้ไข", "Change it"),
		say("import.title", "นำเข้าผลจากเครื่องมืออื่น", "Take in other tools' results"),
		say("import.text", "SARIF 2.1 ของเครื่องมืออื่น หรือ JSON ของ chipproof-office scan และ chipproof doctor --leaks ข้อความของบุคคลจะถูกปิดบังก่อนเก็บ", "SARIF 2.1 of other tools, or the JSON of chipproof-office scan and chipproof doctor --leaks. What is personal is masked before it is kept."),
		say("import.file", "ไฟล์ (ไม่เกิน 8 MiB)", "File (8 MiB at most)"),
		say("import.source", "เป็นผลของระบบใด (ไม่บังคับ)", "Which system it is about (optional)"),
		say("import.no_source", "ไม่ระบุ (รายการเดิมจะไม่นับว่าหายไป)", "Not said (nothing will count as gone)"),
		say("import.go", "นำเข้า", "Take it in"),
		say("import.done", "รับผลของ %s แล้ว: ใหม่ %s รายการ มีอยู่แล้ว %s รายการ", "Results of %s are in: %s new, %s known."),
		say("import.see", "ดูรายการที่นำเข้า", "See what was taken in"),
	}
}

func scanMessages() []web.Message {
	return []web.Message{
		say("scan.title", "การสแกน", "Scan"),
		say("scan.titled", "การสแกน %s", "Scan %s"),
		say("scan.back", "← การสแกนทั้งหมด", "← All scans"),
		say("scan.started", "เริ่ม %s", "Started %s"),
		say("scan.findings_count", "%s รายการ", "%s findings"),
		say("scan.cancel", "ยกเลิกการสแกน", "Cancel the scan"),
		say("scan.cancel_text", "สิ่งที่พบแล้วจะเก็บไว้ แต่ที่ยังไม่ได้อ่านไม่นับว่าสะอาด", "What was found is kept. What was not read does not count as clean."),
		say("scan.outcome", "พบ %s รายการ จาก %s ไฟล์หรือหน้า (%s)", "Findings: %s. Files or pages read: %s (%s)."),
		say("scan.outcome_clean", "อ่าน %s ไฟล์หรือหน้า (%s) ไม่พบข้อมูลส่วนบุคคล", "%s files or pages were read (%s); no personal data was found."),
		say("scan.classes", "ชนิดของข้อมูลที่พบ", "Kinds of data found"),
		say("scan.findings", "ดูรายการที่พบ", "See the findings"),
		say("scan.again", "สแกนที่เดิมอีกครั้ง", "Scan the same again"),
		say("scan.facts", "รายละเอียด", "Details"),
		say("scan.targets", "ที่สแกน", "Targets"),
		say("scan.hosts", "โฮสต์ที่อนุญาต", "Hosts allowed"),
		say("scan.by", "ผู้สั่ง", "Asked for by"),
		say("scan.began", "เริ่ม", "Began"),
		say("scan.ended", "สิ้นสุด", "Ended"),
		say("scan.rules", "ชุดกฎ", "Rules"),
		say("scan.not_read", "ที่อ่านไม่ได้", "Not read"),
		say("scan.not_read_text", "ยังไม่รู้ว่ามีข้อมูลส่วนบุคคลหรือไม่ ตรวจด้วยตนเอง หรือแก้สาเหตุแล้วสแกนอีกครั้ง", "Nobody knows what is in these. Look at them yourself, or mend the cause and scan again."),
		say("scan.not_read_more", "และอีก %s รายการ ดูทั้งหมดในรายงาน", "and %s more; the reports have all of them."),
		say("progress.part", "ส่วนที่ %s จาก %s", "Part %s of %s"),
		say("progress.items_of", "%s จาก %s ไฟล์", "%s of %s files"),
		say("progress.items", "%s ไฟล์หรือหน้า", "%s files or pages"),
		say("progress.left", "เหลืออีกประมาณ %s", "About %s left"),
		say("progress.elapsed", "ผ่านไป %s ยังบอกไม่ได้ว่าเหลือเท่าใด", "%s so far; how much is left is not known yet"),
		say("progress.waiting", "การสแกนอื่นกำลังทำงาน จะเริ่มเองเมื่อถึงคิว", "Another scan is running; this one begins by itself when it is over."),
	}
}

func reportMessages() []web.Message {
	return []web.Message{
		say("reports.title", "รายงาน", "Reports"),
		say("reports.baseline", "เทียบกับการสแกนก่อนหน้า", "Compare with an earlier scan"),
		say("reports.no_baseline", "ไม่เทียบ", "No comparison"),
		say("reports.compared", "พบใหม่ %s · ยังคงอยู่ %s · แก้ไขแล้ว %s · ยังไม่ได้ตรวจซ้ำ %s", "New %s · still there %s · fixed %s · not checked again %s"),
		say("reports.html", "หน้ารายงาน (HTML)", "Report page (HTML, in Thai)"),
		say("reports.csv", "ตาราง (CSV)", "Table (CSV)"),
		say("reports.saved", "บันทึกไฟล์ %s แล้ว", "Saved %s"),
		say("letter.title", "หนังสือราชการรายงานผล", "Official letter"),
		say("letter.text", "หนังสือรายงานตามข้อสั่งการ พร้อมพิมพ์และลงนาม โปรแกรมไม่เก็บชื่อผู้ลงนาม", "The report on the letter's points, ready to print and sign, in Thai. The signer's name is not kept."),
		say("letter.number", "ที่ (เลขที่หนังสือ)", "Number"),
		say("letter.to", "เรียน", "To"),
		say("letter.reference", "อ้างถึง (ไม่บังคับ)", "Reference (optional)"),
		say("letter.signer", "ผู้ลงนาม", "Signer"),
		say("letter.position", "ตำแหน่ง", "Position"),
		say("letter.measures", "สิ่งที่ทำเพื่อยุติการเปิดเผย (บรรทัดละข้อ)", "What was done to end the exposure (one a line)"),
		say("letter.thai_digits", "ใช้เลขไทย", "Thai digits"),
		say("letter.head", "หัวหนังสือ", "Letterhead"),
		say("letter.agency", "ส่วนราชการ", "Agency"),
		say("letter.address", "ที่อยู่ (แยกบรรทัดได้)", "Address"),
		say("letter.unit", "ส่วนราชการเจ้าของเรื่อง", "Unit in charge"),
		say("letter.phone", "โทรศัพท์", "Phone"),
		say("letter.make", "สร้างหนังสือ", "Make the letter"),
	}
}

func findingMessages() []web.Message {
	return []web.Message{
		say("findings.title", "รายการที่พบ", "Findings"),
		say("findings.filter", "กรองรายการ", "Filter"),
		say("findings.severity", "ความร้ายแรง", "Severity"),
		say("findings.state", "สถานะ", "State"),
		say("findings.class", "ชนิดข้อมูล", "Kind of data"),
		say("findings.scan", "การสแกน", "Scan"),
		say("findings.any", "ทั้งหมด", "All"),
		say("findings.count", "%s รายการ ใน %s ที่ ร้ายแรงที่สุดอยู่บนสุด", "Findings: %s. Places: %s. The worst first."),
		say("findings.none", "ไม่มีรายการที่พบ สแกนซ้ำเป็นประจำ", "There are none. Scan again regularly."),
		say("findings.none_here", "ไม่มีรายการตามที่กรอง เลือก “ทั้งหมด” เพื่อดูรายการอื่น", "None of this kind. Choose “All” to see the others."),
		say("findings.never", "ยังไม่เคยสแกน จึงยังไม่มีรายการ", "Nothing was scanned yet, so there are none."),
		say("findings.more", "แสดงต่อ", "Show more"),
		say("finding.has_task", "มีงานแก้ไขแล้ว", "has a task"),
		say("finding.title", "รายการที่พบ", "Finding"),
		say("finding.back", "← รายการทั้งหมด", "← All findings"),
		say("finding.what", "สิ่งที่พบ", "What was found"),
		say("finding.masked", "ข้อมูลส่วนบุคคลถูกปิดบังและไม่ได้เก็บไว้ เปิดดูของจริงได้ที่ต้นทางเท่านั้น", "What is personal is masked and was not kept. The real thing stands at its place only."),
		say("finding.target", "ที่อยู่", "Where"),
		say("finding.place", "ตำแหน่ง", "Place in it"),
		say("finding.score", "ความมั่นใจ (0–100)", "Confidence (0–100)"),
		say("finding.rule", "กฎ", "Rule"),
		say("finding.tool", "เครื่องมือ", "Tool"),
		say("finding.first", "พบครั้งแรก", "First seen"),
		say("finding.last", "พบล่าสุด", "Last seen"),
		say("finding.scan", "การสแกน", "Scan"),
		say("locator.line", "บรรทัด %s", "line %s"),
		say("locator.cell", "ช่อง %s", "cell %s"),
	}
}

func taskMessages() []web.Message {
	return []web.Message{
		say("tasks.title", "งานแก้ไข", "Tasks"),
		say("tasks.text", "งานจบเมื่อการสแกนครั้งหลังไม่พบข้อมูลแล้วทุกที่ ไม่มีใครกดปิดงานได้", "A task ends when a later scan finds the data nowhere any more. Nobody can click it away."),
		say("tasks.open", "ยังไม่จบ", "Open"),
		say("tasks.done", "พิสูจน์แล้วว่านำออก", "Proven to be gone"),
		say("tasks.none", "ไม่มีงานค้าง เปิดรายการที่พบแล้วมอบหมายผู้รับผิดชอบ", "None is open. Open a finding and give it an owner."),
		say("tasks.none_own", "ไม่มีงานที่มอบหมายให้ท่าน เมื่อมีจะแสดงที่นี่", "No task is yours. They show here when there are any."),
		say("task.title", "งานแก้ไข", "Task"),
		say("task.make_title", "มอบหมายให้แก้ไข", "Have it ended"),
		say("task.make_text", "ผู้รับผิดชอบต้องนำข้อมูลออกจากหน้านี้และที่เกี่ยวข้องภายในกำหนด", "The owner must take the data off this page, and off what goes with it, by that day."),
		say("task.make", "มอบหมาย", "Make the task"),
		say("task.made", "มอบหมายแล้ว", "The task is made."),
		say("task.also", "ที่อื่นที่ต้องไม่มีข้อมูลนี้แล้ว", "Other places that must no longer have it"),
		say("task.also_text", "แผนผังเว็บไซต์ที่มีหน้านี้รวมอยู่แล้ว ที่อยู่ต้องอยู่ในขอบเขตที่เจ้าของอนุญาต บรรทัดละหนึ่งแห่ง", "Sitemaps that list the page are in already. Addresses must be within the scope; one a line."),
		say("task.cached", "สำเนาในแคช", "Cached copies"),
		say("task.attached", "ไฟล์แนบ", "Attachments"),
		say("task.owner", "ผู้รับผิดชอบ", "Owner"),
		say("task.choose_owner", "เลือกผู้รับผิดชอบ", "Choose an owner"),
		say("task.owner_gone", "ไม่มีบัญชีนี้แล้ว", "account is gone"),
		say("task.due", "กำหนดเสร็จ", "Due"),
		say("task.due_words", "ภายในสิ้นวันที่ %s", "By the end of %s"),
		say("task.titled", "%s (%s รายการ)", "%s (%s findings)"),
		say("task.where", "ที่อยู่", "Where"),
		say("task.claimed", "แจ้งว่าแก้แล้วเมื่อ", "Said to be done"),
		say("task.proven", "พิสูจน์เมื่อ", "Proven"),
		say("task.proof", "โดยการสแกน %s", "by scan %s"),
		say("task.claim", "แจ้งว่านำออกแล้ว", "Say that it is gone"),
		say("task.claim_again", "แจ้งอีกครั้งว่านำออกแล้ว", "Say once more that it is gone"),
		say("task.claimed_said", "รับแจ้งแล้ว งานจะจบเมื่อการสแกนครั้งหลังพิสูจน์", "Noted. The task ends when a later scan proves it."),
		say("task.missing", "สิ่งที่ยังขาดสำหรับการพิสูจน์", "What is still missing for the proof"),
		say("task.proof_how", "หลักฐานคือการสแกนที่เดิมหลังจากแจ้ง", "The proof is a scan of the same places after that was said."),
		say("task.scan_again", "สแกนที่เดิมเพื่อพิสูจน์", "Scan the same for the proof"),
	}
}

func assetMessages() []web.Message {
	return []web.Message{
		say("assets.title", "ระบบและความครอบคลุม", "Systems and coverage"),
		say("assets.menu", "ระบบ", "Systems"),
		say("assets.text", "ทะเบียนระบบที่หน่วยงานถือครอง รวมถึงที่ผู้ประมวลผลดูแลแทน สิ่งที่ไม่อยู่ในทะเบียนจะไม่มีใครนึกถึงเมื่อสแกน", "The systems that the agency holds, those at processors included. What is not in the register is forgotten when scans are made."),
		say("assets.list", "ทะเบียนระบบ", "Register"),
		say("assets.none", "ทะเบียนยังว่าง เพิ่มเว็บไซต์หลักของหน่วยงานก่อน", "It is empty. Begin with the agency's main web site."),
		say("assets.add", "เพิ่มระบบ", "Add a system"),
		say("assets.change", "แก้ไข", "Change"),
		say("assets.change_named", "แก้ไข %s", "Change %s"),
		say("assets.remove", "ลบ", "Remove"),
		say("assets.remove_named", "ลบ %s ออกจากทะเบียน", "Remove %s from the register"),
		say("assets.remove_text", "ผลสแกนและงานแก้ไขยังอยู่ แต่ความครอบคลุมจะไม่นับระบบนี้", "Findings and tasks stay; coverage counts this system no more."),
		say("assets.name", "ชื่อระบบ", "Name"),
		say("assets.owner", "หน่วยงานผู้รับผิดชอบ", "Unit that answers for it"),
		say("assets.owned", "ผู้รับผิดชอบ: %s", "Answered for by %s"),
		say("assets.targets", "ที่อยู่ (บรรทัดละหนึ่งแห่ง)", "Hosts, addresses or folders (one a line)"),
		say("assets.targets_help", "เช่น www.example.go.th หรือ /srv/web ห้ามใส่ชื่อหรือเลขของบุคคล", "www.example.go.th or /srv/web, for example. No name or number of a person."),
		say("assets.processor", "ผู้ประมวลผล (ถ้ามี)", "Processor (if any)"),
		say("assets.processed", "ผู้ประมวลผล: %s", "Processor: %s"),
		say("assets.classes", "ข้อมูลส่วนบุคคลที่ระบบเก็บ", "Personal data that it is meant to hold"),
		say("assets.save", "บันทึก", "Save"),
		say("coverage.title", "ความครอบคลุมของการสแกน", "What scans have covered"),
		say("coverage.never_title", "ยังไม่เคยสแกน", "Never scanned"),
		say("coverage.never", "%s แห่งยังไม่เคยสแกนจนจบ เริ่มจากแห่งเหล่านี้", "%s were never scanned to the end. Begin with these."),
		say("coverage.all", "ทุกแห่งในทะเบียนเคยสแกนจนจบแล้ว", "Everything in the register was scanned to the end."),
		say("coverage.none", "ทะเบียนระบบยังว่าง จึงบอกไม่ได้ว่ายังไม่ได้สแกนอะไร", "The register is empty, so nobody can say what was not scanned."),
		say("coverage.see", "ดูทั้งหมด", "See all"),
		say("coverage.target", "ที่อยู่", "Target"),
		say("coverage.asset", "ระบบ", "System"),
		say("coverage.last", "สแกนจนจบล่าสุด", "Last scanned to the end"),
		say("coverage.not_yet", "ยังไม่เคย", "never"),
	}
}
