package office_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/api/apitest"
	"chipproof/api/office"
	"chipproof/breach"
	"chipproof/breach/letters"
	"chipproof/breach/reading"
	"chipproof/exposure"
	"chipproof/mfa"
	storeoffice "chipproof/store/office"
)

// register is an office with a register on loopback, and an officer who is logged in.
type register struct {
	testing.TB
	office *apitest.Office
	rows   *storeoffice.Incidents
	server *api.Server
	url    string
	dpo    *session
	mail   *postbox
	log    *bytes.Buffer
}

// session is somebody's page.
type session struct {
	r            *register
	cookie, csrf string
}

// postbox takes letters in place of a mail server.
type postbox struct {
	mu   sync.Mutex
	to   []string
	down bool
	// during is called for each letter, before it is taken; it may be nil.
	during func()
}

func (p *postbox) Send(_ context.Context, to letters.Recipient, _ letters.Document) error {
	if p.during != nil {
		p.during()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down {
		return letters.ErrSenderDown
	}
	p.to = append(p.to, to.Reveal().Email)
	return nil
}

func newRegister(t testing.TB, change ...func(*office.IncidentOptions)) *register {
	t.Helper()
	r := &register{TB: t, office: apitest.New(t), mail: &postbox{}, log: &bytes.Buffer{}}
	key, err := exposure.NewKey(rand.Reader)
	require.NoError(t, err)
	scanner, err := exposure.NewScanner(exposure.Options{Key: key, Now: r.office.Clock.Now})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, scanner.Close()) })
	reader := reading.New(scanner)
	r.rows = storeoffice.NewIncidents(r.office.Store, r.office.Log, storeoffice.IncidentOptions{Reader: reader, Clock: r.office.Clock.Now})
	options := office.IncidentOptions{
		Rows: r.rows, Acts: r.rows, Proposals: r.rows, Reader: reader, Mailer: r.mail, Now: r.office.Clock.Now, Letters: maker,
	}
	for _, f := range change {
		f(&options)
	}
	incidents, err := office.NewIncidents(options)
	require.NoError(t, err)
	listeners, err := api.Listen(t.Context(), "localhost:0")
	require.NoError(t, err)
	r.url = listeners.URL()
	logins := api.NewLogins(r.office.MFA, r.office.Cookie())
	r.server, err = api.NewServer(api.Options{
		Title: office.Title, Version: office.Version, Problems: office.Problems(), Gates: office.Gates(logins), Now: r.office.Clock.Now,
		Rules: api.OriginRules{Mode: api.Test, Ports: listeners.Ports()}, Limits: api.Limits{Rate: 1 << 20, Logins: 1 << 20},
		Log: slog.New(slog.NewTextHandler(r.log, nil)),
	})
	require.NoError(t, err)
	api.RegisterLogins(r.server, logins)
	office.Mount(r.server, office.Office{Incidents: incidents})
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { assert.NoError(t, r.server.Serve(ctx, listeners)) })
	t.Cleanup(func() { cancel(); running.Wait() })
	r.dpo = r.login("wanida", mfa.RoleDPO)
	return r
}

// maker writes in the name of a made-up district.
func maker(context.Context) (letters.Maker, error) {
	templates, err := letters.Shipped()
	return letters.Maker{Templates: templates, Agency: letters.Agency{Name: "ที่ว่าการอำเภอตัวอย่าง", Prefix: "ตย 0101/", Unit: "กลุ่มงานทดสอบ"}}, err
}

func (r *register) login(name string, role mfa.Role) *session {
	r.Helper()
	entry := r.office.Enrolled(name, role).Login()
	return &session{r: r, cookie: r.office.Cookie() + "_n=" + entry.Token.Reveal(), csrf: entry.Session.CSRF.Reveal()}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) problem(t testing.TB) (p api.Problem) {
	t.Helper()
	require.NoError(t, json.Unmarshal(a.body, &p), "%s", a.body)
	return p
}

// into reads an answer that is one.
func into[T any](t testing.TB, a answer) (v T) {
	t.Helper()
	require.Less(t, a.status, 300, "%s", a.body)
	require.NoError(t, json.Unmarshal(a.body, &v, json.MatchCaseInsensitiveNames(true)))
	return v
}

// ask sends a request as our own page does; change bends it.
func (s *session) ask(method, path string, body any, change ...func(*http.Request)) answer {
	s.r.Helper()
	var content io.Reader
	if text, ok := body.(string); ok {
		content = strings.NewReader(text)
	} else if body != nil {
		text, err := json.Marshal(body)
		require.NoError(s.r, err)
		content = bytes.NewReader(text)
	}
	q, err := http.NewRequestWithContext(s.r.Context(), method, s.r.url+path, content)
	require.NoError(s.r, err)
	q.Header.Set("Cookie", s.cookie)
	q.Header.Set("Sec-Fetch-Site", "same-origin")
	q.Header.Set("Sec-Fetch-Mode", "cors")
	q.Header.Set("Sec-Fetch-Dest", "empty")
	if method != http.MethodGet {
		q.Header.Set("Origin", s.r.url)
		q.Header.Set("Content-Type", "application/json")
		q.Header.Set("X-Chipproof-CSRF", s.csrf)
	}
	for _, f := range change {
		f(q)
	}
	res, err := http.DefaultClient.Do(q)
	require.NoError(s.r, err)
	defer func() { assert.NoError(s.r, res.Body.Close()) }()
	got, err := io.ReadAll(res.Body)
	require.NoError(s.r, err)
	return answer{res.StatusCode, res.Header, got}
}

