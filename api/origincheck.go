package api

import (
	"net/http"
	"strings"
)

// checkOrigin is the third step. It fills in who asks, and an approved origin's
// grant. Sec-Fetch headers never stand in for Origin: they come next.
func (g *guard) checkOrigin(r *http.Request, p *pass) error {
	p.from = fromNobody
	origins := r.Header["Origin"]
	if len(origins) > 1 || len(r.Header["Referer"]) > 1 {
		return ErrRequestMalformed
	}
	if p.route.Class == WebApp {
		p.grant = g.own // until an approved origin turns out to ask
	}
	if len(origins) == 0 {
		return originMissing(p.route)
	}
	origin := origins[0]
	if !refererFits(r.Header.Get("Referer"), origin) {
		return ErrOriginRefused
	}
	// Our own origin is the one of this very Host: the three names are three
	// origins with three cookies.
	if origin == "http://"+r.Host && p.route.Class != DropIn {
		p.from = fromOurs
		return nil
	}
	if p.route.Class != WebApp && p.route.Class != DropIn {
		return ErrOriginRefused
	}
	if len(origin) > maxOrigin {
		return ErrOriginRefused
	}
	grant, err := g.origins.Approved(r.Context(), origin)
	if err != nil {
		g.refused.note(origin, err)
		return err
	}
	if !p.route.grantedBy(grant) {
		return ErrOriginRefused // listed, so nothing for the administrator to approve
	}
	p.from, p.origin, p.grant = fromWebApp, origin, grant
	return nil
}

// originMissing decides about a request without Origin: browsers leave it out of
// a page's GET to its own site and when a person opens an address.
func originMissing(route Route) error {
	switch {
	case route.Class == Open:
		return nil
	case route.Class == DropIn:
		// A GET gives a person there, and no preflight stands before it.
		return ErrOriginRefused
	case route.Class != Own && route.Method == http.MethodGet:
		return nil
	}
	return ErrOriginRefused
}

// refererFits says whether a Referer is of the same origin as Origin. No browser
// sends two that differ.
func refererFits(referer, origin string) bool {
	return referer == "" || referer == origin || strings.HasPrefix(referer, origin+"/")
}
