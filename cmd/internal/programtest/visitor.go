package programtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"chipproof/mfa"
)

// Visitor is a person's browser on the agent's own pages: it keeps the cookie
// and sends the csrf value of the last answer, as those pages will.
type Visitor struct {
	Name    string
	Cookies map[string]string
	csrf    string
	Codes   []string // the list in the drawer
	Secrets []string // whatever was handed out, in clear
}

func (b *Bench) visitor(name string) *Visitor {
	if b.Visitors[name] == nil {
		b.Visitors[name] = &Visitor{Name: name, Cookies: map[string]string{}}
	}
	return b.Visitors[name]
}

// Dress adds what a page of the agent's own sends by itself.
func (v *Visitor) Dress(r *http.Request) {
	if v == nil {
		return
	}
	for name, value := range v.Cookies {
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

func (v *Visitor) remember(res *http.Response, body []byte) {
	if v == nil {
		return
	}
	for _, c := range res.Cookies() {
		v.Cookies[c.Name], v.Secrets = c.Value, append(v.Secrets, c.Value)
		if c.MaxAge < 0 {
			delete(v.Cookies, c.Name)
		}
	}
	var session struct {
		CSRF string `json:"csrf"`
	}
	if json.Unmarshal(body, &session) == nil && session.CSRF != "" {
		v.csrf, v.Secrets = session.CSRF, append(v.Secrets, session.CSRF)
	}
	for _, found := range handedOut.FindAllSubmatch(body, -1) {
		v.Secrets = append(v.Secrets, string(found[1]))
	}
}

// handedOut are keys of apps and backup codes, as answers show them.
var handedOut = regexp.MustCompile(`"([A-Z2-7]{32}|(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})"`)

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

// App is an authenticator app that shows no code twice.
type App struct {
	secret mfa.Secret
	last   int64 // step of the last code
}

var secretInURI = regexp.MustCompile(`secret=([A-Z2-7]+)`)

// appCmd puts a key into an app: app NAME, from the otpauth URI in the last answer.
func appCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: app NAME, after an answer with an otpauth URI")
	}
	phone, err := AppWith(LastAnswer(ts).Body)
	ts.Check(err)
	BenchOf(ts).apps[args[0]] = phone
}

// AppWith is one that has taken the key out of an answer.
func AppWith(answer string) (*App, error) {
	found := secretInURI.FindStringSubmatch(answer)
	if found == nil {
		return nil, fmt.Errorf("no otpauth URI in %s", answer)
	}
	secret, err := mfa.ParseSecret(found[1])
	return &App{secret: secret}, err
}

// codeCmd reads the next code from an app: code NAME VAR. Three in a row can be
// had at once; for a fourth it waits, as a person must.
func codeCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 || BenchOf(ts).apps[args[0]] == nil {
		ts.Fatalf("usage: code APP VAR")
	}
	code, err := BenchOf(ts).apps[args[0]].Next()
	ts.Check(err)
	ts.Setenv(args[1], code)
}

// soon is how long a request may take until its code arrives.
const soon = 3 * time.Second

// Next is a code that was not shown yet.
func (a *App) Next() (string, error) {
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
