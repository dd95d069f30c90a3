package office_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/exposure"
	"chipproof/exposure/job"
)

// sarif is a log of another tool, which prints what it finds.
const sarif = `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"weakscan"}},"results":[
 {"ruleId":"sql-injection","level":"error","message":{"text":"query with citizen 1101700230708 of นายสมชาย ใจดี"},
  "locations":[{"physicalLocation":{"artifactLocation":{"uri":"app/list.php"},"region":{"startLine":7}}}]},
 {"ruleId":"old-tls","level":"note","message":{"text":"old protocol"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"app/tls.conf"}}}]}
]}]}`

// leaks is what `chipproof doctor --leaks --json` prints for a counter.
func leaks(findings string) string {
	return `{"tool":"chipproof doctor --leaks","version":"1.0","rules":"leaks-1","started":"2026-11-25T01:00:00Z","ended":"2026-11-25T01:00:04Z","complete":true,
"roots":["tcp://counter-3:8182","tcp://counter-3:9898"],"root_ids":["idroot8182","idroot9898"],"scanned":["idroot8182"],
"findings":[` + findings + `],"summary":{"people":0,"findings":0,"classes":{},"files":2,"bytes":0,"suppressed":0,"allowed":0,"not_read":1},
"not_read":[{"target":"tcp://counter-3:9898","target_id":"idroot9898","reason":"not_asked"}]}`
}

const openPort = `{"class":"open_agent","target":"tcp://counter-3:8182","target_id":"idroot8182","locator":{"path":"/"},"masked":"card agent","fingerprint":"fp8182",
"score":90,"reachability":"anonymous","severity":"critical","record":0,"rule":"any_origin","snippet":"Access-Control-Allow-Origin: *","seen":"2026-11-25T01:00:04Z","rules":"leaks-1"}`

func (a *agency) take(file, source string) job.Imported {
	a.Helper()
	list, err := job.ParseImport([]byte(file), a.key, source)
	require.NoError(a, err)
	require.Len(a, list, 1)
	done, err := a.scans.Import(a.Context(), officer, list[0], a.clock())
	require.NoError(a, err)
	return done
}

func TestA06AnotherToolsResultsStandInTheSameRegisterOnceEach(t *testing.T) {
	a := newAgency(t)
	first := a.take(sarif, "ระบบทะเบียน")
	assert.Equal(t, job.Imported{Scan: first.Scan, Tool: "weakscan", New: 2}, first)
	again := a.take(sarif, "ระบบทะเบียน")
	assert.Equal(t, 2, again.Known)
	assert.Zero(t, again.New)
	list := a.found(job.Filter{Tool: "weakscan"})
	require.Len(t, list, 2)
	assert.Equal(t, exposure.High, list[0].Severity)
	assert.Equal(t, exposure.Low, list[1].Severity)
	assert.Equal(t, "app/list.php", list[0].Target)
	assert.Equal(t, int64(7), list[0].Locator.Line)
	assert.Equal(t, first.Scan, list[0].FirstScan)
	assert.Equal(t, again.Scan, list[0].LastScan)
	for _, f := range list {
		for _, value := range planted {
			assert.NotContains(t, f.Masked+f.Snippet+f.Rule+f.Target, value)
		}
	}
	entries := a.entries(audit.KindFindingImported)
	require.Len(t, entries, 2)
	assert.Equal(t, map[string]string{"tool": "weakscan", "new": "0", "known": "2", "fixed": "0"}, entries[1].Attributes)

	fewer := strings.ReplaceAll(sarif, "sql-injection", "other-rule")
	third := a.take(fewer, "ระบบทะเบียน")
	assert.Equal(t, job.Imported{Scan: third.Scan, Tool: "weakscan", New: 1, Known: 1, Fixed: 1}, third)
	elsewhere := a.take(sarif, "ระบบภาษี")
	assert.Equal(t, 2, elsewhere.New, "another system's finding is another one")
	assert.Zero(t, elsewhere.Fixed)
	nowhere := a.take(fewer, "")
	assert.Zero(t, nowhere.Fixed, "nobody says what it was run over")
}

