package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"chipproof/cmd/internal/programtest"
)

// agencySite is an agency's web site on loopback, with all that a crawl may meet,
// and beside it a server that nobody has allowed.
type agencySite struct {
	mu    sync.Mutex
	taken map[string]bool // pages that are gone
	gate  chan struct{}   // closed: the page /gate answers

	arrived  chan struct{} // somebody waits at the gate
	inside   *httptest.Server
	stranger atomic.Int64 // requests to it
}

// Everybody in it is synthetic.
const (
	somchai = "นายสมชาย ใจดี เลขประจำตัวประชาชน 1-1017-00230-70-8 โทร 081-234-5678"
	malee   = "นางสาวมาลี รักไทย เลขบัตรประชาชน 1000000000190"
)

type siteKey struct{}

func newAgencySite() *agencySite {
	s := &agencySite{taken: map[string]bool{}, gate: make(chan struct{}), arrived: make(chan struct{}, 100)}
	s.inside = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.stranger.Add(1)
		fmt.Fprint(w, somchai)
	}))
	return s
}

// ServeHTTP implements [http.Handler].
func (s *agencySite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	gone := s.taken[r.URL.Path]
	s.mu.Unlock()
	if gone {
		http.NotFound(w, r)
		return
	}
	switch path := r.URL.Path; path {
	case "/":
		fmt.Fprint(w, `<p>หน้าแรก <a href="/list.html">รายชื่อ</a> <a href="/loop/1">ปฏิทิน</a> <a href="/slow">ช้า</a> <a href="/away">ย้าย</a>
			<a href="/inside">ภายใน</a> <a href="http://10.99.99.99/">เครื่องภายใน</a> <a href="/login.html">สมาชิก</a> <a href="/files/all.csv">ไฟล์</a>`)
	case "/gated":
		fmt.Fprint(w, `<a href="/list.html">a</a> <a href="/files/all.csv">b</a> <a href="/gate">c</a> <a href="/behind.html">d</a>`)
	case "/robots.txt":
		fmt.Fprintf(w, "User-agent: *\nSitemap: http://%s/sitemap.xml\n", r.Host)
	case "/sitemap.xml":
		s.mu.Lock()
		defer s.mu.Unlock()
		fmt.Fprint(w, "<urlset>")
		if !s.taken["/hidden.html"] {
			fmt.Fprintf(w, "<url><loc>http://%s/hidden.html</loc></url>", r.Host)
		}
		fmt.Fprint(w, "</urlset>")
	case "/list.html", "/hidden.html", "/cache/hidden.html", "/behind.html":
		fmt.Fprintf(w, "<p>%s</p>", map[bool]string{true: somchai, false: malee}[path == "/list.html"])
	case "/files/all.csv":
		w.Header().Set("Content-Type", "text/csv")
		fmt.Fprint(w, "เลขประจำตัวประชาชน,ชื่อ-สกุล\n8123456789011,นายอาทิตย์ แสงทอง\n")
	case "/login.html": // the same body as /list.html
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprintf(w, "<p>%s</p>", somchai)
	case "/slow":
		<-r.Context().Done()
	case "/away":
		http.Redirect(w, r, "http://192.168.77.77/", http.StatusFound)
	case "/inside":
		http.Redirect(w, r, s.inside.URL, http.StatusFound)
	case "/gate":
		s.arrived <- struct{}{}
		select {
		case <-s.gate:
			fmt.Fprintf(w, "<p>%s</p>", malee)
		case <-r.Context().Done():
		}
	case "/api/people":
		fmt.Fprint(w, `[{"citizen_id":"1101700230708","name":"นายสมชาย ใจดี"}]`)
	case "/api/patients":
		if r.Header.Get("Authorization") != "Bearer of-the-owner" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Fprint(w, `[{"citizen_id":"1000000000190"}]`)
	default:
		if strings.HasPrefix(path, "/loop/") { // each page links to two that nobody has seen
			fmt.Fprintf(w, `<a href="%[1]s1">x</a> <a href="%[1]s2">y</a>`, path)
			return
		}
		http.NotFound(w, r)
	}
}

// siteCommands are those of scripts about a site.
//
//	site                  one begins to serve; SITE is its address, HOST its name and port, INSIDE the other server
//	take PATH...          these pages are gone from now on
//	gate wait|open        wait until somebody stands at the gate; open it
//	untouched             nobody has asked the other server
func siteCommands() map[string]func(*testscript.TestScript, bool, []string) {
	of := func(ts *testscript.TestScript) *agencySite { return ts.Value(siteKey{}).(*agencySite) }
	return map[string]func(*testscript.TestScript, bool, []string){
		"site": func(ts *testscript.TestScript, _ bool, _ []string) {
			s := of(ts)
			server := httptest.NewServer(s)
			ts.Defer(s.inside.Close)
			ts.Defer(server.Close)
			ts.Defer(server.CloseClientConnections)
			ts.Setenv("SITE", server.URL)
			ts.Setenv("HOST", strings.TrimPrefix(server.URL, "http://"))
			ts.Setenv("INSIDE", s.inside.URL)
		},
		"take": func(ts *testscript.TestScript, _ bool, args []string) {
			s := of(ts)
			s.mu.Lock()
			defer s.mu.Unlock()
			for _, path := range args {
				s.taken[path] = true
			}
		},
		"gate": func(ts *testscript.TestScript, _ bool, args []string) {
			s := of(ts)
			if len(args) == 1 && args[0] == "open" {
				close(s.gate)
				return
			}
			select {
			case <-s.arrived:
			case <-time.After(programtest.Patience):
				ts.Fatalf("nobody comes to the gate")
			}
		},
		"untouched": func(ts *testscript.TestScript, _ bool, _ []string) {
			if n := of(ts).stranger.Load(); n != 0 {
				ts.Fatalf("a server that nobody allowed was asked %d times", n)
			}
		},
	}
}
