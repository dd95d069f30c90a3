package counter

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/cardreader"
	"chipproof/mfa"
	"chipproof/proofing"
	"chipproof/simulator"
)

// strict is a desk where one insertion gives one answer to each origin, as it is.
func strict(t *testing.T) *desk {
	d := newDesk(t)
	d.once = true
	d.origins.grant(other, DefaultGrant())
	return d
}

func (d *desk) readAs(origin string, fields ...string) answer {
	d.t.Helper()
	return d.raw(post("/v1/reads", fill(fields...), "Origin: "+origin))
}

// reinsert takes the card out and puts the same one back.
func (d *desk) reinsert() {
	d.t.Helper()
	require.NoError(d.t, d.machine.Remove(reader))
	require.NoError(d.t, d.machine.Insert(reader, d.card))
}

func TestP9OneInsertionGivesOneAnswerToEachOrigin(t *testing.T) {
	d := strict(t)
	require.Equal(t, 200, d.readAs(site, "sex").status)
	before := d.card.Exchanges()
	for range 3 {
		d.readAs(site, "citizen_id").says(t, 409, "read_already", "also for other fields")
	}
	assert.Equal(t, before, d.card.Exchanges(), "nothing is read")
	require.Equal(t, 200, d.readAs(other, "sex").status, "another origin gets its own")
	d.readAs(other, "sex").says(t, 409, "read_already", "")

	d.reinsert()
	require.Equal(t, 200, d.readAs(site, "sex").status, "a new insertion, of the very same card")
	d.readAs(site, "sex").says(t, 409, "read_already", "")
	require.Equal(t, 200, d.readAs(other, "sex").status)
	assert.Len(t, d.office.Entries(audit.KindRead), 4)
}

func TestP9OfFiftyAtOnceOneWins(t *testing.T) {
	machine := simulator.NewMachine(reader)
	insert(t, machine, "default", simulator.LineTA96)
	d := openDesk(t, machine)
	d.once = true
	var (
		mu    sync.Mutex
		all   sync.WaitGroup
		codes = map[string]int{}
	)
	for range 50 {
		all.Go(func() {
			a := d.readAs(site, "sex")
			mu.Lock()
			defer mu.Unlock()
			codes[fmt.Sprint(a.status, a.code())]++
		})
	}
	all.Wait()
	assert.Equal(t, 1, codes["200"], "%v", codes)
	assert.Equal(t, 49, codes["409reader_busy"]+codes["409read_already"], "%v", codes)
	d.readAs(site, "sex").says(t, 409, "read_already", "")
}

func TestP9RefusalsAndFailuresDontCount(t *testing.T) {
	d := strict(t)
	d.readAs(site, "laser_code").says(t, 403, "field_refused", "")
	fault(`[{field: name, do: garbage}]`)(t, d.machine)
	d.readAs(site, "citizen_id", "name").says(t, 502, "card_error", "")
	require.Equal(t, 200, d.readAs(site, "name").status)
	d.readAs(site, "name").says(t, 409, "read_already", "")
}

func TestP9AnAnswerThatNobodyTookDoesntCount(t *testing.T) {
	d := strict(t)
	conn, left := d.dial(), make(chan struct{})
	d.counter.records = &slowLedger{Records: d.office.Records, during: func(ctx context.Context) {
		_ = conn.Close() // the client goes when its answer is ready, before it has left
		<-ctx.Done()
		close(left)
	}}
	_, err := io.WriteString(conn, d.wire(post("/v1/reads", fill("sex"), fromSite)))
	require.NoError(t, err)
	<-left
	d.until(func() bool { return !d.reading() })
	d.counter.records = d.office.Records
	assert.Equal(t, 200, d.readAs(site, "sex").status, "the page asks again and gets it")
	d.readAs(site, "sex").says(t, 409, "read_already", "")
}

// A client that sends FIN behind its request has the request cancelled, at any
// point of the read, and can still read what comes.
func TestP9OneThatStopsSendingGetsNoSecondAnswer(t *testing.T) {
	d := strict(t)
	var fin atomic.Pointer[func()] // sent when the entry stands and the answer is on its way
	d.counter.records = &slowLedger{Records: d.office.Records, during: func(context.Context) {
		if send := fin.Swap(nil); send != nil {
			go (*send)()
		}
	}}
	for range 5 {
		whole := 0
		for i := range 100 {
			conn := d.dial().(*net.TCPConn)
			send := func() {
				for range i { // a little later each time
					runtime.Gosched()
				}
				_ = conn.CloseWrite()
			}
			early := i%4 == 0
			if !early {
				fin.Store(&send)
			}
			_, err := io.WriteString(conn, d.wire(post("/v1/reads", fill("sex"), fromSite, "Connection: close")))
			require.NoError(t, err)
			if early {
				send()
			}
			got, err := io.ReadAll(conn)
			if err == nil && strings.Contains(string(got), `"identity":{"sex":"male"}`) {
				whole++
			}
			require.NoError(t, conn.Close())
			d.until(func() bool { return !d.reading() })
			fin.Store(nil)
		}
		assert.LessOrEqual(t, whole, 1)
		after := d.readAs(site, "sex")
		assert.Equal(t, whole == 0, after.status == 200, "%d before", whole)
		d.reinsert()
	}
}

