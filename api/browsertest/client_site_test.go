//go:build !race

package browsertest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api/client"
	"chipproof/api/counter"
	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/simulator/rp"
)

// The names of the sites here. The browser is told that they are this machine.
const (
	secureHost = "app.example.go.th"      // by https
	plainHost  = "intranet.example.go.th" // by plain http
	ownHost    = "localhost"              // by plain http, where `sim rp` and developers are
)

// site is `sim rp` under a foreign name, with a few pages more.
type site struct {
	a      *agent
	party  *rp.Site
	origin string
	port   string
}

// newSite starts one that the agent does not know.
func newSite(a *agent, host string) *site {
	a.t.Helper()
	s := &site{a: a}
	server := httptest.NewUnstartedServer(http.HandlerFunc(s.ServeHTTP))
	server.Config.ErrorLog = nil
	_, s.port, _ = net.SplitHostPort(server.Listener.Addr().String())
	s.origin = "https://" + net.JoinHostPort(host, s.port)
	if host != secureHost {
		s.origin = "http://" + net.JoinHostPort(host, s.port)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(a.t, err)
	s.party, err = rp.New(rp.Options{
		Origin: s.origin, Agent: a.url, Script: client.Script(), Key: key, Issuer: agency, Clock: a.office.Clock.Now,
		AgentKeys: func() ([]byte, error) {
			set, err := proof.NewKeySet(&a.key.PublicKey)
			return set.JSON(), err
		},
	})
	require.NoError(a.t, err)
	if host != secureHost {
		server.Start()
	} else {
		server.StartTLS()
	}
	a.t.Cleanup(server.Close)
	return s
}

// ServeHTTP is the site with two pages more: the developer's guide's form with its
// ten lines, and one that says nothing of who may open what.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/guide/":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, `<!doctype html><html lang="th"><meta charset="utf-8"><title>guide</title>
<form name="patient"><input name="number"> <input name="given"> <input name="family">
<button type="button" name="read">อ่านบัตร</button> <output name="said"></output></form>
<script type="module" src="form.js"></script></html>`)
	case "/guide/form.js":
		http.ServeFile(w, r, "../client/testdata/form.js")
	case "/guide/chipproof.js":
		// As printed, but for an agent at another port than everybody's.
		port := s.a.url[strings.LastIndex(s.a.url, ":")+1:]
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write(bytes.Replace(client.Script(), []byte("const PORT = 8731;"), []byte("const PORT = "+port+";"), 1))
	case "/bare":
		if policy := r.URL.Query().Get("coop"); policy != "" {
			w.Header().Set("Cross-Origin-Opener-Policy", policy)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, `<!doctype html><html lang="en"><title>bare</title><p>a page</p></html>`)
	default:
		s.party.ServeHTTP(w, r)
	}
}

// list puts the site into the agent's list, with its keys and its return URL.
func (s *site) list() {
	s.a.t.Helper()
	_, err := s.a.office.Records.SaveOrigin(s.a.t.Context(), proofing.Actor{ID: "os:0"}, proofing.Origin{
		Origin: s.origin, Audience: s.origin, Fields: counter.DefaultGrant().Fields, Purposes: []string{proofing.FormFill, proofing.IdentityProofing},
		ReturnURLs: []string{s.party.ReturnURL()}, Keys: s.party.Keys(), Ask: proofing.AskNever,
		PlainHTTP: strings.HasPrefix(s.origin, "http://"+plainHost), ApprovedAt: s.a.office.Clock.Now(),
	})
	require.NoError(s.a.t, err)
}

// public are the flags by which a browser finds the sites, and takes them for what
// is out on the internet: whatever they ask of this machine is gated.
func public(sites ...*site) []chromedp.ExecAllocatorOption {
	var spaces []string
	for _, s := range sites {
		spaces = append(spaces, "127.0.0.1:"+s.port+"=public", "[::1]:"+s.port+"=public")
	}
	return []chromedp.ExecAllocatorOption{
		chromedp.Flag("host-resolver-rules", fmt.Sprintf("MAP %s 127.0.0.1, MAP %s 127.0.0.1", secureHost, plainHost)),
		chromedp.Flag("ip-address-space-overrides", strings.Join(spaces, ",")),
		chromedp.Flag("ignore-certificate-errors", true), // of the test server's own
	}
}

func TestTheTenLinesOfTheGuideAreTen(t *testing.T) {
	lines, err := os.ReadFile("../client/testdata/form.js")
	require.NoError(t, err)
	assert.Equal(t, 10, strings.Count(string(lines), "\n"))
}
