package counter

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/api/apitest"
	"chipproof/mfa"
	"chipproof/proofing"
	"chipproof/simulator"
)

// marked drives every flow with values that can be found again, and remembers
// every answer but those few that hand a secret out, once, to whom it belongs.
type marked struct {
	*desk
	secrets map[string]string // by what they are
	told    strings.Builder
}

func (m *marked) secret(what, value string) string {
	m.t.Helper()
	require.Greater(m.t, len(value), 5, what)
	m.secrets[what] = value
	return value
}

// tell remembers an answer: its body and its headers.
func (m *marked) tell(a answer) answer {
	fmt.Fprintln(&m.told, a.status, a.header, a.body)
	return a
}

// session remembers an answer that must hand out a token and a csrf value.
func (m *marked) session(what string, p *page, a answer) {
	m.t.Helper()
	require.Equal(m.t, 200, a.status, "%s: %s", what, a.body)
	_, token, _ := strings.Cut(p.cookie, "=")
	m.secret("token of "+what, token)
	m.secret("csrf of "+what, p.csrf)
	body := strings.ReplaceAll(a.body, p.csrf, "")
	fmt.Fprintln(&m.told, a.status, body)
}

func TestMarkedValuesAreFoundNowhereButWhereTheyBelong(t *testing.T) {
	stderr := captureStderr(t)
	machine := simulator.NewMachine(reader)
	card := insert(t, machine, "default", simulator.Line{})
	d := setUp(t, machine, setup{mode: api.Test, policy: testPolicy(t), patience: Patience{Look: time.Millisecond}})
	d.card = card
	m := &marked{desk: d, secrets: map[string]string{}}
	admin := m.enrols()
	p := m.logsIn(admin)
	m.changesFactors(admin, p)
	m.managesOrigins(p)
	personal := m.reads(p)
	personal = append(personal, m.proves(p)...)
	m.sendsJunk(p)
	m.tell(p.do("DELETE", "/v1/sessions/current", ""))

	d.stop()
	files, log := d.office.Files(), d.log.String()
	d.office.Close()
	files += d.office.Files()
	for place, text := range map[string]string{"database": files, "log": log, "stderr": stderr(), "answer": m.told.String()} {
		for _, what := range slices.Sorted(maps.Keys(m.secrets)) {
			assert.False(t, strings.Contains(text, m.secrets[what]), "%s in the %s", what, place)
		}
	}
	for place, text := range map[string]string{"database": files, "log": log, "stderr": stderr()} {
		for _, v := range personal {
			assert.False(t, strings.Contains(text, v), "a value of the card, %d bytes long, in the %s", len(v), place)
		}
	}
	assert.Greater(t, len(m.secrets), 45, "all of them were driven")
	assert.Greater(t, len(personal), 30)
}

// captureStderr gives what the process has written there since.
func captureStderr(t *testing.T) func() string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "stderr")
	f, err := os.Create(path)
	require.NoError(t, err)
	before := os.Stderr
	os.Stderr = f
	t.Cleanup(func() { os.Stderr = before; assert.NoError(t, f.Close()) })
	return func() string {
		b, err := os.ReadFile(path)
		require.NoError(t, err)
		return string(b)
	}
}

