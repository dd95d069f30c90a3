package main

import (
	"context"
	"io"
	"strings"
	"time"

	"chipproof/api"
	"chipproof/api/office"
	"chipproof/cmd/internal/program"
	"chipproof/exposure"
	"chipproof/exposure/job"
)

type findingTasksCmd struct {
	Owner string          `help:"Only the tasks of this account." placeholder:"NAME"`
	All   bool            `help:"Print tasks that are proven, too. JSON always holds them."`
	JSON  bool            `name:"json" help:"Print JSON, as the API has it: {tasks}."`
	Data  program.DataDir `embed:""`
}

// Help is the long text of `finding tasks --help`.
func (findingTasksCmd) Help() string {
	return `Exit codes, for cron: 0 no task is overdue, and none was found again; 1 one is.`
}

// Run implements [program.Command].
func (c *findingTasksCmd) Run(ctx context.Context, p *program.Program) error {
	list, err := onBureau(ctx, p, c.Data, agencyFlags{}, func(b *bureau) ([]office.TaskAnswer, error) {
		return c.list(ctx, b)
	})
	if err != nil {
		return err
	}
	if err := c.print(p, list); err != nil {
		return err
	}
	for _, t := range list {
		if t.State != string(exposure.TaskStopped) && t.Overdue || t.State == string(exposure.TaskAgain) || t.State == string(exposure.TaskOverdue) {
			return program.ErrNo
		}
	}
	return nil
}

func (c *findingTasksCmd) list(ctx context.Context, b *bureau) ([]office.TaskAnswer, error) {
	owner := ""
	if c.Owner != "" {
		var err error
		if owner, err = b.account(ctx, c.Owner); err != nil {
			return nil, err
		}
	}
	names, err := b.names(ctx)
	if err != nil {
		return nil, err
	}
	tasks, err := b.tasks.List(ctx, owner, time.Now())
	if err != nil {
		return nil, err
	}
	list := []office.TaskAnswer{}
	for _, t := range tasks {
		list = append(list, office.DescribeTask(t, names))
	}
	return list, nil
}

func (c *findingTasksCmd) print(p *program.Program, list []office.TaskAnswer) error {
	if c.JSON {
		return printJSON(p.Out, struct {
			Tasks []office.TaskAnswer `json:"tasks"`
		}{list})
	}
	var page strings.Builder
	for _, t := range list {
		if c.All || t.State != string(exposure.TaskStopped) {
			writeTask(&page, p, t)
		}
	}
	if page.Len() == 0 {
		page.WriteString(p.Say.Label(api.Text{TH: "ไม่มีงานค้าง", EN: "no task is open"}) + "\n")
	}
	_, err := io.WriteString(p.Out, page.String())
	return err
}

type findingClaimCmd struct {
	Task string          `arg:"" help:"The task's number."`
	JSON bool            `name:"json" help:"Print JSON, as the API has it."`
	Data program.DataDir `embed:""`
}

// Run implements [program.Command].
func (c *findingClaimCmd) Run(ctx context.Context, p *program.Program) error {
	return printTask(ctx, p, c.Data, c.JSON, func(b *bureau) (job.Task, error) {
		return b.tasks.Claim(ctx, b.by(), c.Task, time.Now())
	})
}
