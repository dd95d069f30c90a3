package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"chipproof/api"
	"chipproof/cmd/internal/program"
	"chipproof/exposure"
	"chipproof/exposure/job"
)

// errScanStopped is for a scan that goes on another time; the error has the line
// that does it.
var errScanStopped = errors.New("scan stopped")

// scan runs one to its end, or goes on with one, and writes what it came to.
func (c *scanCmd) scan(ctx context.Context, p *program.Program, b *bureau) (scanned, error) {
	before, err := c.before(ctx, b)
	if err != nil {
		return scanned{}, err
	}
	id, err := c.begin(ctx, p, b)
	if err != nil {
		return scanned{}, err
	}
	if err := c.run(ctx, p, b, id); err != nil {
		return scanned{}, err
	}
	// It has ended: that somebody is impatient now takes no answer away.
	ctx = context.WithoutCancel(ctx)
	result, err := b.scans.Result(ctx, id)
	if err != nil {
		return scanned{}, err
	}
	if before != nil {
		result.Compared = exposure.Compare(*before, result.Report)
	}
	answer := scanned{found: c.found(result, before != nil || result.Scan.Baseline != ""), short: short(result.Scan)}
	if answer.report, err = c.write(p, result, before != nil); err != nil {
		return scanned{}, fmt.Errorf("%w\n%s", err, c.resumeLine(p, id))
	}
	if form := c.form(); form != formatTable && (c.Out != "" || answer.found || answer.short == nil) {
		if err := b.scans.RecordReport(ctx, b.by(), id, form, time.Now()); err != nil {
			return scanned{}, err
		}
	}
	return answer, nil
}

// begin keeps a new scan, or finds the one that is to go on.
func (c *scanCmd) begin(ctx context.Context, p *program.Program, b *bureau) (string, error) {
	if c.Resume != "" {
		s, err := b.scans.One(ctx, c.Resume)
		return s.ID, err
	}
	plan, err := c.plan(time.Now())
	if err != nil {
		return "", err
	}
	s, err := b.runner().Begin(ctx, b.by(), plan)
	if err != nil {
		return "", err
	}
	fmt.Fprintf(p.Err, "%s: %s\n", p.Say.Label(api.Text{TH: "ถ้าถูกหยุดกลางคัน ทำต่อด้วย", EN: "if it is stopped, go on with"}), c.resumeLine(p, s.ID))
	return s.ID, nil
}

// again is how long to wait before another try at a scan that somebody else runs.
const again = time.Second

// run runs a scan to its end, whoever does: where a `serve` has taken it up
// meanwhile, or a process that was killed still has its hold, it waits.
func (c *scanCmd) run(ctx context.Context, p *program.Program, b *bureau, id string) error {
	show := newProgressLine(p)
	defer show.clear()
	runner, told := b.runner(), false
	for {
		_, err := runner.Run(ctx, id, show.tell)
		switch {
		case err == nil, errors.Is(err, job.ErrIncomplete), errors.Is(err, job.ErrScanEnded):
			return nil
		case ctx.Err() != nil:
			return c.stopped(p, id)
		case !errors.Is(err, job.ErrScanHeld):
			return fmt.Errorf("%w\n%s", err, c.resumeLine(p, id))
		}
		if !told {
			told = true
			show.clear()
			fmt.Fprintln(p.Err, p.Say.Label(api.Text{
				TH: "โปรแกรมอื่นกำลังสแกนรายการนี้ กำลังรอ", EN: "another program runs this scan; waiting for it",
			}))
		}
		wait := time.NewTimer(again)
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			return c.stopped(p, id)
		}
	}
}

func (c *scanCmd) stopped(p *program.Program, id string) error {
	return fmt.Errorf("%w\n%s", errScanStopped, c.resumeLine(p, id))
}

// resumeLine is the command that goes on with a scan, to be pasted as it stands.
func (c *scanCmd) resumeLine(p *program.Program, id string) string {
	called := p.Kind.Name
	if strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe") == called {
		called = shellWord(os.Args[0]) // bin/chipproof-office after `make build`
	}
	line := called + " scan --resume " + id
	for _, flag := range []struct{ name, value string }{{"--data", c.Data.Data}, {"--key-dir", c.Data.KeyDir}} {
		if flag.value != "" {
			line += " " + flag.name + " " + shellWord(flag.value)
		}
	}
	return line
}

// shellWord is a path as the shell takes it for one word.
func shellWord(path string) string {
	if strings.ContainsAny(path, " \t") {
		return `"` + path + `"`
	}
	return path
}

// short says why a scan did not come to its end; nil when it did.
func short(s job.Scan) error {
	if s.State == job.Complete {
		return nil
	}
	return &shortError{s}
}

// shortError is an ended scan that is not complete.
type shortError struct{ scan job.Scan }

func (e *shortError) Error() string {
	return fmt.Sprintf("%s: %v: %s", e.scan.ID, job.ErrIncomplete, e.scan.Reason)
}

// Unwrap gives the cause that the table knows.
func (e *shortError) Unwrap() error { return job.ErrIncomplete }

// found says what the exit code does.
func (c *scanCmd) found(r job.Result, compared bool) bool {
	if !c.OnlyNew || !compared {
		return len(r.Report.Findings) > 0
	}
	for _, f := range r.Compared {
		if f.Change == exposure.New {
			return true
		}
	}
	return false
}

// warn says on stderr what is wrong with an answer that is given all the same.
func warn(p *program.Program, err error) {
	row := p.Kind.Problems().Find(err)
	for _, lang := range p.Say {
		fmt.Fprintf(p.Err, "%s: %s: %s — %s\n", p.Kind.Name, row.Code, row.Title.In(lang), row.Remedy.In(lang))
	}
	fmt.Fprintf(p.Err, "  %s\n", err)
}
