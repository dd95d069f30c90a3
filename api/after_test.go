package api

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// brokenWriter is a connection whose other end is gone.
type brokenWriter struct {
	*httptest.ResponseRecorder
	write, flush error
}

func (w brokenWriter) Write(b []byte) (int, error) {
	if w.write != nil {
		return 0, w.write
	}
	return w.ResponseRecorder.Write(b)
}

func (w brokenWriter) FlushError() error { return w.flush }

func TestWhoeverWaitsForItIsToldWhetherAnAnswerHasLeft(t *testing.T) {
	gone := errors.New("connection reset")
	for name, row := range map[string]struct {
		w    http.ResponseWriter
		f    func(context.Context) (*thingOut, error)
		left bool
	}{
		"answered":      {httptest.NewRecorder(), func(context.Context) (*thingOut, error) { return &thingOut{}, nil }, true},
		"without body":  {httptest.NewRecorder(), func(context.Context) (*thingOut, error) { return nil, nil }, true},
		"refused":       {httptest.NewRecorder(), func(context.Context) (*thingOut, error) { return nil, ErrOriginRefused }, true},
		"can't write":   {brokenWriter{httptest.NewRecorder(), gone, nil}, func(context.Context) (*thingOut, error) { return &thingOut{}, nil }, false},
		"can't flush":   {brokenWriter{httptest.NewRecorder(), nil, gone}, func(context.Context) (*thingOut, error) { return &thingOut{}, nil }, false},
		"route panics":  {httptest.NewRecorder(), func(context.Context) (*thingOut, error) { panic("in a test") }, false},
		"client is off": {httptest.NewRecorder(), func(context.Context) (*thingOut, error) { return &thingOut{}, nil }, false},
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
			r = r.WithContext(context.WithValue(ctx, http.LocalAddrContextKey, localAddr))
			func() {
				// What can't be written gives up the connection, as net/http wants to hear it.
				defer func() { require.Contains(t, []any{nil, http.ErrAbortHandler}, recover()) }()
				s.ServeHTTP(row.w, r)
			}()
			assert.Equal(t, []bool{row.left}, told, "once")
		})
	}
}
