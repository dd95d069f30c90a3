package letters

import (
	"fmt"
	"strconv"

	"chipproof/breach"
)

// Language is what a history is told in. Official documents are Thai in any case.
type Language string

// The languages. Whatever else is asked for is Thai.
const (
	Thai    Language = "th"
	English Language = "en"
)

// Line is one event as a sentence.
type Line struct {
	Number int
	At     string // when it was recorded; in Thai in the Buddhist era
	By     string // internal id of who recorded it
	Text   string
}

// Story is the history of a case as it is read: one line an event, in order,
// with Arabic digits. What somebody wrote stands in it as they wrote it.
func Story(c breach.Case, in Language) []Line {
	moment, told := thaiMoment, tell
	if in == English {
		moment, told = englishMoment, tellInEnglish
	}
	out := make([]Line, 0, len(c.Events))
	for _, e := range c.Events {
		out = append(out, Line{e.Number, moment(e.At), e.By, told(e.Body)})
	}
	return out
}

// tell says in Thai what happened, the first three steps here, the others below.
func tell(body breach.Body) string {
	switch b := body.(type) {
	case breach.Reported:
		return fmt.Sprintf("รับแจ้งเหตุจาก%s เมื่อวันที่ %s เรื่อง %s", sourceWords[b.Source], thaiMoment(b.ReportedAt), b.Title)
	case breach.ReportedCorrected:
		return fmt.Sprintf("แก้ไขเวลารับแจ้งเป็นวันที่ %s เพราะ%s", thaiMoment(b.ReportedAt), b.Reason)
	case breach.Aware:
		return "ทราบเหตุเมื่อวันที่ " + thaiMoment(b.AwareAt)
	case breach.AwareCorrected:
		return fmt.Sprintf("แก้ไขเวลาทราบเหตุเป็นวันที่ %s เพราะ%s", thaiMoment(b.AwareAt), b.Reason)
	case breach.Linked:
		return fmt.Sprintf("แนบหลักฐาน: %s %s", linkWords[b.To], b.Ref)
	case breach.Credibility:
		return fmt.Sprintf("ประเมินความน่าเชื่อถือ: %s เพราะ%s", verdictWords[b.Verdict], b.Reason)
	case breach.Fact:
		return fmt.Sprintf("ข้อเท็จจริง (%s, %s): %s", thaiMoment(b.SeenAt), b.Source, b.Text)
	case breach.Checklist:
		return "ตรวจสอบ" + areaWords[b.Area]
	case breach.Nature:
		return fmt.Sprintf("ลักษณะเหตุ: %s (%s)", b.Description, say(b.Labels, labelWords))
	case breach.Established:
		return fmt.Sprintf("ผลการตรวจสอบ: %s เพราะ%s", verdictWords[b.Verdict], b.Reason)
	case breach.Assessed:
		return fmt.Sprintf("ประเมินความเสี่ยง: %s เพราะ%s", riskWords[b.Risk], b.Reason)
	case breach.ActionStarted:
		return fmt.Sprintf("เริ่มดำเนินการ (%s): %s", meansWords[b.Means], b.Text)
	case breach.ActionFinished:
		return fmt.Sprintf("การดำเนินการที่ %d เสร็จเมื่อวันที่ %s", b.Action, thaiMoment(b.FinishedAt))
	case breach.Contained:
		return fmt.Sprintf("ผลการระงับเหตุ: %s (%s)", resultWords[b.Result], b.Text)
	case breach.Ordered:
		return fmt.Sprintf("สั่งการ %s: %s ภายในวันที่ %s", b.To, b.Text, thaiMoment(b.DueAt))
	case breach.OrderAcknowledged:
		return fmt.Sprintf("รับทราบคำสั่งที่ %d เมื่อวันที่ %s", b.Order, thaiMoment(b.AcknowledgedAt))
	case breach.OrderDone:
		return fmt.Sprintf("ปฏิบัติตามคำสั่งที่ %d เสร็จเมื่อวันที่ %s: %s", b.Order, thaiMoment(b.DoneAt), b.Report)
	case breach.OrderWithdrawn:
		return fmt.Sprintf("ยกเลิกคำสั่งที่ %d เพราะ%s", b.Order, b.Reason)
	}
	return tellNotices(body)
}

