package counter

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/api/apitest"
	"chipproof/cardreader"
	"chipproof/mfa"
	"chipproof/proofing"
	"chipproof/proofing/issuer"
	"chipproof/simulator"
)

const (
	// site is the approved origin, A in agent-security §5.
	site = "https://app.example.go.th"
	// other is one more, where a test lists it.
	other = "https://other.example.go.th"
	// reader is the one that every machine here has.
	reader = "Simulated Reader 00"
)

// desk is a whole agent on loopback TCP, with the simulator under it, a real
// database beside it, and a clerk who holds the desk.
type desk struct {
	t       testing.TB
	office  *apitest.Office
	clerk   *apitest.Person
	login   mfa.Entry // the clerk's
	machine *simulator.Machine
	card    *simulator.Card // the default person's, in newDesk
	server  *api.Server
	counter *Counter
	port    string
	origins *listed
	log     *lockedBuffer
	keys    *agentKeys
	soft    atomic.Bool // whether a reader of metal is none after all
	// once: an origin gets one answer of an insertion, as it is. Otherwise the
	// clerk clicks "once more" before each request, for tests that are about
	// something else.
	once bool
	// stop ends the server and waits for it.
	stop func()
}

// listed changes the list of origins while a server runs, as an administrator
// does from the command line.
type listed struct{ office *apitest.Office }

var root = proofing.Actor{ID: "os:0"}

func (l *listed) grant(origin string, grant api.Grant) { l.save(origin, grant, proofing.AskNever) }

func (l *listed) save(origin string, grant api.Grant, ask proofing.Ask) {
	l.office.Helper()
	_, err := l.office.Records.SaveOrigin(l.office.Context(), root, proofing.Origin{
		Origin: origin, Audience: origin, Fields: grant.Fields, Purposes: grant.Purposes, Ask: ask, ApprovedAt: l.office.Clock.Now(),
	})
	require.NoError(l.office, err)
}

func (l *listed) revoke(origin string) {
	l.office.Helper()
	o, found, err := l.office.Records.Origin(l.office.Context(), origin)
	require.NoError(l.office, err)
	require.True(l.office, found)
	_, err = l.office.Records.RevokeOrigin(l.office.Context(), root, o.ID, l.office.Clock.Now())
	require.NoError(l.office, err)
}

// newDesk starts an agent with the default person's card in its one reader.
func newDesk(t testing.TB) *desk {
	t.Helper()
	machine := simulator.NewMachine(reader)
	card := insert(t, machine, "default", simulator.Line{})
	d := openDesk(t, machine)
	d.card = card
	return d
}

func insert(t testing.TB, machine *simulator.Machine, name string, line simulator.Line) *simulator.Card {
	t.Helper()
	person, err := simulator.PersonNamed(name)
	require.NoError(t, err)
	card, err := simulator.NewCard(person, simulator.CardOptions{Line: line})
	require.NoError(t, err)
	require.NoError(t, machine.Insert(reader, card))
	return card
}

// setup is what an agent runs with besides its machine; what is left out is as in
// production.
type setup struct {
	mode     api.Mode
	patience Patience
	policy   proofing.Policy
	issuer   issuer.Checker
	// metal: the reader counts as one of metal, as hardware would.
	metal bool
	// unnamed: nobody answers for proofs.
	unnamed bool
	api     []func(*api.Options)
}

func openDesk(t testing.TB, machine *simulator.Machine, change ...func(*api.Options)) *desk {
	t.Helper()
	return attend(t, setUp(t, machine, setup{api: change}))
}

// attend has a clerk take the desk.
func attend(t testing.TB, d *desk) *desk {
	t.Helper()
	d.clerk = d.office.Enrolled("malee", mfa.RoleStaff)
	d.login = d.clerk.Login()
	return d
}

// prepareDesk is an agent that nobody has logged in to.
func prepareDesk(t testing.TB, machine *simulator.Machine, patience Patience, change ...func(*api.Options)) *desk {
	t.Helper()
	return setUp(t, machine, setup{patience: patience, api: change})
}

// policy is the one that ships.
func policy(testing.TB) proofing.Policy { return proofing.DefaultPolicy() }

