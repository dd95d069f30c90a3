package office_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api/office"
	"chipproof/audit"
	"chipproof/breach"
	"chipproof/mfa"
)

func TestOnlyTheOfficerSeesTheRegisterAndAnyoneMayReport(t *testing.T) {
	r := newRegister(t)
	id := r.opened()
	others := map[mfa.Role]*session{mfa.RoleStaff: r.login("malee", mfa.RoleStaff), mfa.RoleAdmin: r.login("prasit", mfa.RoleAdmin)}
	nobody := &session{r: r, cookie: "x=y"}
	asked := 0
	for _, route := range r.server.Routes() {
		if !strings.HasPrefix(route.Path, "/v1/incidents") && !strings.HasPrefix(route.Path, "/v1/duties") && !strings.HasPrefix(route.Path, "/v1/proposals") && route.Path != "/v1/severity" {
			continue
		}
		asked++
		path := strings.NewReplacer("{id}", id, "{kind}", "file_note").Replace(route.Path)
		refused(t, nobody.ask(route.Method, path, map[string]any{}), http.StatusForbidden, "mfa_required")
		for role, s := range others {
			a := s.ask(route.Method, path, map[string]any{"title": "เครื่องหาย"})
			if route.ID == "open-incident" {
				got := into[map[string]any](t, a)
				assert.Len(t, got, 1, "%s is told the number and nothing else", role)
				continue
			}
			refused(t, a, http.StatusForbidden, "role_refused")
		}
		if route.Method != http.MethodGet {
			without := func(q *http.Request) { q.Header.Del("X-Chipproof-CSRF") }
			refused(t, r.dpo.ask(route.Method, path, map[string]any{}, without), http.StatusForbidden, "csrf_refused")
			assert.NotEmpty(t, route.Audit, "%s acts and leaves an entry", route.ID)
			for _, kind := range route.Audit {
				_, known := audit.Kind(kind).Class()
				assert.True(t, known, kind)
			}
		} else {
			assert.Empty(t, route.Audit, route.ID)
		}
	}
	assert.Equal(t, 14, asked)
}

func TestAReportOfStaffStartsNoClock(t *testing.T) {
	r := newRegister(t)
	staff := r.login("malee", mfa.RoleStaff)
	p := refused(t, staff.post("/v1/incidents", map[string]any{"title": "เครื่องหาย", "aware_at": r.now().String()}), http.StatusBadRequest, "body_invalid")
	assert.Equal(t, "aware_at", p.Field)
	id := into[struct{ ID string }](t, staff.post("/v1/incidents", map[string]any{"title": "เครื่องหาย"})).ID
	d := into[detail](t, r.dpo.get("/v1/incidents/"+id))
	require.Len(t, d.Duties, 1)
	assert.Equal(t, "assess_credibility", d.Duties[0].Duty)

	late := r.now().Add(time.Second).String()
	refused(t, r.dpo.post("/v1/incidents", map[string]any{"title": "พรุ่งนี้", "aware_at": late}), http.StatusUnprocessableEntity, "time_in_future")
	list := into[struct{ Incidents []detail }](t, r.dpo.get("/v1/incidents"))
	assert.Len(t, list.Incidents, 1, "nothing was opened without its clock")
	id = into[struct{ ID string }](t, r.dpo.post("/v1/incidents", map[string]any{"title": "วันนี้", "aware_at": r.now().String()})).ID
	assert.Equal(t, 2, into[detail](t, r.dpo.get("/v1/incidents/"+id)).Seen)
}