func (s *session) get(path string) answer { return s.ask(http.MethodGet, path, nil) }

func (s *session) post(path string, body any) answer { return s.ask(http.MethodPost, path, body) }

// refused says with what status and code a request was refused.
func refused(t testing.TB, a answer, status int, code string) api.Problem {
	t.Helper()
	p := a.problem(t)
	assert.Equal(t, status, a.status, "%s", a.body)
	assert.Equal(t, code, p.Code)
	return p
}

// detail is what the tests look at of an incident.
type detail struct {
	ID, State, Risk, Timing string
	Seen                    int
	Mail                    bool
	Duties                  []dutyLine
	Next                    *dutyLine
	Story                   []struct{ Kind, Text, By string }
	Known                   struct {
		Lists []struct{ Number, Rows, Sent, Failed, Pending int }
		Tasks []struct{ Number int }
	}
}

type dutyLine struct {
	Incident, Duty, State, Law, Penalty string
	Deadline                            *string
	Needs                               []string
	LawText                             string `json:"law_text"`
}

func (d detail) duty(t testing.TB, name breach.DutyName) dutyLine {
	t.Helper()
	for _, x := range d.Duties {
		if x.Duty == string(name) {
			return x
		}
	}
	t.Fatalf("no duty %s", name)
	return dutyLine{}
}

// opened is the id of a new incident.
func (r *register) opened() string {
	r.Helper()
	out := into[struct{ ID string }](r, r.dpo.post("/v1/incidents", map[string]any{"title": "ไฟล์รายชื่อเปิดได้จากอินเทอร์เน็ต"}))
	return out.ID
}

// record adds events that must be taken.
func (r *register) record(id string, bodies ...breach.Body) (d detail) {
	r.Helper()
	for _, b := range bodies {
		d = into[detail](r, r.dpo.post("/v1/incidents/"+id+"/events", map[string]any{"kind": b.Kind(), "body": b}))
	}
	return d
}

func (r *register) now() breach.Moment { return breach.At(r.office.Clock.Now()) }

// toConfirmed takes an incident through step 1.
func (r *register) toConfirmed(id string) detail {
	r.Helper()
	r.record(id, breach.Aware{AwareAt: r.now()}, breach.Credibility{Verdict: breach.Credible, Reason: "พบจริง"})
	for _, area := range breach.Areas() {
		list := breach.Checklist{Area: area}
		for _, item := range area.Items() {
			list.Items = append(list.Items, breach.Measure{Item: item, InPlace: breach.InPlaceUnknown})
		}
		if area == breach.Technical {
			list.Unintelligible, list.KeyLost = breach.No, breach.NotKnown
		}
		r.record(id, list)
	}
	return r.record(id, nature(), breach.Established{Verdict: breach.Confirmed, Reason: "เปิดได้จริง"})
}

func nature() breach.Nature {
	return breach.Nature{
		Description: "ไฟล์เปิดได้โดยไม่ต้องเข้าสู่ระบบ", Effects: []breach.Effect{breach.EffectDisclosure}, Causes: []breach.Cause{breach.CauseError},
		Labels: []breach.Label{breach.Confidentiality}, Data: "ชื่อและที่อยู่", Subjects: "ผู้รับบริการ",
		People: breach.Count{Number: 240, Certainty: breach.Exact}, Records: breach.Count{Certainty: breach.Unknown}, Consequences: "อาจถูกแอบอ้าง",
	}
}

func assessed(risk breach.Risk) breach.Assessed {
	return breach.Assessed{
		Factors:  breach.Factors{Breach: "ก", Data: "ข", People: "ค", Severity: "ง", WideEffect: "จ", Storage: "ฉ", Controller: "ช"},
		Severity: breach.Severity{Context: breach.ContextSimple, Identification: 4, Confidentiality: 2}, Risk: risk, Reason: "พิจารณาแล้ว",
	}
}

func contact() breach.Contact {
	return breach.Contact{Name: "เจ้าหน้าที่คุ้มครองข้อมูลส่วนบุคคล", Phone: "0 2000 0000"}
}

func prepared() breach.SubjectsPrepared {
	return breach.SubjectsPrepared{Nature: "ไฟล์เปิดเผย", Effects: "อาจถูกแอบอ้าง", Remedies: "หน่วยงานช่วยแจ้งระงับ", Measures: "ปิดไฟล์แล้ว", Advice: "ระวังสายแอบอ้าง"}
}

// toTold takes an incident to where letters can be written.
func (r *register) toTold(id string) detail {
	r.Helper()
	r.toConfirmed(id)
	return r.record(id, contact(), assessed(breach.RiskHigh), prepared(),
		breach.ActionStarted{Aim: breach.AimContain, Means: breach.MeansTechnology, Text: "ปิดไฟล์", StartedAt: r.now()})
}
