package program

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/store"
)

// AuditCmd groups what is done with the audit log in both programs. Each puts its
// own list beside it, an [AuditListCmd] or more.
type AuditCmd struct {
	Verify AuditVerifyCmd `cmd:"" help:"Check that nobody has edited, removed, moved or cut off anything in the log. Needs the public key alone."`
	Sheet  AuditSheetCmd  `cmd:"" help:"Print the day-end sheet for the file cabinet: the log's head as QR code and as words."`
	Export AuditExportCmd `cmd:"" help:"Write the whole log to a file, one JSON object a line, for another system or verifier."`
	Erase  AuditEraseCmd  `cmd:"" help:"Destroy the content of entries. Every proof still holds, and that it was done is an entry."`
}

// AuditVerifyCmd checks the log, or a copy of it.
type AuditVerifyCmd struct {
	File    string   `arg:"" optional:"" help:"What to check: a database, a data folder or an export. Without it: the data folder."`
	Key     string   `help:"File with the log's public key, best your own copy. Without it: ${audit_public} of the data folder." placeholder:"FILE"`
	Witness []string `sep:"none" help:"What somebody kept of the log, may be repeated: a checkpoint file, the text of a sheet's QR code, or its twenty words in quotes; - reads it from stdin, up to an empty line." placeholder:"FILE|TEXT|-"`
	JSON    bool     `name:"json" help:"Print JSON: {ok, entries, root, problems} and more."`
	Data    DataDir  `embed:""`
}

// Help is the long text of `audit verify --help`.
func (AuditVerifyCmd) Help() string {
	return `It works offline, on a copy, beside a running agent, and changes nothing. With --checkpoint-dir every checkpoint there is a witness too. Without a witness a log that was cut off, or written anew by whoever has its key, looks whole: that is what sheets are filed for.${audit_found}

Exit codes: 0 the log holds; 1 it doesn't, or a witness speaks against it; 2 it could not be checked.`
}

// Run implements [Command].
func (c *AuditVerifyCmd) Run(ctx context.Context, p *Program) error {
	witnesses, err := c.witnesses(p)
	if err != nil {
		return err
	}
	log, keyFile, err := c.open(ctx, p.Kind)
	if errors.Is(err, fs.ErrPermission) {
		err = fmt.Errorf("%w: %w", errDataDenied, err)
	}
	if err != nil {
		return err
	}
	defer log.close()
	if c.Key != "" {
		keyFile = c.Key
	}
	keys, err := readPublic(keyFile)
	if err != nil {
		return err
	}
	result, err := audit.Verify(ctx, log, audit.VerifyOptions{Keys: keys, Witnesses: witnesses})
	if err != nil {
		return err
	}
	if err := p.printVerdict(result, c.JSON); err != nil {
		return err
	}
	if result.OK {
		return nil
	}
	if tell := p.Kind.Unverified; tell != nil && c.File == "" {
		// The verdict stands, whatever becomes of this.
		if err := tell(ctx, p, c.Data, result); err != nil {
			p.Log.Warn("nobody else could be told", "cause", err)
		}
	}
	return ErrNo
}

// checked is a log that is looked at, and how to let go of it.
type checkedLog struct {
	audit.Log
	close func()
}

// open gives the log, and where its public key is if nobody says.
func (c *AuditVerifyCmd) open(ctx context.Context, k Kind) (checkedLog, string, error) {
	path := c.File
	if path == "" {
		dir, err := c.Data.find(k)
		if err != nil {
			return checkedLog{}, "", err
		}
		path = dir
	}
	path = filepath.Clean(path)
	folder := path
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		folder = filepath.Dir(path)
		if log, ok, err := openExport(path); ok || err != nil {
			return log, filepath.Join(folder, AuditPublic), err
		}
	}
	// Reading a database makes files beside it.
	if err := c.Data.trusted(k, folder); err != nil {
		return checkedLog{}, "", fmt.Errorf("open audit log: %w", err)
	}
	file, err := store.OpenAuditFile(ctx, path)
	if err != nil {
		return checkedLog{}, "", err
	}
	return checkedLog{file, func() { _ = file.Close() }}, filepath.Join(c.Data.keys(folder), AuditPublic), nil
}

// openExport opens a file that begins as an export does, and says whether it did.
func openExport(path string) (checkedLog, bool, error) {
	f, err := openRegular(path)
	if err != nil {
		return checkedLog{}, false, fmt.Errorf("open audit log: %w", err)
	}
	log, err := audit.ReadExport(f)
	if err != nil {
		return checkedLog{}, false, f.Close()
	}
	return checkedLog{log, func() { _ = f.Close() }}, true, nil
}

