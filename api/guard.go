package api

import (
	"context"
	"fmt"
	"net/http"

	"chipproof/mfa"
)

// guard holds what the checks need to know.
type guard struct {
	routes  *routes
	origins Origins
	refused *RefusedOrigins
	gates   map[Class]Gate
	rate    *rate
	limits  Limits
	// own is what our own console may ask for at a web app's route.
	own Grant
	// second is the second lock against requests that another site made a
	// browser send (mfa §6); the exact Origin is the first.
	second *http.CrossOriginProtection
}

// pass is what the guard found out about a request, as far as it came.
type pass struct {
	// knowsUs: Host has passed. Until then the answer is a constant.
	knowsUs bool
	route   Route
	from    requester
	// origin is the approved origin that asks, and so the only value that CORS
	// headers ever get; empty for anybody else.
	origin string
	grant  Grant
	// preflight: the request only asks whether it may be made.
	preflight bool
	// ctx is the request's, with what the gate added.
	ctx context.Context
}

// check asks everything that can be asked before a route's own code runs. This
// is the one place that lets a request through, and the order is that of
// agent-security §4: the first refusal ends the request, and nothing behind it
// runs. The body's JSON and values are the route's own first act, see [Handle].
func (g *guard) check(w http.ResponseWriter, r *http.Request) (p pass, err error) {
	p.ctx = r.Context()
	if err = checkHost(r); err != nil {
		return p, err
	}
	p.knowsUs = true

	method, preflight := askedMethod(r)
	if p.route, err = g.routes.find(method, r); err != nil {
		return p, err
	}
	p.preflight = preflight

	if err = g.checkOrigin(r, &p); err != nil {
		return p, err
	}
	if preflight {
		return p, checkPreflight(r, p)
	}
	if err = checkFetch(r.Header, p.route, p.from); err != nil {
		return p, err
	}
	if err = checkMedia(r); err != nil {
		return p, err
	}
	if p.ctx, err = g.checkGate(p.ctx, r, p); err != nil {
		return p, err
	}
	if err = g.rate.check(w, r, p); err != nil {
		return p, err
	}
	return p, g.checkBody(w, r, p.route)
}

// checkGate asks who stands behind the request. A web app's route that our own
// console calls is judged by the console's rules in full.
func (g *guard) checkGate(ctx context.Context, r *http.Request, p pass) (context.Context, error) {
	class := p.route.Class
	if class == Open {
		return ctx, nil
	}
	if p.from != fromWebApp {
		if err := g.second.Check(r); err != nil {
			return ctx, fmt.Errorf("%w: %w", ErrContextRefused, err)
		}
		if class == Own {
			return ctx, nil
		}
		class = Console
	}
	gate := g.gates[class]
	if gate == nil {
		return ctx, mfa.ErrMFARequired
	}
	return gate(ctx, r, p.route)
}

// still asks again whether a request that passed would pass now: whether its
// origin is approved and whoever stood behind it stands there. ctx is the one
// that the gate gave.
func (g *guard) still(ctx context.Context, r *http.Request, p pass) error {
	if p.origin != "" {
		grant, err := g.origins.Approved(ctx, p.origin)
		if err != nil {
			return err
		}
		if !p.route.grantedBy(grant) {
			return ErrOriginRefused
		}
	}
	_, err := g.checkGate(ctx, r, p)
	return err
}

// Still says whether the request that ctx belongs to would be let in now: its
// origin is approved, its session or the desk still that of the same person.
// Whoever releases what took a while to get asks it last, so that nothing is
// released in the name of somebody who left meanwhile (agent-security §11, 27).
func Still(ctx context.Context) error { return callOf(ctx).still(ctx) }

// StillAtDesk says whether the hold of the desk in whose name the request of ctx
// was let in is in force, and nothing else. It is for what goes on after its
// answer has left, when the session may have risen to another token.
func StillAtDesk(ctx context.Context) error {
	c := callOf(ctx)
	if c.guard == nil {
		return nil // no request, so nobody to ask about
	}
	gate := c.guard.gates[WebApp]
	if gate == nil || personIn(ctx).Hold == "" {
		return mfa.ErrMFARequired
	}
	_, err := gate(ctx, c.request, c.pass.route)
	return err
}
