package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync/atomic"

	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/store"
	counterstore "chipproof/store/counter"
)

// site is an open data folder: what commands and `serve` work with.
type site struct {
	dir, keyDir string
	by          mfa.By
	actor       string // the same, as entries say it
	log         *slog.Logger

	store      *store.Store
	audit      *store.AuditLog
	records    *counterstore.Records
	mfa        *mfa.Service
	fresh      *freshKeys
	rings      map[string]*mfa.Keyring // by the names of package mfa
	auditKey   *audit.Key
	pseudonyms atomic.Pointer[audit.PseudonymRing]
}

// siteOptions are what differs between those who open a site.
type siteOptions struct {
	checkpoints string   // second place of checkpoints; none when empty
	agency      []string // names of the agency: shown in apps, refused as passwords
	log         *slog.Logger
}

// onSite opens the data folder for one act of whoever runs the command. No act
// on a folder of another account.
func onSite[T any](ctx context.Context, p *program, d dataDir, act func(*site) (T, error)) (T, error) {
	var none T
	s, err := d.open(ctx, siteOptions{log: p.log})
	if err != nil {
		return none, err
	}
	done, err := act(s)
	if err := errors.Join(err, s.close(ctx)); err != nil {
		return none, err
	}
	return done, nil
}

// open opens the folder that the flags name. Errors: those of [dataDir.trusted],
// [store.ErrMissing], [errDataOpen], [errKeyFileMissing], [mfa.ErrKeyWrong],
// [mfa.ErrKeyMissing], those of [store.Open].
func (d dataDir) open(ctx context.Context, o siteOptions) (*site, error) {
	dir, err := d.path(dataPaths(), privileged())
	if err != nil {
		return nil, err
	}
	if err := d.trusted(dir); err != nil {
		return nil, fmt.Errorf("open data folder %s: %w", dir, err)
	}
	o.checkpoints = d.checkpoints()
	return openSite(ctx, dir, d.keys(dir), o)
}

func openSite(ctx context.Context, dir, keyDir string, o siteOptions) (*site, error) {
	s, err := prepareSite(dir, keyDir, o)
	if err == nil {
		err = s.openStore(ctx, store.Open, o)
	}
	if err == nil {
		if err = s.mfa.CheckKeys(ctx); err != nil {
			err = errors.Join(err, s.close(ctx))
		}
	}
	if errors.Is(err, fs.ErrPermission) {
		err = fmt.Errorf("%w: %w", errDataDenied, err)
	}
	if err != nil {
		return nil, fmt.Errorf("open data folder %s: %w", dir, err)
	}
	return s, nil
}

// prepareSite reads what stands beside the database.
func prepareSite(dir, keyDir string, o siteOptions) (*site, error) {
	id, err := accountID()
	if err != nil {
		return nil, err
	}
	if o.log == nil {
		o.log = slog.New(slog.DiscardHandler)
	}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil, store.ErrMissing
	}
	if err := private(dir); err != nil {
		return nil, err
	}
	s := &site{dir: dir, keyDir: keyDir, by: mfa.ByOS(id), actor: "os:" + id, log: o.log}
	s.fresh = newFreshKeys(s)
	return s, s.readKeys()
}

// opener is [store.Open] or [store.Create].
type opener func(context.Context, string, store.Options) (*store.Store, error)

func (s *site) openStore(ctx context.Context, open opener, o siteOptions) error {
	log, err := store.NewAuditLog(store.AuditOptions{Key: s.auditKey, CheckpointDir: o.checkpoints, Log: s.log})
	if err != nil {
		return err
	}
	if s.store, err = open(ctx, s.dir, store.Options{Recorder: log}); err != nil {
		return err
	}
	s.audit, s.records = log, counterstore.New(s.store, log)
	// Before the log begins to sign: a wrong key would put its checkpoint in the
	// place of the right one's.
	if err := s.checkAuditKey(ctx); err != nil {
		return errors.Join(err, s.close(ctx))
	}
	log.Attach(s.store)
	issuer := ""
	if len(o.agency) > 0 {
		issuer = o.agency[0]
	}
	s.fresh.Store = s.store
	s.mfa, err = mfa.New(mfa.Config{
		Store: s.fresh, Keys: s.rings[ringSecrets], Pepper: s.rings[ringPepper],
		Issuer: issuer, Agency: o.agency, Desk: true,
	})
	if err != nil {
		return errors.Join(err, s.close(ctx))
	}
	return nil
}

// close signs a last checkpoint and closes the database. That a checkpoint can't
// be signed or sent undoes nothing: every entry is durable already.
func (s *site) close(ctx context.Context) error {
	if err := s.audit.Close(context.WithoutCancel(ctx)); err != nil {
		s.log.Warn("audit checkpoint not written", "cause", err)
	}
	if err := s.store.Close(); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

// record writes an entry about what a command does that has no rows of its own,
// before it is done.
func (s *site) record(ctx context.Context, e audit.Event) error {
	e.Actor = s.actor
	_, err := s.audit.Append(ctx, e)
	return err
}

// account is one account, by the name that was typed.
func (s *site) account(ctx context.Context, typed string) (mfa.Account, error) {
	name, err := mfa.ParseUserName(typed)
	if err != nil {
		return mfa.Account{}, err
	}
	accounts, err := s.mfa.Accounts(ctx, s.by)
	if err != nil {
		return mfa.Account{}, err
	}
	for _, a := range accounts {
		if a.Name == name {
			return a, nil
		}
	}
	return mfa.Account{}, mfa.ErrUserUnknown
}
