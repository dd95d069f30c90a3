package program

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/store"
)

// AsAuditor is who runs the command, for acts on the log itself.
func (s *Site) AsAuditor() store.AuditBy { return store.AuditBy{Actor: s.Actor} }

// AuditSheetCmd prints the day-end sheet.
type AuditSheetCmd struct {
	QR    string  `name:"qr" help:"Write the QR code as a picture (PNG) to this file too." placeholder:"FILE"`
	Force bool    `help:"Let --qr replace a file that exists."`
	JSON  bool    `name:"json" help:"Print JSON: {log, day, entries, root, qr, words}."`
	Data  DataDir `embed:""`
}

// Help is the long text of `audit sheet --help`.
func (AuditSheetCmd) Help() string {
	return `Print it at the end of a day, sign it, file it where whoever runs this machine can't get at it. Later '${program} audit verify --witness' takes the QR code's text or the words, and says whether the log still has that day in it.`
}

// sheetPixels is the side of the picture: about 3 cm at 300 dots an inch, with
// whole pixels for each module.
const sheetPixels = 400

// Run implements [Command].
func (c *AuditSheetCmd) Run(ctx context.Context, p *Program) error {
	old := Keep
	if c.Force {
		old = Replace
	}
	if c.QR != "" {
		if err := CheckTarget(c.QR, old); err != nil {
			return err
		}
	}
	sheet, err := OnSite(ctx, p, c.Data, func(s *Site) (audit.Sheet, error) {
		return s.Audit.Sheet(ctx, s.AsAuditor())
	})
	if err != nil {
		return err
	}
	if c.QR != "" {
		picture, err := sheet.PNG(sheetPixels)
		if err == nil {
			err = WriteFile(c.QR, picture, old)
		}
		if err != nil {
			return err
		}
	}
	if c.JSON {
		return PrintJSON(p.Out, sheet)
	}
	text, err := sheet.Text()
	if err != nil {
		return err
	}
	_, err = io.WriteString(p.Out, text)
	return err
}

// AuditExportCmd writes the whole log to a file.
type AuditExportCmd struct {
	File  string  `arg:"" help:"Where to write it (mode 0600)."`
	Force bool    `help:"Replace a file that exists."`
	JSON  bool    `name:"json" help:"Print what was written as JSON: {file, entries}."`
	Data  DataDir `embed:""`
}

// Help is the long text of `audit export --help`.
func (AuditExportCmd) Help() string {
	return `An export can be verified like the log itself ('${program} audit verify FILE --key audit.pub'). It keeps what an erasure in the log destroys afterwards: treat it as the log.`
}

// Run implements [Command].
func (c *AuditExportCmd) Run(ctx context.Context, p *Program) error {
	old := Keep
	if c.Force {
		old = Replace
	}
	if err := CheckTarget(c.File, old); err != nil {
		return err
	}
	n, err := OnSite(ctx, p, c.Data, func(s *Site) (n int64, failed error) {
		err := fillFile(c.File, old, func(f *os.File) error {
			n, failed = s.Audit.Export(ctx, s.AsAuditor(), f)
			return failed
		})
		if errors.Is(failed, audit.ErrUnavailable) {
			return 0, failed // it is the log that can't be written, not the file
		}
		return n, err
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return PrintJSON(p.Out, struct {
			File    string `json:"file"`
			Entries int64  `json:"entries"`
		}{c.File, n})
	}
	_, err = fmt.Fprintf(p.Out, "%s: %d → %s\n", p.Say.Label(api.Text{TH: "รายการ", EN: "entries"}), n, c.File)
	return err
}

// AuditEraseCmd destroys the content of entries.
type AuditEraseCmd struct {
	Numbers []string `arg:"" help:"Numbers of the entries: 7 or 7-9."`
	Reason  string   `required:"" help:"Why: a file number or a section of the law, never a person's name. It stands in the log." placeholder:"TEXT"`
	JSON    bool     `name:"json" help:"Print the entry about the erasure, as JSON."`
	Data    DataDir  `embed:""`
}

// Help is the long text of `audit erase --help`.
func (AuditEraseCmd) Help() string {
	return `For a citizen's right to erasure (PDPA s. 33). Find the entries with '${find_entries}'. Entries about the log itself are kept. Backups, exports and a database that a restore replaced still hold the content; restoring a backup erases it once more if the log that it replaces says so.`
}

// Validate is called by kong once all values are settled.
func (c *AuditEraseCmd) Validate() error {
	_, err := parseNumbers(c.Numbers)
	return err
}

// Run implements [Command].
func (c *AuditEraseCmd) Run(ctx context.Context, p *Program) error {
	numbers, err := parseNumbers(c.Numbers)
	if err != nil {
		return err
	}
	entry, err := OnSite(ctx, p, c.Data, func(s *Site) (audit.Entry, error) {
		return s.Audit.Erase(ctx, s.AsAuditor(), c.Reason, numbers...)
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return PrintJSON(p.Out, entry)
	}
	return p.printEntries([]store.AuditItem{{Number: entry.Number, Entry: entry}}, nil, false)
}

// mostNumbers bounds one erasure.
const mostNumbers = 10_000

func parseNumbers(words []string) ([]int64, error) {
	var numbers []int64
	for _, word := range words {
		low, high, isRange := strings.Cut(word, "-")
		if !isRange {
			high = low
		}
		from, errFrom := strconv.ParseInt(low, 10, 64)
		to, errTo := strconv.ParseInt(high, 10, 64)
		if errFrom != nil || errTo != nil || from < 0 || to < from || to-from >= mostNumbers {
			return nil, fmt.Errorf("%q: write a number or a range: 7 or 7-9", word)
		}
		for n := from; n <= to; n++ {
			numbers = append(numbers, n)
		}
	}
	if len(numbers) > mostNumbers {
		return nil, fmt.Errorf("%d entries at once: at most %d", len(numbers), mostNumbers)
	}
	return numbers, nil
}
