package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"

	"chipproof/cmd/internal/programtest"
	"github.com/rogpeppe/go-internal/testscript"
)

// browser is a person's browser on the page of a web site that asks an agent: it
// keeps the site's cookie and the value against forged calls, and sends what
// browsers send by themselves. The page in it can do no more than its script does.
//
//	site visit ORIGIN     open the page
//	site request FILE     click: the site's backend signs; what goes to the agent is in FILE
//	site asks URL BODY    the page fetches from the agent, body or @FILE; the answer is kept as http keeps one
//	site judge            the page hands proof and photo of the last answer to its backend; the report is kept
//	site judge FILE       the same of an answer that lies in a file
type browser struct {
	origin string
	cookie *http.Cookie
	csrf   string
}

var csrfInPage = regexp.MustCompile(`data-csrf="([^"]+)"`)

func (b *browser) command(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: site visit ORIGIN | request FILE | asks URL BODY | judge [FILE]")
	}
	var err error
	switch verb := args[0]; {
	case verb == "visit" && len(args) == 2:
		err = b.visit(args[1])
	case verb == "request" && len(args) == 2:
		err = b.request(ts.MkAbs(args[1]))
	case verb == "asks" && len(args) == 3:
		body := args[2]
		if file, isFile := strings.CutPrefix(body, "@"); isFile {
			body = ts.ReadFile(file)
		}
		err = b.keep(ts, func() (*programtest.Answer, error) { return b.fetch(args[1], body) })
	case verb == "judge" && len(args) <= 2:
		token, photo := handedOver(ts, args[1:])
		err = b.keep(ts, func() (*programtest.Answer, error) { return b.backend("/proofs", proofBody(token, photo)) })
	default:
		ts.Fatalf("site %s: no such thing", strings.Join(args, " "))
	}
	ts.Check(err)
}

// keep makes an answer the script's last one.
func (b *browser) keep(ts *testscript.TestScript, ask func() (*programtest.Answer, error)) error {
	got, err := ask()
	if err != nil {
		return err
	}
	ts.Logf("%d %s", got.Status, got.Body)
	programtest.BenchOf(ts).Answer = got
	return os.WriteFile(ts.MkAbs("body"), []byte(got.Body), 0o600)
}

func (b *browser) visit(origin string) error {
	got, res, err := do(http.MethodGet, origin+"/", "", map[string]string{"Accept": "text/html", "Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"})
	if err != nil {
		return err
	}
	found := csrfInPage.FindStringSubmatch(got.Body)
	if got.Status != http.StatusOK || found == nil || len(res.Cookies()) != 1 {
		return fmt.Errorf("%s shows no page: %d", origin, got.Status)
	}
	b.origin, b.cookie, b.csrf = origin, res.Cookies()[0], found[1]
	return nil
}

// backend is a call of the page to its own site.
func (b *browser) backend(path, body string) (*programtest.Answer, error) {
	got, _, err := do(http.MethodPost, b.origin+path, body, map[string]string{
		"Origin": b.origin, "Cookie": b.cookie.Name + "=" + b.cookie.Value, "X-CSRF": b.csrf, "Accept": "application/json", "Sec-Fetch-Site": "same-origin",
	})
	return got, err
}

// fetch is a call of the page to the agent, without any cookie.
func (b *browser) fetch(url, body string) (*programtest.Answer, error) {
	got, _, err := do(http.MethodPost, url, body, map[string]string{
		"Origin": b.origin, "Referer": b.origin + "/", "Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty",
	})
	return got, err
}

func (b *browser) request(file string) error {
	got, err := b.backend("/requests", `{"road":"fetch"}`)
	if err != nil {
		return err
	}
	if got.Status != http.StatusOK {
		return fmt.Errorf("the site signs nothing: %d %s", got.Status, got.Body)
	}
	return os.WriteFile(file, []byte(got.Body), 0o600)
}

// handedOver is what the page has to hand over of the agent's answer, the last one
// or that of a file.
func handedOver(ts *testscript.TestScript, file []string) (token, photo string) {
	text := programtest.LastAnswer(ts).Body
	if len(file) == 1 {
		text = ts.ReadFile(file[0])
	}
	var said struct {
		Proof    string
		Identity struct{ Photo struct{ Data string } }
	}
	ts.Check(json.Unmarshal([]byte(text), &said))
	if said.Proof == "" {
		ts.Fatalf("the answer holds no proof: %s", text)
	}
	return said.Proof, said.Identity.Photo.Data
}

func proofBody(token, photo string) string {
	if photo == "" {
		return fmt.Sprintf(`{"proof":%q}`, token)
	}
	return fmt.Sprintf(`{"proof":%q,"photo":%q}`, token, photo)
}

func do(method, url, body string, headers map[string]string) (*programtest.Answer, *http.Response, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*programtest.Patience) // a call to the agent may wait for 25 s
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	res, err := programtest.Client().Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return &programtest.Answer{Status: res.StatusCode, Header: res.Header, Body: string(text)}, res, err
}
