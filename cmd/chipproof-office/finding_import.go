package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"chipproof/cmd/internal/program"
	"chipproof/exposure/job"
)

type findingImportCmd struct {
	File   string          `arg:"" help:"SARIF 2.1.0 of another tool, or the JSON of 'chipproof doctor --leaks --json' or of 'scan --json'; - for stdin."`
	Source string          `help:"What the tool was run over: a system, a counter. With it, what is in a later import of the same no more counts as gone." placeholder:"TEXT"`
	JSON   bool            `name:"json" help:"Print JSON: {imports: [{scan, tool, new, known, fixed}]}."`
	Data   program.DataDir `embed:""`
}

// Help is the long text of `finding import --help`.
func (findingImportCmd) Help() string {
	return `Whatever is personal in the file is masked before anything of it is kept. The file itself is not kept.

Exit codes: 0 taken in, whatever it holds; 2 not taken in.`
}

// Run implements [program.Command].
func (c *findingImportCmd) Run(ctx context.Context, p *program.Program) error {
	file, err := readInput(c.File, p.In, longestImport)
	if err != nil {
		return fmt.Errorf("import findings: %w: %w", errInputUnreadable, err)
	}
	done, err := onBureau(ctx, p, c.Data, agencyFlags{}, func(b *bureau) ([]job.Imported, error) {
		// One for each tool of a SARIF log.
		parts, err := job.ParseImport(file, b.key, c.Source)
		if err != nil {
			return nil, err
		}
		list := []job.Imported{}
		for _, part := range parts {
			one, err := b.scans.Import(ctx, b.by(), part, time.Now())
			if err != nil {
				return nil, err
			}
			list = append(list, one)
		}
		return list, nil
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(p.Out, struct {
			Imports []job.Imported `json:"imports"`
		}{done})
	}
	var page strings.Builder
	for _, one := range done {
		fmt.Fprintf(&page, "%s  %s  %s\n", one.Scan, program.Shown(one.Tool),
			said(p.Say, "ใหม่ %d มีอยู่แล้ว %d ไม่พบแล้ว %d", "%d new, %d known, %d gone", one.New, one.Known, one.Fixed))
	}
	if len(done) == 0 {
		fmt.Fprintln(&page, said(p.Say, "ไฟล์นี้ไม่มีรายการ", "there is nothing in this file"))
	}
	_, err = io.WriteString(p.Out, page.String())
	return err
}