// enrols goes through a first enrolment, with wrong turns.
func (m *marked) enrols() *apitest.Person {
	m.t.Helper()
	grant := m.secret("grant", m.office.Invite("admin", mfa.RoleAdmin).Grant.Reveal())
	password := m.secret("password", "รหัสผ่านที่ทำเครื่องหมายไว้หนึ่ง")
	m.tell(m.raw(post("/v1/enrolments", words("grant", m.secret("wrong grant", "MARKED-GRANT-0001"), "password", password), ours)))
	m.tell(m.raw(post("/v1/enrolments", words("grant", grant, "password", "กขค"), ours)))
	a := m.raw(post("/v1/enrolments", words("grant", grant, "password", password), ours))
	var key api.NewKey
	require.NoError(m.t, json.Unmarshal([]byte(a.body), &key))
	secret, err := mfa.ParseSecret(m.secret("key", key.Secret))
	require.NoError(m.t, err)
	admin := m.office.Carrying("admin", secret)
	admin.Password = password
	m.tell(m.raw(post("/v1/enrolments/confirm", words("grant", grant, "code", m.secret("wrong code", "MARKED-CODE")), ours)))
	a = m.raw(post("/v1/enrolments/confirm", words("grant", grant, "code", admin.Code()), ours))
	var codes api.BackupCodes
	require.NoError(m.t, json.Unmarshal([]byte(a.body), &codes))
	for i, c := range codes.BackupCodes {
		m.secret(fmt.Sprint("backup code ", i), c)
	}
	admin.BackupCodes = codes.BackupCodes
	return admin
}

// logsIn tries wrong names, passwords and codes, and then the right ones.
func (m *marked) logsIn(admin *apitest.Person) *page {
	m.t.Helper()
	name := m.secret("a password typed as a name", "marked-password-as-name")
	m.tell(m.raw(post("/v1/sessions", words("username", name, "password", m.secret("wrong password", "รหัสผิดที่ทำเครื่องหมายไว้")), ours)))
	m.tell(m.raw(post("/v1/sessions", words("username", "admin", "password", m.secrets["wrong password"]), ours)))
	p := &page{d: m.desk}
	m.session("one factor", p, p.post("/v1/sessions", words("username", "admin", "password", admin.Password)))
	m.tell(p.post("/v1/sessions/current/totp", words("code", m.secrets["wrong code"])))
	m.tell(p.post("/v1/sessions/current/backup-code", words("code", m.secret("wrong backup code", "0123-4567-89AB-CDEF"))))
	m.session("both factors", p, p.post("/v1/sessions/current/totp", words("code", admin.Code())))
	m.session("step-up", p, p.post("/v1/sessions/current/backup-code", words("code", admin.BackupCodes[0])))
	require.Equal(m.t, 200, p.do("POST", "/v1/desk", "", "X-Other: "+p.csrf).status) // tells csrf, as every session answer
	require.Equal(m.t, 200, p.post("/v1/sessions/current/lock", "").status)
	m.tell(p.post("/v1/sessions/current/unlock", words("password", m.secrets["wrong password"])))
	m.session("unlock", p, p.post("/v1/sessions/current/unlock", words("password", admin.Password)))
	m.session("step-up again", p, p.post("/v1/sessions/current/totp", words("code", admin.Code())))
	m.tell(p.get("/v1/sessions"))
	m.tell(p.get("/v1/authenticators"))
	return p
}

func (m *marked) changesFactors(admin *apitest.Person, p *page) {
	m.t.Helper()
	var codes api.BackupCodes
	require.NoError(m.t, json.Unmarshal([]byte(p.post("/v1/backup-codes", "").body), &codes))
	admin.BackupCodes = codes.BackupCodes
	m.secret("new backup code", codes.BackupCodes[0])
	var key struct {
		ID string `json:"id"`
		api.NewKey
	}
	require.NoError(m.t, json.Unmarshal([]byte(p.post("/v1/authenticators", words("label", "second")).body), &key))
	m.secret("second key", key.Secret)
	m.tell(p.post("/v1/authenticators/"+key.ID+"/confirm", words("code", m.secrets["wrong code"])))
	changed := m.secret("new password", "รหัสผ่านที่ทำเครื่องหมายไว้สอง")
	m.tell(p.post("/v1/password", words("present", m.secrets["wrong password"], "password", changed)))
	m.session("new password", p, p.post("/v1/password", words("present", admin.Password, "password", changed)))
	var sheet struct {
		EmergencyCode string `json:"emergency_code"`
	}
	require.NoError(m.t, json.Unmarshal([]byte(p.post("/v1/emergency-code", "").body), &sheet))
	m.secret("emergency code", sheet.EmergencyCode)
}

