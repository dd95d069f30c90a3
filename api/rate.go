package api

import (
	"net/http"
	"time"

	"github.com/go-chi/httprate"
)

// The lowest rates that a server can be given, in requests a minute
// (agent-security §4): a counter that serves a queue must not be stopped by them.
const (
	minRate   = 120
	minLogins = 60
)

// rate counts requests by who asks: class of route, origin and person. The
// address adds nothing: everything in 127.0.0.0/8 and ::1 is this machine, and a
// local program could pick any of them.
type rate struct{ requests, logins *httprate.RateLimiter }

func newRate(l Limits) *rate {
	limiter := func(perMinute int) *httprate.RateLimiter {
		return httprate.NewRateLimiter(perMinute, time.Minute,
			httprate.WithResponseHeaders(httprate.ResponseHeaders{RetryAfter: "Retry-After"}))
	}
	return &rate{requests: limiter(l.Rate), logins: limiter(l.Logins)}
}

// check is the eighth step. Headers of proxies are not looked at.
func (l *rate) check(w http.ResponseWriter, r *http.Request, p pass) error {
	limiter := l.requests
	if p.route.Class == Own {
		limiter = l.logins
	}
	if limiter.OnLimit(w, r, string(p.route.Class)+" "+p.origin+" "+personIn(p.ctx).ID) {
		return ErrThrottled
	}
	return nil
}
