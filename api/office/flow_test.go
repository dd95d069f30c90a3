package office

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// planted is a synthetic person's number, and the forms in which it must not be met.
const planted = "1101700230708"

// exposedFolder is a folder with a list of people in it.
func exposedFolder(t testing.TB) (dir, file string) {
	t.Helper()
	dir = t.TempDir()
	file = filepath.Join(dir, "list.csv")
	list := "ชื่อ-สกุล,เลขประจำตัวประชาชน\nนายสมชาย ใจดี," + planted + "\nนางสาวมาลี รักไทย,8123456789011\n"
	require.NoError(t, os.WriteFile(file, []byte(list), 0o600))
	return dir, file
}

// scan starts a scan of a folder and waits for its end.
func (v *visit) scan(dir string) ScanAnswer {
	v.Helper()
	begun := read[struct{ ID string }](v.rig, v.post("/v1/scans", body(map[string]any{"targets": []string{dir}})))
	return v.ended(begun.ID)
}

func (v *visit) ended(id string) (s ScanAnswer) {
	v.Helper()
	v.Run()
	require.Eventually(v, func() bool {
		s = read[ScanAnswer](v.rig, v.get("/v1/scans/"+id))
		return !s.EndedAt.IsZero()
	}, time.Minute, 20*time.Millisecond)
	return s
}

type findingList struct {
	Findings []FindingLine
	Counts   FindingCounts
	Next     string
}

func TestAFindingGoesFromScanToProvenTakedown(t *testing.T) {
	r := newRig(t)
	dpo, staff := r.as(r.dpo), r.as(r.staff)
	dir, file := exposedFolder(t)

	plan := read[PlanAnswer](r, dpo.post("/v1/scans/plan", body(map[string]any{"targets": []string{dir}})))
	assert.Equal(t, []string{dir}, plan.Folders)
	assert.Empty(t, plan.Hosts)
	assert.Empty(t, r.Entries("scan_started"), "to look at a plan begins nothing")

	s := dpo.scan(dir)
	assert.Equal(t, "complete", s.State)
	assert.Equal(t, 2, s.People)
	assert.Equal(t, r.dpo.Name, s.ByName)
	assert.True(t, s.Repeatable)
	assert.Len(t, r.Entries("scan_started"), 1)

	list := read[findingList](r, dpo.get("/v1/findings?state=open"))
	assert.Equal(t, 2, list.Counts.People)
	assert.Equal(t, 1, list.Counts.Targets)
	assert.True(t, list.Counts.Scanned)
	require.NotEmpty(t, list.Findings)
	assert.Equal(t, len(list.Findings), list.Counts.Findings)
	first := list.Findings[0]
	assert.Empty(t, read[findingList](r, dpo.get("/v1/findings?state=fixed")).Findings)
	assert.Empty(t, read[findingList](r, dpo.get("/v1/findings?class=passport")).Findings)
	page := read[findingList](r, dpo.get("/v1/findings?limit=1"))
	require.Equal(t, first.ID, page.Next)
	assert.Equal(t, list.Findings[1].ID, read[findingList](r, dpo.get("/v1/findings?limit=1&after="+page.Next)).Findings[0].ID)

	order := body(map[string]any{"owner": r.idOf(r.staff), "due": r.Clock.Now().AddDate(0, 0, 3)})
	task := read[TaskAnswer](r, dpo.post("/v1/findings/"+first.ID+"/task", order))
	assert.Equal(t, "open", task.State)
	assert.Equal(t, r.staff.Name, task.OwnerName)
	assert.Equal(t, list.Counts.Findings, task.Findings, "it is about all that is open there")
	dpo.post("/v1/findings/"+first.ID+"/task", order).says(t, http.StatusConflict, "task_exists")

	mine := read[struct{ Tasks []TaskAnswer }](r, staff.get("/v1/tasks")).Tasks
	require.Len(t, mine, 1)
	assert.True(t, mine[0].MayClaim)
	assert.Empty(t, read[struct{ Tasks []TaskAnswer }](r, r.as(r.admin).get("/v1/tasks")).Tasks)
	r.as(r.admin).post("/v1/tasks/"+task.ID+"/claim", "{}").says(t, http.StatusNotFound, "task_unknown")

	// Somebody says that it is done, and it is not.
	r.Clock.Forward(time.Minute)
	claimed := read[TaskAnswer](r, staff.post("/v1/tasks/"+task.ID+"/claim", "{}"))
	assert.Equal(t, "claimed", claimed.State)
	require.NotEmpty(t, claimed.Unproven)
	assert.Equal(t, "not_scanned", claimed.Unproven[0].Why)
	r.Clock.Forward(time.Minute)
	again := read[struct{ ID string }](r, dpo.post("/v1/scans/"+s.ID+"/again", "{}"))
	dpo.ended(again.ID)
	still := read[FindingAnswer](r, dpo.get("/v1/findings/"+first.ID))
	require.NotNil(t, still.Task)
	assert.Equal(t, "claimed", still.Task.State)
	assert.Equal(t, "still_served", still.Task.Unproven[0].Why)

	// Now it is.
	require.NoError(t, os.WriteFile(file, []byte("ประกาศ\n"), 0o600))
	r.Clock.Forward(time.Minute)
	read[TaskAnswer](r, staff.post("/v1/tasks/"+task.ID+"/claim", "{}"))
	r.Clock.Forward(time.Minute)
	last := read[struct{ ID string }](r, dpo.post("/v1/scans/"+s.ID+"/again", "{}"))
	dpo.ended(last.ID)
	gone := read[FindingAnswer](r, dpo.get("/v1/findings/"+first.ID))
	assert.Equal(t, "fixed", gone.State)
	assert.Equal(t, "stopped", gone.Task.State)
	assert.Equal(t, last.ID, gone.Task.ProvenBy)
	assert.Empty(t, gone.Task.Unproven)
	staff.post("/v1/tasks/"+task.ID+"/claim", "{}").says(t, http.StatusConflict, "task_stopped")
	dpo.post("/v1/findings/"+first.ID+"/task", order).says(t, http.StatusConflict, "finding_fixed")

	c := read[struct{ Fixed, Still, New int }](r, dpo.get("/v1/scans/"+last.ID+"/compare?baseline="+s.ID))
	assert.Equal(t, list.Counts.Findings, c.Fixed)
	assert.Zero(t, c.Still+c.New)
	days := read[struct{ Days []TrendDay }](r, dpo.get("/v1/trend")).Days
	require.NotEmpty(t, days)
	assert.Zero(t, days[len(days)-1].Open)
}

