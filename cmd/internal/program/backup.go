package program

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"filippo.io/age"

	"chipproof/api"
	"chipproof/store"
)

// BackupCmd writes a backup.
type BackupCmd struct {
	File      string   `arg:"" help:"Where to write it (mode 0600). It must not exist."`
	Recipient []string `help:"Encrypt to this public key (age1…), may be repeated, in place of a passphrase: then a machine makes backups that it can't read." placeholder:"KEY"`
	JSON      bool     `name:"json" help:"Print JSON: {file, made, log, entries, root}."`
	Data      DataDir  `embed:""`
}

// Help is the long text of `backup --help`.
func (BackupCmd) Help() string {
	return `One encrypted file (age) with the database as of one moment and ${backup_keys}: enough to go on with on another machine. It may run beside the agent. Without --recipient a passphrase of at least 15 characters is asked for at the terminal, or taken from the first line of stdin. Keep it apart from the file.`
}

// passphraseMin is NIST's length for a secret that stands alone (mfa §1), in
// code points: nothing throttles who has the file.
const passphraseMin = 15

// Run implements [Command].
func (c *BackupCmd) Run(ctx context.Context, p *Program) error {
	if err := CheckTarget(c.File, Keep); err != nil {
		return err
	}
	recipients, err := c.recipients(p)
	if err != nil {
		return err
	}
	info, err := OnSite(ctx, p, c.Data, func(s *Site) (store.BackupInfo, error) {
		return s.Audit.Backup(ctx, store.BackupOptions{
			To: c.File, Recipients: recipients, Keys: store.KeyFilesIn(s.KeyDir), By: s.AsAuditor(), Version: ThisBuild().Version,
		})
	})
	if err != nil {
		return err
	}
	return p.printBackup(c.File, info, c.JSON)
}

func (c *BackupCmd) recipients(p *Program) ([]age.Recipient, error) {
	if len(c.Recipient) > 0 {
		list, err := age.ParseRecipients(strings.NewReader(strings.Join(c.Recipient, "\n")))
		if err != nil {
			return nil, &UsageError{Err: fmt.Errorf("--recipient: %w", err), Help: "${program} backup --help"}
		}
		return list, nil
	}
	passphrase, err := p.Ask(api.Text{TH: "วลีรหัสผ่านของไฟล์สำรอง", EN: "passphrase for the backup"}, 2)
	if err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(passphrase.Reveal()) < passphraseMin {
		return nil, fmt.Errorf("choose a passphrase: %w: shorter than %d characters", errPassphrase, passphraseMin)
	}
	recipient, err := age.NewScryptRecipient(passphrase.Reveal())
	if err != nil {
		return nil, fmt.Errorf("choose a passphrase: %w: %w", errPassphrase, err)
	}
	return []age.Recipient{recipient}, nil
}

// backupLine is what `backup --json` prints.
type backupLine struct {
	File    string    `json:"file"`
	Made    time.Time `json:"made"`
	Log     string    `json:"log"`
	Entries int64     `json:"entries"`
	Root    string    `json:"root"`
}

func (p *Program) printBackup(file string, info store.BackupInfo, asJSON bool) error {
	line := backupLine{file, info.Made, info.Log, info.Head.Size, info.Head.Root.String()}
	if asJSON {
		return PrintJSON(p.Out, line)
	}
	_, err := fmt.Fprintf(p.Out, "%s\n  %s: %s\n  %s: %d\n  %s: %s\n", file,
		p.Say.Label(api.Text{TH: "เวลา", EN: "made"}), p.Moment(line.Made),
		p.Say.Label(api.Text{TH: "รายการในบันทึก", EN: "log entries"}), line.Entries,
		p.Say.Label(api.Text{TH: "ราก", EN: "root"}), line.Root)
	return err
}
