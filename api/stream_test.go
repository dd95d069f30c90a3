package api

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

// follow opens the stream of ticks and gives its connection and lines.
func (b *bench) follow(t testing.TB) (net.Conn, *bufio.Reader, *http.Response) {
	t.Helper()
	conn := b.conns.dial()
	_, err := io.WriteString(conn, request("GET", "/v1/ticks", "Origin: "+site))
	require.NoError(t, err)
	r := bufio.NewReader(conn)
	res, err := http.ReadResponse(r, nil)
	require.NoError(t, err)
	return conn, bufio.NewReader(res.Body), res
}

func TestAStreamOutlivesEveryTimeLimitOfARequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, testOptions(), nil)
		conn, body, res := b.follow(t)
		assert.Equal(t, "text/event-stream", res.Header.Get("Content-Type"))
		assert.Equal(t, "no-store", res.Header.Get("Cache-Control"))
		begun, seen := time.Now(), 0
		for time.Since(begun) < 10*time.Minute {
			line, err := body.ReadString('\n')
			require.NoError(t, err)
			if strings.HasPrefix(line, "event: tick") {
				seen++
			}
		}
		assert.InDelta(t, 300, seen, 1, "every 2 s")
		require.NoError(t, conn.Close())
		b.end(t)
	})
}

func TestAStreamSaysThatItLives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, testOptions(), nil)
		conn, body, _ := b.follow(t)
		for {
			line, err := body.ReadString('\n')
			require.NoError(t, err)
			if line == ": still here\n" {
				break
			}
		}
		require.NoError(t, conn.Close())
		b.end(t)
	})
}

func TestAStreamEndsWhenItsOriginIsRevoked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := testOptions()
		origins := &changing{list: fixed{site: {}}}
		o.Origins = origins
		b := start(t, o, nil)
		_, body, _ := b.follow(t)
		time.Sleep(2500 * time.Millisecond)
		go origins.revoke(site)
		begun := time.Now()
		rest, err := io.ReadAll(body)
		require.NoError(t, err, "it ends as a stream ends, not by a broken connection")
		assert.LessOrEqual(t, time.Since(begun), time.Second)
		assert.Equal(t, 1, strings.Count(string(rest), "event: tick"), "the one from before, and none after")
		b.end(t)
	})
}

func TestAStreamEndsWhenItsGateCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := testOptions()
		closed := make(chan struct{})
		o.Gates[WebApp] = func(ctx context.Context, _ *http.Request, _ Route) (context.Context, error) {
			select {
			case <-closed:
				return ctx, mfa.ErrMFARequired
			default:
				return ctx, nil
			}
		}
		b := start(t, o, nil)
		_, body, _ := b.follow(t)
		close(closed)
		rest, err := io.ReadAll(body)
		require.NoError(t, err)
		assert.NotContains(t, string(rest), "event: tick")
		b.end(t)
	})
}

func TestAStreamEndsAtOnceWhenTheServerStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, testOptions(), nil)
		_, body, _ := b.follow(t)
		begun := time.Now()
		b.stop()
		_, err := io.ReadAll(body)
		require.NoError(t, err)
		b.end(t)
		assert.Less(t, time.Since(begun), time.Second)
	})
}

func TestAClientThatTakesNoEventsIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan time.Duration, 1)
		b := start(t, testOptions(), func(s *Server) {
			HandleStream(s, Route{Method: "GET", Path: "/v1/flood", Class: WebApp, ID: "flood"}, StreamDoc{},
				func(ctx context.Context, stream *Stream) error {
					begun := time.Now()
					for stream.Send("drop", []byte(`{}`)) == nil {
					}
					ended <- time.Since(begun)
					return nil
				})
		})
		conn := b.conns.dial()
		_, err := io.WriteString(conn, request("GET", "/v1/flood", "Origin: "+site))
		require.NoError(t, err)
		assert.Equal(t, 5*time.Second, <-ended)
		require.NoError(t, conn.Close())
		b.end(t)
	})
}

func TestMoreStreamsThanTheCapAreThrottledUntilOneEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := testOptions()
		o.Limits.Streams = 1
		b := start(t, o, nil)
		conn, _, _ := b.follow(t)
		a := b.do(t, request("GET", "/v1/ticks", "Origin: "+site))
		assert.Equal(t, 429, a.StatusCode)
		assert.Equal(t, "throttled", a.code())
		assert.Equal(t, "60", a.Header.Get("Retry-After"))
		require.NoError(t, conn.Close())
		time.Sleep(5 * time.Second)
		again, _, res := b.follow(t)
		assert.Equal(t, 200, res.StatusCode)
		require.NoError(t, again.Close())
		b.end(t)
	})
}

func TestAnErrorBeforeTheFirstEventIsAProblem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, testOptions(), func(s *Server) {
			HandleStream(s, Route{Method: "GET", Path: "/v1/never", Class: WebApp, ID: "never"}, StreamDoc{},
				func(context.Context, *Stream) error { return errors.New("no events here") })
		})
		a := b.do(t, request("GET", "/v1/never", "Origin: "+site))
		assert.Equal(t, 500, a.StatusCode)
		assert.Equal(t, "internal_error", a.code())
		assert.NotContains(t, a.text, "no events here")
		b.end(t)
	})
}

func TestStreamsLeaveNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, testOptions(), nil)
		for range 20 {
			conn, _, _ := b.follow(t)
			require.NoError(t, conn.Close())
			time.Sleep(3 * time.Second)
		}
		synctest.Wait()
		stacks := make([]byte, 1<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		assert.NotContains(t, string(stacks), "(*Stream).tend")
		assert.NotContains(t, string(stacks), "api.ticks")
		assert.NotContains(t, string(stacks), "http.(*conn).serve")
		assert.Empty(t, b.streams.slots)
		b.end(t)
	})
}