func TestWhatIsWrongWithATaskIsSaid(t *testing.T) {
	r := newRig(t)
	v := r.as(r.dpo)
	dir, _ := exposedFolder(t)
	v.scan(dir)
	id := read[findingList](r, v.get("/v1/findings")).Findings[0].ID
	for why, order := range map[string]map[string]any{
		"nobody's": {"owner": "u-none", "due": r.Clock.Now().AddDate(0, 0, 3)},
		"past":     {"owner": r.idOf(r.staff), "due": r.Clock.Now().AddDate(0, 0, -1)},
	} {
		v.post("/v1/findings/"+id+"/task", body(order)).says(t, http.StatusUnprocessableEntity, "task_invalid", why)
	}
}

func TestReportsComeAsFilesThatNoBrowserShows(t *testing.T) {
	r := newRig(t)
	v := r.as(r.dpo)
	dir, _ := exposedFolder(t)
	s := v.scan(dir)
	for format, kind := range map[string]string{
		"json": "application/json", "csv": "text/csv; charset=utf-8", "sarif": "application/sarif+json", "html": "text/html; charset=utf-8", "letter": "text/html; charset=utf-8",
	} {
		a := v.get("/v1/scans/" + s.ID + "/report?format=" + format)
		require.Equal(t, http.StatusOK, a.Code, a.text)
		assert.Equal(t, kind, a.Header().Get("Content-Type"))
		assert.Contains(t, a.Header().Get("Content-Disposition"), "attachment; filename=\""+s.ID)
		assert.Equal(t, "no-store", a.Header().Get("Cache-Control"))
		assert.NotRegexp(t, `\d{13}`, a.text)
		assert.NotContains(t, a.text, "สมชาย")
	}
	assert.Len(t, r.Entries("report_made"), 5)
	v.get("/v1/scans/"+s.ID+"/report?format=exe").says(t, http.StatusBadRequest, "body_invalid")

	letter := map[string]any{"number": "พบ 0618/123", "to": "ผู้ว่าราชการจังหวัด", "signer": "นางวนิดา ตัวอย่าง", "position": "ปลัดเทศบาล"}
	a := v.post("/v1/scans/"+s.ID+"/letter", body(letter))
	a.says(t, http.StatusUnprocessableEntity, "letter_incomplete")
	assert.Contains(t, a.text, `"field":"unit"`)
	for name, value := range map[string]any{
		"unit": "สำนักปลัด", "phone": "0 3249 1000", "address": []string{"ตำบลบ้านลาด"}, "measures": []string{"ปิดหน้าเว็บ"}, "thai_digits": true,
	} {
		letter[name] = value
	}
	a = v.post("/v1/scans/"+s.ID+"/letter", body(letter))
	require.Equal(t, http.StatusOK, a.Code, a.text)
	assert.Contains(t, a.text, "เทศบาลตำบลบ้านลาด")
	assert.Contains(t, a.text, "๒๕๖๙")
	assert.NotContains(t, r.Files(), "วนิดา ตัวอย่าง", "who signs is not kept")
}

