package office

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"chipproof/audit"
	"chipproof/exposure"
	"chipproof/exposure/detect"
	"chipproof/exposure/job"
	"chipproof/store"
)

// Assets is the register of the systems that the agency holds (A05). It is safe
// for concurrent use, also by several processes.
type Assets struct {
	store *store.Store
	log   *store.AuditLog
}

// NewAssets gives the rows of an open store whose audit log is log.
func NewAssets(s *store.Store, log *store.AuditLog) *Assets { return &Assets{store: s, log: log} }

const (
	maxAssets = 10_000
	maxTarget = 2000 // bytes
)

// Save puts a whole register in the place of the former one. Errors:
// [job.ErrAssetInvalid], [audit.ErrUnavailable].
func (a *Assets) Save(ctx context.Context, by job.Actor, assets []exposure.Asset, at time.Time) error {
	if err := checkAssets(assets); err != nil {
		return fmt.Errorf("save assets: %w", err)
	}
	err := a.log.Write(ctx, func(tx *sql.Tx) error {
		before, err := readAssets(ctx, tx)
		if err != nil {
			return err
		}
		if err := run(ctx, tx, `DELETE FROM asset`); err != nil {
			return err
		}
		for i, asset := range assets {
			row, err := packed(asset)
			if err != nil {
				return err
			}
			if err := run(ctx, tx, `INSERT INTO asset (name, number, asset) VALUES (?, ?, ?)`, asset.Name, i, row); err != nil {
				return err
			}
		}
		_, err = a.log.AppendTx(ctx, tx, audit.Event{
			Kind: audit.KindAssetsChanged, At: at, Actor: by.ID, Session: by.Session, Attributes: assetChanges(before, assets),
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("save assets: %w", err)
	}
	return nil
}

// assetChanges counts; names of owners stay out of the log.
func assetChanges(before, after []exposure.Asset) map[string]string {
	old := map[string]exposure.Asset{}
	for _, a := range before {
		old[a.Name] = a
	}
	added, changed := 0, 0
	for _, a := range after {
		was, there := old[a.Name]
		switch {
		case !there:
			added++
		case !reflect.DeepEqual(was, a):
			changed++
		}
		delete(old, a.Name)
	}
	return map[string]string{
		"assets": strconv.Itoa(len(after)), "added": strconv.Itoa(added), "removed": strconv.Itoa(len(old)), "changed": strconv.Itoa(changed),
	}
}

// checkAssets holds a register to its form, and keeps personal data out of it.
func checkAssets(assets []exposure.Asset) error {
	mask := detect.New()
	names := map[string]bool{}
	if len(assets) > maxAssets {
		return fmt.Errorf("%w: too many", job.ErrAssetInvalid)
	}
	for i, a := range assets {
		switch {
		case strings.TrimSpace(a.Name) == "" || len(a.Name) > maxTarget || names[a.Name] || hidesPerson(mask, a.Name):
			return fmt.Errorf("%w: asset %d: name", job.ErrAssetInvalid, i+1)
		case strings.TrimSpace(a.Owner) == "" || len(a.Owner) > maxTarget || identifies(mask, a.Owner):
			return fmt.Errorf("%w: asset %d: owner", job.ErrAssetInvalid, i+1)
		case len(a.Targets) == 0 || len(a.Targets) > mostRows:
			return fmt.Errorf("%w: asset %d: targets", job.ErrAssetInvalid, i+1)
		case len(a.Processor) > maxTarget || identifies(mask, a.Processor):
			return fmt.Errorf("%w: asset %d: processor", job.ErrAssetInvalid, i+1)
		}
		names[a.Name] = true
		for _, t := range a.Targets {
			if strings.TrimSpace(t) == "" || len(t) > maxTarget || hidesPerson(mask, t) {
				return fmt.Errorf("%w: asset %d: targets", job.ErrAssetInvalid, i+1)
			}
		}
		for _, c := range a.Classes {
			if !slices.Contains(detect.Classes(), c) {
				return fmt.Errorf("%w: asset %d: classes", job.ErrAssetInvalid, i+1)
			}
		}
	}
	return nil
}

// hidesPerson says that a report would mask something in a text.
func hidesPerson(mask *detect.Detector, text string) bool {
	shown, hits := mask.Plain(text)
	if len(hits) > 0 || shown != text {
		return true
	}
	plain, err := url.PathUnescape(text)
	if err != nil {
		return false
	}
	shown, hits = mask.Plain(plain)
	return len(hits) > 0 || shown != plain
}

// identifies says that a text holds more of a person than an official's name and
// contact: who answers for a system is such a name.
func identifies(mask *detect.Detector, text string) bool {
	_, hits := mask.Plain(text)
	return slices.ContainsFunc(hits, func(h detect.Hit) bool {
		return !slices.Contains([]detect.Class{detect.Name, detect.Phone, detect.Email, detect.Address}, h.Class)
	})
}

// List gives the register in the order in which it was saved.
func (a *Assets) List(ctx context.Context) (list []exposure.Asset, err error) {
	err = a.store.Read(ctx, func(tx *sql.Tx) error {
		list, err = readAssets(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read assets: %w", err)
	}
	return list, nil
}

func readAssets(ctx context.Context, tx *sql.Tx) ([]exposure.Asset, error) {
	return allRows(ctx, tx, func(r rowScanner) (a exposure.Asset, err error) {
		var row []byte
		if err := r.Scan(&row); err != nil {
			return a, err
		}
		return a, unpack(row, &a)
	}, `SELECT asset FROM asset ORDER BY number`)
}

// Coverage says for each target of each asset when a scan last came to its end
// there. [exposure.NeverScanned] picks those that none ever did.
func (a *Assets) Coverage(ctx context.Context) (list []exposure.Covered, err error) {
	err = a.store.Read(ctx, func(tx *sql.Tx) error {
		assets, err := readAssets(ctx, tx)
		if err != nil {
			return err
		}
		scans, err := allRows(ctx, tx, func(r rowScanner) (p exposure.Past, err error) {
			row, err := scanScan(r)
			return exposure.Past{Roots: append(row.Roots, row.covers...), Ended: row.Ended, Complete: true}, err
		}, selectScan+` WHERE state = 'complete' AND tool = ? ORDER BY begun_tick`, ourTool)
		list = exposure.Coverage(assets, scans)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read coverage: %w", err)
	}
	return list, nil
}