func (m *marked) managesOrigins(p *page) {
	private := m.secret("private key of a site", "MARKED-PRIVATE-HALF-OF-A-SITES-KEY")
	m.tell(p.post("/v1/origins", mustJSON(map[string]any{"origin": other, "jwks": setOf(exampleKey("d", private))})))
	require.Equal(m.t, 200, m.tell(p.post("/v1/origins", mustJSON(map[string]any{"origin": other, "jwks": setOf(exampleKey())}))).status)
	m.tell(p.get("/v1/origins"))
	m.tell(p.get("/v1/origins/refused"))
}

// reads reads every person with every field, with faults and the clerk's word,
// and gives what the cards say.
func (m *marked) reads(p *page) (values []string) {
	m.t.Helper()
	all := append(DefaultGrant().Fields, "laser_code", "nhso")
	m.origins.grant(site, api.Grant{Purposes: []string{proofing.FormFill}, Fields: all})
	for _, person := range simulator.People() {
		require.NoError(m.t, m.machine.Remove(reader))
		insert(m.t, m.machine, person.Key, simulator.Line{})
		values = append(values, personal(m.t, m.raw(post("/v1/reads", fill(all...), fromSite)))...)
		plan, err := simulator.ParsePlan([]byte(`[{field: name, do: garbage}]`))
		require.NoError(m.t, err)
		require.NoError(m.t, m.machine.Faults(reader, plan))
		m.raw(post("/v1/reads", fill(all...), fromSite))
	}
	m.origins.save(site, api.Grant{Purposes: []string{proofing.FormFill}, Fields: all}, proofing.AskAlways)
	result := m.later("citizen_id")
	require.Equal(m.t, 204, m.tell(p.post("/v1/approvals/"+p.waits().ID, words("answer", "declined"))).status)
	m.tell(<-result)
	return values
}

