package program

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/store"
)

// RestoreCmd puts a backup in place.
type RestoreCmd struct {
	File     string   `arg:"" help:"The backup file." type:"existingfile"`
	Identity []string `help:"File with the private key that the backup was encrypted to, may be repeated, in place of a passphrase." placeholder:"FILE"`
	Witness  []string `sep:"none" help:"What somebody kept of the log since the backup: a checkpoint file, the text of a sheet's QR code, or its words. The restored log then names what was lost up to there. May be repeated." placeholder:"FILE|TEXT"`
	JSON     bool     `name:"json" help:"Print JSON."`
	Data     DataDir  `embed:""`
}

// Help is the long text of `restore --help`.
func (RestoreCmd) Help() string {
	return `Into an empty folder, or in place of what the same installation has there; that is kept beside it as ${database}.replaced until you delete it. Stop '${program} serve' first. The passphrase is asked for at the terminal, or taken from the first line of stdin.${restore_keys}

All sessions end. Backup codes, grants and the sealed sheet are void, for some may have been used since the backup; passwords and apps stay good. The log goes on with an entry that names both heads. Afterwards: '${program} user sheet' for a new sealed sheet, and new backup codes for everybody.

Exit codes: 0 restored, and the log holds; 1 restored, and the log has problems; 2 nothing was changed.`
}

// Run implements [Command].
func (c *RestoreCmd) Run(ctx context.Context, p *Program) error {
	dir, err := c.Data.find(p.Kind)
	if err != nil {
		return err
	}
	if err := c.Data.trusted(p.Kind, dir); err != nil {
		return fmt.Errorf("restore into %s: %w", dir, err)
	}
	witnesses, err := givenWitnesses(p, c.Witness)
	if err != nil {
		return err
	}
	identities, err := c.identities(p)
	if err != nil {
		return err
	}
	restored, err := restoreSite(ctx, p.Kind, dir, c.Data.keys(dir), store.RestoreOptions{
		From: c.File, Identities: identities, CheckpointDir: c.Data.checkpoints(), Witnesses: witnesses, Log: p.Log,
	})
	if err != nil {
		return err
	}
	if err := p.printRestored(dir, restored, c.JSON); err != nil {
		return err
	}
	if !restored.Verified.OK {
		return ErrNo
	}
	return nil
}

// restoreSite restores into a folder, which is made if need be.
func restoreSite(ctx context.Context, k Kind, dir, keyDir string, o store.RestoreOptions) (store.Restored, error) {
	id, err := accountID()
	if err != nil {
		return store.Restored{}, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return store.Restored{}, fmt.Errorf("find data folder: %w", err)
	}
	for _, folder := range []string{dir, keyDir} {
		if err := makeFolder(folder); err != nil {
			return store.Restored{}, fmt.Errorf("make data folder: %w", err)
		}
	}
	if err := errors.Join(noLink(keyDir), regularIfThere(keyDir, append(k.secretFiles(), AuditPublic)...)); err != nil {
		return store.Restored{}, fmt.Errorf("look at keys: %w", err)
	}
	o.Dir, o.Program, o.Keys, o.UID = dir, k.Store, store.KeyFilesIn(keyDir), id
	restored, err := store.RestoreBackup(ctx, o)
	if err != nil {
		return store.Restored{}, err
	}
	if err := keepPublicLine(keyDir, restored.Public); err != nil {
		return store.Restored{}, err
	}
	return restored, completeSite(ctx, k, dir, keyDir, SiteOptions{Checkpoints: o.CheckpointDir, Log: o.Log})
}

// completeSite makes what the program needs and no backup has.
func completeSite(ctx context.Context, k Kind, dir, keyDir string, o SiteOptions) error {
	s, err := OpenSite(ctx, k, dir, keyDir, o)
	if err != nil || k.Restored == nil {
		if s != nil {
			err = errors.Join(err, s.Close(ctx))
		}
		return err
	}
	return errors.Join(k.Restored(ctx, s), s.Close(ctx))
}

func (c *RestoreCmd) identities(p *Program) ([]age.Identity, error) {
	if len(c.Identity) == 0 {
		passphrase, err := p.Ask(api.Text{TH: "วลีรหัสผ่านของไฟล์สำรอง", EN: "passphrase of the backup"}, 1)
		if err != nil {
			return nil, err
		}
		identity, err := age.NewScryptIdentity(passphrase.Reveal())
		if err != nil {
			return nil, fmt.Errorf("open backup: %w: %w", errPassphrase, err)
		}
		return []age.Identity{identity}, nil
	}
	var all []age.Identity
	for _, path := range c.Identity {
		list, err := identitiesIn(path)
		if err != nil {
			return nil, &UsageError{Err: fmt.Errorf("--identity: %w", err), Help: "${program} restore --help"}
		}
		all = append(all, list...)
	}
	return all, nil
}

