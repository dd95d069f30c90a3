package api

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
)

func TestAFailureOfOurOwnIsToldApartFromAClientThatLeft(t *testing.T) {
	for name, row := range map[string]struct {
		err  func(ctx context.Context) error
		code string
	}{
		"given up":          {func(ctx context.Context) error { return ctx.Err() }, "client_gone"},
		"its entry as well": {func(ctx context.Context) error { return fmt.Errorf("%w: %w", audit.ErrUnavailable, ctx.Err()) }, "client_gone"},
		"in other words":    {func(context.Context) error { return errors.New("transaction is over already") }, "client_gone"},
		"log is broken":     {func(context.Context) error { return fmt.Errorf("%w: disk is full", audit.ErrUnavailable) }, "audit_unavailable"},
		"refused":           {func(context.Context) error { return ErrOriginRefused }, "origin_refused"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := start(t, testOptions(), func(s *Server) {
					Handle(s, Route{Method: "POST", Path: "/v1/slow", Class: WebApp, ID: "slow"}, func(ctx context.Context, _ *thingIn) (*thingOut, error) {
						<-ctx.Done()
						return nil, row.err(ctx)
					})
				})
				conn := b.conns.dial()
				_, err := io.WriteString(conn, post("/v1/slow", `{"name":"hare"}`))
				require.NoError(t, err)
				synctest.Wait()
				require.NoError(t, conn.Close())
				b.end(t)
				assert.Contains(t, b.log.String(), "code="+row.code)
				for _, code := range []string{"client_gone", "audit_unavailable", "origin_refused", "internal_error"} {
					want := uint64(0)
					if code == row.code {
						want = 1
					}
					assert.Equal(t, want, b.Counts().Of(code), code)
				}
			})
		})
	}
}

// A client that sends FIN has its request cancelled and can read on.
func TestAClientThatOnlyStoppedSendingGetsWhatIsReadyAndItCounts(t *testing.T) {
	for name, ready := range map[string]bool{"ready": true, "given up": false} {
		t.Run(name, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			s := newTestServer(t, testOptions())
			told := make(chan bool, 1)
			var client *net.TCPConn
			Handle(s, Route{Method: "POST", Path: "/v1/watched", Class: WebApp, ID: "watched"}, func(ctx context.Context, _ *thingIn) (*thingOut, error) {
				AfterAnswer(ctx, func(left bool) { told <- left })
				assert.NoError(t, client.CloseWrite())
				<-ctx.Done()
				if !ready {
					return nil, ctx.Err()
				}
				return &thingOut{Body: thing{Name: "one"}}, nil
			})
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- s.Serve(ctx, &Listeners{list: []net.Listener{listener}}) }()
			conn, err := net.Dial("tcp", listener.Addr().String())
			require.NoError(t, err)
			defer conn.Close()
			client = conn.(*net.TCPConn)
			port := strconv.Itoa(portOf(listener.Addr()))
			_, err = io.WriteString(conn, strings.Replace(post("/v1/watched", `{"name":"hare"}`), ":8731", ":"+port, 1))
			require.NoError(t, err)
			assert.Equal(t, ready, <-told)
			res, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if ready {
				require.NoError(t, err)
				assert.Equal(t, 200, res.StatusCode)
			} else {
				require.Error(t, err, "no 499, no 500: there is nobody to tell")
			}
			stop()
			require.NoError(t, <-done)
		})
	}
}
