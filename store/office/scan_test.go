package office_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/exposure"
	"chipproof/exposure/job"
)

const openAPI = `{"openapi":"3.1.0","servers":[{"url":"http://www.agency.test/v1"}],"security":[{"bearer":[]}],
"paths":{"/open":{"get":{"security":[]}},"/closed":{"get":{}}}}`

func TestA02TheOpenEndpointOfAnAPIStandsInTheRegisterAndTheClosedOneDoesNot(t *testing.T) {
	a := newAgency(t)
	record := `{"full_name":"นายสมชาย ใจดี","citizen_id":"1101700230708"}`
	a.answer("/v1/open", page{kind: "application/json", body: record})
	a.answer("/v1/closed", page{kind: "application/json", body: record, token: "Bearer the-owners-9f8e7d"})
	dir := a.folder(map[string]string{"api.json": openAPI, "token": "Authorization: Bearer the-owners-9f8e7d\n"})

	scan, report := a.scan("openapi:" + filepath.Join(dir, "api.json"))
	assert.Equal(t, job.Complete, scan.State)
	assert.NotEmpty(t, report.Findings)
	for _, f := range report.Findings {
		assert.Equal(t, "http://www.agency.test/v1/open", f.Target)
		assert.Equal(t, exposure.Anonymous, f.Reachability)
	}

	p, err := job.ParsePlan(job.Asked{
		Targets: []string{"openapi:" + filepath.Join(dir, "api.json")}, Credentials: filepath.Join(dir, "token"), Scope: []byte(scope),
	}, a.clock())
	require.NoError(t, err)
	p.Limits.Pause = time.Millisecond
	s, err := a.runner.Begin(t.Context(), officer, p)
	require.NoError(t, err)
	_, err = a.runner.Run(t.Context(), s.ID, nil)
	require.NoError(t, err)
	assert.Equal(t, exposure.Login, a.number("http://www.agency.test/v1/closed").Reachability)
	a.scan("openapi:" + filepath.Join(dir, "api.json"))
	assert.NotEqual(t, exposure.Fixed, a.number("http://www.agency.test/v1/closed").State, "401 says nothing of those who may log in")
	a.keepsNone("the-owners-9f8e7d")
}

func TestA01FoldersAndSitesAreScannedTogetherAndComparedWithTheLastTime(t *testing.T) {
	a := newAgency(t)
	dir := a.folder(map[string]string{"one.txt": somchai, "two.csv": "ชื่อ,เลขประจำตัวประชาชน\nนางสาวมาลี รักไทย,1000000000190\n"})
	a.publish("/", `<a href="/list.html">x</a>`)
	a.publish("/list.html", malee)
	first, _ := a.scan(dir, home)
	assert.Empty(t, first.Baseline)
	assert.Equal(t, 2, first.Summary.People)
	r, err := a.scans.Result(t.Context(), first.ID)
	require.NoError(t, err)
	for _, c := range r.Compared {
		assert.Empty(t, c.Change, "there is nothing to compare with")
	}
	assert.Equal(t, len(r.Compared), exposure.Open(r.Compared))

	a.write(dir, "three.txt", malee)
	require.NoError(t, os.Remove(filepath.Join(dir, "one.txt")))
	second, _ := a.scan(dir, home)
	assert.Equal(t, first.ID, second.Baseline)
	r, err = a.scans.Result(t.Context(), second.ID)
	require.NoError(t, err)
	changes := map[string]exposure.Change{}
	for _, c := range r.Compared {
		if c.Class == "th_citizen_id" {
			changes[strings.TrimPrefix(c.Target, dir+string(filepath.Separator))] = c.Change
			assert.NotEmpty(t, c.Masked)
		}
	}
	assert.Equal(t, map[string]exposure.Change{
		"one.txt": exposure.Fixed, "two.csv": exposure.Still, "three.txt": exposure.New, home + "list.html": exposure.Still,
	}, changes)
	assert.Equal(t, second.ID, a.number(filepath.Join(dir, "one.txt")).FixedScan)
	list, err := a.scans.List(t.Context(), 0)
	require.NoError(t, err)
	assert.Equal(t, []job.Scan{second, first}, list)
}

func TestA21OpenExposuresAreZeroExactlyWhenNoneIsOpen(t *testing.T) {
	a := newAgency(t)
	dir := a.folder(map[string]string{"one.txt": somchai, "other.txt": "ว่าง"})
	sum := func() (n int) {
		by, err := a.scans.OpenCount(t.Context())
		require.NoError(t, err)
		for _, x := range by {
			n += x
		}
		return n
	}
	assert.Zero(t, sum())
	a.scan(dir)
	assert.Equal(t, 2, sum())
	a.later(48 * time.Hour)
	require.NoError(t, os.Remove(filepath.Join(dir, "one.txt")))
	last, _ := a.scan(dir)
	assert.Zero(t, sum())
	r, err := a.scans.Result(t.Context(), last.ID)
	require.NoError(t, err)
	assert.Zero(t, exposure.Open(r.Compared))
	trend, err := a.scans.Trend(t.Context(), 4, a.clock())
	require.NoError(t, err)
	var open []int
	for _, d := range trend {
		open = append(open, d.Open)
	}
	assert.Equal(t, []int{0, 2, 2, 0}, open)
	assert.Equal(t, "2026-11-27", trend[3].Date)
}

