package office

// recoveryForms are step 5: recovery, tasks against the like, and the review.
func recoveryForms() []form {
	heading := func(name, th, en string) field { return ask(name, inLines, th, en, need) }
	return []form{
		{
			ID: "recovered", Kind: "recovered", Step: 5, TH: "บันทึกการฟื้นฟู", EN: "Record the restored state",
			Fields: []field{
				ask("restored_at", inWhen, "ฟื้นฟูแล้วเมื่อ", "Restored", now),
				ask("state", inLines, "สภาพหลังฟื้นฟู", "The restored state", need),
			},
		},
		{
			ID: "task_set", Kind: "task_set", Step: 5, TH: "มอบหมายงานป้องกัน", EN: "Set a task against the like",
			Fields: []field{
				ask("owner", inText, "ผู้รับผิดชอบ (ตำแหน่งหรือหน่วย)", "Owner (a post or unit)", need),
				ask("text", inLines, "ทำอะไร", "What is to be done", need),
				ask("due_at", inWhen, "กำหนดเสร็จ", "By when", need),
			},
		},
		{
			ID: "task_done", Kind: "task_done", Step: 5, TH: "งานป้องกันเสร็จ", EN: "A task was done",
			Fields: []field{
				ask("task", inRef, "งานใด", "Which task", of("tasks")),
				ask("done_at", inWhen, "เสร็จเมื่อ", "When", now),
			},
		},
		{
			ID: "task_checked", Kind: "task_checked", Step: 5, TH: "ตรวจว่างานป้องกันได้ผล", EN: "Check that a task works",
			Fields: []field{
				ask("task", inRef, "งานใด", "Which task", of("tasks")),
				ask("checked_at", inWhen, "ตรวจเมื่อ", "When", now),
				ask("effective", inChoice, "ผล", "The result", need, from("effective", effectiveChoices())),
				ask("how", inLines, "ตรวจอย่างไร", "How it was checked", need),
			},
		},
		{
			ID: "reviewed", Kind: "reviewed", Step: 5, TH: "ทบทวนมาตรการ (เจ็ดหัวข้อ)", EN: "Review the measures (seven headings)",
			Fields: []field{
				heading("technology", "1. เทคโนโลยี", "1. Technology"),
				heading("context", "2. บริบท", "2. Context"),
				heading("environment", "3. สภาพแวดล้อม", "3. Environment"),
				heading("standards", "4. มาตรฐานที่เป็นที่ยอมรับของหน่วยงานประเภทเดียวกัน", "4. Accepted standards of like bodies"),
				heading("purpose", "5. ลักษณะและวัตถุประสงค์ของการเก็บรวบรวม ใช้ และเปิดเผย", "5. Nature and purpose of collecting, using, disclosing"),
				heading("resources", "6. ทรัพยากรที่ต้องใช้", "6. Resources needed"),
				heading("feasibility", "7. ความเป็นไปได้ในการดำเนินการ", "7. Feasibility"),
			},
		},
	}
}

// closingForms stand beside the steps.
func closingForms() []form {
	return []form{
		{
			ID: "document_attached", Kind: "document_attached", TH: "แนบเอกสารเข้าเรื่อง", EN: "Attach a document",
			HelpTH: "เก็บเฉพาะชื่อและลายนิ้วมือ (SHA-256) ไฟล์ยังอยู่ที่หน่วยงาน", HelpEN: "Its name and digest (SHA-256) are kept; the file stays with the agency.",
			Fields: []field{
				ask("title", inText, "ชื่อเอกสาร", "What it is", need),
				ask("digest", inDigest, "ไฟล์เอกสาร", "Its file", need),
			},
		},
		{
			ID: "closed", Kind: "closed", TH: "ปิดเรื่อง", EN: "Close the incident",
			HelpTH: "ปิดได้เมื่อไม่มีหน้าที่ค้าง", HelpEN: "It is refused while anything is owed.",
			Fields: []field{ask("summary", inLines, "สรุป", "Summary", need)},
		},
		{
			ID: "reopened", Kind: "reopened", TH: "เปิดเรื่องอีกครั้ง", EN: "Take it up again",
			Fields: []field{ask("reason", inLines, "เหตุผล", "Why", need)},
		},
	}
}
