package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cmd/internal/program"
	"chipproof/cmd/internal/programtest"
	"chipproof/mfa"
)

// kills is how often the program is killed, as often as package store kills what
// is below it.
var kills = flag.Int("kills", programtest.Kills, "how often the agent is killed at a random moment")

// TestNothingThatWasAnsweredIsLostWhenTheAgentIsKilled ends the program with
// SIGKILL at random moments while people log in and cards are read, again and
// again on the same data. It runs the program built without the race detector
// (style §5.9).
func TestNothingThatWasAnsweredIsLostWhenTheAgentIsKilled(t *testing.T) {
	k := newKillBench(t)
	random := rand.New(rand.NewPCG(rand.Uint64(), 0))
	for run := range *kills {
		k.Run(run, time.Duration(random.Int64N(int64(killWithin))))
	}
	k.check()
	t.Logf("%d kills: %d logins and %d reads were answered, and none is lost", *kills, len(k.sessions), len(k.reads))
	assert.NotEmpty(t, k.sessions, "people got in between two kills")
	assert.NotEmpty(t, k.reads, "cards were read between two kills")
}

// killWithin is the longest that a program lives: about as long as it takes to
// start, to let two people in, and to read some cards.
const killWithin = 500 * time.Millisecond

type killBench struct {
	testing.TB
	program, data, second string
	people                []*programtest.Visitor
	origins               int

	sessions []session // that were answered as active
	reads    []string  // ids that were answered
}

// session is one, with the code that opened it.
type session struct{ user, cookie, code string }

func newKillBench(t *testing.T) *killBench {
	k := &killBench{TB: t, program: plainProgram(t), data: newData(t), second: t.TempDir(), origins: 20}
	s, err := openSite(t.Context(), k.data, filepath.Join(k.data, program.KeyFolder), program.SiteOptions{})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close(context.Background())) }()
	for n := range 1 + *kills/3 {
		k.people = append(k.people, enrolled(t, s, fmt.Sprintf("clerk%d", n)))
	}
	d := &demo{site: s}
	var origins []string
	for n := range k.origins {
		origins = append(origins, killOrigin(n))
	}
	require.NoError(t, d.approve(t.Context(), origins))
	return k
}

func killOrigin(n int) string { return fmt.Sprintf("http://localhost:%d", 9000+n) }

// run starts the agent, lets people log in and pages read until it is killed.
func (k *killBench) Run(n int, life time.Duration) {
	k.Helper()
	cmd := exec.Command(k.program, "serve", "--driver", "simulator", "--listen", "127.0.0.1:0", "--lang", "en",
		"--data", k.data, "--checkpoint-dir", k.second, "--log-level", "error")
	cmd.Env = append(os.Environ(), "CHIPPROOF_CONFIG="+os.DevNull)
	stderr, err := cmd.StderrPipe()
	require.NoError(k, err)
	require.NoError(k, cmd.Start())
	killer := time.AfterFunc(life, func() { _ = cmd.Process.Kill() })
	said := bufio.NewReader(stderr)
	line, err := said.ReadString('\n')
	if err == nil {
		_, rest, found := strings.Cut(line, "http://")
		require.True(k, found, "the data opens after the last kill: %s", line)
		k.work(n, "http://"+strings.Fields(rest)[0])
	}
	_, _ = io.Copy(io.Discard, said) // until it is dead
	killer.Stop()
	_ = cmd.Wait() // killed, as it is meant to be
}

// work goes on until an answer is missing.
func (k *killBench) work(n int, url string) {
	for i := 0; ; i++ {
		who := k.people[(3*n+i)%len(k.people)]
		if !k.login(who, url) || !k.read(url, killOrigin(i%k.origins)) {
			return
		}
	}
}

