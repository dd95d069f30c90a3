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
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/simulator"
)

// hostile requests: one of each sort that gets no answer it wants.
var hostileRequests = []string{
	"GET / HTTP/1.1\nHost: evil.example:PORT\nConnection: close\n\n",
	"POST /v1/reads HTTP/1.1\nHost: localhost:PORT\nOrigin: https://evil.example\nContent-Type: application/json\nContent-Length: 65536\nConnection: close\n\n",
	"GET /v1/events HTTP/1.1\nHost: localhost:PORT\nOrigin: null\nConnection: close\n\n",
	"POST /v1/reads HTTP/1.1\nHost: localhost:PORT\nOrigin: " + site + "\nContent-Type: application/json\nContent-Length: 3\nConnection: close\n\n{{{",
	"POST /v1/reads HTTP/1.1\nHost: localhost:PORT\nOrigin: " + site + "\nContent-Type: text/plain\nContent-Length: 2\nConnection: close\n\n{}",
	"OPTIONS * HTTP/1.1\nHost: localhost:PORT\nConnection: close\n\n",
	"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
	"PRI * HTTP/2.0\n\nSM\n\n",
}

func TestRow38AThousandHostileRequestsDoNotDisturbARead(t *testing.T) {
	machine := simulator.NewMachine(reader)
	insert(t, machine, "default", simulator.LineTA96)
	d := openDesk(t, machine)
	first := d.follow(fromSite)
	first.until("card_inserted") // everything that runs for ever runs now
	before := runtime.NumGoroutine()
	_ = first.conn.Close()

	slow := d.dial() // a client that never ends its headers
	defer slow.Close()
	_, err := io.WriteString(slow, d.wire("GET /healthz HTTP/1.1\nHost: localhost:PORT\nX: "))
	require.NoError(t, err)
	begun := time.Now()

	result := make(chan answer, 1)
	go func() {
		result <- d.readCard("citizen_id", "name", "birth_date", "sex", "address", "card", "photo")
	}()
	d.until(d.reading)
	var answered atomic.Int64
	var all sync.WaitGroup
	for i := range 1000 {
		all.Go(func() {
			conn, err := net.Dial("tcp", "127.0.0.1:"+d.port)
			if err != nil {
				return
			}
			defer conn.Close()
			_, _ = io.WriteString(conn, d.wire(hostileRequests[i%len(hostileRequests)]))
			if status, _ := bufio.NewReader(conn).ReadString('\n'); status != "" {
				answered.Add(1)
				assert.NotContains(t, status, " 200 ")
			}
		})
	}
	doc := (<-result).read(t)
	assert.Equal(t, "1101700230708", doc.Identity["citizen_id"])
	assert.NotNil(t, doc.Identity["photo"])
	all.Wait()
	assert.Greater(t, answered.Load(), int64(800), "they got their refusals")

	_ = slow.SetReadDeadline(time.Now().Add(20 * time.Second))
	rest, err := io.ReadAll(slow)
	require.NoError(t, err, "the slow client is cut off")
	assert.Empty(t, rest)
	assert.Less(t, time.Since(begun), 15*time.Second)
	require.Eventually(t, func() bool { return runtime.NumGoroutine() <= before }, 10*time.Second, 10*time.Millisecond, "nothing is left of it")
}

func TestRow38TheConnectionCapHoldsAndLetsGo(t *testing.T) {
	machine := simulator.NewMachine(reader)
	insert(t, machine, "default", simulator.Line{})
	d := openDesk(t, machine, func(o *api.Options) {
		o.Limits.Connections = 8
		o.Limits.Header = time.Second
	})
	for range 40 { // slow clients take every place, again and again
		conn := d.dial()
		defer conn.Close()
		_, _ = io.WriteString(conn, "GET ")
	}
	assert.Equal(t, 200, d.readCard("citizen_id").status, "whoever is honest gets through when they are cut off")
}

func TestAStreamThatNobodyTakesDoesNotHoldUpARead(t *testing.T) {
	d := newDesk(t)
	for range 5 {
		conn := d.dial()
		defer conn.Close()
		_, err := io.WriteString(conn, d.wire(get("/v1/events", fromSite)))
		require.NoError(t, err)
	}
	for range 20 {
		assert.Equal(t, 200, d.readCard("citizen_id", "name", "photo").status)
	}
}

// browser asks with the standard client, as a page's fetch does.
func (d *desk) browser() *http.Client {
	client := &http.Client{Transport: &http.Transport{}}
	d.t.Cleanup(client.CloseIdleConnections)
	return client
}

func (d *desk) fetchAt(ctx context.Context, client *http.Client, path, body string) (*http.Response, error) {
	d.again()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://127.0.0.1:"+d.port+path, strings.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", site)
	return client.Do(r)
}
