package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"chipproof/mfa"
	"chipproof/simulator"
)

// demoClerk sits at the desk of `sim card`, logged in by this program with the
// password and the app of the demonstration, so that a page under development is
// answered without anybody typing codes. Test mode only.
type demoClerk struct {
	demo *demo

	mu    sync.Mutex
	token mfa.Token
	held  bool // as the developer wishes
}

// errNoCode is for a desk that is taken more often than codes come.
var errNoCode = errors.New("no new code yet")

// take logs in with both factors, or takes the desk with the session that is
// still there.
func (c *demoClerk) take(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = true
	return c.sit(ctx)
}

func (c *demoClerk) sit(ctx context.Context) error {
	service := c.demo.site.MFA
	if err := service.TakeDesk(ctx, c.token); err == nil {
		return nil
	}
	entry, err := service.Login(ctx, mfa.Login{UserName: c.demo.user, Password: c.demo.password, Agent: "chipproof sim card"})
	if err != nil {
		return fmt.Errorf("take desk: %w", err)
	}
	code, ok, until, err := c.demo.app.next(time.Now())
	if err != nil {
		return fmt.Errorf("take desk: %w", err)
	}
	if !ok {
		return fmt.Errorf("take desk: %w: wait until %s", errNoCode, until.Local().Format(time.TimeOnly))
	}
	if entry, err = service.GiveTOTP(ctx, entry.Token, code); err != nil {
		return fmt.Errorf("take desk: %w", err)
	}
	c.token = entry.Token
	return nil
}

// leave empties the desk without logging out.
func (c *demoClerk) leave(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = false
	if err := c.demo.site.MFA.LeaveDesk(ctx, c.token); err != nil && !errors.Is(err, mfa.ErrMFARequired) {
		return fmt.Errorf("leave desk: %w", err)
	}
	return nil
}

// awake is well below the hour after which a session locks.
const awake = 20 * time.Minute

// stayAwake keeps the session from locking until ctx ends, as a person's acts
// would, and logs in anew when its day is over.
func (c *demoClerk) stayAwake(ctx context.Context) {
	for {
		timer := time.NewTimer(awake)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		if err := c.touch(ctx); err != nil {
			c.demo.log.Warn("nobody at the desk", "cause", err)
		}
	}
}

func (c *demoClerk) touch(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	err := c.demo.site.MFA.Touch(ctx, c.token)
	if errors.Is(err, mfa.ErrMFARequired) && c.held {
		return c.sit(ctx)
	}
	return err
}

// set is take or leave.
func (c *demoClerk) set(ctx context.Context, hold holding) error {
	if hold == deskTaken {
		return c.take(ctx)
	}
	return c.leave(ctx)
}

// holding is what is wished of the desk.
type holding string

const (
	deskTaken holding = "take"
	deskLeft  holding = "leave"
)

// withDesk is the machine that also obeys "desk take" and "desk leave".
type withDesk struct {
	*simulator.Machine
	clerk *demoClerk
}

// Command is [simulator.Machine.Command] with the desk's two besides.
func (w withDesk) Command(ctx context.Context, line string) (string, error) {
	words := strings.Fields(line)
	if len(words) == 0 || words[0] != "desk" {
		return w.Machine.Command(ctx, line)
	}
	if len(words) != 2 || words[1] != string(deskTaken) && words[1] != string(deskLeft) {
		return "", errors.New("desk take, desk leave")
	}
	return "", w.clerk.set(ctx, holding(words[1]))
}
