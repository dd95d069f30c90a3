package compat_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/api/compat"
	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/proofing"
)

// upgrade is what a browser sends to open a WebSocket, besides Origin.
var upgrade = []string{
	"Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
}

// socket is a page's WebSocket, by a real client on loopback.
type socket struct {
	r    *rig
	conn *websocket.Conn
}

func (r *rig) connect(origin string) *socket {
	r.Helper()
	ctx, cancel := context.WithTimeout(r.Context(), 10*time.Second)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "ws://localhost:"+strconv.Itoa(r.tcp[gothai])+"/ws", &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {origin}}})
	require.NoError(r, err)
	conn.SetReadLimit(1 << 20)
	r.Cleanup(func() { _ = conn.CloseNow() })
	s := &socket{r, conn}
	r.awaitPages(origin)
	return s
}

// awaitPages waits until a site is seen to be connected.
func (r *rig) awaitPages(origin string) {
	r.Helper()
	require.Eventually(r, func() bool {
		return strings.Contains(r.console("GET", "/v1/compat", "").body, `"origin":"`+origin+`","connected"`)
	}, 10*time.Second, 5*time.Millisecond)
}

// next is the next frame, as it is on the wire.
func (s *socket) next() string {
	s.r.Helper()
	ctx, cancel := context.WithTimeout(s.r.Context(), 20*time.Second)
	defer cancel()
	kind, data, err := s.conn.Read(ctx)
	require.NoError(s.r, err)
	assert.Equal(s.r, websocket.MessageText, kind)
	return string(data)
}

// closed waits for the end of the connection, and says what came before it.
func (s *socket) closed() (frames []string, end websocket.CloseError) {
	s.r.Helper()
	ctx, cancel := context.WithTimeout(s.r.Context(), 20*time.Second)
	defer cancel()
	for {
		_, data, err := s.conn.Read(ctx)
		if err != nil {
			require.ErrorAs(s.r, err, &end)
			return frames, end
		}
		frames = append(frames, string(data))
	}
}

// failed is the code of an smc-error.
func failed(t testing.TB, frame string) string {
	t.Helper()
	var f struct {
		Event   string
		Payload struct{ Message, Error string }
	}
	require.NoError(t, json.Unmarshal([]byte(frame), &f))
	require.Equal(t, "smc-error", f.Event, frame)
	assert.NotEmpty(t, f.Payload.Message)
	return f.Payload.Error
}

const (
	insertedFrame = `{"event":"smc-inserted","payload":{"message":"Connected to Simulated Reader 00"}}`
	removedFrame  = `{"event":"smc-removed","payload":{"message":"Disonnected from Simulated Reader 00"}}`
)