func TestABadEventIsRefusedWithTheFieldsItBreaks(t *testing.T) {
	r := newRegister(t)
	id := r.opened()
	events := "/v1/incidents/" + id + "/events"
	for name, row := range map[string]struct {
		body, code string
		status     int
	}{
		"no JSON":             {"{", "body_invalid", 400},
		"a member too many":   {`{"kind":"fact","body":{},"more":1}`, "body_invalid", 400},
		"a body that is none": {`{"kind":"fact","body":"x"}`, "body_invalid", 400},
		"a member twice":      {`{"kind":"fact","kind":"fact","body":{}}`, "body_invalid", 400},
		"an unknown kind":     {`{"kind":"rumour","body":{}}`, "event_invalid", 422},
		"an unknown member":   {`{"kind":"fact","body":{"who":"x"}}`, "event_invalid", 422},
		"a time to come":      {`{"kind":"aware","body":{"aware_at":"2199-01-01T00:00:00+07:00"}}`, "time_in_future", 422},
		"at the wrong moment": {`{"kind":"contained","body":{"result":"ended","text":"x"}}`, "event_refused", 409},
		"something owed":      {`{"kind":"closed","body":{"summary":"x"}}`, "duty_open", 409},
		"a citizen's number":  {`{"kind":"credibility","body":{"verdict":"credible","reason":"เลข 1101700230708"}}`, "text_exposes", 422},
	} {
		t.Run(name, func(t *testing.T) {
			p := refused(t, r.dpo.post(events, row.body), row.status, row.code)
			assert.NotContains(t, p.Title+p.Remedy+p.Detail+p.Field, "1101700230708")
		})
	}
	p := refused(t, r.dpo.post(events, map[string]any{"kind": "fact", "body": map[string]any{"source": "x"}}), 422, "event_invalid")
	assert.Equal(t, "seen_at", p.Field)
	assert.Equal(t, "seen_at,text", p.Detail)
	p = refused(t, r.dpo.post(events, map[string]any{"kind": "closed", "body": map[string]any{"summary": "x"}}), 409, "duty_open")
	assert.Equal(t, "assess_credibility", p.Detail)
	refused(t, r.dpo.get("/v1/incidents/b-2026-9999"), 404, "incident_unknown")
	refused(t, r.dpo.post("/v1/incidents/b-2026-9999/events", map[string]any{"kind": "closed", "body": map[string]any{"summary": "x"}}), 404, "incident_unknown")
	assert.Equal(t, 1, into[detail](t, r.dpo.get("/v1/incidents/"+id)).Seen, "nothing was added")
	assert.NotContains(t, r.log.String(), "1101700230708")
}

func TestOfTwoWritersTheSecondIsToldAndNothingIsLost(t *testing.T) {
	r := newRegister(t)
	id := r.opened()
	other := r.login("somsak", mfa.RoleDPO)
	fact := func(text string) map[string]any {
		return map[string]any{"kind": "fact", "seen": 1, "body": map[string]any{"seen_at": r.now().String(), "source": "บันทึก", "text": text}}
	}
	var all sync.WaitGroup
	answers := make([]answer, 2)
	for n, s := range []*session{r.dpo, other} {
		all.Go(func() { answers[n] = s.post("/v1/incidents/"+id+"/events", fact("พบไฟล์")) })
	}
	all.Wait()
	statuses := []int{answers[0].status, answers[1].status}
	assert.ElementsMatch(t, []int{200, 409}, statuses)
	for _, a := range answers {
		if a.status == 409 {
			refused(t, a, 409, "incident_changed")
		}
	}
	d := into[detail](t, r.dpo.get("/v1/incidents/"+id))
	assert.Equal(t, 2, d.Seen)
	assert.Len(t, r.office.Entries(audit.KindIncidentEvent), 1)
	whoDoesNotMind := fact("อีกข้อ")
	delete(whoDoesNotMind, "seen")
	assert.Equal(t, 3, into[detail](t, r.dpo.post("/v1/incidents/"+id+"/events", whoDoesNotMind)).Seen)
}

func TestAtMovesTheClockAndNotWhatIsKnown(t *testing.T) {
	r := newRegister(t)
	id := r.opened()
	r.record(id, breach.Aware{AwareAt: r.now()})
	aware := r.now()
	at := func(m breach.Moment) detail {
		return into[detail](t, r.dpo.get("/v1/incidents/"+id+"/duties?at="+url.QueryEscape(m.String())))
	}
	for _, row := range []struct {
		after time.Duration
		state breach.DutyState
	}{{0, breach.Open}, {48*time.Hour - time.Second, breach.Open}, {48 * time.Hour, breach.DueSoon}, {72 * time.Hour, breach.DueSoon}, {72*time.Hour + time.Second, breach.Overdue}} {
		d := at(aware.Add(row.after)).duty(t, breach.DutyOffice)
		assert.Equal(t, string(row.state), d.State, "after %s", row.after)
		assert.Equal(t, aware.Add(72*time.Hour).String(), *d.Deadline)
		assert.NotEmpty(t, d.Law)
		assert.NotEmpty(t, d.Penalty)
	}
	before := at(aware.Add(-100 * time.Hour))
	assert.Equal(t, "notify_office", before.duty(t, breach.DutyOffice).Duty, "what was recorded later still counts")
	all := into[detail](t, r.dpo.get("/v1/duties?at="+url.QueryEscape(aware.Add(73*time.Hour).String())))
	assert.Equal(t, at(aware.Add(73*time.Hour)).Duties, all.Duties)
	p := refused(t, r.dpo.get("/v1/duties?at=2569-11-26T08:00:00%2B07:00"), http.StatusBadRequest, "body_invalid")
	assert.Equal(t, "at", p.Field, "a year of the Buddhist era is no moment far ahead")
}