func TestP9TheFirstRefusalOfASecondAnswerIsAnEntry(t *testing.T) {
	d := strict(t)
	refused := func() int { return len(d.office.Entries(audit.KindRequestRefused)) }
	require.Equal(t, 200, d.readAs(site, "sex").status)
	for range 3 {
		d.readAs(site, "name").says(t, 409, "read_already", "")
	}
	require.Equal(t, 1, refused(), "and not each of a page that tries again and again")
	e := d.office.Entries(audit.KindRequestRefused)[0]
	assert.Equal(t, map[string]string{"code": "read_already", "origin": site, "purpose": proofing.FormFill, "fields": "name"}, e.Attributes)
	assert.Equal(t, d.login.Session.User.ID, e.Actor)

	require.Equal(t, 200, d.readAs(other, "sex").status)
	d.readAs(other, "sex").says(t, 409, "read_already", "")
	assert.Equal(t, 2, refused(), "one of each origin")
	d.reinsert()
	require.Equal(t, 200, d.readAs(site, "sex").status)
	d.readAs(site, "sex").says(t, 409, "read_already", "")
	assert.Equal(t, 3, refused(), "and of each insertion")
	require.Equal(t, 204, d.pageOf(d.login).post("/v1/reads/again", words("origin", site)).status)
	require.Equal(t, 200, d.readAs(site, "sex").status)

	d.sql(`CREATE TRIGGER full BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'full'); END`)
	d.readAs(site, "sex").says(t, 503, "audit_unavailable", "no refusal without its entry")
	d.sql(`DROP TRIGGER full`)
	d.readAs(site, "sex").says(t, 409, "read_already", "")
	assert.Equal(t, 4, refused())
}

func TestP9TheAnswerIsWholeAndInOnePieceAlthoughItIsWatched(t *testing.T) {
	d := strict(t)
	conn := d.dial()
	defer conn.Close()
	r := bufio.NewReader(conn)
	for i, fields := range [][]string{{"sex"}, {"sex"}} { // two on one connection
		_, err := io.WriteString(conn, d.wire(post("/v1/reads", fill(fields...), fromSite)))
		require.NoError(t, err)
		res, err := http.ReadResponse(r, nil)
		require.NoError(t, err)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		if i == 0 {
			assert.Contains(t, string(body), `"identity":{"sex":"male"}`)
			continue
		}
		assert.Contains(t, string(body), "read_already", "it counted before the next request was taken")
	}
}

func TestP9TheClerksClickGivesOneMore(t *testing.T) {
	d := strict(t)
	p := d.pageOf(d.login)
	require.Equal(t, 200, d.readAs(site, "sex").status)
	require.Equal(t, 200, d.readAs(other, "sex").status)
	p.post("/v1/reads/again", words("origin", "https://unknown.example")).says(t, 404, "origin_unknown", "")
	a := p.post("/v1/reads/again", words("origin", site))
	require.Equal(t, 204, a.status, a.body)
	require.Equal(t, 200, d.readAs(site, "sex").status)
	d.readAs(site, "sex").says(t, 409, "read_already", "one more and no second")
	d.readAs(other, "sex").says(t, 409, "read_already", "and for that origin alone")
	again := d.office.Entries(audit.KindReadApproved)
	require.Len(t, again, 1)
	assert.Equal(t, site, again[0].Attributes["origin"])
	d.raw(post("/v1/reads/again", words("origin", site), fromSite)).says(t, 403, "origin_refused", "no page gives itself one more")
	dpo := d.pageOf(d.office.Enrolled("dpo", mfa.RoleDPO).Login())
	dpo.post("/v1/reads/again", words("origin", site)).says(t, 403, "role_refused", "")
}

func TestP9AnotherReaderIsAnotherInsertion(t *testing.T) {
	d := strict(t)
	require.Equal(t, 200, d.readAs(site, "sex").status)
	second(t, d.machine)
	body := `{"purpose":"form_fill","fields":["sex"],"reader":"Simulated Reader 01"}`
	require.Equal(t, 200, d.raw(post("/v1/reads", body, fromSite)).status)
	d.raw(post("/v1/reads", body, fromSite)).says(t, 409, "read_already", "")
	d.raw(post("/v1/reads", strings.Replace(body, "01", "00", 1), fromSite)).says(t, 409, "read_already", "")
}

func TestP9ACardChangedBetweenTheLookAndTheConnectionIsWhatCounts(t *testing.T) {
	// Counter 5 is looked at, counter 7 is read: the one that was read counts.
	in := newInsertions()
	five, seven := stay{reader, 5}, stay{reader, 7}
	assert.True(t, in.claim(five, site))
	assert.True(t, in.has(five, site), "nobody knows yet whether it leaves")
	in.settle(five, site, true)
	assert.True(t, in.has(five, site))
	assert.False(t, in.has(seven, site))
	assert.True(t, in.claim(seven, site))
	in.settle(seven, site, false)
	assert.False(t, in.has(seven, site), "an answer that did not leave counts for nothing")
	assert.True(t, in.claim(seven, site))
	assert.False(t, in.claim(seven, site), "one answer leaves at a time")
	in.settle(seven, site, true)
	assert.True(t, in.has(seven, site))
	assert.False(t, in.has(five, site), "the stay before is over")
	in.settle(five, site, true)
	assert.True(t, in.has(seven, site), "and what becomes of its answers changes nothing")
	assert.False(t, in.has(seven, other))

	in.happened(cardreader.Event{Kind: cardreader.CardRemoved, Reader: reader, Counter: 6})
	assert.True(t, in.has(seven, site), "an event that comes late forgets nothing")
	in.happened(cardreader.Event{Kind: cardreader.ReaderRemoved, Reader: reader})
	assert.False(t, in.has(seven, site), "its counter begins anew")
	in.claim(stay{reader, 1}, site)
	in.happened(cardreader.Event{Kind: cardreader.ServiceLost})
	assert.False(t, in.has(stay{reader, 1}, site))
}
