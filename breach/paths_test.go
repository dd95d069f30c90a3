package breach_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"chipproof/breach"
)

// draw gives an event that a case may or may not take at that moment: most are
// well formed, and any comes at any time.
func draw(t *rapid.T, now time.Time) breach.Body {
	number := rapid.IntRange(1, 2).Draw(t, "number")
	past := at(now.Add(-time.Duration(rapid.IntRange(0, 100).Draw(t, "hours ago")) * hour))
	bodies := []breach.Body{
		aware(past.Time()),
		breach.AwareCorrected{AwareAt: past, Reason: "ตรวจใหม่"},
		breach.ReportedCorrected{ReportedAt: past, Reason: "ตรวจใหม่"},
		credible(),
		breach.Credibility{Verdict: breach.NotCredible, Reason: "ไม่จริง"},
		breach.Fact{SeenAt: past, Source: "บันทึก", Text: "พบ"},
		checklist(breach.Organisational), checklist(breach.Technical), checklist(breach.Physical),
		nature(), confirmed(),
		breach.Established{Verdict: breach.NotConfirmed, Reason: "ไม่พบ"},
		assessed(breach.RiskNone), assessed(breach.RiskSome), assessed(breach.RiskHigh),
		action(past.Time()),
		breach.ActionFinished{Action: number, FinishedAt: at(now)},
		breach.Contained{Result: breach.ResultEnded, Text: "จบ"},
		breach.Ordered{To: "ก", Means: breach.MeansPeople, Text: "ข", DueAt: at(now.Add(hour))},
		breach.OrderAcknowledged{Order: number, AcknowledgedAt: at(now)},
		breach.OrderDone{Order: number, DoneAt: at(now), Report: "เสร็จ"},
		breach.OrderWithdrawn{Order: number, Reason: "เลิก"},
		contact(), notice(t, past, now),
		breach.OfficeReceipt{Notice: number, Receipt: *receipt(now)},
		breach.DelayExplained{SentAt: at(now), Delay: delay()},
		breach.OfficeDecided{Decision: breach.Excused, DecidedAt: at(now), Reference: "1", Document: digest},
		prepared(), delivered(3, breach.Rows{From: 1, To: 3, Status: rapid.SampledFrom([]breach.Status{breach.Sent, breach.Failed}).Draw(t, "status")}),
		published(past.Time()),
		breach.ReachChecked{Publication: number, CheckedAt: at(now), Reach: breach.ReachOpen},
		breach.ReachChecked{Publication: number, CheckedAt: at(now), Reach: breach.ReachLogin},
		breach.ControllerTold{ToldAt: past, Channel: "อีเมล", Text: "แจ้ง"},
		breach.ControllerAcknowledged{Receipt: *receipt(now)},
		breach.Recovered{RestoredAt: at(now), State: "ปกติ"},
		breach.TaskSet{Owner: "ก", Text: "ข", DueAt: at(now.Add(hour))},
		breach.TaskDone{Task: number, DoneAt: at(now)},
		breach.TaskChecked{Task: number, CheckedAt: at(now), Effective: rapid.SampledFrom([]breach.Answer{breach.Yes, breach.No}).Draw(t, "effective"), How: "ดู"},
		review(),
		breach.DocumentAttached{Title: "ก", Digest: digest},
		breach.Linked{To: breach.LinkFinding, Ref: "f-1"},
		breach.Closed{Summary: "จบ"},
		breach.Reopened{Reason: "มีอีก"},
	}
	return rapid.SampledFrom(bodies).Draw(t, "event")
}

func notice(t *rapid.T, sent breach.Moment, now time.Time) breach.OfficeNotified {
	b := breach.OfficeNotified{SentAt: sent, Channel: "ระบบ"}
	if rapid.Bool().Draw(t, "with receipt") {
		b.Receipt = receipt(now)
	}
	if rapid.Bool().Draw(t, "with reasons") {
		reasons := delay()
		b.Delay = &reasons
	}
	return b
}

// walk is a desk after a random path: some start from nothing, some from far on,
// so that short paths come to an end as well.
func walk(tb testing.TB, t *rapid.T) *desk {
	d := newDesk(tb)
	b := report(d.now)
	if rapid.Bool().Draw(t, "as processor") {
		b.Role, b.Controller = breach.RoleProcessor, "ก"
	}
	d.record(b)
	if rapid.Bool().Draw(t, "from containment") {
		d.toConfirmed().toContained()
		if rapid.Bool().Draw(t, "and prevention") {
			d.toPrevented()
		}
	}
	for range rapid.IntRange(0, 25).Draw(t, "steps") {
		d.step(t)
	}
	return d
}

// step lets time pass and tries an event. It says whether the case took it.
func (d *desk) step(t *rapid.T) bool {
	d.after(time.Duration(rapid.IntRange(0, 30*3600).Draw(t, "seconds")) * time.Second)
	return d.try(draw(t, d.now))
}

func (d *desk) try(b breach.Body) bool {
	c, _, err := d.keeper.Record(d.c, b, "u-12", d.now)
	if err == nil {
		d.c = c
	}
	return err == nil
}