func identitiesIn(path string) (list []age.Identity, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	list, err = age.ParseIdentities(f)
	if err != nil {
		return nil, fmt.Errorf("%s holds no private key", filepath.Base(path)) // the cause may quote it
	}
	return list, nil
}

// restoredLine is what `restore --json` prints.
type restoredLine struct {
	Data     string        `json:"data"`
	Made     time.Time     `json:"made"` // when the backup was
	Restore  audit.Restore `json:"restore"`
	Public   string        `json:"public_key"`
	Replaced string        `json:"replaced,omitzero"`
	Erased   int           `json:"erased_again,omitzero"`
	// Returned is what was withdrawn since the backup.
	Returned store.Returned `json:"returned"`
	Verified audit.Result   `json:"verified"`
}

func (p *Program) printRestored(dir string, r store.Restored, asJSON bool) error {
	if asJSON {
		return PrintJSON(p.Out, restoredLine{dir, r.Backup.Made, r.Restore, r.Public, r.Replaced, r.Erased, r.Returned, r.Verified})
	}
	fmt.Fprintf(p.Out, "%s: %s (%s)\n", p.Say.Label(api.Text{TH: "กู้คืนแล้วที่", EN: "restored"}), dir, p.Moment(r.Backup.Made))
	fmt.Fprintf(p.Out, "  %s: %s\n", p.Say.Label(api.Text{TH: "กุญแจสาธารณะของบันทึก เทียบกับฉบับที่เก็บไว้", EN: "public key of the log, compare with your copy"}), r.Public)
	if r.Restore.Lost != "" {
		fmt.Fprintf(p.Out, "  %s: %s\n", p.Say.Label(api.Text{TH: "รายการที่หายไป", EN: "entries that are lost"}), r.Restore.Lost)
	}
	if r.Replaced != "" {
		fmt.Fprintf(p.Out, "  %s: %s\n", p.Say.Label(api.Text{TH: "ของเดิมเก็บไว้ที่ ลบเมื่อไม่ต้องใช้แล้ว", EN: "what was there is kept as, delete it when you are done"}), r.Replaced)
	}
	p.printReturned(r.Returned)
	fmt.Fprintf(p.Out, "  %s\n", p.Say.Label(p.Kind.namedText(api.Text{
		TH: "ต่อไป: ${program} user sheet (ซองฉุกเฉินใหม่) และให้ทุกคนออกรหัสสำรองใหม่",
		EN: "next: ${program} user sheet (a new sealed sheet), and new backup codes for everybody",
	})))
	return p.printVerdict(r.Verified, false)
}

// printReturned says what the restore has shut again, and what has become more
// permissive than it was, for people to look at.
func (p *Program) printReturned(r store.Returned) {
	if !r.Compared {
		fmt.Fprintf(p.Out, "  ⚠ %s\n", p.Say.Label(p.Kind.Texts.Returned))
		return
	}
	for _, line := range []struct {
		text  api.Text
		names []string
	}{
		{api.Text{TH: "ปิดผู้ใช้อีกครั้ง เพราะปิดไปหลังสำรองข้อมูล", EN: "accounts disabled again, as they were since the backup"}, r.Disabled},
		{api.Text{TH: "เพิกถอนเว็บไซต์อีกครั้ง เพราะเพิกถอนไปหลังสำรองข้อมูล", EN: "web sites revoked again, as they were since the backup"}, r.Revoked},
		{api.Text{TH: "⚠ ผู้ใช้ที่กลับไปมีบทบาทเดิม ตรวจสอบ", EN: "⚠ accounts that have a former role again, check them"}, r.Roles},
		{api.Text{TH: "⚠ ผู้ใช้ที่แอปซึ่งถอดไปแล้วกลับมาใช้ได้ ตรวจสอบ", EN: "⚠ accounts whose removed app is good again, check them"}, r.Factors},
		{api.Text{TH: "⚠ ผู้ใช้ที่รหัสผ่านเดิมกลับมาใช้ได้ ตรวจสอบ", EN: "⚠ accounts whose former password is good again, check them"}, r.Passwords},
		{api.Text{TH: "⚠ เว็บไซต์ที่กลับไปใช้เงื่อนไขเดิม ตรวจสอบ", EN: "⚠ web sites that have their former terms again, check them"}, r.Origins},
	} {
		if len(line.names) > 0 {
			fmt.Fprintf(p.Out, "  %s: %s\n", p.Say.Label(line.text), strings.Join(line.names, ", "))
		}
	}
}
