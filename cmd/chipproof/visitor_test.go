package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"chipproof/mfa"
)

// visitor is a person's browser on the agent's own pages: it keeps the cookie
// and sends the csrf value of the last answer, as those pages will.
type visitor struct {
	name    string
	cookies map[string]string
	csrf    string
	codes   []string // the list in the drawer
	secrets []string // whatever was handed out, in clear
}

func (b *bench) visitor(name string) *visitor {
	if b.visitors[name] == nil {
		b.visitors[name] = &visitor{name: name, cookies: map[string]string{}}
	}
	return b.visitors[name]
}

// dress adds what a page of the agent's own sends by itself.
func (v *visitor) dress(r *http.Request) {
	if v == nil {
		return
	}
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	if r.Method == http.MethodGet {
		return
	}
	given := func(name string) bool { return r.Header.Get(name) != "" }
	if !given("Origin") {
		r.Header.Set("Origin", "http://"+r.URL.Host)
	}
	if !given("Content-Type") {
		r.Header.Set("Content-Type", "application/json")
	}
	if !given("X-Chipproof-CSRF") && v.csrf != "" {
		r.Header.Set("X-Chipproof-CSRF", v.csrf)
	}
}

func (v *visitor) remember(res *http.Response, body []byte) {
	if v == nil {
		return
	}
	for _, c := range res.Cookies() {
		v.cookies[c.Name], v.secrets = c.Value, append(v.secrets, c.Value)
		if c.MaxAge < 0 {
			delete(v.cookies, c.Name)
		}
	}
	var session struct {
		CSRF string `json:"csrf"`
	}
	if json.Unmarshal(body, &session) == nil && session.CSRF != "" {
		v.csrf, v.secrets = session.CSRF, append(v.secrets, session.CSRF)
	}
	for _, found := range handedOut.FindAllSubmatch(body, -1) {
		v.secrets = append(v.secrets, string(found[1]))
	}
}

// handedOut are keys of apps and backup codes, as answers show them.
var handedOut = regexp.MustCompile(`"([A-Z2-7]{32}|(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})"`)

// tracelessCmd searches files for everything that was handed out to anybody, for
// what everybody types, and for the person on the default card.
func tracelessCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: traceless FILE...")
	}
	secrets := []string{passwordInTests, "1101700230708", "สมชาย", "ใจดี", "Somchai"}
	for _, v := range benchOf(ts).visitors {
		secrets = append(secrets, v.secrets...)
	}
	for _, name := range []string{"GRANT", "MALEES", "SEALED"} {
		if value := ts.Getenv(name); value != "" {
			secrets = append(secrets, value)
		}
	}
	if len(secrets) < 15 {
		ts.Fatalf("hardly anything was handed out: %d secrets", len(secrets))
	}
	for _, file := range args {
		content := ts.ReadFile(file)
		for _, secret := range secrets {
			if secret != "" && strings.Contains(content, secret) {
				ts.Fatalf("%s holds %q", file, secret)
			}
		}
	}
}

// keepCmd takes a part out of the last answer, or of stdout, into a variable.
func keepCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 || args[0] != "body" && args[0] != "stdout" {
		ts.Fatalf("usage: keep body|stdout VAR REGEXP")
	}
	text := ts.ReadFile(args[0]) // "stdout" is the last command's
	pattern, err := regexp.Compile("(?m)" + args[2])
	ts.Check(err)
	found := pattern.FindStringSubmatch(text)
	if found == nil {
		ts.Fatalf("no %s in %s", args[2], text)
	}
	ts.Setenv(args[1], found[len(found)-1])
}

// app is an authenticator app that shows no code twice.
type app struct {
	secret mfa.Secret
	last   int64 // step of the last code
}

var secretInURI = regexp.MustCompile(`secret=([A-Z2-7]+)`)

// appCmd puts a key into an app: app NAME, from the otpauth URI in the last answer.
func appCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: app NAME, after an answer with an otpauth URI")
	}
	phone, err := appWith(lastAnswer(ts).body)
	ts.Check(err)
	benchOf(ts).apps[args[0]] = phone
}

func appWith(answer string) (*app, error) {
	found := secretInURI.FindStringSubmatch(answer)
	if found == nil {
		return nil, fmt.Errorf("no otpauth URI in %s", answer)
	}
	secret, err := mfa.ParseSecret(found[1])
	return &app{secret: secret}, err
}

// codeCmd reads the next code from an app: code NAME VAR. Three in a row can be
// had at once; for a fourth it waits, as a person must.
func codeCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 || benchOf(ts).apps[args[0]] == nil {
		ts.Fatalf("usage: code APP VAR")
	}
	code, err := benchOf(ts).apps[args[0]].next()
	ts.Check(err)
	ts.Setenv(args[1], code)
}

// soon is how long a request may take until its code arrives.
const soon = 3 * time.Second

func (a *app) next() (string, error) {
	now := time.Now()
	first := mfa.Step(now) - 1
	if mfa.Step(now.Add(soon)) != mfa.Step(now) {
		first++ // the one before is about to be refused
	}
	step := max(a.last+1, first)
	if early := time.Until(mfa.StepStart(step - 1)); early > 0 {
		<-time.After(early)
	}
	a.last = step
	code, err := mfa.Code(a.secret, mfa.StepStart(step))
	return code.Reveal(), err
}
