package api

import (
	"net/http"
	"slices"
)

// fetchRow is a row of the Sec-Fetch table of agent-security §4: what a browser
// says about a request that is as it should be.
type fetchRow struct {
	kind             Kind
	from             requester
	site, mode, dest []string
}

// requester is who asks, as far as Origin tells.
type requester string

const (
	fromWebApp requester = "approved origin" // Origin is an approved one
	fromOurs   requester = "our origin"      // Origin is our own
	fromNobody requester = "no origin"       // no Origin: our own GET, a typed address, a link, not a browser
)

var fetchTable = []fetchRow{
	// fetch from an approved page
	{Data, fromWebApp, []string{"cross-site", "same-site"}, []string{"cors"}, []string{"empty"}},
	// new WebSocket of an approved page; browsers differ about the destination,
	// and some say nothing at all
	{Socket, fromWebApp, []string{"cross-site", "same-site"}, []string{"websocket"}, []string{"websocket", "empty"}},
	// the console calls its own API, by EventSource too
	{Data, fromOurs, []string{"same-origin"}, []string{"cors", "same-origin"}, []string{"empty"}},
	{Data, fromNobody, []string{"same-origin"}, []string{"cors", "same-origin"}, []string{"empty"}},
	// the console loads its files
	{Static, fromNobody, []string{"same-origin"}, []string{"no-cors"}, []string{"script", "style", "image"}},
	{Static, fromOurs, []string{"same-origin"}, []string{"cors"}, []string{"script", "font"}},
	// a typed address, a bookmark; a link from elsewhere; a link of our own, a reload
	{Shell, fromNobody, []string{"none", "cross-site", "same-site", "same-origin"}, []string{"navigate"}, []string{"document"}},
}

// openTyped lets a person open what holds no data: /healthz, /openapi.json.
var openTyped = fetchRow{Data, fromNobody, []string{"none"}, []string{"navigate"}, []string{"document"}}

// checkFetch is the fourth step. A header that is absent says nothing either
// way: an old browser, or no browser. One that is present must fit.
func checkFetch(h http.Header, route Route, from requester) error {
	// A web app's route asked for without any Origin can only be our console, and
	// only a browser can say so (agent-security §4, EventSource).
	if route.Class == WebApp && from == fromNobody && h.Get("Sec-Fetch-Site") != "same-origin" {
		return ErrContextRefused
	}
	if h["Sec-Fetch-Site"] == nil && h["Sec-Fetch-Mode"] == nil && h["Sec-Fetch-Dest"] == nil {
		return nil
	}
	rows := fetchTable
	if route.Class == Open {
		rows = append(rows[:len(rows):len(rows)], openTyped)
	}
	if !slices.ContainsFunc(rows, func(row fetchRow) bool {
		return row.kind == route.Kind && row.from == from && row.fits(h)
	}) {
		return ErrContextRefused
	}
	return nil
}

func (row fetchRow) fits(h http.Header) bool {
	return fetchFits(h["Sec-Fetch-Site"], row.site) &&
		fetchFits(h["Sec-Fetch-Mode"], row.mode) &&
		fetchFits(h["Sec-Fetch-Dest"], row.dest)
}

func fetchFits(values, allowed []string) bool {
	return len(values) == 0 || len(values) == 1 && slices.Contains(allowed, values[0])
}