func TestAClockOfTheLawThatRunsOutGoesBeforeATargetOfTheAgency(t *testing.T) {
	r := newRegister(t)
	id := r.opened()
	r.record(id, breach.Aware{AwareAt: r.now()}, breach.Credibility{Verdict: breach.Credible, Reason: "พบจริง"})
	for _, row := range []struct {
		after time.Duration
		first breach.DutyName
	}{
		{0, breach.DutyContain},              // nothing runs out yet: the nearest
		{30 * time.Hour, breach.DutyContain}, // over, and 72 hours are far
		{60 * time.Hour, breach.DutyOffice},  // both are over or near
		{80 * time.Hour, breach.DutyOffice},  // over itself
		{350 * time.Hour, breach.DutyDelay},  // fifteen days run out
		{361 * time.Hour, breach.DutyOffice},
	} {
		at := url.QueryEscape(r.now().Add(row.after).String())
		got := into[struct{ First dutyLine }](t, r.dpo.get("/v1/duties?at="+at))
		assert.Equal(t, string(row.first), got.First.Duty, "after %s", row.after)
	}
}

func TestLawAndPenaltyAreInThaiUnlessEnglishIsAsked(t *testing.T) {
	r := newRegister(t)
	id := r.opened()
	r.toTold(id)
	r.record(id, breach.Ordered{To: "ผู้รับจ้าง", Means: breach.MeansTechnology, Text: "แก้ไข", DueAt: r.now().Add(time.Hour)})
	d := into[detail](t, r.dpo.get("/v1/duties?at="+url.QueryEscape(r.now().Add(100*time.Hour).String())))
	require.Greater(t, len(d.Duties), 8)
	for _, duty := range d.Duties {
		assert.NotRegexp(t, `PDP|cl\.|s\. |THB|unconfirmed|secondary|up to`, duty.LawText, duty.Duty)
	}
	english := into[detail](t, r.dpo.ask(http.MethodGet, "/v1/duties", nil, func(q *http.Request) { q.Header.Set("Accept-Language", "en") }))
	for _, duty := range english.Duties {
		assert.Equal(t, duty.Law, duty.LawText)
	}
}

func TestAnIncidentFromReportToClosing(t *testing.T) {
	r := newRegister(t)
	id := r.opened()
	r.toTold(id)
	digest := strings.Repeat("a", 64)
	now := r.now()
	r.record(id,
		breach.ActionFinished{Action: 1, FinishedAt: now}, breach.Contained{Result: breach.ResultEnded, Text: "ปิดแล้ว"},
		breach.OfficeNotified{SentAt: now, Channel: "ระบบของสำนักงาน", Receipt: &breach.Receipt{Reference: "รับ 1", ReceivedAt: now}},
		breach.Delivered{List: 1, Rows: 2, By: breach.ByLetter, Done: []breach.Rows{{From: 1, To: 2, Status: breach.Sent}}},
		breach.DocumentAttached{Title: "แบบประเมิน", Digest: digest}, breach.Recovered{RestoredAt: now, State: "ปกติ"},
		breach.TaskSet{Owner: "งานไอที", Text: "ตรวจสิทธิ์", DueAt: now.Add(time.Hour)}, breach.TaskDone{Task: 1, DoneAt: now},
		breach.TaskChecked{Task: 1, CheckedAt: now, Effective: breach.Yes, How: "ทดสอบ"},
		breach.Reviewed{Technology: "ก", Context: "ข", Environment: "ค", Standards: "ง", Purpose: "จ", Resources: "ฉ", Feasibility: "ช"},
	)
	d := r.record(id, breach.Closed{Summary: "เรียบร้อย"})
	assert.Equal(t, "closed", d.State)
	assert.Equal(t, "in_time", d.Timing)
	assert.Nil(t, d.Next)
	assert.Equal(t, d.Seen, len(d.Story))
	for _, line := range d.Story {
		assert.NotEmpty(t, line.Text, line.Kind)
	}
	assert.Equal(t, "ปิดเรื่อง: เรียบร้อย", d.Story[d.Seen-1].Text)
	english := into[detail](t, r.dpo.ask(http.MethodGet, "/v1/incidents/"+id, nil, func(q *http.Request) { q.Header.Set("Accept-Language", "en") }))
	assert.Equal(t, "Closed: เรียบร้อย", english.Story[english.Seen-1].Text, "what somebody wrote stays as it is")
	refusedAgain := refused(t, r.dpo.post("/v1/incidents/"+id+"/events", map[string]any{"kind": "closed", "body": map[string]any{"summary": "x"}}), 409, "event_refused")
	assert.Equal(t, "closed", refusedAgain.Detail)
}