func tellNotices(body breach.Body) string {
	switch b := body.(type) {
	case breach.Contact:
		return "กำหนดผู้ติดต่อ: " + b.Name
	case breach.OfficeNotified:
		return fmt.Sprintf("แจ้งสำนักงานคณะกรรมการคุ้มครองข้อมูลส่วนบุคคล เมื่อวันที่ %s ทาง%s", thaiMoment(b.SentAt), b.Channel)
	case breach.OfficeReceipt:
		return fmt.Sprintf("ได้รับหลักฐานการรับแจ้ง %s เมื่อวันที่ %s", b.Receipt.Reference, thaiMoment(b.Receipt.ReceivedAt))
	case breach.DelayExplained:
		return "ชี้แจงเหตุผลที่แจ้งล่าช้า เมื่อวันที่ " + thaiMoment(b.SentAt)
	case breach.OfficeDecided:
		return fmt.Sprintf("สำนักงาน%s ตามหนังสือ %s วันที่ %s", excusalWords[b.Decision], b.Reference, thaiMoment(b.DecidedAt))
	case breach.SubjectsPrepared:
		return "จัดทำเนื้อหาแจ้งเจ้าของข้อมูลพร้อมแนวทางการเยียวยา"
	case breach.Delivered:
		return fmt.Sprintf("ส่งหนังสือแจ้งเจ้าของข้อมูล รายชื่อชุดที่ %d จำนวน %s แถว", b.List, strconv.Itoa(b.Rows))
	case breach.Published:
		return fmt.Sprintf("แจ้งเป็นการทั่วไปทาง %s เพราะ%s", b.Where, b.Reason)
	case breach.ReachChecked:
		return fmt.Sprintf("ตรวจหน้าเว็บของประกาศที่ %d: %s", b.Publication, reachWords[b.Reach])
	case breach.ControllerTold:
		return fmt.Sprintf("แจ้งผู้ควบคุมข้อมูลส่วนบุคคล เมื่อวันที่ %s ทาง%s", thaiMoment(b.ToldAt), b.Channel)
	case breach.ControllerAcknowledged:
		return "ผู้ควบคุมข้อมูลส่วนบุคคลรับทราบ ตาม " + b.Receipt.Reference
	}
	return tellRecovery(body)
}

func tellRecovery(body breach.Body) string {
	switch b := body.(type) {
	case breach.Recovered:
		return "ฟื้นฟูสภาพ: " + b.State
	case breach.TaskSet:
		return fmt.Sprintf("มอบหมายงานป้องกัน ให้%s: %s ภายในวันที่ %s", b.Owner, b.Text, thaiMoment(b.DueAt))
	case breach.TaskDone:
		return fmt.Sprintf("งานป้องกันที่ %d เสร็จเมื่อวันที่ %s", b.Task, thaiMoment(b.DoneAt))
	case breach.TaskChecked:
		if b.Effective == breach.Yes {
			return fmt.Sprintf("ตรวจแล้ว งานป้องกันที่ %d ได้ผล: %s", b.Task, b.How)
		}
		return fmt.Sprintf("ตรวจแล้ว งานป้องกันที่ %d ไม่ได้ผล: %s", b.Task, b.How)
	case breach.Reviewed:
		return "ทบทวนมาตรการรักษาความมั่นคงปลอดภัยครบเจ็ดหัวข้อ"
	case breach.DocumentAttached:
		return "แนบเอกสาร: " + b.Title
	case breach.Closed:
		return "ปิดเรื่อง: " + b.Summary
	case breach.Reopened:
		return "เปิดเรื่องอีกครั้ง เพราะ" + b.Reason
	}
	return ""
}
