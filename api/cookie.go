package api

import (
	"net"
	"net/http"

	"chipproof/mfa"
)

// The session's cookie (mfa §6, agent-security §5, A5). Plain HTTP on loopback
// can't have the prefix __Host-, and cookies ignore the port: every local server
// sees ours and can set one like it. So its name is random for each installation
// and says which of our three names it is for, and it alone never suffices.

// cookie is one that an answer sets; the document knows it as a string.
type cookie = http.Cookie

// cookieNames are the endings of a cookie's name, by the name that we were
// called by: three names, three origins, three cookies.
var cookieNames = map[string]string{"127.0.0.1": "_4", "localhost": "_n", "::1": "_6"}

// cookieName is the name for requests to host, which has passed the guard.
func (l *Logins) cookieName(host string) string {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		return ""
	}
	return l.cookie + cookieNames[name]
}

// token is what the session's cookie holds. Of two cookies of that name one was
// put there by somebody else, and nobody can say which.
func (l *Logins) token(r *http.Request) mfa.Token {
	cookies := r.CookiesNamed(l.cookieName(r.Host))
	if len(cookies) != 1 {
		return mfa.Token{}
	}
	return mfa.TokenFrom(cookies[0].Value)
}

// hand is the cookie that hands a token out. It lasts as long as the browser
// does; when the session ends, package mfa says.
func (l *Logins) hand(r *http.Request, token mfa.Token) http.Cookie {
	return http.Cookie{
		Name: l.cookieName(r.Host), Value: token.Reveal(),
		Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}

// take is the cookie that takes a token back.
func (l *Logins) take(r *http.Request) http.Cookie {
	c := l.hand(r, mfa.Token{})
	c.MaxAge = -1
	return c
}
