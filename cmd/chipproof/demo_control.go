package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
)

// controlWithDesk adds POST /desk {"held": true|false} to the commands over HTTP.
// Its requests go through the same guard: control knows no such route, and says
// so only to whom it would have obeyed.
func controlWithDesk(control http.Handler, clerk *demoClerk) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/desk" {
			control.ServeHTTP(w, r)
			return
		}
		guard := &verdict{header: w.Header()}
		control.ServeHTTP(guard, r)
		switch {
		case guard.status != http.StatusNotFound:
			w.WriteHeader(guard.status)
			_, _ = w.Write(guard.body.Bytes()) // who doesn't read it has left
		case r.Method != http.MethodPost:
			w.Header().Set("Allow", http.MethodPost)
			desk{http.StatusMethodNotAllowed, `{"status":405,"code":"method_refused"}`}.write(w)
		default:
			clerk.obey(r).write(w)
		}
	})
}

// verdict is what another handler would have answered.
type verdict struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements [http.ResponseWriter].
func (v *verdict) Header() http.Header { return v.header }

// Write implements [http.ResponseWriter].
func (v *verdict) Write(b []byte) (int, error) { return v.body.Write(b) }

// WriteHeader implements [http.ResponseWriter].
func (v *verdict) WriteHeader(status int) { v.status = status }

// desk is an answer about the desk.
type desk struct {
	status int
	body   string
}

func (d desk) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(d.status)
	fmt.Fprintln(w, d.body)
}

func (c *demoClerk) obey(r *http.Request) desk {
	var body struct {
		Held *bool `json:"held"`
	}
	decoder := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxCommand))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&body); err != nil || body.Held == nil {
		return desk{http.StatusBadRequest, `{"status":400,"code":"body_invalid","detail":"send {\"held\":true} or {\"held\":false}"}`}
	}
	hold := deskLeft
	if *body.Held {
		hold = deskTaken
	}
	if err := c.set(r.Context(), hold); err != nil {
		c.demo.log.Warn("desk not changed", "cause", err)
		return desk{http.StatusConflict, fmt.Sprintf(`{"status":409,"code":%q}`, kind().Problems().Find(err).Code)}
	}
	return desk{http.StatusOK, fmt.Sprintf(`{"held":%t}`, *body.Held)}
}
