package program

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
)

// Site is an open data folder: what commands and `serve` work with.
type Site struct {
	kind        Kind
	Dir, KeyDir string
	By          mfa.By
	Actor       string // the same, as entries say it
	Log         *slog.Logger

	Store      *store.Store
	Audit      *store.AuditLog
	MFA        *mfa.Service
	fresh      *freshKeys
	Rings      map[string]*mfa.Keyring // by the names of package mfa
	auditKey   *audit.Key
	Pseudonyms atomic.Pointer[audit.PseudonymRing] // nil where the log names no citizens
}

// SiteOptions are what differs between those who open a site.
type SiteOptions struct {
	Checkpoints string   // second place of checkpoints; none when empty
	Agency      []string // names of the agency: shown in apps, refused as passwords
	Log         *slog.Logger
}

// OnSite opens the data folder for one act of whoever runs the command. No act
// on a folder of another account.
func OnSite[T any](ctx context.Context, p *Program, d DataDir, act func(*Site) (T, error)) (T, error) {
	var none T
	s, err := d.Open(ctx, p.Kind, SiteOptions{Log: p.Log})
	if err != nil {
		return none, err
	}
	done, err := act(s)
	if err := errors.Join(err, s.Close(ctx)); err != nil {
		return none, err
	}
	return done, nil
}

// Open opens the folder that the flags name. Errors: those of [DataDir.trusted],
// [store.ErrMissing], [store.ErrOtherProgram], [errDataOpen],
// [ErrKeyFileMissing], [mfa.ErrKeyWrong], [mfa.ErrKeyMissing], those of [store.Open].
func (d DataDir) Open(ctx context.Context, k Kind, o SiteOptions) (*Site, error) {
	dir, err := d.find(k)
	if err != nil {
		return nil, err
	}
	if err := d.trusted(k, dir); err != nil {
		return nil, fmt.Errorf("open data folder %s: %w", dir, err)
	}
	o.Checkpoints = d.checkpoints()
	return OpenSite(ctx, k, dir, d.keys(dir), o)
}

// OpenSite opens a folder that is known to be safe to work in. Errors: as of
// [DataDir.Open].
func OpenSite(ctx context.Context, k Kind, dir, keyDir string, o SiteOptions) (*Site, error) {
	s, err := prepareSite(k, dir, keyDir, o)
	if err == nil {
		err = s.openStore(ctx, store.Open, o)
	}
	if err == nil {
		if err = s.MFA.CheckKeys(ctx); err != nil {
			err = errors.Join(err, s.Close(ctx))
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
func prepareSite(k Kind, dir, keyDir string, o SiteOptions) (*Site, error) {
	id, err := accountID()
	if err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil, store.ErrMissing
	}
	if err := private(dir); err != nil {
		return nil, err
	}
	// The two programs' keys have the same names: which was meant is told by the
	// database.
	if err := k.Store.CheckFolder(dir); err != nil {
		return nil, err
	}
	s := &Site{kind: k, Dir: dir, KeyDir: keyDir, By: mfa.ByOS(id), Actor: "os:" + id, Log: o.Log}
	s.fresh = newFreshKeys(s)
	return s, s.readKeys()
}

// opener is [store.Open] or [store.Create].
type opener func(context.Context, string, store.Options) (*store.Store, error)

func (s *Site) openStore(ctx context.Context, open opener, o SiteOptions) error {
	log, err := store.NewAuditLog(store.AuditOptions{Key: s.auditKey, CheckpointDir: o.Checkpoints, Log: s.Log})
	if err != nil {
		return err
	}
	if s.Store, err = open(ctx, s.Dir, store.Options{Recorder: log, Program: s.kind.Store}); err != nil {
		return err
	}
	s.Audit = log
	// Before the log begins to sign: a wrong key would put its checkpoint in the
	// place of the right one's.
	if err := s.checkAuditKey(ctx); err != nil {
		return errors.Join(err, s.Close(ctx))
	}
	log.Attach(s.Store)
	issuer := ""
	if len(o.Agency) > 0 {
		issuer = o.Agency[0]
	}
	s.fresh.Store = s.Store
	s.MFA, err = mfa.New(mfa.Config{
		Store: s.fresh, Keys: s.Rings[RingSecrets], Pepper: s.Rings[RingPepper],
		Issuer: issuer, Agency: o.Agency, Desk: s.kind.Desk,
	})
	if err != nil {
		return errors.Join(err, s.Close(ctx))
	}
	return nil
}

// Close signs a last checkpoint and closes the database. That a checkpoint can't
// be signed or sent undoes nothing: every entry is durable already.
func (s *Site) Close(ctx context.Context) error {
	if err := s.Audit.Close(context.WithoutCancel(ctx)); err != nil {
		s.Log.Warn("audit checkpoint not written", "cause", err)
	}
	if err := s.Store.Close(); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

// Record writes an entry about what a command does that has no rows of its own,
// before it is done.
func (s *Site) Record(ctx context.Context, e audit.Event) error {
	e.Actor = s.Actor
	_, err := s.Audit.Append(ctx, e)
	return err
}

// account is one account, by the name that was typed.
func (s *Site) account(ctx context.Context, typed string) (mfa.Account, error) {
	name, err := mfa.ParseUserName(typed)
	if err != nil {
		return mfa.Account{}, err
	}
	accounts, err := s.MFA.Accounts(ctx, s.By)
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
