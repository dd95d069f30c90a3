package counter

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cardreader"
)

// stream is an open event stream.
type stream struct {
	t    testing.TB
	conn net.Conn
	body *bufio.Reader
}

// event is one message; name is empty when the stream has ended.
type event struct{ name, data string }

func (d *desk) follow(lines ...string) *stream {
	d.t.Helper()
	conn := d.dial()
	d.t.Cleanup(func() { _ = conn.Close() })
	require.NoError(d.t, conn.SetDeadline(time.Now().Add(30*time.Second)))
	_, err := io.WriteString(conn, d.wire(get("/v1/events", lines...)))
	require.NoError(d.t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(d.t, err)
	require.Equal(d.t, 200, res.StatusCode)
	require.Equal(d.t, "text/event-stream", res.Header.Get("Content-Type"))
	return &stream{d.t, conn, bufio.NewReader(res.Body)}
}

// next is the next event, comments left out.
func (s *stream) next() event {
	s.t.Helper()
	var e event
	for {
		line, err := s.body.ReadString('\n')
		if err != nil {
			require.ErrorIs(s.t, err, io.EOF, "a stream ends whole")
			return event{}
		}
		switch line = strings.TrimSuffix(line, "\n"); {
		case line == "" && e.name != "":
			return e
		case strings.HasPrefix(line, "event: "):
			e.name = line[len("event: "):]
		case strings.HasPrefix(line, "data: "):
			e.data = line[len("data: "):]
		}
	}
}

// until reads on to an event of that name.
func (s *stream) until(name string) event {
	s.t.Helper()
	for {
		e := s.next()
		require.NotEmpty(s.t, e.name, "the stream ended before %s", name)
		if e.name == name {
			return e
		}
	}
}

func TestAStreamBeginsWithWhatIsThereAndGoesOnWithWhatHappens(t *testing.T) {
	d := newDesk(t)
	s := d.follow(fromSite)
	assert.Equal(t, event{"reader_added", `{"reader":"Simulated Reader 00"}`}, s.until("reader_added"))
	inserted := s.next()
	assert.Equal(t, "card_inserted", inserted.name)
	assert.Regexp(t, `^\{"reader":"Simulated Reader 00","atr":"[0-9a-f]+"\}$`, inserted.data)

	late := d.follow(fromSite)
	assert.Equal(t, "reader_added", late.next().name)
	assert.Equal(t, inserted, late.next(), "whoever comes later is told the same")

	require.NoError(t, d.machine.Remove(reader))
	assert.Equal(t, event{"card_removed", `{"reader":"Simulated Reader 00"}`}, s.next())
	require.NoError(t, d.machine.InsertMute(reader))
	assert.Equal(t, event{"card_mute", `{"reader":"Simulated Reader 00"}`}, s.next())
	require.NoError(t, d.machine.Unplug(reader))
	s.until("reader_removed")
	d.machine.StopService()
	assert.Equal(t, event{"service_lost", `{"code":"reader_service_down"}`}, s.next())
	assert.Equal(t, event{"service_lost", `{"code":"reader_service_down"}`}, d.follow(fromSite).next())
	d.machine.StartService()
	assert.Equal(t, event{"service_back", `{}`}, s.next())
}

func TestProgressGoesToTheOriginWhoseReadItIsAndToNobodyElse(t *testing.T) {
	d := newDesk(t)
	d.origins.grant(other, DefaultGrant())
	mine, same, others := d.follow(fromSite), d.follow(fromSite), d.follow("Origin: "+other)
	for _, s := range []*stream{mine, same, others} {
		s.until("card_inserted")
	}
	doc := d.readCard("citizen_id", "name", "photo").read(t)
	last := ProgressEvent{}
	for last.Of == 0 || last.Step < last.Of {
		e := mine.next()
		require.Equal(t, "read_progress", e.name)
		before := last.Step
		require.NoError(t, json.Unmarshal([]byte(e.data), &last))
		assert.Equal(t, doc.ID, last.ID)
		assert.Greater(t, last.Step, before)
		assert.NotContains(t, e.data, "1101700230708")
	}
	assert.Equal(t, "read_progress", same.next().name)
	require.NoError(t, d.machine.Remove(reader))
	assert.Equal(t, "card_removed", others.next().name, "nothing came in between")
}

func TestW1AStreamIsRefusedToWhoeverMayNotHaveIt(t *testing.T) {
	d := newDesk(t)
	d.raw(get("/v1/events", "Origin: https://evil.example")).says(t, 403, "origin_refused", "")
	d.raw(get("/v1/events", "Origin: http://localhost:3000", "Cookie: session=x", "Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty")).
		says(t, 403, "origin_refused", "EventSource of another local port")
	assert.Equal(t, bare, d.raw("GET /v1/events HTTP/1.1\nHost: evil.example:PORT\nOrigin: "+site+"\n\n").body)
}

func TestW1NobodyAtTheDeskMeansNoStream(t *testing.T) {
	d := newDesk(t)
	require.NoError(t, d.office.MFA.Logout(t.Context(), d.login.Token))
	a := d.raw(get("/v1/events", fromSite))
	a.says(t, 403, "mfa_required", "")
	assert.Equal(t, site, a.header.Get("Access-Control-Allow-Origin"))
}

func TestW2WithoutOriginOnlyOurOwnPageComesAsFarAsTheSession(t *testing.T) {
	d := newDesk(t)
	for _, path := range []string{"/v1/events", "/v1/readers"} {
		d.raw(get(path)).says(t, 403, "request_context_refused", "no Sec-Fetch-Site")
		d.raw(get(path, "Sec-Fetch-Site: same-site")).says(t, 403, "request_context_refused", "same-site")
		d.raw(get(path, "Sec-Fetch-Site: none")).says(t, 403, "request_context_refused", "typed")
		d.raw(get(path, "Sec-Fetch-Site: same-origin")).says(t, 403, "mfa_required", "no cookie")
		d.raw(get(path, "Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty")).says(t, 403, "mfa_required", "no cookie")
	}
}

func TestW3AStreamEndsWhenItsOriginIsRevoked(t *testing.T) {
	d := newDesk(t)
	s := d.follow(fromSite)
	s.until("card_inserted")
	d.origins.revoke(site)
	require.NoError(t, d.machine.Remove(reader))
	assert.Equal(t, event{}, s.next(), "not one event more")
}

func TestW4NothingIsEverUpgraded(t *testing.T) {
	d := newDesk(t)
	for _, path := range []string{"/v1/events", "/healthz", "/", "/ws", "/v1/reads"} {
		a := d.raw(get(path, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", "Origin: https://evil.example"))
		assert.NotEqual(t, 101, a.status, path)
	}
	s := d.follow(fromSite, "Connection: Upgrade", "Upgrade: websocket")
	s.until("card_inserted")
}

func TestAStreamThatLagsIsEndedAndComesBackToWhatIsThere(t *testing.T) {
	h := newHub()
	s := h.subscribe(site)
	for range backlog + 1 {
		h.happened(cardreader.Event{Kind: cardreader.CardInserted, Reader: reader})
	}
	seen := 0
	for range s.queue {
		seen++
	}
	assert.Equal(t, backlog, seen)
	assert.Empty(t, h.subscribers)
	h.leave(s)
	assert.Len(t, h.subscribe(site).queue, 2, "the reader, and the card in it")
}

func TestAReaderWhoseNameIsNoUTF8CostsNoEvent(t *testing.T) {
	m := messageOf(cardreader.Event{Kind: cardreader.ReaderAdded, Reader: "Reader \xff"})
	assert.JSONEq(t, `{"reader":"Reader `+"\ufffd"+`"}`, string(m.data))
}
