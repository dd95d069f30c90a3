package main

import (
	"fmt"
	"strings"

	"chipproof/mfa"
)

// curlJSON is a line to paste that posts body, and what headers say besides.
// None of the words in it holds a quote of its own but body.
func curlJSON(system, url, body string, headers ...string) string {
	return curlWith(system, nil, url, body, headers...)
}

// curlWith is the same with flags of curl's own.
func curlWith(system string, flags []string, url, body string, headers ...string) string {
	name, quote := "curl", "'"
	if system == "windows" { // cmd.exe knows no single quotes
		name, quote, body = "curl.exe", `"`, strings.ReplaceAll(body, `"`, `\"`)
	}
	line := strings.Join(append([]string{name, "-s"}, append(flags, url)...), " ")
	for _, h := range append(headers, "Content-Type: application/json") {
		q := quote
		if strings.Contains(h, "$") {
			q = `"` // a variable of the shell
		}
		line += " -H " + q + h + q
	}
	return line + " -d " + quote + body + quote
}

// demoCurl makes the lines that log in. The cookie goes through a file; the csrf
// value through a variable, where the shell can take it out of the answer.
type demoCurl struct{ system, url, jar string }

// password is the line of the first factor.
func (c demoCurl) password(user string, password mfa.Hidden) string {
	body := fmt.Sprintf(`{"username":"%s","password":"%s"}`, user, password.Reveal())
	line := curlWith(c.system, []string{"-c", c.file()}, c.url+"/v1/sessions", body, "Origin: "+c.url)
	if c.system == "windows" {
		return line + `   (then: set CSRF=the csrf value of the answer)`
	}
	return `CSRF=$(` + line + ` | sed 's/.*"csrf":"\([^"]*\)".*/\1/')`
}

// file is the name of the jar as the shell takes it.
func (c demoCurl) file() string { return shellWord(c.jar) }

// shellWord is a path as the shell takes it for one word.
func shellWord(path string) string {
	if strings.ContainsAny(path, " \t") {
		return `"` + path + `"`
	}
	return path
}

// code is the line of the second factor.
func (c demoCurl) code(code mfa.Hidden) string {
	csrf := "X-Chipproof-CSRF: $CSRF"
	if c.system == "windows" {
		csrf = "X-Chipproof-CSRF: %CSRF%"
	}
	return curlWith(c.system, []string{"-b", c.file(), "-c", c.file()}, c.url+"/v1/sessions/current/totp",
		fmt.Sprintf(`{"code":"%s"}`, code.Reveal()), "Origin: "+c.url, csrf)
}