func TestAPlanThatCannotBeIsRefusedWithTheTargetThatIsToBlame(t *testing.T) {
	r := newRig(t)
	v := r.as(r.dpo)
	dir, _ := exposedFolder(t)
	scope := "# chipproof scope\r\nowner: เทศบาลตำบลบ้านลาด\r\ncontact: dpo@banlat.go.th\r\nexpires: 2027-01-31\r\nhost: www.banlat.go.th\r\n"
	for _, row := range []struct {
		why     string
		targets []string
		scope   string
		code    string
		detail  string
	}{
		{"no such folder", []string{dir, filepath.Join(dir, "none")}, "", "plan_invalid", "2"},
		{"a site without a scope", []string{"https://www.banlat.go.th/"}, "", "target_out_of_scope", "1"},
		{"a site outside of it", []string{dir, "https://www.example.go.th/"}, scope, "target_out_of_scope", "2"},
		{"a person in the address", []string{"https://www.banlat.go.th/?id=" + planted}, scope, "plan_invalid", "1"},
		{"a scope that has expired", []string{"https://www.banlat.go.th/"}, strings.Replace(scope, "2027", "2026", 1), "scope_invalid", ""},
		{"no scope at all", []string{dir}, "host: www.banlat.go.th", "scope_invalid", ""},
	} {
		for _, path := range []string{"/v1/scans/plan", "/v1/scans"} {
			a := v.post(path, body(map[string]any{"targets": row.targets, "scope": row.scope}))
			a.says(t, http.StatusUnprocessableEntity, row.code, row.why)
			var p struct{ Detail string }
			require.NoError(t, json.Unmarshal([]byte(a.text), &p))
			assert.Equal(t, row.detail, p.Detail, row.why)
			assert.NotContains(t, a.text, planted)
		}
	}
	assert.Empty(t, r.Entries("scan_started"))

	plan := read[PlanAnswer](r, v.post("/v1/scans/plan", body(map[string]any{"targets": []string{"https://www.banlat.go.th"}, "scope": scope})))
	assert.Equal(t, []PlanHost{{Name: "www.banlat.go.th"}}, plan.Hosts)
	assert.Equal(t, []string{"https://www.banlat.go.th/"}, plan.Starts)
	assert.Equal(t, "dpo@banlat.go.th", plan.Scope.Contact)
}

func TestOtherToolsResultsAreTakenInMasked(t *testing.T) {
	r := newRig(t)
	v := r.as(r.dpo)
	sarif := `{"version":"2.1.0","$schema":"https://json.schemastore.org/sarif-2.1.0.json","runs":[{"tool":{"driver":{"name":"othertool"}},` +
		`"results":[{"ruleId":"leak","level":"error","message":{"text":"found ` + planted + `"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"https://www.banlat.go.th/a"}}}]}]}]}`
	type imported struct {
		Scan       string
		Tools      []string
		New, Known int
	}
	first := read[imported](r, v.post("/v1/findings/import?source=www", sarif))
	assert.Equal(t, []string{"othertool"}, first.Tools)
	assert.Equal(t, 1, first.New)
	assert.Equal(t, 1, read[imported](r, v.post("/v1/findings/import?source=www", sarif)).Known)
	s := read[ScanAnswer](r, v.get("/v1/scans/"+first.Scan))
	assert.False(t, s.Repeatable)
	v.post("/v1/scans/"+first.Scan+"/again", "{}").says(t, http.StatusUnprocessableEntity, "plan_invalid")
	assert.NotContains(t, v.get("/v1/findings").text, planted)
	assert.NotContains(t, r.Files(), planted)
	for _, bad := range []string{``, `{}`, `{"version":"2.1.0"`, `[` + planted + `]`} {
		a := v.post("/v1/findings/import", bad)
		assert.GreaterOrEqual(t, a.Code, 400)
		assert.NotContains(t, a.text, planted)
	}
	v.post("/v1/findings/import", strings.Repeat(" ", 8<<20+1)).says(t, http.StatusRequestEntityTooLarge, "body_too_large")
}

func TestWhatWasNeverScannedStandsFirst(t *testing.T) {
	r := newRig(t)
	v := r.as(r.dpo)
	dir, _ := exposedFolder(t)
	assets := map[string]any{"assets": []map[string]any{
		{"name": "ทะเบียนผู้รับเบี้ย", "owner": "กองสวัสดิการ", "targets": []string{dir}, "classes": []string{"th_citizen_id"}},
		{"name": "เว็บไซต์หลัก", "owner": "สำนักปลัด", "targets": []string{"www.banlat.go.th"}},
	}}
	require.Less(t, v.do(http.MethodPut, "/v1/assets", body(assets)).Code, 300)
	v.scan(dir)
	covered := read[struct {
		Coverage []CoveredLine
		Assets   int
	}](r, v.get("/v1/coverage"))
	require.Len(t, covered.Coverage, 2)
	assert.Equal(t, 2, covered.Assets)
	assert.Equal(t, "www.banlat.go.th", covered.Coverage[0].Target)
	assert.True(t, covered.Coverage[0].Last.IsZero())
	assert.False(t, covered.Coverage[1].Last.IsZero())
	assert.Len(t, read[struct{ Assets []AssetLine }](r, v.get("/v1/assets")).Assets, 2)

	bad := map[string]any{"assets": []map[string]any{{"name": "x", "owner": "y", "targets": []string{"www.banlat.go.th/" + planted}}}}
	v.do(http.MethodPut, "/v1/assets", body(bad)).says(t, http.StatusUnprocessableEntity, "asset_invalid")
}
