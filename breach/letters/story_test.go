package letters_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
	"chipproof/breach/letters"
)

// everything is an event of each kind, whether or not a case would take them in
// this order.
func everything() []breach.Body {
	at := breach.At(start)
	later := at.Add(90*time.Minute + time.Second)
	receipt := breach.Receipt{Reference: "สคส 0101/7", ReceivedAt: later}
	const why = "ตามบันทึก"
	return []breach.Body{
		breach.Reported{Title: "ไฟล์รายชื่อเปิดให้ดาวน์โหลด", Source: breach.FromScanner, ReportedAt: at},
		breach.ReportedCorrected{ReportedAt: later, Reason: why},
		breach.Aware{AwareAt: at},
		breach.AwareCorrected{AwareAt: later, Reason: why},
		breach.Linked{To: breach.LinkFinding, Ref: "f-0012"},
		breach.Credibility{Verdict: breach.Credible, Reason: why},
		breach.Fact{SeenAt: at, Source: "log", Text: why},
		breach.Checklist{Area: breach.Technical},
		breach.Nature{Description: "เปิดเผยต่อสาธารณะ", Labels: []breach.Label{breach.Confidentiality, breach.Availability}},
		breach.Established{Verdict: breach.Confirmed, Reason: why},
		breach.Assessed{Risk: breach.RiskHigh, Reason: why},
		breach.ActionStarted{Means: breach.MeansTechnology, Text: "ถอนไฟล์", StartedAt: at},
		breach.ActionFinished{Action: 1, FinishedAt: later},
		breach.Contained{Result: breach.ResultEnded, Text: "ปิดแล้ว"},
		breach.Ordered{To: "บริษัท ตัวอย่าง จำกัด", Text: "ลบสำเนา", DueAt: later},
		breach.OrderAcknowledged{Order: 1, AcknowledgedAt: later},
		breach.OrderDone{Order: 1, DoneAt: later, Report: "ลบแล้ว"},
		breach.OrderWithdrawn{Order: 2, Reason: why},
		breach.Contact{Name: "เจ้าหน้าที่คุ้มครองข้อมูลส่วนบุคคล"},
		breach.OfficeNotified{SentAt: later, Channel: "e-mail"},
		breach.OfficeReceipt{Notice: 1, Receipt: receipt},
		breach.DelayExplained{SentAt: later},
		breach.OfficeDecided{Decision: breach.Excused, DecidedAt: later, Reference: "สคส 0101/8"},
		breach.SubjectsPrepared{},
		breach.Delivered{List: 1, Rows: 1200},
		breach.Published{Where: "https://example.go.th/notice", Reason: why},
		breach.ReachChecked{Publication: 1, Reach: breach.ReachOpen},
		breach.ControllerTold{ToldAt: later, Channel: "e-mail"},
		breach.ControllerAcknowledged{Receipt: receipt},
		breach.Recovered{State: "ปกติ"},
		breach.TaskSet{Owner: "งานไอที", Text: "ตรวจสิทธิ์", DueAt: later},
		breach.TaskDone{Task: 1, DoneAt: later},
		breach.TaskChecked{Task: 1, Effective: breach.Yes, How: "ทดสอบ"},
		breach.Reviewed{},
		breach.DocumentAttached{Title: "แบบประเมิน"},
		breach.Closed{Summary: "เรียบร้อย"},
		breach.Reopened{Reason: why},
	}
}

func TestAHistoryIsToldInBothLanguagesAsItWasReviewed(t *testing.T) {
	c := breach.Case{ID: "b-2026-0007"}
	for n, body := range everything() {
		c.Events = append(c.Events, breach.Event{Number: n + 1, At: breach.At(start), By: "u-12", Body: body})
		require.Equal(t, breach.Kinds()[n], body.Kind(), "one of each")
	}
	require.Len(t, c.Events, len(breach.Kinds()))
	for _, in := range []letters.Language{letters.Thai, letters.English} {
		var page strings.Builder
		for _, line := range letters.Story(c, in) {
			fmt.Fprintf(&page, "%d  %s  %s\n   %s\n", line.Number, line.At, line.By, line.Text)
		}
		golden(t, "story."+string(in)+".txt", []byte(page.String()))
	}
	assert.Equal(t, letters.Story(c, letters.Thai), letters.Story(c, "de"), "what is in no other language is Thai")
}
