package main

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

type restoreCmd struct {
	File     string   `arg:"" help:"The backup file." type:"existingfile"`
	Identity []string `help:"File with the private key that the backup was encrypted to, may be repeated, in place of a passphrase." placeholder:"FILE"`
	Witness  []string `sep:"none" help:"What somebody kept of the log since the backup: a checkpoint file, the text of a sheet's QR code, or its words. The restored log then names what was lost up to there. May be repeated." placeholder:"FILE|TEXT"`
	JSON     bool     `name:"json" help:"Print JSON."`
	Data     dataDir  `embed:""`
}

// Help is the long text of `restore --help`.
func (restoreCmd) Help() string {
	return `Into an empty folder, or in place of what the same installation has there; that is kept beside it as chipproof.db.replaced until you delete it. Stop the agent first. The passphrase is asked for at the terminal, or taken from the first line of stdin.

A backup holds no key for proofs. Those of this machine stay; where there are none, new ones are made: hand 'chipproof keys export' to the relying parties.

All sessions end. Backup codes, grants and the sealed sheet are void, for some may have been used since the backup; passwords and apps stay good. The log goes on with an entry that names both heads. Afterwards: 'chipproof user sheet' for a new sealed sheet, and new backup codes for everybody.

Exit codes: 0 restored, and the log holds; 1 restored, and the log has problems; 2 nothing was changed.`
}

func (c *restoreCmd) run(ctx context.Context, p *program) error {
	dir, err := c.Data.path(dataPaths(), privileged())
	if err != nil {
		return err
	}
	if err := c.Data.trusted(dir); err != nil {
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
	restored, err := restoreSite(ctx, dir, c.Data.keys(dir), store.RestoreOptions{
		From: c.File, Identities: identities, CheckpointDir: c.Data.checkpoints(), Witnesses: witnesses, Log: p.log,
	})
	if err != nil {
		return err
	}
	if err := p.printRestored(dir, restored, c.JSON); err != nil {
		return err
	}
	if !restored.Verified.OK {
		return errNo
	}
	return nil
}

// restoreSite restores into a folder, which is made if need be.
func restoreSite(ctx context.Context, dir, keyDir string, o store.RestoreOptions) (store.Restored, error) {
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
	if err := errors.Join(noLink(keyDir), regularIfThere(keyDir, append(secretFiles(), auditPublic)...)); err != nil {
		return store.Restored{}, fmt.Errorf("look at keys: %w", err)
	}
	o.Dir, o.Keys, o.UID = dir, store.KeyFilesIn(keyDir), id
	restored, err := store.RestoreBackup(ctx, o)
	if err != nil {
		return store.Restored{}, err
	}
	if err := keepPublicLine(keyDir, restored.Public); err != nil {
		return store.Restored{}, err
	}
	return restored, completeSite(ctx, dir, keyDir, siteOptions{checkpoints: o.CheckpointDir, log: o.Log})
}

// completeSite makes what no backup has: the keys for proofs, on a machine that
// has none. Relying parties must be handed the new ones.
func completeSite(ctx context.Context, dir, keyDir string, o siteOptions) error {
	s, err := openSite(ctx, dir, keyDir, o)
	if err != nil {
		return err
	}
	var failed error
	for _, ring := range proofRingNames() {
		k := s.proofKeys(ring)
		if _, err := k.read(); errors.Is(err, errProofKeyMissing) {
			failed = errors.Join(failed, s.makeProofKeys(ctx, k))
		}
	}
	return errors.Join(failed, s.close(ctx))
}

func (c *restoreCmd) identities(p *program) ([]age.Identity, error) {
	if len(c.Identity) == 0 {
		passphrase, err := p.ask(api.Text{TH: "วลีรหัสผ่านของไฟล์สำรอง", EN: "passphrase of the backup"}, 1)
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
			return nil, &usageError{err: fmt.Errorf("--identity: %w", err), help: "chipproof restore --help"}
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

func (p *program) printRestored(dir string, r store.Restored, asJSON bool) error {
	if asJSON {
		return printJSON(p.out, restoredLine{dir, r.Backup.Made, r.Restore, r.Public, r.Replaced, r.Erased, r.Returned, r.Verified})
	}
	fmt.Fprintf(p.out, "%s: %s (%s)\n", p.say.label(api.Text{TH: "กู้คืนแล้วที่", EN: "restored"}), dir, p.moment(r.Backup.Made))
	fmt.Fprintf(p.out, "  %s: %s\n", p.say.label(api.Text{TH: "กุญแจสาธารณะของบันทึก เทียบกับฉบับที่เก็บไว้", EN: "public key of the log, compare with your copy"}), r.Public)
	if r.Restore.Lost != "" {
		fmt.Fprintf(p.out, "  %s: %s\n", p.say.label(api.Text{TH: "รายการที่หายไป", EN: "entries that are lost"}), r.Restore.Lost)
	}
	if r.Replaced != "" {
		fmt.Fprintf(p.out, "  %s: %s\n", p.say.label(api.Text{TH: "ของเดิมเก็บไว้ที่ ลบเมื่อไม่ต้องใช้แล้ว", EN: "what was there is kept as, delete it when you are done"}), r.Replaced)
	}
	p.printReturned(r.Returned)
	fmt.Fprintf(p.out, "  %s\n", p.say.label(api.Text{
		TH: "ต่อไป: chipproof user sheet (ซองฉุกเฉินใหม่) และให้ทุกคนออกรหัสสำรองใหม่",
		EN: "next: chipproof user sheet (a new sealed sheet), and new backup codes for everybody",
	}))
	return p.printVerdict(r.Verified, false)
}

// printReturned says what the restore has shut again, and what has become more
// permissive than it was, for people to look at.
func (p *program) printReturned(r store.Returned) {
	if !r.Compared {
		fmt.Fprintf(p.out, "  ⚠ %s\n", p.say.label(api.Text{
			TH: "ไม่มีฐานข้อมูลเดิมที่เทียบได้: ผู้ใช้ที่ปิดไปแล้ว เว็บไซต์ที่เพิกถอน และปัจจัยที่ถอดหลังสำรองข้อมูล กลับมาใช้ได้อีก ตรวจด้วย chipproof user list และ chipproof origin list",
			EN: "no former database to compare with: accounts disabled, web sites revoked and factors removed since the backup are good again; look with chipproof user list and chipproof origin list",
		}))
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
			fmt.Fprintf(p.out, "  %s: %s\n", p.say.label(line.text), strings.Join(line.names, ", "))
		}
	}
}
