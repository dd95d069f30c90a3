package api

import (
	"net/http"
	"time"

	"github.com/go-chi/httprate"
)

// minRate is the lowest rate that a server can be given, in requests a minute
// (agent-security §4): a counter that serves a queue must not be stopped by it.
const minRate = 120

// rate counts requests by who asks: class of route and origin. The address adds
// nothing: everything in 127.0.0.0/8 and ::1 is this machine, and a local
// program could pick any of them.
type rate struct{ limiter *httprate.RateLimiter }

func newRate(perMinute int) *rate {
	return &rate{httprate.NewRateLimiter(perMinute, time.Minute,
		httprate.WithResponseHeaders(httprate.ResponseHeaders{RetryAfter: "Retry-After"}))}
}

// check is the eighth step. Headers of proxies are not looked at.
func (l *rate) check(w http.ResponseWriter, r *http.Request, p pass) error {
	if l.limiter.OnLimit(w, r, string(p.route.Class)+" "+p.origin) {
		return ErrThrottled
	}
	return nil
}
