package office

import (
	"fmt"

	web "chipproof/api/console"
)

// monthWords are the months as a form shows them.
var monthWords = [...][2]string{
	{"มกราคม", "January"},
	{"กุมภาพันธ์", "February"},
	{"มีนาคม", "March"},
	{"เมษายน", "April"},
	{"พฤษภาคม", "May"},
	{"มิถุนายน", "June"},
	{"กรกฎาคม", "July"},
	{"สิงหาคม", "August"},
	{"กันยายน", "September"},
	{"ตุลาคม", "October"},
	{"พฤศจิกายน", "November"},
	{"ธันวาคม", "December"},
}

func months() []month {
	var list []month
	for n := range monthWords {
		list = append(list, month{Number: fmt.Sprint(n + 1), Key: fmt.Sprintf("month.%d", n+1)})
	}
	return list
}

// incidentMessages are the texts of the register's pages.
func incidentMessages() []web.Message {
	list := []web.Message{
		say("incidents.title", "เหตุละเมิด", "Incidents"),
		say("incidents.text", "ทุกเรื่องพร้อมกำหนดเวลาถัดไป เรื่องใหม่อยู่บนสุด", "Every incident with its next deadline, newest first."),
		say("incidents.new", "แจ้งเหตุใหม่", "Report an incident"),
		say("incidents.open", "เรื่องที่ยังไม่ปิด", "Open"),
		say("incidents.closed", "เรื่องที่ปิดแล้ว", "Closed"),
		say("incidents.none", "ไม่มีเรื่องที่ยังไม่ปิด", "No incident is open."),
		say("incidents.none_closed", "ยังไม่มีเรื่องที่ปิดแล้ว", "None was closed yet."),
		say("incidents.broken", "ประวัติของเรื่องต่อไปนี้เสียหาย จึงบอกไม่ได้ว่าค้างหน้าที่ใด ให้ผู้ดูแลระบบกู้คืน: %s", "The history of these is damaged, so nobody can say what they owe. Ask the administrator to restore them: %s"),
		say("incidents.reported", "รับแจ้ง %s", "Reported %s"),
		say("incidents.owed", "ค้าง %s หน้าที่", "%s duties open"),
		say("incidents.next", "ถัดไป: %s", "Next: %s"),
		say("incidents.due", "ภายใน %s", "by %s"),
		say("incidents.no_deadline", "ไม่มีกำหนดเวลา", "no deadline"),

		say("proposals.title", "โปรแกรมตรวจพบ อาจเป็นเหตุละเมิด", "Noticed by the program: it may be an incident"),
		say("proposals.when", "ตั้งแต่ %s ถึง %s", "from %s to %s"),
		say("proposals.evidence", "หลักฐาน: %s", "Evidence: %s"),
		say("proposals.accept", "เปิดเป็นเรื่อง", "Open an incident"),
		say("proposals.dismiss", "ไม่ใช่เหตุละเมิด", "It is none"),
		say("proposals.reason", "เหตุผลที่ไม่ใช่เหตุละเมิด", "Why it is none"),
		say("proposals.dismissed", "บันทึกแล้วว่าไม่ใช่เหตุละเมิด", "Recorded: it is none."),

		say("intake.title", "แจ้งเหตุ", "Report an incident"),
		say("intake.send", "แจ้งเหตุ", "Report"),
		say("intake.done", "รับแจ้งแล้ว เลขเรื่อง %s", "Reported. Its number is %s"),
		say("intake.thanks", "เจ้าหน้าที่คุ้มครองข้อมูลส่วนบุคคลจะดำเนินการต่อ จดเลขเรื่องไว้ และอย่าลบหลักฐานใด", "The data protection officer takes it from here. Note the number, and delete nothing."),
		say("intake.go", "เปิดเรื่องนี้", "Open it"),
		say("intake.more", "แจ้งอีกเรื่อง", "Report another"),

		say("incident.title", "เรื่อง", "Incident"),
		say("incident.back", "เหตุละเมิดทั้งหมด", "All incidents"),
		say("incident.contents", "ในหน้านี้", "On this page"),
		say("incident.now", "ต้องทำต่อไป", "What to do next"),
		say("incident.clocks", "เส้นเวลาและกำหนดเวลา", "Timeline and deadlines"),
		say("incident.record", "บันทึกเรื่องอื่น", "Record something else"),
		say("incident.documents", "เอกสาร", "Documents"),
		say("incident.letters", "หนังสือถึงเจ้าของข้อมูลทุกคน", "Letters to everybody affected"),
		say("incident.history", "ประวัติ", "History"),
		say("incident.facts", "ข้อมูลของเรื่อง", "The incident"),
		say("incident.state", "สถานะ", "State"),
		say("incident.role", "หน่วยงานเราเป็น", "We are"),
		say("incident.reported_at", "รับแจ้งเมื่อ", "Reported"),
		say("incident.aware_at", "ทราบเหตุเมื่อ", "Aware since"),
		say("incident.not_aware", "ยังไม่ได้ระบุ เวลาตามกฎหมายยังไม่เริ่มนับ", "Not set: the clocks of the law don't run yet"),
		say("incident.risk", "ความเสี่ยง", "Risk"),
		say("incident.figure", "คะแนน ENISA", "ENISA's figure"),
		say("incident.figure_is", "%s ระดับ%s (= %s × %s + %s)", "%s, %s (= %s × %s + %s)"),
		say("incident.exit", "เหตุผลที่ไม่ต้องแจ้ง", "Why nobody is notified"),
		say("incident.rules", "หลักเกณฑ์", "Rules"),
		say("incident.all_done", "ไม่มีหน้าที่ค้าง ปิดเรื่องได้", "Nothing is owed. It can be closed."),
		say("incident.is_closed", "เรื่องนี้ปิดแล้ว", "This incident is closed."),
		say("incident.needs", "ยังขาด: %s", "Still missing: %s"),
		say("incident.law", "กฎหมาย", "Law"),
		say("incident.penalty", "โทษหากละเลย", "Penalty for neglect"),
		say("incident.deadline", "กำหนด", "Deadline"),
		say("incident.left", "เหลือ %s", "%s left"),
		say("incident.over", "เกินมา %s", "%s over"),
		say("incident.first", "หน้าที่ถัดไป", "The next duty"),
		say("incident.choose", "เลือกแบบบันทึก", "Choose a form"),
		say("incident.open_form", "เปิดแบบ", "Open the form"),
		say("incident.save", "บันทึก", "Save"),
		say("incident.saved", "บันทึกแล้ว: %s", "Saved: %s"),
		say("incident.by", "โดย %s", "by %s"),
		say("incident.other_duties", "หน้าที่อื่น", "Other duties"),
		say("incident.not_owed", "ทำแล้ว", "Done"),

		say("time.days", "%s วัน", "%s d"), say("time.hours", "%s ชั่วโมง", "%s h"), say("time.minutes", "%s นาที", "%s min"), say("time.seconds", "%s วินาที", "%s s"),
		say("line.aware", "ทราบเหตุ", "aware"),
		say("line.both", "รับแจ้งและทราบเหตุ", "reported, and aware"),
		say("line.reported", "รับแจ้ง", "reported"),
		say("line.now", "ขณะนี้", "now"),
		say("line.notice", "72 ชั่วโมง", "72 hours"),
		say("line.delay", "15 วัน", "15 days"),
		say("line.sent", "แจ้งสำนักงาน", "Office notified"),
		say("line.closed", "ปิดเรื่อง", "closed"),
		say("line.says", "เส้นเวลา: %s รายละเอียดอยู่ในรายการด้านล่าง", "Timeline: %s. The list below has the details."),

		say("when.day", "วันที่", "Day"), say("when.month", "เดือน", "Month"), say("when.year", "ปี พ.ศ.", "Year"), say("when.time", "เวลา (น.)", "Time"),
		say("when.now", "เวลานี้", "Now"),
		say("when.invalid", "วันหรือเวลาไม่ถูกต้อง เช่น 23 พฤศจิกายน 2569 เวลา 08:30", "No such day or time. As: 23 November 2026, 08:30"),
		say("when.choose", "เลือกเดือน", "Month"),
		say("count.number", "จำนวน", "Number"),
		say("digest.choose", "เลือกไฟล์ เก็บเฉพาะลายนิ้วมือ SHA-256 ไฟล์ไม่ถูกส่งหรือเก็บ", "Choose the file. Only its SHA-256 digest is kept; the file goes nowhere."),
		say("digest.or", "หรือวางลายนิ้วมือ SHA-256", "Or paste the SHA-256 digest"),
		say("digest.of_document", "เอกสารที่เพิ่งจัดทำในหน้านี้", "A document that was made on this page"),
		say("measure.evidence", "หลักฐาน", "Evidence"),
		say("rows.sent", "แถวที่ส่งแล้ว", "Rows that were sent"),
		say("rows.failed", "แถวที่ส่งไม่ได้", "Rows that failed"),
		say("rows.invalid", "เขียนเป็นเลขแถว เช่น 1-240, 250 แต่ละแถวอยู่ได้ที่เดียว", "Write row numbers, as 1-240, 250; each row in one place."),
		say("ref.none", "ยังไม่มีรายการให้เลือก", "There is nothing to choose yet"),
		say("ref.choose", "เลือก", "Choose"),
		say("field.error", "กรอกหรือแก้ช่องนี้", "Fill in or correct this"),
		say("field.optional", "(ไม่บังคับ)", "(optional)"),
		say("figure.live", "คะแนน ENISA: %s ระดับ%s", "ENISA's figure: %s, %s"),
		say("figure.wait", "คะแนน ENISA จะแสดงเมื่อเลือกครบ", "ENISA's figure shows once all is chosen"),

		say("doc.text", "ดูตัวอย่างก่อน แล้วพิมพ์ (บันทึกเป็น PDF ได้ในหน้าพิมพ์) หรือดาวน์โหลดเป็น DOCX เพื่อใส่ตราครุฑและลงนาม", "Look at it first, then print it (the browser's print makes a PDF), or download DOCX for the agency's letterhead and a signature."),
		say("doc.kind", "เอกสาร", "Document"),
		say("doc.number", "เลขที่หนังสือ (หลังรหัสหน่วยงาน เว้นว่างได้)", "Number (after the agency's prefix; may be left blank)"),
		say("doc.digits", "ใช้เลขไทย", "Thai digits"),
		say("doc.order", "คำสั่ง", "Order"),
		say("doc.necessity", "เหตุจำเป็นที่แจ้งเกิน 72 ชั่วโมง", "Why it comes after 72 hours"),
		say("doc.details", "รายละเอียดที่แสดงความจำเป็น", "The details that show it"),
		say("doc.preview", "ดูตัวอย่าง", "Preview"),
		say("doc.print", "พิมพ์", "Print"),
		say("doc.docx", "ดาวน์โหลด DOCX", "Download DOCX"),
		say("doc.html", "ดาวน์โหลด HTML", "Download HTML"),
		say("doc.attach", "แนบลายนิ้วมือเข้าเรื่อง", "Attach its digest"),
		say("doc.shown", "ตัวอย่าง: %s", "Preview: %s"),
		say("doc.close", "ปิดตัวอย่าง", "Close the preview"),
		say("doc.made", "จัดทำแล้ว: %s", "Made: %s"),
		say("doc.lacks", "ยังจัดทำไม่ได้ ขาด: %s", "It can't be made yet. It lacks: %s"),

		say("merge.text", "เลือกไฟล์ CSV ของหน่วยงาน โปรแกรมเก็บเพียงจำนวนและผลตามเลขแถว ไม่เก็บชื่อ ที่อยู่ หรือไฟล์ ถ้าทำค้างไว้ให้เลือกไฟล์เดิม", "Choose the agency's CSV. Only counts and the result by row are kept; no name, no address, no file. To go on later, choose the same file."),
		say("merge.file", "รายชื่อ (CSV: ชื่อ-สกุล, ที่อยู่, อีเมล)", "The list (CSV: name, address, email)"),
		say("merge.list", "รายชื่อชุดใด", "Which list"),
		say("merge.new", "ชุดใหม่ (ชุดที่ %s)", "A new one (number %s)"),
		say("merge.known", "ชุดที่ %s: %s แถว ส่งแล้ว %s ส่งไม่ได้ %s รอ %s", "List %s: %s rows, %s sent, %s failed, %s to come"),
		say("merge.make", "จัดทำหนังสือเพื่อพิมพ์", "Make letters for print"),
		say("merge.mail", "ส่งทางอีเมล", "Send by e-mail"),
		say("merge.no_mail", "ยังไม่ได้ตั้งค่าเซิร์ฟเวอร์อีเมล จึงพิมพ์ได้อย่างเดียว", "No mail server is set up, so letters can only be printed."),
		say("merge.made", "ได้หนังสือ %s ฉบับ จาก %s แถว", "%s letters of %s rows"),
		say("merge.failed", "แถวที่ทำไม่ได้ (ไม่มีชื่อหรือที่อยู่): %s", "Rows without a name or an address: %s"),
		say("merge.left", "ยังเหลืออีก %s แถว ทำต่อหลังบันทึกชุดนี้", "%s rows are left; go on once these are recorded."),
		say("merge.sent", "พิมพ์และนำส่งแล้ว บันทึกผล", "Printed and posted: record it"),
		say("merge.mailed", "ส่งแล้ว เหลืออีก %s แถว", "Sent; %s rows are left"),
		say("merge.done", "ส่งครบแล้ว", "All were sent"),
		say("merge.stop", "หยุดส่ง", "Stop"),
		say("merge.bad_row", "แถวที่ %s อ่านไม่ได้ (นับจาก 1 ไม่รวมหัวคอลัมน์)", "Row %s can't be read (counted from 1 below the heading)."),
		say("merge.choose", "เลือกไฟล์รายชื่อก่อน", "Choose the list first"),
		say("merge.none", "ไม่มีแถวที่ต้องทำอีก", "No row is left"),

		say("due.nearest", "กำหนดใกล้ที่สุด: %s", "Nearest deadline: %s"),
		say("due.open", "เปิดเรื่อง %s", "Open %s"),
		say("due.others", "เกินกำหนดอีก %s หน้าที่", "%s more overdue"),
		say("due.by", "ภายใน %s", "by %s"),

		say("step.1", "ขั้นที่ 1 ประเมินและตรวจสอบ", "Step 1: assess and check"),
		say("step.2", "ขั้นที่ 2 ระงับเหตุ", "Step 2: contain"),
		say("step.3", "ขั้นที่ 3 แจ้งสำนักงาน", "Step 3: notify the Office"),
		say("step.4", "ขั้นที่ 4 แจ้งเจ้าของข้อมูล", "Step 4: notify data subjects"),
		say("step.5", "ขั้นที่ 5 ฟื้นฟู ป้องกัน ทบทวน", "Step 5: recover, prevent, review"),
		say("step.0", "เอกสารและการปิดเรื่อง", "Documents and closing"),
	}
	for n, m := range monthWords {
		list = append(list, say(fmt.Sprintf("month.%d", n+1), m[0], m[1]))
	}
	return list
}
