package mfa_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
	"chipproof/store"
	"chipproof/store/storetest"
)

func TestOfFiftyRequestsWithOneCodeInOneSessionExactlyOneWins(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	e := o.half(p)
	right, wrong := together(50, func(int) error {
		_, err := o.GiveTOTP(t.Context(), e.Token, o.code(p))
		return err
	})
	assert.Equal(t, 1, right)
	assert.Len(t, wrong, 49)
	assert.Len(t, o.events(mfa.EventLoggedIn), 1)
}

func TestOfFiftySessionsWithOneCodeExactlyOneWins(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	var sessions []mfa.Entry
	for range 50 {
		sessions = append(sessions, o.half(p))
	}
	right, wrong := together(50, func(i int) error {
		_, err := o.GiveTOTP(t.Context(), sessions[i].Token, o.code(p))
		return err
	})
	assert.Equal(t, 1, right)
	assert.Len(t, wrong, 49)
	active := 0
	for _, e := range sessions {
		if s, err := o.Session(t.Context(), e.Token); err == nil && s.State == mfa.StateActive {
			active++
		}
	}
	assert.Zero(t, active, "the winner has a new token; no old one is active")
}

func TestOfFiftyStepUpsWithOneCodeExactlyOneWins(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	e := o.login(p)
	right, _ := together(50, func(int) error {
		_, err := o.GiveTOTP(t.Context(), e.Token, o.code(p))
		return err
	})
	assert.Equal(t, 1, right)
}

func TestOfFiftyUsesOfOneBackupCodeExactlyOneWins(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	var sessions []mfa.Entry
	for range 50 {
		sessions = append(sessions, o.half(p))
	}
	right, _ := together(50, func(i int) error {
		_, err := o.GiveBackupCode(t.Context(), sessions[i].Token, p.codes[0])
		return err
	})
	assert.Equal(t, 1, right)
}

func TestOfFiftyEnrolmentsByOneGrantExactlyOneWins(t *testing.T) {
	o := newOffice(t)
	inv := o.add("malee", mfa.RoleStaff)
	p := &person{name: "malee", password: goodPassword}
	key, err := o.StartEnrolment(t.Context(), inv.Grant, mfa.Hide(p.password))
	require.NoError(t, err)
	p.secret = key.Secret
	right, _ := together(50, func(int) error {
		_, err := o.FinishEnrolment(t.Context(), inv.Grant, o.code(p))
		return err
	})
	assert.Equal(t, 1, right)
	assert.Len(t, o.events(mfa.EventEnrolled), 1)
}

func TestTwoHundredWrongPasswordsAtOnceGetNoMoreChecksThanTheLimit(t *testing.T) {
	o := newOffice(t)
	o.enrolled("malee", mfa.RoleStaff)
	before := o.hashes.Load()
	right, wrong := together(200, func(int) error {
		_, err := o.tryPassword("malee", "ไม่ใช่รหัสนี้แน่นอน")
		return err
	})
	assert.Zero(t, right)
	checks := 0
	for _, err := range wrong {
		if !isThrottled(err) {
			require.ErrorIs(t, err, mfa.ErrLoginFailed)
			checks++
		}
	}
	assert.Equal(t, mfa.Throttling.Free+1, checks, "the free ones, and the one that set the first wait")
	assert.EqualValues(t, checks, o.hashes.Load()-before, "what was throttled was not checked")
}

// Two processes over one database: the test binary once more.

const childEnv = "CHIPPROOF_MFA_TEST_CHILD"

type childTask struct {
	Dir    string
	Now    time.Time
	Tokens []string
	Code   string
}

func TestOfTwoProcessesWithOneCodeExactlyOneRequestWins(t *testing.T) {
	o := newOffice(t)
	p := o.enrolled("malee", mfa.RoleStaff)
	require.NoError(t, os.WriteFile(filepath.Join(o.dir, "keys"), o.config.Keys.Reveal(), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(o.dir, "pepper"), o.config.Pepper.Reveal(), 0o600))

	var children []*childProcess
	for range 2 {
		task := childTask{Dir: o.dir, Now: o.clock.Now(), Code: o.code(p).Reveal()}
		for range 25 {
			task.Tokens = append(task.Tokens, o.half(p).Token.Reveal())
		}
		children = append(children, startChild(t, task))
	}
	for _, c := range children {
		c.expect("ready")
	}
	wins := 0
	for _, c := range children {
		fmt.Fprintln(c.in, "go")
	}
	for _, c := range children {
		var n int
		_, err := fmt.Sscanf(c.line(), "wins %d", &n)
		require.NoError(t, err)
		wins += n
	}
	assert.Equal(t, 1, wins)
	assert.Len(t, o.events(mfa.EventLoggedIn), 1)
}

type childProcess struct {
	testing.TB
	in  io.WriteCloser
	out *bufio.Reader
}

func startChild(t *testing.T, task childTask) *childProcess {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childEnv+"=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		in.Close() // a child that still waits for its word gives up
		assert.NoError(t, cmd.Wait())
	})
	require.NoError(t, json.NewEncoder(in).Encode(task))
	return &childProcess{t, in, bufio.NewReader(out)}
}

func (c *childProcess) line() string {
	c.Helper()
	line, err := c.out.ReadString('\n')
	require.NoError(c, err)
	return strings.TrimSpace(line)
}

func (c *childProcess) expect(want string) {
	c.Helper()
	require.Equal(c, want, c.line())
}

func child() int {
	wins, err := runChild(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println("wins", wins)
	return 0
}

func runChild(in io.Reader) (wins int, err error) {
	ctx, input := context.Background(), bufio.NewReader(in)
	first, err := input.ReadBytes('\n')
	if err != nil {
		return 0, err
	}
	var task childTask
	if err := json.Unmarshal(first, &task); err != nil {
		return 0, err
	}
	s, err := childService(ctx, task)
	if err != nil {
		return 0, err
	}
	fmt.Println("ready")
	if _, err := input.ReadString('\n'); err != nil {
		return 0, err
	}
	wins, wrong := together(len(task.Tokens), func(i int) error {
		_, err := s.GiveTOTP(ctx, mfa.TokenFrom(task.Tokens[i]), mfa.Hide(task.Code))
		return err
	})
	for _, err := range wrong {
		if !isRefusal(err) {
			return 0, err
		}
	}
	return wins, nil
}

func childService(ctx context.Context, task childTask) (*mfa.Service, error) {
	db, err := store.Open(ctx, task.Dir, store.Options{Recorder: storetest.Recorder{}})
	if err != nil {
		return nil, err
	}
	rings := map[string]*mfa.Keyring{}
	for _, name := range []string{"keys", "pepper"} {
		file, err := os.ReadFile(filepath.Join(task.Dir, name))
		if err != nil {
			return nil, err
		}
		if rings[name], err = mfa.ParseKeyring(file); err != nil {
			return nil, err
		}
	}
	s, err := mfa.New(mfa.Config{
		Store: db, Keys: rings["keys"], Pepper: rings["pepper"], Desk: true, Argon2: cheap,
		Clock: func() time.Time { return task.Now },
	})
	if err != nil {
		return nil, err
	}
	return s, s.CheckKeys(ctx)
}