func (c *AuditVerifyCmd) witnesses(p *Program) ([]audit.Witness, error) {
	list, err := givenWitnesses(p, c.Witness)
	dir := c.Data.checkpoints()
	if err != nil || dir == "" {
		return list, err
	}
	if err := errors.Join(ownGround(dir), regularCheckpoints(dir)); err != nil {
		return nil, fmt.Errorf("--checkpoint-dir: %w", err)
	}
	published, err := store.CheckpointWitnesses(dir)
	if err != nil {
		return nil, &UsageError{Err: fmt.Errorf("--checkpoint-dir: %w", err), Help: "${program} audit verify --help"}
	}
	return append(list, published...), nil
}

// longestWitness is far more than a checkpoint with many signatures has, in bytes.
const longestWitness = 64 << 10

// givenWitnesses takes each as the file of that name, or else as the text itself.
// Error besides those of stdin: [errIrregular].
func givenWitnesses(p *Program, given []string) ([]audit.Witness, error) {
	var list []audit.Witness
	for i, text := range given {
		source := fmt.Sprintf("witness %d", i+1)
		if text == "-" {
			var err error
			if text, err = typedWitness(p.In); err != nil {
				return nil, err
			}
		} else if content, err := ReadRegular(text, longestWitness); err == nil {
			source, text = filepath.Base(text), string(content)
		} else if errors.Is(err, errIrregular) || errors.Is(err, errTooLarge) {
			return nil, fmt.Errorf("read witness: %w", err)
		}
		list = append(list, audit.Witness{Source: source, Text: strings.TrimSpace(text) + "\n"})
	}
	return list, nil
}

// typedWitness reads what is typed or scanned, up to an empty line: whoever
// copies twenty words from paper presses Enter more than once.
func typedWitness(in io.Reader) (string, error) {
	lines := bufio.NewScanner(io.LimitReader(in, longestWitness))
	var text strings.Builder
	for lines.Scan() && (text.Len() == 0 || strings.TrimSpace(lines.Text()) != "") {
		if strings.TrimSpace(lines.Text()) != "" {
			text.WriteString(lines.Text() + "\n")
		}
	}
	if err := lines.Err(); err != nil {
		return "", fmt.Errorf("read witness: %w", err)
	}
	return text.String(), nil
}

func (p *Program) printVerdict(r audit.Result, asJSON bool) error {
	if asJSON {
		return PrintJSON(p.Out, r)
	}
	var page strings.Builder
	verdict := api.Text{TH: "บันทึกครบถ้วน ไม่พบการแก้ไข", EN: "the log holds"}
	if !r.OK {
		verdict = api.Text{TH: "บันทึกมีปัญหา", EN: "the log does NOT hold"}
	}
	fmt.Fprintf(&page, "%s\n", p.Say.Label(verdict))
	fmt.Fprintf(&page, "  %s: %d\n  %s: %s\n", p.Say.Label(api.Text{TH: "รายการ", EN: "entries"}), r.Entries, p.Say.Label(api.Text{TH: "ราก", EN: "root"}), r.Root)
	for _, problem := range r.Problems {
		fmt.Fprintf(&page, "  ✗ %s\n", strings.Join(nonEmpty(string(problem.Code), problem.Entries, problem.Source, problem.Detail), "  "))
		fmt.Fprintf(&page, "    %s\n", p.Say.Label(api.Text(problem.Code.Explain())))
	}
	if r.More > 0 {
		fmt.Fprintf(&page, "  … %d\n", r.More)
	}
	for _, w := range r.Witnesses {
		fmt.Fprintf(&page, "  %s  %s\n    %s\n", w.Verdict, strings.Join(nonEmpty(w.Source, w.At), "  "), p.Say.Label(api.Text(w.Verdict.Explain())))
	}
	for _, restore := range r.Restores {
		text := api.Text{
			TH: fmt.Sprintf("รายการที่ %d: กู้คืนข้อมูลสำรอง", restore.Entry),
			EN: fmt.Sprintf("entry %d: a backup was restored", restore.Entry),
		}
		if restore.Lost != "" {
			text.TH += fmt.Sprintf(" รายการ %s ของเดิมหายไป", restore.Lost)
			text.EN += fmt.Sprintf("; the former entries %s are lost", restore.Lost)
		}
		fmt.Fprintf(&page, "  %s\n", p.Say.Label(text))
	}
	_, err := io.WriteString(p.Out, page.String())
	return err
}

func nonEmpty(words ...string) []string {
	var kept []string
	for _, w := range words {
		if w != "" {
			kept = append(kept, w)
		}
	}
	return kept
}
