package exposure_test

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/exposure"
	"chipproof/exposure/formats"
)

// at is when everything in these tests happens.
var at = time.Date(2026, 11, 25, 9, 0, 0, 0, time.FixedZone("ICT", 7*60*60))

func clock() time.Time { return at }

type rig struct {
	*exposure.Scanner
	key exposure.Key
}

func newRig(tb testing.TB, change ...func(*exposure.Options)) rig {
	tb.Helper()
	key, err := exposure.NewKey(rand.Reader)
	require.NoError(tb, err)
	o := exposure.Options{Key: key, Now: clock}
	for _, c := range change {
		c(&o)
	}
	s, err := exposure.NewScanner(o)
	require.NoError(tb, err)
	tb.Cleanup(func() { assert.NoError(tb, s.Close()) })
	return rig{s, key}
}

// scan looks through content under a name.
func (r rig) scan(tb testing.TB, name string, content []byte) exposure.Outcome {
	tb.Helper()
	out, err := r.Scan(tb.Context(), exposure.Item{Target: name, Source: exposure.BodySource(content), Reachability: exposure.Internal})
	require.NoError(tb, err)
	return out
}

// of gives the findings of a class.
func of(o exposure.Outcome, c exposure.Class) []exposure.Finding {
	var out []exposure.Finding
	for _, f := range o.Findings {
		if f.Class == c {
			out = append(out, f)
		}
	}
	return out
}

// folder writes files and gives where they are.
func folder(tb testing.TB, files map[string]string) string {
	tb.Helper()
	dir := tb.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(tb, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(tb, os.WriteFile(path, []byte(content), 0o600))
	}
	return dir
}

// files runs a scan over a folder.
func (r rig) files(tb testing.TB, dir string, run exposure.Run) []exposure.Outcome {
	tb.Helper()
	memory := exposure.NewMemory()
	if run.State == nil {
		run.State = memory
	}
	require.NoError(tb, r.Files(tb.Context(), []string{dir}, run))
	return memory.Outcomes()
}

func reasons(o exposure.Outcome) []formats.Reason {
	var out []formats.Reason
	for _, n := range o.NotRead {
		out = append(out, n.Reason)
	}
	return out
}
