package office_test

import (
	"bufio"
	"bytes"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/exposure"
	"chipproof/store"
)

// A process that scans a folder and a site is killed again and again in the midst
// of it. Each time the next one goes on: nothing that was done is done once more,
// nothing is left out, and the report is that of a scan that nobody disturbed.
func TestAScanThatIsKilledGoesOnAndRepeatsNothing(t *testing.T) {
	a := newAgency(t)
	files := map[string]string{}
	for i := range 60 {
		files[fmt.Sprintf("f%02d.txt", i)] = fmt.Sprintf("แถว %d %s", i, somchai)
	}
	dir := a.folder(files)
	links := ""
	for i := range 30 {
		path := fmt.Sprintf("/p%d.html", i)
		links += fmt.Sprintf(`<a href="%s">x</a>`, path)
		a.publish(path, malee)
	}
	a.publish("/", links)
	server := httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(server.Close)
	a.mu.Lock()
	a.now = time.Now()
	a.mu.Unlock()
	_, undisturbed := a.scan(dir, home)

	scan, err := a.runner.Begin(t.Context(), officer, a.plan(dir, home))
	require.NoError(t, err)
	signing, err := a.sign.Reveal()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(a.dir, "sign"), signing, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(a.dir, "ring"), a.ring.Reveal(), 0o600))
	a.close()

	child := buildScanChild(t)
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 2))
	before := []string{}
	kills := 0
	for ; kills < 40; kills++ {
		ended := a.killScan(child, scan.ID, server.Listener.Addr().String(), 1+random.IntN(12))
		a.open(store.Open)
		now := a.items(scan.ID)
		require.Equal(t, before, append([]string{}, now[:len(before)]...), "what was kept stands as it was")
		before = now
		a.free(scan.ID)
		verified, err := a.log.Verify(t.Context())
		require.NoError(t, err)
		require.True(t, verified.OK, "%v", verified.Problems)
		a.close()
		if ended {
			break
		}
	}
	assert.Greater(t, kills, 2)
	a.open(store.Open)
	r, err := a.scans.Result(t.Context(), scan.ID)
	require.NoError(t, err)
	assert.True(t, r.Report.Complete)
	assert.Equal(t, undisturbed.Summary, r.Report.Summary)
	assert.Equal(t, ids(undisturbed.Findings), ids(r.Report.Findings))
	assert.ElementsMatch(t, undisturbed.Scanned, r.Report.Scanned)
	started, ended := a.entries(audit.KindScanStarted), a.entries(audit.KindScanEnded)
	assert.Len(t, started, 2)
	assert.Len(t, ended, 2, "each scan ends once")
	t.Logf("%d kills, %d items", kills, len(before))
}

func ids(list []exposure.Finding) []string {
	var out []string
	for _, f := range list {
		out = append(out, f.ID())
	}
	slices.Sort(out)
	return out
}

func buildScanChild(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "scanchild")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	out, err := exec.CommandContext(t.Context(), "go", "build", "-race=false", "-o", path, "./testdata/scanchild").CombinedOutput()
	require.NoError(t, err, string(out))
	return path
}

// killScan lets the child go on until it has said so many lines, kills it, and says
// whether the scan had ended before.
func (a *agency) killScan(child, scan, site string, after int) (ended bool) {
	a.Helper()
	cmd := exec.CommandContext(a.Context(), child, a.dir, scan, site)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	stdout, err := cmd.StdoutPipe()
	require.NoError(a, err)
	require.NoError(a, cmd.Start())
	lines := bufio.NewScanner(stdout)
	for n := 0; n < after && lines.Scan(); n++ {
		ended = ended || strings.HasPrefix(lines.Text(), "ended")
	}
	if !ended {
		require.NoError(a, cmd.Process.Kill())
	}
	for lines.Scan() { // what it said before it was gone
		ended = ended || strings.HasPrefix(lines.Text(), "ended")
	}
	_ = cmd.Wait()
	require.Empty(a, complaints.String())
	return ended
}

// free ends the hold of a process that is gone, as time would.
func (a *agency) free(scan string) {
	a.Helper()
	a.exec(`UPDATE scan SET held_until = 0 WHERE id = ?`, scan)
}

func (a *agency) exec(statement string, args ...any) {
	a.Helper()
	require.NoError(a, a.store.Write(a.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(a.Context(), statement, args...)
		return err
	}))
}

// items are a scan's rows, as far as they must not change.
func (a *agency) items(scan string) (list []string) {
	a.Helper()
	require.NoError(a, a.store.Read(a.Context(), func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(a.Context(), `SELECT number, target_id, at, hex(findings) FROM scan_item WHERE scan = ? ORDER BY number`, scan)
		require.NoError(a, err)
		defer rows.Close()
		for rows.Next() {
			var number, at int64
			var id, findings string
			require.NoError(a, rows.Scan(&number, &id, &at, &findings))
			list = append(list, fmt.Sprint(number, id, at, findings))
		}
		return rows.Err()
	}))
	return list
}
