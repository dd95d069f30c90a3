package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"chipproof/api"
	"chipproof/api/office"
	"chipproof/breach"
	"chipproof/breach/post"
)

// warner sends the officer what is due soon or overdue: each duty once at each
// threshold, however often it is asked and by how many processes.
type warner struct {
	register *register
	server   *post.Server
	officer  string
}

// warner makes one; nil where no server or no officer is set up.
func (f mailFlags) warner(r *register) (*warner, error) {
	server, err := f.server()
	if err != nil || server == nil || f.Officer == "" {
		return nil, err
	}
	return &warner{r, server, f.Officer}, nil
}

// holdWarning is for how long a process has the warnings that it sends. One mail
// takes far less.
const holdWarning = 5 * time.Minute

// send sends one mail with all that the officer hasn't been warned of, and says
// how many duties that were. What wasn't sent is sent the next time. Errors:
// [post.ErrUnsent], those of the store.
func (w *warner) send(ctx context.Context, now time.Time) (int, error) {
	cases, _, err := w.register.List(ctx)
	if err != nil {
		return 0, fmt.Errorf("warn officer: %w", err)
	}
	due := breach.Reminders(cases, now)
	if len(due) == 0 {
		return 0, nil
	}
	holder := rand.Text()
	mine, err := w.register.mail.Hold(ctx, holder, holdWarning, due)
	if err != nil || len(mine) == 0 {
		return 0, err
	}
	if err := w.server.Write(ctx, warning(w.officer, mine)); err != nil {
		// Whoever was told to end still lets go, so that the next one needn't wait.
		return 0, fmt.Errorf("warn officer: %w", errors.Join(err, w.register.mail.Release(context.WithoutCancel(ctx), holder, mine)))
	}
	// It is on its way, whoever was told to end meanwhile.
	return len(mine), w.register.mail.Sent(context.WithoutCancel(ctx), w.register.by, mine)
}

// warning is the mail. It names incidents by their numbers: what somebody called
// them stays here.
func warning(to string, list []breach.Reminder) post.Mail {
	overdue := 0
	for _, r := range list {
		if r.Threshold == breach.ThresholdPast {
			overdue++
		}
	}
	subject := fmt.Sprintf("เตือนกำหนดเวลาเหตุละเมิดข้อมูลส่วนบุคคล: %d รายการ", len(list))
	if overdue > 0 {
		subject = fmt.Sprintf("เกินกำหนด %d รายการ: เหตุละเมิดข้อมูลส่วนบุคคล", overdue)
	}
	var text strings.Builder
	for _, lang := range []api.Lang{api.Thai, api.English} {
		for _, r := range list {
			writeReminder(&text, lang, r)
		}
		fmt.Fprintf(&text, "%s\n\n", seeThere.In(lang))
	}
	return post.Mail{To: to, Subject: subject, Text: text.String()}
}

var seeThere = api.Text{
	TH: "ดูรายละเอียดและบันทึกสิ่งที่ทำได้ที่หน้าเหตุละเมิดของ chipproof-office หรือคำสั่ง chipproof-office breach show เลขเรื่อง",
	EN: "See the page of incidents of chipproof-office, or 'chipproof-office breach show' with the number.",
}

var (
	dueAt   = api.Text{TH: "กำหนด", EN: "due"}
	lacking = api.Text{TH: "ยังขาด", EN: "still missing"}
)

func writeReminder(text *strings.Builder, lang api.Lang, r breach.Reminder) {
	fmt.Fprintf(text, "%s — %s (%s)\n", r.Incident, office.DutyText(r.Duty.Duty).In(lang), office.DutyStateText(r.State).In(lang))
	fmt.Fprintf(text, "  %s: %s\n", dueAt.In(lang), clockOf(*r.Deadline, lang))
	fmt.Fprintf(text, "  %s\n", office.LawText(r.Law).In(lang))
	if r.Penalty != "" {
		fmt.Fprintf(text, "  %s\n", office.LawText(r.Penalty).In(lang))
	}
	var needs []string
	for _, n := range r.Needs {
		needs = append(needs, office.NeedText(n).In(lang))
	}
	if len(needs) > 0 {
		fmt.Fprintf(text, "  %s: %s\n", lacking.In(lang), strings.Join(needs, ", "))
	}
	text.WriteString("\n")
}

// clockOf is a moment as people of that language read it; in Thai in the Buddhist era.
func clockOf(m breach.Moment, lang api.Lang) string {
	t := m.Time()
	if lang == api.Thai {
		return fmt.Sprintf("%d/%d/%d %s น.", t.Day(), int(t.Month()), t.Year()+543, t.Format("15.04"))
	}
	return m.String()
}
