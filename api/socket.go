package api

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
)

// HandleSocket registers a route of a drop-in port that takes its connection over
// from HTTP. open runs for as long as the connection is wanted, and closes it; it
// returns when ctx ends, which is when the server stops. An error of open before
// it took the connection over is answered as a problem; [Still] says, as of any
// request, whether it would be let in now.
func HandleSocket(s *Server, route Route, open func(ctx context.Context, w http.ResponseWriter, r *http.Request) error) {
	route.Kind = Socket
	if route.Class != DropIn {
		s.flaws = append(s.flaws, errors.New("add route: "+route.Path+" is on no drop-in port"))
		return
	}
	s.add(route, func(w http.ResponseWriter, r *http.Request) {
		leave, err := s.streams.enter()
		if err != nil {
			w.Header().Set("Retry-After", "60")
			s.fail(w, r, err)
			return
		}
		defer leave()
		if !asksForSocket(r.Header) {
			s.fail(w, r, ErrRequestMalformed)
			return
		}
		s.sockets.Add(1)
		defer s.sockets.Done()
		ctx, end := context.WithCancelCause(r.Context())
		defer end(nil)
		defer context.AfterFunc(s.streams.stopped, func() { end(ErrStopping) })()
		err = open(ctx, w, r)
		if own, ok := w.(*writer); ok && own.status == 0 && err != nil {
			s.fail(w, r, err)
		}
	})
}

// asksForSocket says whether the headers ask for a WebSocket (RFC 6455 §4.2.1).
func asksForSocket(h http.Header) bool {
	return names(h["Connection"], "upgrade") && names(h["Upgrade"], "websocket") &&
		h.Get("Sec-WebSocket-Version") == "13" && socketKey(h["Sec-Websocket-Key"])
}

// socketKey says whether there is one key, of 16 bytes in base64.
func socketKey(values []string) bool {
	if len(values) != 1 {
		return false
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(values[0]))
	return err == nil && len(key) == 16
}

// names says whether a token stands in a header that lists some.
func names(lines []string, token string) bool {
	for _, line := range lines {
		for word := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(word), token) {
				return true
			}
		}
	}
	return false
}
