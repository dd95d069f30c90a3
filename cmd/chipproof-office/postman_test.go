package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"chipproof/breach/post/posttest"
)

type postKey struct{}

// postServers are the mail servers of a script, by name.
type postServers map[string]*posttest.Server

func postSetup(env *testscript.Env) {
	servers := postServers{}
	env.Values[postKey{}] = servers
	env.Defer(func() {
		for _, s := range servers {
			s.Close()
		}
	})
}

// postCmd is `post NAME start|stop [WORD...]`: a mail server on loopback. NAME's
// address is then $NAME, who vouches for it stands in NAME.pem. Words: plain, tls,
// silent, elsewhere (another's certificate), login=USER:PASSWORD,
// refuse=ADDRESS, at=HOST:PORT.
func postCmd(ts *testscript.TestScript, neg bool, args []string) {
	servers := ts.Value(postKey{}).(postServers)
	if neg || len(args) < 2 {
		ts.Fatalf("usage: post NAME start|stop [WORD...]")
	}
	if args[1] == "stop" {
		servers[args[0]].Close()
		return
	}
	o, addr := posttest.Options{Refuse: map[string]string{}}, "127.0.0.1:0"
	for _, word := range args[2:] {
		name, value, _ := strings.Cut(word, "=")
		switch name {
		case "plain":
			o.Plain = true
		case "tls":
			o.Implicit = true
		case "silent":
			o.Greeting = "-"
		case "elsewhere":
			o.Name = "elsewhere.example"
		case "login":
			o.User, o.Password, _ = strings.Cut(value, ":")
		case "refuse":
			o.Refuse[value] = "550 nobody is called " + value
		case "at":
			addr = value
		default:
			ts.Fatalf("post: what is %s", word)
		}
	}
	s, err := posttest.StartAt(addr, o)
	ts.Check(err)
	servers[args[0]] = s
	ts.Setenv(args[0], s.Addr())
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".pem"), s.Root, 0o600))
}

// mailsCmd is `mails NAME COUNT`: so many mails the server has taken. `mail NAME
// N|last REGEXP` looks at one: its recipients, subject and text.
func mailsCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mails NAME COUNT")
	}
	if got := len(ts.Value(postKey{}).(postServers)[args[0]].Mails()); fmt.Sprint(got) != args[1] {
		ts.Fatalf("%s took %d mails, not %s", args[0], got, args[1])
	}
}

func mailCmd(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: [!] mail NAME N|last REGEXP")
	}
	mails := ts.Value(postKey{}).(postServers)[args[0]].Mails()
	for n, m := range mails {
		if args[1] != fmt.Sprint(n+1) && (args[1] != "last" || n+1 != len(mails)) {
			continue
		}
		text := strings.Join(m.To, " ") + "\n" + m.Subject() + "\n" + m.Text()
		if found := regexp.MustCompile("(?m)" + args[2]).MatchString(text); found == neg {
			ts.Fatalf("mail %s of %s:\n%s", args[1], args[0], text)
		}
		return
	}
	ts.Fatalf("%s took no mail %s", args[0], args[1])
}
