// Package console is what our own pages share in both programs: layout, texts in
// Thai and English, static files, the login, and the pages about accounts, staff,
// keys and the audit log.
//
// A page is a shell. The server renders words and structure and knows nobody;
// everything about a person comes by fetch from the routes under /v1, with the
// session's cookie and its CSRF value, and leaves the page with the session. There
// is no inline script and no inline style, nothing is loaded from elsewhere, and
// nothing is stored in the browser.
//
// The language is chosen by Accept-Language, and by ?lang= where a person chose:
// the choice travels in the links of the pages. No cookie holds it, since a cookie
// of localhost is seen and set by every other server of this machine, and
// localStorage would outlive the clerk's shift.
//
// It is for the programs, which add pages of their own and register all of them:
//
//	site, err := console.New(console.Options{Parts: []console.Part{console.Common(), counter.Pages(purposes)}})
//	err = site.Register(server)
package console