func TestTheFigureIsTheOneThatTheAssessmentWillHave(t *testing.T) {
	r := newRegister(t)
	type figure struct {
		SE   float64
		Band string
	}
	got := into[figure](t, r.dpo.get("/v1/severity?context=simple&identification=1&confidentiality=0.5&malicious=0.5"))
	assert.Equal(t, figure{2, "medium"}, got)
	got = into[figure](t, r.dpo.get("/v1/severity?context=sensitive&identification=0.5&integrity=0.5&availability=0.5"))
	assert.Equal(t, figure{3, "high"}, got)
	for _, bad := range []string{"context=simple", "context=odd&identification=1", "context=simple&identification=0.3", "context=simple&identification=1&adjust=4"} {
		refused(t, r.dpo.get("/v1/severity?"+bad), http.StatusBadRequest, "body_invalid")
	}
}

func TestAProposalBecomesAnIncidentWithItsEvidenceOrIsDismissed(t *testing.T) {
	r := newRegister(t)
	_, err := r.rows.ProposeFromAudit(t.Context(), 2, "7-9")
	require.NoError(t, err)
	_, err = r.rows.ProposeFromRefusals(t.Context(), "https://other.example.go.th", 500, r.office.Clock.Now(), r.office.Clock.Now())
	require.NoError(t, err)
	type line struct{ ID, Alarm, State, Title, Reason, Incident string }
	list := func() []line { return into[struct{ Proposals []line }](t, r.dpo.get("/v1/proposals")).Proposals }
	first := list()
	require.Len(t, first, 2)
	assert.NotEmpty(t, first[0].Title)
	id := into[struct{ ID string }](t, r.dpo.post("/v1/proposals/"+first[0].ID+"/accept", map[string]any{})).ID
	d := into[detail](t, r.dpo.get("/v1/incidents/"+id))
	assert.Equal(t, "linked", d.Story[1].Kind)
	refused(t, r.dpo.post("/v1/proposals/"+first[0].ID+"/accept", map[string]any{}), 409, "proposal_settled")
	refused(t, r.dpo.post("/v1/proposals/"+first[1].ID+"/dismiss", map[string]any{"reason": " "}), 422, "event_invalid")
	a := r.dpo.post("/v1/proposals/"+first[1].ID+"/dismiss", map[string]any{"reason": "ผู้ดูแลทดสอบเอง"})
	assert.Equal(t, http.StatusNoContent, a.status, "%s", a.body)
	refused(t, r.dpo.post("/v1/proposals/p-2026-0099/dismiss", map[string]any{"reason": "x"}), 404, "proposal_unknown")
	states := []string{list()[0].State, list()[1].State}
	assert.Equal(t, []string{"accepted", "dismissed"}, states)
	assert.Len(t, r.office.Entries(audit.KindIncidentDismissed), 1)
}

func TestEveryCauseOfTheRegisterHasARow(t *testing.T) {
	for cause, code := range map[error]string{
		breach.ErrEventInvalid: "event_invalid", breach.ErrInFuture: "time_in_future", breach.ErrHistoryBroken: "history_broken",
		breach.ErrNoReader: "scanner_unavailable", breach.ErrSettingsInvalid: "breach_settings_invalid",
	} {
		assert.Equal(t, code, office.IncidentProblems().Find(cause).Code)
	}
	seen := map[string]bool{}
	for _, row := range office.IncidentProblems() {
		assert.False(t, seen[row.Code+row.Title.EN], row.Code)
		seen[row.Code+row.Title.EN] = true
		for _, text := range []string{row.Title.TH, row.Title.EN, row.Remedy.TH, row.Remedy.EN} {
			assert.NotEmpty(t, text, row.Code)
		}
	}
}
