package office_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"flag"
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

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
	"chipproof/store"
	"chipproof/store/office/testdata/story"
)

var kills = flag.Int("kills", 100, "how often the register's writer is killed")

// A process that tells the story of B14, over and over, is killed at random
// moments. Nothing that it acknowledged is lost, its events stand in order, and
// what the cases owe is worked out the same.
func TestNoEventAcknowledgedIsLostToAKill(t *testing.T) {
	b := newBench(t)
	b.now = time.Now()
	signing, err := b.key.Reveal()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(store.KeyFilesIn(b.dir).Audit, signing, 0o600))
	b.close()
	child := buildChild(t)
	var (
		random = rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
		acks   = map[string]string{} // what was said of each event
	)
	for run := range *kills {
		for line := range strings.Lines(killed(t, child, b.dir, random)) {
			if !strings.HasSuffix(line, "\n") {
				break // cut off by the kill
			}
			var incident, event, duties string
			var number int
			_, err := fmt.Sscanf(line, "event %s %d %s %s\n", &incident, &number, &event, &duties)
			require.NoError(t, err, line)
			name := fmt.Sprintf("%s %d", incident, number)
			require.Empty(t, acks[name], "a number is given once")
			acks[name] = event + " " + duties
		}
		if run%10 == 9 || run == *kills-1 { // each of them is looked at, but not after each kill
			b.holds(acks)
		}
	}
	incidents := b.toTheEnd()
	t.Logf("%d kills, %d events acknowledged, %d incidents", *kills, len(acks), incidents)
	assert.Greater(t, len(acks), *kills/2)
	assert.Positive(t, incidents)
}

// toTheEnd goes on with what the kills cut off and closes it. It gives how many
// incidents there are.
func (b *bench) toTheEnd() int {
	b.Helper()
	b.open(store.Open)
	defer b.close()
	b.now = time.Now()
	cases, _, err := b.incidents.List(b.Context())
	require.NoError(b, err)
	for _, c := range cases {
		for _, step := range story.Steps()[len(c.Events):] {
			c = b.record(c.ID, step(b.clock()))
		}
		assert.Equal(b, breach.StateClosed, c.State(), c.ID)
	}
	require.NoError(b, b.incidents.Check(b.Context()))
	return len(cases)
}

func buildChild(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "incidentchild")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	out, err := exec.CommandContext(t.Context(), "go", "build", "-race=false", "-o", path, "./testdata/incidentchild").CombinedOutput()
	require.NoError(t, err, string(out))
	return path
}

// killed runs the child until a random moment after its first acknowledgement, or
// at times before it, and gives what it said.
func killed(t *testing.T, child, dir string, random *rand.Rand) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), child, dir)
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
	time.AfterFunc(time.Duration(random.IntN(60_000))*time.Microsecond, func() { _ = cmd.Process.Kill() })
	rest, err := io.ReadAll(lines)
	require.NoError(t, err)
	require.Error(t, cmd.Wait(), "it never ends by itself")
	require.Empty(t, complaints.String())
	return first + string(rest)
}

// holds makes sure that the register opens and holds, that the log verifies, and
// that each acknowledged event stands in its place and leads to the same duties.
func (b *bench) holds(acks map[string]string) {
	b.Helper()
	b.open(store.Open)
	defer b.close()
	verified, err := b.log.Verify(b.Context())
	require.NoError(b, err)
	require.True(b, verified.OK, "%v", verified.Problems)
	require.NoError(b, b.incidents.Check(b.Context()))
	cases, broken, err := b.incidents.List(b.Context())
	require.NoError(b, err)
	require.Empty(b, broken)
	found := 0
	for _, c := range cases {
		for i, e := range c.Events {
			ack, there := acks[fmt.Sprintf("%s %d", c.ID, e.Number)]
			if !there {
				continue // durable, and killed before it could say so
			}
			found++
			then, err := breach.Replay(c.Events[:i+1], c.Settings)
			require.NoError(b, err)
			event, err := json.Marshal(e)
			require.NoError(b, err)
			duties, err := json.Marshal(breach.Duties(then, e.At.Time()))
			require.NoError(b, err)
			require.Equal(b, ack, fmt.Sprintf("%x %x", sha256.Sum256(event), sha256.Sum256(duties)), "%s event %d", c.ID, e.Number)
		}
	}
	require.Equal(b, len(acks), found, "acknowledged events are missing")
}
