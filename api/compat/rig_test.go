package compat_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/api/apitest"
	"chipproof/api/compat"
	"chipproof/api/counter"
	"chipproof/cardreader"
	"chipproof/mfa"
	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"
	"chipproof/store"
)

const (
	// site is approved with compat, A in agent-security §14.
	site = "https://app.example.go.th"
	// other is one more of its kind, where a test lists it.
	other = "https://other.example.go.th"
	// plainSite is listed without compat.
	plainSite = "https://form.example.go.th"
	reader    = "Simulated Reader 00"
)

// rig is a whole agent: our own server and both drop-in ports, the simulator under
// them, a real database beside them, and a clerk who holds the desk.
type rig struct {
	testing.TB
	office  *apitest.Office
	clerk   *apitest.Person
	login   mfa.Entry
	machine *simulator.Machine
	card    *simulator.Card
	counter *counter.Counter
	ports   *compat.Ports
	servers map[string]*api.Server
	tcp     map[string]int // ports, once it listens
	log     *locked
	base    api.Options // of every server
	logins  *api.Logins
	// stop ends everything and waits for it.
	stop func()
}

// main is the name of our own port in these tests.
const main = "main"

var (
	nhso   = string(compat.NHSO)
	gothai = string(compat.GoThai)
)

// build is an agent with a person's card in its one reader, that does not run yet.
func build(t testing.TB, person string, change ...func(*compat.Options)) *rig {
	t.Helper()
	machine := simulator.NewMachine(reader)
	r := &rig{TB: t, office: apitest.New(t), machine: machine, servers: map[string]*api.Server{}, tcp: map[string]int{}, log: &locked{}}
	if person != "" {
		r.card = r.insert(person)
	}
	log := slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	rules := api.OriginRules{Mode: api.Production}
	problems := append(api.Table{unavailable(store.ErrUnwritable), unavailable(store.ErrBusy)}, counter.Problems()...) // as cmd has it
	var err error
	r.counter, err = counter.New(counter.Options{
		Readers: cardreader.New(machine, cardreader.Options{Log: log}), Records: r.office.Records, Pseudonyms: r.office.Pseudonyms,
		Policy: proofing.DefaultPolicy(), Rules: rules, Now: r.office.Clock.Now, Log: log,
		Patience: counter.Patience{Look: time.Millisecond},
		Signing: &proofing.Signing{Mode: proof.Production, Now: r.office.Clock.Now, Key: func() (crypto.Signer, error) {
			return nil, errors.New("nothing is signed here")
		}},
		Keys: func(context.Context) (proof.KeySet, error) { return proof.KeySet{}, nil },
	})
	require.NoError(t, err)
	logins := api.NewLogins(r.office.MFA, r.office.Cookie())
	r.logins = logins
	base := api.Options{
		Title: counter.Title, Version: counter.Version, Origins: r.counter, Rules: rules, Problems: problems, Own: counter.OwnGrant(proofing.DefaultPolicy()),
		Gates: logins.Gates(), Log: log, Now: r.office.Clock.Now, Limits: api.Limits{Rate: 1 << 20, Logins: 1 << 20},
	}
	own, err := api.NewServer(base)
	require.NoError(t, err)
	o := compat.Options{Desk: r.counter, Arms: r.counter, Problems: problems, Now: r.office.Clock.Now, Log: log}
	for _, c := range change {
		c(&o)
	}
	r.ports, err = compat.New(o)
	require.NoError(t, err)
	counter.Register(own, r.counter)
	api.RegisterLogins(own, logins)
	api.RegisterDesk(own, logins)
	compat.RegisterConsole(own, r.ports)
	r.servers[main] = own
	r.base = base
	base.Refused = own.Refused()
	for _, a := range compat.Agents() {
		r.servers[string(a)], err = r.ports.Server(a, a.Port(), base)
		require.NoError(t, err)
	}
	r.grant(site, everyday, proofing.AskNever)
	r.save(proofing.Origin{Origin: plainSite, Fields: everyday, Purposes: []string{proofing.FormFill}})
	r.clerk = r.office.Enrolled("malee", mfa.RoleStaff)
	r.login = r.clerk.Login()
	return r
}

func unavailable(cause error) api.Row {
	return api.Row{Cause: cause, Status: 503, Code: "audit_unavailable"}
}

// everyday is every field but those that have to be granted by name.
var everyday = counter.DefaultGrant().Fields

func everything() []string {
	var names []string
	for _, f := range thaiid.AllFields() {
		names = append(names, string(f))
	}
	return names
}

// grant lists an origin for form_fill and compat.
func (r *rig) grant(origin string, fields []string, ask proofing.Ask) {
	r.Helper()
	r.save(proofing.Origin{Origin: origin, Fields: fields, Purposes: []string{proofing.FormFill, proofing.Compat}, Ask: ask})
}

func (r *rig) save(o proofing.Origin) {
	r.Helper()
	o.Audience, o.ApprovedAt = o.Origin, r.office.Clock.Now()
	if o.Ask == "" {
		o.Ask = proofing.AskNever
	}
	_, err := r.office.Records.SaveOrigin(r.Context(), proofing.Actor{ID: "os:0"}, o)
	require.NoError(r, err)
}

func (r *rig) insert(person string) *simulator.Card {
	r.Helper()
	p, err := simulator.PersonNamed(person)
	require.NoError(r, err)
	card, err := simulator.NewCard(p, simulator.CardOptions{})
	require.NoError(r, err)
	require.NoError(r, r.machine.Insert(reader, card))
	return card
}

func (r *rig) remove() { require.NoError(r, r.machine.Remove(reader)) }

