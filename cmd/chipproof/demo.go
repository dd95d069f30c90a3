package main

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"chipproof/cmd/internal/program"
	"chipproof/mfa"
)

// demo is a site to be thrown away, with one clerk in it whose password and app
// this program knows by itself. It exists in test mode only.
type demo struct {
	log *slog.Logger
	// compat: drop-in ports are open, and the origins may ask there, too.
	compat bool

	dir      string
	site     *site
	origin   string // the first of those that may ask
	user     string
	password mfa.Hidden
	app      *demoApp
}

// demoUser is the clerk of demonstrations.
const demoUser = "demo"

// open makes it in a temporary folder, which remove takes away.
func (d *demo) open(ctx context.Context, origins []string) (_ *site, err error) {
	if d.dir, err = os.MkdirTemp("", "chipproof-demo-*"); err != nil {
		return nil, fmt.Errorf("make demonstration: %w: %w", program.ErrFileUnwritable, err)
	}
	data := filepath.Join(d.dir, "data")
	keys := filepath.Join(data, program.KeyFolder)
	var grant mfa.Hidden
	err = program.CreateSite(ctx, kind(), data, keys, func(s *program.Site) error {
		if _, err := s.Begin(ctx, "admin"); err != nil {
			return err
		}
		invitation, err := s.MFA.AddUser(ctx, s.By, d.user, mfa.RoleStaff)
		grant = invitation.Grant
		return err
	})
	if err != nil {
		return nil, err
	}
	opened, err := program.OpenSite(ctx, kind(), data, keys, program.SiteOptions{Log: d.log})
	if err != nil {
		return nil, err
	}
	d.site = counterSite(opened)
	if err := errors.Join(d.enrol(ctx, grant), d.approve(ctx, origins)); err != nil {
		return nil, errors.Join(err, d.site.Close(ctx))
	}
	return d.site, nil
}

// enrol does what a person does with the grant and a phone.
func (d *demo) enrol(ctx context.Context, grant mfa.Hidden) error {
	raw := make([]byte, 10)
	if _, err := rand.Read(raw); err != nil {
		return fmt.Errorf("make demonstration: %w", err)
	}
	d.password = mfa.Hide("demo-" + strings.ToLower(base32.StdEncoding.EncodeToString(raw)))
	key, err := d.site.MFA.StartEnrolment(ctx, grant, d.password)
	if err != nil {
		return fmt.Errorf("make demonstration: %w", err)
	}
	// The code of the step before this one, so that the present one is still
	// good for the first login.
	code, err := mfa.Code(key.Secret, time.Now().Add(-mfa.StepLength))
	if err != nil {
		return fmt.Errorf("make demonstration: %w", err)
	}
	if _, err := d.site.MFA.FinishEnrolment(ctx, grant, code); err != nil {
		return fmt.Errorf("make demonstration: %w", err)
	}
	d.app = &demoApp{secret: key.Secret}
	return nil
}

// remove takes everything away, after the site was closed.
func (d *demo) remove() error {
	if d.dir == "" {
		return nil
	}
	return os.RemoveAll(d.dir)
}

// demoApp is the authenticator app of the clerk. A code is good once, so it
// shows none twice.
type demoApp struct {
	secret mfa.Secret
	mu     sync.Mutex
	shown  int64 // step of the last code
}

// next is a code that was not shown yet, and until when it is taken. Without
// one, because the next is too far ahead, only the time is given: when to ask
// again.
func (a *demoApp) next(now time.Time) (code mfa.Hidden, ok bool, until time.Time, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	step := max(a.shown+1, mfa.Step(now))
	if step > mfa.Step(now)+1 { // one step ahead is taken, two aren't
		return mfa.Hidden{}, false, mfa.StepStart(step - 1), nil
	}
	code, err = mfa.Code(a.secret, mfa.StepStart(step))
	if err != nil {
		return mfa.Hidden{}, false, time.Time{}, fmt.Errorf("show a code: %w", err)
	}
	a.shown = step
	return code, true, mfa.StepStart(step + 2), nil
}
