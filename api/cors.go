package api

import (
	"net/http"
	"strings"
)

// A page of an approved origin may read our answers, and nobody else may. There
// is no wildcard and no cookie across origins, so no
// Access-Control-Allow-Credentials; and Access-Control-Request-Private-Network,
// which no browser ever enforced, changes nothing (agent-security §5, O6 to O8).

// preflightAge is how long a browser may remember a preflight, in seconds. A
// revoked origin is refused by the request itself all the same.
const preflightAge = "600"

// askedMethod is the method that a request is about: of a preflight, the one
// that it asks for.
func askedMethod(r *http.Request) (method string, preflight bool) {
	asked := r.Header["Access-Control-Request-Method"]
	if r.Method == http.MethodOptions && len(asked) == 1 {
		return asked[0], true
	}
	return r.Method, false
}

// checkPreflight allows the one header that our own requests need. A preflight
// ends here, after Origin.
func checkPreflight(r *http.Request, p pass) error {
	if p.from != fromWebApp {
		return ErrOriginRefused
	}
	for _, line := range r.Header["Access-Control-Request-Headers"] {
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.TrimSpace(name); name != "" && !strings.EqualFold(name, "content-type") {
				return ErrContextRefused
			}
		}
	}
	return nil
}

// allowOrigin lets the page at an approved origin read this answer.
func allowOrigin(h http.Header, origin string) {
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Expose-Headers", "Retry-After")
	h.Add("Vary", "Origin")
}

func answerPreflight(w http.ResponseWriter, p pass) {
	h := w.Header()
	allowOrigin(h, p.origin)
	h.Set("Access-Control-Allow-Methods", p.route.Method)
	h.Set("Access-Control-Allow-Headers", "content-type")
	h.Set("Access-Control-Max-Age", preflightAge)
	w.WriteHeader(http.StatusNoContent)
}