func setUp(t testing.TB, machine *simulator.Machine, s setup) *desk {
	t.Helper()
	d := &desk{t: t, office: apitest.New(t), machine: machine, log: &lockedBuffer{}, keys: newAgentKeys(t)}
	d.origins = &listed{d.office}
	d.origins.grant(site, DefaultGrant())
	listeners, err := api.Listen(t.Context(), "localhost:0")
	require.NoError(t, err)
	d.port = strconv.Itoa(listeners.Ports()[0])
	log := slog.New(slog.NewTextHandler(d.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	rules := api.OriginRules{Mode: cmp.Or(s.mode, api.Production), Ports: listeners.Ports()}
	if len(s.policy.Purposes) == 0 {
		s.policy = policy(t)
	}
	var driver cardreader.Driver = machine
	if s.metal {
		driver = metal{machine, &d.soft}
	}
	signing := d.keys.signing(d.office, rules.Mode)
	if s.unnamed {
		signing.Issuer = ""
	}
	d.counter, err = New(Options{
		Readers: cardreader.New(driver, cardreader.Options{Log: log}), Records: d.office.Records, Pseudonyms: d.office.Pseudonyms,
		Policy: s.policy, Issuer: s.issuer, Signing: signing, Keys: d.keys.published,
		Rules: rules, Patience: s.patience, Now: d.office.Clock.Now, Log: log,
	})
	require.NoError(t, err)
	logins := api.NewLogins(d.office.MFA, d.office.Cookie())
	o := api.Options{
		Title: Title, Version: Version, Origins: d.counter, Problems: Problems(), Log: log, Now: d.office.Clock.Now,
		Rules: rules, Own: OwnGrant(s.policy), Gates: logins.Gates(), Limits: api.Limits{Rate: 1 << 30, Logins: 1 << 30},
	}
	for _, f := range s.api {
		f(&o)
	}
	d.server, err = api.NewServer(o)
	require.NoError(t, err)
	api.RegisterLogins(d.server, logins)
	api.RegisterDesk(d.server, logins)
	Register(d.server, d.counter)
	registerOthers(d.server)
	d.serve(d.counter, listeners)
	return d
}

func (d *desk) serve(c *Counter, listeners *api.Listeners) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = c.Run(ctx) })
	running.Go(func() { assert.NoError(d.t, d.server.Serve(ctx, listeners)) })
	d.stop = sync.OnceFunc(func() {
		cancel()
		running.Wait()
	})
	d.t.Cleanup(d.stop)
}

// registerOthers adds a route of each class and kind that later issues fill, so
// that what the guard says of them is tested on one server with the real ones.
func registerOthers(s *api.Server) {
	nothing := func(context.Context, *struct{}) (*struct{}, error) { return nil, nil }
	api.Handle(s, api.Route{Method: "GET", Path: "/v1/users", Class: api.Console, ID: "x-users"}, nothing)
	api.Handle(s, api.Route{Method: "POST", Path: "/v1/users", Class: api.Console, ID: "x-add-user", Audit: []string{"user_added"}}, nothing)
	shell := func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<!doctype html>shell") }
	for _, path := range []string{"/", "/prove"} {
		api.HandlePage(s, api.Route{Method: "GET", Path: path, Class: api.Open, Kind: api.Shell}, shell)
	}
	api.HandlePage(s, api.Route{Method: "GET", Path: "/static/app.js", Class: api.Open, Kind: api.Static}, shell)
}

// answer is what came back over the wire.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) code() string {
	var p api.Problem
	_ = json.Unmarshal([]byte(a.body), &p)
	return p.Code
}

// says compares status and code, and what every refusal must be.
func (a answer) says(t testing.TB, status int, code, why string) {
	t.Helper()
	assert.Equal(t, status, a.status, why)
	assert.Equal(t, code, a.code(), why)
	assert.Equal(t, "application/problem+json", a.header.Get("Content-Type"), why)
}

// raw sends bytes over a connection of its own. In text, \n stands for CRLF and
// PORT for the agent's port.
func (d *desk) raw(text string) answer {
	d.t.Helper()
	d.again()
	conn := d.dial()
	defer conn.Close()
	require.NoError(d.t, conn.SetDeadline(time.Now().Add(30*time.Second)))
	go func() { _, _ = io.WriteString(conn, d.wire(text)) }()
	return d.read(bufio.NewReader(conn))
}

// again is the clerk's click for the site, see once.
func (d *desk) again() {
	if !d.once {
		d.counter.insertions.again(site)
		d.counter.insertions.again(other)
	}
}

func (d *desk) dial() net.Conn {
	d.t.Helper()
	conn, err := net.Dial("tcp", "127.0.0.1:"+d.port)
	require.NoError(d.t, err)
	return conn
}

func (d *desk) wire(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "PORT", d.port), "\n", "\r\n")
}

func (d *desk) read(r *bufio.Reader) answer {
	d.t.Helper()
	res, err := http.ReadResponse(r, nil)
	require.NoError(d.t, err)
	body, err := io.ReadAll(res.Body)
	require.NoError(d.t, err)
	return answer{res.StatusCode, res.Header, string(body)}
}

// head is the beginning of a request with the right Host.
func head(method, path string, lines ...string) string {
	return method + " " + path + " HTTP/1.1\nHost: localhost:PORT\n" + strings.Join(append(lines, "\n"), "\n")
}

func get(path string, lines ...string) string { return head("GET", path, lines...) }

// post is a POST with a JSON body and its length, by nobody unless lines say.
func post(path, body string, lines ...string) string {
	lines = append([]string{"Content-Type: application/json", fmt.Sprint("Content-Length: ", len(body))}, lines...)
	return head("POST", path, lines...) + body
}

const fromSite = "Origin: " + site

// fill is a body of POST /v1/reads.
func fill(fields ...string) string {
	b, _ := json.Marshal(map[string]any{"purpose": proofing.FormFill, "fields": fields})
	return string(b)
}

// readCard asks as the approved site.
func (d *desk) readCard(fields ...string) answer {
	d.t.Helper()
	return d.raw(post("/v1/reads", fill(fields...), fromSite))
}

// lockedBuffer is a log that several goroutines write.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func hexOf(b []byte) string { return fmt.Sprintf("%x", b) }

func itoa(n int) string { return strconv.Itoa(n) }