func TestASiteThatIsDownFixesNothing(t *testing.T) {
	a := newAgency(t)
	a.publish("/", `<a href="/list.html">x</a><a href="/part.html">y</a>`)
	a.publish("/part.html", `<a href="/deep/1101700230708.html">z</a>`)
	a.publish("/list.html", malee)
	a.publish("/deep/1101700230708.html", somchai)
	a.scan(home)
	before := len(a.found(job.Filter{Open: job.OnlyOpen}))
	a.answer("/part.html", page{status: 503})
	last, _ := a.scan(home)
	assert.Equal(t, job.Complete, last.State)
	assert.Len(t, a.found(job.Filter{Open: job.OnlyOpen}), before, "what lies behind a page that did not answer may be there")
	a.publish("/part.html", "ว่าง")
	a.scan(home)
	assert.NotEmpty(t, a.found(job.Filter{Open: job.OnlyFixed}), "nothing failed, and nothing leads there")
}

func TestAFolderWhoseDiskIsGoneFixesNothing(t *testing.T) {
	a := newAgency(t)
	dir := a.folder(map[string]string{"share/one.txt": somchai})
	share := filepath.Join(dir, "share")
	a.scan(share)
	task := a.task(filepath.Join(share, "one.txt"))
	require.NoError(t, os.Remove(filepath.Join(share, "one.txt")))
	a.scan(share) // empty, as a mount point without its disk
	assert.Equal(t, exposure.TaskOpen, a.state(task.ID))
	assert.NotEqual(t, exposure.Fixed, a.number(filepath.Join(share, "one.txt")).State)
	a.write(share, "other.txt", "ว่าง")
	a.scan(share)
	assert.Equal(t, exposure.TaskStopped, a.state(task.ID))
}

func TestAScanWhoseFolderIsGoneIsIncompleteAndSaysSo(t *testing.T) {
	a := newAgency(t)
	dir := a.folder(map[string]string{"a/one.txt": somchai, "b/two.txt": malee})
	s, err := a.runner.Begin(t.Context(), officer, a.plan(filepath.Join(dir, "a"), filepath.Join(dir, "b")))
	require.NoError(t, err)
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "a")))
	r, err := a.runner.Run(t.Context(), s.ID, nil)
	require.ErrorIs(t, err, job.ErrIncomplete)
	assert.False(t, r.Complete)
	assert.NotEmpty(t, r.Findings, "the other folder was scanned")
	assert.Equal(t, job.TargetGone, a.one(s.ID).Reason)
	assert.NotContains(t, err.Error(), dir)
	_, err = a.runner.Run(t.Context(), s.ID, nil)
	require.ErrorIs(t, err, job.ErrScanEnded)
	ended := a.entries(audit.KindScanEnded)
	require.Len(t, ended, 1)
	assert.Equal(t, "incomplete", ended[0].Attributes["state"])
	assert.Equal(t, "target_gone", ended[0].Attributes["reason"])
}

func TestFindingsAreGivenPageByPageTheWorstFirst(t *testing.T) {
	a := newAgency(t)
	a.scan(a.folder(map[string]string{"one.txt": somchai, "two.txt": malee, "three.txt": "โทร 0899999999"}))
	whole := a.found(job.Filter{})
	var paged []job.Found
	for after := ""; ; {
		next := a.found(job.Filter{After: after, Limit: 2})
		if len(next) == 0 {
			break
		}
		paged = append(paged, next...)
		after = next[len(next)-1].ID
	}
	assert.Equal(t, whole, paged)
	for i := range whole[1:] {
		assert.GreaterOrEqual(t, whole[i].Rank(), whole[i+1].Rank())
	}
	_, err := a.scans.Finding(t.Context(), "nobody.knows")
	require.ErrorIs(t, err, job.ErrFindingUnknown)
	_, err = a.scans.One(t.Context(), "s-2026-9999")
	require.ErrorIs(t, err, job.ErrScanUnknown)
}

// keepsNone searches the data folder for values: database, log of SQLite, keys.
func (a *agency) keepsNone(values ...string) {
	a.Helper()
	files, err := os.ReadDir(a.dir)
	require.NoError(a, err)
	searched := 0
	for _, f := range files {
		if f.IsDir() {
			continue
		}
		content, err := os.ReadFile(filepath.Join(a.dir, f.Name()))
		require.NoError(a, err)
		searched += len(content)
		for _, v := range values {
			assert.False(a, bytes.Contains(content, []byte(v)), "%s in %s", v, f.Name())
		}
	}
	require.Greater(a, searched, 100_000)
}