func TestA05WhatACounterGivesAwayIsFixedByALaterLookAtItsPort(t *testing.T) {
	a := newAgency(t)
	done := a.take(leaks(openPort), "")
	assert.Equal(t, 1, done.New)
	list := a.found(job.Filter{Class: exposure.OpenAgent})
	require.Len(t, list, 1)
	assert.Equal(t, exposure.Critical, list[0].Severity)
	assert.Equal(t, "any_origin", list[0].Rule)
	r, err := a.scans.Result(t.Context(), done.Scan)
	require.NoError(t, err)
	assert.Len(t, r.Report.NotRead, 1)

	task, err := a.tasks.Open(t.Context(), officer, job.TaskOrder{Finding: list[0].ID, Owner: owner, Due: a.clock().Add(1e12)}, a.clock())
	require.NoError(t, err)
	unasked := strings.Replace(leaks(""), `"scanned":["idroot8182"]`, `"scanned":[]`, 1)
	unasked = strings.Replace(unasked, `"not_read":[`, `"not_read":[{"target":"tcp://counter-3:8182","target_id":"idroot8182","reason":"timed_out"},`, 1)
	assert.Zero(t, a.take(unasked, "").Fixed, "a port that did not answer in time proves nothing")
	assert.Equal(t, exposure.TaskOpen, a.state(task.ID))
	assert.Equal(t, 1, a.take(leaks(""), "").Fixed)
	assert.Equal(t, exposure.TaskStopped, a.state(task.ID))
	assert.Len(t, a.entries(audit.KindTakedownProven), 1)
}

func TestAFileOfOurOwnFindingsProvesNothing(t *testing.T) {
	a := newAgency(t)
	dir := a.folder(map[string]string{"list.txt": somchai})
	_, report := a.scan(dir)
	task := a.task(dir + "/list.txt")
	report.Findings = nil
	file := a.json(report)
	done := a.take(file, "")
	assert.Equal(t, job.Imported{Scan: done.Scan, Tool: "chipproof-office"}, done)
	assert.NotEqual(t, exposure.Fixed, a.number(dir+"/list.txt").State)
	assert.Equal(t, exposure.TaskOpen, a.state(task.ID))
}

func TestOurOwnFindingsThatCameAsAFileAreTheSameFindings(t *testing.T) {
	a := newAgency(t)
	dir := a.folder(map[string]string{"list.txt": somchai})
	_, report := a.scan(dir)
	done := a.take(a.json(report), "")
	assert.Equal(t, len(a.found(job.Filter{})), done.Known)
	assert.Zero(t, done.New)

	other := newAgency(t)
	elsewhere := other.take(a.json(report), "")
	assert.Equal(t, "chipproof-office elsewhere", elsewhere.Tool)
	assert.Equal(t, done.Known, elsewhere.New)
}

func TestWhatIsNoReportIsRefused(t *testing.T) {
	a := newAgency(t)
	for name, file := range map[string]string{
		"nothing": "", "JSON of something else": `{"a":1}`, "SARIF without a tool": `{"version":"2.1.0","runs":[{"results":[]}]}`,
		"a class that nobody knows": leaks(strings.Replace(openPort, "open_agent", "horoscope", 1)),
		"a score beyond all":        leaks(strings.Replace(openPort, `"score":90`, `"score":900`, 1)),
		"a severity of its own":     leaks(strings.Replace(openPort, `"critical"`, `"terrible"`, 1)),
	} {
		_, err := job.ParseImport([]byte(file), a.key, "")
		assert.ErrorIs(t, err, job.ErrImportInvalid, name)
	}
	_, err := job.ParseImport([]byte(sarif), a.key, "ของ 1101700230708")
	assert.ErrorIs(t, err, job.ErrImportInvalid, "a source that names a person")
}
