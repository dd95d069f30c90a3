package compat_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/proofing"
	"chipproof/simulator"
)

func TestC6APhotoThatWasNotGrantedIsLeftOut(t *testing.T) {
	r := start(t, "default")
	r.grant(other, []string{"citizen_id", "sex"}, proofing.AskNever)
	a := r.raw(nhso, get(readImage, fromOther))
	assert.Equal(t, 200, a.status)
	assert.Equal(t, `{"pid":"1101700230708","sex":"ชาย"}`, a.body)
	e := r.office.Entries(audit.KindCompatRead)
	require.Len(t, e, 1)
	assert.Equal(t, "citizen_id sex", e[0].Attributes["fields"])

	a = r.raw(nhso, get(readImage, fromSite))
	assert.Contains(t, a.body, `"sex":"ชาย","image":"/9j/`, "base64 without a prefix")
	assert.NotContains(t, r.raw(nhso, get(readCard, fromSite)).body, "image", "kept with a photo, asked for without")
	assert.NotContains(t, r.raw(nhso, get("/api/smartcard/read-card-only", fromSite)).body, "image")

	r.grant(other, []string{"address"}, proofing.AskNever)
	for range 3 {
		r.remove()
		r.insert("default")
		r.raw(nhso, get(readImage, fromOther)).says(t, 403, "field_refused", "nothing of what this port gives")
	}
	refused := r.office.Entries(audit.KindRequestRefused)
	require.Len(t, refused, 1, "written down once while the same person is there")
	assert.Equal(t, "field_refused", refused[0].Attributes["code"])
}

func TestC6NothingElseIsThere(t *testing.T) {
	r := start(t, "default")
	for _, path := range []string{
		"/", "/healthz", "/openapi.json", "/api/preference", "/api/smartcard/probe/1", "/api/nhso-service/latest-authen-code/1", "/v1/reads", "/v1/readers",
		"/ws", "/api/smartcard/", "/api//smartcard/read", "/api/smartcard/read%2dcard-only", "/socket.io/",
	} {
		r.raw(nhso, get(path, fromSite)).says(t, 404, "not_found", path)
	}
	for _, path := range []string{"/", "/healthz", "/socket.io/?EIO=3", "/api/smartcard/read", "/v1/events", "/WS"} {
		r.raw(gothai, get(path, fromSite)).says(t, 404, "not_found", path)
	}
	for _, path := range []string{"/api/nhso-service/save-as-draft", "/api/nhso-service/confirm-save"} {
		r.raw(nhso, post(path, fromSite)).says(t, 404, "not_found", path)
	}
	for _, path := range []string{readCard, "/api/smartcard/read", "/api/smartcard/terminals"} {
		r.raw(nhso, post(path, fromSite)).says(t, 405, "method_refused", path)
		r.raw(nhso, strings.Replace(get(path, fromSite), "GET", "PUT", 1)).says(t, 405, "method_refused", path)
	}
	r.raw(gothai, post("/ws", fromSite)).says(t, 405, "method_refused", "")
	r.raw(gothai, get("/ws", fromSite)).says(t, 400, "request_malformed", "no socket is asked for")
	a := r.raw(nhso, "GET "+readCard+" HTTP/1.1\nHost: localhost:PORT\n"+fromSite+"\nContent-Length: 2\n\n{}")
	a.says(t, 400, "body_invalid", "a GET with a body")
}

func post(path string, lines ...string) string {
	return "POST " + path + " HTTP/1.1\nHost: localhost:PORT\nContent-Type: application/json\nContent-Length: 2\n" + strings.Join(append(lines, "\n"), "\n") + "{}"
}

// W4 holds on our own port: there are no sockets, and no route of these ports.
func TestW4OurOwnPortHasNoneOfThis(t *testing.T) {
	r := start(t, "default")
	for _, path := range []string{"/ws", readCard, "/api/smartcard/terminals"} {
		r.raw(main, get(path, append([]string{fromSite}, upgrade...)...)).says(t, 404, "not_found", path)
	}
	for _, route := range r.servers[main].Routes() {
		conn, err := net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(r.tcp[main]))
		require.NoError(t, err)
		_, err = io.WriteString(conn, wire(get(strings.ReplaceAll(route.Path, "{id}", "7"), append([]string{fromSite}, upgrade...)...), r.tcp[main]))
		require.NoError(t, err)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil) // not its body: one is a stream
		require.NoError(t, err)
		assert.NotEqual(t, 101, res.StatusCode, route.Path)
		require.NoError(t, conn.Close())
	}
}