func TestC7NoSocketWithoutHostOriginAndClerk(t *testing.T) {
	r := start(t, "default")
	ws := func(lines ...string) answer { return r.raw(gothai, get("/ws", append(lines, upgrade...)...)) }
	ws().says(t, 403, "origin_refused", "none")
	ws("Origin: https://evil.example").says(t, 403, "origin_refused", "wrong")
	ws("Origin: "+plainSite).says(t, 403, "origin_refused", "without compat")
	a := r.raw(gothai, "GET /ws HTTP/1.1\nHost: evil.example:PORT\n"+strings.Join(append(upgrade, fromSite, "\n"), "\n"))
	assert.Equal(t, bare, a.body)
	assert.Equal(t, 101, ws(fromSite, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: websocket", "Sec-Fetch-Dest: websocket").status)
	assert.Equal(t, 101, ws(fromSite, "Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: websocket", "Sec-Fetch-Dest: empty").status)
	ws(fromSite, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty").says(t, 403, "request_context_refused", "no socket")
	r.lock()
	ws(fromSite).says(t, 403, "mfa_required", "")
}

func TestC7AHandshakeThatIsNoneIsMalformed(t *testing.T) {
	r := start(t, "default")
	for why, spoil := range map[string]func(string) string{
		"version": func(s string) string { return strings.Replace(s, "Version: 13", "Version: 12", 1) },
		"key":     func(s string) string { return strings.Replace(s, "AAAA==", "", 1) },
		"upgrade": func(s string) string { return strings.Replace(s, "Upgrade: websocket", "Upgrade: h2c", 1) },
	} {
		a := r.raw(gothai, spoil(get("/ws", append([]string{fromSite}, upgrade...)...)))
		assert.Equal(t, 400, a.status, why)
		a.says(t, 400, "request_malformed", why)
	}
}

func TestC8ACardIsSentToAnArmedSiteOnceAndToNobodyElse(t *testing.T) {
	r := start(t, "")
	r.grant(other, everyday, proofing.AskNever)
	one, two := r.connect(site), r.connect(other)

	card := r.insert("default")
	for _, s := range []*socket{one, two} {
		assert.Equal(t, insertedFrame, s.next())
	}
	r.remove()
	for _, s := range []*socket{one, two} {
		assert.Equal(t, removedFrame, s.next(), "nothing in between: nobody is armed")
	}
	assert.Zero(t, card.Exchanges())

	r.arm(other)
	r.insert("default")
	assert.Equal(t, insertedFrame, two.next())
	assert.Contains(t, two.next(), `"event":"smc-data"`)
	assert.Equal(t, insertedFrame, one.next())
	r.remove()
	assert.Equal(t, removedFrame, one.next(), "armed for another")
	assert.Equal(t, removedFrame, two.next(), "once")

	r.arm(site)
	r.insert("default")
	for _, s := range []*socket{one, two} {
		assert.Equal(t, insertedFrame, s.next())
		assert.Contains(t, s.next(), `"cid":"1101700230708"`, "each its own")
	}
	entries := r.office.Entries(audit.KindCompatRead)
	require.Len(t, entries, 3, "one read an insertion and origin")
	assert.Equal(t, gothai, entries[0].Attributes["port"])
	assert.Equal(t, other, entries[0].Attributes["origin"])
	assert.Len(t, r.office.Entries(audit.KindCompatArmed), 2)
	assert.NotContains(t, r.log.String(), "1101700230708")
	assert.NotContains(t, r.office.Files(), "1101700230708")
}

func TestC8EveryPageOfAnArmedSiteGetsTheOneAnswer(t *testing.T) {
	r := start(t, "")
	one := r.connect(site)
	two := r.connect(site)
	require.Eventually(t, func() bool { return strings.Contains(r.console("GET", "/v1/compat", "").body, `"connected":2`) }, 10*time.Second, 5*time.Millisecond)
	r.arm(site)
	card := r.insert("default")
	for _, s := range []*socket{one, two} {
		assert.Equal(t, insertedFrame, s.next())
		assert.Contains(t, s.next(), `"event":"smc-data"`)
	}
	assert.Len(t, r.office.Entries(audit.KindCompatRead), 1)
	assert.Positive(t, card.Exchanges())
	fill := "POST /v1/reads HTTP/1.1\nHost: localhost:PORT\n" + fromSite + "\nContent-Type: application/json\nContent-Length: 43\n\n" + `{"purpose":"form_fill","fields":["name"]}  `
	require.Eventually(t, func() bool { return r.raw(main, fill).code() == "read_already" }, 10*time.Second, time.Millisecond)
}

func TestC8ADeskThatIsLeftGetsNothingAndEndsTheSocket(t *testing.T) {
	for why, leave := range map[string]func(*rig){
		"locked":     (*rig).lock,
		"logged out": func(r *rig) { require.NoError(r, r.office.MFA.Logout(r.Context(), r.login.Token)) },
		"taken over": func(r *rig) { r.office.Enrolled("somchai", mfa.RoleStaff).Login() },
	} {
		t.Run(why, func(t *testing.T) {
			r := start(t, "")
			s := r.connect(site)
			r.arm(site)
			leave(r)
			card := r.insert("default")
			frames, end := s.closed()
			assert.Empty(t, frames, "nothing, not even that a card came")
			assert.Equal(t, websocket.StatusPolicyViolation, end.Code)
			assert.Equal(t, "mfa_required", end.Reason)
			assert.Zero(t, card.Exchanges())
			require.Eventually(t, func() bool { return len(r.office.Entries(audit.KindCompatDisarmed)) == 1 }, 10*time.Second, 5*time.Millisecond)
			e := r.office.Entries(audit.KindCompatDisarmed)[0]
			assert.Equal(t, "desk_left", e.Attributes["cause"])
			assert.Equal(t, r.login.Session.User.ID, e.Actor)
		})
	}
}

func TestC8ASiteThatIsRevokedOrLosesThePurposeIsCutOff(t *testing.T) {
	for why, change := range map[string]func(*rig){
		"revoked": func(r *rig) {
			o, _, err := r.office.Records.Origin(r.Context(), site)
			require.NoError(r, err)
			_, err = r.office.Records.RevokeOrigin(r.Context(), proofing.Actor{ID: "os:0"}, o.ID, r.office.Clock.Now())
			require.NoError(r, err)
		},
		"without compat": func(r *rig) {
			r.save(proofing.Origin{Origin: site, Fields: everyday, Purposes: []string{proofing.FormFill}})
		},
	} {
		t.Run(why, func(t *testing.T) {
			r := start(t, "")
			s := r.connect(site)
			r.arm(site)
			change(r)
			card := r.insert("default")
			frames, end := s.closed()
			assert.Empty(t, frames)
			assert.Equal(t, "origin_refused", end.Reason)
			assert.Zero(t, card.Exchanges())
		})
	}
}

func TestFieldsTakenAwayAreGoneAtTheNextInsertion(t *testing.T) {
	r := start(t, "")
	s := r.connect(site)
	r.arm(site)
	r.grant(site, []string{"citizen_id"}, proofing.AskNever)
	r.insert("default")
	assert.Equal(t, insertedFrame, s.next())
	assert.Equal(t, `{"event":"smc-data","payload":{"personal":{"cid":"1101700230708"}}}`, s.next(), "nobody keeps the grant of when it connected")
}

func TestC9APushWithoutAnEntrySendsNothing(t *testing.T) {
	r := start(t, "")
	s := r.connect(site)
	r.arm(site)
	r.sql(spoilLog)
	r.insert("default")
	assert.Equal(t, insertedFrame, s.next())
	assert.Equal(t, "audit_unavailable", failed(t, s.next()))
	assert.NotEqual(t, 200, r.console("POST", "/v1/compat/arm", `{"origin":"`+other+`","armed":true}`).status, "nobody is armed without an entry")
	r.sql(mendLog)
	r.remove()
	assert.Equal(t, removedFrame, s.next())
	r.insert("default")
	assert.Equal(t, insertedFrame, s.next())
	assert.Contains(t, s.next(), `"event":"smc-data"`)
}

func TestWhatAPageSendsIsIgnoredUpTo4KiB(t *testing.T) {
	r := start(t, "")
	s := r.connect(site)
	r.arm(site)
	for _, text := range []string{`{"action":"get-status"}`, "{", "", strings.Repeat("x", 4096)} {
		require.NoError(t, s.conn.Write(t.Context(), websocket.MessageText, []byte(text)))
	}
	require.NoError(t, s.conn.Write(t.Context(), websocket.MessageBinary, []byte{0xff}))
	r.insert("default")
	assert.Equal(t, insertedFrame, s.next())
	assert.Contains(t, s.next(), `"event":"smc-data"`)
	require.NoError(t, s.conn.Write(t.Context(), websocket.MessageText, []byte(strings.Repeat("x", 4097))))
	_, end := s.closed()
	assert.Equal(t, websocket.StatusMessageTooBig, end.Code)
}

func TestFailuresOfReaderAndCardAreSmcErrors(t *testing.T) {
	r := start(t, "")
	s := r.connect(site)
	r.arm(site)
	require.NoError(t, r.machine.InsertMute(reader))
	assert.Equal(t, "card_error", failed(t, s.next()))
	r.remove()
	assert.Equal(t, removedFrame, s.next())
	r.machine.StopService()
	assert.Equal(t, "reader_service_down", failed(t, s.next()))
}

func TestTheConsoleShowsWhatIsOpenAndWhoIsArmed(t *testing.T) {
	r := start(t, "default")
	a := r.console("GET", "/v1/compat", "")
	assert.JSONEq(t, `{"ports":[{"name":"nhso","port":8189},{"name":"go-thai-smartcard","port":9898}],"sites":[]}`, a.body)
	s := r.connect(site)
	r.arm(site)
	a = r.console("GET", "/v1/compat", "")
	assert.JSONEq(t, `{"ports":[{"name":"nhso","port":8189},{"name":"go-thai-smartcard","port":9898}],
		"sites":[{"origin":"`+site+`","connected":1,"armed":true,"since":"`+r.office.Clock.Now().Format(time.RFC3339)+`"}]}`, a.body)

	require.Equal(t, 200, r.console("POST", "/v1/compat/arm", `{"origin":"`+site+`","armed":false}`).status)
	r.remove()
	r.insert("default")
	assert.Equal(t, removedFrame, s.next())
	assert.Equal(t, insertedFrame, s.next())
	r.remove()
	assert.Equal(t, removedFrame, s.next(), "no longer armed")
	assert.Len(t, r.office.Entries(audit.KindCompatDisarmed), 1)

	r.console("POST", "/v1/compat/arm", `{"origin":"`+plainSite+`","armed":true}`).says(t, 403, "purpose_refused", "")
	r.console("POST", "/v1/compat/arm", `{"origin":"https://evil.example","armed":true}`).says(t, 404, "origin_unknown", "")
	r.console("POST", "/v1/compat/arm", `{"origin":"`+site+`"}`).says(t, 400, "body_invalid", "")
	r.raw(main, get("/v1/compat", fromSite)).says(t, 403, "origin_refused", "no web app")
	admin := r.office.Enrolled("admin", mfa.RoleAdmin).Login()
	r.console("POST", "/v1/compat/arm", `{"origin":"`+site+`","armed":true}`).says(t, 403, "mfa_required", "somebody else is at the desk")
	assert.Equal(t, 200, r.consoleOf(admin, "POST", "/v1/compat/arm", `{"origin":"`+site+`","armed":true}`).status)
}

func TestNothingIsArmedWhileThePortIsClosed(t *testing.T) {
	r := build(t, "default")
	closed, err := compat.New(compat.Options{Desk: r.counter, Arms: r.counter, Problems: r.base.Problems, Now: r.office.Clock.Now})
	require.NoError(t, err)
	r.servers[main], err = api.NewServer(r.base)
	require.NoError(t, err)
	api.RegisterLogins(r.servers[main], r.logins)
	compat.RegisterConsole(r.servers[main], closed)
	a := r.console("GET", "/v1/compat", "")
	assert.JSONEq(t, `{"ports":[],"sites":[]}`, a.body)
	r.console("POST", "/v1/compat/arm", `{"origin":"`+site+`","armed":true}`).says(t, 409, "compat_closed", "")
}

// The port waits for its turn: nobody is there to ask again.
func TestAPushWaitsWhileSomebodyElseIsServed(t *testing.T) {
	r := start(t, "")
	r.grant(other, everyday, proofing.AskAlways)
	s := r.connect(site)
	r.arm(site)
	fill := "POST /v1/reads HTTP/1.1\nHost: localhost:PORT\n" + fromOther + "\nContent-Type: application/json\nContent-Length: 43\n\n" + `{"purpose":"form_fill","fields":["name"]}  `
	r.insert("default")
	assert.Equal(t, insertedFrame, s.next())
	assert.Contains(t, s.next(), "smc-data")
	done := make(chan answer, 1)
	go func() { done <- r.raw(main, fill) }() // waits for the clerk, and has the turn meanwhile
	var id string
	require.Eventually(t, func() bool {
		list, err := r.office.Records.Approvals(t.Context(), r.office.Clock.Now())
		if err == nil && len(list) == 1 {
			id = list[0].ID
		}
		return id != ""
	}, 10*time.Second, time.Millisecond)
	r.remove()
	r.insert("year-only")
	assert.Equal(t, removedFrame, s.next())
	assert.Equal(t, insertedFrame, s.next())
	assert.Contains(t, s.next(), `"dob":"1950-00-00"`)
	<-done
}

func TestAPushAsksTheClerkWhereTheEntrySaysSo(t *testing.T) {
	r := start(t, "")
	r.grant(site, everyday, proofing.AskAlways)
	s := r.connect(site)
	r.arm(site)
	card := r.insert("default")
	assert.Equal(t, insertedFrame, s.next())
	var id string
	require.Eventually(t, func() bool {
		list, err := r.office.Records.Approvals(t.Context(), r.office.Clock.Now())
		if err == nil && len(list) == 1 {
			id = list[0].ID
		}
		return id != ""
	}, 10*time.Second, time.Millisecond)
	assert.Zero(t, card.Exchanges(), "armed is not agreed")
	require.Equal(t, 204, r.console("POST", "/v1/approvals/"+id, `{"answer":"approved"}`).status)
	assert.Contains(t, s.next(), `"event":"smc-data"`)
	entries := r.office.Entries(audit.KindCompatRead)
	require.Len(t, entries, 1)
	assert.Equal(t, id, entries[0].Attributes["approval"])
}

// Whoever stops the program is not held up by pages that are connected, and they
// are told.
func TestTheEndOfTheProgramClosesSockets(t *testing.T) {
	r := start(t, "")
	s := r.connect(site)
	go r.stop()
	_, end := s.closed()
	assert.Equal(t, websocket.StatusGoingAway, end.Code)
	assert.Equal(t, "agent_stopping", end.Reason)
}