// login uses up one backup code. Its answer is the agent's word that it is used
// and that the session is there.
func (k *killBench) login(who *programtest.Visitor, url string) bool {
	if len(who.Codes) == 0 {
		return true
	}
	if who.GivePassword(url, who.Name) != nil {
		return false
	}
	code := who.Codes[0]
	who.Codes = who.Codes[1:] // never again, since nobody knows whether it was taken
	if _, err := who.Own(url, "/v1/sessions/current/backup-code", fmt.Sprintf(`{"code":%q}`, code), http.StatusOK); err != nil {
		return false
	}
	for name, value := range who.Cookies {
		k.sessions = append(k.sessions, session{who.Name, name + "=" + value, code})
	}
	return true
}

func (k *killBench) read(url, origin string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), programtest.Patience)
	defer cancel()
	r, err := programtest.Request(ctx, http.MethodPost, url+"/v1/reads", []string{"Origin: " + origin, "Content-Type: application/json", formFill}, nil)
	require.NoError(k, err)
	a, err := programtest.AnswerTo(r)
	if err != nil {
		return false
	}
	var read struct {
		ID string `json:"id"`
	}
	if a.Status == http.StatusOK && json.Unmarshal([]byte(a.Body), &read) == nil {
		k.reads = append(k.reads, read.ID)
	}
	return true
}

// check holds the data to what was answered.
func (k *killBench) check() {
	k.Helper()
	out, err := exec.Command(k.program, "audit", "verify", "--data", k.data, "--checkpoint-dir", k.second, "--json").Output()
	require.NoError(k, err, "the log holds, and has every checkpoint in it that left the machine: %s", out)

	export := filepath.Join(k.TempDir(), "log.jsonl")
	require.NoError(k, exec.Command(k.program, "audit", "export", export, "--data", k.data).Run())
	logged, err := os.ReadFile(export)
	require.NoError(k, err)
	for _, id := range k.reads {
		assert.Contains(k, string(logged), `"read":"`+id+`"`, "a read that was answered stands in the log")
	}

	agent := startServing(k, k.program, "--data", k.data, "--driver", "simulator")
	for _, was := range k.sessions {
		r, err := programtest.Request(k.Context(), http.MethodGet, agent.url+"/v1/sessions/current", []string{"Cookie: " + was.cookie}, nil)
		require.NoError(k, err)
		a, err := programtest.AnswerTo(r)
		require.NoError(k, err)
		assert.Contains(k, a.Body, `"state":"active","user":"`+was.user+`"`, "a login that was answered is there")
	}
	tried := map[string]bool{}
	for _, was := range k.sessions {
		if len(tried) < 3 && !tried[was.user] { // one is one run of argon2
			tried[was.user] = true
			again := &programtest.Visitor{Name: was.user, Cookies: map[string]string{}}
			require.NoError(k, again.GivePassword(agent.url, was.user))
			_, err := again.Own(agent.url, "/v1/sessions/current/backup-code", fmt.Sprintf(`{"code":%q}`, was.code), http.StatusUnauthorized)
			assert.NoError(k, err, "a code that was answered is used up")
		}
	}
	agent.stop(k)
}

// enrolled is a clerk with a password and ten codes on paper, made without the
// agent and with a hash that costs little.
func enrolled(t testing.TB, s *site, name string) *programtest.Visitor {
	t.Helper()
	service, err := mfa.New(mfa.Config{
		Store: s.Store, Keys: s.Rings[program.RingSecrets], Pepper: s.Rings[program.RingPepper], Argon2: mfa.Argon2{MemoryKiB: 8, Passes: 1, Threads: 1},
	})
	require.NoError(t, err)
	invitation, err := service.AddUser(t.Context(), s.By, name, mfa.RoleStaff)
	require.NoError(t, err)
	key, err := service.StartEnrolment(t.Context(), invitation.Grant, mfa.Hide(programtest.PasswordInTests))
	require.NoError(t, err)
	code, err := mfa.Code(key.Secret, time.Now())
	require.NoError(t, err)
	codes, err := service.FinishEnrolment(t.Context(), invitation.Grant, code)
	require.NoError(t, err)
	v := &programtest.Visitor{Name: name, Cookies: map[string]string{}}
	for _, c := range codes {
		v.Codes = append(v.Codes, c.Reveal())
	}
	return v
}
