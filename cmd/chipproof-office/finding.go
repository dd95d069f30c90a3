package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"chipproof/api"
	"chipproof/api/office"
	"chipproof/cmd/internal/program"
)

// findingCmd groups what is done with the register of findings over all scans.
type findingCmd struct {
	List     findingListCmd     `cmd:"" help:"List findings, the worst first."`
	Show     findingShowCmd     `cmd:"" help:"Show a finding, with the task about it."`
	Task     findingTaskCmd     `cmd:"" help:"Give a finding to somebody to end, by a day."`
	Tasks    findingTasksCmd    `cmd:"" help:"List the tasks, the next due first; for cron."`
	Claim    findingClaimCmd    `cmd:"" help:"Say that a task is done. Only a later scan proves it."`
	Import   findingImportCmd   `cmd:"" help:"Take in the results of another tool, or of 'chipproof doctor --leaks'."`
	Assets   findingAssetsCmd   `cmd:"" help:"List the systems that the agency holds, or put a file in the place of the list."`
	Coverage findingCoverageCmd `cmd:"" help:"Say what was scanned when; what never was comes first."`
}

// errInputUnreadable is for a file that a command was given and can't read.
var errInputUnreadable = errors.New("file unreadable")

// longestImport is what package job takes, in bytes.
const longestImport = 64 << 20

type findingShowCmd struct {
	ID   idArg           `arg:"" help:"The finding's id, as 'finding list' prints it."`
	JSON bool            `name:"json" help:"Print JSON, as the API has it."`
	Data program.DataDir `embed:""`
}

// shownFinding is a finding with the task about it.
type shownFinding struct {
	office.FindingLine
	Task *office.TaskAnswer `json:"task,omitzero"`
}

// Run implements [program.Command].
func (c *findingShowCmd) Run(ctx context.Context, p *program.Program) error {
	shown, err := onBureau(ctx, p, c.Data, agencyFlags{}, func(b *bureau) (s shownFinding, err error) {
		f, err := b.scans.Finding(ctx, string(c.ID))
		if err != nil {
			return s, err
		}
		s.FindingLine = office.DescribeFinding(f)
		if f.Task == "" {
			return s, nil
		}
		t, err := b.task(ctx, f.Task)
		s.Task = &t
		return s, err
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(p.Out, shown)
	}
	_, err = io.WriteString(p.Out, findingPage(p, shown))
	return err
}

// task is one, as the API has it.
func (b *bureau) task(ctx context.Context, id string) (office.TaskAnswer, error) {
	t, err := b.tasks.One(ctx, id, time.Now())
	if err != nil {
		return office.TaskAnswer{}, err
	}
	names, err := b.names(ctx)
	return office.DescribeTask(t, names), err
}

// findingPage is all that is known of a finding, a line each.
func findingPage(p *program.Program, f shownFinding) string {
	t := table{}
	line := func(th, en, value string) {
		if value != "" {
			t.add(p.Say.Label(api.Text{TH: th, EN: en}), value)
		}
	}
	line("หมายเลข", "id", f.ID)
	line("ระดับ", "severity", p.Say.Label(office.SeverityText(severityOf(f.FindingLine))))
	line("ชนิด", "class", p.Say.Label(office.ClassText(classOf(f.FindingLine))))
	line("ค่า (ปิดบัง)", "value (masked)", f.Masked)
	line("ที่", "where", placeOf(f.FindingLine))
	line("ข้อความรอบข้าง", "around it", f.Snippet)
	line("ใครเข้าถึง", "who can reach it", p.Say.Label(office.ReachText(reachOf(f.FindingLine))))
	line("สถานะ", "state", p.Say.Label(office.ChangeText(changeOf(f.FindingLine))))
	line("คะแนน", "score", fmt.Sprint(f.Score))
	line("พบโดย", "found by", strings.TrimSpace(f.Tool+" "+f.Rule))
	line("พบครั้งแรก", "first seen", p.Moment(f.FirstSeen))
	line("พบล่าสุด", "last seen", p.Moment(f.LastSeen)+" "+f.Scan)
	if !f.FixedAt.IsZero() {
		line("ไม่พบแล้ว", "gone since", p.Moment(f.FixedAt)+" "+f.FixedBy)
	}
	var page strings.Builder
	t.write(&page)
	if f.Task != nil {
		page.WriteString("\n")
		writeTask(&page, p, *f.Task)
	}
	return page.String()
}
