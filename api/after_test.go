package api

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// brokenWriter is a connection whose other end is gone.
type brokenWriter struct {
	*httptest.ResponseRecorder
	write, flush error
	// sent is what the connection took before it broke, in bytes.
	sent *atomic.Int64
	took int64
}

func (w brokenWriter) Write(b []byte) (int, error) {
	if w.write != nil {
		w.sent.Add(w.took)
		return 0, w.write
	}
	return w.ResponseRecorder.Write(b)
}

func (w brokenWriter) FlushError() error {
	if w.flush != nil {
		w.sent.Add(w.took)
	}
	return w.flush
}

func TestWhoeverWaitsForItIsToldWhetherAnAnswerHasLeft(t *testing.T) {
	reset := errors.New("connection reset")
	good := func(context.Context) (*thingOut, error) { return &thingOut{}, nil }
	for name, row := range map[string]struct {
		broken brokenWriter
		f      func(context.Context) (*thingOut, error)
		left   bool
	}{
		"answered":                     {brokenWriter{}, good, true},
		"without body":                 {brokenWriter{}, func(context.Context) (*thingOut, error) { return nil, nil }, true},
		"refused":                      {brokenWriter{}, func(context.Context) (*thingOut, error) { return nil, ErrOriginRefused }, true},
		"can't write":                  {brokenWriter{write: reset}, good, false},
		"can't flush":                  {brokenWriter{flush: reset}, good, false},
		"written in part":              {brokenWriter{write: reset, took: 10}, good, true},
		"flushed in part":              {brokenWriter{flush: reset, took: 10}, good, true},
		"without body and can't flush": {brokenWriter{flush: reset, took: 10}, func(context.Context) (*thingOut, error) { return nil, nil }, false},
		"route panics":                 {brokenWriter{}, func(context.Context) (*thingOut, error) { panic("in a test") }, false},
		"client is off":                {brokenWriter{}, good, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newTestServer(t, testOptions())
			var told []bool
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			Handle(s, Route{Method: "POST", Path: "/v1/watched", Class: WebApp, ID: "watched"}, func(ctx context.Context, _ *struct{}) (*thingOut, error) {
				AfterAnswer(ctx, func(left bool) { told = append(told, left) })
				if name == "client is off" {
					leave()
				}
				return row.f(ctx)
			})
			r, err := parse([]byte(post("/v1/watched", "{}")))
			require.NoError(t, err)
			row.broken.ResponseRecorder, row.broken.sent = httptest.NewRecorder(), &atomic.Int64{}
			row.broken.sent.Store(500) // of requests before
			ctx = context.WithValue(ctx, sentKey{}, row.broken.sent)
			r = r.WithContext(context.WithValue(ctx, http.LocalAddrContextKey, localAddr))
			func() {
				// What can't be written gives up the connection, as net/http wants to hear it.
				defer func() { require.Contains(t, []any{nil, http.ErrAbortHandler}, recover()) }()
				s.ServeHTTP(row.broken, r)
			}()
			assert.Equal(t, []bool{row.left}, told, "once")
		})
	}
}
