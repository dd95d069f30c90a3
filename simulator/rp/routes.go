package rp

import (
	"crypto/subtle"
	"embed"
	"errors"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"net/url"

	"github.com/go-json-experiment/json"
)

//go:embed static
var static embed.FS

func (s *Site) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.showPage)
	mux.HandleFunc("GET /jwks.json", s.showKeys)
	if s.options.Script != nil {
		mux.HandleFunc("GET /chipproof.js", s.showScript)
	}
	mux.HandleFunc("POST /requests", s.makeRequest)
	mux.HandleFunc("POST /proofs", s.takeProof)
	mux.HandleFunc("POST /return", s.takeReturn)
	mux.HandleFunc("GET /returned/{handle}", s.showReturned)
	if files, err := fs.Sub(static, "static"); err == nil { // it was embedded under this name
		mux.Handle("GET /static/", http.StripPrefix("/static/", http.FileServerFS(files)))
	}
	return mux
}

// ServeHTTP answers under the site's own name alone, so that no other name that
// leads here can use its sessions.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Frame-Options", "DENY")
	header.Set("Referrer-Policy", "no-referrer")
	// The page opens the agent's in a window, to find out whether there is one.
	header.Set("Cross-Origin-Opener-Policy", "same-origin-allow-popups")
	// chipproof.js fetches from the literal address, which browsers let an https
	// page do.
	header.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' http://127.0.0.1:"+s.port+
		"; form-action 'none'; base-uri 'none'; frame-ancestors 'none'")
	if own, err := url.Parse(s.options.Origin); err != nil || r.Host != own.Host || r.URL.IsAbs() {
		http.Error(w, "this site has another name", http.StatusForbidden)
		return
	}
	s.mux.ServeHTTP(w, r)
}

func (s *Site) showScript(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	_, _ = w.Write(s.options.Script) // who hung up needs none
}

func (s *Site) showKeys(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/jwk-set+json")
	w.Header().Set("Cache-Control", "max-age=3600")
	_, _ = w.Write(s.Keys()) // who hung up needs none
}

// maxBody is how large a body may be, in bytes: a proof (32 KiB) and a photo of
// the card (5 KiB) in base64, with room.
const maxBody = 64 << 10

// ownCall lets only the site's own page in: its session, its origin, and the value
// against forgery that the page was given. It answers itself when it doesn't.
func (s *Site) ownCall(w http.ResponseWriter, r *http.Request, into any) (*session, bool) {
	current := s.sessionOf(r)
	csrf := []byte(r.Header.Get("X-CSRF"))
	if current == nil || r.Header.Get("Origin") != s.options.Origin || subtle.ConstantTimeCompare(csrf, []byte(current.csrf)) != 1 {
		http.Error(w, "not asked by this site's own page in a session of its own", http.StatusForbidden)
		return nil, false
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		http.Error(w, "the body is application/json", http.StatusUnsupportedMediaType)
		return nil, false
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		http.Error(w, "body too large", http.StatusRequestEntityTooLarge)
		return nil, false
	}
	if err != nil || json.Unmarshal(body, into, json.RejectUnknownMembers(true)) != nil {
		http.Error(w, "body not of the agreed form", http.StatusBadRequest)
		return nil, false
	}
	return current, true
}

func (s *Site) answerJSON(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body, json.Deterministic(true))
	if err != nil {
		s.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text) // who hung up needs none
}

// fail is for what is nobody's fault but this program's.
func (s *Site) fail(w http.ResponseWriter, cause error) {
	s.options.Log.Error("no answer", "cause", cause)
	http.Error(w, "no answer", http.StatusInternalServerError)
}
