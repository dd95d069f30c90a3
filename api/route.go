package api

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"chipproof/mfa"
)

// Class says who may call a route, and so what the guard demands
// (agent-security §4, the table of classes).
type Class string

const (
	// Open: anybody who knows our name; no personal data, no CORS.
	Open Class = "open"
	// Own: our own pages before anybody logged in.
	Own Class = "own"
	// Console: our own pages, for staff and administrators.
	Console Class = "console"
	// WebApp: approved origins.
	WebApp Class = "web app"
	// DropIn: approved origins that were granted the route's purpose, on a port
	// that speaks another agent's language (agent-security §14). It is the one
	// class in which a GET gives a person, so there Origin is asked of a GET, too.
	DropIn Class = "drop-in"
)

// Kind says how a route is asked for, and so what a browser's Sec-Fetch headers
// may say.
type Kind string

const (
	// Data is asked for by script.
	Data Kind = "data"
	// Shell is a page that is opened: no data in it.
	Shell Kind = "shell"
	// Static is a file that a page loads.
	Static Kind = "static"
	// Socket is a WebSocket that a script opens.
	Socket Kind = "socket"
)

// Gate asks who stands behind a request of a class: whether the desk is held, or
// whose session it is and whether that role may do this. It has the place
// between the checks of form and the rate (agent-security §4, steps 6 and 7). It
// returns the context that the rest of the request goes on with, in which
// [WithPerson] has put who it is, or its refusal, [mfa.ErrMFARequired] for
// example. It is asked again while a stream runs, and before what was read is
// released ([Still]): then with a context that has the person in it, and it
// refuses unless that is still the one.
//
// Console and web app routes without a gate in [Options] let nobody in.
type Gate func(ctx context.Context, r *http.Request, route Route) (context.Context, error)

// Route is a row of the route table: everything that is decided about a route
// besides what it does.
type Route struct {
	Method, Path string
	Class        Class
	// Kind is Data when empty.
	Kind Kind

	// Session is what is asked of a console's session, Roles who may call the
	// route (nobody named: everybody), StepUp whether a second factor not older
	// than five minutes is asked for (mfa §6). Roles hold for a web app's route,
	// too: there of whoever holds the desk.
	Session Need
	Roles   []mfa.Role
	StepUp  bool
	// AtDesk: our own console may call the route from the session that holds the
	// desk alone, as what is done there is done in the holder's name. Of a web
	// app's request that is so anyway.
	AtDesk bool
	// Purpose is what an origin must have been granted to call a route of class
	// DropIn at all.
	Purpose string
	// Audit names the kinds of entries that an answer of the route leaves in the
	// audit log. No route that acts is without.
	Audit []string

	// Body is the largest body in bytes, where that is not [Limits].Body: for what a
	// person uploads on our own pages, [MaxUpload] at most.
	Body int64

	// Accepted is the body of a 202, where an answer may be that it waits.
	Accepted reflect.Type

	// ID, Summary and Description go into the OpenAPI document. ID is also the
	// name of the act in the entry of a refusal.
	ID, Summary, Description string
}

// MaxUpload is the most that the body of a console's route may have, in bytes. It
// is taken into memory, from people with two factors only.
const MaxUpload = 8 << 20

// routes is the table. It and the router are filled by the same function, and a
// request is looked up in both, so nothing is served that has no row.
type routes struct {
	mux  *chi.Mux
	rows map[string]Route // by method and pattern
}

func (t *routes) add(route Route, h http.HandlerFunc) error {
	key := route.Method + " " + route.Path
	if _, taken := t.rows[key]; taken {
		return fmt.Errorf("add route: %s stands twice in the table", key)
	}
	if !slices.Contains([]Class{Open, Own, Console, WebApp, DropIn}, route.Class) {
		return fmt.Errorf("add route: %s has no class", key)
	}
	if (route.Class == DropIn) != (route.Purpose != "") {
		return fmt.Errorf("add route: %s: a drop-in route, and no other, is for a purpose", key)
	}
	if route.Body < 0 || route.Body > MaxUpload || route.Body > 0 && route.Class != Console {
		return fmt.Errorf("add route: %s: only the console takes uploads, of %d bytes at most", key, MaxUpload)
	}
	if route.Kind == Socket && route.Class != DropIn {
		return fmt.Errorf("add route: %s: only drop-in ports have sockets", key)
	}
	if route.Kind == "" {
		route.Kind = Data
	}
	t.rows[key] = route
	if h != nil {
		t.mux.MethodFunc(route.Method, route.Path, h)
	}
	return nil
}

// parameters are the names of the parts of a path that differ from request to request.
func (r Route) parameters() (names []string) {
	for part := range strings.SplitSeq(r.Path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			names = append(names, strings.TrimSuffix(name, "}"))
		}
	}
	return names
}

// list is the table, sorted by path and method.
func (t *routes) list() []Route {
	return slices.SortedFunc(maps.Values(t.rows), func(a, b Route) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Method, b.Method))
	})
}

// find is the second step of the guard. A path is taken as it stands on the
// wire: ours need no percent-encoding, and one that is encoded could read
// differently in two places. The router would let {id} be empty.
func (t *routes) find(method string, r *http.Request) (Route, error) {
	if r.URL.RawPath != "" || r.URL.EscapedPath() != r.URL.Path || strings.Contains(r.URL.Path, "//") {
		return Route{}, ErrNotFound
	}
	if route, ok := t.lookup(method, r.URL.Path); ok {
		return route, nil
	}
	if len(t.methods(r.URL.Path)) > 0 {
		return Route{}, ErrMethodRefused
	}
	return Route{}, ErrNotFound
}

func (t *routes) lookup(method, path string) (Route, bool) {
	route, ok := t.rows[method+" "+t.mux.Find(chi.NewRouteContext(), method, path)]
	return route, ok
}

// methods lists what a path can be asked for with, sorted.
func (t *routes) methods(path string) []string {
	var methods []string
	for _, m := range []string{http.MethodDelete, http.MethodGet, http.MethodPatch, http.MethodPost, http.MethodPut} {
		if _, ok := t.lookup(m, path); ok {
			methods = append(methods, m)
		}
	}
	return methods
}
