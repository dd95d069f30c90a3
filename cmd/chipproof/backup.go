package main

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

type backupCmd struct {
	File      string   `arg:"" help:"Where to write it (mode 0600). It must not exist."`
	Recipient []string `help:"Encrypt to this public key (age1…), may be repeated, in place of a passphrase: then a machine makes backups that it can't read." placeholder:"KEY"`
	JSON      bool     `name:"json" help:"Print JSON: {file, made, log, entries, root}."`
	Data      dataDir  `embed:""`
}

// Help is the long text of `backup --help`.
func (backupCmd) Help() string {
	return `One encrypted file (age) with the database as of one moment and all keys but the one for proofs: enough to go on with on another machine. It may run beside the agent. Without --recipient a passphrase of at least 15 characters is asked for at the terminal, or taken from the first line of stdin. Keep it apart from the file.`
}

// passphraseMin is NIST's length for a secret that stands alone (mfa §1), in
// code points: nothing throttles who has the file.
const passphraseMin = 15

func (c *backupCmd) run(ctx context.Context, p *program) error {
	if err := checkTarget(c.File, keep); err != nil {
		return err
	}
	recipients, err := c.recipients(p)
	if err != nil {
		return err
	}
	info, err := onSite(ctx, p, c.Data, func(s *site) (store.BackupInfo, error) {
		return s.audit.Backup(ctx, store.BackupOptions{
			To: c.File, Recipients: recipients, Keys: store.KeyFilesIn(s.keyDir), By: s.asAuditor(), Version: thisBuild().version,
		})
	})
	if err != nil {
		return err
	}
	return p.printBackup(c.File, info, c.JSON)
}

func (c *backupCmd) recipients(p *program) ([]age.Recipient, error) {
	if len(c.Recipient) > 0 {
		list, err := age.ParseRecipients(strings.NewReader(strings.Join(c.Recipient, "\n")))
		if err != nil {
			return nil, &usageError{err: fmt.Errorf("--recipient: %w", err), help: "chipproof backup --help"}
		}
		return list, nil
	}
	passphrase, err := p.ask(api.Text{TH: "วลีรหัสผ่านของไฟล์สำรอง", EN: "passphrase for the backup"}, 2)
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

func (p *program) printBackup(file string, info store.BackupInfo, asJSON bool) error {
	line := backupLine{file, info.Made, info.Log, info.Head.Size, info.Head.Root.String()}
	if asJSON {
		return printJSON(p.out, line)
	}
	_, err := fmt.Fprintf(p.out, "%s\n  %s: %s\n  %s: %d\n  %s: %s\n", file,
		p.say.label(api.Text{TH: "เวลา", EN: "made"}), p.moment(line.Made),
		p.say.label(api.Text{TH: "รายการในบันทึก", EN: "log entries"}), line.Entries,
		p.say.label(api.Text{TH: "ราก", EN: "root"}), line.Root)
	return err
}