// run has counter and ports follow the readers, until stop or the end of the test.
func (r *rig) run(more ...func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = r.counter.Run(ctx) })
	running.Go(func() { assert.ErrorIs(r, r.ports.Run(ctx), context.Canceled) })
	for _, f := range more {
		running.Go(func() { f(ctx) })
	}
	r.stop = sync.OnceFunc(func() {
		cancel()
		running.Wait()
	})
	r.Cleanup(r.stop)
}

// start is an agent that runs and listens on loopback.
func start(t testing.TB, person string, change ...func(*compat.Options)) *rig {
	t.Helper()
	r := build(t, person, change...)
	var serve []func(context.Context)
	for name, server := range r.servers {
		l, err := api.Listen(t.Context(), "localhost:0")
		require.NoError(t, err)
		r.tcp[name] = l.Ports()[0]
		serve = append(serve, func(ctx context.Context) { assert.NoError(t, server.Serve(ctx, l)) })
	}
	r.run(serve...)
	return r
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) code() string {
	var p struct{ Code string }
	_ = json.Unmarshal([]byte(a.body), &p)
	return p.Code
}

// says compares a refusal of ours.
func (a answer) says(t testing.TB, status int, code, why string) {
	t.Helper()
	assert.Equal(t, status, a.status, why)
	assert.Equal(t, code, a.code(), why)
	assert.Equal(t, "application/problem+json", a.header.Get("Content-Type"), why)
}

// fails compares a failure in the shape of the NHSO agent.
func (a answer) fails(t testing.TB, status int, code, why string) {
	t.Helper()
	var e map[string]any
	require.NoError(t, json.Unmarshal([]byte(a.body), &e), a.body)
	assert.Equal(t, status, a.status, why)
	assert.Equal(t, float64(status), e["status"], why)
	assert.Equal(t, code, e["error"], why)
	assert.NotEmpty(t, e["message"], why)
	assert.Empty(t, e["errors"], why)
	assert.NotNil(t, e["errors"], why)
	assert.Len(t, e, 4, why)
	assert.Equal(t, "application/json", a.header.Get("Content-Type"), why)
}

// raw sends bytes over a connection of its own. In text, \n stands for CRLF and
// PORT for the port.
func (r *rig) raw(port, text string) answer {
	r.Helper()
	conn, err := net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(r.tcp[port]))
	require.NoError(r, err)
	defer conn.Close()
	require.NoError(r, conn.SetDeadline(time.Now().Add(30*time.Second)))
	go func() { _, _ = io.WriteString(conn, wire(text, r.tcp[port])) }()
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(r, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(r, err)
	return answer{res.StatusCode, res.Header, string(body)}
}

func wire(text string, port int) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "PORT", strconv.Itoa(port)), "\n", "\r\n")
}

// within does the same without a network, for tests inside a bubble of time.
func (r *rig) within(ctx context.Context, port, text string) answer {
	r.Helper()
	const number = 8189
	req, err := http.ReadRequest(bufio.NewReader(strings.NewReader(wire(text, number))))
	require.NoError(r, err)
	local := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: number}
	w := httptest.NewRecorder()
	r.servers[port].ServeHTTP(w, req.WithContext(context.WithValue(ctx, http.LocalAddrContextKey, net.Addr(local))))
	return answer{w.Code, w.Result().Header, w.Body.String()}
}

// get is a GET by the right name, by nobody unless lines say.
func get(path string, lines ...string) string {
	return "GET " + path + " HTTP/1.1\nHost: localhost:PORT\n" + strings.Join(append(lines, "\n"), "\n")
}

const (
	fromSite  = "Origin: " + site
	fromOther = "Origin: " + other
	readCard  = "/api/smartcard/read-card-only?readImageFlag=false"
	readImage = "/api/smartcard/read-card-only?readImageFlag=true"
)

// console sends a request of the clerk's own page.
func (r *rig) console(method, path, body string) answer {
	return r.consoleOf(r.login, method, path, body)
}

func (r *rig) consoleOf(e mfa.Entry, method, path, body string) answer {
	r.Helper()
	lines := []string{
		method + " " + path + " HTTP/1.1", "Host: localhost:PORT", "Cookie: " + r.office.Cookie() + "_n=" + e.Token.Reveal(),
		"Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty",
	}
	if method != "GET" {
		lines = append(lines, "Origin: http://localhost:PORT", "X-Chipproof-CSRF: "+e.Session.CSRF.Reveal(), "Content-Type: application/json", fmt.Sprint("Content-Length: ", len(body)))
	}
	text := strings.Join(append(lines, "\n"), "\n") + body
	if len(r.tcp) == 0 {
		return r.within(r.Context(), main, text)
	}
	return r.raw(main, text)
}

// arm has the clerk click.
func (r *rig) arm(origin string) {
	r.Helper()
	a := r.console("POST", "/v1/compat/arm", `{"origin":"`+origin+`","armed":true}`)
	require.Equal(r, 200, a.status, a.body)
}

func (r *rig) lock() {
	r.Helper()
	require.NoError(r, r.office.MFA.Lock(r.Context(), r.login.Token))
}

func (r *rig) unlock() {
	r.Helper()
	var err error
	r.login, err = r.office.MFA.Unlock(r.Context(), r.login.Token, mfa.Hide(r.clerk.Password))
	require.NoError(r, err)
}

// sql runs a statement on the connection that writes.
func (r *rig) sql(statement string) {
	r.Helper()
	require.NoError(r, r.office.Store.Write(r.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(r.Context(), statement)
		return err
	}))
}

const (
	spoilLog = `CREATE TRIGGER full BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'full'); END`
	mendLog  = `DROP TRIGGER full`
)

// locked is a log that several goroutines write.
type locked struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *locked) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *locked) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