// proves goes through whole proofings on both roads and for the counter itself,
// accepted, rejected, declined, refused and broken off, and gives what the cards
// say. Requests, what is in them, and proofs are secrets; only the answers that
// hand a result out hold any of it.
func (m *marked) proves(p *page) (values []string) {
	m.t.Helper()
	r := m.newBackend(site)
	r.list()
	request := func(what string, change ...any) string {
		claims := r.claims(change...)
		m.secret("nonce of "+what, claims["nonce"].(string))
		m.secret("jti of "+what, claims["jti"].(string))
		return m.secret("request of "+what, r.sign(claims))
	}
	result := func(what string, a answer) {
		got := a.proven(m.t)
		if got.Proof != "" {
			m.secret("proof of "+what, got.Proof)
		}
		values = append(values, personal(m.t, a)...)
	}
	claimed := func(n string) map[string]string {
		return map[string]string{
			"first_name": m.secret("claimed first name "+n, "ชื่อที่อ้างไว้"+n), "laser_code": m.secret("claimed laser code "+n, "ZZ99999999"+n),
			"address": m.secret("claimed address "+n, "ที่อยู่ที่อ้างไว้"+n), "birth_date": m.secret("claimed birth date "+n, "2499-09-"+n),
		}
	}
	fact := words("kind", "face_visual", "outcome", "passed")
	fresh := func() { m.reinsert() }

	fresh()
	result("chip only", r.asks(request("chip only", "fields", everyField())))
	fresh()
	w := r.asks(request("clerk", "purpose", proofing.IdentityProofing, "fields", everyField())).waiting(m.t)
	m.tell(p.get("/v1/proofings/current"))
	m.tell(m.raw(post("/v1/proofings/"+w.ID+"/result", "", "Origin: https://evil.example")))
	require.Equal(m.t, 200, p.post("/v1/proofings/"+w.ID+"/view", "").status) // for the clerk's eyes
	m.tell(p.post("/v1/proofings/"+w.ID+"/facts", fact))
	result("clerk", r.result(w.ID))
	fresh()
	w = r.asks(request("mismatch", "purpose", proofing.IdentityProofing, "claimed", claimed("11"))).waiting(m.t)
	m.tell(p.post("/v1/proofings/"+w.ID+"/facts", fact))
	a := r.result(w.ID)
	m.secret("proof of a rejection", a.proven(m.t).Proof)
	fresh()
	w = r.asks(request("declined", "purpose", proofing.IdentityProofing, "claimed", claimed("12"))).waiting(m.t)
	m.tell(p.post("/v1/proofings/"+w.ID+"/decline", ""))
	m.tell(r.result(w.ID))
	m.secret("proof of typing", r.asks(request("typed", "evidence", "typed", "claimed", claimed("13"))).proven(m.t).Proof)
	fresh()
	page := request("page road", "return_url", r.back(), "state", m.secret("state", "MARKED-STATE-OF-A-SITE"), "fields", []string{"citizen_id", "name", "address"})
	result("page road", p.post("/v1/proofings", signedBody(page)))
	fresh()
	result("own use", p.post("/v1/proofings", mustJSON(map[string]any{"purpose": chipOnly, "fields": []string{"citizen_id", "name", "card"}, "claimed": map[string]string{"title": "นาย"}})))
	m.tell(p.post("/v1/proofings", mustJSON(map[string]any{"purpose": chipOnly, "fields": []string{"citizen_id"}, "claimed": claimed("14"), "x": 1})))

	m.tell(r.asks(page))
	m.tell(p.post("/v1/proofings", signedBody(page)))
	m.tell(r.asks(request("expired", "iat", 1, "exp", 100)))
	m.tell(r.asks(request("unknown purpose", "purpose", m.secret("purpose", "MARKED-PURPOSE-0001"))))
	m.tell(r.asks(request("unknown member", "x", m.secret("member", "MARKED-MEMBER-0001"), "claimed", claimed("15"))))
	forged := m.secret("forged request", m.newBackend(site).signWith(r.header(), r.claims()))
	m.tell(r.asks(forged))
	m.tell(r.asks(forged + "."))
	m.tell(m.raw(post("/v1/proofings", signedBody(forged, "nonce", m.secret("nonce in a body", "MARKED-NONCE-IN-A-BODY")), fromSite)))
	fresh()
	plan, err := simulator.ParsePlan([]byte(`[{field: name, do: garbage, until: cleared}]`))
	require.NoError(m.t, err)
	require.NoError(m.t, m.machine.Faults(reader, plan))
	m.tell(r.asks(request("garbage")))
	require.NoError(m.t, m.machine.Faults(reader, nil))
	return values
}

// sendsJunk puts marks everywhere a request has room for them.
func (m *marked) sendsJunk(p *page) {
	mark := m.secret("junk", "MARKED-JUNK-VALUE")
	m.tell(m.raw(post("/v1/reads", words("purpose", mark, "fields", mark), fromSite, "Cookie: x="+mark, "Authorization: Bearer "+mark, "X-"+mark+": "+mark)))
	m.tell(m.raw(post("/v1/reads?"+mark, `{"purpose":"`+mark+`","fields":["name"]}`, fromSite)))
	m.tell(m.raw(post("/v1/reads", `{"`+mark+`":1}`, fromSite)))
	m.tell(m.raw(get("/v1/sessions/"+mark, "Cookie: "+p.cookie)))
	m.tell(p.do("DELETE", "/v1/sessions/"+mark, ""))
	m.tell(p.do("DELETE", "/v1/origins/"+mark, ""))
	m.tell(p.post("/v1/approvals/"+mark, words("answer", mark)))
	m.tell(p.post("/v1/reads/again", words("origin", "https://"+mark+".example")))
	m.tell(m.raw(post("/v1/sessions", words("username", mark, "password", mark), ours)))
}