func TestC9EachChipReadHasAnEntryAndNothingIsReleasedWithoutOne(t *testing.T) {
	r := start(t, "default")
	r.sql(spoilLog)
	a := r.raw(nhso, get(readCard, fromSite))
	a.says(t, 503, "audit_unavailable", "")
	assert.NotContains(t, a.body, "1101700230708")
	r.sql(mendLog)
	require.Equal(t, 200, r.raw(nhso, get(readCard, fromSite)).status, "the insertion was not used up")
	require.Equal(t, 200, r.raw(nhso, get(readCard, fromSite)).status)

	entries := r.office.Entries(audit.KindCompatRead)
	require.Len(t, entries, 1)
	e := entries[0]
	assert.Equal(t, r.login.Session.User.ID, e.Actor, "the operator")
	assert.Equal(t, r.login.Session.ID, e.Session)
	assert.Equal(t, nhso, e.Attributes["port"])
	assert.Equal(t, site, e.Attributes["origin"])
	assert.Equal(t, proofing.Compat, e.Attributes["purpose"])
	assert.Equal(t, "citizen_id name birth_date sex", e.Attributes["fields"])
	assert.NotEmpty(t, e.Attributes["pseudonym"])
	class, _ := e.Kind.Class()
	assert.Equal(t, audit.ClassCompatRead, class)
	assert.NotContains(t, r.office.Files(), "1101700230708")
	assert.NotContains(t, r.log.String(), "1101700230708")
	assert.NotContains(t, r.log.String(), "สมชาย")
}

func TestOneInsertionGivesOneAnswerByWhicheverDoor(t *testing.T) {
	r := start(t, "default")
	fill := "POST /v1/reads HTTP/1.1\nHost: localhost:PORT\n" + fromSite + "\nContent-Type: application/json\nContent-Length: 43\n\n" + `{"purpose":"form_fill","fields":["name"]}  `
	require.Equal(t, 200, r.raw(nhso, get(readCard, fromSite)).status)
	r.raw(main, fill).says(t, 409, "read_already", "it had its answer by the other port")
	r.remove()
	r.insert("default")
	require.Equal(t, 200, r.raw(main, fill).status)
	r.raw(nhso, get(readCard, fromSite)).fails(t, 500, "read_already", "and the other way round")
}

// What goes wrong with the card is told in their words, by our code.
func TestAFailingCardIsToldInTheirShape(t *testing.T) {
	r := start(t, "")
	require.NoError(t, r.machine.InsertMute(reader))
	a := r.raw(nhso, get(readCard, fromSite, "Accept-Language: en"))
	a.fails(t, 500, "card_error", "something is in it that does not answer")
	assert.Contains(t, a.body, "The card answers wrongly")
	assert.Contains(t, r.raw(nhso, get(readCard, fromSite)).body, "บัตรตอบผิดปกติ")

	r.remove()
	card := r.insert("default")
	plan, err := simulator.ParsePlan([]byte("- {exchange: 3, do: remove}\n"))
	require.NoError(t, err)
	require.NoError(t, r.machine.Faults(reader, plan))
	r.raw(nhso, get(readCard, fromSite)).fails(t, 500, "card_removed", "torn out in the middle")
	assert.Positive(t, card.Exchanges())
	assert.Empty(t, r.office.Entries(audit.KindCompatRead))
	failed := r.office.Entries(audit.KindReadFailed)
	require.NotEmpty(t, failed)
	assert.Equal(t, nhso, failed[len(failed)-1].Attributes["port"])
}

func TestTheClerkIsAskedWhereTheEntrySaysSo(t *testing.T) {
	r := start(t, "default")
	r.grant(site, everyday, proofing.AskAlways)
	answers := make(chan answer, 1)
	go func() { answers <- r.raw(nhso, get(readCard, fromSite)) }()
	var id string
	require.Eventually(t, func() bool {
		list, err := r.office.Records.Approvals(t.Context(), r.office.Clock.Now())
		if err == nil && len(list) == 1 {
			id = list[0].ID
		}
		return id != ""
	}, 10*time.Second, time.Millisecond)
	assert.Zero(t, r.card.Exchanges(), "nothing is read before the click")
	require.Equal(t, 204, r.console("POST", "/v1/approvals/"+id, `{"answer":"declined"}`).status)
	(<-answers).fails(t, 500, "approval_declined", "")
	for range 3 {
		r.raw(nhso, get(readCard, fromSite)).fails(t, 500, "approval_declined", "nobody is asked twice about one card")
	}
	assert.Zero(t, r.card.Exchanges())
	assert.Len(t, r.office.Entries(audit.KindReadDeclined), 1)
}
