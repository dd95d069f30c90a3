package office

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/api/apitest"
	"chipproof/api/console"
	"chipproof/exposure/report"
	"chipproof/mfa"
)

// rig is a whole office with one person of each role, who are enrolled and not
// logged in. Requests go through all of the server.
type rig struct {
	*apitest.Agency
	server            *api.Server
	dpo, admin, staff *apitest.Person
}

func newRig(t testing.TB) *rig {
	t.Helper()
	r := &rig{Agency: apitest.NewAgency(t)}
	r.dpo, r.admin, r.staff = r.Enrolled("wanida", mfa.RoleDPO), r.Enrolled("prasit", mfa.RoleAdmin), r.Enrolled("malee", mfa.RoleStaff)
	logins := api.NewLogins(r.MFA, r.Cookie())
	exposures, err := NewExposures(ExposureOptions{
		Scans: r.Scans, Files: r.Scans, Findings: r.Scans, Trend: r.Scans, Tasks: r.Tasks, TaskActs: r.Tasks, Assets: r.Assets, Imports: r.Scans, Key: r.Key,
		Runs: r.Manager, Owners: r.owners, Now: r.Clock.Now, Letterhead: report.Letter{Agency: "เทศบาลตำบลบ้านลาด"},
	})
	require.NoError(t, err)
	o := Office{Exposures: exposures}
	r.server, err = api.NewServer(api.Options{
		Title: Title, Version: Version, Problems: Problems(), Gates: Gates(logins), Now: r.Clock.Now, Log: slog.New(slog.DiscardHandler),
		Rules: api.OriginRules{Mode: api.Production, Ports: []int{8732}}, Limits: api.Limits{Rate: 1 << 30, Logins: 1 << 30},
	})
	require.NoError(t, err)
	Mount(r.server, o)
	api.RegisterLogins(r.server, logins)
	api.RegisterUsers(r.server, logins)
	site, err := console.New(console.Options{Mode: api.Production, Parts: []console.Part{console.Common(), Pages(o)}})
	require.NoError(t, err)
	site.Register(r.server)
	return r
}

// owners are the accounts of the office, as its program lists them.
func (r *rig) owners(ctx context.Context) ([]Owner, error) {
	accounts, err := r.MFA.Accounts(ctx, mfa.ByOS("0"))
	var list []Owner
	for _, a := range accounts {
		list = append(list, Owner{ID: a.ID, Name: a.Name, Role: string(a.Role)})
	}
	return list, err
}

// idOf is the id of a person's account.
func (r *rig) idOf(p *apitest.Person) string {
	r.Helper()
	owners, err := r.owners(r.Context())
	require.NoError(r, err)
	i := slices.IndexFunc(owners, func(o Owner) bool { return o.Name == p.Name })
	require.GreaterOrEqual(r, i, 0)
	return owners[i].ID
}

// visit is a browser on our own pages.
type visit struct {
	*rig
	cookies map[string]string
	csrf    string
}

// reply is what came back.
type reply struct {
	*httptest.ResponseRecorder
	text string
}

func (r reply) code() string {
	var p api.Problem
	_ = json.Unmarshal([]byte(r.text), &p)
	return p.Code
}

// says compares status and code.
func (r reply) says(t testing.TB, status int, code string, why ...any) {
	t.Helper()
	assert.Equal(t, status, r.Code, append(why, r.text)...)
	assert.Equal(t, code, r.code(), append(why, r.text)...)
}

// into reads an answer that must be one.
func read[T any](r *rig, a reply) (v T) {
	r.Helper()
	require.Equal(r, http.StatusOK, a.Code, a.text)
	require.NoError(r, json.Unmarshal([]byte(a.text), &v), a.text)
	return v
}

const ours = "http://localhost:8732"

func (r *rig) anonymous() *visit { return &visit{rig: r, cookies: map[string]string{}} }

// as is a browser in which that person has logged in.
func (r *rig) as(p *apitest.Person) *visit {
	r.Helper()
	v := r.anonymous()
	v.remember(v.post("/v1/sessions", body(map[string]any{"username": p.Name, "password": p.Password})))
	v.remember(v.post("/v1/sessions/current/totp", body(map[string]any{"code": p.Code()})))
	require.NotEmpty(r, v.csrf)
	return v
}

func (v *visit) remember(a reply) {
	v.Helper()
	require.Equal(v, http.StatusOK, a.Code, a.text)
	for _, c := range a.Result().Cookies() {
		v.cookies[c.Name] = c.Value
	}
	var s api.SessionAnswer
	require.NoError(v, json.Unmarshal([]byte(a.text), &s))
	v.csrf = s.CSRF
}

// do sends a request as a page's script does. headers, name and value by turns,
// change what is sent; an empty value leaves it out.
func (v *visit) do(method, path, body string, headers ...string) reply {
	v.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if method == http.MethodGet {
		r = httptest.NewRequest(method, path, nil)
	}
	r.Host = "localhost:8732"
	r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8732}))
	if method != http.MethodGet {
		r.Header.Set("Origin", ours)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-Chipproof-CSRF", v.csrf)
	}
	for _, name := range slices.Sorted(maps.Keys(v.cookies)) {
		r.AddCookie(&http.Cookie{Name: name, Value: v.cookies[name]})
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
		}
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	w := httptest.NewRecorder()
	v.server.ServeHTTP(w, r)
	text, err := io.ReadAll(w.Body)
	require.NoError(v, err)
	return reply{w, string(text)}
}

func (v *visit) get(path string, headers ...string) reply {
	v.Helper()
	return v.do(http.MethodGet, path, "", headers...)
}

func (v *visit) post(path, body string, headers ...string) reply {
	v.Helper()
	return v.do(http.MethodPost, path, body, headers...)
}

// body is a JSON object.
func body(members map[string]any) string {
	b, _ := json.Marshal(members)
	return string(b)
}
