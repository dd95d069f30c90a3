package api

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

// checkMedia is the fifth step. JSON on every POST is what makes a page of
// another origin ask first (a preflight), which the types of an HTML form never
// do. GET has no body, and DELETE is preflighted by its method.
func checkMedia(r *http.Request) error {
	if r.Method == http.MethodGet || r.Method == http.MethodDelete {
		return nil
	}
	types := r.Header["Content-Type"]
	if len(types) != 1 {
		return ErrMediaTypeRefused
	}
	media, params, err := mime.ParseMediaType(types[0])
	if err != nil || media != "application/json" {
		return ErrMediaTypeRefused
	}
	for name, value := range params {
		if name != "charset" || !strings.EqualFold(value, "utf-8") {
			return ErrMediaTypeRefused
		}
	}
	return nil
}

// checkBody is the ninth step: it takes the whole body into memory, up to the
// limit, so that nothing behind the guard waits for the client again. A client
// that is too slow for ReadTimeout is cut off with body_invalid, and never
// with status 408: Chromium repeats such a POST by itself (agent-security §5, R4).
func (g *guard) checkBody(w http.ResponseWriter, r *http.Request, route Route) error {
	limit := cmp.Or(route.Body, g.limits.Body)
	if r.ContentLength > limit {
		w.Header().Set("Connection", "close")
		return ErrBodyTooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if err != nil {
		w.Header().Set("Connection", "close")
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			return ErrBodyTooLarge
		}
		return ErrBodyInvalid
	}
	if r.Method == http.MethodGet && len(body) > 0 {
		return ErrBodyInvalid
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	// ReadTimeout was for what has been read now. Left alone it would end the
	// request's context in the middle of a read or a stream.
	if err := http.NewResponseController(w).SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return ErrBodyInvalid
	}
	return nil
}
