package store_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/store"
)

const kills = 200

// A process that appends is killed at a random moment, two hundred times over on
// the same log, and each time nothing acknowledged is lost. It is a program of
// its own, built without the race detector: under that, SQLite would hardly get
// past its start between two kills (style §5.9).
func TestNothingAcknowledgedIsLostToAKill(t *testing.T) {
	child := buildChild(t)
	l := newLedger(t)
	signing, err := l.key.Reveal()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(store.KeyFilesIn(l.dir).Audit, signing, 0o600))
	l.close(t)

	var (
		random  = rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
		entries = map[string]string{} // subject of each entry that was acknowledged, by number
		acts    = map[string]bool{}   // names of the users
	)
	for run := range kills {
		acks := killed(t, child, l, fmt.Sprintf("run%d", run), random)
		for line := range strings.Lines(acks) {
			if !strings.HasSuffix(line, "\n") {
				break // cut off by the kill
			}
			fields := strings.Fields(line)
			switch fields[0] {
			case "entry":
				require.Empty(t, entries[fields[1]], "a number is given once")
				entries[fields[1]] = fields[2]
			case "act":
				acts[fields[1]] = true
			default:
				t.Fatalf("unexpected line %q", line)
			}
		}
		if run%20 == 19 { // each of them is looked at, but not after each kill
			l.holds(t, entries, acts)
		}
	}
	t.Logf("%d kills, %d entries and %d acts acknowledged", kills, len(entries), len(acts))
	assert.Greater(t, len(entries), kills)
	assert.Greater(t, len(acts), kills/4)
}

func buildChild(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "auditchild")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	out, err := exec.CommandContext(t.Context(), "go", "build", "-race=false", "-o", path, "./testdata/auditchild").CombinedOutput()
	require.NoError(t, err, string(out))
	return path
}

// killed runs the child until a random moment after its first acknowledgement, or
// at times before it, and gives what it said.
func killed(t *testing.T, child string, l *ledger, name string, random *rand.Rand) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), child, l.dir, l.second, name)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewReader(stdout)
	var first string
	if random.IntN(10) > 0 { // else it is killed while it opens the store
		if first, err = lines.ReadString('\n'); err != nil {
			_ = cmd.Wait() // it ended by itself; what it complained of is whole now
			t.Fatalf("it acknowledged nothing: %v: %s", err, complaints.String())
		}
	}
	time.AfterFunc(time.Duration(random.IntN(25_000))*time.Microsecond, func() { _ = cmd.Process.Kill() })
	rest, err := io.ReadAll(lines)
	require.NoError(t, err)
	require.Error(t, cmd.Wait(), "it never ends by itself")
	require.Empty(t, complaints.String())
	return first + string(rest)
}

// holds makes sure that the database opens, the log verifies against everything
// that was published, and each acknowledged entry and act is in it.
func (l *ledger) holds(t *testing.T, entries map[string]string, acts map[string]bool) {
	t.Helper()
	l.open(t, store.Open)
	l.checkpoint(t)
	r := l.verify(t)
	require.True(t, r.OK, "%v", r.Problems)
	left := len(entries)
	added := map[string]bool{}
	for record, err := range l.store.AuditLog().Records(t.Context()) {
		require.NoError(t, err)
		e, err := audit.ParseEntry(record.Payload)
		require.NoError(t, err)
		if want := entries[fmt.Sprint(e.Number)]; want != "" {
			require.Equal(t, want, e.Subject)
			left--
		}
		if e.Kind == "user_added" {
			added[e.Subject] = true
		}
	}
	require.Zero(t, left, "acknowledged entries are missing")
	require.NoError(t, l.store.View(t.Context(), func(tx mfa.Tx) error {
		users, err := tx.Users(t.Context())
		require.Len(t, users, len(added), "an act and its entry are there, or neither is")
		for _, u := range users {
			require.True(t, added[u.Name])
			delete(acts, u.Name)
		}
		return err
	}))
	require.Empty(t, acts, "acknowledged acts are missing")
	for name := range added {
		acts[name] = true
	}
	l.close(t)
}
