package simulator

import (
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// guard refuses what a web page could send, and a server that isn't on loopback.
func guard(r *http.Request) *problem {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if !ok || !local.IP.IsLoopback() {
		return &problem{http.StatusForbidden, "host_refused", "this is served on loopback only"}
	}
	if r.URL.IsAbs() || r.Method == http.MethodConnect {
		return &problem{http.StatusBadRequest, "request_malformed", "the request target is a path"}
	}
	hosts := []string{"127.0.0.1", "localhost", "[::1]"}
	if !slices.ContainsFunc(hosts, func(h string) bool { return r.Host == fmt.Sprintf("%s:%d", h, local.Port) }) {
		return &problem{http.StatusForbidden, "host_refused", "the Host is not this server's"}
	}
	if _, sent := r.Header["Origin"]; sent {
		return &problem{http.StatusForbidden, "origin_refused", "this is for tests and terminals, not for web pages"}
	}
	for name := range r.Header {
		if strings.HasPrefix(name, "Sec-Fetch-") {
			return &problem{http.StatusForbidden, "request_context_refused", "this is for tests and terminals, not for browsers"}
		}
	}
	return nil
}

// body reads a request strictly and finds the reader that it means.
func (c control) body(w http.ResponseWriter, r *http.Request, rt route) (request, *problem) {
	var body request
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return body, &problem{http.StatusUnsupportedMediaType, "media_type_refused", "the body is application/json"}
	}
	err = json.UnmarshalRead(http.MaxBytesReader(w, r.Body, maxControlBody), &body, json.RejectUnknownMembers(true))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return body, &problem{http.StatusRequestEntityTooLarge, "body_too_large", fmt.Sprintf("at most %d bytes", maxControlBody)}
	}
	if err != nil {
		return body, &problem{http.StatusBadRequest, "body_invalid", err.Error()}
	}
	for _, m := range []struct {
		name string
		sent bool
	}{{"reader", body.Reader != ""}, {"person", body.Person != nil}, {"plan", body.Plan != nil}} {
		takes := slices.Contains(rt.members, m.name)
		if m.sent && !takes {
			return body, &problem{http.StatusBadRequest, "body_invalid", m.name + ": not taken here"}
		}
		if !m.sent && takes && m.name != "reader" {
			return body, &problem{http.StatusBadRequest, "body_invalid", m.name + ": missing"}
		}
	}
	if body.Reader == "" && slices.Contains(rt.members, "reader") {
		readers := c.machine.Readers()
		if len(readers) != 1 || rt.path == "/plug" {
			return body, &problem{http.StatusBadRequest, "body_invalid", "reader: missing, and it is not the only one"}
		}
		body.Reader = readers[0].Reader
	}
	return body, nil
}
